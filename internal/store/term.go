package store

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"sort"

	"parley/internal/desk"
)

// The blind index. A message that is indexed gets the next place of its
// workspace, and a row of message_term holds, for one word and one part (4096
// places), the places of the messages with that word, two bytes each. So a
// search over several common words reads a few hundred rows where one row per
// word and message would need a hundred thousand probes.
const (
	sqlTermMessage = `SELECT id FROM message WHERE workspace_id = $1 AND id = $2 AND deleted = FALSE` + forShare
	sqlPlaceTerms  = `SELECT place, terms FROM message_place WHERE workspace_id = $1 AND message_id = $2`
	sqlDropPlace   = `DELETE FROM message_place WHERE workspace_id = $1 AND message_id = $2`
	sqlPlaceOf     = `SELECT place FROM message_place WHERE workspace_id = $1 AND message_id = $2`
	sqlLastPlace   = `SELECT place FROM message_place WHERE workspace_id = $1 ORDER BY place DESC LIMIT 1`
	sqlAddPlace    = `INSERT INTO message_place (workspace_id, message_id, place, terms) VALUES ($1, $2, $3, $4)`

	sqlAppendTermSQLite = `INSERT INTO message_term (workspace_id, term, part, places) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, term, part) DO UPDATE SET places = CAST(message_term.places || excluded.places AS BLOB)`
	// One round trip for a batch of thousands of rows.
	sqlAppendTermsPostgres = `INSERT INTO message_term (workspace_id, term, part, places)
		SELECT $1, u.term, u.part, u.places FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS u(term, part, places)
		ON CONFLICT (workspace_id, term, part) DO UPDATE SET places = message_term.places || excluded.places`

	sqlEraseTermRow  = `DELETE FROM message_term WHERE workspace_id = $1 AND term = $2 AND part = $3`
	sqlTermRow       = `SELECT places FROM message_term WHERE workspace_id = $1 AND term = $2 AND part = $3`
	sqlSetTermRow    = `UPDATE message_term SET places = $4 WHERE workspace_id = $1 AND term = $2 AND part = $3`
	sqlTermsPostgres = `SELECT t.term, t.part, t.places FROM message_term t
		JOIN unnest($2::bigint[], $3::bigint[]) AS u(term, part) ON t.term = u.term AND t.part = u.part
		WHERE t.workspace_id = $1 ORDER BY t.term, t.part FOR UPDATE OF t`
	sqlSetTermsPostgres = `UPDATE message_term t SET places = u.places
		FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS u(term, part, places)
		WHERE t.workspace_id = $1 AND t.term = u.term AND t.part = u.part`
	sqlEraseTermsPostgres = `DELETE FROM message_term t USING unnest($2::bigint[], $3::bigint[]) AS u(term, part)
		WHERE t.workspace_id = $1 AND t.term = u.term AND t.part = u.part`
)

const partSize = 4096

// termRow names a row of message_term.
type termRow struct{ term, part int64 }

// MessageTerms is a message and the stems of its text.
type MessageTerms struct {
	Message desk.ID
	Terms   []string
	Anew    bool // its text changed: what it was found by before goes
}

// IndexMessages makes messages findable by their terms. A message that was
// erased since its text was read leaves no trace, and one that is indexed
// already stays as it is. Large batches are far cheaper than small ones.
func (t *Tx) IndexMessages(batch []MessageTerms) error {
	batch = slices.Clone(batch)
	sort.Slice(batch, func(a, b int) bool { return batch[a].Message < batch[b].Message })
	place, err := t.lastPlace()
	if err != nil {
		return err
	}
	rows := map[termRow][]byte{}
	for i, m := range batch {
		if i > 0 && m.Message == batch[i-1].Message || len(m.Terms) == 0 {
			continue
		}
		if m.Anew {
			if err := t.Unindex(m.Message); err != nil {
				return err
			}
		}
		if ok, err := t.indexable(m.Message); !ok {
			if err != nil {
				return err
			}
			continue
		}
		blind, err := t.blindTerms(m.Terms)
		if err != nil {
			return err
		}
		place++
		if _, err := t.exec(sqlAddPlace, int64(t.ws), int64(m.Message), place, packTerms(blind)); err != nil {
			return err
		}
		for _, term := range blind {
			row := termRow{term, place / partSize}
			rows[row] = binary.BigEndian.AppendUint16(rows[row], uint16(place%partSize))
		}
	}
	return t.appendTerms(rows)
}

// Unindex takes one message out of the search index.
func (t *Tx) Unindex(message desk.ID) error {
	var place int64
	var terms []byte
	err := t.row(sqlPlaceTerms, int64(t.ws), int64(message)).Scan(&place, &terms)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	gone := map[termRow]map[uint16]bool{}
	for _, term := range unpackTerms(terms) {
		gone[termRow{term, place / partSize}] = map[uint16]bool{uint16(place % partSize): true}
	}
	if _, err := t.exec(sqlDropPlace, int64(t.ws), int64(message)); err != nil {
		return err
	}
	if len(gone) == 0 {
		return nil
	}
	return t.dropPlaces(gone)
}

func (t *Tx) lastPlace() (int64, error) {
	var place int64
	err := t.row(sqlLastPlace, int64(t.ws)).Scan(&place)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return place, err
}

// indexable holds a message's row until the commit, so that an erasure comes
// wholly before or wholly after.
func (t *Tx) indexable(message desk.ID) (bool, error) {
	var n int64
	err := t.row(sqlTermMessage, int64(t.ws), int64(message)).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = t.row(sqlPlaceOf, int64(t.ws), int64(message)).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return false, err
}

// blindTerms are the distinct numbers of terms.
func (r *Rx) blindTerms(terms []string) ([]int64, error) {
	blind, err := r.db.vault.Terms(r.ctx, int64(r.ws), terms)
	slices.Sort(blind)
	return slices.Compact(blind), err
}

func packTerms(terms []int64) []byte {
	b := make([]byte, 0, 8*len(terms))
	for _, term := range terms {
		b = binary.BigEndian.AppendUint64(b, uint64(term))
	}
	return b
}

func unpackTerms(b []byte) []int64 {
	terms := make([]int64, 0, len(b)/8)
	for ; len(b) >= 8; b = b[8:] {
		terms = append(terms, int64(binary.BigEndian.Uint64(b)))
	}
	return terms
}

// inOrder lists rows as the table has them: writing in that order is several
// times faster, and two nodes never lock each other out.
func inOrder[T any](rows map[termRow]T) []termRow {
	all := make([]termRow, 0, len(rows))
	for row := range rows {
		all = append(all, row)
	}
	slices.SortFunc(all, func(a, b termRow) int {
		if a.term != b.term {
			return compare(a.term, b.term)
		}
		return compare(a.part, b.part)
	})
	return all
}

func compare(a, b int64) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

func (t *Tx) appendTerms(rows map[termRow][]byte) error {
	order := inOrder(rows)
	if t.s.engine == postgresEngine {
		_, err := t.exec(sqlAppendTermsPostgres, columnsOf(t.ws, order, rows)...)
		return err
	}
	for _, row := range order {
		if _, err := t.exec(sqlAppendTermSQLite, int64(t.ws), row.term, row.part, rows[row]); err != nil {
			return err
		}
	}
	return nil
}

// columnsOf is the workspace and the rows as arrays, for PostgreSQL.
func columnsOf(ws desk.ID, order []termRow, places map[termRow][]byte) []any {
	terms, parts, values := make([]int64, len(order)), make([]int64, len(order)), make([][]byte, len(order))
	for i, row := range order {
		terms[i], parts[i], values[i] = row.term, row.part, places[row]
	}
	if places == nil {
		return []any{int64(ws), terms, parts}
	}
	return []any{int64(ws), terms, parts, values}
}

// dropPlaces takes places out of rows, and rows out of the table that hold none
// any more.
func (t *Tx) dropPlaces(gone map[termRow]map[uint16]bool) error {
	have, err := t.termRows(inOrder(gone))
	if err != nil {
		return err
	}
	left := map[termRow][]byte{}
	var empty []termRow
	for row, places := range have {
		var rest []byte
		for ; len(places) >= 2; places = places[2:] {
			if !gone[row][binary.BigEndian.Uint16(places)] {
				rest = append(rest, places[:2]...)
			}
		}
		if len(rest) > 0 {
			left[row] = rest
		} else {
			empty = append(empty, row)
		}
	}
	if t.s.engine == postgresEngine {
		_, err := t.exec(sqlSetTermsPostgres, columnsOf(t.ws, inOrder(left), left)...)
		if err == nil {
			_, err = t.exec(sqlEraseTermsPostgres, columnsOf(t.ws, empty, nil)...)
		}
		return err
	}
	for _, row := range inOrder(left) {
		if _, err := t.exec(sqlSetTermRow, int64(t.ws), row.term, row.part, left[row]); err != nil {
			return err
		}
	}
	for _, row := range empty {
		if _, err := t.exec(sqlEraseTermRow, int64(t.ws), row.term, row.part); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) termRows(rows []termRow) (map[termRow][]byte, error) {
	have := make(map[termRow][]byte, len(rows))
	if t.s.engine == postgresEngine {
		return have, t.each(sqlTermsPostgres, columnsOf(t.ws, rows, nil), func(s scanner) error {
			var row termRow
			var places []byte
			err := s.Scan(&row.term, &row.part, &places)
			have[row] = places
			return err
		})
	}
	for _, row := range rows {
		var places []byte
		err := t.row(sqlTermRow, int64(t.ws), row.term, row.part).Scan(&places)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		have[row] = places
	}
	return have, nil
}
