package store

import (
	"context"
	"errors"

	"parley/internal/desk"
)

// eraseStep is how many messages one transaction of an erasure deletes, so that
// nobody waits long behind it.
const eraseStep = 500

const (
	sqlEraseThreads = `SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id`
	sqlEraseUpTo    = `SELECT coalesce(max(seq), 0) FROM (SELECT seq FROM message WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY seq LIMIT $3) AS step`
	sqlEraseHold    = `SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND seq <= $3 ORDER BY seq` + forUpdate
	sqlEraseIndexed = `SELECT p.place, p.terms FROM message m JOIN message_place p ON p.workspace_id = m.workspace_id AND p.message_id = m.id
		WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.seq <= $3`
	sqlErasePlaces   = `DELETE FROM message_place WHERE workspace_id = $1 AND message_id IN (SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND seq <= $3)`
	sqlErasePieces   = `DELETE FROM message_piece WHERE workspace_id = $1 AND message_id IN (SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND seq <= $3)`
	sqlEraseMessages = `DELETE FROM message WHERE workspace_id = $1 AND conversation_id = $2 AND seq <= $3`
	sqlEraseRuns     = `DELETE FROM ai_run WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseDrafts   = `DELETE FROM draft WHERE workspace_id = $1 AND contact_id = $2`
	sqlEraseProposed = `DELETE FROM draft WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseThread   = `DELETE FROM conversation WHERE workspace_id = $1 AND id = $2`
	sqlEraseIdentity = `DELETE FROM identity WHERE workspace_id = $1 AND contact_id = $2`
	sqlEraseLookup   = `DELETE FROM contact_term WHERE workspace_id = $1 AND contact_id = $2`
	sqlEraseVisits   = `DELETE FROM widget_session WHERE workspace_id = $1 AND contact_id = $2`
	sqlEraseContact  = `DELETE FROM contact WHERE workspace_id = $1 AND id = $2`
	sqlEraseCount    = `SELECT (SELECT count(*) FROM conversation WHERE workspace_id = $1 AND contact_id = $2),
		(SELECT count(*) FROM message m JOIN conversation c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id WHERE c.workspace_id = $1 AND c.contact_id = $2),
		(SELECT count(*) FROM draft WHERE workspace_id = $1 AND contact_id = $2),
		(SELECT count(*) FROM identity WHERE workspace_id = $1 AND contact_id = $2),
		(SELECT count(*) FROM ai_run r JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id WHERE c.workspace_id = $1 AND c.contact_id = $2),
		(SELECT count(*) FROM widget_session WHERE workspace_id = $1 AND contact_id = $2),
		(SELECT count(*) FROM media WHERE workspace_id = $1 AND contact_id = $2),
		(SELECT count(*) FROM gap_question q JOIN conversation c ON c.workspace_id = q.workspace_id AND c.id = q.conversation_id WHERE c.workspace_id = $1 AND c.contact_id = $2),
		(SELECT count(*) FROM phrasing p JOIN conversation c ON c.workspace_id = p.workspace_id AND c.id = p.conversation_id WHERE c.workspace_id = $1 AND c.contact_id = $2 AND p.conversation_id > 0)`
	sqlScrubSQLite = `PRAGMA wal_checkpoint(TRUNCATE)`
)

// Of one channel account alone, for a contact who wrote by another, too.
const (
	sqlErasePlaceAt = `DELETE FROM identity WHERE workspace_id = $1 AND contact_id = $2 AND account_id = $3`
)

// ErasePlace deletes how a channel account knows a contact, once its
// conversations are gone.
func (t *Tx) ErasePlace(contact, account desk.ID) error {
	_, err := t.exec(sqlErasePlaceAt, int64(t.ws), int64(contact), int64(account))
	if err == nil {
		_, err = t.exec(sqlEraseOptInsAt, int64(t.ws), int64(contact), int64(account))
	}
	if err == nil {
		err = t.dropProfile(contact, account)
	}
	if err == nil {
		t.Emit(desk.Event{Kind: desk.ContactChanged, Object: contact})
	}
	return err
}

// Holdings counts what an erasure of one contact removes, per table.
type Holdings struct {
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"`
	Drafts        int `json:"drafts"`
	Identities    int `json:"identities"`
	Runs          int `json:"ai_runs"`
	Visits        int `json:"visits"`
	Files         int `json:"files"`
	Questions     int `json:"unanswered_questions"` // counted among the gaps of the knowledge
	Phrasings     int `json:"phrasings"`            // words of theirs that became ways to ask
}

// Plus adds what is held of another contact of the same person.
func (h Holdings) Plus(o Holdings) Holdings {
	h.Conversations += o.Conversations
	h.Messages += o.Messages
	h.Drafts += o.Drafts
	h.Identities += o.Identities
	h.Runs += o.Runs
	h.Visits += o.Visits
	h.Files += o.Files
	h.Questions += o.Questions
	h.Phrasings += o.Phrasings
	return h
}

// Holdings counts the rows about a contact.
func (r *Rx) Holdings(contact desk.ID) (Holdings, error) {
	var h Holdings
	err := r.row(sqlEraseCount, int64(r.ws), int64(contact)).Scan(&h.Conversations, &h.Messages, &h.Drafts, &h.Identities, &h.Runs, &h.Visits, &h.Files, &h.Questions, &h.Phrasings)
	return h, err
}

// EraseStep deletes up to one step of a contact's messages with their search
// terms, conversation by conversation; done says that none is left.
func (t *Tx) EraseStep(contact desk.ID) (done bool, err error) {
	threads := []desk.ID{}
	err = t.each(sqlEraseThreads, []any{int64(t.ws), int64(contact)}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		threads = append(threads, id)
		return err
	})
	if err != nil || len(threads) == 0 {
		return true, err
	}
	return false, t.eraseThread(int64(threads[0]))
}

// eraseThread deletes up to one step of a conversation's messages, and the
// conversation once none is left.
func (t *Tx) eraseThread(thread int64) error {
	var upTo int64
	if err := t.row(sqlEraseUpTo, int64(t.ws), thread, eraseStep).Scan(&upTo); err != nil {
		return err
	}
	if err := t.unindex(thread, upTo); err != nil {
		return err
	}
	if err := t.letGo(sqlStoredUpTo, thread, upTo); err != nil {
		return err
	}
	for _, query := range []string{sqlErasePlaces, sqlErasePieces, sqlEraseBlobsUpTo, sqlEraseMediaUpTo, sqlEraseMessages} {
		if _, err := t.exec(query, int64(t.ws), thread, upTo); err != nil {
			return err
		}
	}
	if upTo > 0 {
		return nil
	}
	if err := errors.Join(t.dropWords(thread, 0), t.dropAsked(thread)); err != nil {
		return err
	}
	for _, query := range []string{sqlEraseReports, sqlEraseAILogs, sqlEraseLabResults, sqlEraseAlerts, sqlEraseRuns, sqlEraseProposed, sqlEraseThread} {
		if _, err := t.exec(query, int64(t.ws), thread); err != nil {
			return err
		}
	}
	return nil
}

// unindex takes messages of a conversation up to a seq out of the search index.
// Their rows are locked first: the index's writer waits for an erasure, or the
// erasure sees what it wrote.
func (t *Tx) unindex(thread, upTo int64) error {
	args := []any{int64(t.ws), thread, upTo}
	if err := t.each(sqlEraseHold, args, func(scanner) error { return nil }); err != nil {
		return err
	}
	gone := map[termRow]map[uint16]bool{}
	err := t.each(sqlEraseIndexed, args, func(s scanner) error {
		var place int64
		var terms []byte
		err := s.Scan(&place, &terms)
		for _, term := range unpackTerms(terms) {
			row := termRow{term, place / partSize}
			if gone[row] == nil {
				gone[row] = map[uint16]bool{}
			}
			gone[row][uint16(place%partSize)] = true
		}
		return err
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	return t.dropPlaces(gone)
}

// EraseContact deletes what is left of a contact once its messages are gone.
func (t *Tx) EraseContact(contact desk.ID) error {
	if err := t.letGo(sqlStoredContact, int64(contact)); err != nil {
		return err
	}
	for _, query := range []string{sqlEraseBlobs, sqlEraseMedia, sqlEraseCopyBlobs, sqlEraseCopies, sqlEraseOwnVisits, sqlEraseStatements, sqlEraseDisclosures, sqlEraseProfiles, sqlEraseDrafts, sqlEraseIdentity, sqlEraseLookup, sqlEraseOptIns, sqlEraseVisits, sqlEraseDropped, sqlEraseHolds, sqlErasePersonTold, sqlEraseFromCases, sqlEraseContact} {
		if _, err := t.exec(query, int64(t.ws), int64(contact)); err != nil {
			return err
		}
	}
	t.Emit(desk.Event{Kind: desk.ContactErased, Object: contact})
	return nil
}

// Scrub empties SQLite's write-ahead log, which would keep deleted pages for a
// while; deleted rows are overwritten in place (secure_delete). PostgreSQL has
// no such act: there only the destroyed key makes bytes unreadable.
func (db *DB) Scrub(ctx context.Context) error {
	if db.engine != sqliteEngine {
		return nil
	}
	return db.borrow(ctx, func(s *session) error {
		if err := s.connect(ctx); err != nil {
			return plain(err)
		}
		return plain(s.simple(ctx, sqlScrubSQLite))
	})
}
