package openai

import (
	"testing"

	"parley/internal/kit/httpx"
	"parley/internal/llm"
)

// Whatever a server answers, it is a reply with a text or an error with a kind.
func FuzzNoAnswerBreaksItsReader(f *testing.F) {
	f.Add([]byte(`{"model":"m","choices":[{"message":{"content":"yes"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1e300}}`))
	f.Add([]byte(`{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"y"}]}],"usage":{"input_tokens":-1}}`))
	f.Add([]byte(`{"data":[{"index":0,"embedding":[0.1,-2]}]}`))
	f.Add([]byte(`{"error":{"message":"m","code":1},"detail":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, read := range []func([]byte) (llm.Reply, error){readChat, readResponse} {
			got, err := read(raw)
			if err == nil && got.Text == "" || err != nil && llm.KindOf(err) == "" || got.Usage.In < 0 || got.Usage.Out < 0 || got.Usage.Cached < 0 {
				t.Errorf("%q: %+v %v", raw, got, err)
			}
		}
		if v, err := readVectors(raw, llm.EmbedRequest{Texts: []string{"a"}}); err == nil && (len(v.List) != 1 || len(v.List[0]) != v.Dimensions || v.Dimensions == 0) {
			t.Errorf("%q: %+v", raw, v)
		}
		if e := (&Adapter{}).failure(httpx.Answer{Status: 400, Body: raw}); llm.KindOf(e) == "" {
			t.Errorf("%q: %v", raw, e)
		}
	})
}
