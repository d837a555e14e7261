package answer

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"parley/internal/answer/check"
	"parley/internal/answer/mask"
	"parley/internal/answer/prompt"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/llm"
	"parley/internal/store"
)

// Engines, as a turn's record names them.
const (
	Extractive = "extractive" // quotes the knowledge
	Modelled   = "model"      // a model's words that rest on it
)

// ModelDeadline is how long all calls of one answer to models may take.
const ModelDeadline = 25 * time.Second

// worthAsking is how well the best passage fits at least for a model to be asked,
// where it is not enough to quote it unread: below, the words have next to
// nothing in common with any.
const worthAsking = 0.15

// asking is one question with everything that an answer may use of it.
type asking struct {
	ws       desk.Workspace
	set      desk.AISettings
	question Question
	history  []prompt.Line
	names    []string       // of the contact, which no model reads
	purpose  desk.AIPurpose // "" = no model is asked
}

// call is one call to a model with what it was for.
type call struct {
	desk.Call
	log store.AILogBody // masked
}

// compose searches and, where the workspace wants it, has a model write. An
// error means that the search itself failed; a model that fails leaves what the
// knowledge says by itself.
func (a *Answer) compose(ctx context.Context, in asking) (Finding, error) {
	f, err := a.search(ctx, in.ws.ID, in.question)
	if err != nil || in.question.Passage != 0 || f.Decision == desk.DecideNothing || !in.set.Allows(in.purpose) {
		return proper(f), err
	}
	ctx, cancel := clock.WithTimeout(ctx, a.DB.Clock(), ModelDeadline)
	defer cancel()
	w := &writing{Answer: a, asking: in, table: mask.New(in.names...)}
	f = w.widen(ctx, w.mean(ctx, f))
	if w.why == "" && (f.Decision != desk.DecideHandOver || w.widened || w.meant || f.Score >= worthAsking) {
		f = w.reply(ctx, f)
	}
	return proper(w.finish(f)), nil
}

// proper takes the answer out of a finding that asks for a special category of
// data: the business may have written so itself, and it is not quoted either.
func proper(f Finding) Finding {
	if f.Decision != desk.DecideAnswer || !check.AsksSpecial(f.Text) {
		return f
	}
	f.Checks = append(slices.Clone(f.Checks), desk.Check{Name: check.Asking})
	return unanswered(f, string(desk.LowConfidence))
}

// writing is the part of an answer that models have.
type writing struct {
	*Answer
	asking
	table   *mask.Table
	calls   []call
	widened bool // other search words found passages
	meant   bool // the question's meaning found passages
	notes   []desk.Check
	why     string // no model wrote: a machine word
	// What the checks compare with, of the prompt that was sent last.
	named          map[string]desk.ID // passages by the names they had there
	canary, steady string
}

// finish hands the calls and the reason why none wrote to the finding.
func (w *writing) finish(f Finding) Finding {
	f.calls, f.Checks = w.calls, append(f.Checks, w.notes...)
	if w.why != "" {
		f.Checks = append(f.Checks, desk.Check{Name: "model_" + w.why})
	}
	return f
}

// widen searches once more with the words of the knowledge, where the question's
// own did not find an answer.
func (w *writing) widen(ctx context.Context, f Finding) Finding {
	if !w.set.Allows(desk.AIRewrite) || f.Decision == desk.DecideAnswer {
		return f
	}
	languages, err := w.Finder.Languages(ctx, w.ws.ID)
	if err != nil || len(languages) == 0 {
		return f
	}
	purpose := desk.AIRewrite
	if w.purpose == desk.AIEvaluate {
		purpose = desk.AIEvaluate // the lab's account
	}
	said, err := w.generate(ctx, purpose, func(model string) (llm.Request, error) {
		r := prompt.Rewrite{Question: w.table.Mask(w.question.Text), Languages: languages, Model: model}
		body, err := r.Data()
		if err != nil {
			return llm.Request{}, err
		}
		if r.Fence, err = w.word(ctx, "fence", body); err != nil {
			return llm.Request{}, err
		}
		return prompt.BuildQueries(r)
	})
	if err != nil {
		w.why = string(noBudgetOf(err)) // and none will answer
		w.Log.Warn("the question was not rewritten", "workspace", w.ws.ID, "reason", whyOf(err))
		return f
	}
	q := w.question
	if q.Queries, err = prompt.ReadQueries(said.JSON); err != nil || len(q.Queries) == 0 {
		return f
	}
	wider, err := w.search(ctx, w.ws.ID, q)
	if err != nil {
		return f
	}
	w.widened = len(wider.Passages) > 0
	return wider
}

// generate asks the vendors in their order. What a call cost is written before
// anything is done with its answer; with the budget at its end nobody is asked.
func (w *writing) generate(ctx context.Context, purpose desk.AIPurpose, build func(model string) (llm.Request, error)) (llm.Reply, error) {
	var failed error = desk.Fail(desk.Unavailable, "no_model", "no model is set")
	for _, v := range []desk.Vendor{w.set.Provider, w.set.Fallback} {
		model := w.set.Models[v]
		if v == desk.NoVendor || model == "" {
			continue
		}
		req, err := build(model)
		if err != nil {
			return llm.Reply{}, err
		}
		m, err := w.open(ctx, w.ws.ID, v)
		if err != nil {
			failed = err
			continue
		}
		reply, err := w.pay(ctx, m, req, desk.Call{Purpose: purpose, Vendor: v, Model: model})
		if err == nil || noBudgetOf(err) != "" {
			return reply, err
		}
		failed = err
	}
	return llm.Reply{}, failed
}

// pay makes one call within the budget and keeps what went out and came back.
func (w *writing) pay(ctx context.Context, m llm.Adapter, req llm.Request, c desk.Call) (llm.Reply, error) {
	body, err := m.Bytes(req)
	if err != nil {
		return llm.Reply{}, err
	}
	var reply llm.Reply
	c, made, err := w.paid(ctx, bill{w.ws.ID, w.set, c, most(req, body)}, func(ctx context.Context) (llm.Usage, error) {
		var err error
		reply, err = m.Generate(ctx, req)
		return reply.Usage, err
	})
	if made {
		w.calls = append(w.calls, call{c, store.AILogBody{Prompt: string(body), Completion: reply.Text}})
	}
	return reply, err
}

// reply has a model answer from the passages found, and believes nothing of it
// that was not checked.
func (w *writing) reply(ctx context.Context, f Finding) Finding {
	said, err := w.generate(ctx, w.purpose, func(model string) (llm.Request, error) { return w.ask(ctx, model, f) })
	if err != nil {
		w.why = whyOf(err)
		w.Log.Warn("no model answered; the knowledge answers by itself", "workspace", w.ws.ID, "reason", w.why)
		return f
	}
	r, err := prompt.Read(said.JSON)
	if err != nil {
		w.why = string(llm.Broken)
		return f
	}
	return w.judge(f, r)
}

// whyOf is the machine word of a failure.
func whyOf(err error) string {
	if k := llm.KindOf(err); k != "" {
		return string(k)
	}
	if e := noBudgetOf(err); e != "" {
		return string(e)
	}
	return string(desk.CodeOf(err))
}

// ask assembles the prompt of a reply.
func (w *writing) ask(ctx context.Context, model string, f Finding) (llm.Request, error) {
	p := prompt.Ask{Business: w.ws.Name, Question: w.table.Mask(w.question.Text), Language: f.Language, Settings: w.set, Model: model}
	for _, l := range w.history {
		p.History = append(p.History, prompt.Line{From: l.From, Text: w.table.Mask(l.Text)})
	}
	w.named = map[string]desk.ID{}
	for i, found := range f.Passages[:min(len(f.Passages), prompt.MaxPassages)] {
		w.named[passageName(i)] = found.Ref.PassageID
		p.Passages = append(p.Passages, prompt.Passage{ID: passageName(i), Title: found.Title, Text: found.Text})
	}
	body, err := p.Data()
	if err != nil {
		return llm.Request{}, err
	}
	if p.Fence, err = w.word(ctx, "fence", body); err != nil {
		return llm.Request{}, err
	}
	if p.Canary, err = w.word(ctx, "canary", strconv.FormatInt(w.set.Version, 10)); err != nil {
		return llm.Request{}, err
	}
	req, err := prompt.Build(p)
	if err == nil {
		w.canary, w.steady = p.Canary, req.System[0]
	}
	return req, err
}

// word is one that nobody outside can guess and that is the same each time, so
// that a preview shows the bytes that are sent.
func (a *Answer) unguessable(ctx context.Context, ws desk.ID, kind, of string) (string, error) {
	hash, err := a.DB.In(ws).Hash(ctx, "prompt "+kind, of)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%X", kind, hash[:8]), nil
}

func (w *writing) word(ctx context.Context, kind, of string) (string, error) {
	return w.unguessable(ctx, w.ws.ID, kind, of)
}

func passageName(i int) string { return "P" + strconv.Itoa(i+1) }
