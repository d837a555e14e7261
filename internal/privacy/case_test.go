package privacy_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// accounts stands for the channel accounts of one person: three, until they are
// gone, which fails as often as is said.
type accounts struct {
	mu    sync.Mutex
	in    desk.ID
	left  int
	fails int
	asked chan string
}

func (a *accounts) ConnectedBy(context.Context, string, time.Time) (map[desk.ID]int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return map[desk.ID]int{a.in: a.left}, nil
}

func (a *accounts) Deauthorize(_ context.Context, user string, _ time.Time) error {
	return a.DisconnectAll(ctx, user)
}

func (a *accounts) DisconnectAll(_ context.Context, user string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left = 0
	a.asked <- user
	if a.fails > 0 {
		a.fails--
		return errors.New("the machine stopped")
	}
	return nil
}

// turn runs the work of cases until the accounts were asked, and stops it.
func turn(t *testing.T, f *flow.Flow, c *privacy.Cases, a *accounts) string {
	t.Helper()
	life, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- f.Run(life, c.Handlers(), nil) }()
	limit, end := context.WithTimeout(ctx, time.Minute)
	defer end()
	user := ""
	select {
	case user = <-a.asked:
	case <-limit.Done():
		t.Error("nobody asked for the accounts")
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return user
}

// covers A-9.1-02, decision 10: what a request matches is counted once, and what
// was interrupted is carried out to its end, in every workspace.
func TestAnInterruptedRequestIsCarriedOutAndCountedWhole(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, other := storetest.Workspace(t, w.DB, "Northwind"), storetest.Workspace(t, w.DB, "Southwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, ben := plant(t, h, acct, "ana", 5), plant(t, h, acct, "ben", 2)
		again := plant(t, other, storetest.Account(t, other, "widget", "pk_2"), "ana", 1)
		a := &accounts{in: h.Workspace(), left: 3, fails: 1, asked: make(chan string, 10)}
		f := flow.New(flow.Config{DB: w.DB, Clock: w.Clock})
		cases := privacy.NewCases(privacy.CaseParts{DB: w.DB, Flow: f, Eraser: privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB)), Accounts: a, Audit: audit.NewLog(w.DB),
			Identities: []string{"psid", "visitor"}})
		ask := privacy.Request{Kind: privacy.Deletion, User: "canary-ana-identity", At: w.Clock.Now().Add(-time.Second)}
		code, err := cases.Open(ctx, ask)
		if err != nil {
			t.Fatal(err)
		}
		if user := turn(t, f, cases, a); user != ask.User {
			t.Errorf("asked for %q", user)
		}
		if c, err := cases.Find(ctx, code); err != nil || c.State != store.CaseWorking || !c.Due.Equal(w.Clock.Now().Add(24*time.Hour)) {
			t.Errorf("interrupted it is %+v, %v", c, err)
		}
		w.Fake.Advance(time.Hour)
		turn(t, f, cases, a)
		c, err := cases.Find(ctx, code)
		if err != nil || c.State != store.CaseDone || c.Subject != "" || c.Outcome["accounts"] != 3 || c.Outcome["contacts"] != 2 ||
			c.Outcome["conversations"] != 2 || c.Outcome["messages"] != 6 {
			t.Errorf("done it is %+v, %v", c, err)
		}
		for ws, want := range map[store.Handle]map[string]int{h: {"accounts": 3, "contacts": 1, "conversations": 1, "messages": 5}, other: {"contacts": 1, "conversations": 1, "messages": 1}} {
			told, err := cases.List(ctx, ws.Workspace(), store.CaseList{Limit: 10})
			if err != nil || len(told) != 1 || told[0].State != store.CaseDone || told[0].Subject != "" || !maps.Equal(told[0].Outcome, want) {
				t.Errorf("a workspace is told %+v, %v", told, err)
			}
		}
		if len(readable(t, h, ana)) > 0 || len(readable(t, other, again)) > 0 || len(readable(t, h, ben)) != len(ben.canaries) {
			t.Error("something of the person is left, or somebody else lost something")
		}
		if same, err := cases.Open(ctx, ask); err != nil || same != code {
			t.Errorf("a repeat has another code: %v", err)
		}
		ask.At = ask.At.Add(time.Second)
		if next, err := cases.Open(ctx, ask); err != nil || next == code {
			t.Errorf("another request has the same code: %v", err)
		}
	})
}

func TestARequestOfNobodyOpensNoCase(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		cases := privacy.NewCases(privacy.CaseParts{DB: w.DB, Flow: flow.New(flow.Config{DB: w.DB, Clock: w.Clock})})
		now := w.Clock.Now()
		for _, q := range []privacy.Request{{}, {Kind: privacy.Deletion, At: now}, {Kind: privacy.Deletion, User: "1"}, {Kind: "export", User: "1", At: now}} {
			if code, err := cases.Open(ctx, q); err == nil || code != "" {
				t.Errorf("%+v opened %q, %v", q, code, err)
			}
		}
		if _, err := cases.Find(ctx, ""); !desk.IsNotFound(err) {
			t.Errorf("the empty code finds %v", err)
		}
	})
}
