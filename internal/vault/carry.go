package vault

import (
	"context"
	"crypto/subtle"
	"time"
)

// RefOf names the key that sealed bytes are sealed with.
func (v *Vault) RefOf(ctx context.Context, sealed []byte) (Ref, error) {
	id, ok := KeyID(sealed)
	if !ok {
		return Ref{}, ErrTampered
	}
	o, err := v.openedByID(ctx, id)
	if err != nil {
		return Ref{}, err
	}
	return o.ref, nil
}

// SearchSecret returns the bytes of a workspace's search key, for a workspace
// that moves to another install: its blind terms and hashes are found by them
// there. They seal nothing.
func (v *Vault) SearchSecret(ctx context.Context, workspace int64) ([]byte, error) {
	k, err := v.Key(ctx, Ref{Workspace: workspace, Kind: Search})
	if err != nil {
		return nil, err
	}
	return append([]byte(nil), k.o.secret()...), nil
}

// TakeSearchSecret makes those bytes the search key of a workspace that has none;
// ErrBadRef when it has another one, or the bytes are no key.
func (v *Vault) TakeSearchSecret(ctx context.Context, workspace int64, secret []byte) error {
	ref := Ref{Workspace: workspace, Kind: Search}
	if err := ref.check(); err != nil || len(secret) != keySize || workspace == 0 {
		return ErrBadRef
	}
	w := Wrapped{ID: v.newID(), Ref: ref, CreatedAt: v.clock.Now().UTC().Truncate(time.Microsecond)}
	o, err := v.load(ctx, v.clock.Now(), func() (Wrapped, error) { return v.put(ctx, w, secret) })
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(o.secret(), secret) != 1 {
		return ErrBadRef
	}
	return nil
}
