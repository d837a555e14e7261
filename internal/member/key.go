package member

import (
	"context"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
	"parley/internal/store"
)

const (
	keyPrefix   = "pk_"
	tokenLength = 43 // base64url of 256 bits
	maxKeyName  = 100
)

// NewKey is a key with the token that is shown once.
type NewKey struct {
	store.AccessKey
	Token string
}

// AddKey makes a key of a role. Its maker may only give what they hold
// themselves, and no key is an operator.
func (r *Roster) AddKey(ctx context.Context, ws desk.ID, name string, role desk.Role, by desk.Actor) (NewKey, error) {
	name = text.Normalise(name, maxKeyName)
	switch {
	case name == "":
		return NewKey{}, desk.Fail(desk.Invalid, "name_missing", "a key needs a name")
	case !desk.ValidRole(role) || role == desk.RoleOperator:
		return NewKey{}, desk.Fail(desk.Invalid, "role_unknown", "a key is owner, admin, agent, analyst, billing or privacy")
	case by.Kind != desk.BySystem && !holds(by.Role, role):
		return NewKey{}, desk.Fail(desk.Forbidden, "role_wider", "a key may do no more than the person who makes it")
	}
	k := NewKey{Token: keyPrefix + secret.Token()}
	err := r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		k.AccessKey = store.AccessKey{ID: tx.NewID(), Workspace: ws, Name: name, Role: role, CreatedAt: tx.Now()}
		if by.Kind == desk.ByMember {
			k.CreatedBy = by.ID
		}
		if err := tx.InsertAccessKey(secret.Hash(k.Token), k.AccessKey); err != nil {
			return err
		}
		return r.record(tx, by, "key.add", k.ID)
	})
	return k, err
}

// holds reports whether a role may do everything another may.
func holds(have, want desk.Role) bool {
	for _, p := range desk.Permissions(want) {
		if !desk.Can(have, p) {
			return false
		}
	}
	return true
}

// Keys pages through a workspace's keys, oldest first.
func (r *Roster) Keys(ctx context.Context, ws, after desk.ID, limit int) ([]store.AccessKey, error) {
	var all []store.AccessKey
	err := r.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		all, err = rx.AccessKeys(after, limit)
		return err
	})
	return all, err
}

// DropKey removes a key; it stops working with the next request.
func (r *Roster) DropKey(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	return r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropAccessKey(id); err != nil {
			return err
		}
		return r.record(tx, by, "key.drop", id)
	})
}

// Key says which key a token is.
func (r *Roster) Key(ctx context.Context, token string) (Who, error) {
	unknown := desk.Fail(desk.Unauthenticated, "key_unknown", "this API key is not known; make a new one in the dashboard")
	if len(token) != len(keyPrefix)+tokenLength || !strings.HasPrefix(token, keyPrefix) {
		return Who{}, unknown
	}
	k, ws, err := r.db.AccessKeyByHash(ctx, secret.Hash(token))
	if desk.IsNotFound(err) {
		return Who{}, unknown
	}
	if err != nil {
		return Who{}, err
	}
	if r.clk.Now().Sub(k.UsedAt) >= touchEvery {
		if err := r.db.In(ws.ID).Write(ctx, func(tx *store.Tx) error { return tx.TouchAccessKey(k.ID) }); err != nil {
			return Who{}, err
		}
	}
	return Who{Actor: desk.Actor{Kind: desk.ByKey, ID: k.ID, Name: k.Name, Role: k.Role}, Workspace: ws}, nil
}
