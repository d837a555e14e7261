package app_test

import (
	"log/slog"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/store"
)

// The machine is lost. A conversation that was deleted is not in what comes back
// from an older backup; its person and their neighbours are.
// covers A-11-03, A-12.4-04
func TestAfterALostMachineADeletedConversationStaysDeleted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url func() string) {
		s := begin(t, url())
		ana, gone := s.person(t, "ana")
		_, stays := s.person(t, "ben")
		oldest := s.backup(t)[0].Name
		s.clk.Advance(time.Hour)
		s.backup(t)
		if _, err := s.Eraser.DeleteTalk(t.Context(), s.ws.Workspace(), gone, desk.Actor{Kind: desk.BySystem}); err != nil {
			t.Fatal(err)
		}
		s.clk.Advance(time.Hour)
		cfg, wish := s.lose(t, url())
		wish.Data = oldest
		done := restore(t, cfg, wish)
		if !done.Open || done.Gap != "" || done.Replayed.Deleted != 1 || done.Replayed.Erased != 0 {
			t.Fatalf("restored %+v", done)
		}
		in, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = in.Close() })
		err = in.DB.In(s.ws.Workspace()).Read(t.Context(), func(r *store.Rx) error {
			if _, err := r.Conversation(gone); !desk.IsNotFound(err) {
				t.Errorf("it came back: %v", err)
			}
			if left, err := r.TalkLeft(gone); left || err != nil {
				t.Errorf("messages of it came back: %v", err)
			}
			if c, err := r.Contact(ana); err != nil || c.Name != "canary ana" {
				t.Errorf("its person: %+v, %v", c, err)
			}
			if all, err := r.MessagesAfter(stays, 0, 10); err != nil || len(all) != 2 {
				t.Errorf("a neighbour has %d messages, %v", len(all), err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
