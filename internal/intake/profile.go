package intake

import (
	"cmp"
	"context"
	"errors"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// ProfileWork asks a channel once who somebody new is; keyed by contact.
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
	return in.Flow.Add(tx, flow.Item{Kind: ProfileWork, Key: contact, Object: contact})
}

func (in *Intake) profile(ctx context.Context, job *flow.Job) error {
	for _, item := range job.Items {
		told, err := in.ask(ctx, item.Workspace, item.Object)
		var e *desk.Error
		if err != nil && (!errors.As(err, &e) || e.Retry) {
			return err
		}
		err = in.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
			if told.Name+told.Username != "" {
				a := &arrival{Arrival: desk.Arrival{Name: text.Normalise(cmp.Or(told.Name, told.Username), maxName)}}
				if err := in.tell(tx, item.Object, a); err != nil && !desk.IsNotFound(err) {
					return err
				}
			}
			return job.Finish(tx, item)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ask reads a profile; nothing where the contact has a name or the channel says
// nothing.
func (in *Intake) ask(ctx context.Context, ws, contact desk.ID) (desk.Profile, error) {
	var who desk.Identity
	var acct channel.Account
	err := in.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		c, err := r.Contact(contact)
		if err != nil || c.Name != "" {
			return err
		}
		own, err := r.Settings()
		if err != nil || desk.MayUse(desk.ForProfile, own, c) != nil {
			return err
		}
		all, err := r.Identities(contact)
		if err != nil || len(all) == 0 {
			return err
		}
		who = all[0]
		if acct, err = account(r, who.Account); err != nil || acct.ID == 0 {
			return err
		}
		acct.Secrets, err = r.Secrets(acct.ID)
		return err
	})
	if err != nil || acct.ID == 0 {
		return desk.Profile{}, err
	}
	c, err := in.Channels.Find(acct.Kind)
	if err != nil {
		return desk.Profile{}, err
	}
	p, ok := c.(channel.Profiler)
	if !ok {
		return desk.Profile{}, nil
	}
	return p.Profile(ctx, acct, who)
}
