package checks

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/internal/promise"
)

// keptChecks look at what lasts: through a restart, a storm at Meta, a colleague's
// open screen.
func keptChecks() []entry {
	return []entry{
		{"kept-running", keptRunning},
		{"webhook-signed-and-durable", signedAndDurable},
		{"routed-once-in-order", routedOnce},
		{"thread-is-live", threadIsLive},
		{"connections-watched", connectionsWatched},
		{"only-what-was-ticked", onlyTicked},
		{"granted-permissions-only", grantedOnly},
		{"account-type", accountType},
		{"widget-data-for-the-chat", widgetForChat},
		{"removed-chat-keeps", removedChatKeeps},
		{"chat-storage-is-functional", storageFunctional},
	}
}

// weather lets Meta's side misbehave while fn runs.
func (t *trial) weather(what string, fn func()) {
	if t.err != nil {
		return
	}
	t.must(t.w.Weather(t.ctx, what, -1))
	t.after(func() { t.must(t.w.Weather(t.ctx, what, 0)) })
	fn()
	t.must(t.w.Weather(t.ctx, what, 0))
}

func (t *trial) restart() {
	if t.err == nil {
		t.must(t.w.Restart(t.ctx, nil))
	}
}

func keptRunning(t *trial) {
	word := canary()
	t.says("messenger", "Kept "+word, word)
	c := t.talkOf(word)
	b := t.fresh("agent")
	t.restart()
	t.want(t.talkOf(word).ID == c.ID && len(t.lines(c.ID)) > 0, "a conversation is there after the program was started anew")
	t.want(b.in(), "who was signed in still is")
	after := canary()
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": after}, nil)
	t.settle()
	t.want(len(t.left("meta", after)) == 1, "and an answer leaves, by the account that was connected before")
}

// signedAndDurable: the program stops before it dealt with what it took.
func signedAndDurable(t *trial) {
	if t.err != nil {
		return
	}
	word, forged := canary(), canary()
	page := t.w.Place().Page
	for _, signature := range []string{"", "sha256=" + strings.Repeat("0", 64), "sha1=" + strings.Repeat("0", 40)} {
		a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodPost, Path: "/hooks/meta", Body: delivery(page, "66601", "m_"+forged, forged), Header: http.Header{"X-Hub-Signature-256": {signature}}})
		t.must(err)
		t.want(a.Status >= 400 && a.Status < 500, "a delivery with a false signature is refused")
	}
	now := []byte(strconv.FormatInt(t.w.Now().UnixMilli(), 10))
	a, err := t.w.Webhook(t.ctx, "meta", bytes.ReplaceAll(delivery(page, "66602", "m_"+word, word), []byte("1767225600000"), now))
	t.must(err)
	t.want(a.Status == http.StatusOK, "a true one is taken")
	t.restart()
	t.settle()
	t.want(t.talkOf(word).ID != "", "and is in the inbox though the program was stopped the moment it had said so")
	a, err = t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/conversations?limit=50"})
	t.must(err)
	t.want(!strings.Contains(string(a.Body), forged), "nothing of the false ones is")
	t.seen = slices.Compact(t.seen)
}

// routedOnce: everything arrives twice and in another order, and the program is
// stopped in between.
func routedOnce(t *trial) {
	word, name := canary(), "Routed "+canary()
	var want []string
	t.weather("duplicate", func() {
		for i := range 6 {
			line := word + " " + itoa(i)
			want = append(want, line)
			t.says("messenger", name, line)
			if i == 2 {
				t.restart()
			}
		}
	})
	t.weather("reorder", func() {
		for i := 6; i < 10; i++ {
			line := word + " " + itoa(i)
			want = append(want, line)
			t.does("messenger", name, promise.Act{Kind: "text", Text: line})
		}
	})
	t.says("messenger", name, "the end")
	t.settle()
	var got []string
	lines := t.lines(t.talkOf(word).ID)
	slices.Reverse(lines) // the list is newest first
	for _, l := range lines {
		if strings.HasPrefix(l.Body, word) {
			got = append(got, l.Body)
		}
	}
	t.want(slices.Equal(got, want), "ten messages, delivered twice or swapped around a restart, stand once each and as they were written")
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner", Other: true}, Method: http.MethodGet, Path: "/api/v1/conversations"})
	t.must(err)
	t.want(a.Status == http.StatusOK && !strings.Contains(string(a.Body), word), "another workspace has none of them")
}

// threadIsLive keeps a screen's stream open while somebody writes.
func threadIsLive(t *trial) {
	word := canary()
	t.says("whatsapp", "Live "+word, word)
	c := t.talkOf(word)
	if t.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(t.ctx, 20*time.Second)
	defer cancel()
	open, came := make(chan struct{}), make(chan time.Time, 1)
	var once sync.Once
	var followed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		followed = t.w.Follow(ctx, promise.Ask{As: promise.As{Role: "agent"}, Method: http.MethodGet, Path: "/api/v1/events", Header: http.Header{"Accept": {"text/event-stream"}}}, func(line string) bool {
			once.Do(func() { close(open) })
			if strings.HasPrefix(line, "data:") && strings.Contains(line, `"`+c.ID+`"`) && strings.Contains(line, "message") {
				came <- t.w.Now()
				return true
			}
			return false
		})
	}()
	select {
	case <-open:
	case <-done:
	}
	began := t.w.Now()
	t.says("whatsapp", "Live "+word, "again "+word)
	<-done
	t.must(followed)
	if t.err == nil {
		t.want((<-came).Sub(began) < 5*time.Second, "a screen that is open is told of a message as it comes")
	}
}

func connectionsWatched(t *trial) {
	name := "Watched " + canary()
	t.says("messenger", name, "hello "+name)
	c := t.talkOf(name)
	at := "/api/v1/channels/" + t.accountOf("messenger")
	type health struct {
		State    string
		Findings []struct {
			OK    bool
			Fault string
		}
	}
	look := func() (h health, faults int) {
		t.owner(http.MethodGet, at+"/health", nil, &h)
		for _, f := range h.Findings {
			if !f.OK && f.Fault != "" {
				faults++
			}
		}
		return h, faults
	}
	before, none := look()
	t.want(before.State == "active" && len(before.Findings) > 2, "each connection shows what was looked at")
	t.weather("server_error", func() {
		_, n := look()
		t.want(n > none, "while Meta does not answer that is said, with what to do")
	})
	t.advance(time.Hour)
	_, again := look()
	t.want(again == none, "afterwards it is well again")
	t.settle()
	word := canary()
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": word}, nil)
	t.settle()
	t.want(len(t.left("meta", word)) == 1, "and answers leave")
}

// offered begins to connect, and goes through Meta's dialog.
func (t *trial) offered(kind, way string, g promise.Grant) (id string, accounts []offeredAccount) {
	var begun struct{ URL string }
	t.owner(http.MethodPost, "/api/v1/channels/connect", map[string]any{"kind": kind, "way": way, "acknowledged": true}, &begun)
	if t.err != nil {
		return "", nil
	}
	back, err := t.w.Grants(t.ctx, begun.URL, g)
	t.must(err)
	var offer struct {
		ID       string
		Accounts []offeredAccount
	}
	t.owner(http.MethodPost, "/api/v1/channels/connect/finish", map[string]any{"state": back.Get("state"), "code": back.Get("code")}, &offer)
	return offer.ID, offer.Accounts
}

type offeredAccount struct {
	Kind, Name, Blocked string
	OutsideID           string `json:"outside_id"`
	Missing             []string
}

func onlyTicked(t *trial) {
	before := len(t.channels())
	id, all := t.offered("messenger", "facebook", promise.Grant{})
	t.want(slices.ContainsFunc(all, func(a offeredAccount) bool { return a.OutsideID == t.w.Place().Page }), "what the sign-in opens is offered")
	have := t.channels()
	t.want(len(have) == before && slices.ContainsFunc(all, func(a offeredAccount) bool {
		return a.Blocked == "" && !slices.ContainsFunc(have, func(c channelShown) bool { return strings.Contains(string(c.Details), `"`+a.OutsideID+`"`) })
	}), "offered is not connected: what nobody ever ticked is not")
	_, none := t.offered("messenger", "facebook", promise.Grant{Accounts: []string{}})
	t.want(!slices.ContainsFunc(none, func(a offeredAccount) bool { return a.OutsideID == t.w.Place().Page }), "what was not ticked at Meta is not offered")
	var done struct{ Items []struct{ Code string } }
	status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/channels/connect/confirm", map[string]any{"offer_id": id, "accounts": []map[string]string{{"kind": "messenger", "outside_id": "999999"}}}, &done)
	refused := status >= 400 || len(done.Items) == 1 && done.Items[0].Code != ""
	t.want(refused && len(t.channels()) == before, "one that was never offered is refused: %d %v", status, done.Items)
}

func grantedOnly(t *trial) {
	var whole []string
	var begun struct{ URL string }
	t.owner(http.MethodPost, "/api/v1/channels/connect", map[string]any{"kind": "messenger", "way": "facebook", "acknowledged": true}, &begun)
	whole = asksFor(begun.URL)
	t.want(len(whole) > 1, "several permissions are asked for")
	_, all := t.offered("messenger", "facebook", promise.Grant{})
	for _, a := range all {
		if a.OutsideID == t.w.Place().Page {
			t.want(len(a.Missing) == 0 && a.Blocked == "", "with all of them nothing is missing")
		}
	}
	refused := ""
	_, all = t.offered("messenger", "facebook", promise.Grant{Without: []string{"pages_messaging"}})
	for _, a := range all {
		if a.OutsideID == t.w.Place().Page {
			refused = a.Blocked
			t.want(slices.Contains(a.Missing, "pages_messaging"), "the one that was taken out is named")
		}
	}
	t.want(refused != "", "and what needs it is off, with the reason")
}

// accountType connects the Instagram account by the sign-in of Instagram, which
// tells the kind; the one of Facebook does not.
func accountType(t *trial) {
	kind := func() string {
		of, _ := t.account("instagram")["account_type"].(string)
		return of
	}
	t.want(kind() == "", "where the provider does not tell the kind none is made up")
	t.after(func() { t.connects("instagram", "facebook", promise.Grant{}) })
	t.connects("instagram", "instagram", promise.Grant{})
	t.want(kind() == "BUSINESS", "where it does the kind is held and shown")
}

// connects brings in what a sign-in opens.
func (t *trial) connects(kind, way string, g promise.Grant) {
	id, all := t.offered(kind, way, g)
	var ticked []map[string]string
	for _, a := range all {
		if a.Kind == kind && a.Blocked == "" {
			ticked = append(ticked, map[string]string{"kind": a.Kind, "outside_id": a.OutsideID})
		}
	}
	t.want(len(ticked) > 0, "there is something to connect")
	var done struct{ Items []struct{ Code, Text string } }
	t.owner(http.MethodPost, "/api/v1/channels/connect/confirm", map[string]any{"offer_id": id, "accounts": ticked}, &done)
	t.want(len(done.Items) > 0 && done.Items[0].Code == "", "it is connected")
	t.settle()
}

func widgetForChat(t *trial) {
	word, place := canary(), canary()
	v, _ := t.frame(t.w.Place().Widget, t.w.Place().Shop, "en")
	v.consent = "granted"
	v.opens(map[string]any{"page_url": t.w.Place().Shop + "/" + place, "referrer": "https://search.example/"})
	before := len(t.left("models", ""))
	t.withModel(func() { v.says(asked + " (" + word + ")") })
	seen := t.visitOf(word)
	t.want(seen != nil && strings.Contains(seen.PageURL, place), "the chat shows its business where the visitor was")
	t.want(len(t.left("models", "")) > before, "a model was asked meanwhile")
	t.want(len(t.left("", place)) == 0, "where the visitor was left to nobody")
	_, hits := t.atRest(place)
	t.want(hits == 0, "it is readable in no file")
	for _, path := range []string{"/api/v1/ai/numbers", "/api/v1/usage", "/api/v1/conversations?limit=50"} {
		for _, other := range []bool{true, false} {
			a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner", Other: other}, Method: http.MethodGet, Path: path})
			t.must(err)
			t.want(a.Status == http.StatusOK && !strings.Contains(string(a.Body), place), "no list, count or other business holds it")
		}
	}
	t.seen = slices.Compact(t.seen)
}

// extraChat adds a chat beside the workspace's own, and gives its id and its key.
func (t *trial) extraChat() (id, key string) {
	var made struct {
		ID, Snippet string
		Settings    map[string]any
	}
	t.owner(http.MethodPost, "/api/v1/channels", map[string]any{"kind": "widget", "name": "Brief " + canary()[:10]}, &made)
	if t.err != nil {
		return "", ""
	}
	_, key, _ = strings.Cut(made.Snippet, `data-key="`)
	key, _, _ = strings.Cut(key, `"`)
	made.Settings["domains"] = []string{t.w.Place().Shop}
	t.owner(http.MethodPatch, "/api/v1/channels/"+made.ID, map[string]any{"settings": made.Settings}, nil)
	return made.ID, key
}

func removedChatKeeps(t *trial) {
	id, key := t.extraChat()
	v, _ := t.frame(key, t.w.Place().Shop, "en")
	v.consent = "granted"
	v.opens(nil)
	word := canary()
	v.says(word)
	c := t.talkOf(word)
	t.owner(http.MethodDelete, "/api/v1/channels/"+id, nil, nil)
	t.settle()
	_, status := t.frame(key, t.w.Place().Shop, "en")
	t.want(status >= 400, "a chat that was removed does not open any more")
	kept := t.lines(c.ID)
	t.want(slices.ContainsFunc(kept, func(l line) bool { return strings.Contains(l.Body, word) }), "what was written in it is there")
}

func storageFunctional(t *trial) {
	said := t.words("/cookies")
	t.want(strings.Contains(said, "local storage of a website with the chat, only after consent") && strings.Contains(said, "lets a visitor find their chat again"), "the list says what the chat's entry is for, and that it waits for consent")
	t.want(strings.Contains(t.words("/privacy"), "That entry counts as functional"), "and that it counts as functional")
	v, _ := t.frame(t.w.Place().Widget, t.w.Place().Shop, "en")
	v.consent = "refused"
	first := v.opens(nil)
	t.want(v.cookies == 0, "the chat sets no cookie")
	word := canary()
	v.says(word)
	again := v.opens(map[string]any{"token": first.Token})
	t.want(slices.ContainsFunc(again.Messages, func(m struct {
		ID, Body  string
		Direction string
		Author    struct{ Kind, Name string }
		AI        *struct{ Label bool }
	}) bool {
		return strings.Contains(m.Body, word)
	}), "what it holds opens the chat again, and nothing else")
}
