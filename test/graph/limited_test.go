package graph_test

import (
	"strings"
	"testing"

	"parley/sim/meta"
)

// covers A-9.2-01: with limited data use Meta is asked nothing about a person,
// and the conversation goes on as ever.
func TestLimitedDataUseAsksMetaNothingAboutAPerson(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.connect("messenger", "facebook", meta.Choice{})
	w.good("PATCH", "/api/v1/workspace", map[string]any{"limited_data_use": true}, nil)
	chat := w.visitor.Writes(w.page)
	chat.Says("Hello?")
	w.until("the message is filed", func() bool { return len(w.thread("messenger")) == 1 })
	w.good("POST", "/api/v1/conversations/"+w.talks("messenger")[0].ID+"/messages", map[string]any{"body": "Hi"}, nil)
	if reply, err := chat.WaitReply(t.Context()); err != nil || reply.Text != "Hi" {
		t.Errorf("the customer read %q, %v", reply.Text, err)
	}
	dead, err := w.app.Flow.Dead(t.Context(), w.ws)
	w.must(err)
	if len(dead) > 0 || w.talks("messenger")[0].Contact.Name != "" {
		t.Errorf("the name is %q, given up %v", w.talks("messenger")[0].Contact.Name, dead)
	}
	for _, c := range w.sim.Calls() {
		if c.Method == "GET" && strings.HasSuffix(c.Path, "/"+chat.CustomerID()) {
			t.Errorf("Meta was asked %s?%s", c.Path, c.Query)
		}
	}
}
