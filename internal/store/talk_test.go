package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

var ctx = context.Background()

// talk adds a contact with a conversation.
func talk(t *testing.T, h store.Handle, acct desk.Account, name string) (desk.ID, desk.ID) {
	t.Helper()
	var contact, conv desk.ID
	err := h.Write(ctx, func(tx *store.Tx) error {
		contact, conv = tx.NewID(), tx.NewID()
		if err := tx.InsertContact(desk.Contact{ID: contact, Name: name, Email: name + "@example.com"}); err != nil {
			return err
		}
		if err := tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: contact, Account: acct.ID, Kind: "visitor", Value: "v-" + name}); err != nil {
			return err
		}
		return tx.InsertConversation(desk.Conversation{ID: conv, Contact: contact, Account: acct.ID, State: desk.Open,
			Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	return contact, conv
}

func say(tx *store.Tx, conv desk.ID, text, external string) (desk.Message, error) {
	m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText,
		Body: desk.Body(text), Status: desk.StatusDelivered, ExternalID: external}
	c, err := tx.LockConversation(conv)
	if err != nil {
		return m, err
	}
	c.Arrived(tx.Now())
	if err := tx.AppendMessage(&c, &m); err != nil {
		return m, err
	}
	return m, tx.SaveConversation(c)
}

func TestAMessageReadsBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		_, conv := talk(t, h, acct, "Ayşe")
		want := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromMember, ID: 9, Name: "Selin"}, Kind: desk.KindText,
			Body: "Merhaba 👋", Buttons: []desk.Button{{ID: "1", Label: "Evet"}}, Status: desk.StatusQueued, ExternalID: "m.1",
			ClientID: "c-1", Sources: []desk.SourceRef{{N: 1, Name: "Returns", Quote: "30 days"}}, OwnerEpoch: 3, AIEpoch: 4}
		err := h.Write(ctx, func(tx *store.Tx) error {
			c, err := tx.LockConversation(conv)
			if err != nil {
				return err
			}
			if err := tx.AppendMessage(&c, &want); err != nil {
				return err
			}
			return tx.SaveConversation(c)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = h.Read(ctx, func(r *store.Rx) error {
			got, err := r.MessageByExternalID(acct.ID, "m.1")
			if err != nil {
				return err
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			c, err := r.Conversation(conv)
			if err == nil && (c.Preview != want.Body || c.LastSeq != 1) {
				t.Errorf("preview %v, last seq %d", c.Preview, c.LastSeq)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestOneFailingWriteNeverUndoesItsNeighbours(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		_, conv := talk(t, h, acct, "Ana")
		const n = 200
		errs := make([]error, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				errs[i] = h.Write(ctx, func(tx *store.Tx) error {
					if _, err := say(tx, conv, fmt.Sprint("line ", i), fmt.Sprint("m", i/2)); err != nil {
						return err
					}
					tx.Emit(desk.Event{Kind: desk.MessageArrived, Conversation: conv})
					switch i % 8 {
					case 5:
						return errors.New("changed my mind")
					case 6:
						panic("poison")
					}
					return nil
				})
			})
		}
		wg.Wait()
		stored := 0
		for _, err := range errs {
			if err == nil {
				stored++
			}
		}
		err := h.Read(ctx, func(r *store.Rx) error {
			all, err := r.MessagesBefore(conv, 0, 1000)
			if err != nil {
				return err
			}
			if len(all) != stored || stored == 0 {
				t.Errorf("%d messages stored, %d acknowledged", len(all), stored)
			}
			for i, m := range all {
				if want := int64(len(all) - i); m.Seq != want {
					t.Fatalf("place %d has seq %d", want, m.Seq)
				}
			}
			events, err := r.EventsAfter(0, 1000)
			if len(events) != stored {
				t.Errorf("%d events for %d messages", len(events), stored)
			}
			for i, e := range events {
				if e.No != int64(i+1) {
					t.Fatalf("event %d has number %d", i+1, e.No)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestARepeatedExternalIDIsAConflict(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		_, conv := talk(t, h, storetest.Account(t, h, "widget", "pk_1"), "Ana")
		write := func() error {
			return h.Write(ctx, func(tx *store.Tx) error {
				_, err := say(tx, conv, "hello", "same")
				return err
			})
		}
		if err := write(); err != nil {
			t.Fatal(err)
		}
		if err := write(); desk.CodeOf(err) != desk.Conflict {
			t.Fatalf("second write: %v, want a conflict", err)
		}
	})
}

func TestViewsListWhatTheyPromise(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		_, ai := talk(t, h, acct, "a")
		_, mine := talk(t, h, acct, "b")
		_, closed := talk(t, h, acct, "c")
		err := h.Write(ctx, func(tx *store.Tx) error {
			for _, id := range []desk.ID{ai, mine, closed} {
				if _, err := say(tx, id, "hi", ""); err != nil {
					return err
				}
			}
			if _, err := tx.ChangeConversation(mine, func(c *store.Row) error { c.TakeOver(7); return nil }); err != nil {
				return err
			}
			_, err := tx.ChangeConversation(closed, func(c *store.Row) error { c.Close(); return nil })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for view, want := range map[store.View][]desk.ID{store.AIHandling: {ai}, store.Mine: {mine}, store.NeedsYou: {mine},
			store.ClosedV: {closed}, store.SnoozedV: {}, store.Unassigned: {}, store.All: {closed, mine, ai}} {
			err := h.Read(ctx, func(r *store.Rx) error {
				rows, err := r.List(view, 7, store.Place{}, 10)
				got := []desk.ID{}
				for _, c := range rows {
					got = append(got, c.ID)
				}
				if !cmp.Equal(got, want) {
					t.Errorf("%s: %v, want %v", view, got, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
