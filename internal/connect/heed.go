package connect

import (
	"context"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// HeedWork is the kind of work that turns an account's deliveries off when its
// workspace is closed, and on when it is taken back.
const HeedWork = "heed"

// Heed lets the provider know of every account that the workspace was closed or
// taken back, once the transaction is through and until the provider has heard
// it. The tokens stay while the workspace can be taken back.
func (c *Connect) Heed(tx *store.Tx) error {
	all, err := tx.Accounts()
	for _, a := range all {
		if err == nil && a.State != desk.AccountGone {
			err = c.Flow.Add(tx, flow.Item{Kind: HeedWork, Key: a.ID, Object: a.ID})
		}
	}
	return err
}

// heed tells the provider what holds now, whatever was asked first: of two acts in
// a row the last one counts.
func (c *Connect) heed(ctx context.Context, j *flow.Job) error {
	ws, id := j.Items[0].Workspace, j.Items[0].Object
	var settings desk.Workspace
	var acct channel.Account
	err := c.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if settings, err = r.Settings(); err == nil {
			acct, _, err = open(r, id)
		}
		return err
	})
	if err != nil && !desk.IsNotFound(err) {
		return err
	}
	if err == nil && len(acct.Secrets) > 0 && acct.State != desk.AccountGone { // without a token nobody would listen
		if err := c.told(ctx, settings, acct); err != nil {
			return err
		}
	}
	return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
}

func (c *Connect) told(ctx context.Context, ws desk.Workspace, acct channel.Account) error {
	ch, err := c.Channels.Find(acct.Kind)
	if err != nil {
		return nil //nolint:nilerr // a channel that is no part of the program needs nothing
	}
	s, ok := ch.(channel.Subscriber)
	switch {
	case !ok:
		return nil
	case ws.Closed():
		return c.unsubscribe(ctx, s, acct)
	}
	err = s.Subscribe(ctx, acct)
	if desk.CodeOf(err) == desk.Unauthenticated { // the token ended meanwhile: a person has to connect it again
		_, err = c.broken(ctx, ws.ID, acct.ID, reason(err))
	}
	return err
}
