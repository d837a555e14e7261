package connect

import (
	"context"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/store"
)

// unsubscribe turns an account's deliveries off, unless another account of the
// install needs the same subscription: a page's serve its Instagram account,
// too, and a business account's all its numbers.
func (c *Connect) unsubscribe(ctx context.Context, s channel.Subscriber, acct channel.Account) error {
	all, err := c.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	shared := false
	for _, ws := range all {
		if ws.Closed() { // its accounts listen to nothing
			continue
		}
		err := c.DB.In(ws.ID).Read(ctx, func(r *store.Rx) error {
			others, err := r.Accounts()
			for _, o := range others {
				if err != nil {
					return err
				}
				if o.ID == acct.ID || o.State == desk.AccountGone {
					continue
				}
				var same bool
				same, err = c.sameSubscription(r, o, s.Subscription(acct))
				shared = shared || same
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if shared {
		return nil
	}
	return s.Unsubscribe(ctx, acct)
}

func (c *Connect) sameSubscription(r *store.Rx, o desk.Account, name string) (bool, error) {
	ch, err := c.Channels.Find(o.Kind)
	if err != nil {
		return false, nil //nolint:nilerr // a channel that is no part of the program needs nothing
	}
	s, ok := ch.(channel.Subscriber)
	if !ok {
		return false, nil
	}
	card, err := r.Card(o.ID)
	return err == nil && name != "" && s.Subscription(channel.Account{Account: o, Details: card.Details}) == name, err
}
