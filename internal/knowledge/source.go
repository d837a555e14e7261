package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/internal/store"
)

// Kinds of source.
const (
	FAQ       = "faq"
	Text      = "text"
	Markdown  = "markdown"
	File      = "file"      // a document that is read in a process of its own
	Catalogue = "catalogue" // a price list, row by row
	Profile   = "profile"   // what the business says of itself
	Replies   = "replies"   // the saved replies that the AI may use
)

// Limits of what is taken in.
const (
	MaxName         = 200 // bytes
	MaxURL          = 2000
	MaxPairs        = 5000
	MaxQuestion     = 500
	MaxAnswer       = 4000
	MaxAlternatives = 20
)

// Pair is a question with its answer, quoted whole.
type Pair struct {
	Question     string   `json:"question"`
	Answer       string   `json:"answer"`
	Alternatives []string `json:"alternatives,omitempty"`
}

// New source, common part. Language "" means that it is guessed.
type Source struct {
	Name     string
	Language string
	URL      string
	By       desk.Actor
}

// AddFAQ adds pairs and queues their reading. Errors: desk.Invalid with the
// reason, desk.Conflict "source_name_taken".
func (k *Knowledge) AddFAQ(ctx context.Context, ws desk.ID, s Source, pairs []Pair) (store.Source, error) {
	input, err := packPairs(pairs)
	if err != nil {
		return store.Source{}, err
	}
	return k.add(ctx, ws, FAQ, s, input)
}

// AddText adds plain text or Markdown. Errors as AddFAQ; reasons empty,
// too_large, no_text.
func (k *Knowledge) AddText(ctx context.Context, ws desk.ID, s Source, body string, markdown bool) (store.Source, error) {
	clean, err := extract.Clean(body)
	if err != nil {
		return store.Source{}, refuse(err)
	}
	return k.add(ctx, ws, kindOf(markdown), s, []byte(clean))
}

func kindOf(markdown bool) string {
	if markdown {
		return Markdown
	}
	return Text
}

func (k *Knowledge) add(ctx context.Context, ws desk.ID, kind string, s Source, input []byte) (store.Source, error) {
	return k.addOf(ctx, ws, store.Source{Kind: kind}, s, input)
}

// addOf adds a source of row's kind and format.
func (k *Knowledge) addOf(ctx context.Context, ws desk.ID, row store.Source, s Source, input []byte) (store.Source, error) {
	row.Name, row.URL, row.Language = text.Normalise(s.Name, 0), strings.TrimSpace(s.URL), s.Language
	row.State, row.Workspace, row.Revision, row.Size = store.SourceQueued, ws, 1, int64(len(input))
	if err := check(row); err != nil {
		return row, err
	}
	err := k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		row.ID = tx.NewID()
		row.CreatedAt, row.UpdatedAt = tx.Now(), tx.Now()
		if err := tx.InsertSource(row, fold(row.Name), input); err != nil {
			return err
		}
		if err := k.recorded(tx, s.By, "source.add", row.ID); err != nil {
			return err
		}
		return k.queue(tx, row.ID)
	})
	return row, err
}

// queue asks for the reading of a source in the transaction that changed it.
func (k *Knowledge) queue(tx *store.Tx, id desk.ID) error {
	if err := k.Flow.Add(tx, flow.Item{Kind: Work, Key: id, Object: id}); err != nil {
		return err
	}
	return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: id})
}

func check(s store.Source) error {
	switch {
	case s.Name == "":
		return invalid("name_missing", "a source needs a name")
	case len(s.Name) > MaxName:
		return invalid("name_too_long", fmt.Sprintf("a name has at most %d bytes", MaxName))
	case len(s.URL) > MaxURL || s.URL != "" && !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://"):
		return invalid("bad_url", "an address begins with https:// or http://")
	case s.Language != "" && !slices.Contains(text.Known(), s.Language):
		return invalid("bad_language", "languages: "+strings.Join(text.Known(), ", "))
	}
	return nil
}

// fold is a name as it is compared: two that a person reads as the same are one.
func fold(name string) string { return strings.Join(strings.Fields(text.Fold(name)), " ") }

func packPairs(pairs []Pair) ([]byte, error) {
	if len(pairs) == 0 {
		return nil, invalid(string(extract.Empty), "there is no pair of question and answer")
	}
	if len(pairs) > MaxPairs {
		return nil, invalid(string(extract.TooLarge), fmt.Sprintf("at most %d pairs fit into one source", MaxPairs))
	}
	clean := make([]Pair, len(pairs))
	for i, p := range pairs {
		c := Pair{Question: text.Normalise(p.Question, 0), Answer: text.Normalise(p.Answer, 0)}
		for _, a := range p.Alternatives {
			if a = text.Normalise(a, MaxQuestion); a != "" {
				c.Alternatives = append(c.Alternatives, a)
			}
		}
		switch {
		case c.Question == "" || c.Answer == "":
			return nil, invalid("pair_incomplete", fmt.Sprintf("pair %d lacks its question or its answer", i+1))
		case len(c.Question) > MaxQuestion || len(c.Answer) > MaxAnswer || len(c.Alternatives) > MaxAlternatives:
			return nil, invalid("pair_too_long", fmt.Sprintf("pair %d: a question has at most %d bytes, an answer %d, and there are at most %d other wordings",
				i+1, MaxQuestion, MaxAnswer, MaxAlternatives))
		}
		clean[i] = c
	}
	input, err := json.Marshal(clean)
	if err == nil && len(input) > extract.MaxText {
		return nil, invalid(string(extract.TooLarge), "the pairs hold more than 5 MB of text")
	}
	return input, err
}

func invalid(reason, words string) error { return desk.Fail(desk.Invalid, reason, words) }

// refuse turns a refusal of extract into one for people.
func refuse(err error) error {
	var e *extract.Error
	if errors.As(err, &e) {
		return invalid(string(e.Reason), e.Detail)
	}
	return err
}

// Change says what to change of a source; nil leaves it as it is. Pairs fit
// FAQ sources, Text the others.
type Change struct {
	Name     *string
	URL      *string
	Language *string
	Pairs    []Pair
	Text     *string
	Profile  *Business
	Plan     Plan // of web pages
	By       desk.Actor
}

// Update changes a source; new text or pairs are read again, and so is what has
// another name, which is part of what is searched.
func (k *Knowledge) Update(ctx context.Context, ws, id desk.ID, c Change) (store.Source, error) {
	var out store.Source
	err := k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		old, err := tx.Source(id)
		if err != nil {
			return err
		}
		input, err := c.input(old.Kind)
		if err != nil {
			return err
		}
		again := input != nil || c.Language != nil && *c.Language != old.Language
		out, err = tx.ChangeSource(id, fold, func(s *store.Source) error {
			c.apply(s)
			again = again || s.Name != old.Name
			if again && !isWeb(s.Kind) {
				s.State, s.Reason = store.SourceQueued, ""
			}
			if input != nil && s.Kind == FAQ {
				s.Format = "" // pairs in place of the table they were to be read from
			}
			return check(*s)
		})
		if err != nil {
			return err
		}
		if input != nil {
			if err := tx.ReplaceInput(id, input); err != nil {
				return err
			}
			out.Revision, out.Size = out.Revision+1, int64(len(input))
		}
		if err := k.recorded(tx, c.By, "source.change", id); err != nil {
			return err
		}
		if err := replan(tx, old, c); err != nil {
			return err
		}
		if again && !isWeb(old.Kind) {
			return k.queue(tx, id)
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: id})
	})
	return out, err
}

func (c Change) apply(s *store.Source) {
	if c.Name != nil {
		s.Name = text.Normalise(*c.Name, 0)
	}
	if c.URL != nil {
		s.URL = strings.TrimSpace(*c.URL)
	}
	if c.Language != nil {
		s.Language = *c.Language
	}
}

func (c Change) input(kind string) ([]byte, error) {
	switch {
	case c.Pairs != nil && kind == FAQ:
		return packPairs(c.Pairs)
	case c.Profile != nil && kind == Profile:
		return packProfile(*c.Profile)
	case c.Text != nil && (kind == Text || kind == Markdown):
		clean, err := extract.Clean(*c.Text)
		return []byte(clean), refuse(err)
	case c.Pairs != nil || c.Text != nil || c.Profile != nil:
		return nil, invalid("wrong_kind", "pairs belong to a source of questions, a profile to a profile, text to texts; a file is added anew")
	}
	return nil, nil
}

// Delete removes a source with all its passages; nobody finds them any more
// once it returns. The saved replies stay for members.
func (k *Knowledge) Delete(ctx context.Context, ws, id desk.ID, by desk.Actor) error {
	var pages []desk.ID
	err := k.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if pages, err = tx.StampedPages(id); err != nil {
			return err
		}
		if s, err := tx.Source(id); err == nil && s.Kind == Replies {
			if err := tx.SilenceReplies(); err != nil {
				return err
			}
		}
		if err := tx.DropSource(id); err != nil {
			return err
		}
		if err := k.recorded(tx, by, "source.drop", id); err != nil {
			return err
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: id})
	})
	if err == nil {
		k.forget(ws, append(pages, id)...)
	}
	return err
}

// Source returns a source.
func (k *Knowledge) Source(ctx context.Context, ws, id desk.ID) (s store.Source, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		s, err = r.Source(id)
		return err
	})
	return s, err
}

// Sources lists sources with an id below before (0 = from the newest), newest
// first.
func (k *Knowledge) Sources(ctx context.Context, ws, before desk.ID, limit int) (all []store.Source, err error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		all, err = r.Sources(before, limit)
		return err
	})
	return all, err
}

// Content is what a source was made of, to edit it: one of the three, none of a
// file or of web pages.
type Content struct {
	Pairs   []Pair
	Text    string
	Profile *Business
}

// Input returns what a source was made of.
func (k *Knowledge) Input(ctx context.Context, ws, id desk.ID) (c Content, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		c = Content{}
		s, err := r.Source(id)
		if err != nil {
			return err
		}
		input, err := r.SourceInput(id)
		if err != nil {
			return err
		}
		switch s.Kind {
		case FAQ:
			if s.Format != "" {
				return nil // a table that is not read yet
			}
			return json.Unmarshal(input, &c.Pairs)
		case Profile:
			return json.Unmarshal(input, &c.Profile)
		case Text, Markdown:
			c.Text = string(input)
		}
		return nil
	})
	return c, err
}

// Passages lists the passages of a source in order.
func (k *Knowledge) Passages(ctx context.Context, ws, id desk.ID) (all []store.Passage, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		if _, err := r.Source(id); err != nil {
			return err
		}
		all, err = r.Passages(id)
		return err
	})
	return all, err
}
