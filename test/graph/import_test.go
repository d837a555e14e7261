package graph_test

import (
	"context"
	"strings"
	"testing"

	"parley/internal/app"
	"parley/sim/meta"
)

// covers A-9.1-01, decision 10: the lists that Meta mails are carried out where
// somebody is known by an id, are said to match nobody where not, and the
// workspaces that are touched are told.
func TestAMailedListIsCarriedOutAndTheWorkspaceIsTold(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		deniz := w.sim.Person("Deniz Ak")
		id := w.connect("messenger", "facebook", meta.Choice{})["messenger"]
		w.visitor.Writes(w.page).Says("Hello?")
		w.sim.Customer(meta.Profile{Name: "Can Er"}).Writes(w.page).Says("Good morning")
		w.until("both are filed and their names known", func() bool {
			all := w.talks("messenger")
			return len(all) == 2 && all[0].Contact.Name != "" && all[1].Contact.Name != ""
		})
		done, err := w.app.ImportDeletions(ctx, app.ImportDeletions{IDs: []string{w.psid("Ayşe Demir"), deniz.ID}})
		w.must(err)
		if len(done.Listed) != 2 || done.Listed[0].Matched["messages"] != 1 || done.Listed[0].Code == "" || done.Listed[1].Code != "" || len(done.Listed[1].Matched) != 0 {
			w.Fatalf("it says %+v", done.Listed)
		}
		if text := w.done(done.Status + done.Listed[0].Code); !strings.Contains(text, "Messages erased: 1</li>") {
			w.Errorf("the page says %s", text)
		}
		if all := w.talks("messenger"); len(all) != 1 || all[0].Contact.Name != "Can Er" || w.state(id) != "active" {
			w.Errorf("left are %+v", all)
		}
		done, err = w.app.ImportDeletions(ctx, app.ImportDeletions{IDs: []string{w.owner.ID}})
		w.must(err)
		w.done(done.Status + done.Listed[0].Code)
		var list struct {
			Items []struct {
				Kind, State string
				Matched     []struct {
					Name  string
					Count int
					Words string
				}
			}
		}
		w.good("GET", "/api/v1/privacy/cases", nil, &list)
		if len(list.Items) != 2 || list.Items[0].State != "done" || list.Items[0].Matched[0].Name != "accounts" || list.Items[1].Matched[0].Name != "contacts" || list.Items[1].Matched[0].Words == "" {
			w.Errorf("the workspace is told %+v", list.Items)
		}
		k, err := w.app.AddKey(ctx, app.AddKey{Workspace: "Southwind", Name: "test", Role: "owner"})
		w.must(err)
		w.key = k.Token
		w.good("GET", "/api/v1/privacy/cases", nil, &list)
		if len(list.Items) != 0 {
			w.Errorf("another workspace is told %+v", list.Items)
		}
		for _, bad := range [][]string{{"x"}, {""}, make([]string, 501)} {
			if _, err := w.app.ImportDeletions(ctx, app.ImportDeletions{IDs: bad}); err == nil {
				w.Errorf("%.20q was imported", bad)
			}
		}
	})
}
