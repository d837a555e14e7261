package member_test

import (
	"context"
	"testing"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/test/storetest"
)

// Whoever was switched off is let in by no way, a passkey included.
func TestAPasskeyOfWhoWasSwitchedOffOpensNothing(t *testing.T) {
	strict(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ws, m := add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
		_, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
		_, d := addPasskey(t, r, signIn(t, r, "ada@example.com"))
		change := func(active bool) {
			t.Helper()
			if _, err := r.Change(context.Background(), ws.ID, m.ID, member.Change{Active: &active}, desk.Actor{Kind: desk.ByMember, ID: boss.ID, Role: desk.RoleOwner}); err != nil {
				t.Fatal(err)
			}
		}
		change(false)
		if _, err := byPasskey(r, d.Get(t, askFor(t, r, member.Who{}))); err == nil {
			t.Error("they came in")
		}
		change(true)
		if _, err := byPasskey(r, d.Get(t, askFor(t, r, member.Who{}))); err != nil {
			t.Errorf("once they were let in again: %v", err)
		}
	})
}

// An app is added by the code it shows, not by another.
func TestAnAppIsAddedByItsOwnCode(t *testing.T) {
	strict(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := context.Background()
		add(t, r, "Kumaş", "ada@example.com", desk.RoleOwner)
		s := signIn(t, r, "ada@example.com")
		n, err := r.BeginTOTP(ctx, s.Who)
		if err != nil {
			t.Fatal(err)
		}
		right := code(t, w, n.Secret)
		wrong := "000000"
		if right == wrong {
			wrong = "111111"
		}
		if _, err := r.ConfirmTOTP(ctx, s.Who, s.Token, member.TOTPConfirm{Token: n.Token, Code: wrong, Name: "Phone"}); reason(err) != "code_wrong" {
			t.Errorf("another code: %v", err)
		}
		if _, err := r.ConfirmTOTP(ctx, s.Who, s.Token, member.TOTPConfirm{Token: n.Token, Code: right, Name: "Phone"}); err != nil {
			t.Errorf("its own code: %v", err)
		}
	})
}
