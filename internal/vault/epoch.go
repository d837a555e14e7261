package vault

import (
	"context"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	wrapVersion = 1
	// stepKeys is how many keys one transaction of a turn or a sweep touches.
	stepKeys = 256
	// turnTries is how often a reader starts over because epochs turn under it.
	turnTries = 8
)

// epochs holds the opened epoch keys for a short time, and which one is current.
type epochs struct {
	mu      sync.RWMutex
	current int64
	ended   int64 // epochs below this one are destroyed and never cached again
	opened  map[int64]*epochKey
}

type epochKey struct {
	aead   cipher.AEAD
	loaded time.Time
}

// begin finds the current epoch, and makes the first one in a new install. It
// closes older ones only in TurnEpoch.
func (v *Vault) begin(ctx context.Context) error {
	floor, err := v.keys.Floor(ctx)
	if err != nil {
		return err
	}
	held, err := v.custody.Epochs(ctx)
	if err != nil {
		return err
	}
	if len(held) == 0 && floor == 0 {
		if err := v.makeEpoch(ctx, 1); err != nil {
			return err
		}
	}
	if err := v.refresh(ctx); err != nil {
		return err
	}
	// From now on an empty custody is a loss, not a new install. The current
	// key is opened once, so that a wrong root key is seen at the start.
	if floor == 0 {
		if err := v.keys.CloseBelow(ctx, 1); err != nil {
			return err
		}
	}
	_, err = v.epoch(ctx, v.epochs.now())
	return err
}

// refresh takes the newest epoch in custody as the current one. The floor is
// read first: an epoch is in custody before the floor rises to it, so the list
// read afterwards holds it even while another process turns.
func (v *Vault) refresh(ctx context.Context) error {
	floor, err := v.keys.Floor(ctx)
	if err != nil {
		return err
	}
	held, err := v.custody.Epochs(ctx)
	if err != nil {
		return err
	}
	if len(held) == 0 || held[len(held)-1] < floor {
		return ErrNoEpoch
	}
	v.epochs.set(held[len(held)-1])
	return nil
}

func (e *epochs) now() int64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.current
}

func (e *epochs) set(epoch int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.current = max(e.current, epoch)
}

// forget drops every opened epoch key below the given one.
func (e *epochs) forget(below int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended = max(e.ended, below)
	for n := range e.opened {
		if n < below {
			delete(e.opened, n)
		}
	}
}

func epochAD(epoch int64) []byte {
	return binary.BigEndian.AppendUint64([]byte("parley epoch key v1 "), uint64(epoch))
}

// makeEpoch makes a new epoch key and gives it into custody. Another process
// that was first is no error.
func (v *Vault) makeEpoch(ctx context.Context, epoch int64) error {
	wrapped := (*v.roots.Load())[0].Seal([]byte{wrapVersion}, nil, freshKey(), epochAD(epoch))
	if err := v.custody.Create(ctx, epoch, wrapped); !errors.Is(err, ErrEpochExists) {
		return err
	}
	return nil
}

// epoch opens an epoch key.
func (v *Vault) epoch(ctx context.Context, n int64) (cipher.AEAD, error) {
	now := v.clock.Now()
	v.epochs.mu.RLock()
	e := v.epochs.opened[n]
	v.epochs.mu.RUnlock()
	if e != nil && now.Sub(e.loaded) >= 0 && now.Sub(e.loaded) < CacheFor {
		return e.aead, nil
	}
	wrapped, err := v.custody.Load(ctx, n)
	if err != nil {
		return nil, err
	}
	if len(wrapped) < 1+gcmOverhead || wrapped[0] != wrapVersion {
		return nil, fmt.Errorf("vault: epoch key %d in custody is damaged", n)
	}
	secret, err := v.openEpoch(n, wrapped)
	if err != nil {
		return nil, err
	}
	aead, err := newSealer(secret, "parley key wrap v1")
	if err != nil {
		return nil, err
	}
	v.epochs.mu.Lock()
	defer v.epochs.mu.Unlock()
	if n >= v.epochs.ended {
		v.epochs.opened[n] = &epochKey{aead: aead, loaded: now}
	}
	return aead, nil
}

// openEpoch tries the root keys there are: during a rotation, two.
func (v *Vault) openEpoch(n int64, wrapped []byte) ([]byte, error) {
	for _, root := range *v.roots.Load() {
		if secret, err := root.Open(nil, nil, wrapped[1:], epochAD(n)); err == nil {
			return secret, nil
		}
	}
	return nil, fmt.Errorf("%w: it does not open epoch key %d; it is the wrong one, or that key is damaged", ErrRootKey, n)
}

// bound is what a wrapped key is tied to: every field of its row.
func (w Wrapped) bound() []byte {
	b := []byte("parley wrapped key v1 ")
	for _, n := range []int64{w.ID, w.Ref.Workspace, w.Ref.Of, w.Epoch, micros(w.CreatedAt), micros(w.ExpiresAt)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return append(b, w.Ref.Kind...)
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// wrap returns w with secret wrapped under the epoch key of that number.
func (v *Vault) wrap(ctx context.Context, w Wrapped, epoch int64, secret []byte) (Wrapped, error) {
	aead, err := v.epoch(ctx, epoch)
	if err != nil {
		return Wrapped{}, err
	}
	w.Epoch = epoch
	w.Bytes = aead.Seal([]byte{wrapVersion}, nil, secret, w.bound())
	return w, nil
}

func (v *Vault) unwrapSecret(ctx context.Context, w Wrapped) ([]byte, error) {
	aead, err := v.epoch(ctx, w.Epoch)
	if err != nil {
		return nil, err
	}
	if len(w.Bytes) != 1+gcmOverhead+keySize || w.Bytes[0] != wrapVersion {
		return nil, fmt.Errorf("%w: key %d in the key store", ErrTampered, w.ID)
	}
	secret, err := aead.Open(nil, nil, w.Bytes[1:], w.bound())
	if err != nil {
		return nil, fmt.Errorf("%w: key %d in the key store", ErrTampered, w.ID)
	}
	return secret, nil
}

// unwrap opens a row of the key store.
func (v *Vault) unwrap(ctx context.Context, w Wrapped) (*opened, error) {
	secret, err := v.unwrapSecret(ctx, w)
	if err != nil {
		return nil, err
	}
	o := &opened{id: w.ID, ref: w.Ref, expires: w.ExpiresAt, secret: hold(secret)}
	if w.Ref.Kind == Search {
		o.blind, err = newBlind(secret)
		if err != nil {
			return nil, err
		}
	}
	if o.aead, err = newSealer(secret, "parley seal v1"); err != nil {
		return nil, err
	}
	return o, nil
}

// put wraps a new key under the current epoch and stores it. When the store
// has closed that epoch, or custody has destroyed it, another process turned;
// it takes up the new one.
func (v *Vault) put(ctx context.Context, w Wrapped, secret []byte) (Wrapped, error) {
	for tries := 0; ; tries++ {
		wrapped, err := v.wrap(ctx, w, v.epochs.now(), secret)
		if err == nil {
			wrapped, err = v.keys.PutIfAbsent(ctx, wrapped)
		}
		turned := errors.Is(err, ErrEpochClosed) || errors.Is(err, ErrNoEpoch)
		if !turned || tries >= turnTries {
			return wrapped, err
		}
		if err := v.refresh(ctx); err != nil {
			return Wrapped{}, err
		}
	}
}

// TurnEpoch makes a new epoch key, wraps every surviving key under it in small
// steps and destroys the older epoch keys last. An old copy of a key that was
// destroyed before then opens nothing any more.
//
// It may stop at any point, by a crash or an error, and be called again: every
// key keeps opening meanwhile, and the next call ends what was begun. No epoch
// key is destroyed while a key needs it, nor in another process's hands: the
// key store takes no row of an older epoch once the new one has begun.
//
// A key that does not open stops the turn with its id in the error: nothing is
// destroyed until it is restored from the key backup or destroyed on purpose.
func (v *Vault) TurnEpoch(ctx context.Context) error {
	v.turning.Lock()
	defer v.turning.Unlock()
	return v.turn(ctx)
}

func (v *Vault) turn(ctx context.Context) error {
	if _, err := v.SweepExpired(ctx); err != nil {
		return err
	}
	target, err := v.targetEpoch(ctx)
	if err != nil {
		return err
	}
	if err := v.keys.CloseBelow(ctx, target); err != nil {
		return err
	}
	v.epochs.set(target)
	for {
		n, err := v.keys.Rewrap(ctx, target, stepKeys, func(w Wrapped) (Wrapped, error) {
			return v.rewrap(ctx, w, target)
		})
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	return v.endEpochsBelow(ctx, target)
}

// targetEpoch makes the new epoch. Keys destroyed after an unfinished turn
// began may have been copied under its epoch, so that turn's epoch is no
// target: the new one is always above all there are.
func (v *Vault) targetEpoch(ctx context.Context) (int64, error) {
	held, err := v.custody.Epochs(ctx)
	if err != nil {
		return 0, err
	}
	if len(held) == 0 {
		return 0, ErrNoEpoch
	}
	target := held[len(held)-1] + 1
	return target, v.makeEpoch(ctx, target)
}

func (v *Vault) rewrap(ctx context.Context, w Wrapped, target int64) (Wrapped, error) {
	secret, err := v.unwrapSecret(ctx, w)
	if err != nil {
		return Wrapped{}, err
	}
	return v.wrap(ctx, w, target, secret)
}

func (v *Vault) endEpochsBelow(ctx context.Context, target int64) error {
	held, err := v.custody.Epochs(ctx)
	if err != nil {
		return err
	}
	for _, epoch := range held {
		if epoch >= target {
			break
		}
		if err := v.custody.Destroy(ctx, epoch); err != nil {
			return err
		}
	}
	v.epochs.forget(target)
	return nil
}
