package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Correction is what should have been answered.
type Correction struct {
	Passage  desk.ID // whose words were wrong; 0 = a pair of its own is written
	Question string  // of that pair; personal data in it is taken out
	Answer   string
	Source   desk.ID // of questions and answers; 0 = the one named Name, made where there is none
	Name     string
	By       desk.Actor
}

// Correct puts an answer right where it came from: the next question is answered
// with it. A passage says the new words from its commit on, and so does the pair
// it was read from; without a passage a pair is added, or the one with the same
// question changed. Errors: desk.NotFound, desk.Invalid as AddFAQ, empty,
// passage_too_long, wrong_kind, desk.Conflict source_name_taken.
func (k *Knowledge) Correct(ctx context.Context, ws desk.ID, c Correction) (out store.Source, err error) {
	answer := text.Normalise(c.Answer, 0)
	switch {
	case answer == "":
		return out, invalid("empty", "say what should be answered")
	case len(answer) > MaxAnswer:
		return out, invalid("passage_too_long", fmt.Sprintf("an answer has at most %d bytes", MaxAnswer))
	}
	c.Answer = answer
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if c.Passage != 0 {
			out, err = k.correctPassage(tx, c)
		} else {
			out, err = k.correctPair(tx, c)
		}
		if err != nil {
			return err
		}
		return k.recorded(tx, c.By, "answer.correct", out.ID)
	})
	return out, err
}

func (k *Knowledge) correctPassage(tx *store.Tx, c Correction) (store.Source, error) {
	was, err := tx.Passage(c.Passage)
	if err != nil {
		return store.Source{}, err
	}
	s, err := tx.Source(was.Source)
	if err != nil {
		return s, err
	}
	_, err = tx.TendPassage(c.Passage, c.By, func(p *store.Passage) error {
		if c.Answer != p.Text {
			p.Text = c.Answer
			p.Suspect, p.Cleared = suspect(p.PassageBody), false
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	if s.Kind == FAQ && was.Question != "" {
		read := was.Text
		if was.Original != "" {
			read = was.Original
		}
		same := func(p Pair) bool {
			return text.Normalise(p.Question, 0) == was.Question && text.Normalise(p.Answer, 0) == read
		}
		fixed := false
		s, err = k.rewrite(tx, s, func(pairs []Pair) ([]Pair, bool) {
			at := slices.IndexFunc(pairs, same)
			if fixed = at >= 0; fixed {
				pairs[at].Answer = c.Answer
			}
			return pairs, fixed
		})
		if err != nil || !fixed {
			return s, err
		}
		return s, tx.RewordPassage(c.Passage)
	}
	return s, k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: s.ID})
}

// rewrite changes the pairs of a source and has it read again; fn says false
// where there is nothing to change.
func (k *Knowledge) rewrite(tx *store.Tx, s store.Source, fn func([]Pair) ([]Pair, bool)) (store.Source, error) {
	old, err := tx.SourceInput(s.ID)
	if err != nil {
		return s, err
	}
	var pairs []Pair
	if err := json.Unmarshal(old, &pairs); err != nil {
		return s, err
	}
	next, changed := fn(pairs)
	if !changed {
		return s, k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: s.ID})
	}
	input, err := packPairs(next)
	if err != nil {
		return s, err
	}
	if err := tx.ReplaceInput(s.ID, input); err != nil {
		return s, err
	}
	s, err = tx.ChangeSource(s.ID, fold, func(s *store.Source) error {
		s.State, s.Reason = store.SourceQueued, ""
		return nil
	})
	if err != nil {
		return s, err
	}
	return s, k.queue(tx, s.ID)
}

func (k *Knowledge) correctPair(tx *store.Tx, c Correction) (s store.Source, err error) {
	pair := Pair{Question: text.Normalise(c.Question, 0), Answer: c.Answer}
	if k.Redact != nil {
		pair.Question = k.Redact.Redact(pair.Question)
	}
	name := text.Normalise(c.Name, MaxName)
	if c.Source != 0 {
		s, err = tx.Source(c.Source)
	} else if s, err = tx.SourceNamed(fold(name)); desk.IsNotFound(err) {
		if s, err = k.newPairs(tx, name, pair); err != nil {
			return s, err
		}
		return s, k.queue(tx, s.ID)
	}
	if err != nil {
		return s, err
	}
	if s.Kind != FAQ {
		return s, invalid("wrong_kind", "a question with its answer goes into a source of questions and answers")
	}
	return k.rewrite(tx, s, func(pairs []Pair) ([]Pair, bool) {
		at := slices.IndexFunc(pairs, func(p Pair) bool { return fold(p.Question) == fold(pair.Question) })
		if at < 0 {
			return append(pairs, pair), true
		}
		pairs[at].Answer = pair.Answer
		return pairs, true
	})
}
