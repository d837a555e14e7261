package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/promise"
	"parley/internal/promise/looks"
	"parley/internal/store"
	"parley/test/storetest"
	"parley/test/tlstest"
)

func looked(t *testing.T, s *saving) map[string]looks.Seen {
	t.Helper()
	all, err := s.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]looks.Seen{}
	for _, one := range all {
		out[one.Clause] = one
	}
	return out
}

// covers A-12.1-02, A-11-10, A-11-14
func TestAnInstallLooksAtItself(t *testing.T) {
	t.Parallel()
	for engine, url := range map[string]string{"sqlite": "", "postgres": storetest.PostgreSQL(t)} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := begin(t, url)
			s.person(t, "Ada")
			s.backup(t)
			if engine == "sqlite" { // as a crash in the middle of a look leaves it
				if err := s.DB.In(0).Write(t.Context(), func(tx *store.Tx) error { return tx.InsertContact(desk.Contact{ID: tx.NewID(), Name: "left"}) }); err != nil {
					t.Fatal(err)
				}
			}
			first := looked(t, s)
			for id, want := range map[string]promise.State{"A-2-01": promise.Proven, "A-11-10": promise.Proven, "A-11-14": promise.Proven,
				"A-12.1-02": map[string]promise.State{"sqlite": promise.Proven, "postgres": promise.Unproven}[engine],
				"A-1-02":    promise.Proven, "H-02": promise.Unproven, "A-12.1-01": promise.Unproven} {
				if got := first[id]; got.State != want {
					t.Errorf("%s is %s (%s), not %s", id, got.State, got.Why, want)
				}
			}
			s.clk.Advance(100 * 24 * time.Hour)
			if got := looked(t, s)["A-11-14"]; got.State != promise.Failed {
				t.Errorf("a backup of 100 days ago: %+v", got)
			}
			kept, err := s.Promise.Looks(t.Context())
			if err != nil || kept["A-11-14"].State != promise.Failed || len(kept) != len(first) {
				t.Errorf("kept is %d of %d, %+v, %v", len(kept), len(first), kept["A-11-14"], err)
			}
			nobodyIsLeft(t, s)
		})
	}
}

// nobodyIsLeft wants the look to have left no person and no workspace behind.
func nobodyIsLeft(t *testing.T, s *saving) {
	t.Helper()
	all, err := s.DB.Workspaces(t.Context())
	if err != nil || len(all) != 1 {
		t.Errorf("workspaces %v, %v", all, err)
	}
	err = s.DB.In(0).Read(t.Context(), func(r *store.Rx) error {
		people, err := r.EveryContact(0, 10)
		if len(people) > 0 {
			t.Errorf("%d made-up people are left", len(people))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// covers A-12.1-01
func TestAnInstallSeesWhichTLSItSpeaks(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	now := s.clk.Now()
	dir := t.TempDir()
	own := tlstest.New(t, now.Add(-time.Hour), now.Add(time.Hour), "chat.example.com")
	s.Config.PublicURL, s.Config.TLSCert, s.Config.TLSKey = "https://chat.example.com", filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	if err := errors.Join(os.WriteFile(s.Config.TLSCert, own.Cert, 0o600), os.WriteFile(s.Config.TLSKey, own.Key, 0o600)); err != nil {
		t.Fatal(err)
	}
	if got := looked(t, s)["A-12.1-01"]; got.State != promise.Proven {
		t.Errorf("%+v", got)
	}
	s.clk.Advance(2 * time.Hour)
	if got := looked(t, s)["A-12.1-01"]; got.State != promise.Failed {
		t.Errorf("with a certificate that ended: %+v", got)
	}
}
