package member_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
	"parley/test/storetest"
)

const good = "three green boats at noon"

func each(t *testing.T, fn func(t *testing.T, w *storetest.World, r *member.Roster)) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		fn(t, w, member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4}))
	})
}

func add(t *testing.T, r *member.Roster, workspace, email string, role desk.Role) (desk.Workspace, desk.Member) {
	t.Helper()
	ws, m, err := r.Add(context.Background(), workspace, member.Person{Name: "Ada Yılmaz", Email: email, Role: role, Password: good})
	if err != nil {
		t.Fatal(err)
	}
	return ws, m
}

func reason(err error) string {
	var e *desk.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return fmt.Sprint(err)
}

func signIn(t *testing.T, r *member.Roster, email string) member.Signed {
	t.Helper()
	s, err := r.SignIn(context.Background(), member.SignIn{Email: email, Password: good, Address: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSignInFindsTheMemberAndSessionsFollowRoleAndState(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, m := add(t, r, "Kumaş", "Ada@Example.com ", desk.RoleAgent)
		_, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
		s := signIn(t, r, " ada@EXAMPLE.com")
		who, err := r.Session(ctx, s.Token)
		if err != nil || who.Member.ID != m.ID || who.Workspace.ID != ws.ID || who.Member.Email != "ada@example.com" {
			t.Fatalf("session: %+v, %v", who.Member.ID, err)
		}
		admin := desk.RoleAdmin
		owner := desk.Actor{Kind: desk.ByMember, ID: boss.ID, Role: desk.RoleOwner}
		if _, err := r.Change(ctx, ws.ID, m.ID, member.Change{Role: &admin}, owner); err != nil {
			t.Fatal(err)
		}
		if who, err = r.Session(ctx, s.Token); err != nil || who.Actor.Role != desk.RoleAdmin {
			t.Fatalf("the new role does not hold on the next request: %v, %v", who.Actor.Role, err)
		}
		off := false
		if _, err := r.Change(ctx, ws.ID, m.ID, member.Change{Active: &off}, owner); err != nil {
			t.Fatal(err)
		}
		if _, err = r.Session(ctx, s.Token); desk.CodeOf(err) != desk.Unauthenticated {
			t.Fatalf("a switched-off member is still signed in: %v", err)
		}
		if _, err := r.SignIn(ctx, member.SignIn{Email: "ada@example.com", Password: good}); reason(err) != "sign_in_failed" {
			t.Fatalf("a switched-off member signs in: %v", err)
		}
		if _, err := r.Change(ctx, ws.ID, boss.ID, member.Change{Role: &admin}, owner); reason(err) != "last_owner" {
			t.Fatalf("the last owner was lost: %v", err)
		}
	})
}

func TestWrongPasswordAndUnknownEmailAreOneAnswerForTheSameWork(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		add(t, r, "Kumaş", "ada@example.com", desk.RoleOwner)
		for name, in := range map[string]member.SignIn{
			"right":            {Email: "ada@example.com", Password: good},
			"wrong password":   {Email: "ada@example.com", Password: good + "x"},
			"wrong tail":       {Email: "ada@example.com", Password: good + strings.Repeat("y", 80)},
			"unknown":          {Email: "eve@example.com", Password: good},
			"empty password":   {Email: "ada@example.com"},
			"endless password": {Email: "ada@example.com", Password: strings.Repeat("z", 1<<20)},
			"endless address":  {Email: strings.Repeat("a", 1<<16) + "@example.com", Password: good},
			"other workspace":  {Email: "ada@example.com", Password: good, Workspace: 12},
		} {
			before := r.Work()
			_, err := r.SignIn(context.Background(), in)
			if did := r.Work() - before; did != 1 {
				t.Errorf("%s: %d hashes, want 1", name, did)
			}
			if name == "right" != (err == nil) || err != nil && reason(err) != "sign_in_failed" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestOneAddressInTwoWorkspacesIsAskedWhich(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		a, _ := add(t, r, "A", "ada@example.com", desk.RoleOwner)
		b, _ := add(t, r, "B", "ada@example.com", desk.RoleAgent)
		_, err := r.SignIn(ctx, member.SignIn{Email: "ada@example.com", Password: good})
		var which member.Choose
		if reason(err) != "choose_workspace" || !errors.As(err, &which) || len(which) != 2 {
			t.Fatalf("got %v", err)
		}
		for _, ws := range []desk.Workspace{a, b} {
			s, err := r.SignIn(ctx, member.SignIn{Email: "ada@example.com", Password: good, Workspace: ws.ID})
			if err != nil || s.Who.Workspace.ID != ws.ID {
				t.Fatalf("sign-in to %s: %v", ws.ID, err)
			}
		}
		if _, _, err := r.Add(ctx, "A", member.Person{Name: "x", Email: "ADA@example.com", Role: desk.RoleAgent, Password: good}); reason(err) != "member_exists" {
			t.Fatalf("the same address twice in a workspace: %v", err)
		}
	})
}

func TestGuessingIsLimitedAndSaysWhenToTryAgain(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4})
	add(t, r, "A", "ada@example.com", desk.RoleOwner)
	tries := 0
	for i := range 400 { // an hour of guesses from ever new addresses
		_, err := r.SignIn(context.Background(), member.SignIn{Email: "ada@example.com", Password: "x", Address: fmt.Sprint(i)})
		if reason(err) == "sign_in_failed" {
			tries++
		}
		w.Fake.Advance(9 * time.Second)
	}
	if tries > 100 {
		t.Fatalf("%d guesses at one account in an hour, want at most 100", tries)
	}
	var err error
	for range 100 { // one address, ever new accounts
		if _, err = r.SignIn(context.Background(), member.SignIn{Email: fmt.Sprint(tries) + "@x.y", Password: "x", Address: "198.51.100.7"}); desk.CodeOf(err) == desk.TooMany {
			break
		}
		tries++
	}
	var wait member.Wait
	if !errors.As(err, &wait) || wait <= 0 {
		t.Fatalf("got %v, want a wait", err)
	}
}

func TestAFloodOfSignInsIsToldToComeBack(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4})
	release := r.Busy()
	_, err := r.SignIn(context.Background(), member.SignIn{Email: "a@b.c", Password: "x"})
	release()
	if desk.CodeOf(err) != desk.TooMany || reason(err) != "sign_in_busy" {
		t.Fatalf("got %v", err)
	}
	if _, err := r.SignIn(context.Background(), member.SignIn{Email: "a@b.c", Password: "x"}); reason(err) != "sign_in_failed" {
		t.Fatalf("afterwards: %v", err)
	}
}

func TestSessionsEndIdleAbsoluteAndRevoked(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, m := add(t, r, "A", "ada@example.com", desk.RoleOwner)
		one, two := signIn(t, r, m.Email), signIn(t, r, m.Email)
		all, err := r.Sessions(ctx, ws.ID, m.ID)
		if err != nil || len(all) != 2 {
			t.Fatalf("%d sessions, %v", len(all), err)
		}
		if err := r.Revoke(ctx, ws.ID, m.ID, one.Who.Session, one.Who.Actor); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Session(ctx, one.Token); desk.CodeOf(err) != desk.Unauthenticated {
			t.Fatalf("revoked, but: %v", err)
		}
		for range 16 { // used every 11 h it lives, until seven days are over
			w.Fake.Advance(11 * time.Hour)
			_, err = r.Session(ctx, two.Token)
		}
		if err == nil {
			t.Fatal("a session lives longer than seven days")
		}
		three := signIn(t, r, m.Email)
		w.Fake.Advance(12*time.Hour + time.Minute)
		if _, err := r.Session(ctx, three.Token); err == nil {
			t.Fatal("an idle session lives longer than 12 h")
		}
		w.Fake.Advance(7 * 24 * time.Hour)
		if err := r.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if all, err := r.Sessions(ctx, ws.ID, m.ID); err != nil || len(all) != 0 {
			t.Fatalf("after the sweep: %d, %v", len(all), err)
		}
	})
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		_, m := add(t, r, "A", "ada@example.com", desk.RoleAgent)
		here, there := signIn(t, r, m.Email), signIn(t, r, m.Email)
		if err := r.SetPassword(ctx, here.Who, "a slow river meets the lake"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Session(ctx, there.Token); err == nil {
			t.Fatal("the other session goes on")
		}
		if _, err := r.Session(ctx, here.Token); err != nil {
			t.Fatalf("this session ended: %v", err)
		}
		if _, err := r.SignIn(ctx, member.SignIn{Email: m.Email, Password: good}); err == nil {
			t.Fatal("the old password still opens")
		}
	})
}

func TestKeysActWithTheirRoleUntilDropped(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, m := add(t, r, "A", "ada@example.com", desk.RoleAgent)
		agent := desk.Actor{Kind: desk.ByMember, ID: m.ID, Role: desk.RoleAgent}
		if _, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "x", Role: desk.RoleAdmin}, agent); reason(err) != "role_wider" {
			t.Fatalf("an agent made an admin key: %v", err)
		}
		k, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "till", Role: desk.RoleAgent}, agent)
		if err != nil || !strings.HasPrefix(k.Token, "pk_") || len(k.Token) != 46 {
			t.Fatalf("key: %d characters, %v", len(k.Token), err)
		}
		who, err := r.Key(ctx, k.Token)
		if err != nil || who.Actor.Kind != desk.ByKey || who.Workspace.ID != ws.ID || who.Actor.Role != desk.RoleAgent {
			t.Fatalf("%+v, %v", who.Actor.Kind, err)
		}
		all, err := r.Keys(ctx, ws.ID, 0, 10)
		if err != nil || len(all) != 1 || all[0].UsedAt.IsZero() {
			t.Fatalf("the last use is not noted: %v", err)
		}
		if err := r.DropKey(ctx, ws.ID, k.ID, agent); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Key(ctx, k.Token); desk.CodeOf(err) != desk.Unauthenticated {
			t.Fatalf("a dropped key works: %v", err)
		}
		if err := r.DropKey(ctx, ws.ID, k.ID, agent); !desk.IsNotFound(err) {
			t.Fatalf("dropped twice: %v", err)
		}
	})
}

// everything is each statement of today, ticked.
func everything() (all []member.Seen) {
	for _, s := range member.Statements("en") {
		all = append(all, member.Seen{What: s.What, Version: s.Version})
	}
	return all
}

// covers H-92: nobody becomes the first owner without the statements, and what
// they agreed to is kept in the transaction that makes them a member.
func TestTheFirstOwnersLinkWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		old, needed, err := r.FirstStart(ctx)
		if err != nil || !needed {
			t.Fatal(needed, err)
		}
		token, _, err := r.FirstStart(ctx)
		if err != nil {
			t.Fatal(err)
		}
		in := member.Setup{Workspace: "Kumaş", Owner: member.Person{Name: "Ada", Email: "ada@example.com", Password: good, Locale: "tr"}, Locale: "tr", Agreed: everything()}
		in.Token = old
		if _, err := r.Setup(ctx, in); reason(err) != "setup_link" {
			t.Fatalf("an earlier link works: %v", err)
		}
		in.Token = token
		for want, seen := range map[string][]member.Seen{"not_acknowledged": everything()[1:], "text_changed": {{"age_business", "2020-01-01"}, everything()[1]}} {
			bad := in
			bad.Agreed = seen
			if _, err := r.Setup(ctx, bad); reason(err) != want {
				t.Fatalf("%v instead of %s", err, want)
			}
		}
		var wg sync.WaitGroup
		won := make(chan member.Signed, 4)
		for i := range 4 {
			wg.Go(func() {
				in := in
				in.Owner.Email = fmt.Sprintf("ada%d@example.com", i)
				if s, err := r.Setup(ctx, in); err == nil {
					won <- s
				}
			})
		}
		wg.Wait()
		close(won)
		if len(won) != 1 {
			t.Fatalf("%d owners from one link", len(won))
		}
		s := <-won
		if s.Who.Actor.Role != desk.RoleOwner || s.Who.Workspace.Locale != "tr" || s.Who.Workspace.Mode != desk.ModeDraft {
			t.Fatalf("%+v", s.Who.Workspace)
		}
		given, err := r.Acknowledged(ctx, s.Who)
		if err != nil || len(given) != 2 || !given[0].Agreed || !given[1].Agreed || given[0].Locale != "tr" {
			t.Fatalf("kept of the acknowledgement: %+v, %v", given, err)
		}
		if _, needed, err := r.FirstStart(ctx); needed || err != nil {
			t.Fatal("a second first start", err)
		}
	})
}

func TestTheFirstOwnersLinkEndsAfterADay(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4})
	token, _, err := r.FirstStart(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	w.Fake.Advance(24*time.Hour + time.Second)
	_, err = r.Setup(context.Background(), member.Setup{Token: token, Workspace: "A", Owner: member.Person{Name: "Ada", Email: "a@b.cd", Password: good}, Agreed: everything()})
	if reason(err) != "setup_link" {
		t.Fatal(err)
	}
}

// covers A-7.1-01: nothing that signs somebody in or names them lies readable
// in the database.
func TestNoNameTokenOrPasswordInTheRawBytes(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4})
	ws, m, err := r.Add(context.Background(), "A", member.Person{Name: "CanaryName", Email: "canary-mail@example.com", Role: desk.RoleOwner, Password: good})
	if err != nil {
		t.Fatal(err)
	}
	s := signIn(t, r, m.Email)
	k, err := r.AddKey(context.Background(), ws.ID, member.KeyWish{Name: "k", Role: desk.RoleAgent}, s.Who.Actor)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(w.Dir, "*.db*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, canary := range []string{"CanaryName", "canary-mail", good, s.Token, k.Token, "v1$$2a$"} {
			if bytes.Contains(raw, []byte(canary)) {
				t.Errorf("%s holds %.8s…", filepath.Base(f), canary)
			}
		}
	}
}

type full struct{ err error }

func (f full) Add(*store.Tx, desk.Actor, string, desk.ID) error { return f.err }
func (f full) Put(*store.Tx, audit.Note) error                  { return f.err }

func TestEveryActIsRecordedInItsOwnTransaction(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	refuse := errors.New("audit log is full")
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4, Audit: full{refuse}})
	if _, _, err := r.Add(context.Background(), "A", member.Person{Name: "Ada", Email: "a@b.cd", Role: desk.RoleOwner, Password: good}); !errors.Is(err, refuse) {
		t.Fatal(err)
	}
	if any, err := w.DB.AnyMember(context.Background()); any || err != nil {
		t.Fatal("a member without a record", err)
	}
}
