package intake

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/store"
)

// Work is the kind of work that files one part, in the lane of its channel
// account; one that failed is tried again in a lane of its own.
const Work = "file"

// Visits keeps what a visitor's browser told about a visit, as far as consent
// allows.
type Visits interface {
	// Note keeps or renews the session of a visit in the transaction that files
	// the message.
	Note(tx *store.Tx, contact, conversation desk.ID, s desk.Session) error
	// Forget empties every session field of a contact at once.
	Forget(tx *store.Tx, contact desk.ID) error
}

// Ledger knows who was erased.
type Ledger interface {
	// Erased reports whether the person behind an outside id was erased after
	// that time, so that a late delivery cannot bring them back.
	Erased(tx *store.Tx, account desk.ID, who desk.IdentityHint, at time.Time) (bool, error)
}

// Files takes in the files that channels hold of messages.
type Files interface {
	// Expect notes the files of a message in the transaction that files it; they
	// are fetched later.
	Expect(tx *store.Tx, contact desk.ID, m desk.Message) error
	// Portrait reads a person's picture in place of the one they had, 0 = none.
	Portrait(ctx context.Context, acct channel.Account, contact, was desk.ID, url string) (desk.ID, error)
}

// Parts is what intake is made of. Visits, Ledger and Files may be nil.
type Parts struct {
	DB       *store.DB
	Flow     *flow.Flow
	Channels *channel.Registry
	Secrets  map[string][]secret.Text // by channel name: what its deliveries are signed with
	Visits   Visits
	Ledger   Ledger
	Files    Files
	Ages     Ages
	Log      *slog.Logger
}

// Ages looks for who says that they are too young.
type Ages interface {
	Arrived(tx *store.Tx, contact desk.ID, m desk.Message) error
}

// Intake takes deliveries and files them.
type Intake struct {
	Parts
	known   known
	unknown atomic.Int64
	skipped sync.Map // what providers told that is nobody's conversation: word → *atomic.Int64
}

// New makes the intake.
func New(p Parts) *Intake {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Intake{Parts: p, known: known{clock: p.DB.Clock(), accounts: map[knownKey]knownAccount{}}}
}

// Handlers lists the work intake does.
func (in *Intake) Handlers() []flow.Handler {
	return []flow.Handler{{Kind: Work, Batch: 32, Retry: flow.Aside, Run: in.file},
		{Kind: ProfileWork, Workers: 2, Run: in.profile}}
}

// Unknown is how many parts were dropped because nobody connected their
// account.
func (in *Intake) Unknown() int64 { return in.unknown.Load() }

// counted notes something that is acknowledged and never filed.
func (in *Intake) counted(n *desk.Notice) {
	word := "other"
	if n != nil && n.What != "" {
		word = n.What
	}
	count, _ := in.skipped.LoadOrStore(word, new(atomic.Int64))
	count.(*atomic.Int64).Add(1)
}

// Skipped tells how many arrivals of each sort were acknowledged and not filed
// since the start: group messages, calls, comments, test events.
func (in *Intake) Skipped() map[string]int64 {
	all := map[string]int64{}
	in.skipped.Range(func(word, count any) bool {
		all[word.(string)] = count.(*atomic.Int64).Load()
		return true
	})
	return all
}

// Accepted tells what became of a delivery.
type Accepted struct {
	Parts   int // kept, durable
	Unknown int // of accounts nobody connected: dropped
}

// Accept takes one delivery from a door ("/hooks/meta") and returns when every
// part of a known account is durable. Errors: desk.NotFound for a door without
// channel, desk.Unauthenticated for a bad signature, desk.Invalid for a body
// that is too large or cannot be split, desk.Unavailable when the store cannot
// write (the sender delivers again, and repeats vanish).
func (in *Intake) Accept(ctx context.Context, door string, raw channel.Raw) (Accepted, error) {
	var done Accepted
	if len(raw.Body) > channel.MaxRaw {
		return done, desk.Fail(desk.Invalid, "too_large", "a delivery has at most 3 MiB")
	}
	parts, err := in.split(door, raw)
	if err != nil {
		return done, err
	}
	byWorkspace := map[desk.ID][]store.Raw{}
	for _, p := range parts {
		whose, err := in.whose(ctx, p)
		if err != nil {
			return done, err
		}
		if len(whose) == 0 {
			done.Unknown++
		}
		for _, acct := range whose {
			byWorkspace[acct.workspace] = append(byWorkspace[acct.workspace], store.Raw{Account: acct.id, Body: p.Body})
			done.Parts++
		}
	}
	in.unknown.Add(int64(done.Unknown))
	return done, in.keepAll(ctx, byWorkspace)
}

// whose finds the accounts that a part is for: one, or all of a group.
func (in *Intake) whose(ctx context.Context, p part) ([]knownAccount, error) {
	if p.Group == "" {
		acct, err := in.known.find(ctx, in.DB, p.kind, p.OutsideID)
		if desk.IsNotFound(err) {
			return nil, nil
		}
		return []knownAccount{acct}, err
	}
	all, err := in.DB.AccountsOfGroup(ctx, p.kind, p.Group)
	var found []knownAccount
	for _, a := range all {
		found = append(found, knownAccount{id: a.ID, workspace: a.Workspace})
	}
	return found, err
}

type part struct {
	channel.Part
	kind string
}

// split asks every channel of the door whose signature fits for its parts.
func (in *Intake) split(door string, raw channel.Raw) ([]part, error) {
	var all []part
	var refused error
	fits := false
	for _, c := range in.Channels.Door(door) {
		name := c.Info().Name
		if err := c.VerifyRaw(in.Secrets[name], raw); err != nil {
			refused = err
			continue
		}
		fits = true
		parts, err := c.Split(raw)
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			all = append(all, part{p, name})
		}
	}
	switch {
	case len(all) > channel.MaxParts:
		return nil, desk.Fail(desk.Invalid, "too_many_parts", "a delivery has at most 1000 parts")
	case fits:
		return all, nil
	case refused != nil:
		return nil, refused
	}
	return nil, desk.Fail(desk.NotFound, "unknown_door", "no channel listens on "+door)
}

// keepAll keeps the parts of one delivery: at once per workspace, so that they
// share a group commit.
func (in *Intake) keepAll(ctx context.Context, byWorkspace map[desk.ID][]store.Raw) error {
	if len(byWorkspace) == 1 {
		for ws, raws := range byWorkspace {
			return in.keep(ctx, ws, raws)
		}
	}
	errs := make(chan error, len(byWorkspace))
	for ws, raws := range byWorkspace {
		go func() { errs <- in.keep(ctx, ws, raws) }()
	}
	var first error
	for range byWorkspace {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (in *Intake) keep(ctx context.Context, ws desk.ID, raws []store.Raw) error {
	return in.DB.In(ws).Ahead().Write(ctx, func(tx *store.Tx) error {
		for _, raw := range raws {
			raw.ID = tx.NewID()
			if err := in.keepOne(tx, raw); err != nil {
				return err
			}
		}
		return nil
	})
}

func (in *Intake) keepOne(tx *store.Tx, raw store.Raw) error {
	if err := tx.InsertArrival(raw); err != nil {
		return err
	}
	return in.Flow.Add(tx, flow.Item{Kind: Work, Key: raw.Account, Object: raw.ID})
}

// AcceptPart takes one part for an account that the caller has authenticated
// already (the website chat) and returns when it is durable.
func (in *Intake) AcceptPart(ctx context.Context, acct desk.Account, body []byte) error {
	if len(body) > channel.MaxRaw {
		return desk.Fail(desk.Invalid, "too_large", "a delivery has at most 3 MiB")
	}
	return in.keep(ctx, acct.Workspace, []store.Raw{{Account: acct.ID, Body: body}})
}
