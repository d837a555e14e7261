package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/kit/text"
	"parley/internal/knowledge"
	"parley/internal/knowledge/extract"
	"parley/internal/knowledge/index"
	"parley/internal/knowledge/quote"
)

// demoShop is the demo's knowledge in both languages, as one workspace has it.
func demoShop(t *testing.T) (*index.Index, []quote.Candidate) {
	t.Helper()
	files, err := filepath.Glob("../demo/content/*/*")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	x := index.New(index.DefaultWeights())
	var all []quote.Candidate
	var docs []index.Document
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lang := filepath.Base(filepath.Dir(file))
		var list []extract.Passage
		if strings.HasSuffix(file, ".json") {
			var pairs []knowledge.Pair
			if err := json.Unmarshal(raw, &pairs); err != nil {
				t.Fatal(file, err)
			}
			for _, p := range pairs {
				list = append(list, extract.Passage{Question: p.Question, Alternatives: p.Alternatives, Text: p.Answer})
			}
		} else {
			body, err := extract.Decode(raw)
			if err != nil {
				t.Fatal(file, err)
			}
			list = extract.Split(body, true)
		}
		for _, p := range list {
			docs = append(docs, index.Document{ID: int64(len(docs)), Language: lang, Title: p.Title(""), Body: p.Text})
			all = append(all, quote.Candidate{Language: lang, Heading: p.Heading, Question: p.Question, Alternatives: p.Alternatives, Text: p.Text})
		}
	}
	x.Add(docs...)
	return x, all
}

func askShop(x *index.Index, all []quote.Candidate, lang, question string) quote.Verdict {
	q := x.Query(question, lang)
	var found, list []quote.Candidate
	for _, h := range x.Search(q, 50) {
		c := all[h.ID]
		if c.Hit = h; c.Language == lang {
			found = append(found, c)
		}
	}
	for _, i := range quote.Fitting(question, found) {
		if len(list) < 5 {
			list = append(list, found[i])
		}
	}
	return quote.Judge(q, question, list, quote.DefaultLimits())
}

func TestTheDemoShopAnswersWhatItKnowsAndNothingElse(t *testing.T) {
	t.Parallel()
	x, all := demoShop(t)
	count := map[string]int{}
	for _, c := range all {
		count[c.Language]++
	}
	if count["en"] < 40 || count["tr"] < 40 {
		t.Errorf("passages: %v, at least 40 each", count)
	}
	for _, c := range []struct{ lang, question, part string }{
		{"en", "Can I return a coat that is too small?", "next size"},
		{"en", "How much is shipping to Germany?", "4.90 EUR"},
		{"en", "When is the Berlin store open?", "10:00 to 19:00"},
		{"en", "How long is a gift card valid?", "3 years"},
		{"en", "How do I wash merino wool?", "30 °C"},
		{"tr", "Çok küçük gelen paltoyu iade edebilir miyim?", "30 gün"},
		{"tr", "Almanya'ya kargo ücreti ne kadar?", "4,90 EUR"},
		{"tr", "Hediye kartı kaç yıl geçerli?", "3 yıl"},
		{"tr", "İade süresi kaç gün?", "30 gün"},
		{"tr", "kapıda ödeme var mı", "Hayır"},
	} {
		if got, _ := text.Language(c.question, "en", "tr"); got != c.lang {
			t.Errorf("%q is taken for %s", c.question, got)
		}
		v := askShop(x, all, c.lang, c.question)
		if v.Decision != quote.Answer || !strings.Contains(v.Answer, c.part) {
			t.Errorf("%q: %s %.2f %q", c.question, v.Decision, v.Confidence, v.Answer)
		}
	}
	for lang, questions := range map[string][]string{
		"en": {"Do you sell laptops?", "What is the capital of France?", "Can you help me with my homework?", "Who won the match yesterday?", "Do you have a job for me?", "How tall is the Eiffel Tower?", "Write me a poem about coats"},
		"tr": {"Laptop satıyor musunuz?", "Fransa'nın başkenti neresi?", "Bana bir şiir yazar mısın?", "Dünkü maçı kim kazandı?", "İş başvurusu yapmak istiyorum", "Hava bugün nasıl olacak?"},
	} {
		for _, question := range questions {
			if v := askShop(x, all, lang, question); v.Decision == quote.Answer {
				t.Errorf("%q is answered: %.2f %q", question, v.Confidence, v.Answer)
			}
		}
	}
}
