package deliver

import (
	"context"
	"errors"
	"reflect"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// TemplateWork is the kind of work that reads an account's approved texts, in
// the lane of the account.
const TemplateWork = "templates"

const listTries = 5

// templates reads the list of an account that has one. A list that cannot be
// read stays as it was, with the reason beside it.
func (d *Deliver) templates(ctx context.Context, job *flow.Job) error {
	for _, item := range job.Items {
		acct, t, err := d.templater(ctx, item.Workspace, item.Key)
		if err == nil && t != nil {
			err = d.list(ctx, acct, t)
		}
		var e *desk.Error
		again := err != nil && !desk.IsNotFound(err) && (!errors.As(err, &e) || e.Retry) && item.Attempt+1 < listTries
		due := jitter(max(channel.After(err), backoff(item.Attempt+1)))
		err = d.DB.In(item.Workspace).Write(ctx, func(tx *store.Tx) error {
			if again {
				return job.Again(tx, item, tx.Now().Add(due))
			}
			return job.Finish(tx, item)
		})
		if err != nil || again {
			return err
		}
	}
	return nil
}

// templater finds an account with its secrets; nil where it has no templates.
func (d *Deliver) templater(ctx context.Context, ws, account desk.ID) (acct channel.Account, t channel.Templater, err error) {
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		t = nil
		out := &outgoing{}
		if out.acct.Account, err = r.Account(account); err != nil {
			return err
		}
		if out.channel, err = d.Channels.Find(out.acct.Kind); err != nil {
			return err
		}
		one, ok := out.channel.(channel.Templater)
		if !ok || out.acct.State != desk.AccountActive {
			return nil
		}
		if err := out.open(r); err != nil {
			return err
		}
		acct, t = out.acct, one
		return nil
	})
	return acct, t, err
}

// list asks the provider and keeps what it says.
func (d *Deliver) list(ctx context.Context, acct channel.Account, t channel.Templater) error {
	all, asked := t.Templates(ctx, acct)
	err := d.DB.In(acct.Workspace).Write(ctx, func(tx *store.Tx) error {
		if now, err := tx.Account(acct.ID); err != nil || now.State == desk.AccountGone {
			return err // disconnected meanwhile
		}
		before, err := tx.Templates(acct.ID)
		if err != nil {
			return err
		}
		l := store.TemplateList{Templates: all, SyncedAt: tx.Now()}
		if asked != nil {
			l = before
			l.Fault, _ = plainly(asked)
		}
		// Told to screens only: what follows a change of the account would read the
		// list again.
		if l.Fault != before.Fault || !reflect.DeepEqual(l.Templates, before.Templates) {
			tx.Emit(desk.Event{Kind: desk.ChannelChanged, Object: acct.ID})
		}
		return tx.SetTemplates(acct.ID, l)
	})
	return errors.Join(asked, err)
}

// ReadTemplates reads an account's approved texts now. desk.Invalid
// "no_templates_here" where its channel has none.
func (d *Deliver) ReadTemplates(ctx context.Context, ws, account desk.ID) error {
	acct, t, err := d.templater(ctx, ws, account)
	if err != nil {
		return err
	}
	if t == nil {
		return desk.Fail(desk.Invalid, "no_templates_here", "this channel has no templates, or is not connected")
	}
	return d.list(ctx, acct, t)
}

// ReadAllTemplates lets every list be read again, each in its own time.
func (d *Deliver) ReadAllTemplates(ctx context.Context) error {
	all, err := d.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		err := d.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
			accounts, err := tx.Accounts()
			if err != nil {
				return err
			}
			for _, a := range accounts {
				c, err := d.Channels.Find(a.Kind)
				if err != nil || a.State != desk.AccountActive || !channel.SkillsOf(c, a).Templates {
					continue
				}
				if err := d.Flow.Add(tx, flow.Item{Kind: TemplateWork, Key: a.ID, Object: a.ID}, flow.Coalesce(0)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// template checks once more, at the moment of sending, what may have changed
// since a member chose the template: that the channel takes it and that the
// person still wants it.
func template(r *store.Rx, out *outgoing, m desk.Message, now time.Time) error {
	skills := channel.SkillsOf(out.channel, out.acct.Account)
	if m.More == nil || m.More.Template == nil || !skills.Templates {
		return desk.Fail(desk.Invalid, "template_missing", channel.Words("en", "template_missing"))
	}
	l, err := r.Templates(out.acct.ID)
	if err != nil {
		return err
	}
	t, err := l.Find(*m.More.Template)
	if err != nil {
		return err
	}
	given, err := r.OptInsAt(out.conv.Contact, out.acct.ID)
	if err != nil {
		return err
	}
	return desk.MayTemplate(t.Category, given, desk.InWindow(out.conv, skills, now), now)
}
