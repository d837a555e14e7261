package member_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/storetest"
)

// owners counts who can sign in as an owner.
func owners(t *testing.T, w *storetest.World, ws desk.ID) int {
	t.Helper()
	var n int
	err := w.DB.In(ws).Read(context.Background(), func(rx *store.Rx) (err error) {
		n, err = rx.ActiveOwners()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOwnershipIsGivenByAnOwnerToWhoMayHoldIt(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
		_, admin := add(t, r, "Kumaş", "admin@example.com", desk.RoleAdmin)
		_, agent := add(t, r, "Kumaş", "agent@example.com", desk.RoleAgent)
		_, off := add(t, r, "Kumaş", "off@example.com", desk.RoleAgent)
		elsewhere, stranger := add(t, r, "Başka", "else@example.com", desk.RoleAgent)
		no := false
		if _, err := r.Change(ctx, ws.ID, off.ID, member.Change{Active: &no}, desk.Actor{Kind: desk.BySystem}); err != nil {
			t.Fatal(err)
		}
		who := map[string]member.Who{}
		for name, email := range map[string]string{"boss": boss.Email, "admin": admin.Email} {
			who[name] = signIn(t, r, email).Who
		}
		key := who["boss"]
		key.Session = 0
		for _, c := range []struct {
			name string
			by   member.Who
			to   desk.ID
			want string
		}{
			{"an admin", who["admin"], agent.ID, "owner_needed"},
			{"a key", key, agent.ID, "owner_needed"},
			{"to themself", who["boss"], boss.ID, "own_account"},
			{"to one who is switched off", who["boss"], off.ID, "switched_off"},
			{"to another workspace's", who["boss"], stranger.ID, "member_not_found"},
			{"to an agent", who["boss"], agent.ID, ""},
			{"once more", who["boss"], admin.ID, "owner_needed"},
		} {
			err := r.GiveOwnership(ctx, c.by, c.to)
			if c.want == "member_not_found" && desk.IsNotFound(err) {
				continue
			}
			if c.want == "" && err != nil || c.want != "" && reason(err) != c.want {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
		}
		if n := owners(t, w, ws.ID); n != 1 || owners(t, w, elsewhere.ID) != 0 {
			t.Errorf("%d owners", n)
		}
		if s := signIn(t, r, agent.Email); s.Who.Actor.Role != desk.RoleOwner || signIn(t, r, boss.Email).Who.Actor.Role != desk.RoleAdmin {
			t.Errorf("%s is the owner", s.Who.Actor.Role)
		}
	})
}

// Two owners leave, step down and give ownership away at once: the workspace keeps
// one all the while.
func TestAWorkspaceNeverLosesItsLastOwner(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, one := add(t, r, "Kumaş", "one@example.com", desk.RoleOwner)
		_, two := add(t, r, "Kumaş", "two@example.com", desk.RoleOwner)
		_, agent := add(t, r, "Kumaş", "agent@example.com", desk.RoleAgent)
		a, b := signIn(t, r, one.Email).Who, signIn(t, r, two.Email).Who
		down := desk.RoleAgent
		acts := []func() error{
			func() error { return r.Leave(ctx, a) },
			func() error { return r.Leave(ctx, b) },
			func() error { return r.GiveOwnership(ctx, a, agent.ID) },
			func() error { return r.GiveOwnership(ctx, b, agent.ID) },
			func() error {
				_, err := r.Change(ctx, ws.ID, one.ID, member.Change{Role: &down}, b.Actor)
				return err
			},
			func() error {
				_, err := r.Change(ctx, ws.ID, two.ID, member.Change{Role: &down}, a.Actor)
				return err
			},
		}
		var all sync.WaitGroup
		for _, act := range acts {
			all.Go(func() {
				if err := act(); err != nil && desk.CodeOf(err) == desk.Internal {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := owners(t, w, ws.ID); n < 1 {
			t.Errorf("%d owners are left", n)
		}
	})
}

// Who leaves takes everything with them: sign-ins, ways in, name, address, and the
// key under which it was sealed. The last owner cannot.
func TestWhoLeavesLeavesNothingOfTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
		_, agent := add(t, r, "Kumaş", "agent@example.com", desk.RoleAgent)
		key := signIn(t, r, boss.Email).Who
		if key.Session = 0; reason(r.Leave(ctx, key)) != "members_only" {
			t.Error("a key takes a member out of their workspace")
		}
		if err := r.Leave(ctx, signIn(t, r, boss.Email).Who); reason(err) != "last_owner" {
			t.Errorf("the last owner leaves: %v", err)
		}
		s := signIn(t, r, agent.Email)
		if err := r.Leave(ctx, s.Who); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Session(ctx, s.Token); desk.CodeOf(err) != desk.Unauthenticated {
			t.Errorf("still signed in: %v", err)
		}
		if _, err := r.SignIn(ctx, member.SignIn{Email: agent.Email, Password: good, Address: "192.0.2.9"}); desk.CodeOf(err) != desk.Unauthenticated {
			t.Errorf("signs in again: %v", err)
		}
		if _, err := w.DB.Vault().KeyIfThere(ctx, vault.Ref{Workspace: int64(ws.ID), Kind: vault.Subject, Of: int64(agent.ID)}); !errors.Is(err, vault.ErrNoKey) {
			t.Errorf("their key is there: %v", err)
		}
		all, err := r.List(ctx, ws.ID, 0, 10)
		if err != nil || len(all) != 2 || all[1].Name != "" || all[1].Email != "" || all[1].Active {
			t.Errorf("%+v, %v", all, err)
		}
		if _, err := r.AddTo(ctx, ws, member.Person{Name: "Again", Email: agent.Email, Role: desk.RoleAgent, Password: good}, desk.Actor{Kind: desk.BySystem}); err != nil {
			t.Errorf("the address is taken by nobody: %v", err)
		}
	})
}
