package knowledge_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/internal/store"
)

// patience bounds how long something that must come may take.
const patience = time.Minute

// soon looks again after each commit until what it sees is right, and fails with
// what it saw last.
func soon[T any](t testing.TB, w *world, what string, look func(context.Context) (T, error), right func(T) bool) T {
	t.Helper()
	told := make(chan struct{}, 1)
	defer w.Watch(func(store.Commit) {
		select {
		case told <- struct{}{}:
		default:
		}
	})()
	limit, end := context.WithTimeout(t.Context(), patience)
	defer end()
	for {
		seen, err := look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if right(seen) {
			return seen
		}
		select {
		case <-told:
		case <-limit.Done():
			t.Fatalf("never %s; it is %+v", what, seen)
		}
	}
}

// works does the work until the function it returns is called.
func (w *world) works(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.flow.Run(ctx, w.k.Handlers(), nil) }()
	return func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) { // a test may end before the work began
			t.Error(err)
		}
	}
}
