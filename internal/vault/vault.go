package vault

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/kit/clock"
)

// Options is what a vault is made of. All fields but Before are required.
type Options struct {
	Keys    Keys
	Custody Custody
	Root    Root
	Before  Root // opens what a rotation of the root key has not come to yet
	Clock   clock.Clock
	NewID   func() int64 // unique ids for keys, also across processes
}

// Vault opens, seals, hands out and destroys keys. Its methods may be called at
// once from many goroutines.
type Vault struct {
	keys      Keys
	custody   Custody
	roots     atomic.Pointer[[]cipher.AEAD] // the first wraps, all open
	rootSince atomic.Pointer[time.Time]
	clock     clock.Clock
	newID     func() int64
	cache     *cache
	epochs    epochs
	bufs      bufs
	turning   sync.Mutex
}

// New opens a vault. In a new install it makes the first epoch key. It answers
// ErrNoEpoch when the key store was in use before and custody lacks its epoch,
// rather than begin anew and lose what is sealed.
func New(ctx context.Context, o Options) (*Vault, error) {
	if o.Keys == nil || o.Custody == nil || o.Clock == nil || o.NewID == nil {
		return nil, errors.New("vault: Keys, Custody, Clock and NewID are required")
	}
	root, err := o.Root.sealer()
	if err != nil {
		return nil, err
	}
	roots := []cipher.AEAD{root}
	if o.Before.key != nil {
		before, err := o.Before.sealer()
		if err != nil {
			return nil, err
		}
		roots = append(roots, before)
	}
	v := &Vault{
		keys: o.Keys, custody: o.Custody, clock: o.Clock, newID: o.NewID,
		cache: newCache(cacheKeys), epochs: epochs{opened: map[int64]*epochKey{}},
	}
	v.roots.Store(&roots)
	v.rootSince.Store(&o.Root.since)
	if err := v.begin(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

// Key returns the key of ref and makes it when absent: durable in the key store
// before it returns. Kinds that must end are made by KeyUntil only.
func (v *Vault) Key(ctx context.Context, ref Ref) (Key, error) {
	return v.keyOrNew(ctx, ref, time.Time{})
}

// KeyUntil returns the key of ref and makes it, with the term given, when
// absent. The first caller's term stands: see Key.ExpiresAt. Making a key of a
// term also destroys the expired ones of its workspace and kind, in the same
// transaction. A term that is over is ErrExpired.
func (v *Vault) KeyUntil(ctx context.Context, ref Ref, expires time.Time) (Key, error) {
	if expires.IsZero() {
		return Key{}, ErrNeedsTerm
	}
	return v.keyOrNew(ctx, ref, expires.UTC().Truncate(time.Microsecond))
}

// KeyIfThere returns the key of ref, or ErrNoKey when it was never made or is
// destroyed.
func (v *Vault) KeyIfThere(ctx context.Context, ref Ref) (Key, error) {
	if err := ref.check(); err != nil {
		return Key{}, err
	}
	now := v.clock.Now()
	o := v.cache.ref(ref, now)
	if o == nil {
		var err error
		read := func() (Wrapped, error) { return v.keys.Get(ctx, ref) }
		if o, err = v.load(ctx, now, read); err != nil {
			return Key{}, err
		}
	}
	return v.within(o)
}

func (v *Vault) keyOrNew(ctx context.Context, ref Ref, expires time.Time) (Key, error) {
	k, err := v.KeyIfThere(ctx, ref)
	if !errors.Is(err, ErrNoKey) {
		return k, err
	}
	now := v.clock.Now()
	switch {
	case expires.IsZero() && ref.Kind.hasTerm():
		return Key{}, ErrNeedsTerm
	case !expires.IsZero() && !now.Before(expires):
		return Key{}, ErrExpired
	}
	secret := freshKey()
	w := Wrapped{ID: v.newID(), Ref: ref, CreatedAt: now.UTC().Truncate(time.Microsecond), ExpiresAt: expires}
	// load reads again when an epoch turns meanwhile, so this wraps anew each time.
	put := func() (Wrapped, error) { return v.put(ctx, w, secret) }
	o, err := v.load(ctx, now, put)
	if err != nil {
		return Key{}, err
	}
	return v.within(o)
}

// openedByID returns the key that sealed bytes name.
func (v *Vault) openedByID(ctx context.Context, id int64) (*opened, error) {
	now := v.clock.Now()
	o := v.cache.id(id, now)
	if o == nil {
		var err error
		read := func() (Wrapped, error) { return v.keys.GetID(ctx, id) }
		if o, err = v.load(ctx, now, read); err != nil {
			return nil, err
		}
		if o.id != id {
			return nil, ErrTampered // the key store answered with another row
		}
	}
	_, err := v.within(o)
	return o, err
}

// within is the last word on a key's term: the clock, not the sweep.
func (v *Vault) within(o *opened) (Key, error) {
	if !o.expires.IsZero() && !v.clock.Now().Before(o.expires) {
		return Key{}, ErrExpired
	}
	return Key{o: o}, nil
}

// load reads a row, opens it and caches it, unless a Destroy came between. When
// another process turned the epoch between reading and opening, it reads again.
func (v *Vault) load(ctx context.Context, now time.Time, read func() (Wrapped, error)) (*opened, error) {
	for tries := 0; ; tries++ {
		gen := v.cache.generation()
		w, err := read()
		if err != nil {
			return nil, err
		}
		o, err := v.unwrap(ctx, w)
		if errors.Is(err, ErrNoEpoch) && tries < turnTries {
			continue
		}
		if err != nil {
			return nil, err
		}
		o.loaded = now
		v.cache.put(o, gen, now)
		return o, nil
	}
}

// Destroy destroys keys for good: what they sealed opens no more, at once here
// and within CacheFor in other processes. Keys that are absent are no error, but
// naming none, or one that cannot exist, is ErrBadRef and destroys nothing.
func (v *Vault) Destroy(ctx context.Context, refs ...Ref) error {
	if len(refs) == 0 {
		return ErrBadRef
	}
	for _, r := range refs {
		if err := r.check(); err != nil {
			return fmt.Errorf("%w: %q", err, r.Kind)
		}
	}
	v.cache.forget(refs)
	_, err := v.keys.Destroy(ctx, refs...)
	v.cache.forget(refs) // a reader may have cached it again just before the row went
	return err
}

// SweepExpired destroys all keys past their term and returns how many. They
// open nothing already; this removes them from the key store.
func (v *Vault) SweepExpired(ctx context.Context) (int, error) {
	n := 0
	for {
		gone, err := v.keys.DestroyExpired(ctx, v.clock.Now(), stepKeys)
		n += len(gone)
		v.cache.forget(gone)
		if err != nil || len(gone) < stepKeys {
			return n, err
		}
	}
}

// Held is a key that exists, without its bytes.
type Held struct {
	ID        int64
	Ref       Ref
	CreatedAt time.Time
	ExpiresAt time.Time
}

// List returns up to limit keys of a workspace with an id above after, by rising
// id: for a purge, which destroys all but the held ones, and for the orphan sweep.
func (v *Vault) List(ctx context.Context, workspace, after int64, limit int) ([]Held, error) {
	rows, err := v.keys.List(ctx, workspace, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Held, len(rows))
	for i, w := range rows {
		out[i] = Held{ID: w.ID, Ref: w.Ref, CreatedAt: w.CreatedAt, ExpiresAt: w.ExpiresAt}
	}
	return out, nil
}
