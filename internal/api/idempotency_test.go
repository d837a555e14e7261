package api_test

import (
	"testing"

	"parley/internal/api"
)

func TestAnIdempotencyKeyMakesOneMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		send := ask{method: "POST", path: "/api/v1/conversations/" + w.a.conversation.String() + "/messages", body: `{"body":"hello"}`,
			key: w.a.key, header: map[string]string{"Idempotency-Key": "k1"}}
		var first, again api.Message
		w.want(t, 201, send).into(t, &first)
		before := w.messages(t, w.a)
		w.want(t, 201, send).into(t, &again)
		if first.ID != again.ID || first.ID == 0 || w.messages(t, w.a) != before {
			t.Fatalf("a repeat is another message: %v %v", first.ID, again.ID)
		}
		send.body = `{"body":"something else"}`
		if g := w.do(t, send); g.status != 409 && g.status != 422 {
			t.Fatalf("the key with another body: %d", g.status)
		}
		send.header["Idempotency-Key"] = "k2"
		var other api.Message
		w.want(t, 201, send).into(t, &other)
		if other.ID == first.ID || w.messages(t, w.a) != before+1 {
			t.Fatal("a new key is no new message")
		}
	})
}
