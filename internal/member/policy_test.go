package member_test

import (
	"slices"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/store"
	"parley/test/storetest"
)

func publish(t *testing.T, w *storetest.World, v store.PolicyVersion) {
	t.Helper()
	v.Document, v.Hash, v.Body, v.Reason = "privacy", []byte{byte(v.Number)}, map[string]string{"en": "", "tr": ""}, "because"
	if err := w.DB.In(0).Write(t.Context(), func(tx *store.Tx) error { return tx.InsertPolicyVersion(&v) }); err != nil {
		t.Fatal(err)
	}
}

// A member is shown a version that matters until they answer it, or until their
// first act after it took effect is noted; who declined is not noted as agreeing
// (covers H-96, H-98, A-24-05).
func TestAMemberKnowsOfAVersionByAnAnswerOrByTheirFirstActUnderIt(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := t.Context()
		_, m := add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
		who := signIn(t, r, m.Email).Who
		asked := func(what string) (versions []string) {
			t.Helper()
			open, err := r.Unanswered(ctx, who, "en")
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range open {
				if s.What == what {
					versions = append(versions, s.Version)
				}
			}
			return versions
		}
		noted := func() (all []desk.Acknowledgement) {
			t.Helper()
			if err := r.Worked(ctx, who, "en"); err != nil {
				t.Fatal(err)
			}
			given, err := r.Acknowledged(ctx, who)
			if err != nil {
				t.Fatal(err)
			}
			return given
		}
		if got := noted(); len(got) != 0 || asked("policy") != nil {
			t.Fatalf("without a policy: %v", got)
		}
		now := w.Clock.Now()
		publish(t, w, store.PolicyVersion{Number: 1, EffectiveAt: now})
		publish(t, w, store.PolicyVersion{Number: 2, Material: true, EffectiveAt: now.Add(30 * 24 * time.Hour)})
		if got := noted(); len(got) != 1 || got[0].Version != "1" || !got[0].Used || got[0].Agreed || got[0].Hash[0] != 1 {
			t.Errorf("under version 1: %+v", got)
		}
		if got := asked("policy"); !slices.Equal(got, []string{"2"}) {
			t.Errorf("asked for %v", got)
		}
		w.Fake.Advance(30 * 24 * time.Hour)
		noted()
		if got := noted(); len(got) != 2 || got[0].Version != "2" || !got[0].Used || asked("policy") != nil {
			t.Errorf("the second act under version 2: %+v", got)
		}
		publish(t, w, store.PolicyVersion{Number: 3, Material: true, EffectiveAt: w.Clock.Now()})
		if err := r.Acknowledge(ctx, who, member.Agreement{What: "policy", Version: "3", Locale: "en"}); err != nil {
			t.Fatal(err)
		}
		if got := noted(); len(got) != 3 || got[0].Used || got[0].Agreed {
			t.Errorf("who declined is noted as going along: %+v", got)
		}
		if err := r.Acknowledge(ctx, who, member.Agreement{What: "policy", Version: "4", Locale: "en", Agreed: true}); !desk.IsNotFound(err) {
			t.Errorf("a version that is not there: %v", err)
		}
	})
}

// A new purpose waits for its day and for the yes of who decides for the
// workspace, and rests again when that is taken back; other purposes and other
// workspaces are not touched by it (covers A-24-04).
func TestANewPurposeHappensInAWorkspaceOnlyAfterItsYes(t *testing.T) {
	each(t, func(t *testing.T, w *storetest.World, r *member.Roster) {
		ctx := t.Context()
		ws, boss := add(t, r, "Kumaş", "boss@example.com", desk.RoleOwner)
		_, agent := add(t, r, "Kumaş", "ada@example.com", desk.RoleAgent)
		other, _ := add(t, r, "İplik", "other@example.com", desk.RoleOwner)
		set := desk.NewAISettings()
		set.Provider, set.Purposes = desk.OpenAI, []desk.AIPurpose{desk.AIReply, desk.AISuggest}
		allows := func(of desk.ID, p desk.AIPurpose) (on bool) {
			t.Helper()
			err := w.DB.In(of).Read(ctx, func(rx *store.Rx) error {
				s, err := rx.AISettings()
				on = s.Allows(p)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return on
		}
		for _, of := range []desk.ID{ws.ID, other.ID} {
			if err := w.DB.In(of).Write(ctx, func(tx *store.Tx) error { _, err := tx.AddAISettings(set, desk.Actor{}); return err }); err != nil {
				t.Fatal(err)
			}
		}
		if !allows(ws.ID, desk.AIReply) {
			t.Fatal("nothing waits, and yet it is off")
		}
		publish(t, w, store.PolicyVersion{Number: 1, Material: true, Purpose: "reply", EffectiveAt: w.Clock.Now().Add(30 * 24 * time.Hour)})
		says := func(email string, yes bool) error {
			return r.Acknowledge(ctx, signIn(t, r, email).Who, member.Agreement{What: "purpose:reply", Version: "1", Locale: "en", Agreed: yes})
		}
		if err := says(agent.Email, true); desk.CodeOf(err) != desk.Forbidden {
			t.Errorf("an agent said yes for the workspace: %v", err)
		}
		if err := says(boss.Email, true); err != nil {
			t.Fatal(err)
		}
		if allows(ws.ID, desk.AIReply) || !allows(ws.ID, desk.AISuggest) {
			t.Error("it begins before its day, or another purpose stops")
		}
		w.Fake.Advance(30 * 24 * time.Hour)
		if !allows(ws.ID, desk.AIReply) || allows(other.ID, desk.AIReply) {
			t.Error("a yes does not count, or counts elsewhere too")
		}
		if err := says(boss.Email, false); err != nil || allows(ws.ID, desk.AIReply) {
			t.Errorf("taken back, it goes on: %v", err)
		}
	})
}
