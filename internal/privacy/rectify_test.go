package privacy_test

import (
	"testing"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// nobody is who stops what the AI has under way where there is none.
type nobody struct{}

func (nobody) Quiet(*store.Tx, desk.ID) error { return nil }

// covers A-14.1-02, A-14.2-05: a correction is found by at once, is in the
// privacy ledger and in the record, and a statement stands in the person's copy;
// nothing is noted beside a message of somebody else.
func TestACorrectionIsFoundByAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, ben := plant(t, h, acct, "ana", 2), plant(t, h, acct, "ben", 1)
		r := privacy.NewRestrict(privacy.RestrictParts{DB: w.DB, Keys: w.Keys, Flow: flow.New(flow.Config{DB: w.DB, Clock: w.Clock}), Inbox: nobody{}, Audit: audit.NewLog(w.DB)})
		by, name, mail, bad := desk.Actor{Kind: desk.ByMember, ID: 7}, "Ana Right", "ana@right.test", "none"
		if c, err := r.Correct(ctx, h.Workspace(), ana.contact, by, privacy.Correction{Name: &name, Email: &mail, Statement: "I never said canary-blue"}); err != nil || c.Name != name || c.Phone == "" {
			t.Fatalf("%+v, %v", c, err)
		}
		var theirs []desk.Message
		err := h.Read(ctx, func(rx *store.Rx) (err error) {
			found, err := rx.FindContacts(text.Prefix("right.test"), 5)
			if err != nil || len(found) != 1 || found[0].ID != ana.contact {
				t.Errorf("by the new address %+v, %v", found, err)
			}
			said, err := rx.Statements(ana.contact)
			if err != nil || len(said) != 1 || said[0].Said != "I never said canary-blue" || said[0].Member != 7 {
				t.Errorf("%+v, %v", said, err)
			}
			theirs, err = rx.MessagesBefore(ben.conversation, 0, 1)
			return err
		})
		if err != nil || len(theirs) != 0 && theirs[0].ID == 0 {
			t.Fatal(err)
		}
		for want, c := range map[desk.Code]privacy.Correction{desk.Invalid: {Email: &bad}, desk.NotFound: {Statement: "x", Message: 5}} {
			if _, err := r.Correct(ctx, h.Workspace(), ana.contact, by, c); desk.CodeOf(err) != want {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if _, err := r.Correct(ctx, h.Workspace(), ana.contact, by, privacy.Correction{}); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("nothing to correct: %v", err)
		}
		if _, err := r.Correct(ctx, h.Workspace(), 0, by, privacy.Correction{Name: &name}); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("nobody to correct: %v", err)
		}
	})
}
