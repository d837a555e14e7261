package privacy_test

import (
	"errors"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// covers A-14.1-01: a person is found by any of the ids that channels call them
// by, by their number and by the start of what they told, as one person whoever
// of their contacts it was; nobody is found by nothing, or in another workspace.
func TestAPersonIsFoundByAnyOfTheirNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, other := storetest.Workspace(t, db, "Northwind"), storetest.Workspace(t, db, "Elsewhere")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, too := plant(t, h, acct, "ana", 1), plant(t, h, storetest.Account(t, h, "whatsapp", "wa_1"), "too", 1)
		plant(t, h, acct, "ben", 1)
		if err := h.Write(ctx, func(tx *store.Tx) error {
			if err := tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: too.contact, Account: acct.ID, Kind: "phone", Value: "905320001122"}); err != nil {
				return err
			}
			return errors.Join(tx.MergeContact(too.contact, ana.contact), tx.SetContactTerms(ana.contact, text.Prefixes("canary-ana-name")))
		}); err != nil {
			t.Fatal(err)
		}
		f := privacy.Finder{DB: db}
		for sought, way := range map[string]string{"canary-ana-identity": privacy.ByIdentity, "canary-too-identity": privacy.ByIdentity, "+90 (532) 000 11 22": privacy.ByIdentity,
			"905320001122": privacy.ByIdentity, too.contact.String(): privacy.ByNumber, ana.contact.String(): privacy.ByNumber, "canary-ana-name": privacy.ByWords} {
			got, err := f.Find(ctx, h.Workspace(), sought)
			if err != nil || len(got) != 1 || got[0].Contacts[0].ID != ana.contact || len(got[0].Contacts) != 2 || got[0].By[0] != way || got[0].Held.Messages != 2 || len(got[0].Identities) != 3 {
				t.Errorf("%q found %+v, %v", sought, got, err)
			}
			if got, err := f.Find(ctx, other.Workspace(), sought); err != nil || len(got) > 0 {
				t.Errorf("elsewhere %q found %d, %v", sought, len(got), err)
			}
		}
		for _, nothing := range []string{"", "  \t\n", "\x00", "\u200b", strings.Repeat("a", 301)} {
			if got, err := f.Find(ctx, h.Workspace(), nothing); desk.CodeOf(err) != desk.Invalid || len(got) > 0 {
				t.Errorf("%q found %d, %v", nothing, len(got), err)
			}
		}
		for _, nobody := range []string{"nobody@nowhere.test", "0", "-1", "null", "undefined", "%", "*", "' OR 1=1"} {
			if got, err := f.Find(ctx, h.Workspace(), nobody); err != nil || len(got) > 0 {
				t.Errorf("%q found %d, %v", nobody, len(got), err)
			}
		}
		if _, err := f.Person(ctx, h.Workspace(), 0); desk.CodeOf(err) != desk.Invalid {
			t.Errorf("nobody's person: %v", err)
		}
	})
}
