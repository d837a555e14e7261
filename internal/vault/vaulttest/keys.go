package vaulttest

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/internal/vault"
)

// Keys is a key store in memory.
type Keys struct {
	mu    sync.Mutex
	rows  map[vault.Ref]vault.Wrapped
	floor int64
}

// NewKeys returns an empty key store.
func NewKeys() *Keys { return &Keys{rows: map[vault.Ref]vault.Wrapped{}} }

func copied(w vault.Wrapped) vault.Wrapped {
	w.Bytes = bytes.Clone(w.Bytes)
	return w
}

func ended(w vault.Wrapped, now time.Time) bool {
	return !w.ExpiresAt.IsZero() && !w.ExpiresAt.After(now)
}

// Image returns a copy of all rows, as a thief finds them in an old page.
func (k *Keys) Image() []vault.Wrapped {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sorted(func(vault.Wrapped) bool { return true })
}

func (k *Keys) sorted(want func(vault.Wrapped) bool) []vault.Wrapped {
	var out []vault.Wrapped
	for _, w := range k.rows {
		if want(w) {
			out = append(out, copied(w))
		}
	}
	slices.SortFunc(out, func(a, b vault.Wrapped) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// PutIfAbsent keeps the contract of vault.Keys, as the other methods do.
func (k *Keys) PutIfAbsent(ctx context.Context, w vault.Wrapped) (vault.Wrapped, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return vault.Wrapped{}, err
	}
	if w.Epoch < k.floor {
		return vault.Wrapped{}, vault.ErrEpochClosed
	}
	if !w.ExpiresAt.IsZero() {
		for ref, old := range k.rows {
			if ref.Workspace == w.Ref.Workspace && ref.Kind == w.Ref.Kind && ended(old, w.CreatedAt) {
				delete(k.rows, ref)
			}
		}
	}
	if old, ok := k.rows[w.Ref]; ok {
		return copied(old), nil
	}
	k.rows[w.Ref] = copied(w)
	return copied(w), nil
}

// Get returns the row of ref.
func (k *Keys) Get(ctx context.Context, ref vault.Ref) (vault.Wrapped, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if w, ok := k.rows[ref]; ok {
		return copied(w), ctx.Err()
	}
	return vault.Wrapped{}, vault.ErrNoKey
}

// GetID returns the row with that id.
func (k *Keys) GetID(ctx context.Context, id int64) (vault.Wrapped, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, w := range k.rows {
		if w.ID == id {
			return copied(w), ctx.Err()
		}
	}
	return vault.Wrapped{}, vault.ErrNoKey
}

// List returns a workspace's rows with an id above after.
func (k *Keys) List(ctx context.Context, workspace, after int64, limit int) ([]vault.Wrapped, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := k.sorted(func(w vault.Wrapped) bool { return w.Ref.Workspace == workspace && w.ID > after })
	return out[:min(limit, len(out))], ctx.Err()
}

// Destroy deletes the rows of refs.
func (k *Keys) Destroy(ctx context.Context, refs ...vault.Ref) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	before := len(k.rows)
	for _, ref := range refs {
		delete(k.rows, ref)
	}
	return before - len(k.rows), ctx.Err()
}

// DestroyExpired deletes rows past their term.
func (k *Keys) DestroyExpired(ctx context.Context, now time.Time, limit int) ([]vault.Ref, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	old := k.sorted(func(w vault.Wrapped) bool { return ended(w, now) })
	var gone []vault.Ref
	for _, w := range old[:min(limit, len(old))] {
		delete(k.rows, w.Ref)
		gone = append(gone, w.Ref)
	}
	return gone, ctx.Err()
}

// Rewrap stores what fn makes of rows below an epoch.
func (k *Keys) Rewrap(ctx context.Context, below int64, limit int, fn func(vault.Wrapped) (vault.Wrapped, error)) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	old := k.sorted(func(w vault.Wrapped) bool { return w.Epoch < below })
	old = old[:min(limit, len(old))]
	for i, w := range old {
		wrapped, err := fn(copied(w))
		if err != nil {
			return 0, err
		}
		if wrapped.Epoch < k.floor {
			return 0, vault.ErrEpochClosed
		}
		old[i].Epoch, old[i].Bytes = wrapped.Epoch, bytes.Clone(wrapped.Bytes)
	}
	for _, w := range old {
		k.rows[w.Ref] = w
	}
	return len(old), ctx.Err()
}

// CloseBelow raises the floor.
func (k *Keys) CloseBelow(ctx context.Context, epoch int64) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.floor = max(k.floor, epoch)
	return ctx.Err()
}

// Floor returns the lowest epoch that takes rows.
func (k *Keys) Floor(ctx context.Context) (int64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.floor, ctx.Err()
}

// Replace retires a row and stores another in its place.
func (k *Keys) Replace(ctx context.Context, old int64, retired, fresh vault.Wrapped) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case fresh.Epoch < k.floor || retired.Epoch < k.floor:
		return vault.ErrEpochClosed
	case k.rows[fresh.Ref].ID != old:
		return vault.ErrNoKey
	}
	k.rows[retired.Ref], k.rows[fresh.Ref] = copied(retired), copied(fresh)
	return nil
}

// Census counts the rows by workspace and kind.
func (k *Keys) Census(ctx context.Context, workspaces ...int64) ([]vault.Count, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	by := map[vault.Ref]vault.Count{}
	for ref, w := range k.rows {
		if len(workspaces) > 0 && !slices.Contains(workspaces, ref.Workspace) {
			continue
		}
		ref.Of = 0
		c, ok := by[ref]
		if !ok {
			c = vault.Count{Workspace: ref.Workspace, Kind: ref.Kind, Oldest: w.CreatedAt, Newest: w.CreatedAt}
		}
		c.Keys++
		if w.CreatedAt.Before(c.Oldest) {
			c.Oldest = w.CreatedAt
		}
		if w.CreatedAt.After(c.Newest) {
			c.Newest = w.CreatedAt
		}
		by[ref] = c
	}
	all := slices.Collect(maps.Values(by))
	slices.SortFunc(all, func(a, b vault.Count) int {
		return cmp.Or(cmp.Compare(a.Workspace, b.Workspace), cmp.Compare(a.Kind, b.Kind))
	})
	return all, ctx.Err()
}
