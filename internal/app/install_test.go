package app_test

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/config"
	"parley/internal/kit/id"
	"parley/internal/store"
	"parley/test/pgtest"
	"parley/test/tlstest"
)

// open opens an install whose clock is off by offset.
func open(t *testing.T, dir, url string, offset time.Duration) *app.Install {
	t.Helper()
	cfg, err := config.Load(func(name string) string {
		return map[string]string{"PARLEY_DATA": dir, "PARLEY_DATABASE": url, "PARLEY_DEV": "1", "PARLEY_CLOCK_OFFSET": offset.String()}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	in, err := app.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestIDsGoOnAboveTheStoredOnesWhenTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": "", "postgres": pgtest.DB(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			first := open(t, dir, url, time.Hour)
			h := first.DB.In(first.DB.NewID())
			var contact desk.ID
			err := h.Write(context.Background(), func(tx *store.Tx) error {
				contact = tx.NewID()
				if err := tx.InsertWorkspace(desk.Workspace{Name: "Northwind", Locale: "en"}); err != nil {
					return err
				}
				return tx.InsertContact(desk.Contact{ID: contact, Name: "Ana"})
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			again := open(t, dir, url, -time.Hour)
			if id := again.DB.NewID(); id <= contact {
				t.Errorf("id %d after %d was stored", id, contact)
			}
			if err := again.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestASecondProcessIsRefusedTheDataFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, dir, "", 0)
	cfg, err := config.Load(func(name string) string { return map[string]string{"PARLEY_DATA": dir}[name] })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Open(context.Background(), cfg, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("two processes share one data folder")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, dir, "", 0).Close(); err != nil {
		t.Errorf("the folder is free again: %v", err)
	}
}

func TestTwoNodesOnOneDatabaseMakeDifferentIDs(t *testing.T) {
	t.Parallel()
	dir, url := t.TempDir(), pgtest.DB(t)
	first := open(t, dir, url, 0)
	second := open(t, dir, url, 0)
	node := func(in *app.Install) int64 { return int64(in.DB.NewID()) >> 11 & id.MaxNode }
	one, two := node(first), node(second)
	if one == two || one == 0 || two == 0 {
		t.Errorf("both nodes have numbers %d and %d", one, two)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	third := open(t, dir, url, 0)
	if got := node(third); got != one {
		t.Errorf("the number %d was given back, the next node has %d", one, got)
	}
	for _, in := range []*app.Install{second, third} {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAPortTheSystemChoseIsTheOneThatIsTold(t *testing.T) {
	t.Parallel()
	now := time.Now()
	own := tlstest.New(t, now.Add(-time.Hour), now.Add(time.Hour), "127.0.0.1")
	for scheme, files := range map[string]tlstest.Pair{"http": {}, "https": own} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			told(t, scheme, files)
		})
	}
}

func told(t *testing.T, scheme string, own tlstest.Pair) {
	set := map[string]string{"PARLEY_DATA": t.TempDir(), "PARLEY_LISTEN": "127.0.0.1:0"}
	if own.Cert != nil {
		for name, b := range map[string][]byte{"PARLEY_TLS_CERT": own.Cert, "PARLEY_TLS_KEY": own.Key} {
			set[name] = filepath.Join(t.TempDir(), "pem")
			if err := os.WriteFile(set[name], b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	cfg, err := config.Load(func(name string) string { return set[name] })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	in, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Bind(); err != nil {
		t.Fatal(err)
	}
	a, err := app.Build(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	calls := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: own.Roots}, DisableKeepAlives: true}}
	err = a.Serve(ctx, func(r app.Ready) {
		defer stop()
		res, err := calls.Get(r.URL + "/healthz")
		if err != nil {
			t.Error(err)
			return
		}
		_ = res.Body.Close()
		strict := res.Header.Get("Strict-Transport-Security") != ""
		if res.StatusCode != http.StatusOK || !strings.HasPrefix(r.FirstOwner, r.URL+"/setup#") || !strings.HasPrefix(r.URL, scheme+"://") || strict != (scheme == "https") {
			t.Errorf("%d at %+v, %v", res.StatusCode, r, res.Header)
		}
	})
	if err := errors.Join(err, in.Close()); err != nil {
		t.Error(err)
	}
}
