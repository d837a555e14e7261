package anthropic

import (
	"testing"

	"parley/internal/kit/httpx"
	"parley/internal/llm"
)

// Whatever a server answers, it is a reply with a text or an error with a kind.
func FuzzNoAnswerBreaksItsReader(f *testing.F) {
	f.Add([]byte(`{"model":"m","content":[{"type":"text","text":"y"}],"stop_reason":"end_turn","usage":{"input_tokens":1e300}}`))
	f.Add([]byte(`{"content":[{"type":"tool_use","name":"reply","input":{"a":1}}],"stop_reason":"tool_use"}`))
	f.Add([]byte(`{"error":{"type":"overloaded_error","message":"m"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := read(raw, &llm.Schema{Name: "reply"})
		if err == nil && got.Text == "" || err != nil && llm.KindOf(err) == "" || got.Usage.In < 0 || got.Usage.Out < 0 {
			t.Errorf("%q: %+v %v", raw, got, err)
		}
		if e := (&Adapter{}).failure(httpx.Answer{Status: 400, Body: raw}); llm.KindOf(e) == "" {
			t.Errorf("%q: %v", raw, e)
		}
	})
}
