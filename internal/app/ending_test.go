package app_test

import (
	"log/slog"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// A workspace that has ended stays so when the oldest backups of data and keys are
// played back; one that was closed is closed again as of then; one that was taken
// back is open. What a provider delivers again finds nobody.
// covers A-11-01, A-11-04, A-11-14
func TestARestoreRevivesNoWorkspaceThatEnded(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url func() string) {
		s := begin(t, url())
		s.person(t, "ana")
		closed, back := storetest.Workspace(t, s.DB, "Closed"), storetest.Workspace(t, s.DB, "Taken back")
		neighbour := &saving{App: s.App, ws: storetest.Workspace(t, s.DB, "Neighbour")}
		neighbour.account = storetest.Account(t, neighbour.ws, "widget", "pk_2")
		ben, _ := neighbour.person(t, "ben")
		oldest := s.backup(t)
		s.clk.Advance(time.Hour)
		do := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		by := desk.Actor{Kind: desk.BySystem}
		do(s.Ending.Close(t.Context(), s.ws.Workspace(), by))
		s.clk.Advance(desk.RecoverTerm)
		do(s.Ending.Tick(t.Context()))
		at := s.clk.Now().UTC().Truncate(time.Microsecond)
		do(s.Ending.Close(t.Context(), closed.Workspace(), by))
		do(s.Ending.Close(t.Context(), back.Workspace(), by))
		s.clk.Advance(time.Hour)
		do(s.Ending.Reopen(t.Context(), back.Workspace(), by))
		if hidden := inClear(t, s.cfg.Data, "canary words of ana"); len(hidden) > 0 {
			t.Fatalf("in clear: %v", hidden)
		}

		cfg, wish := s.lose(t, url())
		for _, b := range oldest {
			if b.Kind == "data" {
				wish.Data = b.Name
			} else {
				wish.Keys = b.Name
			}
		}
		done := restore(t, cfg, wish)
		if !done.Open || done.Gap != "" || done.Replayed.Ended != 1 {
			t.Fatalf("restored %+v", done)
		}
		in, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
		do(err)
		t.Cleanup(func() { _ = in.Close() })
		if _, err := in.DB.WorkspaceByID(t.Context(), s.ws.Workspace()); !desk.IsNotFound(err) {
			t.Errorf("it came back: %v", err)
		}
		do(in.DB.In(s.ws.Workspace()).Read(t.Context(), func(r *store.Rx) error {
			left, err := r.EndCounts(nil)
			if len(left) > 0 {
				t.Errorf("rows came back: %v", left)
			}
			return err
		}))
		if keys, err := in.Keys.Census(t.Context(), int64(s.ws.Workspace())); err != nil || len(keys) > 0 {
			t.Errorf("keys came back: %v, %v", keys, err)
		}
		if _, err := in.DB.AccountByOutsideID(t.Context(), "widget", "pk_1"); !desk.IsNotFound(err) {
			t.Errorf("what is delivered again finds its account: %v", err)
		}
		if w, err := in.DB.WorkspaceByID(t.Context(), closed.Workspace()); err != nil || !w.ClosedAt.Equal(at) {
			t.Errorf("the closed one: %+v, %v", w, err)
		}
		if w, err := in.DB.WorkspaceByID(t.Context(), back.Workspace()); err != nil || w.Closed() {
			t.Errorf("the one that was taken back: %+v, %v", w, err)
		}
		do(in.DB.In(neighbour.ws.Workspace()).Read(t.Context(), func(r *store.Rx) error {
			c, err := r.Contact(ben)
			if c.Name != "canary ben" {
				t.Errorf("a neighbour: %+v", c)
			}
			return err
		}))
	})
}
