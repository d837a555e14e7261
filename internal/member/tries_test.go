package member_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
	"parley/test/passkeytest"
	"parley/test/storetest"
)

// postbox takes every letter.
type postbox struct{}

func (postbox) On() bool                           { return true }
func (postbox) Queue(*store.Tx, desk.Letter) error { return nil }

// Whatever can be tried or asked for again and again ends in a wait that says how
// long it is. asvs: V6.3.1
func TestEveryDoorThatCanBeTriedAgainSaysWhenToTryAgain(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	ctx := t.Context()
	r := member.Open(member.Config{Store: w.DB, Clock: w.Clock, Cost: 4, Letters: postbox{}})
	add(t, r, "Kumaş", "ada@example.com", desk.RoleOwner)
	ada := signIn(t, r, "ada@example.com").Who
	for name, c := range map[string]struct {
		most int // tries that may be made before
		try  func(i int) error
	}{
		"the first owner's link":   {60, func(int) error { _, err := r.Setup(ctx, member.Setup{Address: "192.0.2.10"}); return err }},
		"a mailed link":            {60, func(int) error { _, err := r.Look(ctx, "x", "192.0.2.11"); return err }},
		"a letter to one mailbox":  {3, func(i int) error { return r.AskVerify(ctx, ada, fmt.Sprint("192.0.2.", i)) }},
		"letters from one address": {15, func(i int) error { return r.AskAddress(ctx, ada, fmt.Sprintf("x%d@example.com", i), "192.0.2.12") }},
		"a proof by password":      {10, func(int) error { return r.Confirm(ctx, ada, "wrong", "192.0.2.13") }},
	} {
		tries, err := 0, error(nil)
		for tries <= c.most {
			if err = c.try(tries); desk.CodeOf(err) == desk.TooMany {
				break
			}
			tries++
		}
		var wait member.Wait
		if !errors.As(err, &wait) || wait <= 0 || tries == 0 {
			t.Errorf("%s: %d tries, then %v", name, tries, err)
		}
	}
}

// Many devices never count: what such a one answered opens once all the same.
// asvs: V6.5.1
func TestTheAnswerOfADeviceThatDoesNotCountOpensOnce(t *testing.T) {
	strict(t, func(t *testing.T, _ *storetest.World, r *member.Roster) {
		ctx := context.Background()
		add(t, r, "Kumaş", "ada@example.com", desk.RoleOwner)
		s := signIn(t, r, "ada@example.com")
		begin, err := r.BeginPasskey(ctx, s.Who)
		if err != nil {
			t.Fatal(err)
		}
		d := &passkeytest.Device{Origin: home}
		if _, err := r.AddPasskey(ctx, s.Who, s.Token, "Key", d.Create(t, begin)); err != nil {
			t.Fatal(err)
		}
		raw := d.Get(t, askFor(t, r, member.Who{}))
		if _, err := byPasskey(r, raw); err != nil {
			t.Fatal(err)
		}
		if s, err := byPasskey(r, raw); err == nil || s.Token != "" {
			t.Error("one answer opened twice")
		}
	})
}
