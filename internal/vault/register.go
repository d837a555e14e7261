package vault

import (
	"context"
	"time"
)

// Kinds of keys that are no rows of the key store.
const (
	RootKey  Kind = "root"
	EpochKey Kind = "epoch"
)

// Terms after which a key is to be changed. Keys of other kinds are not changed
// by age: a subject's ends with the person, a day's with its day; the search key
// is built into every index, the pepper into every password, and what the
// signing key has signed is checked with its public half for years.
const (
	RootTerm      = 365 * 24 * time.Hour
	EpochTerm     = 24 * time.Hour // turned daily by itself
	epochGrace    = 48 * time.Hour // a machine may be off for a night
	WorkspaceTerm = 365 * 24 * time.Hour
)

// Aged says how many keys of a kind there are and how old they are, never what
// they are.
type Aged struct {
	Kind           Kind
	Keys           int64
	Oldest, Newest time.Time     // zero where that is not known
	Term           time.Duration // 0: not changed by age
	Due            bool          // past its term
}

// Next is when the oldest is to be changed; zero where nothing is.
func (a Aged) Next() time.Time {
	if a.Term == 0 || a.Oldest.IsZero() {
		return time.Time{}
	}
	return a.Oldest.Add(a.Term)
}

// Register lists the kinds of keys in use with their ages: of these workspaces,
// or of all where none is named, after the root and the epoch key.
func (v *Vault) Register(ctx context.Context, workspaces ...int64) ([]Aged, error) {
	counts, err := v.keys.Census(ctx, workspaces...)
	if err != nil {
		return nil, err
	}
	root := *v.rootSince.Load()
	all := []Aged{{Kind: RootKey, Keys: 1, Oldest: root, Newest: root, Term: RootTerm}}
	epoch := Aged{Kind: EpochKey, Keys: 1, Term: EpochTerm}
	if dated, ok := v.custody.(interface{ Since(int64) time.Time }); ok {
		epoch.Oldest = dated.Since(v.epochs.now())
		epoch.Newest = epoch.Oldest
	}
	all = append(all, epoch)
	for _, kind := range []Kind{Workspace, Retired, Subject, Search, Pepper, Signing, AIDay, ErrorDay, RawHour} {
		if a := sum(kind, counts); a.Keys > 0 {
			all = append(all, a)
		}
	}
	now := v.clock.Now()
	for i, a := range all {
		late := a.Next()
		if a.Kind == EpochKey {
			late = late.Add(epochGrace)
		}
		all[i].Due = !a.Next().IsZero() && now.After(late)
	}
	return all, nil
}

// sum puts together what the census says of one kind.
func sum(kind Kind, counts []Count) Aged {
	a := Aged{Kind: kind}
	if kind == Workspace {
		a.Term = WorkspaceTerm
	}
	for _, c := range counts {
		if c.Kind != kind {
			continue
		}
		if a.Keys == 0 || c.Oldest.Before(a.Oldest) {
			a.Oldest = c.Oldest
		}
		if a.Keys == 0 || c.Newest.After(a.Newest) {
			a.Newest = c.Newest
		}
		a.Keys += c.Keys
	}
	return a
}
