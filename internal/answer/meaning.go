package answer

import (
	"context"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/llm"
	"parley/internal/store"
)

// Deadlines of calls for vectors.
const (
	questionDeadline = 3 * time.Second  // then the question is searched for by its words alone
	passagesDeadline = 60 * time.Second // nobody waits
)

// Meant is a question as a vector, with who made it.
type Meant struct {
	Vendor     desk.Vendor
	Model      string
	Components []float32
}

// passageShare is which part of the day's budget vectors of passages may use up:
// answers to customers come first.
const passageShare = 2

// Embed makes vectors of passages, paid for from the workspace's budget. Nothing
// of any contact goes along. Errors: *llm.Error; desk.Unavailable "budget".
func (a *Answer) Embed(ctx context.Context, ws desk.ID, set desk.AISettings, texts []string) ([][]float32, error) {
	set.TokensPerDay, set.CentsPerDay = share(set.TokensPerDay), share(set.CentsPerDay)
	got, _, err := a.embed(ctx, bill{ws: ws, set: set, call: desk.Call{Purpose: desk.AIMeaning}}, passagesDeadline, texts)
	if e := noBudgetOf(err); e != "" {
		err = &desk.Error{Code: desk.Unavailable, Reason: string(e), Text: "the budget of the day is used up", Cause: err}
	}
	return got.List, err
}

// share is a part of a limit; none stays none.
func share(limit int64) int64 { return (limit + passageShare - 1) / passageShare }

// embed makes one call to whom the settings name.
func (a *Answer) embed(ctx context.Context, b bill, deadline time.Duration, texts []string) (got llm.Vectors, c desk.Call, err error) {
	by := b.set.Meant()
	b.call.Vendor, b.call.Model = by.Vendor, by.Model
	ctx, cancel := clock.WithTimeout(ctx, a.DB.Clock(), deadline)
	defer cancel()
	m, err := a.openAt(ctx, b.ws, llm.Settings{Vendor: string(by.Vendor), URL: by.URL, Vectors: true}, llm.Care{Deadline: deadline})
	if err != nil {
		return got, b.call, err
	}
	for _, t := range texts {
		b.most.In += len(t)/3 + 1
	}
	c, made, err := a.paid(ctx, b, func(ctx context.Context) (llm.Usage, error) {
		var err error
		got, err = m.Embed(ctx, llm.EmbedRequest{Model: by.Model, Texts: texts, Dimensions: by.Dimensions})
		return got.Usage, err
	})
	if !made {
		c = desk.Call{}
	}
	return got, c, err
}

// checkMeaning holds a choice against what the operator allows; it calls nobody.
func (a *Answer) checkMeaning(by desk.Meaning) error {
	if by == (desk.Meaning{}) {
		return nil
	}
	_, err := a.Models.Open(llm.Settings{Vendor: string(by.Vendor), URL: by.URL, Vectors: true}, llm.Care{})
	if k := llm.KindOf(err); k == llm.NotAllowed || k == llm.BadRequest {
		return &desk.Error{Code: desk.Invalid, Reason: "meaning", Text: "vectors are made at the vendor's own address or one that the operator named", Cause: err}
	}
	return nil
}

// mean searches once more with the meaning of the question, where the workspace
// wants it. What fails is noted, and the words alone say what they say.
func (w *writing) mean(ctx context.Context, f Finding) Finding {
	by := w.set.Meant()
	if by == (desk.Meaning{}) {
		return f
	}
	purpose := desk.AIMeaning
	if w.purpose == desk.AIEvaluate {
		purpose = desk.AIEvaluate // the lab's account
	}
	masked := w.table.Mask(w.question.Text)
	got, c, err := w.embed(ctx, bill{ws: w.ws.ID, set: w.set, call: desk.Call{Purpose: purpose}}, questionDeadline, []string{masked})
	if c.Model != "" {
		w.calls = append(w.calls, call{c, store.AILogBody{Prompt: masked}})
	}
	if err == nil && len(got.List) != 1 {
		err = &llm.Error{Kind: llm.Broken}
	}
	if err != nil {
		return w.unmeant(f, whyOf(err))
	}
	w.question.Meant = &Meant{by.Vendor, by.Model, got.List[0]}
	wider, err := w.search(ctx, w.ws.ID, w.question)
	switch {
	case err != nil:
		w.question.Meant = nil
		return w.unmeant(f, string(desk.CodeOf(err)))
	case wider.Unmeant != "":
		w.question.Meant = nil
		return w.unmeant(f, wider.Unmeant)
	}
	w.meant = slices.ContainsFunc(wider.Passages, func(p Passage) bool { return p.Near.Place > 0 })
	return wider
}

// unmeant notes why words alone were searched for.
func (w *writing) unmeant(f Finding, why string) Finding {
	w.Log.Warn("the question was searched for by its words alone", "workspace", w.ws.ID, "reason", why)
	w.notes = append(w.notes, desk.Check{Name: "meaning_" + why})
	return f
}
