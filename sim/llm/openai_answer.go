package llm

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"net/http"
	"strings"
)

// words gives the text of content, which is a string or a list of parts.
func words(content any) string {
	if s, ok := content.(string); ok {
		return s
	}
	var b strings.Builder
	list, _ := content.([]any)
	for _, p := range list {
		m, _ := p.(map[string]any)
		s, _ := m["text"].(string)
		b.WriteString(s)
	}
	return b.String()
}

// takeTurns sorts messages into instructions and turns.
func (a *asked) takeTurns(list []any) {
	for _, m := range list {
		m, _ := m.(map[string]any)
		role, _ := m["role"].(string)
		if role == "system" || role == "developer" {
			a.system += words(m["content"])
			continue
		}
		a.turns = append(a.turns, turn{role, words(m["content"])})
	}
}

// takeSchema reads {"name": …, "schema": …}.
func (a *asked) takeSchema(v any) {
	m, _ := v.(map[string]any)
	a.form, _ = m["name"].(string)
	a.schema, _ = m["schema"].(map[string]any)
}

func number(v any) int {
	n, _ := v.(json.Number)
	f, _ := n.Float64()
	return int(f)
}

// tokens is a count such as the vendors': about four bytes each.
func tokens(texts ...string) int {
	n := 0
	for _, t := range texts {
		n += (len(t) + 3) / 4
	}
	return n
}

func (a asked) tokensIn() int {
	n := tokens(a.system)
	for _, t := range a.turns {
		n += tokens(t.text) + 4
	}
	return n
}

// keptTokens are those of instructions that were read before. The vendors keep
// none below 1,024.
func (c *call) keptTokens(a asked) int {
	if n := tokens(a.system); c.s.remembers(a.model+"\x00"+a.system) && n >= 1024 {
		return n
	}
	return 0
}

// responses answers /v1/responses.
func (c *call) responses(body map[string]any) (int, any) {
	a := asked{model: body["model"].(string), maxWords: number(body["max_output_tokens"])}
	a.system, _ = body["instructions"].(string)
	if s, ok := body["input"].(string); ok {
		a.turns = []turn{{"user", s}}
	} else {
		a.takeTurns(body["input"].([]any))
	}
	if t, ok := body["text"].(map[string]any); ok {
		a.takeSchema(t["format"])
	}
	said := c.s.say(a, c.weather)
	part := map[string]any{"type": "output_text", "text": said.text, "annotations": []any{}, "logprobs": []any{}}
	if said.stop == stopRefusal {
		part = map[string]any{"type": "refusal", "refusal": said.text}
	}
	status, incomplete := "completed", any(nil)
	if said.stop == stopLength {
		status, incomplete = "incomplete", map[string]any{"reason": "max_output_tokens"}
	}
	in, out := a.tokensIn(), tokens(said.text)
	store := true
	if v, ok := body["store"].(bool); ok {
		store = v
	}
	return http.StatusOK, map[string]any{"id": c.s.id("resp"), "object": "response", "created_at": c.s.clk.Now().Unix(), "status": status,
		"error": nil, "incomplete_details": incomplete, "instructions": body["instructions"], "max_output_tokens": body["max_output_tokens"],
		"model": a.model, "parallel_tool_calls": true, "previous_response_id": nil, "store": store, "temperature": body["temperature"],
		"tool_choice": "auto", "tools": []any{}, "top_p": 1, "truncation": "disabled", "metadata": map[string]any{}, "text": body["text"],
		"output": []any{map[string]any{"type": "message", "id": c.s.id("msg"), "status": status, "role": "assistant", "content": []any{part}}},
		"usage": map[string]any{"input_tokens": in, "input_tokens_details": map[string]any{"cached_tokens": c.keptTokens(a)},
			"output_tokens": out, "output_tokens_details": map[string]any{"reasoning_tokens": 0}, "total_tokens": in + out}}
}

// chat answers /v1/chat/completions.
func (c *call) chat(body map[string]any) (int, any) {
	a := asked{model: body["model"].(string), maxWords: max(number(body["max_tokens"]), number(body["max_completion_tokens"]))}
	a.takeTurns(body["messages"].([]any))
	if f, ok := body["response_format"].(map[string]any); ok {
		a.takeSchema(f["json_schema"])
	}
	a.stream, _ = body["stream"].(bool)
	if o, ok := body["stream_options"].(map[string]any); ok {
		a.usage, _ = o["include_usage"].(bool)
	}
	said := c.s.say(a, c.weather)
	in, out := a.tokensIn(), tokens(said.text)
	used := map[string]any{"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out,
		"prompt_tokens_details": map[string]any{"cached_tokens": c.keptTokens(a)}}
	id, at := c.s.id("chatcmpl"), c.s.clk.Now().Unix()
	finish := "stop"
	if said.stop == stopLength {
		finish = "length"
	}
	if a.stream {
		c.pour(a, said, map[string]any{"id": id, "object": "chat.completion.chunk", "created": at, "model": a.model}, finish, used)
		return 0, nil
	}
	message := map[string]any{"role": "assistant", "content": said.text, "refusal": nil, "annotations": []any{}}
	if said.stop == stopRefusal {
		message["content"], message["refusal"] = nil, said.text
	}
	return http.StatusOK, map[string]any{"id": id, "object": "chat.completion", "created": at, "model": a.model, "usage": used,
		"choices": []any{map[string]any{"index": 0, "message": message, "logprobs": nil, "finish_reason": finish}}}
}

// pour sends an answer as server-sent events, a few words at a time.
func (c *call) pour(a asked, said said, head map[string]any, finish string, used map[string]any) {
	c.written = &bytes.Buffer{}
	c.w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(c.w)
	event := func(delta map[string]any, finish, usage any) {
		chunk := map[string]any{"choices": []any{map[string]any{"index": 0, "delta": delta, "logprobs": nil, "finish_reason": finish}}}
		if usage != nil {
			chunk = map[string]any{"choices": []any{}, "usage": usage}
		}
		for k, v := range head {
			chunk[k] = v
		}
		b, _ := json.Marshal(chunk) // made of maps and strings above
		c.line("data: " + string(b))
		_ = out.Flush()
	}
	event(map[string]any{"role": "assistant", "content": ""}, nil, nil)
	pieces := strings.SplitAfter(said.text, " ")
	for i, p := range pieces {
		if _, cut := c.weather[Cut]; cut && i >= len(pieces)/2 {
			if conn, _, err := out.Hijack(); err == nil {
				_ = conn.Close()
			}
			return
		}
		event(map[string]any{"content": p}, nil, nil)
	}
	event(map[string]any{}, finish, nil)
	if a.usage {
		event(nil, nil, used)
	}
	c.line("data: [DONE]")
}

func (c *call) line(s string) {
	c.written.WriteString(s + "\n\n")
	_, _ = c.w.Write([]byte(s + "\n\n")) // the caller may be gone
}

// embeddings answers /v1/embeddings.
func (c *call) embeddings(body map[string]any) (int, any) {
	var texts []string
	if s, ok := body["input"].(string); ok {
		texts = []string{s}
	} else {
		for _, t := range body["input"].([]any) {
			texts = append(texts, t.(string))
		}
	}
	size := c.s.opt.Dimensions
	if n := number(body["dimensions"]); n > 0 {
		size = n
	}
	data := make([]any, len(texts))
	for i, t := range texts {
		v := Vector(t, size)
		var out any = v
		if body["encoding_format"] == "base64" {
			b := make([]byte, 0, 4*len(v))
			for _, x := range v {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
			}
			out = base64.StdEncoding.EncodeToString(b)
		}
		data[i] = map[string]any{"object": "embedding", "index": i, "embedding": out}
	}
	n := tokens(texts...)
	return http.StatusOK, map[string]any{"object": "list", "data": data, "model": body["model"],
		"usage": map[string]any{"prompt_tokens": n, "total_tokens": n}}
}
