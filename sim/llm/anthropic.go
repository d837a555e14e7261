package llm

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func anthropicKey(s *Sim, r *http.Request) bool {
	key := r.Header.Get("X-Api-Key")
	return key != "" && r.Header.Get("Anthropic-Version") != "" && (len(s.opt.Keys) == 0 || slices.Contains(s.opt.Keys, key))
}

// anthropicError is Anthropic's envelope.
func anthropicError(status int, kind string, c complaint) any {
	text := c.text
	switch c.kind {
	case "unknown":
		text = c.at + ": Extra inputs are not permitted"
	case "missing":
		text = c.at + ": Field required"
	case "type":
		text = c.at + ": Input should be " + c.text
	case "value":
		text = c.at + ": Input " + c.text
	case "schema":
		text = c.at + ": " + c.text
	case "model":
		kind = "not_found_error"
	case "key":
		if text == "" {
			text = "invalid x-api-key"
		}
	}
	if status == http.StatusInternalServerError {
		kind = "api_error"
	}
	return map[string]any{"type": "error", "error": map[string]any{"type": kind, "message": text}}
}

// cools: models of this name take a temperature; the newer ones refuse it.
func cools(model string) bool {
	for _, old := range []string{"claude-3", "claude-opus-4-0", "claude-opus-4-1", "claude-opus-4-2", "claude-opus-4-5", "claude-opus-4-6", "claude-sonnet-4", "claude-haiku-4"} {
		if strings.HasPrefix(model, old) {
			return true
		}
	}
	return false
}

// formless: models of this name know no output_config.format.
func formless(model string) bool {
	for _, old := range []string{"claude-3", "claude-opus-4-0", "claude-opus-4-2", "claude-sonnet-4-0", "claude-sonnet-4-2"} {
		if strings.HasPrefix(model, old) {
			return true
		}
	}
	return false
}

func checkMessages(body map[string]any) *complaint {
	cache := shape{"type": {true, oneOf("ephemeral")}, "ttl": {false, oneOf("5m", "1h")}}
	block := let(shape{"type": {true, oneOf("text")}, "text": {true, isText}, "cache_control": {false, cache.object}}, "citations")
	blocks := listOf(block.object, 1000)
	message := shape{"role": {true, oneOf("user", "assistant")}, "content": {true, either(blocks)}}
	format := shape{"type": {true, oneOf("json_schema")}, "schema": {true, strictSchema}}
	tool := let(shape{"name": {true, isSchemaName}, "input_schema": {true, strictSchema}, "description": {false, isText}, "strict": {false, isBool}}, "cache_control type")
	s := let(shape{"model": {true, isText}, "messages": {true, listOf(message.object, 1000)}, "max_tokens": {true, between(1, 128_000, true)},
		"system": {false, either(blocks)}, "temperature": {false, between(0, 1, false)}, "top_p": {false, between(0, 1, false)},
		"stream": {false, oneOfBool(false)}, "output_config": {false, let(shape{"format": {false, format.object}}, "effort").object},
		"tools": {false, listOf(tool.object, 100)}, "tool_choice": {false, shape{"type": {true, oneOf("tool")}, "name": {true, isSchemaName}, "disable_parallel_tool_use": {false, isBool}}.object}},
		"cache_control container inference_geo metadata service_tier stop_sequences thinking top_k")
	if c := s.object(body, ""); c != nil {
		return c
	}
	model, _ := body["model"].(string)
	if list, _ := body["messages"].([]any); list[0].(map[string]any)["role"] != "user" {
		return &complaint{kind: "value", at: "messages", text: "should begin with the user's"}
	}
	if o, ok := body["output_config"].(map[string]any); ok && o["format"] != nil && formless(model) {
		return &complaint{kind: "unknown", at: "output_config.format"}
	}
	return noTemperature(body, func(m string) bool { return !cools(m) })
}

// messages answers /v1/messages.
func (c *call) messages(body map[string]any) (int, any) {
	a := asked{model: body["model"].(string), maxWords: number(body["max_tokens"])}
	a.system = words(body["system"])
	a.kept = strings.Contains(fmt.Sprint(body["system"]), "ephemeral")
	a.takeTurns(body["messages"].([]any))
	if o, ok := body["output_config"].(map[string]any); ok {
		if f, ok := o["format"].(map[string]any); ok {
			a.schema, _ = f["schema"].(map[string]any)
			a.form = formOf(a.schema)
		}
	}
	if t, ok := body["tool_choice"].(map[string]any); ok {
		a.byTool = true
		a.form, _ = t["name"].(string)
		for _, tool := range body["tools"].([]any) {
			if m := tool.(map[string]any); m["name"] == a.form {
				a.schema, _ = m["input_schema"].(map[string]any)
			}
		}
	}
	said := c.s.say(a, c.weather)
	content := []any{map[string]any{"type": "text", "text": said.text}}
	stop := "end_turn"
	switch said.stop {
	case stopLength:
		stop = "max_tokens"
	case stopRefusal:
		stop, content = "refusal", []any{}
	case stopEnd:
		if a.byTool {
			var input any
			if json.Unmarshal([]byte(said.text), &input) != nil {
				input = said.text // the weather broke it
			}
			stop, content = "tool_use", []any{map[string]any{"type": "tool_use", "id": c.s.id("toolu"), "name": a.form, "input": input}}
		}
	}
	in, kept := a.tokensIn(), 0
	known := a.kept && c.s.remembers(a.model+"\x00"+a.system)
	if n := tokens(a.system); a.kept && n >= 1024 {
		kept = n
	}
	used := map[string]any{"input_tokens": in - kept, "output_tokens": tokens(said.text), "cache_read_input_tokens": 0, "cache_creation_input_tokens": kept}
	if known {
		used["cache_read_input_tokens"], used["cache_creation_input_tokens"] = kept, 0
	}
	var details any
	if said.stop == stopRefusal {
		details = map[string]any{"type": "refusal", "category": nil, "explanation": said.text}
	}
	return http.StatusOK, map[string]any{"id": c.s.id("msg"), "type": "message", "role": "assistant", "model": a.model, "content": content,
		"stop_reason": stop, "stop_sequence": nil, "stop_details": details, "usage": used}
}

// formOf tells the form by its properties, because Anthropic's output_config has
// no name for it.
func formOf(schema map[string]any) string {
	p, _ := schema["properties"].(map[string]any)
	for name, has := range map[string]string{"reply": "answerable", "queries": "queries", "phrasings": "questions"} {
		if _, ok := p[has]; ok {
			return name
		}
	}
	return ""
}
