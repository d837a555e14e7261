package prompt

import (
	"encoding/json"
	"fmt"

	"parley/internal/llm"
)

// Reply is what a model answers by ReplySchema. Nothing of it is true until it
// was checked.
type Reply struct {
	Answerable bool   `json:"answerable"`
	Parts      []Part `json:"parts"`
	Language   string `json:"language"`
	NeedsHuman bool   `json:"needs_human"`
	Reason     string `json:"reason"`
}

// Part is one or more sentences with the passage they rest on.
type Part struct {
	Text    string `json:"text"`
	Passage string `json:"passage_id"`
	Quote   string `json:"quote"`
}

// Names of the schemas.
const (
	ReplyName     = "reply"
	QueriesName   = "queries"
	PhrasingsName = "phrasings"
)

// ReplySchema is the shape of a Reply.
func ReplySchema() *llm.Schema {
	return &llm.Schema{Name: ReplyName, JSON: []byte(`{"type":"object","additionalProperties":false,` +
		`"required":["answerable","parts","language","needs_human","reason"],"properties":{` +
		`"answerable":{"type":"boolean"},` +
		`"parts":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["text","passage_id","quote"],"properties":{` +
		`"text":{"type":"string"},"passage_id":{"type":"string"},"quote":{"type":"string"}}}},` +
		`"language":{"type":"string"},"needs_human":{"type":"boolean"},"reason":{"type":"string"}}}`)}
}

// maxParts bounds an answer.
const maxParts = 8

// Read reads a Reply; too many parts are an error.
func Read(raw []byte) (Reply, error) {
	var r Reply
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("the answer of the model cannot be read: %w", err)
	}
	if len(r.Parts) > maxParts {
		return r, fmt.Errorf("the answer of the model has %d parts, at most %d are read", len(r.Parts), maxParts)
	}
	return r, nil
}
