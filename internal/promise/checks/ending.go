package checks

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// leaver is a business of its own that wants to go: its owner, its website chat
// and what a visitor wrote there.
type leaver struct {
	t                     *trial
	name, mail, word      string
	owner                 *browser
	visitor               *visitor
	Closed                bool
	RecoverUntil          time.Time `json:"recover_until"`
	EndsBy                time.Time `json:"ends_by"`
	Certificate           string
	conversation, channel string
}

const closing = "/api/v1/workspace/closing"

// leaver lets who runs the install make the business, as on the machine.
func (t *trial) leaver() *leaver {
	l := &leaver{t: t, name: "Leaving " + canary(), mail: canary() + "@leaving.example", word: canary()}
	if t.err != nil {
		return l
	}
	out, err := t.w.Command(t.ctx, []byte(l.password()+"\n"), "user", "add", "--workspace", l.name, "--email", l.mail, "--name", "Owner", "--role", "owner", "--password-stdin")
	t.must(err)
	t.want(out.Status == 0, "a business of its own is made on the machine")
	l.signsIn()
	var made struct {
		ID, Snippet string
		Settings    map[string]any
	}
	l.owner.good(http.MethodPost, "/api/v1/channels", map[string]any{"kind": "widget", "name": "Chat"}, &made)
	if t.err != nil {
		return l
	}
	_, key, _ := strings.Cut(made.Snippet, `data-key="`)
	key, _, _ = strings.Cut(key, `"`)
	made.Settings["domains"] = []string{t.w.Place().Shop}
	l.owner.good(http.MethodPatch, "/api/v1/channels/"+made.ID, map[string]any{"settings": made.Settings}, nil)
	l.channel = made.ID
	l.visitor, _ = t.frame(key, t.w.Place().Shop, "en")
	l.visitor.consent = "granted"
	l.visitor.opens(nil)
	l.visitor.says("Hello " + l.word)
	t.want(l.holds(), "what a visitor writes is in its inbox")
	return l
}

func (l *leaver) password() string { return l.word + " boats" }

func (l *leaver) signsIn() {
	l.owner = l.t.browser()
	l.owner.good(http.MethodPost, "/api/v1/session", map[string]string{"email": l.mail, "password": l.password()}, nil)
}

// holds reports whether the owner reads what the visitor wrote.
func (l *leaver) holds() bool {
	var raw json.RawMessage
	if l.conversation == "" {
		var list struct{ Items []struct{ ID string } }
		l.owner.good(http.MethodGet, "/api/v1/conversations", nil, &list)
		if len(list.Items) != 1 {
			return false
		}
		l.conversation = list.Items[0].ID
	}
	status := l.owner.ask(http.MethodGet, "/api/v1/conversations/"+l.conversation+"/messages", nil, &raw)
	return status == http.StatusOK && strings.Contains(string(raw), l.word)
}

func (l *leaver) closes() {
	l.owner.good(http.MethodPost, closing, map[string]string{"workspace": l.name}, l)
	l.t.want(l.Closed && l.Certificate != "", "the owner, who typed the name, closes it and is told where the certificate will be")
}

// page reads the page of the certificate, without its marks.
func (l *leaver) page() string {
	return l.t.words(strings.TrimPrefix(l.Certificate, l.t.w.Place().URL))
}

// workspaceRecovery: on day 29 it can be had back whole, and on day 30 it is gone.
func workspaceRecovery(t *trial) {
	l := t.leaver()
	if t.err != nil {
		return
	}
	wrong := l.owner.ask(http.MethodPost, closing, map[string]string{"workspace": "Leaving"}, nil)
	t.want(wrong >= 400, "without its name typed nothing is closed (%d)", wrong)
	l.closes()
	t.want(l.owner.ask(http.MethodGet, "/api/v1/conversations", nil, nil) == http.StatusForbidden, "nobody works in it any more")
	t.want(len(t.letters(l.mail)) == 1, "its owner is mailed")
	t.want(strings.Contains(l.page(), "can still be taken back"), "the page of its certificate says until when it can be taken back")
	t.advance(29*day - time.Hour)
	l.signsIn()
	t.want(!l.holds(), "on the 29th day it is closed as on the first")
	t.want(len(t.letters(l.mail)) == 2, "its owner was mailed that the last day began")
	l.owner.good(http.MethodPost, closing+"/reopen", nil, nil)
	t.want(l.holds(), "taken back on the 29th day, every word is there")
	t.want(l.visitor.ask(http.MethodPost, "/messages", map[string]any{"body": "Again", "client_id": canary()[:20]}, nil) < 300, "and its chat takes what visitors write")
	l.closes()
	until := l.RecoverUntil
	t.advance(29*day + time.Hour)
	b := t.browser()
	t.want(t.w.Now().After(until) && b.ask(http.MethodPost, "/api/v1/session", map[string]string{"email": l.mail, "password": l.password()}, nil) >= 400, "after that its owner is nobody here")
	t.want(strings.Contains(l.page(), "Gone since"), "by day 30 it is gone")
}

// allConversationsGone: of what a visitor wrote nothing is left for anybody, by any
// door, and not in the files either.
func allConversationsGone(t *trial) {
	l := t.leaver()
	if t.err != nil {
		return
	}
	_, before := t.atRest(l.name)
	t.want(before > 0, "its name stands in the files at rest, where its row is")
	l.closes()
	t.advance(30 * day)
	t.want(l.owner.ask(http.MethodGet, "/api/v1/conversations/"+l.conversation+"/messages", nil, nil) == http.StatusUnauthorized, "nobody reads the conversation any more")
	t.want(l.visitor.ask(http.MethodPost, "/messages", map[string]any{"body": "Are you there?", "client_id": canary()[:20]}, nil) >= 400, "who wrote is not brought back by writing again")
	var list struct {
		Items []struct {
			ID, Name      string
			Conversations int
		}
	}
	t.operator(http.MethodGet, "/api/v1/instance/workspaces", nil, &list)
	beside := 0
	for _, w := range list.Items {
		t.want(w.Name != l.name, "who runs the install sees another workspace, and not this one")
		if w.ID == t.w.Place().Workspace {
			beside++
		}
	}
	t.want(beside == 1, "the business beside it is there")
	said := l.page()
	t.want(strings.Contains(said, "Conversations: 1") && strings.Contains(said, "Deleted"), "the certificate counts the conversation among what was deleted")
	if !strings.Contains(said, "PostgreSQL") { // which overwrites deleted rows later, and says so on the certificate
		after := before
		for range 3 { // the log of what was written is emptied when no reader needs it
			if _, after = t.atRest(l.name); after > 0 {
				t.advance(time.Hour)
			}
		}
		t.want(after == 0, "its name stands in no file at rest")
	}
}

// exceptionsListed: what stays is on the certificate, each with its reason and its
// end, and the document is signed.
func exceptionsListed(t *trial) {
	l := t.leaver()
	if t.err != nil {
		return
	}
	l.closes()
	at := strings.TrimPrefix(l.Certificate, t.w.Place().URL)
	t.want(t.page(at+"/certificate.json").Status == http.StatusNotFound, "nothing is certified before it is done")
	t.advance(30 * day)
	a := t.page(at + "/certificate.json")
	var proof struct {
		Document  json.RawMessage
		Signature string
	}
	t.must(json.Unmarshal(a.Body, &proof))
	var f struct {
		Kind       string
		EndedAt    time.Time `json:"ended_at"`
		Exceptions []struct {
			What, Why string
			Until     time.Time
		}
	}
	t.must(json.Unmarshal(proof.Document, &f))
	t.want(proof.Signature != "" && f.Kind == "workspace_deletion", "the certificate is signed")
	named := map[string]time.Time{}
	for _, x := range f.Exceptions {
		t.want(x.Why != "", "%s is named with its reason", x.What)
		named[x.What] = x.Until
	}
	for what, term := range map[string]time.Duration{"record": 2 * 365 * day, "key_backups": 7 * day, "data_backups": 90 * day} {
		until, ok := named[what]
		t.want(ok && until.Sub(f.EndedAt) >= term && until.Sub(f.EndedAt) < term+4*day, "%s is named with its end", what)
	}
	_, ok := named["ledger"]
	t.want(ok && !strings.Contains(string(a.Body), l.name), "that it was deleted is named, and its name is not")
	said := l.page()
	t.want(strings.Contains(said, "Backups of data from before") && strings.Contains(said, "accountable"), "the page says the same in words")
}

// endingChecks end a business that is made for it.
func endingChecks() []entry {
	return []entry{
		{"workspace-recovery", workspaceRecovery},
		{"all-conversations-gone", allConversationsGone},
		{"exceptions-listed", exceptionsListed},
	}
}
