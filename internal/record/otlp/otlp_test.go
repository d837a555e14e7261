package otlp_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/record"
	"parley/internal/record/otlp"
	"parley/internal/store"
	standin "parley/sim/otlp"
)

func opened(t *testing.T, at string, calls http.RoundTripper) *otlp.Sender {
	t.Helper()
	s, err := otlp.Open(otlp.Options{URL: secret.New(at), Calls: calls, Clock: clock.Real{}, Log: slog.New(slog.DiscardHandler), Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// registered is the way that calls take in the program.
func registered(t *testing.T, at string) http.RoundTripper {
	t.Helper()
	rule := httpx.Rule{Name: otlp.Rule, Purpose: httpx.Infrastructure}
	host, err := otlp.Address(secret.New(at))
	if err == nil {
		err = rule.Add(host)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := httpx.New(clock.Real{}, rule)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	return out.Plain(otlp.Rule).Transport
}

func request(t *testing.T, s *otlp.Sender) {
	t.Helper()
	_, end := s.Request(t.Context())
	end(otlp.Request{ID: 7, Method: "GET", Route: "list", Pattern: "GET /api/v1/things/{id}", Status: 200})
}

// far more than the queue holds is handed over while the collector answers
// nothing: nobody waits, and the rest is let go.
func TestASlowCollectorSlowsNoRequest(t *testing.T) {
	t.Parallel()
	sim, release := standin.StartSlow()
	t.Cleanup(sim.Close)
	t.Cleanup(release)
	s := opened(t, sim.URL(), registered(t, sim.URL()))
	request(t, s)
	for range 20_000 { // were one of them to wait for the collector, this would never end
		request(t, s)
	}
	release()
	s.Close()
}

type away struct{ asked atomic.Int64 }

func (a *away) RoundTrip(*http.Request) (*http.Response, error) {
	a.asked.Add(1)
	return nil, errors.New("away")
}

func TestACollectorThatIsAwayCostsWhatWasForItAndNothingElse(t *testing.T) {
	t.Parallel()
	calls := &away{}
	s := opened(t, "http://127.0.0.1:4318", calls)
	for range 100 {
		request(t, s)
	}
	s.Door(3, door())
	s.Close()
	if s.Lost() != 101 || calls.asked.Load() == 0 {
		t.Errorf("lost %d of 101 in %d calls", s.Lost(), calls.asked.Load())
	}
}

// taken keeps what was asked.
type taken struct{ header http.Header }

func (k *taken) RoundTrip(r *http.Request) (*http.Response, error) {
	k.header = r.Header.Clone()
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(""))}, nil
}

func TestUserAndPasswordOfTheAddressLeaveAsCredentialsOnly(t *testing.T) {
	t.Parallel()
	calls := &taken{}
	s := opened(t, "https://parley:secret-word@collector.example.com/in/", calls)
	request(t, s)
	s.Close()
	r := &http.Request{Header: calls.header}
	if user, password, ok := r.BasicAuth(); !ok || user != "parley" || password != "secret-word" {
		t.Errorf("%q %q %v", user, password, ok)
	}
}

func TestNoAddressTellsNobody(t *testing.T) {
	t.Parallel()
	var s *otlp.Sender
	request(t, s)
	s.Close()
	for _, at := range []string{"collector", "ftp://host", "http://", "https://host/?key=1"} {
		if _, err := otlp.Address(secret.New(at)); err == nil {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// a span holds nothing but what is listed, whatever its caller says.
func TestOnlyListedWordsLeave(t *testing.T) {
	t.Parallel()
	sim := standin.Start()
	t.Cleanup(sim.Close)
	s := opened(t, sim.URL(), registered(t, sim.URL()))
	ctx, end := s.Request(t.Context())
	_, called := s.Call(ctx, "meta")
	called(503, "timed_out")
	_, worked := s.Work(ctx, "deliver.send", 5, 2)
	worked(&desk.Error{Code: desk.Internal, Text: "canary"})
	end(otlp.Request{ID: 7, Workspace: 5, Method: "CANARY", Route: "none", Pattern: "", Status: 404})
	s.Close()
	got := map[string]standin.Item{}
	for range 3 {
		i := <-sim.Came()
		got[i.Name] = i
	}
	if got["call meta"].With["error.type"] != "timed_out" || got["work deliver.send"].With["parley.workspace"] != desk.ID(5).String() || got["_OTHER"].With["parley.operation"] != "none" {
		t.Errorf("%+v", got)
	}
	if strings.Contains(sim.Bytes(), "canary") || strings.Contains(sim.Bytes(), "CANARY") || len(sim.Wrong()) > 0 {
		t.Errorf("%v\n%s", sim.Wrong(), sim.Bytes())
	}
}

func door() store.Security { return store.Security{Kind: record.SignInFailed, Touched: 3} }
