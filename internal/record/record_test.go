package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/record"
	"parley/internal/store"
	"parley/test/storetest"
)

const day = 24 * time.Hour

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, h store.Handle, fn func(*store.Rx) error) {
	t.Helper()
	must(t, h.Read(t.Context(), fn))
}

func write(t *testing.T, h store.Handle, fn func(*store.Tx) error) {
	t.Helper()
	must(t, h.Write(t.Context(), fn))
}

func recent(t *testing.T, w *storetest.World, ws desk.ID, kind string) (all []store.Security) {
	t.Helper()
	read(t, w.In(ws), func(r *store.Rx) (err error) {
		all, err = r.SecuritySince(time.Time{}, kind, 100)
		return err
	})
	return all
}

func calls(t *testing.T, w *storetest.World, ws desk.ID) map[string]int64 {
	t.Helper()
	sums := map[string]int64{}
	read(t, w.In(ws), func(r *store.Rx) error {
		all, err := r.UsageBetween(0, 1<<40)
		for _, u := range all {
			sums[u.Route] = u.Calls
		}
		return err
	})
	return sums
}

// covers A-11-08: after twelve months nobody is named and the sums are the same;
// covers A-3.5-01.
// asvs: V14.2.4, V16.2.1
func TestCountsOfUseNameNobodyAfterTwelveMonths(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ws := storetest.Workspace(t, w.DB, "Alpha").Workspace()
		r := record.New(w.Clock, nil)
		for i := range 6 {
			r.Used(ws, desk.Actor{Kind: desk.ByMember, ID: desk.ID(7 + i%2)}, "list-audit", i == 0)
			if i%3 == 2 {
				r.Flush(t.Context(), w.DB)
			}
		}
		r.Used(ws, desk.Actor{Kind: desk.ByKey, ID: 9}, "me", false)
		r.Flush(t.Context(), w.DB)
		want := fmt.Sprint(calls(t, w, ws))
		if want != "map[list-audit:6 me:1]" {
			t.Fatal(want)
		}
		named := func() (n int64) {
			read(t, w.In(ws), func(r *store.Rx) (err error) { n, err = r.NamedUsage(); return err })
			return n
		}
		for _, step := range []struct {
			wait  time.Duration
			named int64
		}{{360 * day, 3}, {10 * day, 0}, {day, 0}} {
			w.Fake.Advance(step.wait)
			write(t, w.In(ws), func(tx *store.Tx) error { _, err := tx.ForgetUsers(); return err })
			if got := named(); got != step.named {
				t.Errorf("after %s more %d rows name somebody, want %d", step.wait, got, step.named)
			}
			if got := fmt.Sprint(calls(t, w, ws)); got != want {
				t.Errorf("sums %s, want %s", got, want)
			}
		}
	})
}

// covers A-11-07, A-11-10, H-51: where a try came from and what an error was
// about cannot be read after 90 days, though nothing was swept.
// asvs: V14.2.4, V16.4.1
func TestRecordsOfADayCannotBeReadPastTheirTermEvenUnswept(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		r := record.New(w.Clock, nil)
		r.Note(record.Event{Kind: record.SignInFailed, Route: "sign-in", Account: "a@example.com", Network: record.Network("203.0.113.77")})
		r.Fault(record.Fault{Kind: "request failed", Place: "api.x:1", FaultEvent: store.FaultEvent{Request: "12", Stack: "api.x:1"}})
		r.Flush(t.Context(), w.DB)
		faults := func() (n int) {
			read(t, w.In(0), func(r *store.Rx) error {
				all, err := r.Faults(10)
				must(t, err)
				for _, f := range all {
					events, err := r.FaultEvents(f.Fingerprint, 10)
					must(t, err)
					n += len(events)
				}
				return nil
			})
			return n
		}
		if e := recent(t, w, 0, record.SignInFailed); len(e) != 1 || e[0].Source != "203.0.113.0/24" || faults() != 1 {
			t.Fatal(e, faults())
		}
		w.Fake.Advance(91 * day)
		if e := recent(t, w, 0, record.SignInFailed); len(e) != 1 || e[0].Source != "" || faults() != 0 {
			t.Errorf("after 91 days: %+v, %d errors", e, faults())
		}
		write(t, w.In(0), func(tx *store.Tx) error {
			_, e1 := tx.DropOldSecurity()
			_, e2 := tx.DropOldFaults()
			return errors.Join(e1, e2)
		})
		if e := recent(t, w, 0, record.SignInFailed); len(e) != 1 || e[0].Account != nil || e[0].Network != nil {
			t.Errorf("marks are still there: %+v", e)
		}
		w.Fake.Advance(280 * day)
		write(t, w.In(0), func(tx *store.Tx) error { _, err := tx.DropOldSecurity(); return err })
		if e := recent(t, w, 0, record.SignInFailed); len(e) != 0 {
			t.Errorf("after a year: %+v", e)
		}
	})
}

// asvs: V16.4.2
func TestAFloodOfNotesIsBoundedAndCountedAndNeverWaits(t *testing.T) {
	t.Parallel()
	r := record.New(clock.NewFake(storetest.Start()), nil)
	for i := range 30_000 { // nobody writes: no database is there
		r.Note(record.Event{Kind: record.Refused, Actor: desk.Actor{Kind: desk.ByKey, ID: desk.ID(i)}})
		r.Used(1, desk.Actor{Kind: desk.ByMember, ID: desk.ID(i)}, "x", false)
		r.Fault(record.Fault{Kind: "k", Place: fmt.Sprint(i)})
		r.KeyUsed(1, desk.ID(i), "10.0.0.0/24")
	}
	if r.Dropped() < 60_000 {
		t.Fatalf("%d dropped", r.Dropped())
	}
}

func TestWhatCannotBeWrittenWaitsAndIsCountedOnce(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	ws := storetest.Workspace(t, w.DB, "Alpha").Workspace()
	r := record.New(w.Clock, nil)
	note := func() {
		r.Used(ws, desk.Actor{Kind: desk.ByMember, ID: 7}, "me", false)
		r.Note(record.Event{Kind: record.Refused, Workspace: ws, Actor: desk.Actor{Kind: desk.ByMember, ID: 7}})
		r.Fault(record.Fault{Kind: "k", Place: "p"})
	}
	note()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r.Flush(gone, w.DB)
	note()
	r.Flush(t.Context(), w.DB)
	r.Flush(t.Context(), w.DB)
	e := recent(t, w, ws, record.Refused)
	if calls(t, w, ws)["me"] != 2 || len(e) != 1 || e[0].Touched != 2 || r.Dropped() != 0 {
		t.Errorf("%v %+v, %d dropped", calls(t, w, ws), e, r.Dropped())
	}
	read(t, w.In(0), func(rx *store.Rx) error {
		all, err := rx.Faults(10)
		if len(all) != 1 || all[0].Seen != 2 {
			t.Errorf("%+v", all)
		}
		return err
	})
}

func TestANewNetworkOfAKeyIsRecordedOnceAndTheFirstIsNone(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		ws := storetest.Workspace(t, w.DB, "Alpha").Workspace()
		r := record.New(w.Clock, nil)
		for _, at := range []string{"198.51.100.7", "198.51.100.9", "2001:db8:1:2::3", "198.51.100.200", "2001:db8:1:9::3"} {
			r.KeyUsed(ws, 5, record.Network(at))
			r.Flush(t.Context(), w.DB)
		}
		e := recent(t, w, ws, record.NewNetwork)
		if len(e) != 1 || e[0].Source != "2001:db8:1::/48" || e[0].Actor.ID != 5 {
			t.Fatalf("%+v", e)
		}
		again := record.New(w.Clock, nil) // after a start the known ones are no news
		again.KeyUsed(ws, 5, record.Network("198.51.100.7"))
		again.Flush(t.Context(), w.DB)
		if e := recent(t, w, ws, record.NewNetwork); len(e) != 1 {
			t.Fatalf("%+v", e)
		}
	})
}

func TestOneTextToManyAndManyMessagesAreRecordedOnce(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	ws := storetest.Workspace(t, w.DB, "Alpha").Workspace()
	r := record.New(w.Clock, nil)
	who := desk.Actor{Kind: desk.ByMember, ID: 7}
	for i := range record.SameTexts - 1 {
		r.Sent(ws, who, desk.ID(i+1), "  Big SALE today ")
		r.Sent(ws, who, 1, "big sale today") // the same conversation again
	}
	r.Flush(t.Context(), w.DB)
	if e := recent(t, w, ws, record.SameText); len(e) != 0 {
		t.Fatalf("too early: %+v", e)
	}
	for i := range record.ManyMessages {
		r.Sent(ws, who, desk.ID(i+1), "big sale  today")
	}
	r.Flush(t.Context(), w.DB)
	if e := recent(t, w, ws, record.SameText); len(e) != 1 || e[0].Touched != record.SameTexts {
		t.Errorf("%+v", e)
	}
	if e := recent(t, w, ws, record.SendFlood); len(e) != 1 || e[0].Touched != record.ManyMessages {
		t.Errorf("%+v", e)
	}
}

// Each process counts for itself: whoever writes through two of them is noticed by
// the one that saw the limit reached, at the latest at twice the limit.
func TestTwoProcessesNoticeAtTwiceTheLimitAtTheLatest(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	ws := storetest.Workspace(t, w.DB, "Alpha").Workspace()
	processes := []*record.Recorder{record.New(w.Clock, nil), record.New(w.Clock, nil)}
	who := desk.Actor{Kind: desk.ByMember, ID: 7}
	sent := 0
	write := func(upTo int) {
		for ; sent < upTo; sent++ {
			processes[sent%2].Sent(ws, who, desk.ID(sent+1), "big sale today")
		}
		for _, r := range processes {
			r.Flush(t.Context(), w.DB)
		}
	}
	for _, c := range []struct {
		kind  string
		limit int
	}{{record.SameText, record.SameTexts}, {record.SendFlood, record.ManyMessages}} {
		write(2*c.limit - 2)
		if e := recent(t, w, ws, c.kind); len(e) != 0 {
			t.Errorf("%s: below the limit in each: %+v", c.kind, e)
		}
		write(2*c.limit - 1)
		if e := recent(t, w, ws, c.kind); len(e) != 1 || e[0].Touched != int64(c.limit) || e[0].Actor.ID != who.ID {
			t.Errorf("%s: %+v", c.kind, e)
		}
		write(2 * c.limit)
	}
}

func TestAnAddressIsCutToItsNetwork(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24",
		"2001:db8:1:2::/64": "2001:db8:1::/48", "fe80::1%lo": "fe80::/48", "unknown": "", "": ""} {
		if got := record.Network(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// covers H-51: whatever an error says, what is kept of it are words of the
// program, ids and places.
// asvs: V16.2.5, V16.3.4, V16.5.1
func TestAnErrorsTextIsNeverKept(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := record.New(w.Clock, nil)
	var told []record.Fault
	r.Tell(func(f record.Fault) { told = append(told, f) })
	var printed bytes.Buffer
	log := r.Watch(slog.New(slog.NewTextHandler(&printed, &slog.HandlerOptions{Level: slog.LevelError + 4})))
	const canary = "canary-7f3 text"
	boom := func() (stack string) {
		defer func() { _ = recover(); stack = string(debug.Stack()) }()
		panic(canary)
	}
	stack := boom()
	log.Error("request failed", "request", desk.ID(77).String(), "workspace", desk.ID(5), "error", fmt.Errorf("%s: %w", canary, errors.New(canary)))
	log.Error("request failed", "request", canary, "workspace", canary, "kind", canary, "name", canary,
		"error", &desk.Error{Code: desk.Internal, Reason: canary, Text: canary, Cause: errors.New(canary)})
	log.With("x", canary).WithGroup("g").Error("request stopped unexpectedly", "place", stack, "value", canary)
	log.Error("work is dead and its lane pauses", "error", &desk.Error{Code: desk.Internal, Reason: "panic", Cause: fmt.Errorf("%s at %s", canary, stack)})
	log.Warn("no error", "error", errors.New(canary))
	if len(told) != 4 || strings.Contains(fmt.Sprintf("%+v", told), "canary") {
		t.Fatalf("%+v", told)
	}
	if told[0].Request != "77" || told[0].Workspace != "5" || !strings.HasPrefix(told[0].Place, "record_test.") {
		t.Errorf("%+v", told[0])
	}
	here, err := os.Getwd() // a stack names files by where they were compiled
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range told[2:] {
		if !strings.Contains(f.Place, "TestAnErrorsTextIsNeverKept.func") || !strings.Contains(f.Stack, "\n") || strings.Contains(f.Stack, here) || strings.Contains(f.Stack, "0x") {
			t.Errorf("%+v", f)
		}
	}
	r.Flush(t.Context(), w.DB)
	read(t, w.In(0), func(rx *store.Rx) error {
		all, err := rx.Faults(10)
		if len(all) != 4 {
			t.Errorf("%+v", all)
		}
		return err
	})
}

// covers H-55: the types have no place for a text.
// asvs: V16.2.5
func TestRecordsHaveNoPlaceForAText(t *testing.T) {
	t.Parallel()
	words := map[string]bool{"Kind": true, "Route": true, "Name": true, "Role": true, "Account": true, "Network": true, "Cut": true}
	for _, v := range []any{record.Event{}, store.Usage{}} {
		var walk func(reflect.Type)
		walk = func(s reflect.Type) {
			for i := range s.NumField() {
				f := s.Field(i)
				switch {
				case f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[time.Time]():
					walk(f.Type)
				case f.Type.Kind() == reflect.String && !words[f.Name]:
					t.Errorf("%s.%s is a text", s, f.Name)
				}
			}
		}
		walk(reflect.TypeOf(v))
	}
}
