package llm

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// openAIKey holds a call to a known key. A server of one's own, which speaks
// Chat and Embeddings, may want none.
func openAIKey(must bool) func(*Sim, *http.Request) bool {
	return func(s *Sim, r *http.Request) bool {
		key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if len(s.opt.Keys) > 0 {
			return ok && slices.Contains(s.opt.Keys, key)
		}
		return ok && key != "" || !must && r.Header.Get("Authorization") == ""
	}
}

// openAIError is OpenAI's envelope.
func openAIError(status int, kind string, c complaint) any {
	var code, param any
	text := c.text
	if c.at != "" {
		param = c.at
	}
	switch c.kind {
	case "unknown":
		code, text = "unknown_parameter", "Unknown parameter: '"+c.at+"'."
	case "missing":
		code, text = "missing_required_parameter", "Missing required parameter: '"+c.at+"'."
	case "type":
		code, text = "invalid_type", "Invalid type for '"+c.at+"': expected "+c.text+"."
	case "value":
		code, text = "invalid_value", "Invalid '"+c.at+"': "+c.text+"."
	case "schema":
		code, text = "invalid_json_schema", "Invalid schema for response_format: In context=("+c.at+"), "+c.text+"."
	case "setting":
		code, text = "unsupported_parameter", "Unsupported parameter: '"+c.at+"' is not supported with this model."
	case "model":
		code, kind = "model_not_found", "invalid_request_error"
	case "key":
		code, kind = "invalid_api_key", "invalid_request_error"
	case "rate":
		code, kind = "rate_limit_exceeded", "requests"
	case "quota":
		code = "insufficient_quota"
	}
	if status >= 500 {
		kind = "server_error"
	}
	return map[string]any{"error": map[string]any{"message": text, "type": kind, "param": param, "code": code}}
}

var schemaName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

func isSchemaName(v any, at string) *complaint {
	if s, ok := v.(string); !ok || !schemaName.MatchString(s) {
		return &complaint{kind: "value", at: at, text: "does not match '^[a-zA-Z0-9_-]+$'"}
	}
	return nil
}

// thinks: models of this name refuse a temperature.
func thinks(model string) bool {
	return strings.HasPrefix(model, "gpt-5") || strings.HasPrefix(model, "gpt-6") || len(model) > 1 && model[0] == 'o' && model[1] >= '1' && model[1] <= '9'
}

// let adds fields that are published and that Parley does not send.
func let(s shape, names string) shape {
	for name := range strings.FieldsSeq(names) {
		s[name] = field{}
	}
	return s
}

func inputItem(v any, at string) *complaint {
	part := shape{"type": {true, oneOf("input_text", "output_text")}, "text": {true, isText}}
	return shape{"type": {false, oneOf("message")}, "role": {true, oneOf("user", "assistant", "system", "developer")},
		"content": {true, either(listOf(part.object, 100))}}.object(v, at)
}

func checkResponses(body map[string]any) *complaint {
	format := shape{"type": {true, oneOf("json_schema")}, "name": {true, isSchemaName}, "schema": {true, strictSchema},
		"strict": {false, isBool}, "description": {false, isText}}
	s := let(shape{"model": {true, isText}, "input": {true, either(listOf(inputItem, 1000))}, "instructions": {false, isText},
		"max_output_tokens": {false, between(16, 128_000, true)}, "temperature": {false, between(0, 2, false)}, "top_p": {false, between(0, 1, false)},
		"store": {false, isBool}, "stream": {false, oneOfBool(false)},
		"text": {false, shape{"format": {false, format.object}, "verbosity": {false, oneOf("low", "medium", "high")}}.object}},
		"background context_management conversation include max_tool_calls metadata moderation parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier stream_options tool_choice tools top_logprobs truncation user")
	if c := s.object(body, ""); c != nil {
		return c
	}
	return noTemperature(body, thinks)
}

// oneOfBool takes one of the two only: what the stand-in does not speak.
func oneOfBool(want bool) func(any, string) *complaint {
	return func(v any, at string) *complaint {
		if b, ok := v.(bool); !ok || b != want {
			return &complaint{kind: "value", at: at, text: "the stand-in does not speak this way"}
		}
		return nil
	}
}

func noTemperature(body map[string]any, refuses func(model string) bool) *complaint {
	model, _ := body["model"].(string)
	if _, there := body["temperature"]; there && refuses(model) {
		return &complaint{kind: "setting", at: "temperature", text: "`temperature` is deprecated for this model."}
	}
	return nil
}

func checkChat(body map[string]any) *complaint {
	message := func(v any, at string) *complaint {
		part := shape{"type": {true, oneOf("text")}, "text": {true, isText}}
		return let(shape{"role": {true, oneOf("system", "developer", "user", "assistant")}, "content": {true, either(listOf(part.object, 100))}}, "name refusal").object(v, at)
	}
	schema := shape{"name": {true, isSchemaName}, "schema": {true, strictSchema}, "strict": {false, isBool}, "description": {false, isText}}
	s := let(shape{"model": {true, isText}, "messages": {true, listOf(message, 1000)}, "max_tokens": {false, between(1, 128_000, true)},
		"max_completion_tokens": {false, between(1, 128_000, true)}, "temperature": {false, between(0, 2, false)}, "top_p": {false, between(0, 1, false)},
		"stream": {false, isBool}, "stream_options": {false, shape{"include_usage": {false, isBool}}.object}, "n": {false, between(1, 1, true)},
		"response_format": {false, shape{"type": {true, oneOf("json_schema")}, "json_schema": {true, schema.object}}.object}},
		"audio frequency_penalty function_call functions logit_bias logprobs metadata modalities moderation parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort safety_identifier seed service_tier stop store tool_choice tools top_logprobs user verbosity web_search_options")
	if c := s.object(body, ""); c != nil {
		return c
	}
	if model, _ := body["model"].(string); body["max_tokens"] != nil && thinks(model) {
		return &complaint{kind: "setting", at: "max_tokens"}
	}
	return noTemperature(body, thinks)
}

func checkEmbeddings(body map[string]any) *complaint {
	return shape{"model": {true, isText}, "input": {true, either(listOf(isText, 2048))}, "dimensions": {false, between(1, 4096, true)},
		"encoding_format": {false, oneOf("float", "base64")}, "user": {false, isText}}.object(body, "")
}
