package quote

import (
	"math/rand"
	"strings"
	"testing"

	"parley/internal/knowledge/index"
)

func judge(question string, list ...Candidate) Verdict {
	x := index.New(index.DefaultWeights())
	for i, c := range list {
		title := c.Heading
		if c.Question != "" {
			title = strings.Join(append([]string{c.Question}, c.Alternatives...), "\n")
		}
		x.Add(index.Document{ID: int64(i), Language: "en", Title: title, Body: c.Text})
	}
	q := x.Query(question, "en")
	var found []Candidate
	for _, h := range x.Search(q, 5) {
		c := list[h.ID]
		c.Hit, c.Language = h, "en"
		found = append(found, c)
	}
	return Judge(q, question, found, DefaultLimits())
}

func shop() []Candidate {
	long := strings.Repeat("We pack every order by hand in our warehouse and think of you. ", 8)
	return []Candidate{
		{Question: "Can I return a coat?", Text: "Yes, within 30 days."},
		{Heading: "Shop > Opening", Text: long + "The store in Berlin opens at 10. It closes at 19. " + long},
		{Heading: "Shop > Shipping", Text: "Shipping to Norway is possible. Ask us for the price."},
		{Question: "Do you mend zips?", Text: "Yes, at the counter."},
		{Question: "Where do your sheep live?", Text: "In Wales."},
	}
}

func TestAPairIsQuotedWholeAndProseBySentence(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]string{
		"Can I return my coat?":             "Yes, within 30 days.",
		"When does the Berlin store open?":  "The store in Berlin opens at 10.",
		"Is shipping to Norway possible?":   "Shipping to Norway is possible. Ask us for the price.",
		"Do you sell hats made of granite?": "",
	} {
		v := judge(question, shop()...)
		if v.Answer != want || (v.Decision == Answer) != (want != "") {
			t.Errorf("%q: %s %.2f %q", question, v.Decision, v.Confidence, v.Answer)
		}
	}
}

func TestAQuestionForANumberIsNotAnsweredWithoutOne(t *testing.T) {
	t.Parallel()
	v := judge("How much is shipping to Norway?", shop()...)
	if v.Decision == Answer {
		t.Errorf("answered %q", v.Answer)
	}
}

func TestNothingFoundCallsAPerson(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"", "?!", "zzzz qqqq"} {
		if v := judge(question, shop()...); v.Decision != HandOver || len(v.Suggestions) > 0 {
			t.Errorf("%q: %+v", question, v)
		}
	}
	if v := judge("coat"); v.Decision != HandOver {
		t.Errorf("empty knowledge: %+v", v)
	}
}

// Whatever is asked, an answer's words stand in the passage, in their order.
func TestAnAnswerNeverInventsAWord(t *testing.T) {
	t.Parallel()
	words := strings.Fields("coat return berlin store open norway shipping zips mend sheep price the in is do you a 10 days warehouse order . ?")
	r := rand.New(rand.NewSource(3))
	answered := 0
	for range 400 {
		var question []string
		for range 1 + r.Intn(8) {
			question = append(question, words[r.Intn(len(words))])
		}
		v := judge(strings.Join(question, " "), shop()...)
		if v.Decision != Answer {
			if v.Answer != "" {
				t.Fatalf("%v: %s with the words %q", question, v.Decision, v.Answer)
			}
			continue
		}
		answered++
		found := false
		for _, c := range shop() {
			found = found || strings.Contains(c.Text, v.Answer)
		}
		if !found || len(v.Answer) > maxQuote || v.Answer == "" {
			t.Fatalf("%v: %q stands in no passage", question, v.Answer)
		}
	}
	if answered == 0 {
		t.Error("nothing was answered: the test tests nothing")
	}
}

func TestAChosenPassageIsQuotedFromItsBeginning(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Short.", strings.Repeat("A sentence of some length. ", 60), strings.Repeat("word ", 400), strings.Repeat("x", 2000)} {
		got := Whole(&Candidate{Text: text})
		if got == "" || len(got) > maxQuote && text[0] != 'x' || !strings.HasPrefix(text, got) {
			t.Errorf("%.20q: %d bytes", text, len(got))
		}
	}
}

func TestLabelsAreShort(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]Candidate{
		"Can I?":      {Question: "Can I?", Heading: "x", Text: "y"},
		"Inner":       {Heading: "Outer > Inner", Text: "y"},
		"First line":  {Text: "First line\nsecond"},
		"Word Word W": {Text: "Word Word W"},
	} {
		if got := Label(&c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Label(&Candidate{Text: strings.Repeat("çok uzun ", 40)}); len(got) > maxLabel || !strings.HasSuffix(got, "…") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}
