package api_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/member"
	"parley/internal/privacy/duty"
	"parley/internal/store"
)

type accessTaker struct{ *member.Roster }

func (x accessTaker) SwitchOff(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	off := false
	_, err := x.Change(ctx, ws, id, member.Change{Active: &off}, by)
	return err
}

func (w *world) owing() *duty.Duties {
	return duty.New(duty.Parts{DB: w.DB, Audit: audit.NewLog(w.DB), Roster: accessTaker{w.members}})
}

func dutyBody(r api.Route) string {
	return map[string]string{"open-duty": `{"kind":"drill","title":"t","due_at":"2026-12-25T12:00:00Z"}`, "sign-duty": `{"note":"done"}`}[r.ID]
}

type wholeDuty struct {
	ID, State string
	Hash      string `json:"document_sha256"`
	SignedBy  string `json:"signed_by"`
	Lines     []struct{ Key, Name, Words, Verdict string }
}

// covers A-12.2-03, A-12.4-01: who looked, signed and took back is on record, and
// a review of access takes the access away that it says.
func TestARecordIsSignedByAMemberAndTheReviewOfAccessTakesAccessAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.stocked(t, w.a)
		const path = "/api/v1/privacy/duties"
		drill := path + "/" + w.a.duty.String()
		w.want(t, http.StatusForbidden, ask{key: w.a.key}.at(http.MethodPost, drill+"/sign", `{}`))
		w.want(t, http.StatusOK, ask{cookie: w.a.cookie}.at(http.MethodPost, drill+"/sign", `{"note":"went well"}`))
		w.want(t, http.StatusConflict, ask{cookie: w.a.cookie}.at(http.MethodPost, drill+"/sign", `{}`))
		w.want(t, http.StatusConflict, ask{cookie: w.a.cookie}.at(http.MethodDelete, drill, ""))
		var review wholeDuty
		w.want(t, http.StatusCreated, ask{cookie: w.a.cookie}.at(http.MethodPost, path, `{"kind":"access","due_at":"2026-12-25T12:00:00Z"}`)).into(t, &review)
		body := `{"document_sha256":"` + review.Hash + `","verdicts":[`
		for i, l := range review.Lines {
			verdict := "keep"
			if l.Key == "member:"+w.a.agent.String() || l.Key == "key:"+w.a.keyID.String() {
				verdict = "remove"
			}
			if i > 0 {
				body += ","
			}
			body += `{"key":"` + l.Key + `","verdict":"` + verdict + `"}`
		}
		var done wholeDuty
		w.want(t, http.StatusOK, ask{cookie: w.a.cookie}.at(http.MethodPost, path+"/"+review.ID+"/sign", body+"]}")).into(t, &done)
		if done.State != "done" || done.SignedBy == "" {
			t.Errorf("signed: %+v", done)
		}
		if g := w.do(t, ask{key: w.a.key}.at(http.MethodGet, path, "")); g.status != http.StatusUnauthorized {
			t.Errorf("a key that the review removes still opens: %d", g.status)
		}
		var acts []string
		must(t, w.DB.In(w.a.ws.ID).Read(t.Context(), func(r *store.Rx) error {
			acts = nil
			agent, err := r.Member(w.a.agent)
			if agent.Active {
				t.Error("whom the review removes may still sign in")
			}
			if err != nil {
				return err
			}
			all, err := r.AuditAfter(0, 200)
			for _, one := range all {
				if one.Object == w.a.duty || one.Object.String() == review.ID {
					acts = append(acts, one.Action)
				}
			}
			return err
		}))
		slices.Sort(acts)
		if !slices.Equal(acts, []string{"duty.create", "duty.sign", "duty.sign"}) {
			t.Errorf("on record: %v", acts)
		}
	})
}
