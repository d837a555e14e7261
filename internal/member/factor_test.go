package member_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/test/passkeytest"
	"parley/test/storetest"
)

const (
	home   = "https://chat.example.com"
	period = 30 * time.Second
)

// strict is an install that demands a second factor of owners and admins, as
// serve does.
func strict(t *testing.T, fn func(t *testing.T, w *storetest.World, r *member.Roster)) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		fn(t, w, member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4, Demand: desk.DemandAdmins, Home: home}))
	})
}

func code(t *testing.T, w *storetest.World, seed string) string {
	t.Helper()
	c, err := totp.GenerateCode(seed, w.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// enrol adds codes of an app to a sign-in.
func enrol(t *testing.T, w *storetest.World, r *member.Roster, s member.Signed) (member.Added, string) {
	t.Helper()
	ctx := context.Background()
	n, err := r.BeginTOTP(ctx, s.Who)
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.ConfirmTOTP(ctx, s.Who, s.Token, member.TOTPConfirm{Token: n.Token, Code: code(t, w, n.Secret), Name: "Phone"})
	if err != nil {
		t.Fatal(err)
	}
	return a, n.Secret
}

func addPasskey(t *testing.T, r *member.Roster, s member.Signed) (member.Added, *passkeytest.Device) {
	t.Helper()
	ctx := context.Background()
	ask, err := r.BeginPasskey(ctx, s.Who)
	if err != nil {
		t.Fatal(err)
	}
	d := &passkeytest.Device{Origin: home, Step: 1}
	a, err := r.AddPasskey(ctx, s.Who, s.Token, "Key", d.Create(t, ask))
	if err != nil {
		t.Fatal(err)
	}
	return a, d
}

// asvs: V6.3.3, V6.5.1, V6.5.4, V6.5.5, V7.2.4
// covers H-92
func TestASignInOwesTheSecondFactorAndACodeOpensOnce(t *testing.T) {
	strict(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		add(t, r, "Kumaş", "ada@example.com", desk.RoleOwner)
		s := signIn(t, r, "ada@example.com")
		if s.Who.Step != desk.StepEnrol {
			t.Fatalf("an owner's first sign-in owes %q", s.Who.Step)
		}
		a, seed := enrol(t, w, r, s)
		if len(a.Recovery) != 10 || a.Who.Step != desk.StepIn || a.Token == s.Token {
			t.Fatalf("%d recovery codes, step %q", len(a.Recovery), a.Who.Step)
		}
		if _, err := r.Session(ctx, s.Token); desk.CodeOf(err) != desk.Unauthenticated {
			t.Fatal("the token from before the factor still opens")
		}
		s = signIn(t, r, "ada@example.com")
		if s.Who.Step != desk.StepFactor {
			t.Fatalf("the next sign-in owes %q", s.Who.Step)
		}
		if _, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Code: code(t, w, seed)}); reason(err) != "code_wrong" {
			t.Fatalf("the code that confirmed the app passed again: %v", err)
		}
		w.Fake.Advance(period)
		for _, c := range []string{"", "12345", "1234567", "abcdef", "000 000"} {
			if _, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Code: c}); err == nil {
				t.Fatalf("%q passed", c)
			}
			w.Fake.Advance(time.Hour) // the budget is another test's
		}
		s = signIn(t, r, "ada@example.com")
		now := code(t, w, seed)
		passed, wrong := atOnce(50, func() error {
			_, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Code: now})
			return err
		})
		if passed != 1 || wrong != 49 {
			t.Fatalf("one code in 50 hands passed %d times", passed)
		}
		old := signIn(t, r, "ada@example.com")
		w.Fake.Advance(3 * period)
		if _, err := r.Pass(ctx, old.Who, old.Token, member.Answer{Code: now}); err == nil {
			t.Fatal("a code of 90 seconds ago passed")
		}
	})
}

func atOnce(n int, try func() error) (passed, refused int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			err := try()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				passed++
			} else {
				refused++
			}
		})
	}
	all.Wait()
	return passed, refused
}

// asvs: V6.5.2, V6.5.3
func TestARecoveryCodeOpensOnceAndANewSetReplacesTheOld(t *testing.T) {
	strict(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
		a, _ := enrol(t, w, r, signIn(t, r, "ada@example.com"))
		s := signIn(t, r, "ada@example.com")
		if err := r.Prove(ctx, s.Who, member.Answer{Recovery: a.Recovery[0]}, ""); err == nil {
			t.Fatal("a recovery code proved an act")
		}
		typed := strings.ToUpper(strings.ReplaceAll(a.Recovery[0], "-", " "))
		passed, _ := atOnce(20, func() error {
			_, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Recovery: typed})
			return err
		})
		if passed != 1 {
			t.Fatalf("one recovery code in 20 hands passed %d times", passed)
		}
		if _, left, err := r.Factors(ctx, s.Who.Workspace.ID, s.Who.Member.ID); err != nil || left != 9 {
			t.Fatalf("%d left: %v", left, err)
		}
		if _, err := r.NewRecovery(ctx, a.Who); err != nil {
			t.Fatal(err)
		}
		w.Fake.Advance(time.Hour)
		s = signIn(t, r, "ada@example.com")
		if _, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Recovery: a.Recovery[1]}); reason(err) != "code_wrong" {
			t.Fatalf("a replaced recovery code: %v", err)
		}
	})
}

// asvs: V6.3.1, V6.5.6
func TestGuessersOfCodesAndPasswordsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4, Home: home})
	ctx := t.Context()
	add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
	a, seed := enrol(t, w, r, signIn(t, r, "ada@example.com"))
	a, device := addPasskey(t, r, a.Signed)
	s := signIn(t, r, "ada@example.com")
	looked := 0
	for range 60 { // one wrong code a minute
		if _, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Code: "000000"}); reason(err) == "code_wrong" {
			looked++
		} else if desk.CodeOf(err) != desk.TooMany {
			t.Fatal(err)
		}
		w.Fake.Advance(time.Minute)
	}
	if looked > 10 {
		t.Fatalf("%d wrong codes were looked at within an hour", looked)
	}
	before := r.Work()
	for i := range 10_000 { // from everywhere
		_, err := r.SignIn(ctx, member.SignIn{Email: "ada@example.com", Password: "wrong wrong wrong wrong", Address: "192.0.2." + string(rune('a'+i%200))})
		if err == nil {
			t.Fatal("a wrong password opened")
		}
	}
	if n := r.Work() - before; n > 100 {
		t.Fatalf("%d wrong passwords were hashed", n)
	}
	if _, err := r.SignIn(ctx, member.SignIn{Email: "ada@example.com", Password: good, Address: "198.51.100.1"}); desk.CodeOf(err) != desk.TooMany {
		t.Fatalf("the account's budget of passwords is not spent: %v", err)
	}
	ask, err := r.AskPasskey(ctx, member.Who{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := r.SignInByPasskey(ctx, member.PasskeySignIn{Credential: device.Get(t, ask), Address: "198.51.100.1"})
	if err != nil || in.Who.Step != desk.StepIn {
		t.Fatalf("the rightful owner: step %q, %v", in.Who.Step, err)
	}
	if ask, err = r.AskPasskey(ctx, s.Who); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Passkey: device.Get(t, ask)}); err != nil {
		t.Fatalf("a passkey after wrong codes: %v", err)
	}
	w.Fake.Advance(time.Hour)
	for range 30 { // right codes cost nothing
		s := signIn(t, r, "ada@example.com")
		if _, err := r.Pass(ctx, s.Who, s.Token, member.Answer{Code: code(t, w, seed)}); err != nil {
			t.Fatal(err)
		}
		w.Fake.Advance(3 * time.Minute)
	}
}

// covers H-92
func TestAResetByMailAsksForTheSecondFactorAllTheSame(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4, Home: home})
	ctx := t.Context()
	ws, m := add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
	_, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
	enrol(t, w, r, signIn(t, r, "ada@example.com"))
	by := desk.Actor{Kind: desk.ByMember, ID: boss.ID, Role: desk.RoleOwner}
	if err := r.ResetPassword(ctx, ws, m.ID, "seven red kites over it", by); err != nil {
		t.Fatal(err)
	}
	s, err := r.SignIn(ctx, member.SignIn{Email: "ada@example.com", Password: "seven red kites over it"})
	if err != nil || s.Who.Step != desk.StepFactor {
		t.Fatalf("after a new password: step %q, %v", s.Who.Step, err)
	}
	if err := r.ResetFactors(ctx, ws.ID, boss.ID, by); reason(err) != "own_account" {
		t.Fatalf("an owner reset their own: %v", err)
	}
	if err := r.ResetFactors(ctx, ws.ID, boss.ID, desk.Actor{Kind: desk.ByMember, ID: m.ID, Role: desk.RoleAdmin}); reason(err) != "owner_needed" {
		t.Fatalf("an admin reset an owner's: %v", err)
	}
	if _, err := r.ResetFactorsOf(ctx, "Kumaş", "ada@example.com"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Session(ctx, s.Token); err == nil {
		t.Fatal("a sign-in outlived the reset")
	}
	s, err = r.SignIn(ctx, member.SignIn{Email: "ada@example.com", Password: "seven red kites over it"})
	if err != nil || s.Who.Step != desk.StepIn {
		t.Fatalf("after the reset: step %q, %v", s.Who.Step, err)
	}
}

func TestTheLastFactorStaysWhereOneIsDemandedAlsoInARace(t *testing.T) {
	strict(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, _ := add(t, r, "Kumaş", "ada@example.com", desk.RoleOwner)
		a, _ := enrol(t, w, r, signIn(t, r, "ada@example.com"))
		b, _ := addPasskey(t, r, a.Signed)
		ids := []desk.ID{a.Factor.ID, b.Factor.ID}
		var mu sync.Mutex
		passed, _ := atOnce(2, func() error {
			mu.Lock()
			id := ids[0]
			ids = ids[1:]
			mu.Unlock()
			return r.DropFactor(ctx, b.Who, id)
		})
		all, left, err := r.Factors(ctx, ws.ID, b.Who.Member.ID)
		if err != nil || passed != 1 || len(all) != 1 || left != 10 {
			t.Fatalf("%d removed, %d left, %d recovery codes: %v", passed, len(all), left, err)
		}
		if err := r.DropFactor(ctx, b.Who, all[0].ID); reason(err) != "factor_demanded" {
			t.Fatal(err)
		}
		_, other := add(t, r, "Kumaş", "eve@example.com", desk.RoleAgent)
		eve := signIn(t, r, "eve@example.com")
		if err := r.DropFactor(ctx, eve.Who, all[0].ID); !desk.IsNotFound(err) {
			t.Fatalf("a colleague's factor: %v", err)
		}
		if err := r.NameFactor(ctx, eve.Who, all[0].ID, "mine"); !desk.IsNotFound(err) {
			t.Fatalf("a colleague's factor: %v", err)
		}
		// A demand holds from the next request on.
		if err := r.SetDemand(ctx, ws.ID, desk.DemandEveryone, b.Who.Actor); err != nil {
			t.Fatal(err)
		}
		if who, err := r.Session(ctx, eve.Token); err != nil || who.Step != desk.StepEnrol || who.Member.ID != other.ID {
			t.Fatalf("after the demand: step %q, %v", who.Step, err)
		}
		mine, _ := enrol(t, w, r, eve)
		if err := r.DropFactor(ctx, mine.Who, mine.Factor.ID); reason(err) != "factor_demanded" {
			t.Fatal(err)
		}
		if err := r.SetDemand(ctx, ws.ID, desk.DemandNobody, b.Who.Actor); err != nil {
			t.Fatal(err)
		}
		if err := r.DropFactor(ctx, mine.Who, mine.Factor.ID); err != nil {
			t.Fatal(err)
		}
		if who, err := r.Session(ctx, mine.Token); err != nil || who.Step != desk.StepIn {
			t.Fatalf("without demand and factor: step %q, %v", who.Step, err)
		}
	})
}
