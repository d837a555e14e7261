package inbox

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/text"
	"parley/internal/store"
)

// Bounds of saved replies.
const (
	MaxSaved     = 500  // of a workspace
	MaxSavedName = 80   // characters
	MaxSavedBody = 4000 // characters
)

// Saved lists saved replies that come after an id, oldest first.
func (in *Inbox) Saved(ctx context.Context, ws, after desk.ID, limit int) (all []store.SavedReply, err error) {
	err = in.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		all, err = r.SavedReplies(after, limit)
		return err
	})
	return all, err
}

// AddSaved keeps a reply ready. Errors: desk.Invalid "name_missing",
// "name_too_long", "empty", "saved_too_long", "too_many_saved" or "reply_unusable",
// desk.Conflict "saved_reply_name_taken".
func (in *Inbox) AddSaved(ctx context.Context, ws desk.ID, actor desk.Actor, s store.SavedReply) (store.SavedReply, error) {
	if err := tidy(&s); err != nil {
		return s, err
	}
	err := in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		n, err := tx.CountSavedReplies()
		if err != nil {
			return err
		}
		if n >= MaxSaved {
			return desk.Fail(desk.Invalid, "too_many_saved", fmt.Sprintf("a workspace keeps at most %d saved replies; remove one first", MaxSaved))
		}
		s.ID, s.CreatedAt, s.UpdatedAt = tx.NewID(), tx.Now(), tx.Now()
		if err := tx.InsertSavedReply(s, text.Fold(s.Name)); err != nil {
			return err
		}
		if err := in.teach(tx, actor, s.Answers); err != nil {
			return err
		}
		return in.recorded(tx, actor, "saved_reply.add", s.ID)
	})
	return s, err
}

// ChangeSaved applies fn to a saved reply. Errors as AddSaved.
func (in *Inbox) ChangeSaved(ctx context.Context, ws, id desk.ID, actor desk.Actor, fn func(*store.SavedReply)) (store.SavedReply, error) {
	var s store.SavedReply
	err := in.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if s, err = tx.LockSavedReply(id); err != nil {
			return err
		}
		did := s.Answers
		fn(&s)
		if err := tidy(&s); err != nil {
			return err
		}
		s.ID, s.UpdatedAt = id, tx.Now()
		if err := tx.SaveSavedReply(s, text.Fold(s.Name)); err != nil {
			return err
		}
		if err := in.teach(tx, actor, did || s.Answers); err != nil {
			return err
		}
		return in.recorded(tx, actor, "saved_reply.change", id)
	})
	return s, err
}

// DropSaved removes a saved reply, also from what the AI knows; what was written
// with it stays.
func (in *Inbox) DropSaved(ctx context.Context, ws, id desk.ID, actor desk.Actor) error {
	return in.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		s, err := tx.LockSavedReply(id)
		if err != nil {
			return err
		}
		if err := tx.DropSavedReply(id); err != nil {
			return err
		}
		if err := in.teach(tx, actor, s.Answers); err != nil {
			return err
		}
		return in.recorded(tx, actor, "saved_reply.delete", id)
	})
}

// teach tells the AI's knowledge of a change that is about it.
func (in *Inbox) teach(tx *store.Tx, actor desk.Actor, about bool) error {
	if !about || in.Teacher == nil {
		return nil
	}
	return in.Teacher.MirrorReplies(tx, actor)
}

func (in *Inbox) recorded(tx *store.Tx, actor desk.Actor, action string, object desk.ID) error {
	if in.Audit == nil {
		return nil
	}
	return in.Audit.Add(tx, actor, action, object)
}

// tidy cleans a saved reply and says what is wrong with it.
func tidy(s *store.SavedReply) error {
	s.Name = strings.Join(strings.Fields(text.Normalise(s.Name, 0)), " ")
	s.Body = text.Normalise(s.Body, 0)
	s.Label = text.Normalise(s.Label, maxLabel)
	switch {
	case s.Name == "":
		return desk.Fail(desk.Invalid, "name_missing", "a saved reply needs a name")
	case len([]rune(s.Name)) > MaxSavedName:
		return desk.Fail(desk.Invalid, "name_too_long", fmt.Sprintf("a name has at most %d characters", MaxSavedName))
	case s.Body == "":
		return desk.Fail(desk.Invalid, "empty", "a saved reply needs a text")
	case len([]rune(s.Body)) > MaxSavedBody:
		return desk.Fail(desk.Invalid, "saved_too_long", fmt.Sprintf("a saved reply has at most %d characters", MaxSavedBody))
	}
	return nil
}
