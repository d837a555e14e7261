package checks

import (
	"net/http"
	"slices"
	"time"

	"parley/internal/promise"
)

// timeChecks move the clock by days: they run last.
func timeChecks() []entry {
	return []entry{
		{"reply-window", replyWindow},
		{"conversations-stay", conversationsStay},
		{"unanswered-comes-to-us", unansweredComesToUs},
	}
}

// unansweredComesToUs leaves one request alone and answers another.
func unansweredComesToUs(t *trial) {
	left, answered := t.opened("access", "gdpr"), t.opened("complaint", "gdpr")
	t.decide(answered, map[string]any{"decision": "answered", "text": "Done."})
	waits := func(k wholeCase) bool {
		var list struct{ Items []struct{ ID string } }
		t.operator(http.MethodGet, "/api/v1/instance/cases", nil, &list)
		return slices.ContainsFunc(list.Items, func(one struct{ ID string }) bool { return one.ID == k.ID })
	}
	t.want(!waits(left), "a new request is the business's own matter")
	t.advance(9 * 24 * time.Hour)
	t.want(!waits(left), "on the ninth day it still is")
	t.advance(25 * time.Hour)
	t.want(waits(left) && !waits(answered), "after ten days without an answer it is before who runs the install, and the answered one is not")
	t.want(t.as(promise.As{Role: "operator"}, http.MethodGet, "/api/v1/privacy/cases/"+left.ID, nil, nil) == http.StatusForbidden, "who still reads none of its words")
	t.decide(left, map[string]any{"decision": "refused", "reason": "excessive", "text": "Late, and not again."})
	t.want(!waits(left), "a decision takes it from there")
}

func replyWindow(t *trial) {
	word := canary()
	t.says("whatsapp", "Window "+word, word)
	c := t.talkOf(word)
	send := func() int {
		return t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": "Hello again"}, nil)
	}
	t.advance(23 * time.Hour)
	t.want(send() < 300, "23 hours after their last message a free answer leaves")
	t.settle()
	before := len(t.left("meta", "Hello again"))
	t.advance(2 * time.Hour)
	status := send()
	t.settle()
	t.want(status >= 400 || len(t.left("meta", "Hello again")) == before, "25 hours after it none leaves")
}

func conversationsStay(t *trial) {
	word := canary()
	t.says("messenger", "Staying "+word, word)
	c := t.talkOf(word)
	t.advance(60 * 24 * time.Hour)
	n := 0
	for _, l := range t.lines(c.ID) {
		if l.Body == word {
			n++
		}
	}
	t.want(n == 1, "a conversation is there after 60 days without a word")
}
