package store

import (
	"encoding/json"
	"errors"
	"time"

	"parley/internal/desk"
)

const (
	conversationColumns = `id, contact_id, account_id, subject, state, snoozed_until, owner_kind, owner_id, version,
		owner_epoch, mode, paused, engagement, began, turns, disclosed, hand_over, hand_over_at, language, window_until, last_seq,
		last_in, last_at, preview, preview_by, preview_kind, unread, draft_ready, send_failed, erase_at, labels, created_at`
	sqlInsertConversation = `INSERT INTO conversation (workspace_id, ` + conversationColumns + `, needs, waiting) VALUES
		($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
		$24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)`
	sqlConversation       = `SELECT ` + conversationColumns + ` FROM conversation WHERE workspace_id = $1 AND id = $2`
	sqlConversationLocked = sqlConversation + forUpdate
	sqlConversationOf     = `SELECT ` + conversationColumns + ` FROM conversation
		WHERE workspace_id = $1 AND id = (SELECT conversation_id FROM message WHERE workspace_id = $1 AND id = $2)`
	updateConversation = `UPDATE conversation SET state = $3, snoozed_until = $4, owner_kind = $5, owner_id = $6,
		version = $7, owner_epoch = $8, mode = $9, paused = $10, engagement = $11, began = $12, turns = $13,
		disclosed = $14, hand_over = $15, hand_over_at = $16, language = $17, window_until = $18, last_seq = $19,
		last_in = $20, last_at = $21, unread = $22, draft_ready = $23, send_failed = $24, erase_at = $25, labels = $26,
		needs = $27, waiting = $28`
	sqlSaveConversation = updateConversation + ` WHERE workspace_id = $1 AND id = $2`
	sqlSaveWithPreview  = updateConversation + `, preview = $29, preview_by = $30, subject = $31, preview_kind = $32 WHERE workspace_id = $1 AND id = $2`
	sqlNewestWith       = `SELECT ` + conversationColumns + ` FROM conversation
		WHERE workspace_id = $1 AND contact_id = $2 AND account_id = $3 ORDER BY id DESC LIMIT 1` + forUpdate
	sqlConversationsWith = `SELECT ` + conversationColumns + ` FROM conversation
		WHERE workspace_id = $1 AND contact_id = $2 ORDER BY last_at DESC, id DESC LIMIT $3`
	sqlConversationsDue = `SELECT ` + conversationColumns + ` FROM conversation
		WHERE workspace_id = $1 AND erase_at > 0 AND erase_at <= $2 ORDER BY erase_at LIMIT $3`
	sqlSnoozesDue = `SELECT ` + conversationColumns + ` FROM conversation
		WHERE workspace_id = $1 AND snoozed_until > 0 AND snoozed_until <= $2 ORDER BY snoozed_until LIMIT $3`
)

// Row is a conversation as the list shows it.
type Row struct {
	desk.Conversation
	Preview   desk.Body
	PreviewBy desk.AuthorKind
	// PreviewKind is the kind of the message that Preview is of.
	PreviewKind string
	previewed   bool // AppendMessage changed subject or preview
}

func (r *Rx) scanConversation(s scanner) (Row, error) {
	c := Row{Conversation: desk.Conversation{Workspace: r.ws}}
	var subject, preview []byte
	var state, owner, mode, handOver, by, labels string
	var snoozed, handOverAt, window, lastIn, lastAt, erase, created int64
	err := s.Scan(&c.ID, &c.Contact, &c.Account, &subject, &state, &snoozed, &owner, &c.Owner.Member, &c.Version,
		&c.OwnerEpoch, &mode, &c.Paused, &c.Engagement, &c.Began, &c.Turns, &c.Disclosed, &handOver, &handOverAt, &c.Language, &window,
		&c.LastSeq, &lastIn, &lastAt, &preview, &by, &c.PreviewKind, &c.Unread, &c.DraftReady, &c.SendFailed, &erase, &labels, &created)
	if err != nil {
		return c, err
	}
	c.State, c.Owner.Kind, c.Mode = desk.ConversationState(state), desk.OwnerKind(owner), desk.Mode(mode)
	c.HandOver, c.PreviewBy = desk.HandOverReason(handOver), desk.AuthorKind(by)
	c.SnoozedUntil, c.HandOverAt, c.WindowUntil = at(snoozed), at(handOverAt), at(window)
	c.LastIn, c.LastAt, c.EraseAt, c.CreatedAt = at(lastIn), at(lastAt), at(erase), at(created)
	if err := json.Unmarshal([]byte(labels), &c.Labels); err != nil {
		return c, err
	}
	text, e1 := r.soft("conversation", "subject", c.ID, subject)
	start, e2 := r.soft("conversation", "preview", c.ID, preview)
	c.Subject, c.Preview = string(text), desk.Body(start)
	return c, errors.Join(e1, e2)
}

// waiting: a person answered last and nothing calls for one.
func waiting(c desk.Conversation, by desk.AuthorKind) bool {
	return c.State == desk.Open && !c.NeedsPerson() && c.Unread == 0 && by == desk.FromMember
}

// InsertConversation adds a conversation. It locks the contact's row, so that an
// erasure comes wholly before (desk.NotFound) or wholly after it.
func (t *Tx) InsertConversation(c desk.Conversation) error {
	if _, err := t.scanContact(t.row(sqlContactLocked, int64(t.ws), int64(c.Contact))); err != nil {
		return found("contact", err)
	}
	subject, err := t.seal(t.subject(c.Contact), "conversation", "subject", c.ID, []byte(c.Subject))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlInsertConversation, int64(t.ws), int64(c.ID), int64(c.Contact), int64(c.Account), subject,
		string(c.State), us(c.SnoozedUntil), string(c.Owner.Kind), int64(c.Owner.Member), c.Version, c.OwnerEpoch,
		string(c.Mode), c.Paused, c.Engagement, c.Began, c.Turns, c.Disclosed, string(c.HandOver), us(c.HandOverAt), c.Language,
		us(c.WindowUntil), c.LastSeq, us(c.LastIn), us(c.LastAt), nil, "", "", c.Unread, c.DraftReady, c.SendFailed,
		us(c.EraseAt), labelsText(c.Labels), us(t.made(c.CreatedAt)), c.NeedsPerson(), false)
	return err
}

func labelsText(labels []string) string {
	if len(labels) == 0 {
		return "[]"
	}
	return string(toJSON(labels))
}

// Conversation returns a conversation with its preview.
func (r *Rx) Conversation(id desk.ID) (Row, error) {
	c, err := r.scanConversation(r.row(sqlConversation, int64(r.ws), int64(id)))
	return c, found("conversation", err)
}

// ConversationsOf returns the conversations of messages, one for each message in
// the order given; the zero Row stands for a message that is gone.
func (r *Rx) ConversationsOf(messages []desk.ID) ([]Row, error) {
	all := make([]Row, len(messages))
	for n, id := range messages {
		err := r.ask(func(row scanner) (err error) {
			all[n], err = r.scanConversation(row)
			return mayBeAbsent(err)
		}, sqlConversationOf, int64(r.ws), int64(id))
		if err != nil {
			return nil, err
		}
	}
	return all, r.s.settle(r.ctx)
}

// LockConversation reads a conversation and keeps its row until the commit.
func (t *Tx) LockConversation(id desk.ID) (Row, error) {
	c, err := t.scanConversation(t.row(sqlConversationLocked, int64(t.ws), int64(id)))
	return c, found("conversation", err)
}

// NewestConversation is the last one with a contact on a channel account.
func (t *Tx) NewestConversation(contact, account desk.ID) (Row, error) {
	c, err := t.scanConversation(t.row(sqlNewestWith, int64(t.ws), int64(contact), int64(account)))
	return c, found("conversation", err)
}

// NewestConversations is NewestConversation for many contacts; one without a
// conversation has no id.
func (t *Tx) NewestConversations(contacts []desk.ID, account desk.ID) ([]Row, error) {
	all := make([]Row, len(contacts))
	for i, contact := range contacts {
		err := t.ask(func(row scanner) (err error) {
			all[i], err = t.scanConversation(row)
			if err != nil {
				all[i] = Row{}
			}
			return mayBeAbsent(err)
		}, sqlNewestWith, int64(t.ws), int64(contact), int64(account))
		if err != nil {
			return nil, err
		}
	}
	return all, t.s.settle(t.ctx)
}

// SaveConversation writes a locked conversation: every column but subject and
// preview, and these too when AppendMessage changed them.
func (t *Tx) SaveConversation(c Row) error {
	args := []any{int64(t.ws), int64(c.ID), string(c.State), us(c.SnoozedUntil), string(c.Owner.Kind),
		int64(c.Owner.Member), c.Version, c.OwnerEpoch, string(c.Mode), c.Paused, c.Engagement, c.Began, c.Turns,
		c.Disclosed, string(c.HandOver), us(c.HandOverAt), c.Language, us(c.WindowUntil), c.LastSeq, us(c.LastIn),
		us(c.LastAt), c.Unread, c.DraftReady, c.SendFailed, us(c.EraseAt), labelsText(c.Labels), c.NeedsPerson(),
		waiting(c.Conversation, c.PreviewBy)}
	if !c.previewed {
		return t.mustLater("conversation", sqlSaveConversation, args...)
	}
	preview, e1 := t.seal(t.subject(c.Contact), "conversation", "preview", c.ID, []byte(c.Preview))
	subject, e2 := t.seal(t.subject(c.Contact), "conversation", "subject", c.ID, []byte(c.Subject))
	if err := errors.Join(e1, e2); err != nil {
		return err
	}
	return t.mustLater("conversation", sqlSaveWithPreview, append(args, preview, string(c.PreviewBy), subject, c.PreviewKind)...)
}

// ChangeConversation locks a conversation, applies fn and writes it.
func (t *Tx) ChangeConversation(id desk.ID, fn func(*Row) error) (Row, error) {
	c, err := t.LockConversation(id)
	if err != nil {
		return c, err
	}
	if err := fn(&c); err != nil {
		return c, err
	}
	return c, t.SaveConversation(c)
}

// ConversationsWith lists a contact's conversations, newest first.
func (r *Rx) ConversationsWith(contact desk.ID, limit int) ([]Row, error) {
	return r.conversations(sqlConversationsWith, int64(r.ws), int64(contact), limit)
}

// ErasableConversations lists unsaved chats whose time is over.
func (r *Rx) ErasableConversations(now time.Time, limit int) ([]Row, error) {
	return r.conversations(sqlConversationsDue, int64(r.ws), us(now), limit)
}

// DueSnoozes lists conversations whose snooze is over.
func (r *Rx) DueSnoozes(now time.Time, limit int) ([]Row, error) {
	return r.conversations(sqlSnoozesDue, int64(r.ws), us(now), limit)
}

func (r *Rx) conversations(query string, args ...any) ([]Row, error) {
	all := []Row{}
	err := r.each(query, args, func(s scanner) error {
		c, err := r.scanConversation(s)
		all = append(all, c)
		return err
	})
	return all, err
}

// PreviewLength is how many characters of the last message the list keeps.
const PreviewLength = 160

// Shows brings the list's line up to date after the last message shown changed.
func (c *Row) Shows(m desk.Message) {
	if m.Seq == c.LastSeq {
		c.show(m)
	}
}

// show makes m the last thing said in the list.
func (c *Row) show(m desk.Message) {
	start := m.Body
	if n := 0; len(start) > PreviewLength {
		for i := range start {
			if n == PreviewLength {
				start = start[:i]
				break
			}
			n++
		}
	}
	if c.Subject == "" && m.Direction == desk.In {
		c.Subject = string(start)
	}
	c.Preview, c.PreviewBy, c.PreviewKind, c.previewed = start, m.Author.Kind, m.Kind, true
}
