package llm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
	"parley/internal/llm"
	"parley/internal/llm/fake"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func ask() llm.Request {
	return llm.Request{Model: "m", Messages: []llm.Turn{{Role: llm.User, Text: "?"}}, MaxTokens: 10}
}

func fail(k llm.Kind) fake.Answer { return fake.Answer{Err: &llm.Error{Kind: k, Words: "words"}} }

// careful gives a model of a script, on a circuit of its own.
func careful(script ...fake.Answer) (*llm.Careful, *fake.Model, *clock.Fake, *llm.Circuit) {
	clk := clock.NewFake(start)
	m, c := fake.New(script...), llm.NewCircuit(clk)
	return llm.NewCareful(m, c, clk, llm.Care{Deadline: 20 * time.Second}), m, clk, c
}

// answer is what a call beside the test came to.
type answer struct {
	llm.Reply
	err error
}

func beside(ctx context.Context, m llm.Model) <-chan answer {
	done := make(chan answer, 1)
	go func() {
		r, err := m.Generate(ctx, ask())
		done <- answer{r, err}
	}()
	return done
}

func TestWhatAnotherTryHelpsIsTriedOnceMore(t *testing.T) {
	t.Parallel()
	for _, k := range []llm.Kind{llm.Busy, llm.Server, llm.Network} {
		m, f, clk, _ := careful(fail(k), fake.Answer{Text: "yes"})
		done := beside(t.Context(), m)
		if err := clk.BlockUntil(t.Context(), 2); err != nil { // the deadline and the pause
			t.Fatal(err)
		}
		clk.Advance(500 * time.Millisecond)
		if got := <-done; got.err != nil || got.Text != "yes" || got.Attempts != 2 || len(f.Asked()) != 2 {
			t.Errorf("%s: %+v", k, got)
		}
	}
	m, f, clk, _ := careful(fail(llm.Server), fail(llm.Server), fake.Answer{Text: "too late"})
	done := beside(t.Context(), m)
	if err := clk.BlockUntil(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	clk.Advance(time.Second)
	var e *llm.Error
	if got := <-done; !errors.As(got.err, &e) || e.Attempts != 2 || len(f.Asked()) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestWhatNoTryHelpsIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for _, k := range []llm.Kind{llm.Quota, llm.BadKey, llm.Refused, llm.BadRequest, llm.TooLong, llm.Broken, llm.NoDPA, llm.NotAllowed, llm.Timeout} {
		m, f, _, _ := careful(fail(k), fake.Answer{Text: "yes"})
		_, err := m.Generate(t.Context(), ask())
		if llm.KindOf(err) != k || len(f.Asked()) != 1 {
			t.Errorf("%s: %v after %d calls", k, err, len(f.Asked()))
		}
	}
}

func TestRetryAfterIsKeptToWithinTheDeadline(t *testing.T) {
	t.Parallel()
	wait := func(d time.Duration) fake.Answer {
		return fake.Answer{Err: &llm.Error{Kind: llm.Busy, RetryAfter: d}}
	}
	m, f, clk, _ := careful(wait(7*time.Second), fake.Answer{Text: "yes"})
	done := beside(t.Context(), m)
	if err := clk.BlockUntil(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	clk.Advance(6 * time.Second)
	if len(f.Asked()) != 1 {
		t.Error("it did not wait")
	}
	clk.Advance(time.Second)
	if got := <-done; got.err != nil || got.Text != "yes" {
		t.Errorf("%+v", got)
	}
	m, f, _, _ = careful(wait(21*time.Second), fake.Answer{Text: "yes"})
	_, err := m.Generate(t.Context(), ask()) // returns at once
	var e *llm.Error
	if !errors.As(err, &e) || e.Kind != llm.Busy || e.RetryAfter != 21*time.Second || len(f.Asked()) != 1 {
		t.Error(err)
	}
}

func TestACallEndsAtItsDeadline(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	m, _, clk, _ := careful(fake.Answer{Wait: never})
	done := beside(t.Context(), m)
	if err := clk.BlockUntil(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	clk.Advance(20 * time.Second)
	if got := <-done; llm.KindOf(got.err) != llm.Timeout || !errors.Is(got.err, context.DeadlineExceeded) {
		t.Error(got.err)
	}
	m, _, clk, _ = careful(fail(llm.Server))
	done = beside(t.Context(), m) // the deadline comes during the pause
	if err := clk.BlockUntil(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	clk.Advance(20 * time.Second)
	if got := <-done; got.err == nil {
		t.Error("an answer after the end")
	}
}

func TestACallerWhoGivesUpSaysNothingAboutTheVendor(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	m, f, _, c := careful()
	for range 10 {
		f.Say(fake.Answer{Wait: never})
		ctx, cancel := context.WithCancel(t.Context())
		done := beside(ctx, m)
		cancel()
		if got := <-done; llm.KindOf(got.err) != llm.Timeout || !errors.Is(got.err, context.Canceled) {
			t.Error(got.err)
		}
	}
	if s := c.State(); s.Resting || s.Last != nil {
		t.Errorf("%+v", s)
	}
}

func TestAnAccountWithoutMoneyRestsAtOnceAndIsProbedOnceAfterwards(t *testing.T) {
	t.Parallel()
	m, f, clk, c := careful(fail(llm.Quota))
	if _, err := m.Generate(t.Context(), ask()); llm.KindOf(err) != llm.Quota {
		t.Fatal(err)
	}
	_, err := m.Generate(t.Context(), ask())
	var e *llm.Error
	if !errors.As(err, &e) || e.Kind != llm.Quota || !e.Resting || e.Words != "words" || e.RetryAfter != 10*time.Minute || e.Attempts != 0 || len(f.Asked()) != 1 {
		t.Errorf("%+v", e)
	}
	if s := c.State(); !s.Resting || s.Last.Kind != llm.Quota || !s.Until.Equal(start.Add(10*time.Minute)) {
		t.Errorf("%+v", s)
	}
	clk.Advance(10 * time.Minute)
	hold := make(chan struct{})
	f.Say(fake.Answer{Wait: hold, Text: "back"}, fake.Answer{Text: "all"})
	probe := beside(t.Context(), m)
	if err := clk.BlockUntil(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for len(f.Asked()) != 2 {
		if err := clk.BlockUntil(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Generate(t.Context(), ask()); !errors.As(err, &e) || !e.Resting {
		t.Error("two probes at once")
	}
	close(hold)
	if got := <-probe; got.err != nil || got.Text != "back" {
		t.Errorf("%+v", got)
	}
	if r, err := m.Generate(t.Context(), ask()); err != nil || r.Text != "all" || c.State().Last != nil {
		t.Error(err)
	}
}

// Who put money in and looks whether it works does not wait for the end of the
// rest; a success ends it for everybody, a failure begins it anew.
func TestWhoAsksAnywayIsAnsweredAndEndsTheRest(t *testing.T) {
	t.Parallel()
	m, f, clk, c := careful(fail(llm.Quota), fail(llm.Quota), fake.Answer{Text: "ready"}, fake.Answer{Text: "yes"})
	anyway := llm.NewCareful(f, c, clk, llm.Care{Anyway: true})
	for _, one := range []struct {
		m    *llm.Careful
		kind llm.Kind
		made int
	}{{m, llm.Quota, 1}, {m, llm.Quota, 1}, {anyway, llm.Quota, 2}, {m, llm.Quota, 2}, {anyway, "", 3}, {m, "", 4}} {
		if _, err := one.m.Generate(t.Context(), ask()); llm.KindOf(err) != one.kind || len(f.Asked()) != one.made {
			t.Fatalf("%v after %d calls, want %q and %d", err, len(f.Asked()), one.kind, one.made)
		}
	}
}

func TestAVendorOutOfOrderRestsLongerEachTime(t *testing.T) {
	t.Parallel()
	clk := clock.NewFake(start)
	f, c := fake.By(func(llm.Request) fake.Answer { return fail(llm.Server) }), llm.NewCircuit(clk)
	m := llm.NewCareful(f, c, clk, llm.Care{Retries: -1})
	for i := range 5 {
		if c.State().Resting {
			t.Fatalf("rests after %d failures", i)
		}
		_, _ = m.Generate(t.Context(), ask())
	}
	for _, rest := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 10 * time.Minute, 10 * time.Minute} {
		if s := c.State(); !s.Resting || s.Until.Sub(clk.Now()) != rest {
			t.Fatalf("rests %s, want %s", s.Until.Sub(clk.Now()), rest)
		}
		clk.Advance(rest)
		before := len(f.Asked())
		_, _ = m.Generate(t.Context(), ask()) // the probe
		if len(f.Asked()) != before+1 {
			t.Fatal("no probe")
		}
	}
}

func TestAnAnswerThatDoesNotFitSaysNothingAboutTheVendor(t *testing.T) {
	t.Parallel()
	for _, k := range []llm.Kind{llm.Refused, llm.BadRequest, llm.TooLong, llm.Broken} {
		f := fake.By(func(llm.Request) fake.Answer { return fail(k) })
		clk := clock.NewFake(start)
		c := llm.NewCircuit(clk)
		m := llm.NewCareful(f, c, clk, llm.Care{})
		for range 10 {
			_, _ = m.Generate(t.Context(), ask())
		}
		if c.State().Resting || len(f.Asked()) != 10 {
			t.Errorf("%s opened the circuit", k)
		}
	}
}

func TestEachKeyHasItsOwnCircuit(t *testing.T) {
	t.Parallel()
	all := llm.NewCircuits(clock.NewFake(start))
	a := all.For(llm.OpenAI, "u", secret.New("sk-1"))
	if a != all.For(llm.OpenAI, "u", secret.New("sk-1")) || a == all.For(llm.OpenAI, "u", secret.New("sk-2")) || a == all.For(llm.OpenAI, "v", secret.New("sk-1")) {
		t.Error("circuits are mixed up")
	}
}

func TestTheVendorsWordsAreBoundedAndWithoutTheKey(t *testing.T) {
	t.Parallel()
	got := llm.Words("Incorrect key\nsk-verysecret \x00 "+strings.Repeat("ğ", 900), secret.New("sk-verysecret"))
	if strings.Contains(got, "verysecret") || strings.ContainsAny(got, "\n\x00") || len([]rune(got)) != 500 {
		t.Errorf("%q", got)
	}
}
