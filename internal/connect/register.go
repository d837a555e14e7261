package connect

import (
	"context"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Register brings an account's number into service with its PIN, which goes to
// the provider and nowhere else. Who did it is on record. desk.Invalid
// "no_register" where the channel asks for none.
func (c *Connect) Register(ctx context.Context, who Who, id desk.ID, pin secret.Text) error {
	acct, _, err := c.opened(ctx, who.Workspace, id)
	if err != nil {
		return err
	}
	ch, err := c.Channels.Find(acct.Kind)
	if err != nil {
		return err
	}
	r, ok := ch.(channel.Registrar)
	if !ok {
		return desk.Fail(desk.Invalid, "no_register", "this channel asks for no registration")
	}
	if err := r.Register(ctx, acct, pin); err != nil {
		return err
	}
	return c.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) error { return c.changed(tx, who.Actor, "channel.register", id) })
}
