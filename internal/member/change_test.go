package member_test

import (
	"context"
	"testing"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/test/storetest"
)

// Who may do what to whom: owners manage everybody, admins those who manage
// nobody, and the others nobody.
func TestRolesAreGivenAndTakenOnlyFromAbove(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
		_, second := add(t, r, "Kumaş", "second@example.com", desk.RoleOwner)
		_, admin := add(t, r, "Kumaş", "admin@example.com", desk.RoleAdmin)
		_, agent := add(t, r, "Kumaş", "agent@example.com", desk.RoleAgent)
		as := func(m desk.Member) desk.Actor { return desk.Actor{Kind: desk.ByMember, ID: m.ID, Role: m.Role} }
		role := func(x desk.Role) member.Change { return member.Change{Role: &x} }
		on, off := true, false
		for _, c := range []struct {
			name   string
			by, to desk.Member
			change member.Change
			want   string
		}{
			{"an agent makes itself owner", agent, agent, role(desk.RoleOwner), "owner_needed"},
			{"an admin makes an admin", admin, agent, role(desk.RoleAdmin), "owner_needed"},
			{"an admin makes itself owner", admin, admin, role(desk.RoleOwner), "owner_needed"},
			{"an admin demotes an owner", admin, boss, role(desk.RoleAgent), "owner_needed"},
			{"an admin switches an owner off", admin, boss, member.Change{Active: &off}, "owner_needed"},
			{"an admin moves an agent", admin, agent, role(desk.RoleAnalyst), ""},
			{"an admin switches an agent off", admin, agent, member.Change{Active: &off}, ""},
			{"an admin switches an agent on", admin, agent, member.Change{Active: &on}, ""},
			{"an owner makes an operator", boss, agent, role(desk.RoleOperator), "owner_needed"},
			{"an owner makes an admin", boss, agent, role(desk.RoleAdmin), ""},
			{"an owner switches themself off", boss, boss, member.Change{Active: &off}, "own_account"},
			{"an owner demotes another", boss, second, role(desk.RoleAgent), ""},
			{"the last owner steps down", boss, boss, role(desk.RoleAgent), "last_owner"},
		} {
			_, err := r.Change(ctx, ws.ID, c.to.ID, c.change, as(c.by))
			if c.want == "" && err != nil || c.want != "" && reason(err) != c.want {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
		}
		for by, may := range map[desk.Member]bool{boss: true, admin: false} {
			_, err := r.AddTo(ctx, ws, member.Person{Name: "X", Email: by.ID.String() + "@example.com", Role: desk.RoleAdmin, Password: good}, as(by))
			if may != (err == nil) {
				t.Errorf("%s adds an admin: %v", by.Role, err)
			}
			if _, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "k", Role: desk.RoleOwner}, as(by)); may != (err == nil) {
				t.Errorf("%s makes an owner's key: %v", by.Role, err)
			}
		}
	})
}

func TestAForgottenPasswordIsSetAnewFromAboveAndEndsTheSignIns(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
		_, admin := add(t, r, "Kumaş", "admin@example.com", desk.RoleAdmin)
		_, agent := add(t, r, "Kumaş", "agent@example.com", desk.RoleAgent)
		as := func(m desk.Member) desk.Actor { return desk.Actor{Kind: desk.ByMember, ID: m.ID, Role: m.Role} }
		s := signIn(t, r, "agent@example.com")
		const next = "seven tall ships at anchor"
		for _, c := range []struct {
			by, to   desk.Member
			password string
			want     string
		}{
			{agent, boss, next, "owner_needed"},
			{admin, boss, next, "owner_needed"},
			{admin, admin, next, "own_account"},
			{admin, agent, "short", "password_short"},
			{admin, agent, next, ""},
		} {
			err := r.ResetPassword(ctx, ws, c.to.ID, c.password, as(c.by))
			if c.want == "" && err != nil || c.want != "" && reason(err) != c.want {
				t.Errorf("%s of %s: %v, want %q", c.by.Role, c.to.Role, err, c.want)
			}
		}
		if _, err := r.Session(ctx, s.Token); desk.CodeOf(err) != desk.Unauthenticated {
			t.Fatalf("still signed in: %v", err)
		}
		if _, err := r.SignIn(ctx, member.SignIn{Email: "agent@example.com", Password: next, Address: "192.0.2.1"}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnAddedMemberSignsInWithTheirFirstPassword(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
		by := desk.Actor{Kind: desk.ByMember, ID: boss.ID, Role: desk.RoleOwner}
		m, err := r.AddTo(ctx, ws, member.Person{Name: "Efe", Email: " Efe@Example.com", Role: desk.RoleAgent, Password: good}, by)
		if err != nil || m.Email != "efe@example.com" || m.Locale != ws.Locale {
			t.Fatalf("%+v, %v", m, err)
		}
		if s := signIn(t, r, "efe@example.com"); s.Who.Member.ID != m.ID {
			t.Fatal("somebody else signed in")
		}
		all, err := r.List(ctx, ws.ID, 0, 10)
		if err != nil || len(all) != 2 || all[1].LastSeenAt.IsZero() {
			t.Fatalf("the list says that nobody signed in: %v", err)
		}
		for want, p := range map[string]member.Person{
			"member_exists":   {Name: "Efe", Email: "EFE@example.com", Role: desk.RoleAgent, Password: good},
			"email_invalid":   {Name: "Efe", Email: "efe", Role: desk.RoleAgent, Password: good},
			"name_missing":    {Name: " ", Email: "e@example.com", Role: desk.RoleAgent, Password: good},
			"password_short":  {Name: "Efe", Email: "e@example.com", Role: desk.RoleAgent, Password: "short"},
			"password_common": {Name: "Efe", Email: "e@example.com", Role: desk.RoleAgent, Password: "passwordpassword"},
			"role_unknown":    {Name: "Efe", Email: "e@example.com", Role: "boss", Password: good},
		} {
			if _, err := r.AddTo(ctx, ws, p, by); reason(err) != want {
				t.Errorf("want %s, got %v", want, err)
			}
		}
	})
}
