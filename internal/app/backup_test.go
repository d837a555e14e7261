package app_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/store"
)

// A backup that a crash or a full disk ended is never counted, what is left of it
// goes, and the next one is whole.
func TestABackupThatWasInterruptedIsNeverCounted(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	s.person(t, "ana")
	// As a kill in the middle leaves it.
	left := filepath.Join(s.cfg.Backups, "data", "data-20260101T000000Z-1.age.part")
	torn := store.Backup{Kind: store.DataBackup, Name: "data-20260101T000000Z-1.age"}
	err := errors.Join(os.WriteFile(left, []byte("half"), 0o600),
		s.DB.In(0).Write(t.Context(), func(tx *store.Tx) error { return tx.BeginBackup(&torn) }))
	if err != nil {
		t.Fatal(err)
	}
	if newest, err := s.Backups.Newest(t.Context()); err != nil || len(newest) > 0 {
		t.Fatalf("half a backup counts: %v, %v", newest, err)
	}
	// As a disk that takes nothing looks.
	keys := filepath.Join(s.cfg.Backups, "keys")
	if err := errors.Join(os.Remove(keys), os.WriteFile(keys, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Backup(t.Context()); desk.CodeOf(err) != desk.Unavailable || !strings.Contains(err.Error(), "PARLEY_BACKUPS") {
		t.Errorf("a place that takes nothing: %v", err)
	}
	if newest, err := s.Backups.Newest(t.Context()); err != nil || newest[store.KeyBackup].Name != "" {
		t.Errorf("keys that were not saved count: %v, %v", newest, err)
	}
	if err := errors.Join(os.Remove(keys), os.Mkdir(keys, 0o700)); err != nil {
		t.Fatal(err)
	}
	made := s.backup(t)
	for _, b := range made {
		if b.State != "done" || b.Sum == "" || b.Bytes == 0 {
			t.Errorf("%+v", b)
		}
	}
	all, err := s.ListBackups(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if b.State == "writing" || b.Name == torn.Name && b.State != "failed" {
			t.Errorf("%s is said to be %s", b.Name, b.State)
		}
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("half a file is still there")
	}
}

// Whom nobody could erase again after a restore is not erased now: the person
// stays whole, is told so by an error, and the next try does it.
// covers A-11-15
func TestAnErasureWaitsForTheLedgersCopy(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	ana, _ := s.person(t, "ana")
	folder := filepath.Join(s.cfg.Backups, "ledger")
	if err := errors.Join(os.RemoveAll(folder), os.WriteFile(folder, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Eraser.Erase(t.Context(), s.ws.Workspace(), ana); desk.CodeOf(err) != desk.Unavailable {
		t.Errorf("erased without a copy of the act: %v", err)
	}
	there := func() bool {
		err := s.ws.Read(t.Context(), func(r *store.Rx) error {
			c, err := r.Contact(ana)
			if err == nil && c.Name == "" {
				t.Error("the person is half gone")
			}
			return err
		})
		return err == nil
	}
	if !there() {
		t.Error("the person is gone")
	}
	if err := errors.Join(os.Remove(folder), os.Mkdir(folder, 0o700)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Eraser.Erase(t.Context(), s.ws.Workspace(), ana); err != nil || there() {
		t.Errorf("the next try: %v", err)
	}
}

// A restore that was confirmed once is in no doubt at the next.
func TestALostActIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	s := begin(t, "")
	ana, _ := s.person(t, "ana")
	ben, _ := s.person(t, "ben")
	s.backup(t)
	month := filepath.Join(s.cfg.Backups, "ledger", s.clk.Now().UTC().Format("2006-01")+".jsonl")
	for _, who := range []desk.ID{ana, ben} {
		if _, err := s.Eraser.Erase(t.Context(), s.ws.Workspace(), who); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(month)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(raw), "\n")
	var kept strings.Builder
	for _, l := range lines {
		if !strings.Contains(l, `"no":1,`) {
			kept.WriteString(l)
		}
	}
	if err := os.WriteFile(month, []byte(kept.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, wish := s.lose(t, "")
	if done := restore(t, cfg, wish); done.Open || !strings.Contains(done.Gap, "number 1") || done.Replayed.Erased != 1 {
		t.Fatalf("an act is missing: %+v", done)
	}
	wish.Confirm = true
	restore(t, cfg, wish)
	in, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Build(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Backup(t.Context())
	a.Close()
	if err := errors.Join(err, in.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(cfg.Data); err != nil {
		t.Fatal(err)
	}
	wish.Confirm = false
	if done := restore(t, cfg, wish); !done.Open {
		t.Errorf("it is asked about again: %+v", done)
	}
}
