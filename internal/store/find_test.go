package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// library is a workspace with indexed messages and what a search must find.
type library struct {
	h        store.Handle
	acct     desk.Account
	contacts []desk.ID
	terms    map[desk.ID][]string // of each message that is there
	ids      []desk.ID            // as indexed
}

func newLibrary(t *testing.T, db *store.DB, contacts int) *library {
	t.Helper()
	l := &library{h: storetest.Workspace(t, db, "Northwind"), terms: map[desk.ID][]string{}}
	l.acct = storetest.Account(t, l.h, "widget", fmt.Sprint("pk_", l.h.Workspace()))
	for i := range contacts {
		c, _ := talk(t, l.h, l.acct, fmt.Sprint("p", i))
		l.contacts = append(l.contacts, c)
	}
	return l
}

// grow adds messages in turn to every contact; terms gives the words of each.
func (l *library) grow(t *testing.T, n int, terms func(i int) []string) {
	t.Helper()
	err := l.h.Write(ctx, func(tx *store.Tx) error {
		var batch []store.MessageTerms
		rows := make([]store.Row, len(l.contacts))
		for i, c := range l.contacts {
			all, err := tx.ConversationsWith(c, 1)
			if err != nil {
				return err
			}
			rows[i] = all[0]
		}
		for i := range n {
			row := &rows[i%len(rows)]
			m := desk.Message{ID: tx.NewID(), Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText,
				Body: "x", Status: desk.StatusDelivered}
			if err := tx.AppendMessage(row, &m); err != nil {
				return err
			}
			batch = append(batch, store.MessageTerms{Message: m.ID, Terms: terms(i)})
			l.terms[m.ID] = terms(i)
			l.ids = append(l.ids, m.ID)
		}
		for _, row := range rows {
			if err := tx.SaveConversation(row); err != nil {
				return err
			}
		}
		// A batch that comes twice is indexed once.
		if err := tx.IndexMessages(batch[:n/2]); err != nil {
			return err
		}
		return tx.IndexMessages(batch)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// jump leaves out places up to one.
func (l *library) jump(t *testing.T, place int64) {
	t.Helper()
	err := l.h.Write(ctx, func(tx *store.Tx) error {
		return store.Exec(tx, `INSERT INTO message_place (workspace_id, message_id, place, terms) VALUES ($1, $2, $3, $4)`,
			int64(l.h.Workspace()), int64(tx.NewID()), place, []byte{})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (l *library) want(before desk.ID, limit int, words ...string) []desk.ID {
	ids := []desk.ID{}
	for _, id := range slices.Backward(l.ids) {
		has, there := l.terms[id]
		ok := there && (before == 0 || id < before) && len(ids) < limit
		for _, w := range words {
			ok = ok && slices.Contains(has, w)
		}
		if ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func (l *library) check(t *testing.T, before desk.ID, limit int, words ...string) []desk.ID {
	t.Helper()
	var got []desk.ID
	err := l.h.Read(ctx, func(r *store.Rx) (err error) { got, err = r.SearchMessages(words, before, limit); return err })
	if err != nil {
		t.Fatal(err)
	}
	if want := l.want(before, limit, words...); !cmp.Equal(got, want) && len(got)+len(want) > 0 {
		t.Errorf("%v before %d: %v, want %v", words, before, got, want)
	}
	return got
}

func TestSearchFindsTheNewestMessagesThatHoldEveryWord(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l, other := newLibrary(t, db, 3), newLibrary(t, db, 1)
		rng := rand.New(rand.NewPCG(1, 2))
		words := []string{"coat", "red", "return", "size", "rare"}
		odds := []float64{0.8, 0.4, 0.2, 0.05, 0.005}
		for part := range int64(5) {
			l.jump(t, 4096*(part+1)-100) // so that each batch ends one part and begins the next
			all := make([][]string, 300)
			for i := range all {
				for w := range words {
					if rng.Float64() < odds[w] {
						all[i] = append(all[i], words[w])
					}
				}
			}
			l.grow(t, len(all), func(i int) []string { return all[i] })
		}
		searches := [][]string{{"coat"}, {"rare"}, {"coat", "red"}, {"rare", "coat"}, {"coat", "red", "return"},
			{"coat", "red", "return", "size"}, {"coat", "coat"}, {"coat", "nowhere"}}
		for _, s := range searches {
			l.check(t, 0, 30, s...)
			var before desk.ID
			for range 5 { // page by page
				page := l.check(t, before, 7, s...)
				if len(page) == 0 {
					break
				}
				before = page[len(page)-1]
			}
		}
		err := other.h.Read(ctx, func(r *store.Rx) error {
			ids, err := r.SearchMessages([]string{"coat"}, 0, 3)
			if len(ids) != 0 {
				t.Errorf("another workspace finds %v", ids)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// covers A-14.1-03: an erased person's words are gone from the index, and a
// message erased while it waited for its index never gets there.
func TestErasedWordsAreNotFound(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		l := newLibrary(t, w.DB, 2)
		l.jump(t, 4000)
		l.grow(t, 600, func(i int) []string { return []string{"coat", fmt.Sprint("w", i%7), fmt.Sprint("only", i)} })
		for done := false; !done; {
			err := l.h.Write(ctx, func(tx *store.Tx) (err error) { done, err = tx.EraseStep(l.contacts[0]); return err })
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, id := range l.ids {
			if i%2 == 0 {
				delete(l.terms, id)
			}
		}
		for _, s := range [][]string{{"coat"}, {"coat", "w3"}, {"only8"}, {"only9"}} {
			l.check(t, 0, 30, s...)
			l.check(t, l.ids[400], 30, s...) // an erased message as the end of a page
		}
		err := l.h.Write(ctx, func(tx *store.Tx) error {
			return tx.IndexMessages([]store.MessageTerms{{Message: l.ids[0], Terms: []string{"coat", "ghost"}}})
		})
		if err != nil {
			t.Fatal(err)
		}
		l.check(t, 0, 30, "ghost")
		err = l.h.Read(ctx, func(r *store.Rx) error {
			places, err := store.Count(r, `SELECT count(*) FROM message_place`)
			words, err2 := store.Count(r, `SELECT count(*) FROM message_term`)
			if err != nil || err2 != nil || places != 1+300 || words != 2*(1+7)+300 {
				t.Errorf("%d places and %d words are left, %v %v", places, words, err, err2)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
