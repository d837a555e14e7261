package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

func TestMessagesPageBackwardsWithoutGapOrRepeat(t *testing.T) {
	t.Parallel()
	w := one(t)
	for i := range 24 {
		w.note(t, fmt.Sprint("note ", i))
	}
	var seqs []int64
	for cursor := ""; ; {
		var p api.Page[api.Message]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/conversations/" + w.a.conversation.String() + "/messages?limit=7&cursor=" + cursor, cookie: w.a.cookie}).into(t, &p)
		for _, m := range p.Items {
			seqs = append(seqs, m.Seq)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	for i, s := range seqs {
		if s != int64(25-i) {
			t.Fatalf("%v", seqs)
		}
	}
	if len(seqs) != 25 {
		t.Fatalf("%d messages", len(seqs))
	}
}

func TestConversationsPageByActivity(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := w.DB.In(w.a.ws.ID)
		for range 11 {
			w.Fake.Advance(time.Minute)
			must(t, h.Write(t.Context(), func(tx *store.Tx) error {
				row := store.Row{Conversation: desk.Conversation{ID: tx.NewID(), Contact: w.a.contact, Account: w.a.channel, State: desk.Open,
					Owner: desk.Owner{Kind: desk.OwnedByNobody}, LastAt: tx.Now(), CreatedAt: tx.Now()}}
				return tx.InsertConversation(row.Conversation)
			}))
		}
		seen, last := 0, time.Time{}
		for cursor := ""; ; {
			var p struct {
				Items []struct {
					ID        string    `json:"id"`
					UpdatedAt time.Time `json:"updated_at"`
				} `json:"items"`
				Next string `json:"next"`
			}
			w.want(t, 200, ask{method: "GET", path: "/api/v1/conversations?view=all&limit=5&cursor=" + cursor, cookie: w.a.cookie}).into(t, &p)
			for _, c := range p.Items {
				if !last.IsZero() && c.UpdatedAt.After(last) {
					t.Fatal("not newest first")
				}
				last = c.UpdatedAt
				seen++
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
		if seen != 12 {
			t.Fatalf("%d of 12", seen)
		}
		var n api.Counts
		w.want(t, 200, ask{method: "GET", path: "/api/v1/conversations/counts", cookie: w.a.cookie}).into(t, &n)
		if n.Unassigned != 11 || n.AI != 1 || n.NeedsYou != 1 {
			t.Fatalf("%+v", n)
		}
	})
}

func TestActsAnswerWithTheConversationAsItIsNow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		act := func(method, path, body string) api.Conversation {
			var c api.Conversation
			w.want(t, 200, ask{method: method, path: "/api/v1/conversations/" + w.a.conversation.String() + "/" + path, body: body, cookie: w.a.cookie}).into(t, &c)
			return c
		}
		if c := act("POST", "take-over", ""); c.Owner.Kind != "member" || c.Owner.ID != w.a.owner.ID || c.Owner.Name != w.a.owner.Name {
			t.Fatalf("%+v", c.Owner)
		}
		if c := act("POST", "hand-back", ""); c.Owner.Kind != "ai" {
			t.Fatalf("%+v", c.Owner)
		}
		if c := act("POST", "ai", `{"mode":"off","paused":true}`); c.Mode != "off" || !c.Paused {
			t.Fatalf("%s %v", c.Mode, c.Paused)
		}
		if c := act("POST", "assign", `{"member_id":"`+w.a.agent.String()+`"}`); c.Owner.ID != w.a.agent {
			t.Fatalf("%+v", c.Owner)
		}
		if c := act("POST", "assign", `{"member_id":""}`); c.Owner.Kind != "nobody" {
			t.Fatalf("%+v", c.Owner)
		}
		if c := act("POST", "snooze", `{"until":"2026-11-25T12:00:00Z"}`); c.State != "snoozed" || time.Time(c.SnoozedUntil).Day() != 25 {
			t.Fatalf("%s", c.State)
		}
		if c := act("POST", "close", ""); c.State != "closed" || len(c.Needs) != 0 {
			t.Fatalf("%s %v", c.State, c.Needs)
		}
		if c := act("POST", "reopen", ""); c.State != "open" {
			t.Fatalf("%s", c.State)
		}
		if c := act("PUT", "labels", `{"labels":["vip","vip"," "]}`); len(c.Labels) != 1 {
			t.Fatalf("%v", c.Labels)
		}
		if c := act("POST", "read", `{"message_id":"`+w.a.message.String()+`"}`); c.Unread != 0 {
			t.Fatalf("%d unread", c.Unread)
		}
		var drafts api.Page[api.Draft]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/conversations/" + w.a.conversation.String() + "/drafts", cookie: w.a.cookie}).into(t, &drafts)
		if len(drafts.Items) != 0 {
			t.Fatal("a take-over left the draft")
		}
	})
}

func TestADraftIsSentOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		send := ask{method: "POST", path: "/api/v1/conversations/" + w.a.conversation.String() + "/drafts/" + w.a.draft.String() + "/send", body: `{}`,
			cookie: w.a.cookie, header: map[string]string{"Idempotency-Key": "d1"}}
		var first, again api.Message
		w.want(t, 201, send).into(t, &first)
		if first.Author.Kind != "ai" || first.Body != w.a.canary+" draft" {
			t.Fatalf("%+v", first.Author)
		}
		w.want(t, 201, send).into(t, &again)
		if first.ID != again.ID {
			t.Fatal("sent twice")
		}
		send.header["Idempotency-Key"] = "d2"
		w.want(t, 404, send)
	})
}

func TestContactsAreFoundCorrectedAndFoundAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
			return tx.SetContactTerms(w.a.contact, text.Prefixes(w.a.canary))
		}))
		find := func(q string) int {
			var p api.Page[api.Contact]
			w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts?q=" + q, cookie: w.a.cookie}).into(t, &p)
			return len(p.Items)
		}
		if find("cana") != 1 || find("sela") != 0 {
			t.Fatal("the look-up is wrong")
		}
		var c api.Contact
		w.want(t, 200, ask{method: "PATCH", path: "/api/v1/contacts/" + w.a.contact.String(), body: `{"name":"Şelale","email":"S@Example.com"}`, cookie: w.a.cookie}).into(t, &c)
		if c.Name != "Şelale" || c.Email != "s@example.com" || len(c.Conversations) != 1 || len(c.Identities) != 1 {
			t.Fatalf("%+v", c)
		}
		if find("sela") != 1 || find("cana") != 0 {
			t.Fatal("the new name is not found, or the old one still is")
		}
	})
}

func TestAWebsiteChatIsAddedChangedAndRemoved(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var c api.Channel
		w.want(t, 201, ask{method: "POST", path: "/api/v1/channels", body: `{"kind":"widget","name":"Shop"}`, cookie: w.a.cookie}).into(t, &c)
		var set struct {
			Key     string   `json:"key"`
			Domains []string `json:"domains"`
		}
		must(t, json.Unmarshal(c.Settings, &set))
		if len(set.Key) < 20 || !strings.Contains(c.Snippet, set.Key) || !strings.Contains(c.Snippet, "http://parley.test/widget.js") {
			t.Fatalf("%s %s", c.Snippet, c.Settings)
		}
		path := "/api/v1/channels/" + c.ID.String()
		before := w.epoch(t)
		w.want(t, 200, ask{method: "PATCH", path: path, body: `{"name":"Store","mode":"off","settings":{"domains":["https://a.example"],"key":"mine"}}`, cookie: w.a.cookie}).into(t, &c)
		must(t, json.Unmarshal(c.Settings, &set))
		if c.Name != "Store" || c.Mode != "off" || len(set.Domains) != 1 || set.Key == "mine" || !strings.Contains(string(c.Settings), "#123456") {
			t.Fatalf("%+v", c)
		}
		if w.epoch(t) == before {
			t.Fatal("an AI message that waits would pass under the old rule")
		}
		w.want(t, 422, ask{method: "PATCH", path: path, body: `{"settings":{"nonsense":1}}`, cookie: w.a.cookie})
		w.want(t, 422, ask{method: "POST", path: "/api/v1/channels", body: `{"kind":"fax","name":"x"}`, cookie: w.a.cookie})
		w.want(t, 204, ask{method: "DELETE", path: path, cookie: w.a.cookie})
		w.want(t, 404, ask{method: "GET", path: path, cookie: w.a.cookie})
	})
}

func (w *world) epoch(t *testing.T) (n int64) {
	t.Helper()
	must(t, w.DB.In(w.a.ws.ID).Read(t.Context(), func(r *store.Rx) error {
		ws, err := r.Settings()
		n = ws.AIEpoch
		return err
	}))
	return n
}

func TestTheWorkspaceIsPausedForTheAIAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := w.epoch(t)
		var ws api.Workspace
		w.want(t, 200, ask{method: "PATCH", path: "/api/v1/workspace", body: `{"paused":true,"burst_ms":1500,"languages":["en","tr"]}`, cookie: w.a.cookie}).into(t, &ws)
		if !ws.Paused || ws.BurstMS != 1500 || len(ws.Languages) != 2 || w.epoch(t) == before {
			t.Fatalf("%+v", ws)
		}
		w.want(t, 200, ask{method: "GET", path: "/api/v1/workspace", cookie: w.a.cookie}).into(t, &ws)
		if !ws.Paused {
			t.Fatal("not paused")
		}
	})
}

func TestAKeysTokenIsShownOnce(t *testing.T) {
	t.Parallel()
	w := one(t)
	var k api.Key
	w.want(t, 201, ask{method: "POST", path: "/api/v1/keys", body: `{"name":"till","role":"agent"}`, cookie: w.a.cookie}).into(t, &k)
	w.want(t, 200, ask{method: "GET", path: "/api/v1/conversations", key: k.Token})
	if g := w.want(t, 200, ask{method: "GET", path: "/api/v1/keys", cookie: w.a.cookie}); strings.Contains(g.body, k.Token) || !strings.Contains(g.body, `"till"`) {
		t.Fatal(g.body)
	}
	w.want(t, 204, ask{method: "DELETE", path: "/api/v1/keys/" + k.ID.String(), cookie: w.a.cookie})
	w.want(t, 401, ask{method: "GET", path: "/api/v1/conversations", key: k.Token})
}

func TestKnowledgeIsTakenInAsPairsTextAndFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := "/api/v1/knowledge/sources"
		var made api.Added
		w.want(t, 201, ask{method: "POST", path: path, body: `{"kind":"faq","name":"FAQ","pairs":[{"question":"When?","answer":"At nine."}]}`, cookie: w.a.cookie}).into(t, &made)
		if made.State != "queued" || made.ID == 0 {
			t.Fatalf("%+v", made)
		}
		form, kind := multipartBody("guide.md", "# Returns\n\nWithin 30 days.")
		w.want(t, 201, ask{method: "POST", path: path, body: form, cookie: w.a.cookie, header: map[string]string{"Content-Type": kind}}).into(t, &made)
		var s api.Source
		w.want(t, 200, ask{method: "GET", path: path + "/" + made.ID.String(), cookie: w.a.cookie}).into(t, &s)
		if s.Kind != "markdown" || s.Name != "guide.md" || s.Bytes == 0 {
			t.Fatalf("%+v", s)
		}
		w.want(t, 200, ask{method: "PATCH", path: path + "/" + made.ID.String(), body: `{"name":"Guide"}`, cookie: w.a.cookie}).into(t, &s)
		if s.Name != "Guide" {
			t.Fatalf("%+v", s)
		}
		var list api.Page[api.Source]
		w.want(t, 200, ask{method: "GET", path: path + "?limit=2", cookie: w.a.cookie}).into(t, &list)
		if len(list.Items) != 2 || list.Next == "" {
			t.Fatalf("%d, %q", len(list.Items), list.Next)
		}
		w.want(t, 204, ask{method: "DELETE", path: path + "/" + made.ID.String(), cookie: w.a.cookie})
		w.want(t, 404, ask{method: "GET", path: path + "/" + made.ID.String(), cookie: w.a.cookie})
		var a api.Answer
		w.want(t, 200, ask{method: "POST", path: "/api/v1/answers", body: `{"question":"What is the capital of Peru?"}`, cookie: w.a.cookie}).into(t, &a)
		if a.Decision != "hand_over" || a.Passages == nil || a.Checks == nil {
			t.Fatalf("%+v", a)
		}
	})
}

func TestWhatIsChangedIsOnRecord(t *testing.T) {
	t.Parallel()
	w := one(t)
	w.want(t, 200, ask{method: "PATCH", path: "/api/v1/workspace", body: `{"burst_ms":100}`, cookie: w.a.cookie})
	w.want(t, 200, ask{method: "PATCH", path: "/api/v1/contacts/" + w.a.contact.String(), body: `{"name":"N"}`, cookie: w.a.cookie})
	w.want(t, 200, ask{method: "PATCH", path: "/api/v1/channels/" + w.a.channel.String(), body: `{"name":"N"}`, cookie: w.a.cookie})
	var seen []string
	for cursor := ""; ; {
		var p api.Page[api.AuditEntry]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/audit?limit=2&cursor=" + cursor, cookie: w.a.cookie}).into(t, &p)
		for _, e := range p.Items {
			seen = append(seen, e.Action)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	if strings.Join(seen, " ") != "channel.change contact.change workspace.change incident.begin case.open lab.begin lab.test_add saved_reply.add source.add key.add session.begin member.add member.add" {
		t.Fatalf("%v", seen)
	}
}
