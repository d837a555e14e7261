package knowledge

import (
	"context"
	"fmt"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/knowledge/extract"
	"parley/internal/store"
)

// Tend says what a member changes of one passage; nil leaves it as it is.
type Tend struct {
	Hidden      *bool
	Text        *string // in place of what was read
	Quarantined *bool   // false approves a passage that was held back, true takes that back
	By          desk.Actor
}

// maxEdits is how many acts are listed.
const maxEdits = 50

// ChangePassage hides, edits or approves one passage; what is found changes with
// the commit. What members did lasts when the source is read again, as long as
// that passage is read the same. Errors: desk.NotFound, desk.Invalid empty,
// passage_too_long, not_suspect.
func (k *Knowledge) ChangePassage(ctx context.Context, ws, id desk.ID, c Tend) (store.Passage, error) {
	body := ""
	if c.Text != nil {
		if body = text.Normalise(*c.Text, 0); body == "" {
			return store.Passage{}, invalid(string(extract.Empty), "a passage says something; hide it instead")
		}
		if len(body) > MaxAnswer {
			return store.Passage{}, invalid("passage_too_long", fmt.Sprintf("a passage has at most %d bytes", MaxAnswer))
		}
	}
	return k.tend(ctx, ws, id, act{c.By, "passage.change"}, func(p *store.Passage) error {
		if c.Hidden != nil {
			p.Hidden = *c.Hidden
		}
		if c.Text != nil && body != p.Text {
			p.Text = body
			p.Suspect, p.Cleared = suspect(p.PassageBody), false
		}
		if c.Quarantined != nil {
			if p.Suspect == "" {
				return invalid("not_suspect", "this passage is not held back; hide it if nobody should find it")
			}
			p.Cleared = !*c.Quarantined
		}
		return nil
	})
}

// RestorePassage shows a passage again with the text that was read.
func (k *Knowledge) RestorePassage(ctx context.Context, ws, id desk.ID, by desk.Actor) (store.Passage, error) {
	return k.tend(ctx, ws, id, act{by, "passage.restore"}, func(p *store.Passage) error {
		p.Hidden = false
		if p.Original != "" {
			p.Text, p.Original = p.Original, ""
			p.Suspect, p.Cleared = suspect(p.PassageBody), false
		}
		return nil
	})
}

// act is who does what.
type act struct {
	by   desk.Actor
	name string
}

func (k *Knowledge) tend(ctx context.Context, ws, id desk.ID, a act, fn func(*store.Passage) error) (p store.Passage, err error) {
	err = k.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if p, err = tx.TendPassage(id, a.by, fn); err != nil {
			return err
		}
		if err := k.recorded(tx, a.by, a.name, id); err != nil {
			return err
		}
		return k.Flow.Emit(tx, desk.Event{Kind: desk.SourceChanged, Object: p.Source})
	})
	return p, err
}

// Passage returns one passage.
func (k *Knowledge) Passage(ctx context.Context, ws, id desk.ID) (p store.Passage, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		p, err = r.Passage(id)
		return err
	})
	return p, err
}

// Edits lists what was done to a passage by whom, newest first.
func (k *Knowledge) Edits(ctx context.Context, ws, id desk.ID) (all []store.Edit, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		if _, err := r.Passage(id); err != nil {
			return err
		}
		all, err = r.Edits(id, maxEdits)
		return err
	})
	return all, err
}

// Item returns the row of a price list that a passage shows; desk.NotFound when
// it shows none.
func (k *Knowledge) Item(ctx context.Context, ws, passage desk.ID) (i store.Item, err error) {
	err = k.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		i, err = r.Item(passage)
		return err
	})
	return i, err
}
