package api_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
)

// extra are things of a shop that few tests need.
type extra struct{ alert, hold, certificate, copy, optIn, demand, told, duty desk.ID }

// stocked gives a shop one of each thing that a route names by its id.
func (w *world) stocked(t *testing.T, s *shop) {
	t.Helper()
	must(t, w.DB.In(s.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
		alert := store.Alert{Rule: "exports", Subject: "member", SubjectID: s.agent, LastAt: w.Fake.Now()}
		_, e1 := tx.RaiseAlert(&alert)
		hold := store.Hold{Contact: s.contact, Reason: s.canary + " reason", Authority: s.canary + " court", By: desk.Actor{Kind: desk.ByMember, ID: s.owner.ID}}
		e2 := tx.InsertHold(&hold)
		paper := store.Certificate{ID: tx.NewID(), Account: s.channel, Facts: []byte(`{}`), Opened: w.Fake.Now()}
		e3 := tx.AddCertificate(paper)
		copied := store.PersonCopy{Contact: s.contact, Member: s.owner.ID, Language: "en"}
		e4 := tx.AddCopy(&copied, 24*time.Hour)
		allowed, e5 := tx.ChangeOptIn(s.contact, s.channel, "marketing", func(o *desk.Consented) error { o.Source = desk.OptInByPerson; return nil })
		demand := store.Demand{Authority: s.canary + " court", Basis: s.canary + " law", Parts: []string{"profile"}, Due: w.Fake.Now()}
		e6 := tx.AddDemand(&demand)
		owed := store.Duty{Kind: desk.DutyDrill, Title: s.canary + " drill", Due: w.Fake.Now()}
		_, e7 := tx.AddDuty(&owed)
		s.extra = extra{alert.ID, hold.ID, paper.ID, copied.ID, allowed.ID, demand.ID, 0, owed.ID}
		return errors.Join(e1, e2, e3, e4, e5, e6, e7)
	}))
	s.told = w.unsure(t, s, s.incident)
}

// Every id in a path of the matrix is one that is there: an answer "absent" to
// another workspace's thing says something only where one's own is found. Each
// thing that a route takes away is asked for last.
func TestTheMatrixAsksForThingsThatAreThere(t *testing.T) {
	t.Parallel()
	w := one(t)
	w.stocked(t, w.a)
	absent := map[string]string{
		"name-factor":    "self: a colleague's is as absent as one that never was",
		"drop-factor":    "self: a colleague's is as absent as one that never was",
		"unlink-account": "self: needs a provider, test/graph/outside_test.go",
		"member-picture": "needs an account outside: test/graph/face_test.go",
		"restore-ai":     "a number of the caller's own workspace, no id",
		"send-draft":     "the message sent before it took it away",
		"drop-draft":     "the message sent before it took it away",
	}
	var keep, drop []api.Route
	for _, r := range mine(w) {
		switch {
		case r.ID == "give-ownership", r.ID == "end-session": // they would end what this test asks by
		case r.Needs == api.Public || r.Object() == api.ObjectInstance || !strings.Contains(r.Path, "{"):
		case r.Method == http.MethodDelete, slices.Contains([]string{"disconnect-channel", "erase-contact"}, r.ID):
			drop = append(drop, r)
		default:
			keep = append(keep, r)
		}
	}
	slices.Reverse(drop) // a part before the whole
	seen := 0
	for _, r := range append(keep, drop...) {
		w.Fake.Jump(time.Second)
		g := w.do(t, ask{method: r.Method, path: path(r, w.a), body: body(r, w.a), cookie: w.a.cookie})
		code := ""
		if g.status == http.StatusNotFound {
			code = g.problem(t).Code
		}
		if _, may := absent[r.ID]; code != "" && !may {
			t.Errorf("%s asks for a thing that is not there: %s", r.ID, code)
		}
		if g.status == http.StatusUnauthorized || g.status == http.StatusForbidden {
			t.Errorf("%s is closed to an owner: %d %.200s", r.ID, g.status, g.body)
		}
		seen++
	}
	if seen < 60 {
		t.Fatalf("only %d routes name a thing", seen)
	}
}

// A permission that a key is cut to opens its operations, and the lack of it
// closes them, whatever else the key may do: every operation, both ways.
func TestAKeyOfOnePermissionOpensItsOperationsAndNoOther(t *testing.T) {
	t.Parallel()
	w := one(t)
	all := slices.DeleteFunc(slices.Clone(desk.AllPermissions()), func(p desk.Permission) bool { return p.OfInstance() || !desk.Can(desk.RoleOwner, p) })
	cut := func(name string, scopes []desk.Permission) string {
		k, err := w.members.AddKey(context.Background(), w.a.ws.ID, member.KeyWish{Name: name, Role: desk.RoleOwner, Scopes: scopes}, desk.Actor{Kind: desk.BySystem})
		must(t, err)
		return k.Token
	}
	only, without := map[desk.Permission]string{}, map[desk.Permission]string{}
	for _, p := range all {
		only[p] = cut("only "+string(p), []desk.Permission{p})
		without[p] = cut("without "+string(p), slices.DeleteFunc(slices.Clone(all), func(q desk.Permission) bool { return p == q }))
	}
	seen := 0
	for _, r := range mine(w) {
		p := desk.Permission(r.Needs)
		if r.Needs == api.Public || r.Needs == api.SignedIn || only[p] == "" {
			continue
		}
		w.Fake.Jump(time.Second)
		shop := w.a
		if r.Method != http.MethodGet {
			shop = w.b // another's things: nothing is changed by what is let through
		}
		if !w.opens(t, r, ask{key: only[p]}, shop) {
			t.Errorf("%s is closed to a key of %s", r.ID, p)
		}
		if w.opens(t, r, ask{key: without[p]}, shop) {
			t.Errorf("%s is open to a key without %s", r.ID, p)
		}
		seen++
	}
	if seen < 100 {
		t.Fatalf("only %d operations", seen)
	}
}
