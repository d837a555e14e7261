package store

import (
	"sort"

	"parley/internal/desk"
)

const (
	sqlAddTerm     = `INSERT INTO message_term (workspace_id, term, message_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	sqlTermCount   = `SELECT count(*) FROM (SELECT 1 FROM message_term WHERE workspace_id = $1 AND term = $2 LIMIT 2000) AS few`
	sqlTermNewest1 = `SELECT message_id FROM message_term WHERE workspace_id = $1 AND term = $2 AND message_id < $3
		ORDER BY message_id DESC LIMIT $4`
	sqlTermNewest2 = `SELECT a.message_id FROM message_term a WHERE a.workspace_id = $1 AND a.term = $2 AND a.message_id < $3
		AND EXISTS (SELECT 1 FROM message_term b WHERE b.workspace_id = $1 AND b.term = $5 AND b.message_id = a.message_id)
		ORDER BY a.message_id DESC LIMIT $4`
	sqlTermNewest3 = `SELECT a.message_id FROM message_term a WHERE a.workspace_id = $1 AND a.term = $2 AND a.message_id < $3
		AND EXISTS (SELECT 1 FROM message_term b WHERE b.workspace_id = $1 AND b.term = $5 AND b.message_id = a.message_id)
		AND EXISTS (SELECT 1 FROM message_term c WHERE c.workspace_id = $1 AND c.term = $6 AND c.message_id = a.message_id)
		ORDER BY a.message_id DESC LIMIT $4`
	sqlTermNewest4 = `SELECT a.message_id FROM message_term a WHERE a.workspace_id = $1 AND a.term = $2 AND a.message_id < $3
		AND EXISTS (SELECT 1 FROM message_term b WHERE b.workspace_id = $1 AND b.term = $5 AND b.message_id = a.message_id)
		AND EXISTS (SELECT 1 FROM message_term c WHERE c.workspace_id = $1 AND c.term = $6 AND c.message_id = a.message_id)
		AND EXISTS (SELECT 1 FROM message_term d WHERE d.workspace_id = $1 AND d.term = $7 AND d.message_id = a.message_id)
		ORDER BY a.message_id DESC LIMIT $4`
)

// MaxSearchTerms is how many words of a search count; the rarest are kept.
const MaxSearchTerms = 4

// MessageTerms is a message and the stems of its text.
type MessageTerms struct {
	Message desk.ID
	Terms   []string
}

// IndexMessages adds blind terms. Rows are sorted before they are written: in
// random order the clustered table is far slower.
func (t *Tx) IndexMessages(batch []MessageTerms) error {
	type row struct {
		term    int64
		message desk.ID
	}
	var rows []row
	for _, m := range batch {
		blind, err := t.db.vault.Terms(t.ctx, int64(t.ws), m.Terms)
		if err != nil {
			return err
		}
		for _, term := range blind {
			rows = append(rows, row{term, m.Message})
		}
	}
	sort.Slice(rows, func(a, b int) bool {
		return rows[a].term < rows[b].term || rows[a].term == rows[b].term && rows[a].message < rows[b].message
	})
	for _, r := range rows {
		if _, err := t.exec(sqlAddTerm, int64(t.ws), r.term, int64(r.message)); err != nil {
			return err
		}
	}
	return nil
}

// SearchMessages returns the newest messages that hold every term, newest
// first, older than before (0 = from the top).
func (r *Rx) SearchMessages(terms []string, before desk.ID, limit int) ([]desk.ID, error) {
	blind, err := r.db.vault.Terms(r.ctx, int64(r.ws), terms)
	if err != nil || len(blind) == 0 {
		return nil, err
	}
	if blind, err = r.rarest(blind); err != nil {
		return nil, err
	}
	if before == 0 {
		before = maxID
	}
	query := []string{sqlTermNewest1, sqlTermNewest2, sqlTermNewest3, sqlTermNewest4}[len(blind)-1]
	args := []any{int64(r.ws), blind[0], int64(before), limit}
	for _, term := range blind[1:] {
		args = append(args, term)
	}
	ids := []desk.ID{}
	err = r.each(query, args, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// rarest orders terms by how many messages hold them, rarest first, and keeps
// at most MaxSearchTerms: walking the rarest list asks the fewest questions.
func (r *Rx) rarest(terms []int64) ([]int64, error) {
	counts := make(map[int64]int, len(terms))
	for _, term := range terms {
		var n int
		if err := r.row(sqlTermCount, int64(r.ws), term).Scan(&n); err != nil {
			return nil, err
		}
		counts[term] = n
	}
	sort.Slice(terms, func(a, b int) bool { return counts[terms[a]] < counts[terms[b]] })
	return terms[:min(len(terms), MaxSearchTerms)], nil
}
