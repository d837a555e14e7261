package inbox

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// OptIn is what a member puts on record: that a person allowed to be written to
// on a channel account.
type OptIn struct {
	Account desk.ID
	Topic   string    // desk.TopicMessages or desk.TopicMarketing
	Note    string    // how and where the person gave it; required
	At      time.Time // when; zero = now
	Until   time.Time // zero = without end
}

const maxOptInNote = 500

// PutOptIn records an opt-in. What the person themselves stopped stays stopped:
// desk.Conflict opt_in_stopped.
func (in *Inbox) PutOptIn(ctx context.Context, ws, contact desk.ID, actor desk.Actor, o OptIn) (desk.Consented, error) {
	var out desk.Consented
	o.Note = text.Normalise(o.Note, maxOptInNote)
	switch {
	case o.Topic != desk.TopicMessages && o.Topic != desk.TopicMarketing:
		return out, desk.Fail(desk.Invalid, "topic_unknown", "the topic is messages or marketing")
	case o.Note == "":
		return out, desk.Fail(desk.Invalid, "source_missing", "say how and where the person gave it")
	}
	err := in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		now := tx.Now()
		if o.At.IsZero() {
			o.At = now
		}
		if o.At.After(now.Add(time.Minute)) || !o.Until.IsZero() && !o.Until.After(now) {
			return desk.Fail(desk.Invalid, "time_invalid", "an opt-in was given in the past and ends in the future")
		}
		if err := reachable(tx, contact, o.Account); err != nil {
			return err
		}
		var err error
		out, err = tx.ChangeOptIn(contact, o.Account, o.Topic, func(c *desk.Consented) error {
			if c.StoppedBy == desk.OptInByPerson {
				return desk.Fail(desk.Conflict, "opt_in_stopped", "the person stopped it; only they can allow it again")
			}
			c.Source, c.Member, c.Note = desk.OptInByMember, memberOf(actor), o.Note
			c.At, c.Until, c.StoppedAt, c.StoppedBy = o.At, o.Until, time.Time{}, ""
			return nil
		})
		if err != nil {
			return err
		}
		return in.consented(tx, actor, "contact.opt_in", contact)
	})
	return out, err
}

// reachable: an opt-in is for a way by which the contact can be written to.
func reachable(tx *store.Tx, contact, account desk.ID) error {
	if _, err := tx.Contact(contact); err != nil {
		return err
	}
	ids, err := tx.Identities(contact)
	if err != nil {
		return err
	}
	for _, i := range ids {
		if i.Account == account {
			return nil
		}
	}
	return desk.Fail(desk.Invalid, "not_reachable", "the contact is not known on this channel")
}

// StopOptIn withdraws an opt-in that stands, in the person's name.
func (in *Inbox) StopOptIn(ctx context.Context, ws, contact, optIn desk.ID, actor desk.Actor) error {
	return in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		all, err := tx.OptIns(contact)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.ID != optIn {
				continue
			}
			if !c.StoppedAt.IsZero() {
				return nil
			}
			_, err := tx.ChangeOptIn(contact, c.Account, c.Topic, func(c *desk.Consented) error {
				c.StoppedAt, c.StoppedBy = tx.Now(), desk.OptInByMember
				return nil
			})
			if err != nil {
				return err
			}
			return in.consented(tx, actor, "contact.opt_out", contact)
		}
		return desk.Fail(desk.NotFound, "opt_in_not_found", "there is no such opt-in")
	})
}

func (in *Inbox) consented(tx *store.Tx, actor desk.Actor, act string, contact desk.ID) error {
	if in.Audit != nil {
		if err := in.Audit.Add(tx, actor, act, contact); err != nil {
			return err
		}
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: contact})
}

func reasonOf(err error) string {
	var e *desk.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}
