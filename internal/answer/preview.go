package answer

import (
	"context"

	"parley/internal/answer/mask"
	"parley/internal/desk"
)

// Preview is what would be sent to a model for a question.
type Preview struct {
	Vendor desk.Vendor
	Model  string
	System []string // blocks of instruction
	Data   string   // what stands between the fences, with them
	Body   []byte   // the bytes of the request
	Meant  bool     // the question itself was sent for its vector
}

// Preview assembles the prompt of a question and asks no model for an answer
// (H-77). Where search by meaning is on, the question goes to whoever makes its
// vector, as in a turn, because the passages that go along depend on it; what a
// turn may find by rewriting the question is not in it. Errors:
// desk.Conflict "no_model" where no vendor and model are chosen, "no_passages"
// where nothing was found that an answer could rest on.
func (a *Answer) Preview(ctx context.Context, ws desk.ID, q Question) (Preview, error) {
	t, err := a.imagine(ctx, ws, "", q)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Vendor: t.set.Provider, Model: t.set.Models[t.set.Provider]}
	if out.Vendor == desk.NoVendor || out.Model == "" {
		return out, desk.Fail(desk.Conflict, "no_model", "choose a vendor and a model first")
	}
	t.readTopics()
	w := &writing{Answer: a, asking: t.asking(desk.AIReply), table: mask.New()}
	f, err := a.search(ctx, ws, w.question)
	if err != nil {
		return out, err
	}
	f = w.mean(ctx, f) // within its own deadline
	out.Meant = len(w.calls) > 0
	if len(f.Passages) == 0 {
		return out, desk.Fail(desk.Conflict, "no_passages", "the knowledge holds nothing that fits this question, so that no model is asked")
	}
	req, err := w.ask(ctx, out.Model, f)
	if err != nil {
		return out, err
	}
	m, err := a.open(ctx, ws, out.Vendor)
	if err != nil {
		return out, err
	}
	out.System, out.Data = req.System, req.Messages[len(req.Messages)-1].Text
	out.Body, err = m.Bytes(req)
	return out, err
}
