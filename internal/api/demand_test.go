package api_test

import (
	"net/http"
	"slices"
	"testing"

	"parley/internal/api"
	"parley/internal/store"
)

func demandBody(r api.Route, s *shop) string {
	return map[string]string{"open-demand": `{"authority":"a","basis":"b","contact_ids":["` + s.contact.String() + `"],"parts":["profile"],"due_at":"2026-12-25T12:00:00Z"}`,
		"challenge-demand": `{"reason":"r"}`, "refuse-demand": `{"reason":"r"}`, "disclose-contact": `{"to":"t","reason":"terms","what":["profile"]}`}[r.ID]
}

// covers A-8.8-01: who looked at a demand and who decided what of it is on record.
func TestWhatIsDoneWithADemandIsOnRecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.stocked(t, w.a)
		at := "/api/v1/privacy/demands/" + w.a.demand.String()
		w.want(t, http.StatusOK, ask{cookie: w.a.cookie, path: at, method: http.MethodGet})
		w.want(t, http.StatusForbidden, ask{key: w.a.key}.at(http.MethodPost, at+"/approve", ""))
		w.want(t, http.StatusOK, ask{cookie: w.a.cookie}.at(http.MethodPost, at+"/approve", ""))
		w.want(t, http.StatusConflict, ask{cookie: w.a.cookie}.at(http.MethodPost, at+"/approve", ""))
		w.want(t, http.StatusOK, ask{cookie: w.a.cookie}.at(http.MethodPost, at+"/challenge", `{"reason":"r"}`))
		w.want(t, http.StatusConflict, ask{cookie: w.a.cookie}.at(http.MethodPost, at+"/hand-over", ""))
		w.want(t, http.StatusOK, ask{cookie: w.a.cookie}.at(http.MethodPost, at+"/refuse", `{"reason":"r"}`))
		var done []string
		must(t, w.DB.In(w.a.ws.ID).Read(t.Context(), func(r *store.Rx) error {
			done = nil
			all, err := r.AuditAfter(0, 100)
			for _, one := range all {
				if one.Object == w.a.demand || one.Action == "demand.read" {
					done = append(done, one.Action)
				}
			}
			return err
		}))
		slices.Sort(done)
		if !slices.Equal(done, []string{"demand.approve", "demand.challenge", "demand.read", "demand.refuse"}) {
			t.Errorf("on record: %v", done)
		}
	})
}
