package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"parley/internal/desk"
)

const (
	messageColumns = `id, conversation_id, seq, account_id, direction, author_kind, author_id, kind, body, extra, reply_to,
		status, error_code, error_text, external_id, client_id, run_id, disclosed, owner_epoch, ai_epoch, at, sent_at, deleted, place`
	sqlInsertMessage = `INSERT INTO message (workspace_id, contact_id, external_hash, ` + messageColumns + `) VALUES
		($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)
		ON CONFLICT (workspace_id, account_id, external_hash) DO NOTHING`
	sqlMessage        = `SELECT ` + messageColumns + ` FROM message WHERE workspace_id = $1 AND id = $2`
	sqlMessageLocked  = sqlMessage + forUpdate
	sqlMessagesBefore = `SELECT ` + messageColumns + ` FROM message
		WHERE workspace_id = $1 AND conversation_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4`
	sqlMessagesAfter = `SELECT ` + messageColumns + ` FROM message
		WHERE workspace_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`
	sqlMessageByExternal = `SELECT ` + messageColumns + ` FROM message
		WHERE workspace_id = $1 AND account_id = $2 AND external_hash = $3`
	sqlMessageByPiece = `SELECT ` + messageColumns + ` FROM message WHERE workspace_id = $1 AND id =
		(SELECT message_id FROM message_piece WHERE workspace_id = $1 AND account_id = $2 AND external_hash = $3)`
	sqlAddPiece = `INSERT INTO message_piece (workspace_id, account_id, external_hash, message_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	sqlMessageStored = `SELECT id FROM message WHERE workspace_id = $1 AND account_id = $2 AND external_hash = $3
		UNION ALL SELECT contact_id FROM dropped_message WHERE workspace_id = $1 AND account_id = $2 AND external_hash = $3 LIMIT 1`
	sqlMessageByClient = `SELECT ` + messageColumns + ` FROM message
		WHERE workspace_id = $1 AND conversation_id = $2 AND client_id = $3 AND client_id <> ''`
	sqlSetBody     = `UPDATE message SET body = $3, disclosed = $4 WHERE workspace_id = $1 AND id = $2`
	sqlRewrite     = `UPDATE message SET body = $3, extra = $4, deleted = $5 WHERE workspace_id = $1 AND id = $2`
	sqlMarkMessage = `UPDATE message SET status = $3, error_code = $4, error_text = $5, sent_at = $6
		WHERE workspace_id = $1 AND id = $2`
	sqlSetExternal = `UPDATE message SET external_hash = $3, external_id = $4 WHERE workspace_id = $1 AND id = $2`
	sqlReceiptUpTo = `SELECT ` + messageColumns + ` FROM message WHERE workspace_id = $1 AND conversation_id = $2
		AND seq <= $3 AND direction = 'out' AND status IN ('sending', 'unknown', 'sent', 'delivered') ORDER BY seq` + forUpdate
	sqlQueuedOfAI = `SELECT ` + messageColumns + ` FROM message WHERE workspace_id = $1 AND conversation_id = $2
		AND seq > $3 AND author_kind = 'ai' AND status = 'queued' ORDER BY seq` + forUpdate
)

// extra is what a message carries beside its body, sealed as one value.
type extra struct {
	Author  string           `json:"a,omitempty"`
	Buttons []desk.Button    `json:"b,omitempty"`
	Sources []desk.SourceRef `json:"s,omitempty"`
	Event   string           `json:"e,omitempty"`
	Reason  string           `json:"r,omitempty"`
	By      desk.ID          `json:"i,omitempty"` // who approved a draft
	ByName  string           `json:"n,omitempty"`
	More    *desk.Extra      `json:"x,omitempty"`
	Reacted []desk.Reacted   `json:"t,omitempty"`
	Edited  bool             `json:"d,omitempty"`
	Files   []desk.MediaRef  `json:"f,omitempty"`
	Pieces  int              `json:"p,omitempty"`
}

// extraOf is nil when a message carries nothing.
func extraOf(m desk.Message) []byte {
	x := extra{m.Author.Name, m.Buttons, m.Sources, m.Event, m.EventReason, m.Approver.ID, m.Approver.Name, m.More, m.Reactions, m.Edited, m.Files, m.Pieces}
	if x.Author+x.Event+x.Reason+x.ByName == "" && len(x.Buttons)+len(x.Sources)+len(x.Reacted)+len(x.Files) == 0 && x.By == 0 && x.More == nil && !x.Edited && x.Pieces == 0 {
		return nil
	}
	return toJSON(x)
}

func (r *Rx) scanMessage(s scanner) (desk.Message, error) {
	m := desk.Message{Workspace: r.ws}
	var direction, author, status string
	var body, more, errText, external []byte
	var when, sent int64
	var account desk.ID
	err := s.Scan(&m.ID, &m.Conversation, &m.Seq, &account, &direction, &author, &m.Author.ID, &m.Kind, &body, &more,
		&m.ReplyTo, &status, &m.ErrorCode, &errText, &external, &m.ClientID, &m.Run, &m.Disclosed, &m.OwnerEpoch,
		&m.AIEpoch, &when, &sent, &m.Deleted, &m.Place)
	if err != nil {
		return m, err
	}
	m.Direction, m.Author.Kind, m.Status = desk.Direction(direction), desk.AuthorKind(author), desk.Status(status)
	m.At, m.SentAt = at(when), at(sent)
	text, e1 := r.soft("message", "body", m.ID, body)
	x, e2 := r.soft("message", "extra", m.ID, more)
	words, e3 := r.soft("message", "error_text", m.ID, errText)
	ext, e4 := r.soft("message", "external_id", m.ID, external)
	if err := errors.Join(e1, e2, e3, e4); err != nil {
		return m, err
	}
	m.Body, m.ErrorText, m.ExternalID = desk.Body(text), string(words), string(ext)
	if len(x) > 0 {
		var e extra
		if err := json.Unmarshal(x, &e); err != nil {
			return m, err
		}
		m.Author.Name, m.Buttons, m.Sources, m.Event, m.EventReason = e.Author, e.Buttons, e.Sources, e.Event, e.Reason
		m.More, m.Reactions, m.Edited, m.Files, m.Pieces = e.More, e.Reacted, e.Edited, e.Files, e.Pieces
		if e.By != 0 {
			m.Approver = desk.Author{Kind: desk.FromMember, ID: e.By, Name: e.ByName}
		}
	}
	return m, nil
}

// AppendMessage gives m the next place in the locked conversation c, inserts it
// and brings c's list columns up to date; the caller saves c afterwards. A
// message with an external id that the account has already is desk.Conflict and
// leaves c and the transaction as they were.
func (t *Tx) AppendMessage(c *Row, m *desk.Message) error {
	return t.appendMessage(c, m, t.insert)
}

// AppendSoon is AppendMessage for a message that is known to be none of the
// stored ones. On PostgreSQL it waits for nothing; a repeat, after all, undoes
// the closure.
func (t *Tx) AppendSoon(c *Row, m *desk.Message) error {
	return t.appendMessage(c, m, func(args ...any) error {
		return t.s.later(t.ctx, inserted, sqlInsertMessage, args...)
	})
}

// insert waits for what the unique keys say.
func (t *Tx) insert(args ...any) error {
	n, err := t.exec(sqlInsertMessage, args...)
	if err != nil {
		return err
	}
	return inserted(n)
}

func inserted(n int64) error {
	if n == 0 {
		return desk.Fail(desk.Conflict, "repeat", "the channel account has a message with this external id")
	}
	return nil
}

func (t *Tx) appendMessage(c *Row, m *desk.Message, insert func(args ...any) error) error {
	c.LastSeq++
	m.Seq, m.Conversation, m.Workspace = c.LastSeq, c.ID, t.ws
	if m.ID == 0 {
		m.ID = t.NewID()
	}
	var late bool
	var err error
	if m.Place, late, err = t.placeOf(c, *m); err != nil {
		c.LastSeq--
		return err
	}
	if m.At.IsZero() {
		m.At = t.now
	}
	if err := t.insertMessage(c, *m, insert); err != nil {
		c.LastSeq--
		return err
	}
	c.grow(*m, late)
	return nil
}

// grow brings the list columns of a conversation up to date with a message.
func (c *Row) grow(m desk.Message, late bool) {
	if m.At.After(c.LastAt) && m.Kind != desk.KindEvent {
		if !c.EraseAt.IsZero() && !c.LastAt.IsZero() { // an unsaved chat ends so long after its last message, whoever wrote it
			c.EraseAt = c.EraseAt.Add(m.At.Sub(c.LastAt))
		}
		c.LastAt = m.At
	}
	if !late && m.Kind != desk.KindEvent && m.Kind != desk.KindNote {
		c.show(m)
	}
}

func (t *Tx) insertMessage(c *Row, m desk.Message, insert func(args ...any) error) error {
	ref := t.subject(c.Contact)
	body, e1 := t.seal(ref, "message", "body", m.ID, []byte(m.Body))
	more, e2 := t.seal(ref, "message", "extra", m.ID, extraOf(m))
	external, e3 := t.seal(ref, "message", "external_id", m.ID, []byte(m.ExternalID))
	errText, e4 := t.seal(ref, "message", "error_text", m.ID, []byte(m.ErrorText))
	hash, e5 := t.externalHash(m.ExternalID)
	if err := errors.Join(e1, e2, e3, e4, e5); err != nil {
		return err
	}
	return insert(int64(t.ws), int64(c.Contact), hash, int64(m.ID), int64(m.Conversation), m.Seq,
		int64(c.Account), string(m.Direction), string(m.Author.Kind), int64(m.Author.ID), m.Kind, body, more, int64(m.ReplyTo),
		string(m.Status), m.ErrorCode, errText, external, m.ClientID, int64(m.Run), m.Disclosed, m.OwnerEpoch, m.AIEpoch,
		us(m.At), us(m.SentAt), m.Deleted, m.Place)
}

func (r *Rx) externalHash(external string) ([]byte, error) {
	if external == "" {
		return nil, nil
	}
	return r.db.vault.Hash(r.ctx, int64(r.ws), "external", external)
}

// Message returns a message of the workspace.
func (r *Rx) Message(id desk.ID) (desk.Message, error) {
	m, err := r.scanMessage(r.row(sqlMessage, int64(r.ws), int64(id)))
	return m, found("message", err)
}

// Messages returns messages of the workspace, in the order asked for; those that
// are gone are left out.
func (r *Rx) Messages(ids []desk.ID) ([]desk.Message, error) {
	all := make([]desk.Message, 0, len(ids))
	for _, id := range ids {
		err := r.ask(func(row scanner) error {
			m, err := r.scanMessage(row)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			all = append(all, m)
			return err
		}, sqlMessage, int64(r.ws), int64(id))
		if err != nil {
			return nil, err
		}
	}
	return all, r.s.settle(r.ctx)
}

// LockMessage reads a message and keeps its row until the commit.
func (t *Tx) LockMessage(id desk.ID) (desk.Message, error) {
	m, err := t.scanMessage(t.row(sqlMessageLocked, int64(t.ws), int64(id)))
	return m, found("message", err)
}

// MessageByExternalID finds a message by the channel's own id for it or for one
// of its pieces.
func (r *Rx) MessageByExternalID(account desk.ID, external string) (desk.Message, error) {
	hash, err := r.externalHash(external)
	if err != nil {
		return desk.Message{}, err
	}
	m, err := r.scanMessage(r.row(sqlMessageByExternal, int64(r.ws), int64(account), hash))
	if errors.Is(err, sql.ErrNoRows) {
		m, err = r.scanMessage(r.row(sqlMessageByPiece, int64(r.ws), int64(account), hash))
	}
	return m, found("message", err)
}

// AddPiece notes the channel's id of one piece of a message.
func (t *Tx) AddPiece(account desk.ID, m desk.Message, external string) error {
	hash, err := t.externalHash(external)
	if err != nil || hash == nil {
		return err
	}
	_, err = t.exec(sqlAddPiece, int64(t.ws), int64(account), hash, int64(m.ID))
	return err
}

// MessagesStored tells of external ids whether the account has their messages, or
// had them in a conversation that was deleted.
func (r *Rx) MessagesStored(account desk.ID, external []string) ([]bool, error) {
	all := make([]bool, len(external))
	for i, e := range external {
		hash, err := r.externalHash(e)
		if err != nil {
			return nil, err
		}
		err = r.ask(func(row scanner) error {
			var id desk.ID
			err := row.Scan(&id)
			all[i] = err == nil
			return mayBeAbsent(err)
		}, sqlMessageStored, int64(r.ws), int64(account), hash)
		if err != nil {
			return nil, err
		}
	}
	return all, r.s.settle(r.ctx)
}

// MessageByClientID finds a message by what its sender calls it.
func (r *Rx) MessageByClientID(conversation desk.ID, client string) (desk.Message, error) {
	m, err := r.scanMessage(r.row(sqlMessageByClient, int64(r.ws), int64(conversation), client))
	return m, found("message", err)
}

// MessagesBefore pages a conversation backwards from a seq (0 = the newest).
func (r *Rx) MessagesBefore(conversation desk.ID, seq int64, limit int) ([]desk.Message, error) {
	if seq == 0 {
		seq = int64(maxID)
	}
	return r.messages(sqlMessagesBefore, int64(r.ws), int64(conversation), seq, limit)
}

// MessagesAfter pages a conversation forwards from a seq.
func (r *Rx) MessagesAfter(conversation desk.ID, seq int64, limit int) ([]desk.Message, error) {
	return r.messages(sqlMessagesAfter, int64(r.ws), int64(conversation), seq, limit)
}

// Unreceipted lists a conversation's outgoing messages up to a seq that may
// still be reported delivered or read, and locks them.
func (t *Tx) Unreceipted(conversation desk.ID, upTo int64) ([]desk.Message, error) {
	return t.messages(sqlReceiptUpTo, int64(t.ws), int64(conversation), upTo)
}

// QueuedOfAI lists AI messages of a conversation that wait for their channel,
// after a seq, and locks them.
func (t *Tx) QueuedOfAI(conversation desk.ID, after int64) ([]desk.Message, error) {
	return t.messages(sqlQueuedOfAI, int64(t.ws), int64(conversation), after)
}

func (r *Rx) messages(query string, args ...any) ([]desk.Message, error) {
	all := []desk.Message{}
	err := r.each(query, args, func(s scanner) error {
		m, err := r.scanMessage(s)
		all = append(all, m)
		return err
	})
	return all, err
}

// MarkMessage writes status, error and sending time of a message of contact.
func (t *Tx) MarkMessage(contact desk.ID, m desk.Message) error {
	words, err := t.seal(t.subject(contact), "message", "error_text", m.ID, []byte(m.ErrorText))
	if err != nil {
		return err
	}
	return t.must("message", sqlMarkMessage, int64(t.ws), int64(m.ID), string(m.Status), m.ErrorCode, words, us(m.SentAt))
}

// SetBody writes the body of a message of contact and whether it carries the
// AI disclosure.
func (t *Tx) SetBody(contact desk.ID, m desk.Message) error {
	body, err := t.seal(t.subject(contact), "message", "body", m.ID, []byte(m.Body))
	if err != nil {
		return err
	}
	return t.must("message", sqlSetBody, int64(t.ws), int64(m.ID), body, m.Disclosed)
}

// Rewrite writes what a message of contact says and carries.
func (t *Tx) Rewrite(contact desk.ID, m desk.Message) error {
	ref := t.subject(contact)
	body, e1 := t.seal(ref, "message", "body", m.ID, []byte(m.Body))
	more, e2 := t.seal(ref, "message", "extra", m.ID, extraOf(m))
	if err := errors.Join(e1, e2); err != nil {
		return err
	}
	return t.must("message", sqlRewrite, int64(t.ws), int64(m.ID), body, more, m.Deleted)
}

// Withdraw takes back what a message of the locked conversation c said: its
// text, its files and everything else it carries, its place in the search index,
// and the lines of the list that show it. The row stays, so that a late copy is a repeat. The
// caller saves c.
func (t *Tx) Withdraw(c *Row, m desk.Message) error {
	if err := t.Unindex(m.ID); err != nil {
		return err
	}
	if err := t.dropMediaOf(m.ID); err != nil {
		return err
	}
	if err := errors.Join(t.dropAILogs(c.ID), t.dropWords(int64(c.ID), m.ID), t.dropAskedIn(m.ID)); err != nil {
		return err
	}
	said := m.Body
	m.Body, m.Buttons, m.Sources, m.More, m.Reactions, m.Files, m.Deleted = "", nil, nil, nil, nil, nil, true
	if err := t.Rewrite(c.Contact, m); err != nil {
		return err
	}
	if c.Subject != "" && strings.HasPrefix(string(said), c.Subject) {
		c.Subject = ""
	}
	last, err := t.MessagesBefore(c.ID, 0, 20)
	if err != nil {
		return err
	}
	c.Preview, c.PreviewKind, c.previewed = "", "", true
	for _, m := range last {
		if !m.Deleted && m.Kind != desk.KindEvent && m.Kind != desk.KindNote {
			c.show(m)
			break
		}
	}
	return nil
}

// SetExternalID notes the channel's id of a message of contact.
func (t *Tx) SetExternalID(contact desk.ID, m desk.Message, external string) error {
	hash, e1 := t.externalHash(external)
	sealed, e2 := t.seal(t.subject(contact), "message", "external_id", m.ID, []byte(external))
	if err := errors.Join(e1, e2); err != nil {
		return err
	}
	return t.must("message", sqlSetExternal, int64(t.ws), int64(m.ID), hash, sealed)
}
