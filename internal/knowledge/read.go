package knowledge

import (
	"context"
	"encoding/json"
	"strings"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/internal/store"
)

// sureLanguage is the confidence from which a passage has a language of its own.
const sureLanguage = 0.6

// read cuts a source into passages. It may run again at any point: the passages
// and the end of the work are one commit.
func (k *Knowledge) read(ctx context.Context, j *flow.Job) error {
	ws, id := j.Items[0].Workspace, j.Items[0].Object
	var source store.Source
	var input []byte
	gone := false
	err := k.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		j.Check(tx)
		source, err = tx.ChangeSource(id, fold, func(s *store.Source) error {
			s.State, s.Reason = store.SourceReading, ""
			return nil
		})
		if gone = desk.CodeOf(err) == desk.NotFound; gone {
			return j.Finish(tx) // removed while it waited
		}
		if err != nil {
			return err
		}
		if input, err = tx.SourceInput(id); err != nil {
			return err
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: id})
	})
	if err != nil || gone {
		return err
	}
	passages, reason := k.split(source, input)
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		return k.keep(tx, j, source, passages, reason)
	})
}

// keep commits the result, unless the source got other input meanwhile: then its
// own work item reads that.
func (k *Knowledge) keep(tx *store.Tx, j *flow.Job, read store.Source, passages []store.Passage, reason extract.Reason) error {
	now, err := tx.Source(read.ID)
	if desk.CodeOf(err) == desk.NotFound || err == nil && now.Revision != read.Revision {
		return j.Finish(tx)
	}
	if err != nil {
		return err
	}
	if err := tx.ReplacePassages(read.ID, passages); err != nil {
		return err
	}
	_, err = tx.ChangeSource(read.ID, fold, func(s *store.Source) error {
		s.State, s.Reason, s.Passages = store.SourceReady, string(reason), len(passages)
		if reason != "" {
			s.State = store.SourceFailed
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: read.ID}); err != nil {
		return err
	}
	return j.Finish(tx)
}

// split cuts the input into passages, each with its language.
func (k *Knowledge) split(s store.Source, input []byte) ([]store.Passage, extract.Reason) {
	var found []extract.Passage
	if s.Kind == FAQ {
		var pairs []Pair
		if err := json.Unmarshal(input, &pairs); err != nil {
			return nil, extract.WrongType
		}
		for _, p := range pairs {
			found = append(found, extract.Passage{Question: p.Question, Alternatives: p.Alternatives, Text: p.Answer})
		}
	} else {
		found = extract.Split(string(input), s.Kind == Markdown)
	}
	if len(found) == 0 {
		return nil, extract.NoText
	}
	if len(found) > extract.MaxPassages {
		return nil, extract.TooLarge
	}
	main := s.Language
	if main == "" {
		main, _ = text.Language(sample(found))
	}
	out := make([]store.Passage, len(found))
	for i, p := range found {
		out[i] = store.Passage{N: i, Language: main, From: p.Start, To: p.End, PassageBody: store.PassageBody{
			Heading: p.Heading, Question: p.Question, Alternatives: p.Alternatives, Text: p.Text}}
		if s.Language == "" {
			if own, sure := text.Language(p.Question+"\n"+p.Text, main); sure >= sureLanguage {
				out[i].Language = own
			}
		}
	}
	return out, ""
}

// sample is text from all over a source, enough to tell its language.
func sample(found []extract.Passage) string {
	var b strings.Builder
	step := max(1, len(found)/20)
	for i := 0; i < len(found); i += step {
		b.WriteString(text.Cut(found[i].Question+"\n"+found[i].Text, 200))
		b.WriteByte('\n')
	}
	return b.String()
}
