package api_test

import (
	"net/http"
	"testing"
	"time"
)

type terms struct {
	Items []struct {
		Rule string `json:"rule"`
		Days int    `json:"days"`
		Most int    `json:"most_days"`
		Over int64  `json:"over"`
	} `json:"items"`
}

// What another term would end is said to whoever may read, without a fresh proof
// of who they are, and changes nothing; to set it asks for that proof.
func TestATermIsTriedWithoutAProofAndSetWithOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const path = "/api/v1/privacy/retention"
		w.Fake.Advance(72 * time.Hour)
		me := ask{cookie: w.enter(t, w.a.owner.Email)}
		w.Fake.Advance(11 * time.Minute)
		talks := func(query string) (days int, over int64) {
			var all terms
			w.want(t, http.StatusOK, me.at(http.MethodGet, path+query, "")).into(t, &all)
			if len(all.Items) != 5 || all.Items[0].Rule != "conversations" {
				t.Fatalf("rules: %+v", all.Items)
			}
			return all.Items[0].Days, all.Items[0].Over
		}
		if days, over := talks("?rule=conversations&days=2"); days != 2 || over == 0 {
			t.Errorf("two days would end %d at %d days", over, days)
		}
		if days, over := talks(""); days != 0 || over != 0 {
			t.Errorf("a try stays: %d days, %d over", days, over)
		}
		w.want(t, http.StatusUnprocessableEntity, me.at(http.MethodGet, path+"?rule=visits&days=91", ""))
		const body = `{"days":{"conversations":2}}`
		if g := w.want(t, http.StatusForbidden, me.at(http.MethodPut, path, body)); g.problem(t).Code != "reauthentication_required" {
			t.Errorf("an old proof sets a term: %s", g.body)
		}
		w.want(t, http.StatusOK, ask{cookie: w.enter(t, w.a.owner.Email)}.at(http.MethodPut, path, body))
		if days, over := talks(""); days != 2 || over == 0 {
			t.Errorf("set, it says %d days and %d over", days, over)
		}
	})
}

// A list of holds says who is kept and who began it, by their names.
func TestAHoldNamesWhomItKeepsAndWhoBeganIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.stocked(t, w.a)
		w.want(t, http.StatusOK, ask{cookie: w.a.cookie}.at(http.MethodPost, "/api/v1/contacts/"+w.a.contact.String()+"/rectify", `{"name":"Ana Reyes"}`))
		type hold struct {
			Contact string `json:"contact_id"`
			Person  string `json:"person"`
			By      string `json:"by"`
		}
		want := hold{w.a.contact.String(), "Ana Reyes", w.a.owner.Name}
		var listed struct {
			Items []hold `json:"items"`
		}
		const path = "/api/v1/privacy/holds"
		w.want(t, http.StatusOK, ask{cookie: w.a.cookie}.at(http.MethodGet, path, "")).into(t, &listed)
		if len(listed.Items) != 1 || listed.Items[0] != want || want.By == "" {
			t.Errorf("listed: %+v, want %+v", listed.Items, want)
		}
		body := `{"contact_id":"` + want.Contact + `","reason":"r","authority":"a"}`
		var made hold
		w.want(t, http.StatusCreated, ask{cookie: w.a.cookie}.at(http.MethodPost, path, body)).into(t, &made)
		if made != want {
			t.Errorf("made: %+v, want %+v", made, want)
		}
		if w.want(t, http.StatusCreated, ask{key: w.a.key}.at(http.MethodPost, path, body)).into(t, &made); made.By != "" {
			t.Errorf("a key began it, and %q is named", made.By)
		}
	})
}
