package checks

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

func conversationChecks() []entry {
	return []entry{
		{"shared-inbox", sharedInbox},
		{"message-times", messageTimes},
		{"full-history", fullHistory},
		{"contact-names", contactNames},
		{"contact-by-keyed-hash", idsSealed},
		{"workspaces-apart", workspacesApart},
		{"sealed-at-rest", sealedAtRest},
		{"least-privilege", leastPrivilege},
	}
}

// found reports whether a search for a word shows the owner a conversation. New
// words are taken in together, a moment after they came.
func (t *trial) found(word string, c talk) bool {
	t.advance(2 * time.Second)
	var list struct{ Items []talk }
	t.owner(http.MethodGet, "/api/v1/conversations?q="+word, nil, &list)
	return slices.ContainsFunc(list.Items, func(one talk) bool { return one.ID == c.ID })
}

// sharedInbox does what the sentence names: search, assign, label and close.
func sharedInbox(t *trial) {
	word := canary()
	t.says("messenger", "Inbox Person", word)
	c := t.talkOf(word)
	for _, role := range []string{"owner", "admin", "agent"} {
		status := t.as(promise.As{Role: role}, http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages", nil, nil)
		t.want(status == http.StatusOK, "%s reads the conversation", role)
	}
	t.want(t.found(word, c), "a word of a message finds it")
	var members struct{ Items []struct{ ID string } }
	t.owner(http.MethodGet, "/api/v1/members", nil, &members)
	t.want(len(members.Items) > 0, "there is a member")
	if t.err != nil {
		return
	}
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/assign", map[string]any{"member_id": members.Items[0].ID}, nil)
	var held struct{ Owner struct{ Kind, ID string } }
	t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID, nil, &held)
	t.want(held.Owner.Kind == "member" && held.Owner.ID == members.Items[0].ID, "it is assigned to them")
	t.owner(http.MethodPut, "/api/v1/conversations/"+c.ID+"/labels", map[string]any{"labels": []string{"proof"}}, nil)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/close", nil, nil)
	var shown struct {
		State  string
		Labels []string
	}
	t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID, nil, &shown)
	t.want(shown.State == "closed" && slices.Contains(shown.Labels, "proof"), "it is labelled and closed")
}

func messageTimes(t *trial) {
	word := canary()
	t.says("messenger", "Times Person", word+" one")
	c := t.talkOf(word)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": word + " two"}, nil)
	t.settle()
	var list struct {
		Items []struct {
			Body, Direction string
			SentAt          *time.Time `json:"sent_at"`
			ReceivedAt      *time.Time `json:"received_at"`
		}
	}
	t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages?limit=100", nil, &list)
	n := 0
	for _, m := range list.Items {
		switch m.Body {
		case word + " one":
			t.want(m.ReceivedAt != nil, "a message that came has the time it came")
			n++
		case word + " two":
			t.want(m.SentAt != nil, "a message that left has the time it left")
			n++
		}
	}
	t.want(n == 2, "both stand in the conversation")
}

func fullHistory(t *trial) {
	word := canary()
	for range 30 {
		t.says("instagram", "Long Person "+word, word)
	}
	c := t.talkOf(word)
	seen, next := map[string]bool{}, ""
	for range 20 {
		var page struct {
			Items []line
			Next  string
		}
		t.owner(http.MethodGet, "/api/v1/conversations/"+c.ID+"/messages?limit=7&cursor="+next, nil, &page)
		for _, l := range page.Items {
			if l.Body == word {
				t.want(!seen[l.ID], "no line comes twice")
				seen[l.ID] = true
			}
		}
		if next = page.Next; next == "" {
			break
		}
	}
	t.seen = nil
	t.want(len(seen) == 30, "30 messages are read back by pages of seven, each once")
}

func contactNames(t *trial) {
	word := canary()
	name := "Name " + word
	t.says("messenger", name, "hello "+word)
	c := t.talkOf(word)
	t.settle()
	var shown struct{ Name string }
	t.owner(http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, &shown)
	t.want(shown.Name == name, "the contact is shown by their name")
	_, hits := t.atRest(word)
	t.want(hits == 0, "the name stands readable in no file at rest")
}

// workspacesApart asks for everything of one workspace with the keys of another.
func workspacesApart(t *trial) {
	word := canary()
	t.says("messenger", "Apart Person", word)
	c := t.talkOf(word)
	t.want(t.found(word, c), "its own owner finds the conversation by a word")
	for _, path := range []string{"/api/v1/conversations/" + c.ID, "/api/v1/conversations/" + c.ID + "/messages", "/api/v1/contacts/" + c.Contact.ID} {
		status := t.as(promise.As{Role: "owner", Other: true}, http.MethodGet, path, nil, nil)
		t.want(status == http.StatusNotFound, "another workspace's owner is answered 404")
	}
	for _, path := range []string{"/api/v1/conversations?limit=100", "/api/v1/conversations?q=" + word, "/api/v1/contacts?limit=100", "/api/v1/audit?limit=100", "/api/v1/events?after=0"} {
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner", Other: true}, Method: http.MethodGet, Path: path})
		t.must(err)
		t.want(a.Status == http.StatusOK && !strings.Contains(string(a.Body), word) && !strings.Contains(string(a.Body), c.ID),
			"its lists hold nothing of the first")
	}
	status := t.as(promise.As{Role: "owner", Other: true}, http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "x"}, nil)
	t.want(status == http.StatusNotFound, "it cannot write there")
}

func sealedAtRest(t *trial) {
	message, note, answer, fact := canary(), canary(), canary(), canary()
	t.says("messenger", "Sealed Person", message)
	c := t.talkOf(message)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": note, "kind": "note"}, nil)
	t.owner(http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": answer}, nil)
	t.owner(http.MethodPost, "/api/v1/knowledge/sources", map[string]any{"kind": "text", "name": "Facts", "text": "Our fact is " + fact + "."}, nil)
	t.settle()
	for what, word := range map[string]string{"a message": message, "a note": note, "an answer": answer, "knowledge": fact} {
		files, hits := t.atRest(word)
		t.want(files > 3 && hits == 0, "%s stands readable in none of the files at rest", what)
	}
	slices.Sort(t.seen)
}

// leastPrivilege tries what each role must not do.
func leastPrivilege(t *trial) {
	refused := map[string][]string{
		"agent":   {"GET /api/v1/audit", "POST /api/v1/keys", "POST /api/v1/channels", "PUT /api/v1/ai"},
		"analyst": {"GET /api/v1/conversations", "GET /api/v1/contacts", "GET /api/v1/audit", "POST /api/v1/keys", "PUT /api/v1/ai"},
		"billing": {"GET /api/v1/conversations", "GET /api/v1/contacts", "GET /api/v1/audit", "POST /api/v1/keys"},
		"privacy": {"POST /api/v1/keys", "POST /api/v1/channels", "PUT /api/v1/ai"},
	}
	roles := []string{"agent", "analyst", "billing", "privacy"}
	for _, role := range roles {
		for _, act := range refused[role] {
			method, path, _ := strings.Cut(act, " ")
			var body any
			if method != http.MethodGet {
				body = map[string]any{}
			}
			status := t.as(promise.As{Role: role}, method, path, body, nil)
			t.want(status == http.StatusForbidden, "%s is refused %s", role, act)
		}
	}
	for _, path := range []string{"/api/v1/conversations", "/api/v1/contacts", "/api/v1/audit", "/api/v1/keys", "/api/v1/channels"} {
		t.want(t.as(promise.As{}, http.MethodGet, path, nil, nil) == http.StatusUnauthorized, "nobody is refused %s", path)
	}
}
