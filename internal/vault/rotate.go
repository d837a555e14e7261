package vault

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"time"
)

// RotateRoot puts next in the place of the root key: it begins an epoch whose
// key next wraps, wraps every key under it and destroys the epochs of the root
// key before, which then opens nothing, not even old copies of wrapped keys.
// Sealing and opening go on meanwhile.
//
// The caller keeps next durable before the call, and what stood before until it
// has returned without an error: a vault opened with both, next as Root and the
// other as Before, reads what an interrupted call left, and ends it when called
// again.
func (v *Vault) RotateRoot(ctx context.Context, next Root) error {
	root, err := next.sealer()
	if err != nil {
		return err
	}
	v.turning.Lock()
	defer v.turning.Unlock()
	roots := append([]cipher.AEAD{root}, *v.roots.Load()...)
	v.roots.Store(&roots)
	if err := v.turn(ctx); err != nil {
		return err
	}
	if err := v.opensAll(ctx, root); err != nil {
		return err
	}
	only := []cipher.AEAD{root}
	v.roots.Store(&only)
	now := v.clock.Now()
	v.rootSince.Store(&now)
	return nil
}

// opensAll makes sure that no epoch is left which this root key does not open,
// before the other is given up.
func (v *Vault) opensAll(ctx context.Context, root cipher.AEAD) error {
	held, err := v.custody.Epochs(ctx)
	if err != nil {
		return err
	}
	for _, n := range held {
		wrapped, err := v.custody.Load(ctx, n)
		if errors.Is(err, ErrNoEpoch) {
			continue // another process ended it meanwhile
		}
		if err != nil {
			return err
		}
		if len(wrapped) < 1+gcmOverhead {
			return fmt.Errorf("vault: epoch key %d in custody is damaged", n)
		}
		if _, err := root.Open(nil, nil, wrapped[1:], epochAD(n)); err != nil {
			return fmt.Errorf("%w: epoch key %d was made meanwhile under the one before; rotate again", ErrRootKey, n)
		}
	}
	return nil
}

// Rotate makes a new key for a workspace's own content. What the key before has
// sealed still opens; nothing new is sealed under it, here at once and within
// CacheFor in other processes. A workspace that has no key yet gets none.
func (v *Vault) Rotate(ctx context.Context, workspace int64) error {
	ref := Ref{Workspace: workspace, Kind: Workspace}
	for tries := 0; ; tries++ {
		err := v.replace(ctx, ref)
		if errors.Is(err, ErrNoKey) && tries == 0 {
			return nil
		}
		again := errors.Is(err, ErrEpochClosed) || errors.Is(err, ErrNoEpoch) || errors.Is(err, ErrNoKey)
		if !again || tries >= turnTries {
			return err
		}
		if err := v.refresh(ctx); err != nil {
			return err
		}
	}
}

func (v *Vault) replace(ctx context.Context, ref Ref) error {
	old, err := v.keys.Get(ctx, ref)
	if err != nil {
		return err
	}
	secret, err := v.unwrapSecret(ctx, old)
	if err != nil {
		return err
	}
	epoch := v.epochs.now()
	retired := old
	retired.Ref.Kind, retired.Ref.Of = Retired, old.ID
	if retired, err = v.wrap(ctx, retired, epoch, secret); err != nil {
		return err
	}
	fresh := Wrapped{ID: v.newID(), Ref: ref, CreatedAt: v.clock.Now().UTC().Truncate(time.Microsecond)}
	if fresh, err = v.wrap(ctx, fresh, epoch, freshKey()); err != nil {
		return err
	}
	v.cache.forget([]Ref{ref})
	err = v.keys.Replace(ctx, old.ID, retired, fresh)
	v.cache.forget([]Ref{ref}) // a reader may have cached it again just before
	return err
}
