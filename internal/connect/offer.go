package connect

import (
	"context"
	"encoding/json"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Offer is what a sign-in or a pasted token may connect.
type Offer struct {
	ID       desk.ID
	Accounts []channel.Candidate
}

// kept is a candidate as it waits to be ticked: secret.Text never marshals.
type kept struct {
	channel.Candidate
	Secrets map[string]string
}

func pack(all []channel.Candidate) ([]byte, error) {
	out := make([]kept, 0, len(all))
	for _, a := range all {
		k := kept{a, map[string]string{}}
		for name, s := range a.Secrets {
			k.Secrets[name] = s.Reveal()
		}
		k.Candidate.Secrets = nil
		out = append(out, k)
	}
	return json.Marshal(out)
}

func unpack(body []byte) ([]channel.Candidate, error) {
	var in []kept
	if len(body) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	all := make([]channel.Candidate, 0, len(in))
	for _, k := range in {
		c := k.Candidate
		c.Secrets = map[string]secret.Text{}
		for name, s := range k.Secrets {
			c.Secrets[name] = secret.New(s)
		}
		all = append(all, c)
	}
	return all, nil
}

// acknowledged is recorded for every sign-in and every pasted token: the caller
// answers for having shown what is asked for and why.
const acknowledged = "channel.acknowledge"

// Who connects, and for which workspace.
type Who struct {
	Workspace desk.ID
	Actor     desk.Actor
}

// Begin starts a sign-in and returns where the browser goes. What comes back is
// good once, for the same person, within 20 minutes.
func (c *Connect) Begin(ctx context.Context, who Who, kind, way, redirect string) (string, error) {
	ch, err := c.way(ctx, who.Workspace, kind, way)
	if err != nil {
		return "", err
	}
	auth, ok := ch.(channel.Authorizer)
	if !ok {
		return "", desk.Fail(desk.Invalid, "unknown_way", "a "+kind+" account is not connected by a sign-in")
	}
	state := secret.Token()
	url, err := auth.AuthURL(way, redirect, state)
	if err != nil {
		return "", err
	}
	return url, c.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) error {
		id := tx.NewID()
		if err := c.Audit.Add(tx, who.Actor, acknowledged, id); err != nil {
			return err
		}
		return tx.AddOffer(secret.Hash(state), store.Offer{ID: id, Member: who.Actor.ID, Kind: kind, Way: way, ExpiresAt: tx.Now().Add(offerTerm)})
	})
}

// Finish trades the code of a sign-in for what it offers.
func (c *Connect) Finish(ctx context.Context, who Who, redirect, state, code string) (Offer, error) {
	var begun store.Offer
	err := c.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) (err error) {
		if begun, err = tx.OfferByState(secret.Hash(state)); err != nil {
			return err
		}
		if begun.Member != who.Actor.ID {
			return desk.Fail(desk.NotFound, "offer_not_found", "this sign-in was begun by somebody else")
		}
		return tx.FillOffer(begun.ID, secret.Hash(secret.Token()), nil) // the word is used up, whatever follows
	})
	if err != nil {
		return Offer{}, err
	}
	ch, err := c.way(ctx, who.Workspace, begun.Kind, begun.Way)
	if err != nil {
		return Offer{}, err
	}
	auth, ok := ch.(channel.Authorizer)
	if !ok {
		return Offer{}, desk.Fail(desk.Invalid, "unknown_way", "this channel has no sign-in any more")
	}
	found, err := auth.Exchange(ctx, begun.Way, redirect, code)
	if err != nil {
		return Offer{}, err
	}
	body, err := pack(found)
	if err != nil {
		return Offer{}, err
	}
	return Offer{ID: begun.ID, Accounts: found}, c.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) error {
		return tx.FillOffer(begun.ID, secret.Hash(secret.Token()), body)
	})
}

// Paste checks what a person pasted and offers what it may connect.
func (c *Connect) Paste(ctx context.Context, who Who, kind, way string, given map[string]secret.Text) (Offer, error) {
	ch, err := c.way(ctx, who.Workspace, kind, way)
	if err != nil {
		return Offer{}, err
	}
	checker, ok := ch.(channel.Checker)
	if !ok {
		return Offer{}, desk.Fail(desk.Invalid, "unknown_way", "a "+kind+" account is not connected by a token")
	}
	found, err := checker.Check(ctx, way, given)
	if err != nil {
		return Offer{}, err
	}
	body, err := pack(found)
	if err != nil {
		return Offer{}, err
	}
	o := Offer{Accounts: found}
	err = c.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) error {
		o.ID = tx.NewID()
		if err := c.Audit.Add(tx, who.Actor, acknowledged, o.ID); err != nil {
			return err
		}
		return tx.AddOffer(secret.Hash(secret.Token()), store.Offer{ID: o.ID, Member: who.Actor.ID, Kind: kind, Way: way, Body: body,
			ExpiresAt: tx.Now().Add(offerTerm)})
	})
	return o, err
}

// Tick names an account of an offer.
type Tick struct{ Kind, OutsideID string }

// Outcome is what became of one ticked account: connected, or why not.
type Outcome struct {
	Tick
	Account desk.Account
	Err     error
}

// Confirm connects what was ticked and forgets the rest of the offer. Each
// account stands for itself.
func (c *Connect) Confirm(ctx context.Context, who Who, offer desk.ID, ticks []Tick) ([]Outcome, error) {
	var accounts []channel.Candidate
	err := c.DB.In(who.Workspace).Write(ctx, func(tx *store.Tx) error {
		o, err := tx.Offer(offer)
		if err != nil {
			return err
		}
		if o.Member != who.Actor.ID {
			return desk.Fail(desk.NotFound, "offer_not_found", "this sign-in was begun by somebody else")
		}
		if accounts, err = unpack(o.Body); err != nil {
			return err
		}
		return tx.DropOffer(offer)
	})
	if err != nil {
		return nil, err
	}
	all := make([]Outcome, 0, len(ticks))
	for _, t := range ticks {
		one := Outcome{Tick: t, Err: desk.Fail(desk.NotFound, "not_offered", "this account was not offered")}
		for _, a := range accounts {
			if a.Kind == t.Kind && a.OutsideID == t.OutsideID {
				one.Account, one.Err = c.connect(ctx, who, a)
			}
		}
		all = append(all, one)
	}
	return all, nil
}
