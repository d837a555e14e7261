package api_test

import (
	"testing"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/store"
)

// Every act on an incident, of a workspace as of the install, leaves an entry of
// who did it; an act that is refused leaves none (asvs: V16.2.1, V16.3.2).
func TestEveryActOnAnIncidentIsOnRecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		op, _ := w.operator(t)
		for _, d := range []struct {
			at    string
			who   ask
			chain desk.ID
		}{{"/api/v1/incidents", ask{cookie: w.a.cookie}, w.a.ws.ID}, {"/api/v1/instance/incidents", op, 0}} {
			last := func() (action string, no int64) {
				t.Helper()
				lines, err := w.api.Audit.List(t.Context(), d.chain, 0, 1)
				must(t, err)
				if len(lines) == 0 {
					return "", 0
				}
				return lines[0].Action, lines[0].No
			}
			did := func(action, method, path, body string) (one api.WholeIncident) {
				t.Helper()
				_, before := last()
				g := w.do(t, d.who.at(method, path, body))
				got, after := last()
				if g.status >= 300 || got != action || after != before+1 {
					t.Fatalf("%s %s: %d, the record says %s (%d after %d): %.300s", method, path, g.status, got, after, before, g.body)
				}
				if action != "incident.export" {
					g.into(t, &one)
				}
				return one
			}
			begin := func() (id desk.ID, path string) {
				id = did("incident.begin", "POST", d.at, `{"title":"a list lay open"}`).Incident.ID
				return id, d.at + "/" + id.String()
			}
			id, one := begin()
			_, before := last()
			for path, body := range map[string]string{"/assess": `{"risk":"high"}`, "/notified": `{}`, "/tell": ``, "/close": `{"lessons":"l"}`, "/not-notifiable": `{"reason":"r"}`} {
				w.want(t, 409, d.who.at("POST", one+path, body))
			}
			if _, after := last(); after != before {
				t.Errorf("%s: an act that was refused left an entry", d.at)
			}
			did("incident.aware", "POST", one+"/aware", `{"at":"`+w.Fake.Now().Format("2006-01-02T15:04:05Z")+`"}`)
			did("incident.facts", "PUT", one+"/facts", `{"facts":{"nature":"n","when":"w","consequences":"c","measures":"m","contact":"x"}}`)
			did("incident.count", "POST", one+"/count", `{"scopes":[{"workspace_id":"`+w.a.ws.ID.String()+`","from":"2026-11-20T00:00:00Z","to":"2026-11-21T00:00:00Z"}]}`)
			did("incident.draft", "PUT", one+"/drafts/authority/en", `{"text":"t"}`)
			did("incident.assess", "POST", one+"/assess", `{"risk":"high"}`)
			did("incident.notify", "POST", one+"/notified", `{}`)
			did("incident.tell", "POST", one+"/tell", ``)
			if d.chain != 0 {
				did("incident.settle", "POST", one+"/people/"+w.unsure(t, w.a, id).String(), `{"left":true}`)
			}
			_, two := begin()
			did("incident.aware", "POST", two+"/aware", `{"at":"`+w.Fake.Now().Format("2006-01-02T15:04:05Z")+`"}`)
			did("incident.assess", "POST", two+"/assess", `{"risk":"none"}`)
			did("incident.excuse", "POST", two+"/not-notifiable", `{"reason":"r"}`)
			did("incident.facts", "PUT", two+"/facts", `{"facts":{"measures":"m"}}`)
			did("incident.close", "POST", two+"/close", `{"lessons":"l"}`)
			did("incident.export", "POST", d.at+"/export", ``)
		}
	})
}

// unsure gives an incident a person of whom nobody knows whether their mail left.
func (w *world) unsure(t *testing.T, s *shop, incident desk.ID) desk.ID {
	t.Helper()
	p := store.Told{Incident: incident, Contact: s.contact, State: store.ToldUnsure}
	must(t, w.DB.In(s.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.AddTold(&p)
		return err
	}))
	return p.ID
}
