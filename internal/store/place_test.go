package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/storetest"
)

// heard files messages of a contact sent at these seconds, one commit for each
// few, and returns them as people see the conversation, oldest first, page by
// page.
func heard(t *testing.T, h store.Handle, conv desk.ID, seconds []int) []desk.Message {
	t.Helper()
	began := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	for some := range slices.Chunk(seconds, 7) {
		err := h.Write(ctx, func(tx *store.Tx) error {
			row, err := tx.LockConversation(conv)
			if err != nil {
				return err
			}
			for _, s := range some {
				m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact}, Kind: desk.KindText, Body: desk.Body(fmt.Sprint(s)),
					Status: desk.StatusDelivered, At: began.Add(time.Duration(s) * time.Second)}
				row.Arrived(m.At)
				if err := tx.AppendMessage(&row, &m); err != nil {
					return err
				}
			}
			return tx.SaveConversation(row)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var all []desk.Message
	var below store.Spot
	for {
		var some []desk.Message
		err := h.Read(ctx, func(r *store.Rx) (err error) { some, err = r.MessagesBelow(conv, below, 9); return err })
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, some...); len(some) < 9 {
			slices.Reverse(all)
			return all
		}
		below = store.Spot{Place: some[8].Place, Seq: some[8].Seq}
	}
}

// covers issue 3 "order per conversation by provider time".
func TestAConversationReadsInTheOrderItWasWrittenHoweverItWasDelivered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const n = 150
		up := make([]int, n)
		for i := range up {
			up[i] = 10 * i
		}
		down := slices.Clone(up)
		slices.Reverse(down)
		mixed := slices.Clone(up)
		rng := rand.New(rand.NewPCG(3, 4))
		rng.Shuffle(n, func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		gap := append([]int{0, 10_000}, up[1:]...) // a day's outage, delivered in order, in between
		h := storetest.Workspace(t, db, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		for name, order := range map[string][]int{"in order": up, "backwards": down, "mixed": mixed, "in between": gap} {
			_, conv := talk(t, h, acct, name)
			all := heard(t, h, conv, order)
			if len(all) != len(order) {
				t.Errorf("%s: %d messages of %d", name, len(all), len(order))
			}
			if !slices.IsSortedFunc(all, func(a, b desk.Message) int { return a.At.Compare(b.At) }) {
				t.Errorf("%s: not in the order of writing", name)
			}
			var row store.Row
			err := h.Read(ctx, func(r *store.Rx) (err error) { row, err = r.Conversation(conv); return err })
			if err != nil || row.Preview != all[len(all)-1].Body {
				t.Errorf("%s: the list shows %q, the last is %q, %v", name, string(row.Preview), string(all[len(all)-1].Body), err)
			}
		}
	})
}

func TestMessagesOfTheSameSecondStayInTheOrderOfTheirDelivery(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		_, conv := talk(t, h, acct, "Ayşe")
		all := heard(t, h, conv, []int{1, 5, 5, 3, 3, 9, 3, 5})
		var got []string
		for _, m := range all {
			got = append(got, fmt.Sprint(string(m.Body), "#", m.Seq))
		}
		if want := "[1#1 3#4 3#5 3#7 5#2 5#3 5#8 9#6]"; fmt.Sprint(got) != want {
			t.Errorf("%v, want %s", got, want)
		}
	})
}
