package checks

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

func channelChecks() []entry {
	return []entry{
		{"instagram-both-ways", bothWays("instagram")},
		{"whatsapp-both-ways", bothWays("whatsapp")},
		{"whatsapp-sends", bothWays("whatsapp")},
		{"messages-held", messagesHeld},
		{"page-id-held", held("messenger")},
		{"instagram-id-held", held("instagram")},
		{"phone-id-held", held("whatsapp")},
		{"tokens-sealed", tokensSealed},
		{"unknown-accounts-dropped", unknownDropped},
		{"participant-ids", idsSealed},
		{"official-ways-only", officialWays},
		{"meta-gets-messages-only", metaGetsMessages},
		{"no-mass-mailing", noMassMailing},
		{"person-began", personBegan},
	}
}

// bothWays: what a customer writes is in the inbox, and what a member answers is
// at the provider, once.
func bothWays(channel string) func(t *trial) {
	return func(t *trial) {
		in, out := canary(), canary()
		t.says(channel, "Both Ways", "Hello "+in)
		c := t.talkOf(in)
		t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "Answer " + out}, nil)
		t.settle()
		t.want(len(t.left("meta", out)) == 1, "the answer of a member reached Meta once over %s", channel)
		n := 0
		for _, l := range t.lines(c.ID) {
			if strings.Contains(l.Body, in) || strings.Contains(l.Body, out) {
				n++
			}
		}
		t.want(n == 2, "question and answer stand in the inbox, each once")
	}
}

func messagesHeld(t *trial) {
	for _, channel := range []string{"messenger", "instagram", "whatsapp"} {
		word := canary()
		t.says(channel, "Held Person", word)
		c := t.talkOf(word)
		n := 0
		for _, l := range t.lines(c.ID) {
			if l.Body == word {
				n++
			}
		}
		t.want(n == 1, "a message over %s is held once", channel)
		files, hits := t.atRest(word)
		t.want(files > 3 && hits == 0, "it stands readable in no file at rest")
	}
}

type channelShown struct {
	ID, Kind, Name, State string
	Details               json.RawMessage
}

func (t *trial) channels() []channelShown {
	var list struct{ Items []channelShown }
	t.owner(http.MethodGet, "/api/v1/channels", nil, &list)
	return list.Items
}

// held: the number by which the provider knows the account is there.
func held(kind string) func(t *trial) {
	return func(t *trial) {
		place := t.w.Place()
		want := map[string]string{"messenger": place.Page, "instagram": place.Instagram, "whatsapp": place.Number}[kind]
		ok := slices.ContainsFunc(t.channels(), func(c channelShown) bool {
			return c.Kind == kind && strings.Contains(string(c.Details), `"`+want+`"`)
		})
		t.want(want != "" && ok, "the %s account is shown with its number at Meta", kind)
	}
}

// tokens are the access tokens that went to Meta.
func (t *trial) tokens() []string {
	var all []string
	for _, c := range t.left("meta", "") {
		if token, ok := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer "); ok && !slices.Contains(all, token) {
			all = append(all, token)
		}
	}
	t.want(len(all) > 0, "tokens are in use")
	return all
}

func tokensSealed(t *trial) {
	t.says("messenger", "Token Person", canary())
	for _, token := range t.tokens() {
		files, hits := t.atRest(token)
		t.want(files > 3 && hits == 0, "a token in use stands readable in no file at rest")
	}
}

func tokensToMetaOnly(t *trial) {
	tokens := t.tokens()
	t.want(len(t.left("models", "")) > 0, "models were called, too")
	for _, c := range t.left("", "") {
		if c.Rule == "meta" {
			continue
		}
		raw, err := json.Marshal(c.Header)
		t.must(err)
		for _, token := range tokens {
			t.want(!strings.Contains(string(raw)+string(c.Body)+c.Path, token), "a call to %s holds no token of Meta", c.Rule)
		}
	}
	var list json.RawMessage
	t.owner(http.MethodGet, "/api/v1/channels", nil, &list)
	for _, token := range tokens {
		t.want(!strings.Contains(string(list), token), "no answer of the API shows a token")
	}
}

// delivery is a page's message as Meta delivers it (reference 3.1).
func delivery(page, from, mid, text string) []byte {
	return deliveryAt(time.UnixMilli(1767225600000), page, from, mid, text)
}

func deliveryAt(at time.Time, page, from, mid, text string) []byte {
	raw, _ := json.Marshal(map[string]any{"object": "page", "entry": []any{map[string]any{"id": page, "time": at.UnixMilli(),
		"messaging": []any{map[string]any{"sender": map[string]string{"id": from}, "recipient": map[string]string{"id": page}, "timestamp": at.UnixMilli(),
			"message": map[string]string{"mid": mid, "text": text}}}}}})
	return raw
}

func unknownDropped(t *trial) {
	word := canary()
	a, err := t.w.Webhook(t.ctx, "meta", delivery("999000999000999", "888000888", "m_"+word, word))
	t.must(err)
	t.want(a.Status == http.StatusOK, "a delivery for an account that nobody connected is answered with 200")
	t.settle()
	_, hits := t.atRest(word)
	t.want(hits == 0, "nothing of it is at rest")
}

func idsSealed(t *trial) {
	word := canary()
	_, err := t.w.Webhook(t.ctx, "meta", delivery(t.w.Place().Page, "6660"+word, "m_"+word, "hello "+word))
	t.must(err)
	t.settle()
	t.talkOf(word)
	_, hits := t.atRest("6660" + word)
	t.want(hits == 0, "the number by which Meta knows a person stands readable in no file at rest")
}

func officialWays(t *trial) {
	versions := map[string]bool{}
	for _, c := range t.left("meta", "") {
		t.want(strings.HasPrefix(c.Host, "graph.") || strings.HasPrefix(c.Host, "api.") || strings.Contains(c.Host, "fbcdn") || strings.Contains(c.Host, "lookaside"),
			"a call went to %s", c.Host)
		if version, _, ok := strings.Cut(strings.TrimPrefix(c.Path, "/"), "/"); ok && strings.HasPrefix(version, "v") {
			versions[version] = true
		}
	}
	t.want(len(versions) == 1, "%d version of the interface is used", len(versions))
}

// metaGetsMessages: a send holds who gets it, the text, and what the interface
// itself wants; nothing else that the program knows of the person.
func metaGetsMessages(t *trial) {
	in, out, note := canary(), canary(), canary()
	t.says("messenger", "Meta Only", in)
	c := t.talkOf(in)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": note, "kind": "note"}, nil)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": out}, nil)
	t.settle()
	sent := t.left("meta", out)
	t.want(len(sent) == 1, "the answer went to Meta once")
	if t.err != nil {
		return
	}
	t.want(!strings.Contains(string(sent[0].Body), in) && len(t.left("", note)) == 0, "neither their question nor a note of a member went along")
	t.want(!strings.Contains(string(sent[0].Body), c.ID) && !strings.Contains(string(sent[0].Body), t.w.Place().Workspace), "no number of ours went along")
}

// operations are the paths of the API by method.
func (t *trial) operations() map[string][]string {
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	a := t.page("/api/openapi.json")
	if t.err == nil {
		t.must(json.Unmarshal(a.Body, &doc))
	}
	all := map[string][]string{}
	for path, by := range doc.Paths {
		for method := range by {
			all[method] = append(all[method], path)
		}
	}
	return all
}

func noMassMailing(t *trial) {
	ops := t.operations()
	t.want(len(ops["post"]) > 30, "the API is described")
	for _, path := range ops["post"] {
		lower := strings.ToLower(path)
		for _, word := range []string{"broadcast", "campaign", "bulk-send", "newsletter", "blast"} {
			t.want(!strings.Contains(lower, word), "%s does not send to many", path)
		}
	}
	t.seen = t.seen[:min(len(t.seen), 4)]
	var many, one struct{ Items []talk }
	t.owner(http.MethodGet, "/api/v1/conversations?limit=2", nil, &many)
	if len(many.Items) < 2 || t.err != nil {
		t.want(false, "there are two conversations")
		return
	}
	status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/conversations/"+many.Items[0].ID+","+many.Items[1].ID+"/messages", map[string]any{"body": "x"}, &one)
	t.want(status >= 400, "a send names one conversation, and two are refused with %d", status)
}

func personBegan(t *trial) {
	ops := t.operations()
	t.want(!slices.Contains(ops["post"], "/api/v1/conversations") && !slices.Contains(ops["post"], "/api/v1/messages"), "no operation begins a conversation")
	status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/conversations/123456789/messages", map[string]any{"body": "x"}, nil)
	t.want(status == http.StatusNotFound, "a message into a conversation that nobody began is refused with %d", status)
}
