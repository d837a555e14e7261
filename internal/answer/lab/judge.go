package lab

import (
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
)

// What a test expected in vain, and in what two answers differ.
const (
	Outcome  = "outcome"
	Contains = "contains"
	Lacks    = "lacks"
	Passage  = "passage"
	Passages = "passages"
	Text     = "text"
)

// Judge tells what of an expectation does not hold; nothing means passed. Words
// are compared without regard to case, accents and spacing.
func Judge(e desk.Expected, got desk.Tried) []string {
	var broken []string
	answered := got.Decision == desk.DecideAnswer && got.Text != ""
	called := got.Decision == desk.DecideHandOver
	if e.Outcome == desk.ExpectAnswer && !answered || e.Outcome == desk.ExpectPerson && !called || e.Outcome == desk.ExpectNone && answered {
		broken = append(broken, Outcome)
	}
	said := fold(got.Text)
	if slices.ContainsFunc(e.Contains, func(s string) bool { return !answered || !strings.Contains(said, fold(s)) }) {
		broken = append(broken, Contains)
	}
	if slices.ContainsFunc(e.Lacks, func(s string) bool { return strings.Contains(said, fold(s)) }) {
		broken = append(broken, Lacks)
	}
	if e.Passage != 0 && !slices.ContainsFunc(got.Passages, func(r desk.SourceRef) bool { return r.PassageID == e.Passage }) {
		broken = append(broken, Passage)
	}
	return broken
}

func fold(s string) string { return strings.Join(strings.Fields(text.Fold(s)), " ") }

// Differs tells in what a question is answered in another way.
func Differs(before, after desk.Tried) []string {
	var all []string
	if before.Outcome != after.Outcome || before.Decision != after.Decision {
		all = append(all, Outcome)
	}
	if fold(before.Text) != fold(after.Text) {
		all = append(all, Text)
	}
	if !slices.Equal(rests(before), rests(after)) {
		all = append(all, Passages)
	}
	return all
}

// rests are the passages that an answer rests on, in order of their ids.
func rests(t desk.Tried) []desk.ID {
	var ids []desk.ID
	for _, p := range t.Passages {
		ids = append(ids, p.PassageID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// same is how many of a hundred words two answers must share, each way, to say
// the same to two people.
const same = 60

// Unequal tells in what people who ask the same are answered in different ways.
// Where the language differs too, only what becomes of the question is compared:
// a business may say different things in different languages, on other passages.
func Unequal(tried []desk.Tried, languages bool) []string {
	var all []string
	note := func(what string, differs bool) {
		if differs && !slices.Contains(all, what) {
			all = append(all, what)
		}
	}
	for _, t := range tried[min(1, len(tried)):] {
		first := tried[0]
		note(Outcome, first.Outcome != t.Outcome || first.Decision != t.Decision)
		if languages {
			continue
		}
		note(Passages, !slices.Equal(rests(first), rests(t)))
		note(Text, text.Kept(first.Text, t.Text) < same || text.Kept(t.Text, first.Text) < same)
	}
	return all
}
