package oidc_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/member/oidc"
	sim "parley/sim/oidc"
)

const home = "https://chat.northwind.example"

func provider(t *testing.T) *sim.Sim {
	t.Helper()
	s, err := sim.Start(sim.Options{Redirects: []string{home + "/sign-in/google"}, People: []sim.Person{
		{Subject: "1001", Email: "Ada@Northwind.example", Verified: true, Name: "Ada Yılmaz"}, {Subject: "1002", Email: "ben@northwind.example", Name: "Ben"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func outside(t *testing.T, s *sim.Sim, limit time.Duration) *oidc.Outside {
	t.Helper()
	i := oidc.Issuer{Way: "google", Name: "Google", URL: s.Issuer(), Client: sim.ClientID, Secret: secret.New(sim.ClientSecret)}
	r := httpx.Rule{Name: i.Rule(), Purpose: httpx.Infrastructure}
	if err := r.Add(s.Issuer()); err != nil {
		t.Fatal(err)
	}
	out, err := httpx.New(clock.Real{}, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(out.Close)
	return oidc.New(oidc.Parts{Out: out, Clock: clock.Real{}, Issuers: []oidc.Issuer{i}, Home: home, Limit: limit})
}

func trip() oidc.Trip {
	return oidc.Trip{Way: "google", State: secret.Token(), Nonce: secret.Token(), Verifier: secret.Token()}
}

// comes is a browser that goes to the provider, chooses an account and comes back.
func comes(t *testing.T, s *sim.Sim, o *oidc.Outside, trip oidc.Trip, subject string) (oidc.Answer, error) {
	t.Helper()
	at, err := o.Ask(t.Context(), trip)
	if err != nil {
		return oidc.Answer{}, err
	}
	back, wrong := s.Approve(at, subject)
	if wrong != "" {
		t.Fatalf("the provider refuses the question: %s", wrong)
	}
	if back.Get("state") != trip.State {
		t.Fatal("another state came back")
	}
	return oidc.Answer{Code: back.Get("code"), Issuer: back.Get("iss")}, nil
}

func signsIn(t *testing.T, s *sim.Sim, o *oidc.Outside) (oidc.Person, error) {
	t.Helper()
	trip := trip()
	a, err := comes(t, s, o, trip, "1001")
	if err != nil {
		return oidc.Person{}, err
	}
	return o.Who(t.Context(), trip, a)
}

// What a provider is asked and what is taken of its answer: openid, email and
// profile, a nonce, a state and PKCE (covers A-3.1-01, A-3.1-02, A-3.1-05;
// asvs: V10.1.2, V10.2.1, V10.4.6, V10.5.1, V10.5.2).
func TestAProviderIsAskedForLittleAndSaysWhoCame(t *testing.T) {
	t.Parallel()
	s := provider(t)
	o := outside(t, s, 0)
	at, err := o.Ask(t.Context(), trip())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{"scope": "openid email profile", "response_type": "code", "code_challenge_method": "S256", "redirect_uri": home + "/sign-in/google", "client_id": sim.ClientID} {
		if q.Get(name) != want {
			t.Errorf("%s=%q, want %q", name, q.Get(name), want)
		}
	}
	p, err := signsIn(t, s, o)
	if err != nil || p != (oidc.Person{Issuer: s.Issuer(), Subject: "1001", Email: "Ada@Northwind.example", Verified: true, Name: "Ada Yılmaz"}) {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, r := range s.Requests() {
		if strings.Contains(r.Query, sim.ClientSecret) || strings.Contains(r.Path, sim.ClientSecret) {
			t.Error("the client's secret stands in an address")
		}
	}
}

// Every lie of a provider, and every swap on the way: nobody is signed in (covers
// A-3.1-01; asvs: V6.8.2, V10.5.2, V10.5.3, V10.5.4).
func TestAProviderThatLiesSignsNobodyIn(t *testing.T) {
	t.Parallel()
	lies := []sim.Lie{sim.OtherIssuer, sim.OtherAudience, sim.TwoAudiences, sim.OtherNonce, sim.NoNonce, sim.Expired, sim.NoExpiry, sim.NotYet, sim.IssuedLater,
		sim.AlgNone, sim.AlgHMAC, sim.ForeignKey, sim.UnknownKey, sim.CutSignature, sim.ChangedClaims, sim.NoSubject, sim.LongSubject, sim.NumberSubject, sim.NumberClient, sim.LongToken, sim.NoIDToken, sim.Garbage,
		sim.OtherInfo, sim.OtherDiscovery, sim.ForeignToken, sim.ForeignKeys, sim.MixUp, sim.NoIss, sim.RedirectToken, sim.RefuseToken, sim.HugeToken, sim.NoJSON, sim.HugeKeys, sim.RedirectKeys}
	if len(lies) < 25 {
		t.Fatal("too few")
	}
	s := provider(t)
	for _, lie := range lies {
		s.Tell(lie)
		p, err := signsIn(t, s, outside(t, s, 0))
		if p.Subject != "" || desk.CodeOf(err) != desk.Forbidden {
			t.Errorf("%s: %+v, %v", lie, p, err)
		}
		if err != nil && (strings.Contains(err.Error(), "eyJ") || strings.Contains(err.Error(), "northwind")) {
			t.Errorf("%s: the error repeats what the provider said: %v", lie, err)
		}
	}
	s.Tell()
	if p, err := signsIn(t, s, outside(t, s, 0)); err != nil || p.Subject != "1001" {
		t.Fatalf("honest again: %+v, %v", p, err)
	}
}

// A proof is believed only where the provider says that the person showed who they
// are after it was asked for: a session there, however good, is none (asvs: V7.5.1,
// V6.8.4).
func TestAProofByAProviderIsOfNow(t *testing.T) {
	t.Parallel()
	s := provider(t)
	o := outside(t, s, 0)
	proves := func() (oidc.Person, error) {
		trip := trip()
		trip.Since = time.Now()
		at, err := o.Ask(t.Context(), trip)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"prompt": "login", "max_age": "0", "claims": `{"id_token":{"auth_time":{"essential":true}}}`} {
			if got := u.Query().Get(name); got != want {
				t.Errorf("%s=%q, want %q", name, got, want)
			}
		}
		a, err := comes(t, s, o, trip, "1001")
		if err != nil {
			t.Fatal(err)
		}
		return o.Who(t.Context(), trip, a)
	}
	for lie, reason := range map[sim.Lie]string{sim.StaleAuth: "outside_stale", sim.LateAuthTime: "outside_stale", sim.NoAuthTime: "outside_unproved", sim.WordAuthTime: "outside_unproved"} {
		s.Tell(lie)
		var why *desk.Error
		if p, err := proves(); p.Subject != "" || !errors.As(err, &why) || why.Reason != reason {
			t.Errorf("%s: %+v, %v", lie, p, err)
		}
		if p, err := signsIn(t, s, o); err != nil || p.Subject != "1001" {
			t.Errorf("%s: a sign-in asks for no such thing: %+v, %v", lie, p, err)
		}
	}
	s.Tell()
	if p, err := proves(); err != nil || p.Subject != "1001" {
		t.Fatalf("honest: %+v, %v", p, err)
	}
}

func TestAProviderThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, lie := range []sim.Lie{sim.HangDiscovery, sim.HangToken, sim.HangKeys} {
		s := provider(t)
		s.Tell(lie)
		if p, err := signsIn(t, s, outside(t, s, 300*time.Millisecond)); p.Subject != "" || desk.CodeOf(err) != desk.Unavailable {
			t.Errorf("%s: %+v, %v", lie, p, err)
		}
	}
}

// An address counts only where the provider says, with the word true, that it was
// verified (covers A-3.1-03; asvs: V6.8.1).
func TestAnAddressCountsOnlyWhenItWasVerified(t *testing.T) {
	t.Parallel()
	s := provider(t)
	o := outside(t, s, 0)
	for lie, want := range map[sim.Lie]bool{sim.Unverified: false, sim.SaysVerified: false, sim.NoEmail: true} { // the last one says it where it is asked
		s.Tell(lie)
		if p, err := signsIn(t, s, o); err != nil || p.Verified != want {
			t.Errorf("%s: %+v, %v", lie, p, err)
		}
	}
}

// A code belongs to one sign-in of one browser: neither another's verifier nor a
// second try spends it, whatever the provider allows.
func TestACodeIsOfNoUseElsewhere(t *testing.T) {
	t.Parallel()
	s := provider(t)
	o := outside(t, s, 0)
	mine, theirs := trip(), trip()
	a, err := comes(t, s, o, theirs, "1002")
	if err != nil {
		t.Fatal(err)
	}
	if p, err := o.Who(t.Context(), mine, a); p.Subject != "" || desk.CodeOf(err) != desk.Forbidden {
		t.Errorf("another's code with my verifier: %+v, %v", p, err)
	}
	s.Tell(sim.AnyChallenge, sim.AgainCode)
	if p, err := o.Who(t.Context(), mine, a); p.Subject != "" || desk.CodeOf(err) != desk.Forbidden {
		t.Errorf("another's code, verifier not checked: the nonce does not hold: %+v, %v", p, err)
	}
	s.Tell()
	a, err = comes(t, s, o, mine, "1001")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Who(t.Context(), mine, a); err != nil {
		t.Fatal(err)
	}
	if p, err := o.Who(t.Context(), mine, a); p.Subject != "" || desk.CodeOf(err) != desk.Forbidden {
		t.Errorf("again: %+v, %v", p, err)
	}
	for name, bad := range map[string]oidc.Answer{"no code": {Issuer: s.Issuer()}, "a long code": {Code: strings.Repeat("x", 5000), Issuer: s.Issuer()}, "a made-up code": {Code: "x", Issuer: s.Issuer()}} {
		if p, err := o.Who(t.Context(), mine, bad); p.Subject != "" || desk.CodeOf(err) != desk.Forbidden {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if _, err := o.Ask(t.Context(), oidc.Trip{Way: "facebook"}); !desk.IsNotFound(err) {
		t.Errorf("a way that is not there: %v", err)
	}
}
