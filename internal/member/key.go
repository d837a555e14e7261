package member

import (
	"context"
	"slices"
	"strings"
	"time"

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

// KeyTerm is how long a key works at most, and unless something shorter is asked
// for.
const KeyTerm = 365 * 24 * time.Hour

// KeyWish is a key that somebody asks for.
type KeyWish struct {
	Name   string
	Role   desk.Role
	Scopes []desk.Permission // what of its role it may do; empty = all
	Term   time.Duration     // until it ends; 0 = KeyTerm, which is the longest
}

func (k *KeyWish) check() error {
	k.Name = text.Normalise(k.Name, maxKeyName)
	if k.Term == 0 {
		k.Term = KeyTerm
	}
	slices.Sort(k.Scopes)
	k.Scopes = slices.Compact(k.Scopes)
	switch {
	case k.Name == "":
		return desk.Fail(desk.Invalid, "name_missing", "a key needs a name")
	case !desk.ValidRole(k.Role) || k.Role == desk.RoleOperator:
		return desk.Fail(desk.Invalid, "role_unknown", "a key is owner, admin, agent, analyst, billing or privacy")
	case k.Term < time.Minute || k.Term > KeyTerm:
		return desk.Fail(desk.Invalid, "term_invalid", "a key ends within a year; make a new one before it does")
	}
	for _, p := range k.Scopes {
		if !desk.Can(k.Role, p) {
			return desk.Fail(desk.Invalid, "scope_wider", "a scope is one of the permissions of the key's role; "+string(p)+" is none of "+string(k.Role))
		}
	}
	return nil
}

// AddKey makes a key. Its maker may only give what they hold themselves, and no
// key is an operator. One that a key makes counts as made by whoever made that
// one, and ends no later. Errors: desk.Invalid with the reason, desk.Forbidden
// "role_wider".
func (r *Roster) AddKey(ctx context.Context, ws desk.ID, wish KeyWish, by desk.Actor) (NewKey, error) {
	if err := wish.check(); err != nil {
		return NewKey{}, err
	}
	whole := desk.Actor{Role: wish.Role, Cut: desk.CutTo(wish.Role, wish.Scopes)}
	for _, p := range whole.Permissions() {
		if by.Kind != desk.BySystem && !by.May(p) {
			return NewKey{}, desk.Fail(desk.Forbidden, "role_wider", "a key may do no more than the person who makes it")
		}
	}
	k := NewKey{Token: keyPrefix + secret.Token()}
	err := r.db.In(ws).Write(ctx, func(tx *store.Tx) error {
		k.AccessKey = store.AccessKey{ID: tx.NewID(), Workspace: ws, Name: wish.Name, Role: wish.Role, Scopes: wish.Scopes,
			CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(wish.Term)}
		switch by.Kind {
		case desk.ByMember:
			k.CreatedBy = by.ID
		case desk.ByKey:
			mother, err := tx.AccessKey(by.ID)
			if err != nil {
				return err
			}
			k.CreatedBy = mother.CreatedBy
			if mother.ExpiresAt.Before(k.ExpiresAt) {
				k.ExpiresAt = mother.ExpiresAt
			}
		case desk.BySystem:
		}
		if err := tx.InsertAccessKey(secret.Hash(k.Token), k.AccessKey); err != nil {
			return err
		}
		return r.record(tx, by, "key.add", k.ID)
	})
	return k, err
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

// Key says which key a token is, and what it may do now: what its role and its
// scopes let it, and whoever made it may still do themselves. One whose maker
// left or was switched off works no more, nor one past its end; both say so.
func (r *Roster) Key(ctx context.Context, token string) (Who, error) {
	unknown := desk.Fail(desk.Unauthenticated, "key_unknown", "this API key is not known; make a new one in the dashboard")
	if len(token) != len(keyPrefix)+tokenLength || !strings.HasPrefix(token, keyPrefix) {
		return Who{}, unknown
	}
	k, maker, ws, err := r.db.AccessKeyByHash(ctx, secret.Hash(token))
	if desk.IsNotFound(err) {
		return Who{}, unknown
	}
	if err != nil {
		return Who{}, err
	}
	switch {
	case !r.clk.Now().Before(k.ExpiresAt):
		return Who{}, desk.Fail(desk.Unauthenticated, "key_over", "this API key has expired; make a new one in the dashboard")
	case k.CreatedBy != 0 && !maker.Active:
		return Who{}, desk.Fail(desk.Unauthenticated, "key_orphan", "whoever made this API key is no member any more; somebody else makes a new one in the dashboard")
	}
	if r.clk.Now().Sub(k.UsedAt) >= touchEvery {
		if err := r.db.In(ws.ID).Write(ctx, func(tx *store.Tx) error { return tx.TouchAccessKey(k.ID) }); err != nil {
			return Who{}, err
		}
	}
	cut := desk.CutTo(k.Role, k.Scopes)
	for _, p := range desk.Permissions(k.Role) {
		if k.CreatedBy != 0 && !desk.Can(maker.Role, p) && !slices.Contains(cut, p) {
			cut = append(cut, p)
		}
	}
	return Who{Actor: desk.Actor{Kind: desk.ByKey, ID: k.ID, Name: k.Name, Role: k.Role, Cut: cut}, Workspace: ws}, nil
}
