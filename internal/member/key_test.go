package member_test

import (
	"context"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/member"
	"parley/internal/store"
	"parley/test/storetest"
)

// asvs: V8.2.1, V8.3.1
func TestAKeyIsCutToItsScopes(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, m := add(t, r, "A", "ada@example.com", desk.RoleAdmin)
		by := desk.Actor{Kind: desk.ByMember, ID: m.ID, Role: m.Role}
		for name, c := range map[string]struct {
			wish member.KeyWish
			want string
		}{
			"a scope outside the role": {member.KeyWish{Name: "k", Role: desk.RoleAgent, Scopes: []desk.Permission{desk.WriteKeys}}, "scope_wider"},
			"a scope nobody knows":     {member.KeyWish{Name: "k", Role: desk.RoleAgent, Scopes: []desk.Permission{"all"}}, "scope_wider"},
			"an operator":              {member.KeyWish{Name: "k", Role: desk.RoleOperator}, "role_unknown"},
			"longer than a year":       {member.KeyWish{Name: "k", Role: desk.RoleAgent, Term: member.KeyTerm + 1}, "term_invalid"},
			"no time at all":           {member.KeyWish{Name: "k", Role: desk.RoleAgent, Term: -time.Hour}, "term_invalid"},
			"a wider role":             {member.KeyWish{Name: "k", Role: desk.RoleOwner}, "role_wider"},
		} {
			if _, err := r.AddKey(ctx, ws.ID, c.wish, by); reason(err) != c.want {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		// A wider role is no wider key when its scopes leave out what its maker lacks.
		k, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "k", Role: desk.RoleOwner, Scopes: []desk.Permission{desk.WriteKeys, desk.ReadReports, desk.WriteKeys}}, by)
		if err != nil {
			t.Fatal(err)
		}
		who, err := r.Key(ctx, k.Token)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range desk.AllPermissions() {
			if want := p == desk.WriteKeys || p == desk.ReadReports; who.Actor.May(p) != want {
				t.Errorf("%s: %v", p, !want)
			}
		}
		if who.Actor.MayManage(desk.RoleAgent) {
			t.Error("a key without member.write manages members")
		}
		// What a key makes is no wider than it and ends no later.
		if _, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "child", Role: desk.RoleAgent}, who.Actor); reason(err) != "role_wider" {
			t.Fatalf("a key makes a wider one: %v", err)
		}
		w.Fake.Jump(24 * time.Hour)
		child, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "child", Role: desk.RoleAnalyst, Scopes: []desk.Permission{desk.ReadReports}}, who.Actor)
		if err != nil || !child.ExpiresAt.Equal(k.ExpiresAt) || child.CreatedBy != m.ID {
			t.Fatalf("ends %s after its mother's %s, made by %d: %v", child.ExpiresAt, k.ExpiresAt, child.CreatedBy, err)
		}
	})
}

func TestAKeyEndsWhenItSaidSoAndSaysThat(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, m := add(t, r, "A", "ada@example.com", desk.RoleOwner)
		by := desk.Actor{Kind: desk.ByMember, ID: m.ID, Role: m.Role}
		year, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "year", Role: desk.RoleAgent}, by)
		if err != nil || !year.ExpiresAt.Equal(w.Fake.Now().Add(member.KeyTerm)) {
			t.Fatalf("ends %s, %v", year.ExpiresAt, err)
		}
		day, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "day", Role: desk.RoleAgent, Term: 24 * time.Hour}, by)
		if err != nil {
			t.Fatal(err)
		}
		w.Fake.Jump(24*time.Hour - time.Second)
		if _, err := r.Key(ctx, day.Token); err != nil {
			t.Fatalf("a second before its end: %v", err)
		}
		w.Fake.Jump(time.Second)
		if _, err := r.Key(ctx, day.Token); reason(err) != "key_over" || desk.CodeOf(err) != desk.Unauthenticated {
			t.Fatalf("at its end: %v", err)
		}
		if _, err := r.Key(ctx, year.Token); err != nil {
			t.Fatalf("the other one: %v", err)
		}
	})
}

// A key does what its maker may still do, from the next request on.
// asvs: V8.3.2, V7.4.2
func TestAKeyFollowsWhoeverMadeIt(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		ws, boss := add(t, r, "A", "boss@example.com", desk.RoleOwner)
		_, m := add(t, r, "A", "ada@example.com", desk.RoleAdmin)
		admin := desk.Actor{Kind: desk.ByMember, ID: m.ID, Role: m.Role}
		owner := desk.Actor{Kind: desk.ByMember, ID: boss.ID, Role: boss.Role}
		k, err := r.AddKey(ctx, ws.ID, member.KeyWish{Name: "k", Role: desk.RoleAdmin}, admin)
		if err != nil {
			t.Fatal(err)
		}
		may := func(p desk.Permission) bool {
			t.Helper()
			who, err := r.Key(ctx, k.Token)
			if err != nil {
				t.Fatal(err)
			}
			return who.Actor.May(p)
		}
		if !may(desk.WriteKeys) || !may(desk.Reply) {
			t.Fatal("an admin's key does not do what an admin does")
		}
		change := func(c member.Change) {
			t.Helper()
			if _, err := r.Change(ctx, ws.ID, m.ID, c, owner); err != nil {
				t.Fatal(err)
			}
		}
		agent, admins, off, on := desk.RoleAgent, desk.RoleAdmin, false, true
		change(member.Change{Role: &agent})
		if may(desk.WriteKeys) || !may(desk.Reply) {
			t.Fatal("the key of somebody who is an agent now does more or less than an agent")
		}
		change(member.Change{Role: &admins})
		if !may(desk.WriteKeys) {
			t.Fatal("an admin again")
		}
		change(member.Change{Active: &off})
		if _, err := r.Key(ctx, k.Token); reason(err) != "key_orphan" {
			t.Fatalf("switched off: %v", err)
		}
		change(member.Change{Active: &on})
		if !may(desk.WriteKeys) {
			t.Fatal("switched on again")
		}
		// A row without a member, as after they left.
		left := member.NewKey{Token: "pk_" + secret.Token()}
		if err := w.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
			return tx.InsertAccessKey(secret.Hash(left.Token), store.AccessKey{ID: tx.NewID(), Name: "left", Role: desk.RoleAgent, CreatedBy: 4711, ExpiresAt: tx.Now().Add(time.Hour)})
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Key(ctx, left.Token); reason(err) != "key_orphan" {
			t.Fatalf("a maker who is gone: %v", err)
		}
	})
}
