package api_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

type describedBody struct {
	Ref        string                   `json:"$ref"`
	Type       any                      `json:"type"`
	Properties map[string]describedBody `json:"properties"`
	Items      *describedBody           `json:"items"`
}

// covers the "no path exists that sends one text to many": what takes
// words for a person names one conversation in its path, and nothing takes a
// list of people, of conversations or of addresses.
func TestNoOperationSendsOneTextToMany(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("openapi.json")
	must(t, err)
	var doc struct {
		Paths map[string]map[string]struct {
			ID   string `json:"operationId"`
			Body struct {
				Content map[string]struct {
					Schema describedBody `json:"schema"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]describedBody `json:"schemas"`
		} `json:"components"`
	}
	must(t, json.Unmarshal(raw, &doc))
	people := regexp.MustCompile(`(?i)(conversation|contact|recipient|person|people|phone|address|email|audience|segment|^to$|^ids?$)`)
	// Words that reach nobody: texts kept for later, notes about people, settings.
	quiet := map[string]bool{"add-saved-reply": true, "change-saved-reply": true}
	// Lists of people to whom nothing is sent: what an authority asks for by name.
	scope := map[string]bool{"open-demand": true}
	writes := 0
	for path, methods := range doc.Paths {
		for _, op := range methods {
			for _, c := range op.Body.Content {
				s := c.Schema
				if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
					s = doc.Components.Schemas[name]
				}
				for field, f := range s.Properties {
					if many := f.Items != nil; many && people.MatchString(field) && !scope[op.ID] {
						t.Errorf("%s takes a list of %s", op.ID, field)
					}
					if (field == "body" || field == "template") && !quiet[op.ID] {
						writes++
						if !strings.HasPrefix(path, "/api/v1/conversations/{id}/") && !strings.HasPrefix(path, "/api/v1/widget/") /* what visitors write */ {
							t.Errorf("%s (%s) takes words for somebody and names no single conversation", op.ID, path)
						}
					}
				}
			}
		}
	}
	if writes < 3 {
		t.Fatalf("saw %d fields with words: the search is broken", writes)
	}
}
