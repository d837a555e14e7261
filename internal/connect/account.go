package connect

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

const maxName = 100

// connect brings one account in: rows first, because deliveries may follow at
// once, then the provider is asked for them.
func (c *Connect) connect(ctx context.Context, who Who, a channel.Candidate) (desk.Account, error) {
	if a.Blocked != "" {
		return desk.Account{}, desk.Fail(desk.Forbidden, a.Blocked, channel.Words("en", a.Blocked))
	}
	ch, err := c.Channels.Find(a.Kind)
	if err != nil {
		return desk.Account{}, err
	}
	settings := json.RawMessage("{}")
	if d, ok := ch.(channel.Defaulter); ok {
		if settings, err = d.CheckSettings(settings); err != nil {
			return desk.Account{}, err
		}
	}
	var acct channel.Account
	err = c.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) error {
		ok, err := tx.Entitled(ch.Info().Entitlement)
		if err != nil {
			return err
		}
		if !ok {
			return notEntitled(ch.Info().Entitlement)
		}
		acct = channel.Account{Details: a.Details, Secrets: a.Secrets}
		if acct.Account, err = c.row(tx, a, settings); err != nil {
			return err
		}
		if err := tx.SetSecrets(acct.ID, a.Secrets); err != nil {
			return err
		}
		if err := tx.SetCard(acct.ID, store.Card{Details: a.Details, RenewAt: renewAt(ch, acct), CheckedAt: tx.Now()}); err != nil {
			return err
		}
		return c.changed(tx, who.Actor, "channel.connect", acct.ID)
	})
	if err != nil {
		return desk.Account{}, taken(err)
	}
	if s, ok := ch.(channel.Subscriber); ok {
		if err := s.Subscribe(ctx, acct); err != nil {
			c.Log.Warn("an account was connected but its deliveries could not be turned on", "workspace", who.Workspace, "account", acct.ID, "reason", reason(err))
			return c.broken(ctx, who.Workspace, acct.ID, reason(err))
		}
	}
	// The first check fills in what the sign-in did not tell.
	if h, err := c.Health(ctx, who.Workspace, acct.ID); err == nil {
		return h.Account, nil
	}
	return acct.Account, nil
}

// row makes the account's row, or takes up the one that was left when it was
// disconnected: its conversations are found again.
func (c *Connect) row(tx *store.Tx, a channel.Candidate, settings json.RawMessage) (desk.Account, error) {
	if acct, err := tx.AccountBy(a.Kind, a.OutsideID); err == nil { // connected already: the token is renewed
		return tx.ChangeAccount(acct.ID, func(acct *desk.Account) error {
			acct.State = desk.AccountActive
			return nil
		})
	} else if !desk.IsNotFound(err) {
		return desk.Account{}, err
	}
	shell, err := tx.ShellID(a.Kind, a.OutsideID)
	if err != nil {
		return desk.Account{}, err
	}
	name := text.Normalise(a.Name, maxName)
	old, err := tx.AccountBy(a.Kind, shell)
	if desk.IsNotFound(err) {
		acct := desk.Account{ID: tx.NewID(), Workspace: tx.Workspace(), Kind: a.Kind, OutsideID: a.OutsideID, Name: name,
			State: desk.AccountActive, Settings: settings, ConnectedAt: tx.Now()}
		return acct, tx.InsertAccount(acct)
	}
	if err != nil {
		return desk.Account{}, err
	}
	if err := tx.MoveAccount(old.ID, a.OutsideID); err != nil {
		return desk.Account{}, err
	}
	acct, err := tx.ChangeAccount(old.ID, func(acct *desk.Account) error {
		acct.State, acct.Name, acct.Settings, acct.ConnectedAt = desk.AccountActive, name, settings, tx.Now()
		return nil
	})
	acct.OutsideID = a.OutsideID
	return acct, err
}

// taken: the only row that may stand in the way is another workspace's account.
func taken(err error) error {
	var e *desk.Error
	if errors.As(err, &e) && e.Code == desk.Conflict && e.Reason == "exists" {
		return desk.Fail(desk.Conflict, "account_taken", "another workspace of this install has connected this account; it must disconnect it first")
	}
	return err
}

func renewAt(ch channel.Channel, acct channel.Account) time.Time {
	if r, ok := ch.(channel.Renewer); ok {
		return r.RenewAt(acct)
	}
	return time.Time{}
}

// reason is the key of the words for what went wrong.
func reason(err error) string {
	var e *desk.Error
	if errors.As(err, &e) && e.Reason != "" {
		return e.Reason
	}
	return "provider_failed"
}

// Refused is told by whoever finds that the provider refuses what concerns the
// whole account: its token, or what it or the app may do. Other reasons are
// about one message and change nothing here.
func (c *Connect) Refused(ctx context.Context, ws, id desk.ID, code desk.Code, why string) error {
	switch {
	case code == desk.Unauthenticated:
		_, err := c.broken(ctx, ws, id, why)
		return err
	case slices.Contains(ofTheAccount(), why):
		return c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
			card, err := tx.Card(id)
			if err != nil || card.Refused == why && tx.Now().Sub(card.RefusedAt) < time.Hour { // said just now
				return err
			}
			if err := tx.NoteRefused(id, why); err != nil {
				return err
			}
			return c.Flow.Emit(tx, desk.Event{Kind: desk.ChannelChanged, Object: id})
		})
	}
	return nil
}

// ofTheAccount are reasons for refusing a message that are no message's own.
func ofTheAccount() []string {
	return []string{"app_not_live", "messages_off", "no_capability", "permission_missing", "page_restricted", "policy_blocked",
		"account_locked", "payment_needed", "payment_terms", "not_registered", "number_unverified", "spam_limited", "abuse_warning"}
}

// broken marks an account as one that a person has to connect again.
func (c *Connect) broken(ctx context.Context, ws, id desk.ID, why string) (acct desk.Account, err error) {
	err = c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if acct, err = tx.ChangeAccount(id, reconnect); err != nil {
			return err
		}
		card, err := tx.Card(id)
		if err != nil {
			return err
		}
		card.Fault, card.RenewAt = why, time.Time{}
		if err := tx.SetCard(id, card); err != nil {
			return err
		}
		return c.changed(tx, system(), "channel.broken", id)
	})
	return acct, err
}

func system() desk.Actor { return desk.Actor{Kind: desk.BySystem, Name: "Parley"} }
