package looks_test

import (
	"context"
	"crypto/tls"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/promise"
	"parley/internal/promise/looks"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/storetest"
)

const operator = "Northwind & Sons"

// sound is an install on which everything holds that can be looked at.
func sound(t *testing.T, w *storetest.World) looks.Install {
	t.Helper()
	log := audit.NewLog(w.DB)
	err := w.In(0).Write(t.Context(), func(tx *store.Tx) error {
		v := store.PolicyVersion{Document: promise.Privacy, Number: 7, Hash: []byte("h"), Body: map[string]string{"en": "words"}, Reason: "first", PublishedAt: tx.Now(), EffectiveAt: tx.Now()}
		return errors.Join(tx.InsertPolicyVersion(&v), log.Add(tx, desk.Actor{Kind: desk.BySystem}, "instance.policy", 7),
			tx.InsertSecurity(store.Security{ID: tx.NewID(), At: tx.Now(), Kind: "sign_in", Network: []byte("n"), Touched: 1, Source: "192.0.2.0"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	var written string
	return looks.Install{DB: w.DB,
		Chain: func(context.Context, desk.ID) error { return nil },
		Keys:  func(ctx context.Context) ([]vault.Aged, error) { return w.Vault().Register(ctx) },
		Backups: func() ([]looks.Backup, error) {
			return []looks.Backup{{Kind: "data", At: w.Clock.Now(), Term: time.Hour}}, nil
		},
		Operator: func(context.Context) (string, error) { return operator, nil },
		Ask: func(_ context.Context, path string) (looks.Page, error) {
			body := "<p>version 7 of Northwind &amp; Sons</p>"
			if strings.HasSuffix(path, ".txt") {
				body = "Contact: mailto:a@b.example\nExpires: " + w.Clock.Now().Add(time.Hour).Format(time.RFC3339) + "\n"
			}
			return looks.Page{Status: http.StatusOK, Header: http.Header{}, Body: body}, nil
		},
		Handshake: func(newest uint16) (uint16, error) {
			if newest < tls.VersionTLS12 {
				return 0, errors.New("too old")
			}
			return newest, nil
		},
		Canary: func(_ context.Context, _, shown string) (func(context.Context) error, error) {
			written = shown
			return func(context.Context) error { return nil }, nil
		},
		Raw: func(_ context.Context, _ time.Time, look func([]byte) error) error { return look([]byte(written)) },
	}
}

func over(t *testing.T, in looks.Install) map[string]promise.Found {
	t.Helper()
	r, err := promise.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, err := looks.Over(t.Context(), r, in)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]promise.Found{}
	for _, one := range all {
		if proven := one.State == promise.Proven; proven != (len(one.Evidence) == 64) || proven == (one.Why != "") {
			t.Errorf("%s is %s with evidence %q and reason %q", one.Clause, one.State, one.Evidence, one.Why)
		}
		out[one.Clause] = one.Found
	}
	return out
}

// covers A-2-01, A-2-02, A-7.3-01, A-11-08, A-11-10, A-11-14, A-12.1-01, A-12.1-02, A-1-02, A-0-01, H-02, H-79
func TestEachFaultOfAnInstallIsSeenInItsClauseAlone(t *testing.T) {
	t.Parallel()
	page := func(in *looks.Install, change func(p *looks.Page)) {
		ask := in.Ask
		in.Ask = func(ctx context.Context, path string) (looks.Page, error) {
			p, err := ask(ctx, path)
			change(&p)
			return p, err
		}
	}
	for name, one := range map[string]struct {
		clauses []string // that are red, and no other
		spoil   func(in *looks.Install)
	}{
		"none":               {nil, func(*looks.Install) {}},
		"a chain is changed": {[]string{"A-2-02"}, func(in *looks.Install) { in.Chain = func(context.Context, desk.ID) error { return &audit.Broken{} } }},
		"a day's keys stay": {[]string{"A-11-10", "A-11-12", "A-7.3-01"}, func(in *looks.Install) {
			old := in.DB.Clock().Now().Add(-100 * 24 * time.Hour)
			in.Keys = func(context.Context) ([]vault.Aged, error) {
				return []vault.Aged{{Kind: vault.AIDay, Keys: 1, Oldest: old}, {Kind: vault.ErrorDay, Keys: 1, Oldest: old}}, nil
			}
		}},
		"a backup stays": {[]string{"A-11-14"}, func(in *looks.Install) {
			in.Backups = func() ([]looks.Backup, error) {
				return []looks.Backup{{Kind: "data", At: in.DB.Clock().Now().Add(-91 * 24 * time.Hour), Term: 90 * 24 * time.Hour}}, nil
			}
		}},
		"TLS 1.1 is spoken": {[]string{"A-12.1-01"}, func(in *looks.Install) {
			in.Handshake = func(newest uint16) (uint16, error) { return newest, nil }
		}},
		"a message lies open": {[]string{"A-12.1-02"}, func(in *looks.Install) {
			var written string
			in.Canary = func(_ context.Context, hidden, shown string) (func(context.Context) error, error) {
				written = hidden + shown
				return nil, nil
			}
			in.Raw = func(_ context.Context, _ time.Time, look func([]byte) error) error { return look([]byte(written)) }
		}},
		"a page sets a cookie": {[]string{"A-1-02"}, func(in *looks.Install) { page(in, func(p *looks.Page) { p.Header.Set("Set-Cookie", "a=b") }) }},
		"a page runs a script": {[]string{"A-1-02"}, func(in *looks.Install) { page(in, func(p *looks.Page) { p.Body += "<SCRIPT>1</SCRIPT>" }) }},
		"a page of an older version": {[]string{"A-0-01", "A-24-01", "H-97"}, func(in *looks.Install) {
			page(in, func(p *looks.Page) { p.Body = strings.ReplaceAll(p.Body, "7", "6") })
		}},
		"a page without a name": {[]string{"H-02"}, func(in *looks.Install) {
			in.Operator = func(context.Context) (string, error) { return "Contoso", nil }
		}},
		"nobody to tell of a weakness": {[]string{"H-79"}, func(in *looks.Install) {
			page(in, func(p *looks.Page) { p.Body = strings.ReplaceAll(p.Body, "Contact", "Nobody") })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := sound(t, storetest.Open(t, storetest.Options{}))
			one.spoil(&in)
			var red []string
			for id, f := range over(t, in) {
				if f.State != promise.Proven {
					red = append(red, id)
				}
			}
			slices.Sort(red)
			if !slices.Equal(red, one.clauses) {
				t.Errorf("red are %v, not %v", red, one.clauses)
			}
		})
	}
}

// A sweep that stopped is seen on both engines, by what is older than its term.
func TestWhatIsPastItsTermIsSeen(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		in := sound(t, w)
		before := over(t, in)
		w.Fake.Advance(store.SourceTerm + 3*24*time.Hour)
		after := over(t, in)
		if before["H-48"].State != promise.Proven || after["H-48"].State != promise.Failed || before["A-11-16"].State != promise.Proven || after["A-11-16"].State != promise.Failed || after["A-11-08"].State != promise.Proven {
			t.Errorf("addresses of a try 93 days ago: %+v, the try itself %+v", after["H-48"], after["A-11-08"])
		}
		w.Fake.Advance(store.SecurityTerm)
		if f := over(t, in)["A-11-08"]; f.State != promise.Failed || !strings.Contains(f.Why, "458 days") {
			t.Errorf("a try 458 days ago: %+v", f)
		}
	})
}

// What cannot be seen is never called proven.
func TestWhatCannotBeSeenIsUnproven(t *testing.T) {
	t.Parallel()
	in := sound(t, storetest.Open(t, storetest.Options{}))
	broken := errors.New("it broke")
	in.Chain = func(context.Context, desk.ID) error { return broken }
	in.Keys = func(context.Context) ([]vault.Aged, error) { return nil, broken }
	in.Backups, in.Handshake, in.Raw = nil, nil, nil
	in.Ask = func(context.Context, string) (looks.Page, error) { return looks.Page{}, broken }
	for id, f := range over(t, in) {
		if want := map[bool]promise.State{true: promise.Proven, false: promise.Unproven}[id == "A-2-01" || id == "H-48" || id == "A-11-07" || id == "A-11-08" || id == "A-5.5-01" || id == "A-11-16"]; f.State != want {
			t.Errorf("%s is %s: %s", id, f.State, f.Why)
		}
	}
	in.Raw = func(context.Context, time.Time, func([]byte) error) error { return nil }
	if f := over(t, in)["A-12.1-02"]; f.State != promise.Unproven || !strings.Contains(f.Why, "did not even find") {
		t.Errorf("a search that finds nothing at all: %+v", f)
	}
	if len(slices.Collect(maps.Keys(over(t, in)))) < 15 {
		t.Error("the looks are gone")
	}
}
