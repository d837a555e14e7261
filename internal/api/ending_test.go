package api_test

import (
	"archive/zip"
	"context"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/connect"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/member"
	"parley/internal/privacy"
	"parley/internal/store"
)

func (w *world) ends(work *flow.Flow, channels *channel.Registry, files *blob.Folder) *privacy.Ending {
	log := audit.NewLog(w.DB)
	return privacy.NewEnding(privacy.EndingParts{DB: w.DB, Keys: w.Keys, Flow: work, Audit: log, By: log,
		Accounts: connect.New(connect.Parts{DB: w.DB, Flow: work, Channels: channels}), Files: files})
}

// covers A-11-01, A-11-13: an owner who types the name closes the workspace; in it
// nothing works but the way back; and whoever has the address reads the
// certificate when nobody can sign in any more.
func TestAnOwnerClosesTheWorkspaceAndTakesItBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const at = "/api/v1/workspace/closing"
		owner, agent := ask{cookie: w.a.cookie}, w.agentOf(t)
		var c api.Closing
		w.want(t, 200, owner.at("GET", at, "")).into(t, &c)
		if c.Closed || len(c.Goes) < 3 || c.Certificate != "" {
			t.Fatalf("open, it says %+v", c)
		}
		w.want(t, 422, owner.at("POST", at, `{"workspace":"Alfa"}`))
		w.want(t, 403, agent.at("POST", at, `{"workspace":"Alpha"}`))
		w.want(t, 409, owner.at("POST", at+"/reopen", ""))
		w.want(t, 200, owner.at("POST", at, `{"workspace":"Alpha"}`)).into(t, &c)
		if !c.Closed || !c.MayReopen || c.Certificate == "" || time.Time(c.EndsBy).Sub(time.Time(c.ClosedAt)) != 30*24*time.Hour {
			t.Fatalf("closed, it says %+v", c)
		}
		if g := w.want(t, 403, owner.at("GET", "/api/v1/conversations", "")); g.problem(t).Code != "workspace_closed" {
			t.Errorf("%s", g.body)
		}
		w.want(t, 403, owner.at("POST", at, `{"workspace":"Alpha"}`))
		w.want(t, 403, ask{key: w.a.key}.at("GET", "/api/v1/conversations", ""))
		w.want(t, 200, ask{cookie: w.b.cookie}.at("GET", "/api/v1/conversations", ""))
		var seen api.Closing
		w.want(t, 200, agent.at("GET", at, "")).into(t, &seen)
		if !seen.Closed || seen.MayReopen || seen.Certificate != "" || len(seen.Goes) > 0 {
			t.Errorf("an agent is told %+v", seen)
		}
		w.want(t, 403, agent.at("POST", at+"/reopen", ""))
		address, err := url.Parse(c.Certificate)
		must(t, err)
		if g := w.want(t, 200, ask{method: "GET", path: address.Path}); !strings.Contains(g.body, "can still be taken back") || strings.Contains(g.body, "Alpha") {
			t.Errorf("its page says %s", g.body)
		}
		w.want(t, 404, ask{method: "GET", path: address.Path + "/certificate.json"})
		w.want(t, 200, owner.at("POST", at+"/reopen", ""))
		w.want(t, 200, owner.at("GET", "/api/v1/conversations", ""))
		w.recorded(t, "workspace.reopen", "workspace.close")
		w.want(t, 404, ask{method: "GET", path: address.Path})
		w.want(t, 200, owner.at("POST", at, `{"workspace":"Alpha"}`)).into(t, &c)
		w.gone(t, owner, c)
	})
}

// covers A-19-07: an owner who is signed in takes everything along, also of a
// workspace that is closed; a key and a colleague do not, and nothing of it is
// left lying.
func TestAnOwnerTakesTheWorkspaceAlong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const at = "/api/v1/workspace/export"
		owner := ask{cookie: w.a.cookie}
		w.want(t, 403, w.agentOf(t).at("GET", at, ""))
		w.want(t, 403, ask{key: w.a.key}.at("GET", at, ""))
		w.want(t, 401, ask{method: "GET", path: at})
		file, done, err := w.api.Port.Take(t.Context(), w.a.ws.ID, desk.Actor{Kind: desk.BySystem})
		if must(t, err); file.Size() == 0 {
			t.Error("it is empty")
		}
		if g := w.want(t, 409, owner.at("GET", at, "")); g.problem(t).Code != "exporting" {
			t.Errorf("%s", g.body)
		}
		must(t, done())
		w.want(t, 200, owner.at("GET", at, ""))
		if g := w.want(t, 200, owner.at("GET", "/api/v1/audit", "")); !strings.Contains(g.body, `"action":"workspace.export"`) || !strings.Contains(g.body, `"verb":"disclose"`) {
			t.Errorf("the record says %s", g.body)
		}
		w.want(t, 200, owner.at("POST", "/api/v1/workspace/closing", `{"workspace":"Alpha"}`))
		g := w.do(t, owner.at("GET", at, ""))
		for g.status == 409 { // the first one's last byte is there before its end is noted
			g = w.do(t, owner.at("GET", at, ""))
		}
		z, err := zip.NewReader(strings.NewReader(g.body), int64(len(g.body)))
		must(t, err)
		f, err := z.Open("tables/contact.jsonl")
		must(t, err)
		rows, err := io.ReadAll(f)
		must(t, err)
		if !strings.Contains(string(rows), w.a.contact.String()) || strings.Contains(string(rows), w.b.contact.String()) {
			t.Errorf("the contacts are %s", rows)
		}
		w.Fake.Advance(72 * time.Hour)
		left := 0
		_, err = w.api.Port.Blobs.Strays(t.Context(), time.Hour, func(ctx context.Context, ws desk.ID, names []string) (map[string]bool, error) {
			known := map[string]bool{}
			for _, name := range names {
				known[name] = true
			}
			left += len(names)
			return known, nil
		})
		if must(t, err); left != 2 { // a file of each shop
			t.Errorf("%d files lie there", left)
		}
	})
}

func (w *world) agentOf(t *testing.T) ask {
	t.Helper()
	_, m, err := w.members.Add(t.Context(), "Alpha", member.Person{Name: "Agent", Email: "agent@alpha.test", Role: desk.RoleAgent, Password: password})
	must(t, err)
	return ask{cookie: w.enter(t, m.Email)}
}

// gone lets the 29 days pass.
func (w *world) gone(t *testing.T, owner ask, c api.Closing) {
	t.Helper()
	w.Fake.Advance(desk.RecoverTerm)
	must(t, w.api.Ending.Tick(t.Context()))
	w.want(t, 401, owner.at("GET", "/api/v1/session", ""))
	w.want(t, 401, ask{key: w.a.key}.at("GET", "/api/v1/conversations", ""))
	address, err := url.Parse(c.Certificate)
	must(t, err)
	for lang, words := range map[string]string{"en": "What is left", "tr": "Geriye ne kaldı"} {
		g := w.want(t, 200, ask{method: "GET", path: address.Path + "?l=" + lang})
		if !strings.Contains(g.body, words) || strings.Contains(g.body, "ended.") || strings.Contains(g.body, "{n}") || strings.Contains(g.body, "canary") {
			t.Errorf("the page in %s says %s", lang, g.body)
		}
	}
	g := w.want(t, 200, ask{method: "GET", path: address.Path + "/certificate.json"})
	proof, err := audit.ReadProof([]byte(g.body))
	must(t, err)
	key, err := audit.NewLog(w.DB).DocumentKey(t.Context())
	must(t, err)
	must(t, proof.Verify(key))
	w.want(t, 404, ask{method: "GET", path: "/privacy/ended/" + strings.Repeat("A", 43)})
}

// covers A-11-17: what a hold keeps of a workspace that is gone is released by the
// operator, who gives a reason, and by nobody else.
func TestTheOperatorReleasesWhatAHoldKeptOfAWorkspaceThatIsGone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		op, _ := w.operator(t)
		at := "/api/v1/instance/workspaces/" + w.a.ws.ID.String() + "/release-holds"
		must(t, w.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
			return tx.InsertHold(&store.Hold{Contact: w.a.contact, Reason: "r", Authority: "a", By: desk.Actor{Kind: desk.BySystem}})
		}))
		w.want(t, 409, op.at("POST", at, `{"reason":"early"}`))
		must(t, w.api.Ending.Close(t.Context(), w.a.ws.ID, desk.Actor{Kind: desk.BySystem}))
		w.Fake.Advance(desk.RecoverTerm)
		must(t, w.api.Ending.Tick(t.Context()))
		op = ask{cookie: w.enter(t, "op@instance.test")}
		var seen api.Page[api.InstanceWorkspace]
		w.want(t, 200, op.at("GET", "/api/v1/instance/workspaces", "")).into(t, &seen)
		if one := seen.Items[0]; one.ID != w.a.ws.ID || !one.Ending || one.Conversations != 1 || one.Members != 0 {
			t.Fatalf("the operator sees %+v", one)
		}
		w.want(t, 409, op.at("POST", "/api/v1/instance/workspaces/"+w.a.ws.ID.String()+"/suspend", `{"reason":"r"}`))
		w.want(t, 204, op.at("POST", at, `{"reason":"the case is closed"}`))
		must(t, w.api.Ending.Tick(t.Context()))
		if _, err := w.WorkspaceByID(t.Context(), w.a.ws.ID); !desk.IsNotFound(err) {
			t.Errorf("it is still there: %v", err)
		}
	})
}

// recorded wants acts to stand in the workspace's chain and in the install's,
// newest first.
func (w *world) recorded(t *testing.T, acts ...string) {
	t.Helper()
	for _, ws := range []desk.ID{w.a.ws.ID, 0} {
		lines, err := w.api.Audit.List(t.Context(), ws, 0, len(acts))
		must(t, err)
		for i, l := range lines {
			if l.Action != acts[i] || l.Object.ID != int64(w.a.ws.ID) || l.Actor.ID == 0 {
				t.Errorf("the chain of %d holds %+v, want %s", ws, l, acts[i])
			}
		}
		if len(lines) != len(acts) {
			t.Errorf("the chain of %d holds %d acts", ws, len(lines))
		}
	}
}
