package llm

import (
	"context"
	"errors"
	"time"

	"parley/internal/kit/clock"
)

// Care says how carefully a model is called; the zero value means the figures in
// brackets.
type Care struct {
	Deadline time.Duration // of the whole call, tries and waits included (30 s)
	Retries  int           // further tries on Busy, Server and Network (1); < 0 = none
	Pause    time.Duration // before a further try where the vendor names none (500 ms)
	Anyway   bool          // ask although the vendor rests: a person wants to know how it is now
}

func (c Care) filled() Care {
	if c.Deadline <= 0 {
		c.Deadline = 30 * time.Second
	}
	if c.Retries == 0 {
		c.Retries = 1
	}
	if c.Pause <= 0 {
		c.Pause = 500 * time.Millisecond
	}
	return c
}

// Careful is an Adapter whose calls end in time, are tried again where that
// helps, and rest while the vendor is out of order.
type Careful struct {
	inner   Adapter
	circuit *Circuit
	clk     clock.Clock
	care    Care
}

// NewCareful wraps inner. Everybody who calls the same vendor with the same key
// passes the same circuit.
func NewCareful(inner Adapter, circuit *Circuit, clk clock.Clock, care Care) *Careful {
	return &Careful{inner, circuit, clk, care.filled()}
}

// Bytes is the inner adapter's.
func (c *Careful) Bytes(r Request) ([]byte, error) { return c.inner.Bytes(r) }

// Generate asks the model. Usage is of all tries.
func (c *Careful) Generate(ctx context.Context, r Request) (Reply, error) {
	if err := r.Check(); err != nil {
		return Reply{}, err
	}
	var out Reply
	var used Usage
	attempts, err := c.run(ctx, func(ctx context.Context) (err error) {
		out, err = c.inner.Generate(ctx, r)
		used = used.Add(out.Usage)
		return err
	})
	if err != nil {
		return Reply{Usage: used}, err
	}
	out.Usage, out.Attempts = used, attempts
	return out, nil
}

// Embed asks for vectors.
func (c *Careful) Embed(ctx context.Context, r EmbedRequest) (Vectors, error) {
	if err := r.Check(); err != nil {
		return Vectors{}, err
	}
	var out Vectors
	_, err := c.run(ctx, func(ctx context.Context) (err error) {
		out, err = c.inner.Embed(ctx, r)
		return err
	})
	if err != nil {
		return Vectors{}, err
	}
	return out, nil
}

// run makes one call after the other until one succeeds, none helps, or the time
// is over.
func (c *Careful) run(ctx context.Context, call func(context.Context) error) (int, error) {
	end := c.clk.Now().Add(c.care.Deadline)
	ctx, cancel := clock.WithTimeout(ctx, c.clk, c.care.Deadline)
	defer cancel()
	for attempt := 1; ; attempt++ {
		leave, err := c.circuit.enter(c.care.Anyway)
		if err != nil {
			err.Attempts = attempt - 1
			return attempt, err
		}
		failed := typed(ctx, call(ctx))
		leave(failed)
		if failed == nil {
			return attempt, nil
		}
		failed.Attempts = attempt
		wait := max(failed.RetryAfter, c.care.Pause)
		if attempt > c.care.Retries || !failed.again() || c.clk.Now().Add(wait).After(end) {
			return attempt, failed
		}
		select {
		case <-c.clk.After(wait):
		case <-ctx.Done():
			e := Ended(ctx)
			e.Attempts, e.Words, e.Status = attempt, failed.Words, failed.Status
			return attempt, e
		}
	}
}

// again: the same call may succeed a little later.
func (e *Error) again() bool { return e.Kind == Busy || e.Kind == Server || e.Kind == Network }

// typed makes an *Error of what an adapter gave; one whose context ended is a
// Timeout, whatever the adapter made of it.
func typed(ctx context.Context, err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Kind: Server, Cause: err}
	}
	if ctx.Err() != nil {
		e = &Error{Kind: Timeout, Cause: context.Cause(ctx)}
	}
	own := *e // an adapter may hand out one value twice
	return &own
}
