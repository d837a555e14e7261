package bench

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A model that helps must show a lift, one that says nothing must show none: else
// the figures are of the bench and not of the model.
func TestWhatAModelAddsIsMeasured(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	shop := write("shop.txt", "1. Personnel\nEveryone engaged here is bound by a confidentiality agreement.\n2. Opening\nThe store opens at ten in the morning.\n3. Delivery\nTwo of our workers bring a large parcel up to your flat.\n")
	questions := write("q.tsv", "id\tpolicy\tkind\tsection\tquestion\n1\tshop\tparaphrase\t1\tDo workers sign an NDA?\n")
	for name, says := range map[string]struct {
		phrasing, query string
		rewritten       float64
		suggested       float64
	}{
		"a model that helps":         {"Do your workers sign an NDA?", "confidentiality agreement|engaged personnel confidentiality", 1, 1},
		"a model that says nothing":  {"", "", 0, 0},
		"a model that only rewrites": {"", "confidentiality agreement|engaged personnel confidentiality", 1, 0},
	} {
		vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var in struct {
				Messages []struct{ Content string }
			}
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
				t.Error(err)
			}
			asked, list := in.Messages[len(in.Messages)-1].Content, map[string][]string{"queries": strings.Split(says.query, "|")}
			if strings.Contains(asked, `"passage"`) {
				list = map[string][]string{"questions": {}}
				if strings.Contains(asked, "confidentiality") {
					list["questions"] = []string{says.phrasing}
				}
			}
			text, _ := json.Marshal(list)
			_ = json.NewEncoder(w).Encode(map[string]any{"id": "1", "object": "chat.completion", "model": "m",
				"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": string(text)}}},
				"usage":   map[string]int{"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})
		}))
		figures, err := Model(t.Context(), Options{Engine: "sqlite", URL: vendor.URL + "/v1", Model: "m", Key: "k", Knowledge: []string{shop}, Questions: questions})
		vendor.Close()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		for _, f := range figures {
			got[f.Metric] = f.Value
		}
		for way, want := range map[string]float64{"as it is": 0, "rewritten": says.rewritten, "suggested": says.suggested, "suggested and rewritten": max(says.rewritten, says.suggested)} {
			if metric := fmt.Sprintf("policies/paraphrase/%s/first of 1", way); got[metric] != want {
				t.Errorf("%s: %s is %v, not %v", name, metric, got[metric], want)
			}
		}
	}
}
