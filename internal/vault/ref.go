package vault

import (
	"context"
	"time"
)

// Kind says what a key is for.
type Kind string

// The kinds of keys. Subject keys are numbered by contact or member id, day and
// hour keys by Day and Hour; the others have the number 0.
const (
	Workspace Kind = "workspace" // what belongs to the workspace itself: knowledge, tokens
	Search    Kind = "search"    // blind terms and exact hashes, never seals
	Subject   Kind = "subject"   // everything about one contact or one member
	AIDay     Kind = "ai-day"    // AI logs of one day
	ErrorDay  Kind = "error-day" // error events of one day; their term is longer than the AI logs'
	RawHour   Kind = "raw-hour"  // raw arrivals of one hour
	Pepper    Kind = "pepper"    // pre-hash of passwords
	Signing   Kind = "signing"   // seed of the key that signs checkpoints and certificates
	Retired   Kind = "retired"   // a workspace key before the current one: opens, never seals; numbered by its own id
)

// hasTerm reports whether keys of this kind must end at a known time.
func (k Kind) hasTerm() bool { return k == AIDay || k == ErrorDay || k == RawHour }

// Ref names one key. Workspace 0 is the instance itself. Of is the subject id,
// the Day or the Hour, and 0 for the other kinds.
type Ref struct {
	Workspace int64
	Kind      Kind
	Of        int64
}

func (r Ref) check() error {
	switch r.Kind {
	case Subject, AIDay, ErrorDay, RawHour, Retired:
		if r.Of > 0 && r.Workspace >= 0 {
			return nil
		}
	case Workspace, Search, Pepper, Signing:
		if r.Of == 0 && r.Workspace >= 0 {
			return nil
		}
	}
	return ErrBadRef
}

// Wrapped is one row of the key store: a key that only its epoch key opens.
// Times have microseconds, as the key store keeps them; ExpiresAt zero means no
// term. All fields but Bytes are bound into Bytes: a row with any of them
// changed no longer opens.
type Wrapped struct {
	ID        int64
	Ref       Ref
	Epoch     int64
	Bytes     []byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Keys is the key store: the rows of wrapped keys, apart from the data.
// vaulttest.RunKeys holds every implementation to what is said here. All
// methods may be called at once from several processes.
type Keys interface {
	// PutIfAbsent stores w unless a row for w.Ref stands already, and returns
	// the row that stands, durable before it returns. When w has a term, the
	// same transaction first deletes the rows of w.Ref's workspace and kind
	// whose ExpiresAt is at or before w.CreatedAt. It answers ErrEpochClosed,
	// and stores nothing, when w.Epoch is below the floor: that comparison must
	// conflict with CloseBelow, so that no row of a closed epoch can commit
	// after CloseBelow has returned (for example by updating the floor's row
	// in the same transaction).
	PutIfAbsent(ctx context.Context, w Wrapped) (Wrapped, error)
	// Get returns the row of ref, or ErrNoKey.
	Get(ctx context.Context, ref Ref) (Wrapped, error)
	// GetID returns the row with that id, or ErrNoKey.
	GetID(ctx context.Context, id int64) (Wrapped, error)
	// List returns up to limit rows of a workspace with an id above after, by
	// rising id.
	List(ctx context.Context, workspace, after int64, limit int) ([]Wrapped, error)
	// Destroy deletes the rows of refs in one transaction, durable before it
	// returns, and says how many were there. A row that is absent is no error.
	// Destroying is more than hiding: the row leaves its pages as far as the
	// engine can do that (secure_delete); TurnEpoch takes care of the rest.
	Destroy(ctx context.Context, refs ...Ref) (int, error)
	// Replace puts fresh in the place of the row with id old and gives that row
	// retired's ref, epoch and bytes, in one transaction, durable before it
	// returns. It answers ErrNoKey, and changes nothing, when the row that stands
	// for fresh.Ref is not old, and ErrEpochClosed as PutIfAbsent does.
	Replace(ctx context.Context, old int64, retired, fresh Wrapped) error
	// Census counts the rows by workspace and kind, of these workspaces, or of all
	// where none is named.
	Census(ctx context.Context, workspaces ...int64) ([]Count, error)
	// DestroyExpired deletes up to limit rows whose ExpiresAt is set and at or
	// before now, durable before it returns, and names them.
	DestroyExpired(ctx context.Context, now time.Time, limit int) ([]Ref, error)
	// Rewrap hands up to limit rows of epochs below the given one to fn and
	// stores what fn returns in their place, all in one transaction of its own;
	// it returns how many. It changes epoch and bytes of rows that exist, and
	// never brings back one that was destroyed meanwhile. An error of fn undoes
	// the step, and so does, as ErrEpochClosed, a row of fn below the floor. fn
	// may be called again for the same row. It returns 0 only when no row of a
	// lower epoch is left: rows locked by others are waited for, not skipped.
	Rewrap(ctx context.Context, below int64, limit int, fn func(Wrapped) (Wrapped, error)) (int, error)
	// CloseBelow raises the floor to epoch, durable before it returns. A lower
	// epoch than the floor changes nothing.
	CloseBelow(ctx context.Context, epoch int64) error
	// Floor returns the lowest epoch that still takes rows; 0 in a new store.
	Floor(ctx context.Context) (int64, error)
}

// Count says how many keys of a kind there are, and from when to when they are.
type Count struct {
	Workspace      int64
	Kind           Kind
	Keys           int64
	Oldest, Newest time.Time
}

// Custody keeps the epoch keys, wrapped by the root key, away from every
// database and its backups.
type Custody interface {
	// Epochs returns the numbers held, rising.
	Epochs(ctx context.Context) ([]int64, error)
	// Create keeps wrapped under a new number, durable before it returns;
	// ErrEpochExists when the number is taken.
	Create(ctx context.Context, epoch int64, wrapped []byte) error
	// Load returns what Create kept, or ErrNoEpoch.
	Load(ctx context.Context, epoch int64) ([]byte, error)
	// Destroy removes the epoch key for good, durable before it returns. One
	// that is absent is no error.
	Destroy(ctx context.Context, epoch int64) error
}

// Day returns the number of the UTC day that t lies in, counted from 1 January 1970.
func Day(t time.Time) int64 { return floorDiv(t.Unix(), 24*60*60) }

// Hour returns the number of the UTC hour that t lies in, counted from 1 January 1970.
func Hour(t time.Time) int64 { return floorDiv(t.Unix(), 60*60) }

// DayStart returns the first moment of a day number.
func DayStart(day int64) time.Time { return time.Unix(day*24*60*60, 0).UTC() }

// HourStart returns the first moment of an hour number.
func HourStart(hour int64) time.Time { return time.Unix(hour*60*60, 0).UTC() }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
