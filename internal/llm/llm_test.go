package llm_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/internal/llm"
)

func form(t *testing.T, raw string) *llm.Schema {
	t.Helper()
	return &llm.Schema{Name: "f", JSON: json.RawMessage(raw)}
}

const parts = `{"type":"object","additionalProperties":false,"required":["ok","kind","n","list"],"properties":{
	"ok":{"type":"boolean"},"kind":{"type":"string","enum":["a","b"],"description":"which"},"n":{"type":"integer"},
	"list":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string","maxLength":3}}}}`

func TestAnAnswerFitsItsSchemaOrIsBroken(t *testing.T) {
	t.Parallel()
	s := form(t, parts)
	if err := s.Check([]byte(` {"ok":true,"kind":"a","n":-3,"list":["ığü"]} `)); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{``, `{`, `[]`, `null`, `"x"`, `{"ok":true,"kind":"a","n":1}`, `{"ok":true,"kind":"c","n":1,"list":["x"]}`,
		`{"ok":true,"kind":"a","n":1.5,"list":["x"]}`, `{"ok":true,"kind":"a","n":1,"list":[]}`, `{"ok":true,"kind":"a","n":1,"list":["x","y","z"]}`,
		`{"ok":true,"kind":"a","n":1,"list":["long"]}`, `{"ok":true,"kind":"a","n":1,"list":["x"],"more":1}`, `{"ok":true,"ok":true,"kind":"a","n":1,"list":["x"]}`,
		`{"ok":1,"kind":"a","n":1,"list":["x"]}`, `{"ok":true,"kind":"a","n":1,"list":["x"]}}`, `{"ok":true,"kind":"a","n":1,"list":["x"]} {}`,
		`{"ok":true,"kind":"a","n":1,"list":{"0":"x"}}`, `{"ok":true,"kind":null,"n":1,"list":["x"]}`, "{\"ok\":true,\"kind\":\"a\",\"n\":1,\"list\":[\"\xff\"]}"} {
		if err := s.Check([]byte(bad)); llm.KindOf(err) != llm.Broken {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestOnlyTheStrictKindOfSchemaIsTaken(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{``, `[]`, `{"type":"string"}`, `{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`,
		`{"type":"object","additionalProperties":true,"properties":{"a":{"type":"string"}},"required":["a"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"}},"required":[]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"}},"required":["b"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"array"}},"required":["a"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string","pattern":"x"}},"required":["a"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#"}},"required":["a"]}`} {
		if err := form(t, bad).Valid(); llm.KindOf(err) != llm.BadRequest {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if err := (&llm.Schema{Name: "a b", JSON: json.RawMessage(parts)}).Valid(); llm.KindOf(err) != llm.BadRequest {
		t.Error(err)
	}
}

func TestAVendorGetsTheSchemaInItsOrderWithoutOurBounds(t *testing.T) {
	t.Parallel()
	s := form(t, `{"type":"object","additionalProperties":false,"required":["z","maxItems","a"],"properties":{"z":{"type":"array","maxItems":2,"minItems":1,"items":{"type":"string","maxLength":9}},
		"maxItems":{"type":"string"},"a":{"type":"boolean"}}}`)
	got, err := s.Plain()
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"type":"object","additionalProperties":false,"required":["z","maxItems","a"],"properties":{"z":{"type":"array","items":{"type":"string"}},"maxItems":{"type":"string"},"a":{"type":"boolean"}}}`; string(got) != want {
		t.Errorf("%s", got)
	}
}

func TestAQuestionIsCheckedBeforeItLeaves(t *testing.T) {
	t.Parallel()
	hot, ok := 3.0, ask()
	if err := ok.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*llm.Request){
		"no model": func(r *llm.Request) { r.Model = "" }, "no turn": func(r *llm.Request) { r.Messages = nil },
		"an empty turn": func(r *llm.Request) { r.Messages[0].Text = " " }, "a zero byte": func(r *llm.Request) { r.Messages[0].Text = "a\x00" },
		"bad UTF-8":         func(r *llm.Request) { r.System = []string{"\xff"} },
		"a system turn":     func(r *llm.Request) { r.Messages[0].Role = "system" },
		"the model's turn":  func(r *llm.Request) { r.Messages[0].Role = llm.Assistant },
		"no tokens":         func(r *llm.Request) { r.MaxTokens = 0 },
		"a hot temperature": func(r *llm.Request) { r.Temperature = &hot },
		"a loose schema":    func(r *llm.Request) { r.Schema = &llm.Schema{Name: "x", JSON: json.RawMessage(`{}`)} },
	} {
		r := ask()
		change(&r)
		if err := r.Check(); llm.KindOf(err) != llm.BadRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := ask()
	long.Messages[0].Text = strings.Repeat("x", llm.MaxText+1)
	if err := long.Check(); llm.KindOf(err) != llm.TooLong {
		t.Error(err)
	}
}

func TestAPriceIsThatOfTheModelOrUnknown(t *testing.T) {
	t.Parallel()
	for model, in := range map[string]int64{"gpt-5": 1_250_000, "gpt-5-2025-08-07": 1_250_000, "gpt-5-mini": 250_000, "gpt-4.1-mini-2025-04-14": 400_000,
		"claude-sonnet-4-5-20250929": 3_000_000, "claude-sonnet-4-20250514": 3_000_000, "claude-haiku-4-5-latest": 1_000_000, "claude-opus-5": 5_000_000} {
		if p, ok := llm.PriceOf(model); !ok || p.In != in || p.AsOf == "" || p.Currency != "USD" {
			t.Errorf("%s: %+v", model, p)
		}
	}
	for _, model := range []string{"", "gpt-5-codex", "gpt-5-pro", "gpt-55", "claude-opus-5-5", "llama-3.3-70b", "gpt-5-2x"} {
		if p, ok := llm.PriceOf(model); ok {
			t.Errorf("%s has the price of %s", model, p.Prefix)
		}
		if c := llm.CostOf(model, llm.Usage{In: 1000, Out: 1000}); c.Known || c.Micros != 0 {
			t.Errorf("%s: %+v", model, c)
		}
	}
	u := llm.Usage{In: 10_000, Out: 1000, Cached: 6000, Written: 2000}
	// 2,000 plain at 1, 6,000 read at 0.1, 2,000 kept at 1.25, 1,000 out at 5 dollars a million.
	if c := llm.CostOf("claude-haiku-4-5", u); c.Micros != 2000+600+2500+5000 || !c.Known {
		t.Errorf("%+v", c)
	}
	if c := llm.CostOf("gpt-5-nano", llm.Usage{In: 1}); c.Micros != 1 {
		t.Errorf("a call is never free: %+v", c)
	}
}

func TestEveryVendorOfTheRegisterHasItsFacts(t *testing.T) {
	t.Parallel()
	for _, v := range llm.Vendors() {
		if v.Company == "" || !strings.HasPrefix(v.URL, "https://") || v.Purpose == "" || !strings.HasPrefix(v.DPA, "https://") || v.Region == "" || len(v.CheckedOn) != 10 || len(v.Sources) == 0 {
			t.Errorf("%+v", v)
		}
		if v.ZeroRetention && v.RetentionDays > 0 {
			t.Errorf("%s keeps nothing for %d days", v.Name, v.RetentionDays)
		}
		if got, ok := llm.VendorOf(v.Name); !ok || got.Company != v.Company {
			t.Error(v.Name)
		}
	}
	if _, ok := llm.VendorOf(llm.Compatible); ok {
		t.Error("a server of one's own has a row")
	}
}

func FuzzAnAnswerIsCheckedWithoutTrouble(f *testing.F) {
	f.Add([]byte(`{"ok":true,"kind":"a","n":-3,"list":["x"]}`))
	f.Add([]byte(`{"ok":tru`))
	f.Add([]byte(strings.Repeat(`[`, 1000)))
	s := &llm.Schema{Name: "f", JSON: json.RawMessage(parts)}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s.Check(raw) != nil {
			return
		}
		var v struct {
			OK   *bool
			Kind string
			N    *int64
			List []string
		}
		if err := json.Unmarshal(raw, &v); err != nil || v.OK == nil || v.N == nil || v.Kind != "a" && v.Kind != "b" || len(v.List) < 1 || len(v.List) > 2 || !utf8.Valid(raw) {
			t.Errorf("%q passed: %v", raw, err)
		}
	})
}
