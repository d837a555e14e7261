package knowledge

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// GapAnswer is what a business answers to a gap.
type GapAnswer struct {
	Answer   string
	Question string  // "" = the newest question that was asked, without personal data
	Source   desk.ID // of questions and answers; 0 = the one named Name, made where there is none
	Name     string
	By       desk.Actor
}

// AnswerGap adds a pair to a source and closes the gap. The questions that were
// asked become ways to ask for it, without personal data; they leave with their
// messages. Errors: desk.NotFound, desk.Invalid as AddFAQ and question_missing,
// desk.Conflict source_name_taken.
func (k *Knowledge) AnswerGap(ctx context.Context, ws, gap desk.ID, a GapAnswer) (out store.Source, err error) {
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.LockGap(gap); err != nil {
			return err
		}
		words, err := k.adopted(&tx.Rx, gap)
		if err != nil {
			return err
		}
		pair := Pair{Question: text.Normalise(a.Question, 0), Answer: a.Answer}
		if pair.Question == "" {
			if len(words) == 0 {
				return invalid("question_missing", "the questions that were asked may not be used; write one yourself")
			}
			pair.Question, words[0].Question = words[0].Text, true
		}
		if out, err = k.addPair(tx, a, pair); err != nil {
			return err
		}
		for _, w := range words {
			of := store.Passage{Source: out.ID, PassageBody: store.PassageBody{Question: pair.Question}}
			if _, err := tx.AddPhrasing(of, w); err != nil {
				return err
			}
		}
		if err := k.closeGap(tx, gap, store.GapAnswered); err != nil {
			return err
		}
		if err := k.recorded(tx, a.By, "gap.answer", gap); err != nil {
			return err
		}
		return k.queue(tx, out.ID)
	})
	return out, err
}

// adopted are the newest questions of a gap as ways to ask.
func (k *Knowledge) adopted(r *store.Rx, gap desk.ID) ([]store.Phrasing, error) {
	if k.Redact == nil {
		return nil, nil
	}
	all, err := usable(r, gap)
	var out []store.Phrasing
	for _, u := range all {
		words := text.Normalise(k.Redact.Redact(u.body, u.names...), MaxQuestion)
		same := func(p store.Phrasing) bool { return strings.EqualFold(p.Text, words) }
		if words == "" || slices.ContainsFunc(out, same) {
			continue
		}
		out = append(out, store.Phrasing{Text: words, Language: u.q.Language, State: store.PhrasingActive,
			Contact: u.q.Contact, Conversation: u.q.Conversation, Message: u.q.Message})
	}
	return out, err
}

// addPair adds one pair to the source of a GapAnswer.
func (k *Knowledge) addPair(tx *store.Tx, a GapAnswer, pair Pair) (store.Source, error) {
	name := text.Normalise(a.Name, MaxName)
	var s store.Source
	var err error
	if a.Source != 0 {
		s, err = tx.Source(a.Source)
	} else if s, err = tx.SourceNamed(fold(name)); desk.IsNotFound(err) {
		return k.newPairs(tx, name, pair)
	}
	if err != nil {
		return s, err
	}
	if s.Kind != FAQ || s.Format != "" {
		return s, invalid("wrong_kind", "an answer to a gap goes into a source of questions and answers")
	}
	old, err := tx.SourceInput(s.ID)
	if err != nil {
		return s, err
	}
	var pairs []Pair
	if err := json.Unmarshal(old, &pairs); err != nil {
		return s, err
	}
	input, err := packPairs(append(pairs, pair))
	if err != nil {
		return s, err
	}
	if err := tx.ReplaceInput(s.ID, input); err != nil {
		return s, err
	}
	return tx.ChangeSource(s.ID, fold, func(s *store.Source) error {
		s.State, s.Reason = store.SourceQueued, ""
		return nil
	})
}

func (k *Knowledge) newPairs(tx *store.Tx, name string, pair Pair) (store.Source, error) {
	input, err := packPairs([]Pair{pair})
	if err != nil {
		return store.Source{}, err
	}
	s := store.Source{ID: tx.NewID(), Kind: FAQ, Name: name, State: store.SourceQueued, Workspace: tx.Workspace(), Revision: 1,
		Size: int64(len(input)), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if err := check(s); err != nil {
		return s, err
	}
	return s, tx.InsertSource(s, fold(s.Name), input)
}

// AdoptPhrasing makes the questions of a gap ways to ask for a passage, and
// closes the gap. Errors: desk.NotFound, desk.Invalid question_missing,
// too_many_phrasings.
func (k *Knowledge) AdoptPhrasing(ctx context.Context, ws, gap, passage desk.ID, by desk.Actor) (all []store.Phrasing, err error) {
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		all = nil
		if _, err := tx.LockGap(gap); err != nil {
			return err
		}
		p, err := tx.Passage(passage)
		if err != nil {
			return err
		}
		words, err := k.adopted(&tx.Rx, gap)
		if err != nil {
			return err
		}
		if len(words) == 0 {
			return invalid("question_missing", "the questions that were asked may not be used; write another wording at the passage")
		}
		for _, w := range words {
			kept, err := tx.AddPhrasing(p, w)
			if err != nil {
				return err
			}
			all = append(all, kept)
		}
		if err := k.closeGap(tx, gap, store.GapAnswered); err != nil {
			return err
		}
		return k.changed(tx, by, "gap.phrasing", gap, p.Source)
	})
	return all, err
}

// changed records an act on what a source says and tells who follows.
func (k *Knowledge) changed(tx *store.Tx, by desk.Actor, action string, object, source desk.ID) error {
	if err := k.recorded(tx, by, action, object); err != nil {
		return err
	}
	return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: source})
}

// DismissGap closes a gap that needs no answer; who asks again does not open it.
func (k *Knowledge) DismissGap(ctx context.Context, ws, gap desk.ID, by desk.Actor) error {
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.LockGap(gap); err != nil {
			return err
		}
		if err := k.closeGap(tx, gap, store.GapDismissed); err != nil {
			return err
		}
		return k.recorded(tx, by, "gap.dismiss", gap)
	})
}

func (k *Knowledge) closeGap(tx *store.Tx, gap desk.ID, state store.GapState) error {
	if err := tx.SetGap(gap, state); err != nil {
		return err
	}
	return k.Flow.Emit(tx, desk.Event{Kind: desk.GapChanged, Object: gap})
}
