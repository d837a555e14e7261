package knowledge

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/internal/store"
)

// SuggestWork is the kind of work that asks a model which questions lead to
// passages, in the workspace's lane.
const SuggestWork = "suggest_phrasings"

// SuggestAfter is how long the knowledge must have been at rest before questions
// are asked for.
const SuggestAfter = 5 * time.Second

// Limits of suggestions.
const (
	askedAtOnce   = 10   // passages of one item of work; the next item asks about the next
	maxSuggested  = 5    // of a passage at a time
	nearQuestions = 0.75 // of the words of two questions that both have
)

// Thinker has the workspace's model think of questions; an error is the
// database's.
type Thinker interface {
	Questions(ctx context.Context, ws desk.ID, about Piece) (Thought, error)
}

// Piece is a passage as a model reads it.
type Piece struct {
	Title     string
	Text      string
	Language  string
	Languages []string // of the whole knowledge, the passage's first
}

// Thought is what came of asking. Nothing of it is believed.
type Thought struct {
	Questions []string
	Off       bool
	Fault     string        // why there are none; a machine word
	Wait      time.Duration // after which it may be tried again; 0 = never about this passage
}

// suggest asks about the passages that no model was asked about as they are, a
// few at a time. It may run again at any point: what was suggested for a passage
// and that it was asked about are one commit.
func (k *Knowledge) suggest(ctx context.Context, j *flow.Job) error {
	ws := j.Items[0].Workspace
	var todo []store.Passage
	err := k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		set, err := r.AISettings()
		if todo = nil; err == nil && k.Thinker != nil && set.Allows(desk.AIPhrase) {
			todo, err = r.Unasked(askedAtOnce)
		}
		return err
	})
	languages := []string{}
	if err == nil && len(todo) > 0 {
		languages, err = k.Languages(ctx, ws)
	}
	if err != nil {
		return err
	}
	for _, p := range todo {
		thought, err := k.Thinker.Questions(ctx, ws, pieceOf(p, languages))
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err() // the program ends: nothing is wrong with the passage
		case thought.Off:
			return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error { return j.Finish(tx) })
		case thought.Wait > 0:
			return k.suggestLater(ctx, j, thought)
		}
		if err := k.keepSuggested(ctx, j, p, thought); err != nil {
			return err
		}
	}
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if len(todo) == askedAtOnce {
			if err := k.Flow.Add(tx, flow.Item{Kind: SuggestWork, Key: ws}, flow.Coalesce(SuggestAfter)); err != nil {
				return err
			}
		}
		return j.Finish(tx)
	})
}

// suggestLater notes why no model answered and looks again then. The item is
// replaced rather than put off, so that newer knowledge or settings are looked at
// earlier.
func (k *Knowledge) suggestLater(ctx context.Context, j *flow.Job, t Thought) error {
	ws := j.Items[0].Workspace
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetSuggesting(t.Fault, tx.Now().Add(t.Wait)); err != nil {
			return err
		}
		if err := k.Flow.Emit(tx, desk.Event{Kind: desk.PhrasingsChanged, Object: ws}); err != nil {
			return err
		}
		if err := k.Flow.Add(tx, flow.Item{Kind: SuggestWork, Key: ws}, flow.After(t.Wait), flow.Coalesce(t.Wait)); err != nil {
			return err
		}
		return j.Finish(tx)
	})
}

func pieceOf(p store.Passage, languages []string) Piece {
	title := p.Heading
	if p.Question != "" {
		title = p.Question
	}
	all := []string{p.Language}
	for _, l := range languages {
		if l != p.Language {
			all = append(all, l)
		}
	}
	return Piece{title, p.Text, p.Language, all}
}

// keepSuggested keeps what stands of a model's questions beside the passage.
func (k *Knowledge) keepSuggested(ctx context.Context, j *flow.Job, p store.Passage, t Thought) error {
	good, err := k.worthAsking(ctx, p, t.Questions)
	if err != nil {
		return err
	}
	return k.DB.In(p.Workspace).Write(ctx, func(tx *store.Tx) error {
		j.Check(tx)
		same, err := tx.MarkAsked(p)
		if err != nil || !same { // it says something else by now: it is asked about again
			return err
		}
		there, err := tx.EveryPhrasing(p)
		if err != nil {
			return err
		}
		known := append(waysToAsk(p), p.Question)
		for _, one := range there {
			known = append(known, one.Text)
		}
		added := 0
		for _, one := range good {
			if len(there)+added >= store.MaxPhrasings || slices.ContainsFunc(known, func(old string) bool { return asksTheSame(one.Language, one.Text, old) }) {
				continue
			}
			if _, err := tx.AddPhrasing(p, one); err != nil {
				return err
			}
			known, added = append(known, one.Text), added+1
		}
		if err := tx.SetSuggesting(t.Fault, time.Time{}); err != nil {
			return err
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.PhrasingsChanged, Object: p.Source})
	})
}

// worthAsking drops questions that speak to a model, hold something private, are
// in a language that nobody here is answered in, or lead elsewhere: another
// passage answers them by the same rules that answer a customer.
func (k *Knowledge) worthAsking(ctx context.Context, p store.Passage, questions []string) ([]store.Phrasing, error) {
	x, err := k.base(ctx, p.Workspace)
	if err != nil {
		return nil, err
	}
	var out []store.Phrasing
	for _, q := range questions {
		q = strings.Join(strings.Fields(text.Normalise(q, 0)), " ")
		if q == "" || len(q) > MaxQuestion || len(out) == maxSuggested || extract.Suspect(q) != "" || k.Redact != nil && k.Redact.Redact(q) != q {
			continue
		}
		lang, sure := text.Language(q, p.Language)
		if sure < sureLanguage {
			lang = p.Language
		} else if lang != p.Language && !slices.Contains(x.Languages(), lang) {
			continue
		}
		r, err := k.Answer(ctx, p.Workspace, q, "")
		if err != nil {
			return nil, err
		}
		if !elsewhere(r, p.ID) {
			out = append(out, store.Phrasing{Text: q, Language: lang, State: store.PhrasingSuggested})
		}
	}
	return out, nil
}

// elsewhere reports whether a question is answered from another passage, or
// others are offered for it.
func elsewhere(r Result, own desk.ID) bool {
	switch r.Decision {
	case desk.DecideAnswer:
		return !slices.ContainsFunc(r.Sources, func(s desk.SourceRef) bool { return s.PassageID == own })
	case desk.DecideDidYouMean:
		return !slices.ContainsFunc(r.Suggestions, func(s Suggestion) bool { return s.Passage == own })
	}
	return false
}

// asksTheSame reports whether two questions differ in next to nothing.
func asksTheSame(lang, a, b string) bool {
	if b == "" {
		return false
	}
	if text.Fold(a) == text.Fold(b) {
		return true
	}
	sa, _ := asked(lang, a)
	sb, _ := asked(lang, b)
	both, all := 0, map[string]bool{}
	for _, s := range sb {
		all[s] = true
	}
	n := len(all)
	for _, s := range slices.Compact(slices.Sorted(slices.Values(sa))) {
		if all[s] {
			both++
		} else {
			n++
		}
	}
	return n > 0 && float64(both) >= nearQuestions*float64(n)
}

// Suggesting is how far the asking for questions is, with what waits by source.
type Suggesting struct {
	store.Suggesting
	On      bool
	Waiting []WaitingSource
}

// WaitingSource is a source with as many questions to decide about.
type WaitingSource struct {
	Source store.Source
	Count  int
}

// Suggesting says how far the asking for questions is.
func (k *Knowledge) Suggesting(ctx context.Context, ws desk.ID) (out Suggesting, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		out = Suggesting{}
		set, e1 := r.AISettings()
		out.On = set.Allows(desk.AIPhrase)
		far, e2 := r.Suggesting()
		out.Suggesting = far
		waiting, e3 := r.Waiting()
		if err := errors.Join(e1, e2, e3); err != nil {
			return err
		}
		for id, n := range waiting {
			s, err := r.Source(id)
			if err != nil {
				return err
			}
			out.Waiting = append(out.Waiting, WaitingSource{s, n})
		}
		return nil
	})
	slices.SortFunc(out.Waiting, func(a, b WaitingSource) int { return strings.Compare(fold(a.Source.Name), fold(b.Source.Name)) })
	return out, err
}

// Suggested lists the passages of a source with the questions that wait.
func (k *Knowledge) Suggested(ctx context.Context, ws, source desk.ID) (all []store.Suggested, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		if _, err := r.Source(source); err != nil {
			return err
		}
		all, err = r.SuggestedOf(source)
		return err
	})
	return all, err
}

// DecideSuggestions approves or declines every question that waits at a source,
// and says how many those were.
func (k *Knowledge) DecideSuggestions(ctx context.Context, ws, source desk.ID, approve bool, by desk.Actor) (n int64, err error) {
	state, act := store.PhrasingDeclined, "phrasing.decline_all"
	if approve {
		state, act = store.PhrasingActive, "phrasing.approve_all"
	}
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Source(source); err != nil {
			return err
		}
		if n, err = tx.DecideSuggestions(source, state); err != nil || n == 0 {
			return err
		}
		if err := k.changed(tx, by, act, source, source); err != nil {
			return err
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.PhrasingsChanged, Object: source})
	})
	return n, err
}
