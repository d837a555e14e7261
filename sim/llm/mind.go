package llm

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"parley/internal/kit/text"
)

// Reasons to stop.
const (
	stopEnd     = "end"
	stopLength  = "length"
	stopRefusal = "refusal"
)

// said is an answer.
type said struct{ text, stop string }

// data is what the person's message holds between its fences.
type data struct {
	Question string    `json:"question"`
	Language string    `json:"language"`
	Passages []passage `json:"passages"`
	Passage  *passage  `json:"passage"`
}

type passage struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// reply is the form of that name.
type reply struct {
	Answerable bool   `json:"answerable"`
	Parts      []part `json:"parts"`
	Language   string `json:"language"`
	NeedsHuman bool   `json:"needs_human"`
	Reason     string `json:"reason"`
}

type part struct {
	Text    string `json:"text"`
	Passage string `json:"passage_id"`
	Quote   string `json:"quote"`
}

// say is the model: it finds the data in the last turn, answers it in the form
// that is asked for, and lets the weather have its way.
func (s *Sim) say(a asked, weather map[Knob]Force) said {
	if f, ok := weather[Refusal]; ok {
		return said{own(f, "I cannot help with that."), stopRefusal}
	}
	d, found := readData(a.turns[len(a.turns)-1].text)
	var out any
	switch {
	case a.schema == nil && found:
		r := answer(d)
		if !r.Answerable {
			return cut(a, weather, said{"The passages do not answer that.", stopEnd})
		}
		return cut(a, weather, said{r.Parts[0].Text, stopEnd})
	case a.schema == nil:
		return cut(a, weather, said{"OK", stopEnd})
	case a.form == "reply" && found:
		r := answer(d)
		mischief(&r, a, d, weather)
		out = r
	case a.form == "queries" && found:
		out = map[string]any{"queries": queries(d.Question)}
	case a.form == "phrasings" && found:
		out = map[string]any{"questions": phrasings(d)}
	default:
		out = blank(a.schema)
	}
	if _, ok := weather[WrongForm]; ok {
		out = map[string]any{"answer": "yes", "confidence": 1}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(out) // made of plain values above
	t := strings.TrimSpace(b.String())
	if _, ok := weather[InvalidJSON]; ok {
		t = "Here is the answer:\n```json\n" + t[:len(t)-2]
	}
	return cut(a, weather, said{t, stopEnd})
}

// cut ends an answer at its limit of tokens.
func cut(a asked, weather map[Knob]Force, x said) said {
	most := 4 * a.maxWords
	if _, ok := weather[TooLong]; ok {
		most = len(x.text) / 2
	}
	if most > 0 && len(x.text) > most {
		return said{strings.ToValidUTF8(x.text[:most], ""), stopLength}
	}
	return x
}

// readData finds the first JSON object of a text that has what the contract
// names.
func readData(s string) (data, bool) {
	for i := strings.IndexByte(s, '{'); i >= 0; {
		var d data
		if json.NewDecoder(strings.NewReader(s[i:])).Decode(&d) == nil && (d.Question != "" || d.Passage != nil || len(d.Passages) > 0) {
			return d, true
		}
		next := strings.IndexByte(s[i+1:], '{')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return data{}, false
}

// telling are the terms of a text that tell something.
func telling(s string) []string {
	return slices.DeleteFunc(text.Terms(s), func(t string) bool {
		return text.StopWord("en", t) || text.StopWord("tr", t) || text.StopWord("de", t) || len(t) < 2
	})
}

// enough is the share of a question's telling words that a passage must hold.
const enough = 0.5

// answer quotes the sentence that shares most words with the question, from the
// passage that does.
func answer(d data) reply {
	r := reply{Parts: []part{}, Language: d.Language, NeedsHuman: wantsPerson(d.Question)}
	want := telling(d.Question)
	best, where := 0.0, passage{}
	for _, p := range d.Passages {
		if share := shared(want, p.Title+"\n"+p.Text); share > best {
			best, where = share, p
		}
	}
	if best < enough {
		r.Reason = "no passage holds enough words of the question"
		return r
	}
	quote, most := "", -1.0
	for _, span := range text.Sentences(where.Text) {
		if share := shared(want, span.Of(where.Text)); share > most && strings.TrimSpace(span.Of(where.Text)) != "" {
			quote, most = span.Of(where.Text), share
		}
	}
	r.Answerable, r.Reason = quote != "", "a sentence of "+where.ID+" shares most words with the question"
	if r.Answerable {
		r.Parts = append(r.Parts, part{quote, where.ID, quote})
	}
	return r
}

func shared(want []string, in string) float64 {
	have := text.Terms(in)
	n := 0
	for _, t := range want {
		if slices.Contains(have, t) {
			n++
		}
	}
	return float64(n) / float64(max(len(want), 1))
}

func wantsPerson(question string) bool {
	q := " " + text.Fold(question) + " "
	for _, w := range []string{" human ", " a person ", " real person", " agent ", " temsilci", " insanla ", " yetkili", " mitarbeiter", " persona ", " humain ", " موظف"} {
		if strings.Contains(q, w) {
			return true
		}
	}
	return false
}

// queries are the question, its telling words, and the same with the other words
// of a very small thesaurus.
func queries(question string) []string {
	out := []string{question}
	if t := strings.Join(telling(question), " "); t != "" && t != text.Fold(question) {
		out = append(out, t)
	}
	q, other := " "+text.Fold(question)+" ", ""
	for _, pair := range [][2]string{{"nda", "confidentiality agreement"}, {"refund", "return money back"}, {"ship", "delivery"}, {"deliver", "shipping"},
		{"cheap", "price discount"}, {"cost", "price"}, {"open", "opening hours"}, {"kac para", "fiyat"}, {"ne kadar", "fiyat"}, {"kargo", "teslimat"}, {"geri gonder", "iade"}, {"acik", "calisma saatleri"}} {
		if strings.Contains(q, " "+pair[0]) {
			other += " " + pair[1]
		}
	}
	if other != "" {
		out = append(out, strings.TrimSpace(other))
	}
	return out
}

// phrasings are ways to ask for a passage, made of its title.
func phrasings(d data) []string {
	p := passage{}
	if d.Passage != nil {
		p = *d.Passage
	} else if len(d.Passages) > 0 {
		p = d.Passages[0]
	}
	title := strings.TrimRight(strings.TrimSpace(p.Title), "?!. ")
	if title == "" {
		title = strings.Join(telling(p.Text)[:min(3, len(telling(p.Text)))], " ")
	}
	if lang := d.Language; lang == "tr" {
		return []string{title + " hakkında bilgi verir misiniz?", title + " nasıl oluyor?"}
	}
	return []string{"Can you tell me about " + title + "?", "How does " + title + " work?"}
}

// blank fills a form that the stand-in has no mind for.
func blank(schema map[string]any) any {
	switch schema["type"] {
	case "object":
		out := map[string]any{}
		props, _ := schema["properties"].(map[string]any)
		for name, p := range props {
			m, _ := p.(map[string]any)
			out[name] = blank(m)
		}
		return out
	case "array":
		return []any{}
	case "boolean":
		return false
	case "number", "integer":
		return 0
	}
	if e, ok := schema["enum"].([]any); ok && len(e) > 0 {
		return e[0]
	}
	return "OK"
}

// own is the force's words in place of the knob's.
func own(f Force, words string) string {
	if f.Text != "" {
		return f.Text
	}
	return words
}
