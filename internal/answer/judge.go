package answer

import (
	"net/url"
	"slices"
	"strings"

	"parley/internal/answer/check"
	"parley/internal/answer/prompt"
	"parley/internal/desk"
)

// Why a model's words were not taken, for the record.
const (
	whyUnsure = "unsure" // it says that no passage answers
	whyPerson = "person" // it says that a person is needed
)

// judge holds a model's answer against what it was given. Words that stand every
// check are the answer. Where some had to be dropped, the rest waits for a
// person; where nothing can be kept, the knowledge answers by itself or a person
// is called.
func (w *writing) judge(f Finding, r prompt.Reply) Finding {
	switch {
	case r.NeedsHuman:
		w.why = whyPerson
		return unanswered(f, string(desk.LowConfidence))
	case !r.Answerable || len(r.Parts) == 0:
		w.why = whyUnsure
		return unanswered(f, string(desk.NoAnswer))
	}
	result := check.Run(w.input(f, r))
	checks := toChecks(result)
	text, err := w.table.Restore(kept(r.Parts, result.Kept))
	switch {
	case err != nil:
		w.why = check.Placeholder
	case !result.OK():
		w.why = result.Fail
	default:
		return w.modelled(f, r, result, checks, text)
	}
	f.Checks = append(f.Checks, checks...)
	if f.Decision == desk.DecideAnswer {
		return f
	}
	return unanswered(f, string(desk.LowConfidence))
}

// modelled is the finding with the model's words in place of a quotation.
func (w *writing) modelled(f Finding, r prompt.Reply, result check.Result, checks []desk.Check, text string) Finding {
	f.Decision, f.Text, f.Engine, f.Reason = desk.DecideAnswer, text, Modelled, ""
	// Half for standing every check, half for how well the passages fit.
	f.Score, f.Confidence, f.Checks = (1+f.Score)/2, "high", append(f.Checks, checks...)
	f.Sources, f.Suggestions = nil, nil
	for _, i := range result.Kept {
		at := slices.IndexFunc(f.Passages, func(p Passage) bool { return p.Ref.PassageID == w.named[r.Parts[i].Passage] })
		ref := f.Passages[at].Ref
		if known := slices.IndexFunc(f.Sources, func(s desk.SourceRef) bool { return s.PassageID == ref.PassageID }); known >= 0 {
			continue
		}
		ref.N, ref.Quote = len(f.Sources)+1, r.Parts[i].Quote
		f.Sources = append(f.Sources, ref)
	}
	if len(result.Kept) < len(r.Parts) {
		f.Hold, f.Confidence = "check_"+failed(result), "middle"
	}
	return f
}

// unanswered is a finding without an answer.
func unanswered(f Finding, reason string) Finding {
	f.Decision, f.Reason, f.Text, f.Confidence, f.Sources, f.Suggestions = desk.DecideHandOver, reason, "", "low", nil, nil
	return f
}

// input is what an answer may rest on.
func (w *writing) input(f Finding, r prompt.Reply) check.Input {
	in := check.Input{Said: []string{w.table.Mask(w.question.Text)}, Domains: slices.Clone(w.set.Domains), Language: f.Language, Canary: w.canary,
		Prompt: w.steady, Placeholders: w.table.Placeholders(), Never: w.set.DoNotSay}
	for _, p := range r.Parts {
		in.Parts = append(in.Parts, check.Part{Text: p.Text, Passage: p.Passage, Quote: p.Quote})
	}
	for i, p := range f.Passages[:min(len(f.Passages), prompt.MaxPassages)] {
		in.Passages = append(in.Passages, check.Passage{ID: passageName(i), Title: p.Title, Text: p.Text})
		if at, err := url.Parse(p.Ref.URL); err == nil && at.Hostname() != "" {
			in.Domains = append(in.Domains, at.Hostname())
		}
	}
	for _, l := range w.history {
		if l.From == prompt.Customer {
			in.Said = append(in.Said, w.table.Mask(l.Text))
		}
	}
	return in
}

// kept joins the parts that may stay: they are sentences of one answer.
func kept(parts []prompt.Part, which []int) string {
	var all []string
	for _, i := range which {
		all = append(all, strings.TrimSpace(parts[i].Text))
	}
	return strings.Join(all, " ")
}

// failed is the name of the first check that did not hold.
func failed(r check.Result) string {
	for _, f := range r.Findings {
		if !f.OK {
			return f.Name
		}
	}
	return ""
}

func toChecks(r check.Result) []desk.Check {
	var all []desk.Check
	for _, f := range r.Findings {
		all = append(all, desk.Check{Name: "answer_" + f.Name, OK: f.OK, Value: f.Value, Limit: f.Limit})
	}
	return all
}
