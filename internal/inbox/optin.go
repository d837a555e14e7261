package inbox

import (
	"context"
	"errors"
	"slices"
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
		known, err := reached(tx, contact, o.Account)
		if err != nil {
			return err
		}
		for _, one := range known {
			out, err = tx.ChangeOptIn(one, o.Account, o.Topic, func(c *desk.Consented) error {
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
		}
		return in.consented(tx, actor, "contact.opt_in", contact)
	})
	return out, err
}

// reached are the contacts of a person that an account knows: an opt-in is for a
// way by which they can be written to.
func reached(tx *store.Tx, contact, account desk.ID) ([]desk.ID, error) {
	person, err := tx.Person(contact)
	if err != nil {
		return nil, err
	}
	var known []desk.ID
	for _, p := range person {
		ids, err := tx.Identities(p.ID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(ids, func(i desk.Identity) bool { return i.Account == account }) {
			known = append(known, p.ID)
		}
	}
	if len(known) == 0 {
		return nil, desk.Fail(desk.Invalid, "not_reachable", "the contact is not known on this channel")
	}
	return known, nil
}

// OptInsOf lists what a person allowed and stopped, whichever of their contacts
// it is on record for.
func OptInsOf(r *store.Rx, contact desk.ID) ([]desk.Consented, error) {
	person, err := r.Person(contact)
	if err != nil {
		return nil, err
	}
	var all []desk.Consented
	for _, p := range person {
		some, err := r.OptIns(p.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// StopOptIn withdraws an opt-in that stands, in the person's name.
func (in *Inbox) StopOptIn(ctx context.Context, ws, contact, optIn desk.ID, actor desk.Actor) error {
	return in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		all, err := OptInsOf(&tx.Rx, contact)
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
			_, err := tx.ChangeOptIn(c.Contact, c.Account, c.Topic, func(c *desk.Consented) error {
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
