package sentry_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/record"
	"parley/internal/record/sentry"
	standin "parley/sim/sentry"
)

const canary = "canary-5c1"

// opened is a sender at the stand-in, by the register.
func opened(t *testing.T, ready error) (*standin.Sim, *sentry.Sender) {
	t.Helper()
	sim := standin.Start()
	t.Cleanup(sim.Close)
	at, err := sentry.Address(secret.New(sim.DSN()))
	if err != nil {
		t.Fatal(err)
	}
	rule := httpx.Rule{Name: sentry.Rule, Purpose: httpx.Infrastructure}
	if err := rule.Add(at); err != nil {
		t.Fatal(err)
	}
	out, err := httpx.New(clock.Real{}, rule)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	calls := out.Plain(sentry.Rule).Transport
	if ready != nil {
		calls = refusing{ready}
	}
	s, err := sentry.Open(sentry.Options{DSN: secret.New(sim.DSN()), Calls: calls, Release: "1"})
	if err != nil {
		t.Fatal(err)
	}
	return sim, s
}

type refusing struct{ err error }

func (r refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, r.err }

// covers A-8.1-08, A-8.7-01, H-51: of an error whose every text is a canary the
// service gets words of the program, places and ids.
// asvs: V14.2.3, V16.2.5
func TestNoCanaryArrivesAtTheErrorService(t *testing.T) {
	t.Parallel()
	sim, s := opened(t, nil)
	rec := record.New(clock.Real{}, nil)
	rec.Tell(s.Fault)
	log := rec.Watch(slog.New(slog.DiscardHandler))
	log.Error("request failed", "request", desk.ID(77).String(), "body", canary, "email", canary+"@example.com", "ip", "203.0.113.77",
		"error", &desk.Error{Code: desk.Internal, Reason: "database", Text: canary, Cause: fmt.Errorf("%s: %w", canary, errors.New(canary))})
	item := <-sim.Came()
	s.Close()
	if item.Type != "event" || len(sim.Wrong()) != 0 {
		t.Fatalf("%+v, wrong %v", item, sim.Wrong())
	}
	all := sim.Bytes()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{canary, "203.0.113", "Cookie", here, "contexts\":{\"device", "modules"} {
		if strings.Contains(all, never) {
			t.Errorf("%s arrived:\n%s", never, all)
		}
	}
	var fields []string
	for name := range item.Event {
		fields = append(fields, name)
	}
	slices.Sort(fields)
	allowed := []string{"environment", "event_id", "exception", "fingerprint", "level", "platform", "release", "sdk", "server_name", "tags", "timestamp", "transaction", "user"}
	for _, f := range fields {
		if !slices.Contains(allowed, f) {
			t.Errorf("the field %s left, which nobody listed", f)
		}
	}
	if user, err := json.Marshal(item.Event["user"]); err != nil || string(user) != "null" && string(user) != "{}" {
		t.Errorf("a user left: %s", user)
	}
	x, err := json.Marshal(item.Event["exception"])
	if err != nil || !strings.Contains(string(x), `"request failed"`) || !strings.Contains(string(x), "internal database errors.errorString") {
		t.Errorf("%s %v", x, err)
	}
}

func TestAServiceThatIsAwayHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	sim, s := opened(t, errors.New("away"))
	for range 200 {
		s.Fault(record.Fault{Kind: "k", Place: "p"})
	}
	s.Close()
	if sim.Bytes() != "" {
		t.Error(sim.Bytes())
	}
}

func TestAWrongDSNIsSaidWithoutRepeatingIt(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"", canary, "https://" + canary, "ftp://" + canary + "@host/1", "https://host/" + canary} {
		if _, err := sentry.Address(secret.New(dsn)); err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("%q: %v", dsn, err)
		}
	}
}
