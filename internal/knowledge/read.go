package knowledge

import (
	"context"
	"encoding/json"
	"errors"
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
			s.State, s.Reason, s.Stage, s.PagesDone = store.SourceReading, "", "opening", 0
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
	r := k.reading(ctx, j, source, input)
	if ctx.Err() != nil {
		return ctx.Err() // the program ends: nothing is wrong with the source
	}
	return k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		return k.keep(tx, j, source, r)
	})
}

// keep commits the result, unless the source got other input meanwhile: then its
// own work item reads that.
func (k *Knowledge) keep(tx *store.Tx, j *flow.Job, read store.Source, r reading) error {
	now, err := tx.Source(read.ID)
	if desk.CodeOf(err) == desk.NotFound || err == nil && now.Revision != read.Revision {
		return j.Finish(tx)
	}
	if err != nil {
		return err
	}
	if r.input != nil {
		if err := tx.RenewInput(read.ID, r.input); err != nil {
			return err
		}
	}
	if err := tx.ReplacePassages(read.ID, r.passages); err != nil {
		return err
	}
	_, err = tx.ChangeSource(read.ID, fold, func(s *store.Source) error {
		s.State, s.Reason, s.Passages, s.Stage = store.SourceReady, string(r.reason), len(r.passages), ""
		s.Kind, s.Format, s.PagesDone, s.Pages = r.kind, r.format, r.pages, r.pages
		if r.reason != "" {
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

// reading is what became of a source's input.
type reading struct {
	passages     []store.Passage
	reason       extract.Reason // why there are none
	kind, format string         // what it turned out to be
	input        []byte         // pairs in place of the table they stood in; nil = it stays
	pages        int
}

// reading cuts the input into passages, each with its language.
func (k *Knowledge) reading(ctx context.Context, j *flow.Job, s store.Source, input []byte) reading {
	out, language := reading{kind: s.Kind, format: s.Format}, s.Language
	var found []extract.Passage
	var items []store.Item
	switch {
	case s.Kind == Replies:
		var all []said
		if err := json.Unmarshal(input, &all); err != nil {
			out.reason = extract.WrongType
			return out
		}
		out.passages, out.reason = repliesKept(s.Language, all)
		return out
	case s.Kind == FAQ && s.Format == "":
		var pairs []Pair
		if err := json.Unmarshal(input, &pairs); err != nil {
			out.reason = extract.WrongType
			return out
		}
		found = pairPassages(pairs)
	case s.Kind == File, s.Kind == Catalogue, s.Kind == FAQ:
		doc, refused := k.readFile(ctx, j, s, input)
		if refused != nil {
			out.reason = refused.Reason
			return out
		}
		out.format, out.pages, found = doc.Format, doc.Pages, doc.Passages
		if pairs := askedPairs(doc.Sheets, s.Kind == FAQ); pairs != nil && s.Kind != Catalogue {
			if out.input, out.reason = packSheets(pairs); out.reason != "" {
				return out
			}
			out.kind, out.format, found = FAQ, "", pairPassages(pairs)
		} else if s.Kind == FAQ {
			out.reason = extract.NoColumns
			return out
		} else if rows, own := catalogue(doc.Sheets); own != nil {
			if out.kind, found, items = Catalogue, rows, own; language == "" {
				language = listLanguage(doc.Sheets, rows)
			}
		} else if s.Kind == Catalogue {
			out.reason = extract.NoColumns
			return out
		}
	case s.Kind == Profile:
		found = profilePassages(input)
	default:
		found = extract.Split(string(input), s.Kind == Markdown)
	}
	out.passages, out.reason = keepable(language, found)
	for i := range min(len(items), len(out.passages)) {
		p := &out.passages[i]
		if p.Item = &items[i]; p.Suspect == "" {
			p.Suspect = suspectItem(items[i].ItemFacts)
		}
	}
	return out
}

func pairPassages(pairs []Pair) (found []extract.Passage) {
	for _, p := range pairs {
		found = append(found, extract.Passage{Question: p.Question, Alternatives: p.Alternatives, Text: p.Answer})
	}
	return found
}

// askedPairs reads pairs out of the sheets of a workbook; nil when they are
// something else. Where pairs were asked for, sheets without them (a title page)
// are passed over.
func askedPairs(sheets []extract.Sheet, asked bool) (all []Pair) {
	for _, s := range sheets {
		pairs, ok := sheetPairs(s)
		if !ok && !asked {
			return nil
		}
		all = append(all, pairs...)
	}
	return all
}

// packSheets is packPairs with a reason for the source.
func packSheets(pairs []Pair) ([]byte, extract.Reason) {
	input, err := packPairs(pairs)
	var e *desk.Error
	if errors.As(err, &e) {
		return nil, extract.Reason(e.Reason)
	}
	return input, ""
}

// keepable makes passages as they are kept: with a language, and held back where
// they speak to a model. language "" is guessed.
func keepable(language string, found []extract.Passage) ([]store.Passage, extract.Reason) {
	if len(found) == 0 {
		return nil, extract.NoText
	}
	if len(found) > extract.MaxPassages {
		return nil, extract.TooLarge
	}
	main := language
	if main == "" {
		main, _ = text.Language(sample(found))
	}
	out := make([]store.Passage, len(found))
	for i, p := range found {
		out[i] = store.Passage{N: i, Language: main, From: p.Start, To: p.End, PassageBody: store.PassageBody{
			Heading: p.Heading, Question: p.Question, Alternatives: p.Alternatives, Text: p.Text}}
		out[i].Suspect = suspect(out[i].PassageBody)
		if language == "" {
			if own, sure := text.Language(p.Question+"\n"+p.Text, main); sure >= sureLanguage {
				out[i].Language = own
			}
		}
	}
	return out, ""
}

func suspect(b store.PassageBody) string {
	return extract.Suspect(append([]string{b.Heading, b.Question, b.Text}, b.Alternatives...)...)
}

// wordy is from how many words on a code or an address is none.
const wordy = 6

// suspectItem looks at the cells of a row one by one: each has less reason to
// order anything than a text, and what should be a code or an address and is a
// sentence was written for somebody else.
func suspectItem(i store.ItemFacts) string {
	for _, cell := range []string{strings.TrimSpace(i.Name + " " + i.Variant), i.SKU, i.Stock, i.Link} {
		if why := extract.SuspectName(cell); why != "" && (cell != i.Link || strings.Contains(cell, " ")) {
			return why
		}
	}
	if len(strings.Fields(i.SKU)) >= wordy || len(strings.Fields(i.Link)) >= wordy {
		return extract.Orders
	}
	return ""
}

// told is how often at most a screen is told of pages, per source.
const told = 20

// readFile reads a file apart, and tells page by page how far it is.
func (k *Knowledge) readFile(ctx context.Context, j *flow.Job, s store.Source, input []byte) (extract.Document, *extract.Error) {
	if k.Files == nil {
		return extract.Document{}, &extract.Error{Reason: extract.ReaderDied, Detail: "this install has no reader of files"}
	}
	last := 0
	return k.Files.Read(ctx, "file."+s.Format, input, func(page, of int) {
		if page < of && (page-last)*told < of {
			return
		}
		last = page
		err := k.DB.In(s.Workspace).Write(ctx, func(tx *store.Tx) error {
			j.Check(tx)
			_, err := tx.ChangeSource(s.ID, fold, func(s *store.Source) error {
				s.Stage, s.PagesDone, s.Pages = "reading", page, of
				return nil
			})
			if err != nil {
				return err
			}
			return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: s.ID})
		})
		if err != nil && ctx.Err() == nil { // the reading goes on: its end says the same
			k.Log.DebugContext(ctx, "how far a source is was not told", "source", s.ID.String(), "error", err)
		}
	})
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
