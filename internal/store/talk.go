package store

import (
	"time"

	"parley/internal/desk"
	"parley/internal/kit/id"
)

// DroppedTerm is how long the messages of a deleted conversation are known, so
// that none comes back by a delivery that is repeated.
const DroppedTerm = 90 * 24 * time.Hour

const (
	sqlDropMessages = `INSERT INTO dropped_message (workspace_id, account_id, external_hash, contact_id, at)
		SELECT workspace_id, account_id, external_hash, contact_id, CAST($4 AS BIGINT) FROM message
		WHERE workspace_id = $1 AND conversation_id = $2 AND seq <= $3 AND external_hash IS NOT NULL ON CONFLICT DO NOTHING`
	sqlDropMessagePieces = `INSERT INTO dropped_message (workspace_id, account_id, external_hash, contact_id, at)
		SELECT p.workspace_id, p.account_id, p.external_hash, m.contact_id, CAST($4 AS BIGINT) FROM message_piece p
		JOIN message m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
		WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.seq <= $3 ON CONFLICT DO NOTHING`
	sqlDropped      = `SELECT count(*) FROM dropped_message WHERE workspace_id = $1 AND account_id = $2 AND external_hash = $3`
	sqlOldDropped   = `DELETE FROM dropped_message WHERE workspace_id = $1 AND at <= $2`
	sqlEraseDropped = `DELETE FROM dropped_message WHERE workspace_id = $1 AND contact_id = $2`

	// What leaves with a conversation's row, before its messages do.
	sqlTalkCancel     = `UPDATE message SET status = 'cancelled' WHERE workspace_id = $1 AND conversation_id = $2 AND status = 'queued'`
	sqlTalkCases      = `UPDATE privacy_case SET conversation_id = 0 WHERE workspace_id = $1 AND conversation_id = $2`
	sqlTalkStatements = `UPDATE person_statement SET message_id = 0 WHERE workspace_id = $1
		AND message_id IN (SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2)`
	sqlTalkOwnVisits = `DELETE FROM own_visit WHERE workspace_id = $1 AND conversation_id = $2`
	sqlTalkVisits    = `DELETE FROM widget_session WHERE workspace_id = $1 AND conversation_id = $2`
	sqlTalkStored    = `SELECT stored FROM media WHERE workspace_id = $1 AND conversation_id = $2` + forUpdate
	sqlTalkBlobs     = `INSERT INTO blob_drop (workspace_id, blob) SELECT workspace_id, blob FROM media WHERE workspace_id = $1 AND conversation_id = $2 AND blob <> ''`
	sqlTalkMedia     = `DELETE FROM media WHERE workspace_id = $1 AND conversation_id = $2`

	sqlTalkWhose = `SELECT contact_id FROM message WHERE workspace_id = $1 AND conversation_id = $2 LIMIT 1`
	sqlTalkFirst = `SELECT coalesce(min(id), 0) FROM message WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEveryTalk = `SELECT id FROM conversation WHERE workspace_id = $1 AND id > $2
		UNION SELECT conversation_id FROM message WHERE workspace_id = $1 AND conversation_id > $2 ORDER BY 1 LIMIT $3`
	sqlTalkCount = `SELECT (SELECT count(*) FROM conversation WHERE workspace_id = $1 AND id = $2),
		(SELECT count(*) FROM message WHERE workspace_id = $1 AND conversation_id = $2),
		(SELECT count(*) FROM draft WHERE workspace_id = $1 AND conversation_id = $2),
		(SELECT count(*) FROM ai_run WHERE workspace_id = $1 AND conversation_id = $2),
		(SELECT count(*) FROM widget_session WHERE workspace_id = $1 AND conversation_id = $2),
		(SELECT count(*) FROM media WHERE workspace_id = $1 AND conversation_id = $2),
		(SELECT count(*) FROM gap_question WHERE workspace_id = $1 AND conversation_id = $2),
		(SELECT count(*) FROM phrasing WHERE workspace_id = $1 AND conversation_id = $2)`
)

// TalkHoldings counts what the deletion of one conversation removes.
func (r *Rx) TalkHoldings(conversation desk.ID) (Holdings, error) {
	var h Holdings
	err := r.row(sqlTalkCount, int64(r.ws), int64(conversation)).Scan(&h.Conversations, &h.Messages, &h.Drafts, &h.Runs, &h.Visits, &h.Files, &h.Questions, &h.Phrasings)
	return h, err
}

// TalkBegan is when the first message of a conversation was filed here, or when
// its id was made, where it has none: a visitor's next chat may take the id of
// one that was deleted.
func (r *Rx) TalkBegan(conversation desk.ID) (time.Time, error) {
	var first int64
	err := r.row(sqlTalkFirst, int64(r.ws), int64(conversation)).Scan(&first)
	if first == 0 {
		first = int64(conversation)
	}
	return id.Time(first), err
}

// EveryTalk pages through the conversations by id, with those that were closed
// and of which messages are left.
func (r *Rx) EveryTalk(after desk.ID, limit int) (all []desk.ID, err error) {
	err = r.each(sqlEveryTalk, []any{int64(r.ws), int64(after), limit}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// TalkLeft reports whether messages of a conversation are there.
func (r *Rx) TalkLeft(conversation desk.ID) (bool, error) {
	var whose desk.ID
	err := mayBeAbsent(r.row(sqlTalkWhose, int64(r.ws), int64(conversation)).Scan(&whose))
	return whose != 0, err
}

// TalkHeld reports whether a legal hold keeps what is left of a conversation.
func (r *Rx) TalkHeld(conversation desk.ID) (bool, error) {
	row, err := r.Conversation(conversation)
	whose := row.Contact
	if desk.IsNotFound(err) {
		err = mayBeAbsent(r.row(sqlTalkWhose, int64(r.ws), int64(conversation)).Scan(&whose))
	}
	if err != nil || whose == 0 {
		return false, err
	}
	return r.UnderHold(whose)
}

// CloseTalk takes a conversation out of every list, with all that is shown of it
// or waits for it: whoever works on it finds that it is gone and sends nothing.
// Its messages stay for EndTalk; a message that comes now begins another
// conversation. One that is gone is none of its business.
func (t *Tx) CloseTalk(conversation desk.ID) error {
	row, err := t.LockConversation(conversation)
	if desk.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, query := range []string{sqlTalkCancel, sqlTalkCases, sqlTalkStatements, sqlTalkOwnVisits, sqlTalkVisits, sqlEraseAlerts, sqlEraseProposed, sqlEraseThread} {
		if _, err := t.exec(query, int64(t.ws), int64(conversation)); err != nil {
			return err
		}
	}
	t.Emit(desk.Event{Kind: desk.ConversationGone, Conversation: conversation, Object: row.Contact})
	return nil
}

// EndTalk deletes up to a step of what CloseTalk left; done says that nothing is
// left.
func (t *Tx) EndTalk(conversation desk.ID) (done bool, err error) {
	n, err := t.dropMessages(conversation)
	if err != nil {
		return false, err
	}
	if n > 0 {
		return false, t.eraseThread(int64(conversation))
	}
	if err := t.letGo(sqlTalkStored, int64(conversation)); err != nil {
		return false, err
	}
	for _, query := range []string{sqlTalkBlobs, sqlTalkMedia} {
		if _, err := t.exec(query, int64(t.ws), int64(conversation)); err != nil {
			return false, err
		}
	}
	return true, t.eraseThread(int64(conversation))
}

// dropMessages notes the messages of the next step of a conversation's deletion;
// it answers 0 when none is left.
func (t *Tx) dropMessages(conversation desk.ID) (upTo int64, err error) {
	if err := t.row(sqlEraseUpTo, int64(t.ws), int64(conversation), eraseStep).Scan(&upTo); err != nil {
		return 0, err
	}
	for _, query := range []string{sqlDropMessages, sqlDropMessagePieces} {
		if _, err := t.exec(query, int64(t.ws), int64(conversation), upTo, us(t.now)); err != nil {
			return 0, err
		}
	}
	return upTo, nil
}

// Dropped reports whether a channel's id is that of a message whose conversation
// was deleted.
func (r *Rx) Dropped(account desk.ID, external string) (bool, error) {
	hash, err := r.externalHash(external)
	if err != nil || hash == nil {
		return false, err
	}
	var n int
	err = r.row(sqlDropped, int64(r.ws), int64(account), hash).Scan(&n)
	return n > 0, err
}

// DropOldDropped forgets messages of conversations whose deletion is long past.
func (t *Tx) DropOldDropped() (int64, error) {
	return t.exec(sqlOldDropped, int64(t.ws), us(t.now.Add(-DroppedTerm)))
}
