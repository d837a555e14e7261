package member

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/bcrypt"

	"parley/internal/desk"
	"parley/internal/vault"
)

const (
	defaultCost = 12
	hashQueue   = 64 // callers that may wait for a worker: an office of fifty that begins its day waits ten seconds on two cores
	hashVersion = "v1$"
)

// hasher makes and checks slow hashes: bcrypt over base64 of HMAC-SHA-256 with a
// pepper that lives in the vault, so that a stolen database alone is no help
// and nothing is cut off at 72 bytes.
type hasher struct {
	vault *vault.Vault
	cost  int
	slots chan struct{}
	queue chan struct{}
	work  atomic.Int64 // hashes computed, so that a test can compare work
}

// newHasher hashes on half of the cores: a hash takes a fifth of a second of
// one, and while all hash, everybody else's answers wait for their turn.
func newHasher(v *vault.Vault, cost int) *hasher {
	workers := max(1, runtime.GOMAXPROCS(0)/2)
	return &hasher{vault: v, cost: cost, slots: make(chan struct{}, workers), queue: make(chan struct{}, workers+hashQueue)}
}

// make hashes a new password.
func (h *hasher) make(ctx context.Context, password string) ([]byte, error) {
	p, ok := prepared(password)
	if !ok {
		return nil, desk.Fail(desk.Invalid, "password_long", "a password has at most 256 characters")
	}
	pre, err := h.pre(ctx, p)
	if err != nil {
		return nil, err
	}
	var sum []byte
	err = h.do(ctx, func() (err error) {
		sum, err = bcrypt.GenerateFromPassword(pre, h.cost)
		return err
	})
	return append([]byte(hashVersion), sum...), err
}

// same checks a password against a hash; an absent or unknown hash takes as
// long as a real one and is never the same.
func (h *hasher) same(ctx context.Context, hash []byte, password string) (bool, error) {
	sum, known := strings.CutPrefix(string(hash), hashVersion)
	p, ok := prepared(password)
	pre, err := h.pre(ctx, p)
	if err != nil {
		return false, err
	}
	match := false
	err = h.do(ctx, func() error {
		if !known || !ok {
			_, err := bcrypt.GenerateFromPassword(pre, h.cost)
			return err
		}
		match = bcrypt.CompareHashAndPassword([]byte(sum), pre) == nil
		return nil
	})
	return match && err == nil, err
}

func (h *hasher) pre(ctx context.Context, prepared string) ([]byte, error) {
	key, err := h.vault.Key(ctx, vault.Ref{Kind: vault.Pepper})
	if err != nil {
		return nil, err
	}
	pepper, err := key.Derive("password v1")
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, pepper)
	mac.Write([]byte(prepared))
	return base64.RawStdEncoding.AppendEncode(nil, mac.Sum(nil)), nil
}

// do runs one hash in a bounded number of workers, behind whatever else there is
// to do. Who finds the queue full is told to come back: a flood of sign-ins must
// not take the machine.
func (h *hasher) do(ctx context.Context, hash func() error) error {
	select {
	case h.queue <- struct{}{}:
	default:
		return waitFor("sign_in_busy", "too many people sign in at this moment", hashPause)
	}
	defer func() { <-h.queue }()
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.slots }()
	h.work.Add(1)
	done := make(chan error, 1)
	go func() { // of its own, because standBack holds to the end of a goroutine
		standBack()
		done <- hash()
	}()
	return <-done
}
