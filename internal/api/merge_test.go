package api_test

import (
	"slices"
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/store"
)

// another is a second contact of the shop, with a conversation of its own.
func (w *world) another(t *testing.T, name string) (contact, conversation desk.ID) {
	t.Helper()
	must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
		contact, conversation = tx.NewID(), tx.NewID()
		if err := tx.InsertContact(desk.Contact{ID: contact, Name: name}); err != nil {
			return err
		}
		if err := tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: contact, Account: w.a.channel, Kind: "visitor", Value: "id of " + name}); err != nil {
			return err
		}
		if err := tx.InsertConversation(desk.Conversation{ID: conversation, Contact: contact, Account: w.a.channel, State: desk.Open, Engagement: 1, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		row, err := tx.LockConversation(conversation)
		if err != nil {
			return err
		}
		m := desk.Message{Direction: desk.In, Author: desk.Author{Kind: desk.FromContact, ID: contact}, Kind: desk.KindText, Body: desk.Body(name + " writes"), Status: desk.StatusDelivered}
		if err := tx.AppendMessage(&row, &m); err != nil {
			return err
		}
		return tx.SaveConversation(row)
	}))
	return contact, conversation
}

// covers the Identity: a merge is a member's act, shows one person, and
// can be undone with nothing lost; an erasure is of the person.
func TestAMergeShowsOnePersonAndIsUndone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other, theirs := w.another(t, "Ben")
		at := "/api/v1/contacts/" + w.a.contact.String()
		do := func(status int, verb string, id desk.ID) (c api.Contact) {
			g := w.want(t, status, ask{method: "POST", path: at + "/" + verb, body: `{"contact_id":"` + id.String() + `"}`, cookie: w.a.cookie})
			if status == 200 {
				g.into(t, &c)
			}
			return c
		}
		shown := func(conversation desk.ID) (c api.Conversation) {
			w.want(t, 200, ask{method: "GET", path: "/api/v1/conversations/" + conversation.String(), cookie: w.a.cookie}).into(t, &c)
			return c
		}
		do(409, "merge", w.a.contact)
		do(409, "unmerge", other)
		do(404, "merge", w.b.contact)
		w.want(t, 200, ask{method: "PUT", path: "/api/v1/contacts/" + other.String() + "/restrictions", body: `{"no_automation":true}`, cookie: w.a.cookie})
		c := do(200, "merge", other)
		if c.ID != w.a.contact || len(c.Merged) != 1 || c.Merged[0].ID != other || c.Merged[0].ChannelKind != "widget" || len(c.Identities) != 2 || len(c.Conversations) != 2 {
			t.Fatalf("one person is %+v", c)
		}
		if got := shown(theirs); got.Contact.ID != w.a.contact || got.Contact.Name != c.Name {
			t.Errorf("the other's conversation shows %+v", got.Contact)
		}
		var list api.Page[api.Contact]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts", cookie: w.a.cookie}).into(t, &list)
		if len(list.Items) != 1 {
			t.Errorf("%d are listed", len(list.Items))
		}
		var r api.ContactRestrictions
		w.want(t, 200, ask{method: "GET", path: at + "/restrictions", cookie: w.a.cookie}).into(t, &r)
		if !r.NoAutomation {
			t.Error("what the other objected to does not hold for the person")
		}
		do(409, "merge", other)
		do(200, "unmerge", other)
		if got := shown(theirs); got.Contact.ID != other || got.Contact.Name != "Ben" {
			t.Errorf("undone it shows %+v", got.Contact)
		}
		do(200, "merge", other)
		w.erases(t, at, theirs)
	})
}

// erases erases a person by the API and sees that a conversation of the other
// contact went with them.
func (w *world) erases(t *testing.T, at string, theirs desk.ID) {
	t.Helper()
	var e api.Erasure
	w.want(t, 200, ask{method: "POST", path: at + "/erase", cookie: w.a.cookie}).into(t, &e)
	if e.Counts.Conversations != 2 || e.Counts.Identities != 2 {
		t.Errorf("the preview counts %+v", e.Counts)
	}
	var done api.Erasure
	w.want(t, 200, ask{method: "POST", path: at + "/erase", body: `{"confirm":"` + e.Confirm + `"}`, cookie: w.a.cookie}).into(t, &done)
	w.keepsCertificate(t, done)
	w.want(t, 404, ask{method: "GET", path: "/api/v1/conversations/" + theirs.String(), cookie: w.a.cookie})
	left, err := w.Keys.UnfinishedLedger(t.Context(), 10)
	if err != nil || len(left) != 0 {
		t.Errorf("left open: %+v, %v", left, err)
	}
}

// keepsCertificate sees that what an erasure handed over is found again among the
// certificates, in the words of whoever looks, and not from another workspace.
func (w *world) keepsCertificate(t *testing.T, done api.Erasure) {
	t.Helper()
	const all = "/api/v1/privacy/certificates"
	var page api.Page[api.Certificate]
	w.want(t, 200, ask{path: all, cookie: w.a.cookie}).into(t, &page)
	if len(page.Items) != 1 || page.Items[0].ID != done.CertificateID || page.Items[0].No != done.No || page.Items[0].Kind != "erasure" || page.Items[0].State != "done" {
		t.Fatalf("the certificates are %+v, of %+v", page.Items, done)
	}
	var one api.Certificate
	w.want(t, 200, ask{path: all + "/" + done.CertificateID.String(), cookie: w.a.cookie}).into(t, &one)
	if string(one.Proof) != string(done.Certificate) || len(one.Proof) == 0 {
		t.Errorf("kept is %s, handed over was %s", one.Proof, done.Certificate)
	}
	people := slices.ContainsFunc(one.Deleted, func(c api.Counted) bool { return c.Words == "Contacts of this person: 2" })
	if !people || len(one.Remains) < 5 {
		t.Errorf("in words it is %v %q", one.Deleted, one.Remains)
	}
	w.want(t, 404, ask{path: all + "/" + done.CertificateID.String(), cookie: w.b.cookie})
}
