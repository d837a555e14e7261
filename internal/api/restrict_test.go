package api_test

import (
	"context"
	"testing"

	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/store"
)

// covers A-9.2-01, decision 22: limited data use and the other restrictions are
// set by a member, recorded, and stop at once what the AI has under way.
func TestRestrictionsOfAContactHoldAtOnceAndAreRecorded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/api/v1/contacts/" + w.a.contact.String() + "/restrictions"
		drafts := "/api/v1/conversations/" + w.a.conversation.String() + "/drafts"
		var r api.ContactRestrictions
		w.want(t, 200, ask{method: "PUT", path: at, body: `{"limited":true}`, cookie: w.a.cookie}).into(t, &r)
		if !r.Limited || r.Restricted || r.NoAutomation || r.WorkspaceLimited {
			t.Fatalf("%+v", r)
		}
		var open api.Page[api.Draft]
		w.want(t, 200, ask{method: "GET", path: drafts, cookie: w.a.cookie}).into(t, &open)
		if len(open.Items) != 1 {
			t.Error("limited data use took the draft of the conversation away")
		}
		w.want(t, 200, ask{method: "PUT", path: at, body: `{"no_automation":true}`, cookie: w.a.cookie}).into(t, &r)
		if !r.Limited || !r.NoAutomation {
			t.Errorf("%+v", r)
		}
		w.want(t, 200, ask{method: "GET", path: drafts, cookie: w.a.cookie}).into(t, &open)
		if len(open.Items) != 0 {
			t.Error("the AI's draft is still there")
		}
		w.want(t, 200, ask{method: "PATCH", path: "/api/v1/workspace", body: `{"limited_data_use":true}`, cookie: w.a.cookie})
		w.want(t, 200, ask{method: "PUT", path: at, body: `{"limited":false,"no_automation":false}`, cookie: w.a.cookie}).into(t, &r)
		w.want(t, 200, ask{method: "GET", path: at, cookie: w.a.cookie}).into(t, &r)
		if r.Limited || r.NoAutomation || !r.WorkspaceLimited {
			t.Errorf("%+v", r)
		}
		lines, err := audit.NewLog(w.DB).List(context.Background(), w.a.ws.ID, 0, 100)
		must(t, err)
		n := 0
		for _, l := range lines {
			if l.Action == "contact.restrict" {
				n++
			}
		}
		if n != 3 {
			t.Errorf("%d of 3 acts are recorded", n)
		}
		left, err := w.Keys.UnfinishedLedger(context.Background(), 10)
		if err != nil || len(left) != 0 {
			t.Errorf("acts are left open in the privacy ledger: %+v, %v", left, err)
		}
		must(t, w.DB.In(w.a.ws.ID).Read(context.Background(), func(rx *store.Rx) error {
			hash, err := w.DB.In(w.a.ws.ID).LedgerHash(context.Background(), w.a.channel, desk.IdentityHint{Kind: "visitor", Value: w.a.canary})
			must(t, err)
			if erased, err := w.Keys.ErasedAt(context.Background(), w.a.ws.ID, hash); err != nil || !erased.IsZero() {
				t.Errorf("a restriction counts as an erasure: %v %v", erased, err)
			}
			return nil
		}))
	})
}
