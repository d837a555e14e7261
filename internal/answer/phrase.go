package answer

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/internal/answer/mask"
	"parley/internal/answer/prompt"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/llm"
	"parley/internal/store"
)

// Piece is a passage for which questions are thought of.
type Piece struct {
	Title     string
	Text      string
	Language  string
	Languages []string // of the whole knowledge
}

// Thought is what came of asking a model for questions.
type Thought struct {
	Questions []string
	Off       bool          // the workspace does not want it: nobody was asked
	Fault     string        // why there are no questions; a machine word
	Wait      time.Duration // after which it may be tried again; 0 = this passage never is
}

// How long questions wait after what went wrong.
const (
	soonAgain = 10 * time.Minute // a vendor that is busy or does not answer
	someTime  = time.Hour        // what somebody has to mend: a key, an account without money, a name of a model
)

// phraseShare is which part of the day's budget questions may use up: answers to
// customers come first.
const phraseShare = 2

// Questions asks the workspace's model what customers may ask that a passage
// answers. Nothing of any contact goes along. What comes back is as the model
// said it, but bounded and without private data; the caller checks the rest. An
// error is the database's.
func (a *Answer) Questions(ctx context.Context, ws desk.ID, p Piece) (Thought, error) {
	set, err := a.Settings(ctx, ws)
	if err != nil || !set.Allows(desk.AIPhrase) {
		return Thought{Off: true}, err
	}
	full, err := a.phrasesSpent(ctx, ws, set)
	if err != nil {
		return Thought{}, err
	}
	if full {
		return Thought{Fault: "budget", Wait: a.untilTomorrow()}, nil
	}
	ctx, cancel := clock.WithTimeout(ctx, a.DB.Clock(), ModelDeadline)
	defer cancel()
	w := &writing{Answer: a, asking: asking{ws: desk.Workspace{ID: ws}, set: set}, table: mask.New()}
	title, body := w.table.Mask(p.Title), w.table.Mask(p.Text)
	said, failed := w.generate(ctx, desk.AIPhrase, func(model string) (llm.Request, error) {
		in := prompt.Phrase{Title: title, Text: body, Language: p.Language, Languages: p.Languages, Model: model}
		data, err := in.Data()
		if err != nil {
			return llm.Request{}, err
		}
		if in.Fence, err = w.word(ctx, "fence", data); err != nil {
			return llm.Request{}, err
		}
		return prompt.BuildPhrasings(in)
	})
	if err := a.keepPhraseCalls(context.WithoutCancel(ctx), ws, w.calls); err != nil {
		return Thought{}, err
	}
	if failed != nil {
		return a.noThought(failed), nil
	}
	all, err := prompt.ReadPhrasings(said.JSON)
	if err != nil {
		return Thought{Fault: string(llm.Broken)}, nil
	}
	hidden := w.table.Placeholders()
	return Thought{Questions: slices.DeleteFunc(all, func(q string) bool {
		return slices.ContainsFunc(hidden, func(p string) bool { return strings.Contains(q, p) })
	})}, nil
}

// noThought tells when what failed may be tried again.
func (a *Answer) noThought(err error) Thought {
	out := Thought{Fault: whyOf(err), Wait: soonAgain}
	switch kind := llm.KindOf(err); {
	case out.Fault == "budget":
		out.Wait = a.untilTomorrow()
	case kind == llm.Refused, kind == llm.Broken, kind == llm.TooLong:
		out.Wait = 0 // it is about this passage
	case kind == llm.Quota, kind == llm.BadKey, kind == llm.BadRequest, kind == llm.NoDPA, kind == llm.KeepsLong, kind == llm.NotAllowed:
		out.Wait = someTime
	}
	return out
}

// phrasesSpent reports whether the part of the day's budget that questions may
// use is used up, by whatever.
func (a *Answer) phrasesSpent(ctx context.Context, ws desk.ID, set desk.AISettings) (full bool, err error) {
	err = a.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		tokens, micros, err := r.Spent(a.DB.Clock().Now())
		full = set.TokensPerDay > 0 && tokens*phraseShare >= set.TokensPerDay || set.CentsPerDay > 0 && micros*phraseShare >= set.CentsPerDay*10_000
		return err
	})
	return full, err
}

// untilTomorrow is how long the day's budget lasts still.
func (a *Answer) untilTomorrow() time.Duration {
	now := a.DB.Clock().Now().UTC()
	return now.Truncate(24 * time.Hour).Add(24*time.Hour + time.Minute).Sub(now)
}

// keepPhraseCalls writes what went to models and came back; it belongs to no
// conversation.
func (a *Answer) keepPhraseCalls(ctx context.Context, ws desk.ID, calls []call) error {
	if len(calls) == 0 {
		return nil
	}
	return a.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		for _, c := range calls {
			if err := tx.InsertAILog(store.AILog{ID: tx.NewID(), Call: c.Call, Body: c.log}); err != nil {
				return err
			}
		}
		return nil
	})
}
