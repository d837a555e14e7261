package graph_test

import (
	"strings"
	"testing"
	"time"

	sim "parley/sim/oidc"
)

// atProof begins to prove once more who somebody is.
const atProof = "/api/v1/session/proof/outside"

// Who came by an account outside, and has no password and no passkey, renews the
// proof of who they are there: by that account alone, asked anew, in the browser
// that left (covers H-92; asvs: V7.5.1).
func TestAProofIsRenewedByTheAccountThatWasLinked(t *testing.T) {
	s, set := accounts(t, ada(), sim.Person{Subject: "2002", Email: "ada@northwind.example", Verified: true, Name: "Not Ada"})
	_, mails := mailbox(t)
	set["PARLEY_SMTP_URL"] = mails["PARLEY_SMTP_URL"]
	w := open(t, "", set)
	s.Clock(w.clock.Now)
	w.call("POST", "/api/v1/members", map[string]string{"name": "Somebody", "email": "ada@northwind.example", "role": "agent"}, nil)
	b := &browser{w: w}
	if got := b.joins(b.goes(s, atSignIn, "1001")); got.Status != 200 {
		t.Fatal(got.Code)
	}
	closed := func() bool {
		got := b.ask("GET", "/api/v1/my-data", nil, nil)
		if got.Status != 200 && got.Code != "reauthentication_required" {
			t.Fatalf("%d %s", got.Status, got.Code)
		}
		return got.Status != 200
	}
	w.clock.Move(11 * time.Minute)
	if !closed() {
		t.Fatal("a proof of eleven minutes ago is enough")
	}
	for lie, code := range map[sim.Lie]string{sim.StaleAuth: "outside_stale", sim.NoAuthTime: "outside_unproved", sim.OtherNonce: "outside_refused"} {
		s.Tell(lie)
		if got := b.comes(b.goes(s, atProof, "1001")); got.Code != code || !closed() {
			t.Errorf("%s: %d %s", lie, got.Status, got.Code)
		}
	}
	s.Tell()
	if got := b.comes(b.goes(s, atProof, "2002")); got.Code != "outside_other" || !closed() {
		t.Errorf("another account: %d %s", got.Status, got.Code)
	}
	thief := &browser{w: w}
	if got := thief.comes(b.goes(s, atProof, "1001")); got.Code != "outside_over" || thief.in() || !closed() {
		t.Errorf("in another browser: %d %s", got.Status, got.Code)
	}
	if got := thief.ask("POST", atProof, map[string]string{"way": "google"}, nil); got.Status != 401 {
		t.Errorf("who is not signed in: %d", got.Status)
	}
	back := b.goes(s, atProof, "1001")
	if got := b.comes(back); got.Status != 200 || !strings.Contains(string(got.raw), "proved") || closed() {
		t.Fatalf("%d %s %s", got.Status, got.Code, got.raw)
	}
	w.clock.Move(11 * time.Minute)
	if got := b.comes(back); got.Code != "outside_over" || !closed() {
		t.Errorf("the same answer twice: %d %s", got.Status, got.Code)
	}
}
