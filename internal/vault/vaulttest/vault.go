package vaulttest

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/vault"
)

// Custody keeps epoch keys in memory.
type Custody struct {
	mu     sync.Mutex
	epochs map[int64][]byte
}

// NewCustody returns an empty custody.
func NewCustody() *Custody { return &Custody{epochs: map[int64][]byte{}} }

// Epochs returns the numbers held.
func (c *Custody) Epochs(context.Context) ([]int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []int64
	for n := range c.epochs {
		out = append(out, n)
	}
	slices.Sort(out)
	return out, nil
}

// Create keeps an epoch key.
func (c *Custody) Create(_ context.Context, epoch int64, wrapped []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, taken := c.epochs[epoch]; taken {
		return vault.ErrEpochExists
	}
	c.epochs[epoch] = bytes.Clone(wrapped)
	return nil
}

// Load returns an epoch key.
func (c *Custody) Load(_ context.Context, epoch int64) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w, ok := c.epochs[epoch]; ok {
		return bytes.Clone(w), nil
	}
	return nil, vault.ErrNoEpoch
}

// Destroy removes an epoch key.
func (c *Custody) Destroy(_ context.Context, epoch int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.epochs, epoch)
	return nil
}

// Start is where the clock of New stands: 21 November 2026, noon UTC.
func Start() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// Root is a root key for tests.
func Root() vault.Root { return vault.NewRoot([32]byte{1, 2, 3, 4}) }

// Options returns all a vault needs, in memory, with ids that count from 1.
func Options(clk clock.Clock) vault.Options {
	var last atomic.Int64
	return vault.Options{
		Keys: NewKeys(), Custody: NewCustody(), Root: Root(), Clock: clk,
		NewID: func() int64 { return last.Add(1) },
	}
}

// New returns a vault in memory whose clock stands at Start.
func New(t testing.TB) *vault.Vault {
	t.Helper()
	return Open(t, Options(clock.NewFake(Start())))
}

// Open returns a vault made of o: call it again with the same o for a second
// process that shares the key store.
func Open(t testing.TB, o vault.Options) *vault.Vault {
	t.Helper()
	v, err := vault.New(t.Context(), o)
	if err != nil {
		t.Fatalf("vault: %v", err)
	}
	return v
}
