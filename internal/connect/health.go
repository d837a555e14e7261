package connect

import (
	"context"
	"errors"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/store"
)

// Health is how an account is, asked live.
type Health struct {
	channel.Health
	Account desk.Account
	Until   time.Time // end of the token, zero = without end
}

// Health asks the provider how an account is and keeps what it says.
func (c *Connect) Health(ctx context.Context, ws, id desk.ID) (Health, error) {
	acct, card, err := c.opened(ctx, ws, id)
	if err != nil {
		return Health{}, err
	}
	out := Health{Account: acct.Account, Until: acct.Details.TokenUntil}
	ch, err := c.Channels.Find(acct.Kind)
	if err != nil {
		return out, err
	}
	prober, ok := ch.(channel.Prober)
	if !ok {
		return out, nil
	}
	if len(acct.Secrets) == 0 { // there is nothing to ask with; what took the token away is known
		out.Findings, out.Details = []channel.Finding{{Name: "token", Reason: orToken(card.Fault)}}, acct.Details
		return out, nil
	}
	found, err := prober.Probe(ctx, acct)
	if err != nil {
		found = channel.Health{Findings: []channel.Finding{{Name: "live", Reason: reason(err)}}, Details: acct.Details}
	}
	out.Health = found
	card.Fault, card.Details = "", found.Details
	for _, f := range found.Findings {
		if !f.OK && card.Fault == "" {
			card.Fault = f.Reason
		}
	}
	return out, c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		card.CheckedAt = tx.Now()
		return tx.SetCard(id, card)
	})
}

func orToken(fault string) string {
	if fault == "" {
		return "token_invalid"
	}
	return fault
}

// renewStep is how many accounts one sweep looks at together.
const renewStep = 100

// Renew renews every token that is due. One that cannot be renewed makes its
// account ask for a person; one that only failed is tried again in an hour.
func (c *Connect) Renew(ctx context.Context) error {
	var due []store.Renewal
	err := c.DB.In(0).Read(ctx, func(r *store.Rx) (err error) {
		due, err = r.Renewals(c.DB.Clock().Now(), renewStep)
		return err
	})
	for _, one := range due {
		err = errors.Join(err, c.renew(ctx, one))
	}
	return err
}

func (c *Connect) renew(ctx context.Context, one store.Renewal) error {
	acct, _, err := c.opened(ctx, one.Workspace, one.Account)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	ch, err := c.Channels.Find(acct.Kind)
	if err != nil {
		return nil //nolint: a channel that was taken out of the program renews nothing
	}
	renewer, ok := ch.(channel.Renewer)
	if !ok {
		return nil
	}
	fresh, err := renewer.Renew(ctx, acct)
	var e *desk.Error
	if err != nil && errors.As(err, &e) && !e.Retry {
		_, err = c.broken(ctx, one.Workspace, one.Account, reason(err))
		return err
	}
	return c.DB.In(one.Workspace).Write(ctx, func(tx *store.Tx) error {
		card, lost := tx.Card(one.Account)
		if lost != nil {
			return lost
		}
		if err != nil {
			card.RenewAt = tx.Now().Add(time.Hour)
			return tx.SetCard(one.Account, card)
		}
		acct.Secrets[channel.SecretToken] = fresh.Token
		card.Details.TokenUntil, card.Details.TokenAt = fresh.Until, tx.Now()
		acct.Details = card.Details
		card.RenewAt = renewAt(ch, acct)
		return errors.Join(tx.SetSecrets(one.Account, acct.Secrets), tx.SetCard(one.Account, card))
	})
}
