package app_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/pgtest"
	"parley/test/storetest"
)

// saving is an install with a recovery key, on a clock that a test moves.
type saving struct {
	*app.App
	cfg      config.Config
	clk      *clock.Fake
	recovery string // file of the secret half
	ws       store.Handle
	account  desk.Account
}

func configured(t *testing.T, dir, backups, url string) config.Config {
	t.Helper()
	cfg, err := config.Load(func(name string) string {
		return map[string]string{"PARLEY_DATA": dir, "PARLEY_BACKUPS": backups, "PARLEY_DATABASE": url, "PARLEY_DEV": "1"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func begin(t *testing.T, url string) *saving {
	t.Helper()
	home := t.TempDir()
	s := &saving{cfg: configured(t, filepath.Join(home, "data"), filepath.Join(home, "backups"), url), recovery: filepath.Join(home, "recovery.key"),
		clk: clock.NewFake(time.Now().Add(-100 * 24 * time.Hour))}
	if _, err := app.BackupKey(s.cfg, s.recovery); err != nil {
		t.Fatal(err)
	}
	in, err := app.OpenAt(context.Background(), s.cfg, s.clk, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if s.App, err = app.Build(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); _ = in.Close() })
	s.ws = storetest.Workspace(t, s.DB, "Northwind")
	s.account = storetest.Account(t, s.ws, "widget", "pk_1")
	return s
}

// person writes one message that waits to leave beside what they wrote.
func (s *saving) person(t *testing.T, name string) (contact, conversation desk.ID) {
	t.Helper()
	err := s.ws.Write(t.Context(), func(tx *store.Tx) error {
		contact, conversation = tx.NewID(), tx.NewID()
		err := errors.Join(tx.InsertContact(desk.Contact{ID: contact, Name: "canary " + name}),
			tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: contact, Account: s.account.ID, Kind: "visitor", Value: "visitor " + name}),
			tx.InsertConversation(desk.Conversation{ID: conversation, Contact: contact, Account: s.account.ID, State: desk.Open}))
		if err != nil {
			return err
		}
		row, err := tx.LockConversation(conversation)
		if err != nil {
			return err
		}
		for _, m := range []desk.Message{
			{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Body: desk.Body("canary words of " + name), Status: desk.StatusDelivered},
			{Direction: desk.Out, Author: desk.Author{Kind: desk.FromMember}, Body: "on its way", Status: desk.StatusQueued}} {
			m.ID, m.Kind = tx.NewID(), desk.KindText
			if err := tx.AppendMessage(&row, &m); err != nil {
				return err
			}
		}
		return tx.SaveConversation(row)
	})
	if err != nil {
		t.Fatal(err)
	}
	return contact, conversation
}

func (s *saving) backup(t *testing.T) []app.BackedUp {
	t.Helper()
	made, err := s.Backup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// lose ends the install; what is left of the machine are its backups, the
// recovery key and the root key.
func (s *saving) lose(t *testing.T, url string) (config.Config, app.Restore) {
	t.Helper()
	s.Close()
	if err := s.Install.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(s.cfg.Data, "root.key"))
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(filepath.Dir(s.recovery), "root.key")
	if err := errors.Join(os.WriteFile(root, raw, 0o600), os.RemoveAll(s.cfg.Data)); err != nil {
		t.Fatal(err)
	}
	return configured(t, s.cfg.Data, s.cfg.Backups, url), app.Restore{RecoveryKey: s.recovery, RootKey: root}
}

func restore(t *testing.T, cfg config.Config, wish app.Restore) app.Restored {
	t.Helper()
	done, err := app.RestoreInto(t.Context(), cfg, wish, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func onBoth(t *testing.T, fn func(t *testing.T, url func() string)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); fn(t, func() string { return "" }) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); fn(t, func() string { return pgtest.DB(t) }) })
}

// The machine is lost. From the oldest data backup, the newest key backup, the
// root and recovery keys and the copy of the ledger everybody comes back who was
// not erased, restricted people stay so, and nothing is sent twice.
// covers A-11-14, A-11-15, A-12.4-04
func TestAfterALostMachineErasedPeopleStayErased(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url func() string) {
		s := begin(t, url())
		early, _ := s.person(t, "early")
		late, _ := s.person(t, "late")
		ben, thread := s.person(t, "ben")
		oldest := s.backup(t)[0].Name
		erase := func(contact desk.ID) {
			t.Helper()
			if _, err := s.Eraser.Erase(t.Context(), s.ws.Workspace(), contact); err != nil {
				t.Fatal(err)
			}
		}
		s.clk.Advance(time.Hour)
		erase(early) // the newest key backup has no key of theirs
		yes := true
		if _, err := s.Restrict.Set(t.Context(), s.ws.Workspace(), ben, desk.Actor{Kind: desk.BySystem}, privacy.Restrictions{Restricted: &yes}); err != nil {
			t.Fatal(err)
		}
		s.clk.Advance(time.Hour)
		s.backup(t)
		s.clk.Advance(time.Hour)
		erase(late) // their key is in the newest key backup: only the ledger knows
		if hidden := inClear(t, s.cfg.Backups, "canary"); len(hidden) > 0 {
			t.Fatalf("backups are readable without a key: %v", hidden)
		}

		cfg, wish := s.lose(t, url())
		wish.Data = oldest
		done := restore(t, cfg, wish)
		if !done.Open || done.Gap != "" || done.Replayed.Erased != 2 || done.Replayed.Restricted != 1 {
			t.Fatalf("restored %+v", done)
		}
		in, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = in.Close() })
		err = in.DB.In(s.ws.Workspace()).Read(t.Context(), func(r *store.Rx) error {
			for _, gone := range []desk.ID{early, late} {
				if c, err := r.Contact(gone); !desk.IsNotFound(err) {
					t.Errorf("%q came back: %v", c.Name, err)
				}
			}
			c, err := r.Contact(ben)
			if err != nil || c.Name != "canary ben" || !c.Restricted {
				t.Errorf("a neighbour: %+v, %v", c, err)
			}
			all, err := r.MessagesAfter(thread, 0, 10)
			if err != nil || len(all) != 2 || all[0].Body != "canary words of ben" || all[1].Status != desk.StatusUnknown {
				t.Errorf("a neighbour's messages: %v, %v", all, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func inClear(t *testing.T, dir, needle string) (found []string) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if seen++; bytes.Contains(raw, []byte(needle)) {
			found = append(found, d.Name())
		}
		return err
	})
	if err != nil || seen == 0 {
		t.Fatalf("%d files, %v", seen, err)
	}
	return found
}

// Without the copy of the ledger nobody knows whom to erase again: the install
// stays closed until an operator says otherwise, which is recorded.
// covers A-11-15
func TestARestoreWithoutTheLedgerStaysClosedUntilAnOperatorConfirms(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	ana, _ := s.person(t, "ana")
	s.person(t, "ben")
	s.backup(t)
	if _, err := s.Eraser.Erase(t.Context(), s.ws.Workspace(), ana); err != nil {
		t.Fatal(err)
	}
	cfg, wish := s.lose(t, "")
	if err := os.RemoveAll(filepath.Join(cfg.Backups, "ledger")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if done := restore(t, cfg, wish); done.Open || done.Gap == "" {
			t.Fatalf("restored %+v", done)
		}
		if _, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "--confirm-ledger") {
			t.Fatalf("it opened: %v", err)
		}
	}
	wish.Confirm = true
	if done := restore(t, cfg, wish); !done.Open {
		t.Fatalf("confirmed, and still closed: %+v", done)
	}
	in, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	a, err := app.Build(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	lines, err := a.Audit.List(t.Context(), 0, 0, 50)
	if err != nil || !slices.ContainsFunc(lines, func(l audit.Line) bool { return l.Action == "restore.confirm" }) {
		t.Errorf("the confirmation is not recorded: %v, %v", lines, err)
	}
}

// A backup that was cut off or changed, a key of somebody else, and a folder in
// use are refused, and what an interrupted restore left does not open.
func TestARestoreNeverHalfSaysDone(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	s.person(t, "ana")
	s.backup(t) // which is the first that is recorded
	s.clk.Advance(time.Hour)
	made := s.backup(t)
	if _, err := app.RestoreInto(t.Context(), s.cfg, app.Restore{RecoveryKey: s.recovery}, slog.New(slog.DiscardHandler)); desk.CodeOf(err) != desk.Conflict {
		t.Errorf("into the install itself: %v", err)
	}
	cfg, wish := s.lose(t, "")
	stranger := wish
	stranger.RecoveryKey = filepath.Join(t.TempDir(), "other.key")
	if _, err := app.BackupKey(configured(t, t.TempDir(), "", ""), stranger.RecoveryKey); err != nil {
		t.Fatal(err)
	}
	if _, err := app.RestoreInto(t.Context(), cfg, stranger, slog.New(slog.DiscardHandler)); desk.CodeOf(err) != desk.Invalid {
		t.Errorf("with another key: %v", err)
	}
	path := filepath.Join(cfg.Backups, "data", made[0].Name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for what, raw := range map[string][]byte{"cut off": whole[:len(whole)-20], "cut off early": whole[:len(whole)/3], "changed": flipped, "empty": nil} {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := app.RestoreInto(t.Context(), cfg, wish, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("a backup that was %s was restored", what)
		}
		if _, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler)); err == nil {
			t.Fatalf("what is left of a backup that was %s opens", what)
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	check := wish
	check.Check = true
	check.Scratch = t.TempDir()
	if done := restore(t, cfg, check); done.Gap != "" || done.Opened != 1 || done.Rows == 0 || done.Chains == 0 {
		t.Errorf("the check says %+v", done)
	}
	if left, err := os.ReadDir(check.Scratch); err != nil || len(left) > 0 {
		t.Errorf("the check left %v, %v", left, err)
	}
	if done := restore(t, cfg, wish); !done.Open {
		t.Errorf("at last: %+v", done)
	}
}

// Backups end: keys before seven days, data before ninety, and of the data one a
// week is left after the first. covers A-11-14
func TestBackupsAreMadeDailyAndEndInTime(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	s.person(t, "ana")
	for day := range 92 {
		if err := s.Backups.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		now := s.clk.Now()
		for kind, most := range map[store.BackupKind]time.Duration{store.DataBackup: 90 * 24 * time.Hour, store.KeyBackup: 7 * 24 * time.Hour} {
			all, err := s.Saves.List(kind)
			if err != nil || len(all) == 0 || len(all) > 22 {
				t.Fatalf("day %d: %d backups of the %s, %v", day, len(all), kind, err)
			}
			if now.Sub(all[0].At) > time.Minute || now.Sub(all[len(all)-1].At) >= most {
				t.Fatalf("day %d: the newest of the %s is of %s, the oldest of %s", day, kind, all[0].At, all[len(all)-1].At)
			}
		}
		s.clk.Advance(24 * time.Hour)
	}
	oldest, err := s.Saves.List(store.DataBackup)
	if err != nil || s.clk.Now().Sub(oldest[len(oldest)-1].At) < 60*24*time.Hour {
		t.Errorf("nothing older than two months is left of 92 days: %v, %v", oldest, err)
	}
	for _, step := range []struct{ hours, behind int }{{23, 0}, {2, 2}} { // the last of them is a day old
		s.clk.Advance(time.Duration(step.hours) * time.Hour)
		if behind, err := s.Backups.Behind(t.Context()); err != nil || len(behind) != step.behind {
			t.Errorf("after %d hours more %v are behind, %v", step.hours, behind, err)
		}
	}
}
