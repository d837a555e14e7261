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

// The machine is lost, after all conversations of a channel were deleted or while
// they were being deleted. None of them is in what comes back from an older backup.
// covers A-16.5-02, A-12.4-04
func TestAfterALostMachineAClearedChannelStaysCleared(t *testing.T) {
	t.Parallel()
	for name, ended := range map[string]bool{"ended": true, "interrupted": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, url func() string) {
				s := begin(t, url())
				ana, said := s.person(t, "ana")
				cleared := s.account
				s.account = storetest.Account(t, s.ws, "messenger", "page_1")
				ben, stays := s.person(t, "ben")
				oldest := s.backup(t)[0].Name
				s.clk.Advance(time.Hour)
				s.backup(t)
				if err := s.Clearing.Begin(t.Context(), s.ws.Workspace(), cleared.ID, desk.Actor{Kind: desk.BySystem}); err != nil {
					t.Fatal(err)
				}
				if ended {
					look, err := s.Clearing.Look(t.Context(), s.ws.Workspace(), cleared.ID)
					if err == nil {
						err = s.Clearing.Carry(t.Context(), s.ws.Workspace(), look.Last.ID)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				s.clk.Advance(time.Hour)
				cfg, wish := s.lose(t, url())
				wish.Data = oldest
				done := restore(t, cfg, wish)
				if !done.Open || done.Gap != "" || done.Replayed.Erased != 1 || done.Replayed.Deleted != 0 {
					t.Fatalf("restored %+v", done)
				}
				in, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = in.Close() })
				onlyBen(t, in.DB.In(s.ws.Workspace()), [2]desk.ID{ana, said}, [2]desk.ID{ben, stays})
			})
		})
	}
}

// onlyBen finds nothing of the first person and all of the second.
func onlyBen(t *testing.T, h store.Handle, ana, ben [2]desk.ID) {
	t.Helper()
	err := h.Read(t.Context(), func(r *store.Rx) error {
		if _, err := r.Contact(ana[0]); !desk.IsNotFound(err) {
			t.Errorf("who was known by it alone came back: %v", err)
		}
		if _, err := r.Conversation(ana[1]); !desk.IsNotFound(err) {
			t.Errorf("a conversation came back: %v", err)
		}
		if left, err := r.TalkLeft(ana[1]); left || err != nil {
			t.Errorf("messages of it came back: %v", err)
		}
		if all, err := r.MessagesAfter(ben[1], 0, 10); err != nil || len(all) != 2 {
			t.Errorf("another channel has %d messages, %v", len(all), err)
		}
		c, err := r.Contact(ben[0])
		if c.Name != "canary ben" {
			t.Errorf("somebody of another channel is %+v", c)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// covers A-23.1-01, A-12.4-04: who was made nameless is not in what comes back from
// an older backup either.
func TestAfterALostMachineTheNamelessStayNameless(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url func() string) {
		s := begin(t, url())
		ana, said := s.person(t, "ana")
		ben, stays := s.person(t, "ben")
		oldest := s.backup(t)[0].Name
		s.clk.Advance(time.Hour)
		s.backup(t)
		if _, err := s.Eraser.Anonymise(t.Context(), s.ws.Workspace(), ana); err != nil {
			t.Fatal(err)
		}
		s.clk.Advance(time.Hour)
		cfg, wish := s.lose(t, url())
		wish.Data = oldest
		done := restore(t, cfg, wish)
		if !done.Open || done.Gap != "" || done.Replayed.Erased != 1 {
			t.Fatalf("restored %+v", done)
		}
		in, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = in.Close() })
		onlyBen(t, in.DB.In(s.ws.Workspace()), [2]desk.ID{ana, said}, [2]desk.ID{ben, stays})
	})
}

// The machine is lost after an account was disconnected with its history. What
// somebody wrote by it is not in what comes back, although they wrote elsewhere, too.
// covers H-69, A-12.4-04
func TestAfterALostMachineADeletedHistoryStaysDeleted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url func() string) {
		s := begin(t, url())
		ana, said := s.person(t, "ana")
		_, stays := s.person(t, "ben")
		oldest := s.backup(t)[0].Name
		s.clk.Advance(time.Hour)
		s.backup(t)
		if err := s.Eraser.ForgetAt(t.Context(), s.ws.Workspace(), ana, s.account.ID); err != nil {
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
			if left, err := r.TalkLeft(said); left || err != nil {
				t.Errorf("messages of it came back: %v", err)
			}
			if all, err := r.MessagesAfter(stays, 0, 10); err != nil || len(all) != 2 {
				t.Errorf("a neighbour has %d messages, %v", len(all), err)
			}
			_, err := r.Contact(ana)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
