package checks

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// visitorChecks write in the chat of a website as its frame does.
func visitorChecks() []entry {
	return []entry{
		{"website-chat", websiteChat},
		{"widget-messages", widgetMessages},
		{"widget-session-number", sessionNumber},
		{"no-shared-numbers", noSharedNumbers},
		{"widget-settings", widgetSettings},
		{"allowed-websites-only", allowedWebsites},
		{"widget-takes-no-more", takesNoMore},
		{"name-and-address-if-given", nameIfGiven},
		{"visitor-comes-back", comesBack},
		{"visitor-browser", visitFact("browser", func(v visit) string { return v.Browser }, "Firefox")},
		{"visitor-system", visitFact("system", func(v visit) string { return v.OS }, "Windows")},
		{"visitor-device", visitFact("device", func(v visit) string { return v.Device }, "desktop")},
		{"visitor-pages", visitPages},
		{"visit-times", visitTimes},
		{"visitor-language", visitorLanguage},
		{"chat-names-business", chatNamesBusiness},
		{"notice-for-visitors", noticeForVisitors},
		{"widget-roles", widgetRoles},
		{"ground-visitors", groundVisitors},
		{"business-decides", businessDecides},
		{"covers-channels", coversChannels},
		{"chat-says-ai", chatSaysAI},
	}
}

// visitor is somebody's browser with the chat of a website open.
type visitor struct {
	t       *trial
	key     string
	agent   string
	consent string
	token   string
	Boot    struct {
		BootToken  string `json:"boot_token"`
		Name       string
		Locale     string
		Colour     string `json:"brand_colour"`
		Consent    string
		EraseAfter int    `json:"erase_after_hours"`
		AskName    bool   `json:"ask_name"`
		PrivacyURL string `json:"privacy_url"`
	}
	cookies int
}

const windowsFirefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"

// frame loads the chat's page as it stands on a website.
func (t *trial) frame(key, website, language string) (v *visitor, status int) {
	v = &visitor{t: t, key: key, agent: windowsFirefox}
	if t.err != nil {
		return v, 0
	}
	a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodGet, Path: "/w/" + key, Header: http.Header{"Referer": {website + "/"}, "Accept-Language": {language}}})
	t.must(err)
	v.cookies += len(a.Header.Values("Set-Cookie"))
	_, rest, _ := strings.Cut(string(a.Body), `id="boot"`)
	_, rest, _ = strings.Cut(rest, ">")
	text, _, _ := strings.Cut(rest, "</script>")
	_ = json.Unmarshal([]byte(text), &v.Boot) // a refusal has none
	return v, a.Status
}

func (v *visitor) ask(method, path string, body map[string]any, out any) (status int) {
	if v.t.err != nil {
		return 0
	}
	raw, err := json.Marshal(body)
	v.t.must(err)
	h := http.Header{"Origin": {v.t.w.Place().URL}, "Sec-Fetch-Site": {"same-origin"}, "User-Agent": {v.agent}, "Content-Type": {"application/json"}}
	if v.token != "" {
		h.Set("Authorization", "Widget "+v.token)
	}
	a, err := v.t.w.HTTP(v.t.ctx, promise.Ask{Method: method, Path: "/api/v1/widget/" + v.key + path, Body: raw, Header: h})
	v.t.must(err)
	v.cookies += len(a.Header.Values("Set-Cookie"))
	if out != nil && a.Status < 300 {
		v.t.must(json.Unmarshal(a.Body, out))
	}
	return a.Status
}

type chat struct {
	Token    string
	Visitor  struct{ Known bool }
	Messages []struct {
		ID, Body  string
		Direction string
		Author    struct{ Kind, Name string }
		AI        *struct{ Label bool }
	}
}

// opens begins or continues a visit.
func (v *visitor) opens(more map[string]any) (c chat) {
	body := map[string]any{"boot_token": v.Boot.BootToken, "consent": v.consent, "locale": "en"}
	for k, one := range more {
		body[k] = one
	}
	status := v.ask(http.MethodPost, "/session", body, &c)
	v.t.want(status == http.StatusOK, "the chat opens")
	v.token = c.Token
	return c
}

// visits opens the chat of the canary workspace on its website.
func (t *trial) visits(consent string) *visitor {
	v, status := t.frame(t.w.Place().Widget, t.w.Place().Shop, "en")
	t.want(status == http.StatusOK, "the website shows the chat")
	v.consent = consent
	v.opens(map[string]any{"page_url": t.w.Place().Shop + "/lamps", "referrer": "https://search.example/"})
	return v
}

func (v *visitor) says(text string) {
	status := v.ask(http.MethodPost, "/messages", map[string]any{"body": text, "client_id": canary()[:20]}, nil)
	v.t.want(status < 300, "the visitor's message is taken")
	v.t.settle()
}

type visit struct {
	Browser, OS, Device, Referrer, Locale string
	PageURL                               string    `json:"page_url"`
	StartedAt                             time.Time `json:"started_at"`
	LastSeenAt                            time.Time `json:"last_seen_at"`
}

// seen is what the business sees of the visit in which a word was written.
func (t *trial) visitOf(word string) (v *visit) {
	var c struct{ Session *visit }
	t.owner(http.MethodGet, "/api/v1/contacts/"+t.talkOf(word).Contact.ID, nil, &c)
	return c.Session
}

func websiteChat(t *trial) {
	id, _ := t.chatAccount()
	var chat struct{ Snippet string }
	t.owner(http.MethodGet, "/api/v1/channels/"+id, nil, &chat)
	t.want(strings.Count(chat.Snippet, "\n") == 0 && strings.HasPrefix(chat.Snippet, "<script") && strings.Contains(chat.Snippet, t.w.Place().Widget), "one line of HTML names the chat")
	word := canary()
	t.visits("unknown").says("Hello " + word)
	t.want(t.talkOf(word).Account.ID == id, "what is written there is in the inbox")
	a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodGet, Path: "/api/v1/widget/" + t.w.Place().Widget + "/config", Header: http.Header{"Origin": {t.w.Place().Shop}}})
	t.must(err)
	t.want(a.Status == http.StatusOK && a.Header.Get("Access-Control-Allow-Origin") == t.w.Place().Shop, "the website may read how the chat looks")
}

func widgetMessages(t *trial) {
	v, word, answer := t.visits("unknown"), canary(), canary()
	v.says("I ask " + word)
	c := t.talkOf(word)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "We answer " + answer}, nil)
	t.settle()
	again := v.opens(map[string]any{"token": v.token})
	n := 0
	for _, m := range again.Messages {
		if strings.Contains(m.Body, word) || strings.Contains(m.Body, answer) {
			n++
		}
	}
	t.want(n == 2, "the visitor's words are held, and the answer reaches them")
}

func sessionNumber(t *trial) {
	one, two := t.visits("granted"), t.visits("granted")
	t.want(one.token != two.token && len(one.token) > 40, "each visit has a key of its own")
	word := canary()
	one.says("Mine " + word)
	thief := *two
	thief.token = one.token[:max(0, len(one.token)-6)] + "AAAAAA"
	t.want(thief.ask(http.MethodPost, "/messages", map[string]any{"body": "x", "client_id": "abcdefgh"}, nil) == http.StatusUnauthorized, "one that was guessed opens nothing")
	foreign := t.otherChat()
	foreign.token = one.token
	t.want(foreign.ask(http.MethodPost, "/messages", map[string]any{"body": "x", "client_id": "abcdefgh"}, nil) == http.StatusUnauthorized, "in another business's chat it means nothing")
	t.want(one.ask(http.MethodPost, "/messages", map[string]any{"body": "x", "client_id": "abcdefgh"}, nil) < 300, "in its own it opens the chat")
}

// otherChat is the chat of a second business, on the same website.
func (t *trial) otherChat() *visitor {
	var made struct {
		ID, Snippet string
		Settings    map[string]any
	}
	other := promise.As{Role: "owner", Other: true}
	status := t.as(other, http.MethodPost, "/api/v1/channels", map[string]any{"kind": "widget", "name": "Other " + canary()[:10]}, &made)
	t.want(status == http.StatusCreated, "a second business has a chat, too")
	if t.err != nil {
		return &visitor{t: t}
	}
	_, key, _ := strings.Cut(made.Snippet, `data-key="`)
	key, _, _ = strings.Cut(key, `"`)
	made.Settings["domains"] = []string{t.w.Place().Shop}
	t.want(t.as(other, http.MethodPatch, "/api/v1/channels/"+made.ID, map[string]any{"settings": made.Settings}, nil) == http.StatusOK, "on the same website")
	v, _ := t.frame(key, t.w.Place().Shop, "en")
	v.consent = "granted"
	v.opens(nil)
	return v
}

// noSharedNumbers: one browser at two businesses that share a website.
func noSharedNumbers(t *trial) {
	word := canary()
	v := t.visits("granted")
	v.says("One visitor " + word)
	other := t.otherChat()
	foreign := other.token
	var twice []string // whom the business sees who comes with the first one's key
	for range 2 {
		var c chat
		status := other.ask(http.MethodPost, "/session", map[string]any{"boot_token": other.Boot.BootToken, "consent": "granted", "token": v.token}, &c)
		t.want(status < 300 && c.Token != "" && c.Token != v.token, "who comes with the key of one chat to the other's is given another")
		stray := *other
		stray.token = c.Token
		stray.says("With a foreign key " + word)
		var last struct {
			Items []struct{ Contact struct{ ID string } }
		}
		t.as(promise.As{Role: "owner", Other: true}, http.MethodGet, "/api/v1/conversations?limit=1", nil, &last)
		if len(last.Items) == 1 {
			twice = append(twice, last.Items[0].Contact.ID)
		}
	}
	t.want(len(twice) == 2 && twice[0] != twice[1], "nobody is known there again by the key of the first chat")
	other.says("The same visitor " + word)
	var list struct {
		Items []struct{ ID string }
	}
	t.want(t.as(promise.As{Role: "owner", Other: true}, http.MethodGet, "/api/v1/contacts?limit=100", nil, &list) == http.StatusOK, "the second business lists its contacts")
	mine := t.talkOf(word).Contact.ID
	t.want(mine != "" && len(list.Items) > 0 && !slices.ContainsFunc(list.Items, func(c struct{ ID string }) bool { return c.ID == mine }), "the visitor has another number there")
	for _, token := range []string{v.token, foreign} {
		_, hits := t.atRest(token)
		t.want(hits == 0, "the key in the browser is at rest nowhere")
	}
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner", Other: true}, Method: http.MethodGet, Path: "/api/v1/contacts/" + mine})
	t.must(err)
	t.want(a.Status == http.StatusNotFound, "the first one's number finds nothing at the second")
}
