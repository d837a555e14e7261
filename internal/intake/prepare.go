package intake

import (
	"context"
	"fmt"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/store"
	"parley/internal/vault"
)

// Bounds of what a channel may hand over; longer values are bad items.
const (
	maxOutsideID = 512
	maxChoice    = 200
	maxKind      = 40
	maxName      = 200
	maxEmail     = 254
	maxLanguage  = 8
	maxFiles     = 30
	maxAliases   = 8
)

// filing is one part on its way into rows: everything that needs no transaction
// was done.
type filing struct {
	item     flow.Item
	acct     channel.Account
	skills   desk.Skills
	gone     bool // the part or its account is no longer there
	arrivals []arrival
	bad      error // the part or one of its items cannot be read
	seen     *survey
}

// arrival is one item, cleaned, with the contact id to use if nobody is known
// by its sender; that contact's key is durable already.
type arrival struct {
	desk.Arrival
	fresh    desk.ID
	language string // "" = no guess
}

// prepare reads the parts of one lane, parses and cleans them and makes the
// keys of new contacts, so that the transaction only moves rows.
func (in *Intake) prepare(ctx context.Context, items []flow.Item) ([]filing, error) {
	h := in.DB.In(items[0].Workspace)
	all := make([]filing, len(items))
	ids := make([]desk.ID, len(items))
	for i, item := range items {
		all[i].item, ids[i] = item, item.Object
	}
	var raws []store.Raw
	err := h.Read(ctx, func(r *store.Rx) (err error) {
		if raws, err = r.Arrivals(ids); err != nil {
			return err
		}
		return accounts(r, all, raws)
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if !all[i].gone {
			in.read(&all[i], raws[i])
		}
	}
	return all, in.makeKeys(ctx, h, all)
}

// accounts notes whose parts these are; nothing is left to file of one whose
// account or bytes are gone.
func accounts(r *store.Rx, all []filing, raws []store.Raw) error {
	known := map[desk.ID]channel.Account{}
	for i, raw := range raws {
		if len(raw.Body) == 0 {
			all[i].gone = true
			continue
		}
		acct, ok := known[raw.Account]
		if !ok {
			var err error
			if acct, err = account(r, raw.Account); err != nil {
				return err
			}
			known[raw.Account] = acct
		}
		all[i].acct, all[i].gone = acct, acct.ID == 0
	}
	return nil
}

// account is empty when it is gone.
func account(r *store.Rx, id desk.ID) (channel.Account, error) {
	acct, err := r.Account(id)
	if desk.IsNotFound(err) || acct.State == desk.AccountGone {
		return channel.Account{}, nil
	}
	if err != nil {
		return channel.Account{}, err
	}
	card, err := r.Card(id)
	return channel.Account{Account: acct, Details: card.Details}, err
}

// read turns a part into cleaned arrivals; what cannot be read is kept in bad.
func (in *Intake) read(f *filing, raw store.Raw) {
	c, err := in.Channels.Find(f.acct.Kind)
	if err != nil {
		f.bad = err
		return
	}
	f.skills = c.Info().Skills
	found, err := parse(c, f.acct, channel.Part{OutsideID: f.acct.OutsideID, Body: raw.Body})
	if err != nil {
		f.bad = err
		return
	}
	for _, a := range found {
		clean, err := cleaned(a, raw.At)
		if err != nil {
			f.bad = err
			continue
		}
		f.arrivals = append(f.arrivals, arrival{Arrival: clean, language: guess(clean)})
	}
}

// parse keeps a panic in one channel's parser from stopping its lane.
func parse(c channel.Channel, acct channel.Account, p channel.Part) (all []desk.Arrival, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = desk.Fail(desk.Internal, "parse_panic", fmt.Sprintf("the parser of %s stopped with a %T", acct.Kind, r))
		}
	}()
	return c.Parse(acct, p)
}

func cleaned(a desk.Arrival, received time.Time) (desk.Arrival, error) {
	named := a.Sender.Kind != "" && a.Sender.Value != "" || !a.Kind.OfPerson()
	if !named || len(a.Sender.Value) > maxOutsideID || len(a.ExternalID) > maxOutsideID || len(a.Target) > maxOutsideID ||
		len(a.Choice) > maxChoice || len(a.MsgKind) > maxKind || len(a.Media) > maxFiles || len(a.Aliases) > maxAliases {
		return a, desk.Fail(desk.Invalid, "bad_item", "an item without sender, or with an id that is too long")
	}
	if a.At.IsZero() || a.At.After(received) {
		a.At = received // a provider's clock may run ahead; ours decides what is newer
	}
	a.Text = desk.Body(text.Normalise(string(a.Text), desk.MaxBody))
	a.Name = text.Normalise(a.Name, maxName)
	a.Email = text.Normalise(a.Email, maxEmail)
	if a.MsgKind == "" {
		a.MsgKind = desk.KindText
	}
	return a, nil
}

// sure is the confidence below which a guess of the language only repeats a
// hint.
const sure = 0.35

// guess tells the language of what was written; without evidence it is the
// channel's own hint.
func guess(a desk.Arrival) string {
	if a.Kind != desk.ArrivedMessage || a.Text == "" {
		return ""
	}
	if code, confidence := text.Language(string(a.Text)); confidence >= sure {
		return code
	}
	return text.Cut(a.Language, maxLanguage)
}

// makeKeys gives every sender nobody knows an id whose key is durable before
// the transaction begins: a key costs a commit of its own, which must not hold
// up the one writer.
func (in *Intake) makeKeys(ctx context.Context, h store.Handle, all []filing) error {
	known, err := senders(ctx, h, all)
	if err != nil {
		return err
	}
	fresh := map[desk.IdentityHint]desk.ID{}
	for i := range all {
		for j := range all[i].arrivals {
			a := &all[i].arrivals[j]
			if known[a.Sender] || !makes(a.Kind) {
				continue
			}
			if fresh[a.Sender] == 0 {
				id := in.DB.NewID()
				if _, err := in.DB.Vault().Key(ctx, vault.Ref{Workspace: int64(h.Workspace()), Kind: vault.Subject, Of: int64(id)}); err != nil {
					return err
				}
				fresh[a.Sender] = id
			}
			a.fresh = fresh[a.Sender]
		}
	}
	return nil
}

// senders tells of everybody in the parts of one account who may be new whether
// they are known.
func senders(ctx context.Context, h store.Handle, all []filing) (map[desk.IdentityHint]bool, error) {
	known := map[desk.IdentityHint]bool{}
	var hints []desk.IdentityHint
	account := desk.ID(0)
	for _, f := range all {
		for _, a := range f.arrivals {
			if _, seen := known[a.Sender]; !seen && makes(a.Kind) {
				known[a.Sender], account = false, f.acct.ID
				hints = append(hints, a.Sender)
			}
		}
	}
	if len(hints) == 0 {
		return known, nil
	}
	err := h.Read(ctx, func(r *store.Rx) error {
		found, err := r.IdentitiesBy(account, hints)
		for i, who := range found {
			known[hints[i]] = who.ID != 0
		}
		return err
	})
	return known, err
}

// begins reports whether such an arrival is somebody's turn to be answered.
func begins(k desk.ArrivalKind) bool { return k == desk.ArrivedMessage || k == desk.ArrivedPerson }

// makes reports whether such an arrival makes a contact of somebody unknown.
func makes(k desk.ArrivalKind) bool {
	switch k {
	case desk.ArrivedEcho, desk.ArrivedReferral, desk.ArrivedOptIn, desk.ArrivedFeedback:
		return true
	}
	return begins(k)
}
