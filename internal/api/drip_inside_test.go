package api

import (
	"io"
	"net/http/httptest"
	"testing"
	"time"

	"parley/internal/kit/clock"
)

// Who sends steadily has as long as the size needs.
func TestASlowAndSteadyBodyIsTaken(t *testing.T) {
	t.Parallel()
	fake := clock.NewFake(time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC))
	a := &API{Deps: Deps{Clock: fake}}
	from, to := io.Pipe()
	r := httptest.NewRequest("POST", "/", from)
	end := a.watchBody(httptest.NewRecorder(), r)
	d := r.Body.(*drip) //nolint:forcetypeassert // watchBody makes nothing else
	go func() {
		_, _ = io.Copy(io.Discard, d)
		end()
	}()
	for range 12 {
		if _, err := to.Write(make([]byte, 40<<10)); err != nil { // returns when it was read
			t.Fatal(err)
		}
		fake.Advance(9 * time.Second)
	}
	d.mu.Lock()
	cut := d.over
	d.mu.Unlock()
	if cut {
		t.Error("a body of more than four kilobytes a second was cut off")
	}
	if fake.Advance(10 * time.Minute); to.Close() != nil {
		t.Error("the pipe")
	}
}
