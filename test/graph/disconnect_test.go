package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/app"
	"parley/internal/audit"
	"parley/sim/meta"
)

type certificate struct {
	ID, State, History string
	Unsubscribed       bool
	Deleted, Kept      []struct {
		Name  string
		Count int64
		Words string
	}
	Remains []string
	Proof   json.RawMessage
}

func (c certificate) deleted(name string) int64 {
	for _, d := range c.Deleted {
		if d.Name == name {
			return d.Count
		}
	}
	return -1
}

func (w *world) disconnect(id, history string) (c certificate) {
	w.Helper()
	asked := map[string]any{}
	if history != "" {
		asked["history"] = history
	}
	w.good("POST", "/api/v1/channels/"+id+"/disconnect", asked, &c)
	return c
}

// signed waits until a certificate is signed and holds it to the install's key.
func (w *world) signed(c certificate) certificate {
	w.Helper()
	w.until("the certificate is signed", func() bool {
		w.good("GET", "/api/v1/privacy/certificates/"+c.ID, nil, &c)
		return c.State == "done"
	})
	key, err := w.app.Audit.DocumentKey(context.Background())
	w.must(err)
	p, err := audit.ReadProof(c.Proof)
	w.must(err)
	if err := p.Verify(key); err != nil {
		w.Errorf("the certificate: %v", err)
	}
	return c
}

// holding lists the files of the data folder that hold some bytes.
func (w *world) holding(word string) (all []string) {
	w.Helper()
	w.must(filepath.WalkDir(w.app.Config.Data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(word)) {
			all = append(all, filepath.Base(path))
		}
		return err
	}))
	return all
}

// covers H-69, H-59, decision 11: disconnecting a number deletes its account and
// phone records and proves it; what comes later is dropped unread; connecting it
// again finds the history and doubles nothing.
func TestDisconnectingANumberDeletesItsRecordsAndKeepsTheHistory(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.app.SetWorkspace(context.Background(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
		w.must(err)
		id := w.connect("whatsapp", "whatsapp", meta.Choice{})["whatsapp"]
		chat := w.visitor.WritesWhatsApp(w.number)
		chat.Says("Merhaba")
		w.until("the message is filed", func() bool { return len(w.thread("whatsapp")) == 1 })
		c := w.signed(w.disconnect(id, ""))
		if c.History != "keep" || !c.Unsubscribed || c.deleted("tokens") != 1 || c.deleted("phone_numbers") != 1 || c.deleted("accounts") != 1 ||
			c.deleted("conversations") != -1 || len(c.Kept) != 2 || c.Kept[0].Count != 1 || len(c.Remains) != map[string]int{"sqlite": 5, "postgres": 6}[w.app.DB.Engine()] {
			w.Errorf("the certificate says %+v", c)
		}
		if n, card := w.holds(id); n != 0 || card.Details.Phone != "" || card.Details.WABA != "" {
			w.Errorf("%d tokens and %+v are left", n, card.Details)
		}
		if w.app.DB.Engine() == "sqlite" { // PostgreSQL frees old rows by itself, later
			for _, canary := range []string{w.number.ID, w.number.WABA.ID} {
				if files := w.holding(canary); len(files) > 0 {
					w.Errorf("%s is still in %v", canary, files)
				}
			}
		}
		before := w.app.Intake.Unknown()
		w.owner.Subscribe() // as if Meta had not heard of it
		chat.Says("Is anybody there?")
		w.must(w.sim.Until(context.Background(), "the late message was delivered", func() bool { return w.sim.Pending() == 0 }))
		if w.app.Intake.Unknown() == before || len(w.thread("whatsapp")) != 1 {
			w.Error("what came later was not dropped")
		}
		if again := w.connect("whatsapp", "whatsapp", meta.Choice{})["whatsapp"]; again != id {
			w.Error("connecting again made another account")
		}
		chat.Says("Merhaba again")
		w.until("the old conversation goes on", func() bool { return len(w.thread("whatsapp")) == 2 })
	})
}

// covers decision 11: with its history, all that came by the account goes, and
// nothing of another account.
func TestDisconnectingWithTheHistoryErasesWhoWroteByThatAccountOnly(t *testing.T) {
	each(t, func(w *world) {
		ids := w.both()
		w.visitor.Writes(w.page).Says("canary of the page")
		w.sim.Customer(meta.Profile{Name: "Can Er"}).Writes(w.page).Says("Good morning")
		w.visitor.WritesInstagram(w.ig).Says("On Instagram")
		w.until("all are filed", func() bool { return len(w.talks("messenger")) == 2 && len(w.thread("instagram")) == 1 })
		c := w.signed(w.disconnect(ids["messenger"], "delete"))
		if c.History != "delete" || c.deleted("contacts") != 2 || c.deleted("conversations") != 2 || c.deleted("messages") < 2 || len(c.Kept) != 0 {
			w.Errorf("the certificate says %+v", c)
		}
		if len(w.talks("messenger")) != 0 || len(w.thread("instagram")) != 1 {
			w.Errorf("left are %v and %v", w.talks("messenger"), w.talks("instagram"))
		}
		if status := w.call("GET", "/api/v1/channels/"+ids["messenger"], nil, nil); status != http.StatusNotFound {
			w.Errorf("the account is still there: %d", status)
		}
		if w.state(ids["instagram"]) != "active" || len(w.page.Subscribed()) == 0 {
			w.Error("the account that shares the page's subscription was cut off")
		}
		var list struct{ Items []certificate }
		w.good("GET", "/api/v1/privacy/certificates", nil, &list)
		if len(list.Items) != 1 || list.Items[0].ID != c.ID {
			w.Errorf("listed are %+v", list)
		}
		if again := w.connect("messenger", "facebook", meta.Choice{})["messenger"]; again == ids["messenger"] || again == "" {
			w.Errorf("connecting again found %s, of which nothing is left", again)
		}
	})
}

// An account at a provider is never merely removed: its tokens would be left.
func TestAConnectedAccountIsNotRemovedWithoutDisconnecting(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	id := w.connect("messenger", "facebook", meta.Choice{})["messenger"]
	if status := w.call("DELETE", "/api/v1/channels/"+id, nil, nil); status != http.StatusConflict || w.state(id) != "active" {
		t.Errorf("%d, it is %s", status, w.state(id))
	}
}
