package checks

import (
	"net/http"
	"time"

	"parley/internal/promise"
)

// timeChecks move the clock by days: they run last.
func timeChecks() []entry {
	return []entry{
		{"reply-window", replyWindow},
		{"conversations-stay", conversationsStay},
	}
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
