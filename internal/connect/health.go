package connect

import (
	"context"
	"errors"
	"slices"
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

// Health asks the provider how an account is, keeps what it says, and adds what
// is known here. An account whose token turns out to be refused asks for a person
// from then on; one that works again by itself does so no more.
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
	now := c.DB.Clock().Now()
	if len(acct.Secrets) == 0 { // there is nothing to ask with; what took the token away is known
		out.Findings, out.Details = []channel.Finding{{Name: "token", Reason: orToken(card.Fault)}}, acct.Details
		out.Findings = append(out.Findings, known(acct.Account, card, now)...)
		return out, nil
	}
	found, err := prober.Probe(ctx, acct)
	if err != nil {
		found = channel.Health{Findings: []channel.Finding{{Name: "reach", Reason: reason(err)}}, Details: acct.Details}
	}
	out.Health, out.Until = found, found.Details.TokenUntil
	fault := firstFault(found.Findings)
	well := fault == ""
	if slices.Contains(passing(), fault) {
		fault = ""
	}
	card.Details = found.Details
	for _, f := range known(acct.Account, card, now) {
		// An access that is refused lasts for nobody, whatever its end was to be.
		if f.OK && f.Name != "events" && f.Name != "sending" && slices.Contains(ofTheToken(), fault) {
			continue
		}
		out.Findings = append(out.Findings, f)
	}
	err = c.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		latest, err := tx.Card(id)
		if err != nil {
			return err
		}
		latest.Details, latest.Fault, latest.CheckedAt = found.Details, fault, tx.Now()
		if well && acct.State == desk.AccountReconnect {
			latest.RenewAt = renewAt(ch, channel.Account{Account: acct.Account, Details: found.Details})
			if out.Account, err = tx.ChangeAccount(id, activate); err != nil {
				return err
			}
			if err := c.changed(tx, system(), "channel.recover", id); err != nil {
				return err
			}
		}
		return tx.SetCard(id, latest)
	})
	if err == nil && acct.State == desk.AccountActive && slices.Contains(ofTheToken(), fault) {
		out.Account, err = c.broken(ctx, ws, id, fault)
	}
	return out, err
}

func activate(a *desk.Account) error {
	if a.State == desk.AccountReconnect {
		a.State = desk.AccountActive
	}
	return nil
}

// ofTheToken are faults that only connecting again mends.
func ofTheToken() []string {
	return []string{"app_removed", "checkpoint", "password_changed", "token_expired", "account_unconfirmed", "token_invalid", "role_lost"}
}

// passing are faults that say nothing of the account: the next check may find it
// well.
func passing() []string {
	return []string{"unreachable", "temporary", "rate_limited", "maintenance", "call_refused"}
}

func firstFault(all []channel.Finding) string {
	for _, f := range all {
		if !f.OK {
			return f.Reason
		}
	}
	return ""
}

func orToken(fault string) string {
	if fault == "" {
		return "token_invalid"
	}
	return fault
}

// Figures of what is known of an account without asking anybody.
const (
	WarnAhead   = 10 * 24 * time.Hour // of the end of a token
	quietFirst  = 24 * time.Hour      // nothing ever arrived
	quietFor    = 7 * 24 * time.Hour  // nothing arrived any more
	refusedNow  = 24 * time.Hour      // the provider refused a message
	refusedOnce = 7 * 24 * time.Hour
)

// known are the findings about an account's time: the end of its token and of
// the provider's data access, the last event, the last refusal.
func known(acct desk.Account, card store.Card, now time.Time) []channel.Finding {
	var all []channel.Finding
	for _, end := range []struct {
		name, soon, over string
		at               time.Time
	}{{"until", "token_ends_soon", "token_expired", card.Details.TokenUntil}, {"access", "access_ends_soon", "access_ended", card.Details.AccessUntil}} {
		f := channel.Finding{Name: end.name, OK: true, At: end.at}
		switch {
		case end.at.IsZero():
			continue
		case !now.Before(end.at): // messages still come and go where only the data access has ended
			f.OK, f.Warn, f.Reason = end.name == "access", end.name == "access", end.over
		case end.at.Sub(now) <= WarnAhead:
			f.Warn, f.Reason = true, end.soon
		}
		all = append(all, f)
	}
	events := channel.Finding{Name: "events", OK: true, At: acct.LastEventAt}
	switch {
	case acct.LastEventAt.IsZero() && now.Sub(acct.ConnectedAt) > quietFirst:
		events.Warn, events.Reason = true, "no_events"
	case !acct.LastEventAt.IsZero() && now.Sub(acct.LastEventAt) > quietFor:
		events.Warn, events.Reason = true, "events_old"
	}
	all = append(all, events)
	if age := now.Sub(card.RefusedAt); card.Refused != "" && age <= refusedOnce {
		all = append(all, channel.Finding{Name: "sending", OK: age > refusedNow, Warn: age > refusedNow, Reason: card.Refused, At: card.RefusedAt})
	}
	return all
}

// Notice is what somebody has to look at without asking the provider: the worst
// of what is known. OK without Warn is nothing.
func Notice(acct desk.Account, card store.Card, now time.Time) channel.Finding {
	switch {
	case acct.State == desk.AccountReconnect && card.Fault != "":
		return channel.Finding{Name: "token", Reason: card.Fault}
	case acct.State == desk.AccountReconnect:
		return channel.Finding{Name: "token", Reason: "reconnect_needed"}
	case card.Fault != "":
		return channel.Finding{Name: "reach", Reason: card.Fault}
	}
	worst := channel.Finding{OK: true}
	for _, f := range known(acct, card, now) {
		if f.Name == "events" || f.Name == "access" { // told by a health check; alone they are no reason to be called
			continue
		}
		if !f.OK {
			return f
		}
		if f.Warn && !worst.Warn {
			worst = f
		}
	}
	return worst
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

// Warn says of every token that ends within ten days, or ended, that it does,
// once: the channel's event and the record tell of it. One that ended makes its
// account ask for a person before anybody waits for an answer in vain.
func (c *Connect) Warn(ctx context.Context) error {
	now := c.DB.Clock().Now()
	var ending []store.Renewal
	err := c.DB.In(0).Read(ctx, func(r *store.Rx) (err error) {
		ending, err = r.Ending(now.Add(WarnAhead), renewStep)
		return err
	})
	for _, one := range ending {
		err = errors.Join(err, c.warn(ctx, one))
	}
	return err
}

func (c *Connect) warn(ctx context.Context, one store.Renewal) error {
	return c.DB.In(one.Workspace).Write(ctx, func(tx *store.Tx) error {
		acct, err := tx.Account(one.Account)
		if err != nil {
			return err
		}
		card, err := tx.Card(one.Account)
		if err != nil {
			return err
		}
		action := "channel.token_ends"
		if !tx.Now().Before(card.Details.TokenUntil) && acct.State == desk.AccountActive {
			action = "channel.broken"
			card.Fault, card.RenewAt = "token_expired", time.Time{}
			if err := tx.SetCard(one.Account, card); err != nil {
				return err
			}
			if _, err := tx.ChangeAccount(one.Account, reconnect); err != nil {
				return err
			}
		}
		if err := tx.Warned(one.Account); err != nil {
			return err
		}
		return c.changed(tx, system(), action, one.Account)
	})
}

func reconnect(a *desk.Account) error {
	if a.State == desk.AccountActive {
		a.State = desk.AccountReconnect
	}
	return nil
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
