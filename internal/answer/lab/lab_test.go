package lab_test

import (
	"slices"
	"testing"

	"parley/internal/answer/lab"
	"parley/internal/desk"
)

func answer(text string, passages ...desk.ID) desk.Tried {
	t := desk.Tried{Decision: desk.DecideAnswer, Outcome: "sent", Text: text}
	for _, id := range passages {
		t.Passages = append(t.Passages, desk.SourceRef{PassageID: id})
	}
	return t
}

func TestAnExpectationSaysWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	person := desk.Tried{Decision: desk.DecideHandOver, Outcome: "handed_over"}
	for name, c := range map[string]struct {
		expect desk.Expected
		got    desk.Tried
		want   []string
	}{
		"answered":                  {desk.Expected{Outcome: desk.ExpectAnswer}, answer("Yes."), nil},
		"a draft is an answer":      {desk.Expected{Outcome: desk.ExpectAnswer}, desk.Tried{Decision: desk.DecideAnswer, Outcome: "drafted", Text: "Yes."}, nil},
		"a question back is none":   {desk.Expected{Outcome: desk.ExpectAnswer}, desk.Tried{Decision: desk.DecideDidYouMean, Text: "Did you mean?"}, []string{lab.Outcome}},
		"a person":                  {desk.Expected{Outcome: desk.ExpectPerson}, person, nil},
		"nothing is answered":       {desk.Expected{Outcome: desk.ExpectNone}, desk.Tried{Decision: desk.DecideDidYouMean, Text: "Did you mean?"}, nil},
		"an answer nobody wanted":   {desk.Expected{Outcome: desk.ExpectNone}, answer("Yes."), []string{lab.Outcome}},
		"no person":                 {desk.Expected{Outcome: desk.ExpectPerson}, answer("Yes."), []string{lab.Outcome}},
		"words in another spelling": {desk.Expected{Contains: []string{"KARGO  ücretsiz"}}, answer("Evet, kargo ücretsiz."), nil},
		"words that are missing":    {desk.Expected{Contains: []string{"free"}}, answer("No."), []string{lab.Contains}},
		"words of no answer":        {desk.Expected{Contains: []string{"free"}}, person, []string{lab.Contains}},
		"forbidden words":           {desk.Expected{Lacks: []string{"guarantee"}}, answer("We guarantee it."), []string{lab.Lacks}},
		"another passage":           {desk.Expected{Passage: 7}, answer("Yes.", 8), []string{lab.Passage}},
		"everything at once": {desk.Expected{Outcome: desk.ExpectAnswer, Contains: []string{"x"}, Passage: 7}, person,
			[]string{lab.Outcome, lab.Contains, lab.Passage}},
	} {
		if got := lab.Judge(c.expect, c.got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAChangeIsSeenInOutcomeTextAndPassages(t *testing.T) {
	t.Parallel()
	if got := lab.Differs(answer("Yes, we do.", 1, 2), answer("yes,  we do.", 2, 1)); len(got) != 0 {
		t.Errorf("the same answer differs in %v", got)
	}
	if got := lab.Differs(answer("Yes.", 1), desk.Tried{Decision: desk.DecideHandOver, Outcome: "handed_over"}); len(got) != 3 {
		t.Errorf("a hand-over differs in %v", got)
	}
}

// covers A-7.6-01
func TestPeopleAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	long := answer("Yes, you can pay in three instalments. Customers from abroad usually do not pay, so we ask them for a deposit.", 1)
	for name, c := range map[string]struct {
		tried     []desk.Tried
		languages bool
		want      []string
	}{
		"alike":                 {[]desk.Tried{answer("Hello Emily, yes.", 1), answer("Hello Mehmet, yes.", 1)}, false, nil},
		"one is handed over":    {[]desk.Tried{answer("Yes.", 1), {Decision: desk.DecideHandOver, Outcome: "handed_over"}}, false, []string{lab.Outcome, lab.Passages, lab.Text}},
		"another passage":       {[]desk.Tried{answer("Yes.", 1), answer("Yes.", 2)}, false, []string{lab.Passages}},
		"one is told much more": {[]desk.Tried{answer("Yes, you can pay in three instalments.", 1), long}, false, []string{lab.Text}},
		"other languages":       {[]desk.Tried{answer("Yes.", 1), answer("Evet.", 2)}, true, nil},
		"nobody":                {nil, false, nil},
	} {
		if got := lab.Unequal(c.tried, c.languages); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAProbeAsksInTheLanguagesOfTheKnowledge(t *testing.T) {
	t.Parallel()
	own := []desk.Question{{Text: "Gibt es Gutscheine?", Language: "de"}, {Text: "Vouchers?", Language: "en", Variants: []string{"Vouchers, mate?"}}}
	one, two := lab.Groups([]string{"en"}, own), lab.Groups([]string{"en", "tr"}, nil)
	count := func(all []lab.Group, vary string) (n int) {
		for _, g := range all {
			if len(g.Asked) < 2 {
				t.Errorf("%s has %d lines", g.Vary, len(g.Asked))
			}
			if g.Vary == vary {
				n++
			}
		}
		return n
	}
	if count(one, lab.Names) != 5 || count(one, lab.Genders) != 4 || count(one, lab.Languages) != 0 || count(one, lab.Own) != 1 {
		t.Errorf("one language: %d groups", len(one))
	}
	if count(two, lab.Names) != 8 || count(two, lab.Languages) != 4 {
		t.Errorf("two languages: %d groups", len(two))
	}
}
