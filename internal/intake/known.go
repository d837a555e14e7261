package intake

import (
	"context"
	"sync"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
)

// Known accounts are remembered for a moment, so that a busy page costs no
// look-up per delivery. Filing looks again: a part for an account that was
// disconnected meanwhile is dropped there. Unknown ones are never remembered, so
// that a new connection works at once.
const (
	knownFor = 5 * time.Second
	knownMax = 4096
)

type knownKey struct{ kind, outside string }

type knownAccount struct {
	id, workspace desk.ID
	until         time.Time
}

type known struct {
	clock    clock.Clock
	mu       sync.Mutex
	accounts map[knownKey]knownAccount
}

// Forget makes this process look an account up anew with its next delivery, as
// soon as it is disconnected. Other processes do within knownFor; what they take
// in until then is dropped when it is filed.
func (in *Intake) Forget(kind, outside string) {
	in.known.mu.Lock()
	defer in.known.mu.Unlock()
	delete(in.known.accounts, knownKey{kind, outside})
}

func (k *known) find(ctx context.Context, db *store.DB, kind, outside string) (knownAccount, error) {
	key := knownKey{kind, outside}
	now := k.clock.Now()
	k.mu.Lock()
	a, ok := k.accounts[key]
	k.mu.Unlock()
	if ok && now.Before(a.until) {
		return a, nil
	}
	acct, err := db.AccountByOutsideID(ctx, kind, outside)
	if err != nil {
		return knownAccount{}, err
	}
	a = knownAccount{acct.ID, acct.Workspace, now.Add(knownFor)}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.accounts) >= knownMax {
		clear(k.accounts)
	}
	k.accounts[key] = a
	return a, nil
}
