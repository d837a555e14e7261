package intake

import (
	"cmp"
	"context"
	"errors"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// ProfileWork asks a channel who somebody is, once they are new and again when
// they write long after; keyed by contact, its object is the channel account.
const ProfileWork = "profile"

// asksProfile adds the work where the channel can tell.
func (in *Intake) asksProfile(tx *store.Tx, f *filing, contact desk.ID) error {
	c, err := in.Channels.Find(f.acct.Kind)
	if err != nil {
		return err
	}
	if _, ok := c.(channel.Profiler); !ok {
		return nil
	}
	return in.Flow.Add(tx, flow.Item{Kind: ProfileWork, Key: contact, Object: f.acct.ID})
}

// silence is how long somebody did not write when their profile is looked at
// again: a read per message would be in the way of all.
const silence = 7 * 24 * time.Hour

func (in *Intake) profile(ctx context.Context, job *flow.Job) error {
	for _, item := range job.Items {
		told, err := in.ask(ctx, item)
		var e *desk.Error
		if err != nil && (!errors.As(err, &e) || e.Retry) {
			return err
		}
		err = in.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
			if err := in.keepProfile(tx, told); err != nil && !desk.IsNotFound(err) {
				return err
			}
			return job.Finish(tx, item)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// portrayed is what a channel told of a contact.
type portrayed struct {
	desk.ContactProfile
	name    string // "" = they have one
	read    bool
	account channel.Account
	who     desk.Identity
}

// keepProfile writes what was told; nothing where nobody was asked.
func (in *Intake) keepProfile(tx *store.Tx, p portrayed) error {
	if !p.read {
		return nil
	}
	if err := tx.PutProfile(p.ContactProfile); err != nil {
		return err
	}
	if p.name != "" {
		return in.tell(tx, p.Contact, &arrival{Arrival: desk.Arrival{Name: p.name}})
	}
	return in.Flow.Emit(tx, desk.Event{Kind: desk.ContactChanged, Object: p.Contact})
}

// ask reads a profile and its picture; nothing where the channel says nothing,
// was asked not long ago, or may not be asked.
func (in *Intake) ask(ctx context.Context, item flow.Item) (portrayed, error) {
	p, nameless, err := in.asked(ctx, item)
	if err != nil || p.account.ID == 0 {
		return portrayed{}, err
	}
	c, err := in.Channels.Find(p.account.Kind)
	if err != nil {
		return portrayed{}, err
	}
	profiler, ok := c.(channel.Profiler)
	if !ok {
		return portrayed{}, nil
	}
	told, err := profiler.Profile(ctx, p.account, p.who)
	if err != nil {
		return portrayed{}, err
	}
	p.read, p.Username, p.Followers, p.ReadAt = true, text.Normalise(told.Username, maxName), told.Followers, in.DB.Clock().Now()
	p.Follows, p.Followed, p.Verified = told.Follows, told.Followed, told.Verified
	if nameless {
		p.name = text.Normalise(cmp.Or(told.Name, told.Username), maxName)
	}
	if in.Files != nil {
		p.Picture, err = in.Files.Portrait(ctx, p.account, p.Contact, p.Picture, told.Picture)
	}
	return p, err
}

// asked says who is asked about and where; p.account is empty when nobody is.
func (in *Intake) asked(ctx context.Context, item flow.Item) (p portrayed, nameless bool, err error) {
	err = in.DB.In(item.Workspace).Read(ctx, func(r *store.Rx) error {
		p = portrayed{}
		c, err := r.Contact(item.Key)
		if err != nil {
			return err
		}
		nameless = c.Name == ""
		own, err := r.Settings()
		if err != nil || desk.MayUse(desk.ForProfile, own, c) != nil {
			return err
		}
		before, err := r.Profiles(c.ID)
		if err != nil {
			return err
		}
		p.ContactProfile = desk.ContactProfile{Contact: c.ID, Account: item.Object}
		for _, old := range before {
			if old.Account != item.Object {
				continue
			}
			if in.DB.Clock().Now().Sub(old.ReadAt) < desk.ProfileTerm {
				return nil
			}
			p.Picture = old.Picture
		}
		return p.address(r)
	})
	return p, nameless, err
}

// address finds the person's id on the account, and what it takes to ask there.
func (p *portrayed) address(r *store.Rx) error {
	all, err := r.Identities(p.Contact)
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.Account == p.Account {
			p.who = i
			break
		}
	}
	if p.who.ID == 0 {
		return nil
	}
	acct, err := account(r, p.Account)
	if err != nil || acct.ID == 0 {
		return err
	}
	if acct.Secrets, err = r.Secrets(acct.ID); err == nil {
		p.account = acct
	}
	return err
}
