package connect

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/store"
)

// offerTerm is how long a sign-in may take, and how long its tokens wait for
// somebody to tick.
const offerTerm = 20 * time.Minute

// Audit keeps who did what, in the caller's transaction.
type Audit interface {
	Add(tx *store.Tx, by desk.Actor, action string, object desk.ID) error
}

// Ledger keeps that an account was disconnected where a restore of older data
// finds it.
type Ledger interface {
	Begin(ctx context.Context, ws desk.ID, acct desk.Account) (no int64, err error)
	End(ctx context.Context, no int64) error
}

// Signer signs certificates with the install's key.
type Signer interface {
	SignDocument(ctx context.Context, document []byte) ([]byte, error)
}

// Eraser removes people and what they said, each act in the privacy ledger.
type Eraser interface {
	// Forget erases a contact with all that is theirs; one who is gone is no error.
	Forget(ctx context.Context, ws, contact desk.ID) error
	// ForgetAt deletes what came by one account of a contact who stays; desk.Conflict
	// where a legal hold keeps it.
	ForgetAt(ctx context.Context, ws, contact, account desk.ID) error
	// Resume ends what a crash left half-way.
	Resume(ctx context.Context) error
}

// Door stops taking in what is delivered for an account.
type Door interface {
	Forget(kind, outside string)
}

// Parts is what connect is made of.
type Parts struct {
	DB       *store.DB
	Flow     *flow.Flow
	Channels *channel.Registry
	Audit    Audit
	Ledger   Ledger
	Signer   Signer
	Eraser   Eraser
	Door     Door
	Log      *slog.Logger
	// BackupTerm is how long backups of data are kept at most.
	BackupTerm time.Duration
}

// Connect brings accounts in and out.
type Connect struct{ Parts }

// New makes it.
func New(p Parts) *Connect {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Connect{p}
}

// Kind is a channel with the ways to connect an account of it.
type Kind struct {
	channel.Info
	Entitled bool // the workspace may connect one
}

// Kinds lists the channels that are connected to a provider.
func (c *Connect) Kinds(ctx context.Context, ws desk.ID) ([]Kind, error) {
	var all []Kind
	err := c.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		all = nil
		for _, ch := range c.Channels.All() {
			k := Kind{Info: ch.Info()}
			if len(k.Ways) == 0 {
				continue
			}
			var err error
			if k.Entitled, err = r.Entitled(k.Entitlement); err != nil {
				return err
			}
			all = append(all, k)
		}
		return nil
	})
	return all, err
}

// way finds a channel and one of its ways, if the workspace may use it.
func (c *Connect) way(ctx context.Context, ws desk.ID, kind, id string) (channel.Channel, error) {
	ch, err := c.Channels.Find(kind)
	if err != nil {
		return nil, err
	}
	info := ch.Info()
	known := false
	for _, w := range info.Ways {
		known = known || w.ID == id
	}
	if !known {
		return nil, desk.Fail(desk.Invalid, "unknown_way", "a "+kind+" account is not connected in this way")
	}
	var entitled bool
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		entitled, err = r.Entitled(info.Entitlement)
		return err
	})
	if err == nil && !entitled {
		err = notEntitled(info.Entitlement)
	}
	return ch, err
}

// Entitle changes what the workspace may use and lists what it then may.
func (c *Connect) Entitle(ctx context.Context, who Who, add, without []string) ([]string, error) {
	var known, all []string
	for _, ch := range c.Channels.All() {
		if e := ch.Info().Entitlement; e != "" && !slices.Contains(known, e) {
			known = append(known, e)
		}
	}
	err := c.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) error {
		for _, name := range slices.Concat(add, without) {
			if !slices.Contains(known, name) {
				return desk.Fail(desk.Invalid, "unknown_entitlement", "there is no entitlement called "+name+"; there is: "+strings.Join(known, ", "))
			}
			if err := tx.Entitle(name, !slices.Contains(without, name)); err != nil {
				return err
			}
		}
		if err := c.Audit.Add(tx, who.Actor, "workspace.entitle", who.Workspace); err != nil {
			return err
		}
		all = []string{}
		for _, name := range known {
			ok, err := tx.Entitled(name)
			if err != nil {
				return err
			}
			if ok {
				all = append(all, name)
			}
		}
		return c.Flow.Emit(tx, desk.Event{Kind: desk.WorkspaceChanged})
	})
	return all, err
}

func notEntitled(name string) error {
	return desk.Fail(desk.NotEntitled, "not_entitled", "this workspace's plan does not include "+name+"; an operator can add it")
}

// open returns an account with its secrets.
func open(r *store.Rx, id desk.ID) (channel.Account, store.Card, error) {
	acct, err := r.Account(id)
	if err == nil && acct.State == desk.AccountGone {
		err = desk.Fail(desk.NotFound, "channel_not_found", "there is no such channel")
	}
	if err != nil {
		return channel.Account{}, store.Card{}, err
	}
	card, err := r.Card(id)
	if err != nil {
		return channel.Account{}, card, err
	}
	secrets, err := r.Secrets(id)
	return channel.Account{Account: acct, Details: card.Details, Secrets: secrets}, card, err
}

func (c *Connect) opened(ctx context.Context, ws, id desk.ID) (acct channel.Account, card store.Card, err error) {
	err = c.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		acct, card, err = open(r, id)
		return err
	})
	return acct, card, err
}

// changed tells screens and the record that an account changed.
func (c *Connect) changed(tx *store.Tx, by desk.Actor, action string, id desk.ID) error {
	if err := c.Audit.Add(tx, by, action, id); err != nil {
		return err
	}
	return c.Flow.Emit(tx, desk.Event{Kind: desk.ChannelChanged, Object: id})
}
