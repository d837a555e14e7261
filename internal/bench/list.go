package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

const (
	listConversations = 100_000
	listThread        = 10_000 // messages of the long conversation
	listPage          = 50
	listBound         = 50 // ms
	listMe            = desk.ID(7)
)

// List measures what a member waits for in the inbox of a large workspace: each
// page of each view as the API gives it out, and opening a long conversation.
func List(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(listConversations, listThread)
	var thread desk.ID
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) (err error) {
		if err = in.seedList(ctx); err == nil {
			thread, err = in.seedThread(ctx, opt.Messages)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	r := &report{bench: "list", engine: opt.Engine}
	err = errors.Join(in.measureViews(ctx, r), in.measureWalk(ctx, r), in.measureThread(ctx, r, thread))
	return r.figures, errors.Join(err, in.Close())
}

// seedList adds conversations in the states a busy workspace has.
func (in *install) seedList(ctx context.Context) error {
	begin := in.clk.Now().Add(-90 * 24 * time.Hour)
	return in.batches(ctx, in.opt.Conversations, func(tx *store.Tx, i int) error {
		row, err := in.person(tx, fmt.Sprint("Person ", i))
		if err != nil {
			return err
		}
		m := line(fmt.Sprint("Hello, I have a question about my order number ", 40000+i))
		m.At = begin.Add(time.Duration(i) * time.Minute)
		row.Arrived(m.At)
		if err := tx.AppendMessage(&row, &m); err != nil {
			return err
		}
		switch i % 20 {
		case 0:
			row.TakeOver(listMe)
		case 1:
			row.TakeOver(listMe + 1)
		case 2:
			row.TakeOver(listMe + 1)
			row.Unread, row.HandOver = 0, ""
			reply := desk.Message{Direction: desk.Out, Author: desk.Author{Kind: desk.FromMember, ID: 8}, Kind: desk.KindText,
				Body: "We look into it", Status: desk.StatusSent, At: m.At.Add(time.Second)}
			if err := tx.AppendMessage(&row, &reply); err != nil {
				return err
			}
		case 3:
			row.Owner = desk.Owner{Kind: desk.OwnedByNobody}
		case 4:
			row.State, row.SnoozedUntil = desk.Snoozed, in.clk.Now().Add(time.Hour)
		case 5, 6, 7:
			row.Unread = 0
		default:
			row.Close()
		}
		return tx.SaveConversation(row)
	})
}

func (in *install) seedThread(ctx context.Context, messages int) (desk.ID, error) {
	var row store.Row
	err := in.batches(ctx, messages, func(tx *store.Tx, i int) error {
		var err error
		if i == 0 {
			row, err = in.person(tx, "Somebody who writes a lot")
		}
		m := line(fmt.Sprint("And another thing, number ", i, ": could you please look at it again?"))
		if err == nil {
			err = tx.AppendMessage(&row, &m)
		}
		if err == nil && (i%500 == 499 || i == messages-1) {
			err = tx.SaveConversation(row)
		}
		return err
	})
	return row.ID, err
}

// shown is one line of the list as the API gives it out.
type shown struct {
	Row     store.Row
	Contact desk.Contact
	Preview string
}

func (in *install) page(ctx context.Context, v store.View, after store.Place) ([]store.Row, error) {
	var rows []store.Row
	err := in.ws.Read(ctx, func(r *store.Rx) (err error) {
		if rows, err = r.List(v, listMe, after, listPage+1); err != nil {
			return err
		}
		ids := make([]desk.ID, min(listPage, len(rows)))
		for i := range ids {
			ids[i] = rows[i].Contact
		}
		contacts, err := r.ContactsBy(ids)
		if err != nil {
			return err
		}
		lines := make([]shown, len(contacts))
		for i, contact := range contacts {
			lines[i] = shown{rows[i], contact, string(rows[i].Preview)}
		}
		_, err = json.Marshal(lines)
		return err
	})
	return rows[:min(listPage, len(rows))], err
}

func (in *install) measureViews(ctx context.Context, r *report) error {
	for _, v := range []store.View{store.All, store.NeedsYou, store.Mine, store.Unassigned, store.AIHandling, store.Waiting,
		store.SnoozedV, store.ClosedV} {
		empty := false
		s, err := in.times(in.rounds(), func(int) error {
			rows, err := in.page(ctx, v, store.Place{})
			empty = empty || len(rows) == 0
			return err
		})
		if err == nil && empty {
			err = fmt.Errorf("view %s is empty: nothing is measured", v)
		}
		if err != nil {
			return err
		}
		r.spread("first page of "+string(v), s, listBound)
	}
	s, err := in.times(in.rounds(), func(int) error {
		return in.ws.Read(ctx, func(rx *store.Rx) error { _, err := rx.Counts(listMe); return err })
	})
	r.spread("counts of all views", s, listBound)
	return err
}

// measureWalk goes through all conversations to the last page, as nobody does,
// with each contact's key opened for the first time.
func (in *install) measureWalk(ctx context.Context, r *report) error {
	pages := in.opt.Conversations / listPage
	var last, after store.Place
	walk, err := in.times(pages, func(i int) error {
		rows, err := in.page(ctx, store.All, after)
		if err == nil && len(rows) == 0 {
			err = fmt.Errorf("page %d is empty", i+1)
		}
		if err == nil {
			end := rows[len(rows)-1]
			last, after = after, store.Place{At: end.LastAt, ID: end.ID}
		}
		return err
	})
	if err != nil {
		return err
	}
	r.spread(fmt.Sprintf("every page from 1 to %d", pages), walk, listBound)
	s, err := in.times(in.rounds(), func(int) error { _, err := in.page(ctx, store.All, last); return err })
	r.spread(fmt.Sprintf("page %d", pages), s, listBound)
	return err
}

func (in *install) measureThread(ctx context.Context, r *report, thread desk.ID) error {
	s, err := in.times(in.rounds(), func(int) error {
		return in.ws.Read(ctx, func(rx *store.Rx) error {
			c, err := rx.Conversation(thread)
			if err != nil {
				return err
			}
			newest, err := rx.MessagesBelow(thread, store.Spot{}, listPage)
			if err == nil && (len(newest) != listPage || newest[0].Seq != c.LastSeq) {
				err = fmt.Errorf("the newest of %d messages is %d", len(newest), c.LastSeq)
			}
			if err == nil {
				_, err = json.Marshal(newest)
			}
			return err
		})
	})
	r.spread(fmt.Sprintf("open a conversation of %d messages", in.opt.Messages), s, listBound)
	return err
}
