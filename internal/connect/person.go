package connect

import (
	"context"
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Fault of an account whose access the person who connected it took back.
const deauthorized = "deauthorized"

// The verbs below are about one person at a provider, known by the id that the
// provider gives them for this install's app, in every workspace (decision 10).

// ConnectedBy counts the accounts that rest on the person, by workspace: on a
// token issued by until, where that is not zero.
func (c *Connect) ConnectedBy(ctx context.Context, user string, until time.Time) (map[desk.ID]int, error) {
	found := map[desk.ID]int{}
	return found, c.inEach(ctx, user, func(ws desk.ID) error {
		ids, err := c.restingOn(ctx, ws, user, until)
		if len(ids) > 0 {
			found[ws] = len(ids)
		}
		return err
	})
}

// Deauthorize destroys the person's tokens that were issued by until. The
// accounts that rest on them wait to be connected again; their conversations
// stay. It may be repeated.
func (c *Connect) Deauthorize(ctx context.Context, user string, until time.Time) error {
	return c.inEach(ctx, user, func(ws desk.ID) error {
		if err := c.forgetOffers(ctx, ws, user); err != nil {
			return err
		}
		ids, err := c.restingOn(ctx, ws, user, until)
		if err != nil || len(ids) == 0 {
			return err
		}
		return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
			for _, id := range ids {
				if err := c.deauthorize(tx, id, user, until); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func (c *Connect) deauthorize(tx *store.Tx, id desk.ID, user string, until time.Time) error {
	card, err := tx.Card(id)
	if err != nil || !restsOn(card.Details, user, until) { // somebody connected it anew meanwhile
		return err
	}
	n, err := tx.DropSecrets(id)
	if err != nil || n == 0 && card.Fault == deauthorized {
		return err
	}
	if _, err := tx.ChangeAccount(id, reconnect); err != nil {
		return err
	}
	card.Fault, card.RenewAt = deauthorized, time.Time{}
	if err := tx.SetCard(id, card); err != nil {
		return err
	}
	return c.changed(tx, system(), "channel.deauthorize", id)
}

// DisconnectAll disconnects every account that rests on the person, and with it
// forgets what the provider told of it. It may be repeated.
func (c *Connect) DisconnectAll(ctx context.Context, user string) error {
	return c.inEach(ctx, user, func(ws desk.ID) error {
		if err := c.forgetOffers(ctx, ws, user); err != nil {
			return err
		}
		ids, err := c.restingOn(ctx, ws, user, time.Time{})
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := c.Disconnect(ctx, Who{Workspace: ws, Actor: system()}, id, KeepHistory); err != nil && !desk.IsNotFound(err) {
				return err
			}
		}
		return nil
	})
}

// inEach does something in every workspace, and fails if it failed in one. A
// missing id must never match everybody.
func (c *Connect) inEach(ctx context.Context, user string, do func(ws desk.ID) error) error {
	if user == "" {
		return desk.Fail(desk.Invalid, "no_subject", "this needs one person's id")
	}
	return c.inWorkspaces(ctx, do)
}

// inWorkspaces does something in every workspace; one that fails stops no other.
func (c *Connect) inWorkspaces(ctx context.Context, do func(ws desk.ID) error) error {
	all, err := c.DB.Workspaces(ctx)
	for _, ws := range all {
		err = errors.Join(err, do(ws.ID))
	}
	return err
}

func (c *Connect) restingOn(ctx context.Context, ws desk.ID, user string, until time.Time) (ids []desk.ID, err error) {
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		ids = nil
		all, err := r.Accounts()
		if err != nil {
			return err
		}
		for _, acct := range all {
			if acct.State == desk.AccountGone {
				continue
			}
			card, err := r.Card(acct.ID)
			if err != nil {
				return err
			}
			if restsOn(card.Details, user, until) {
				ids = append(ids, acct.ID)
			}
		}
		return nil
	})
	return ids, err
}

// restsOn compares in whole seconds, which is what a provider tells.
func restsOn(d desk.AccountDetails, user string, until time.Time) bool {
	return user != "" && (d.AppUser == user || d.ScopedID == user) && (until.IsZero() || !d.TokenAt.Truncate(time.Second).After(until))
}

// forgetOffers drops the sign-ins that hold tokens of the person and wait for
// somebody to tick.
func (c *Connect) forgetOffers(ctx context.Context, ws desk.ID, user string) error {
	var theirs []desk.ID
	err := c.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		theirs = nil
		all, err := r.Offers()
		if err != nil {
			return err
		}
		for _, o := range all {
			offered, err := unpack(o.Body)
			if err != nil {
				return err
			}
			for _, one := range offered {
				if restsOn(one.Details, user, time.Time{}) {
					theirs = append(theirs, o.ID)
					break
				}
			}
		}
		return nil
	})
	if err != nil || len(theirs) == 0 {
		return err
	}
	return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		for _, id := range theirs {
			if err := tx.DropOffer(id); err != nil {
				return err
			}
		}
		return nil
	})
}
