package store

import (
	"errors"
	"time"

	"parley/internal/desk"
)

const (
	// A row of a price list is found by what it is called: nobody needs to think of
	// questions for it.
	unasked       = ` AND suggested = FALSE AND hidden = FALSE AND (suspect = '' OR cleared = TRUE)`
	noItem        = ` AND NOT EXISTS (SELECT 1 FROM catalogue_item WHERE catalogue_item.workspace_id = passage.workspace_id AND catalogue_item.id = passage.id)`
	sqlUnasked    = `SELECT ` + passageColumns + ` FROM passage WHERE workspace_id = $1` + unasked + noItem + ` ORDER BY id LIMIT $2`
	sqlAskedCount = `SELECT count(*), coalesce(sum(CASE WHEN suggested THEN 1 ELSE 0 END), 0) FROM passage
		WHERE workspace_id = $1 AND hidden = FALSE AND (suspect = '' OR cleared = TRUE)` + noItem
	sqlMarkAsked  = `UPDATE passage SET suggested = TRUE WHERE workspace_id = $1 AND id = $2`
	sqlSuggesting = `SELECT fault, next_at, at FROM suggesting WHERE workspace_id = $1`
	sqlSetSuggest = `INSERT INTO suggesting (workspace_id, fault, next_at, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id) DO UPDATE SET fault = excluded.fault, next_at = excluded.next_at, at = excluded.at`
	sqlWaiting     = `SELECT source_id, count(*) FROM phrasing WHERE workspace_id = $1 AND state = 'suggested' GROUP BY source_id ORDER BY source_id`
	sqlSuggestedOf = `SELECT said, ` + phrasingColumns + ` FROM phrasing WHERE workspace_id = $1 AND source_id = $2 AND state = 'suggested' ORDER BY id`
	sqlDecideAll   = `UPDATE phrasing SET state = $3 WHERE workspace_id = $1 AND source_id = $2 AND state = 'suggested'`
	sqlDropGone    = `DELETE FROM phrasing WHERE workspace_id = $1 AND source_id = $2 AND said = $3 AND state IN ('suggested', 'declined')`
)

// Unasked lists passages that can be found and that no model was asked about as
// they are; the oldest first.
func (r *Rx) Unasked(limit int) ([]Passage, error) {
	all := []Passage{}
	err := r.each(sqlUnasked, []any{int64(r.ws), limit}, func(s scanner) error {
		p, err := r.scanPassage(s)
		all = append(all, p)
		return err
	})
	return all, err
}

// MarkAsked notes that a model was asked about what a passage says; false when it
// says something else by now, or is gone.
func (t *Tx) MarkAsked(p Passage) (bool, error) {
	now, err := t.scanPassage(t.row(sqlPassageLocked, int64(t.ws), int64(p.ID)))
	if err = found("passage", err); err != nil {
		return false, mayBeGone(err)
	}
	if now.Text != p.Text || now.Question != p.Question || now.Heading != p.Heading {
		return false, nil
	}
	return true, t.must("passage", sqlMarkAsked, int64(t.ws), int64(p.ID))
}

// Suggesting is how far the asking for questions is.
type Suggesting struct {
	Asked, Of int       // passages
	Fault     string    // why no model answered last; "" when one did
	Next      time.Time // when it is tried again; zero where nothing waits for that
	At        time.Time // of the last call; zero before the first
}

// Suggesting says how far the asking for questions is.
func (r *Rx) Suggesting() (Suggesting, error) {
	var s Suggesting
	if err := r.row(sqlAskedCount, int64(r.ws)).Scan(&s.Of, &s.Asked); err != nil {
		return s, err
	}
	var next, when int64
	err := found("suggesting", r.row(sqlSuggesting, int64(r.ws)).Scan(&s.Fault, &next, &when))
	if err != nil {
		return s, mayBeGone(err)
	}
	s.At = at(when)
	if next != 0 {
		s.Next = at(next)
	}
	return s, nil
}

// SetSuggesting keeps what came of the last call; next zero = nothing waits.
func (t *Tx) SetSuggesting(fault string, next time.Time) error {
	when := int64(0)
	if !next.IsZero() {
		when = us(next)
	}
	_, err := t.exec(sqlSetSuggest, int64(t.ws), fault, when, us(t.now))
	return err
}

// Waiting counts the suggested wordings of each source that has any.
func (r *Rx) Waiting() (map[desk.ID]int, error) {
	all := map[desk.ID]int{}
	err := r.each(sqlWaiting, []any{int64(r.ws)}, func(s scanner) error {
		var source desk.ID
		n := 0
		err := s.Scan(&source, &n)
		all[source] = n
		return err
	})
	return all, err
}

// Suggested is a passage with the wordings that wait for approval.
type Suggested struct {
	Passage
	Waiting []Phrasing
}

// SuggestedOf lists the passages of a source that have suggested wordings, in
// order.
func (r *Rx) SuggestedOf(source desk.ID) ([]Suggested, error) {
	by := map[string][]Phrasing{}
	err := r.each(sqlSuggestedOf, []any{int64(r.ws), int64(source)}, func(s scanner) error {
		var said []byte
		p, err := r.scanPhrasing(lead{s, &said})
		by[string(said)] = append(by[string(said)], p)
		return err
	})
	if err != nil || len(by) == 0 {
		return nil, err
	}
	passages, err := r.Passages(source)
	var out []Suggested
	for _, p := range passages {
		said, e := r.said(p.read())
		if err = errors.Join(err, e); err != nil {
			return nil, err
		}
		if waiting := by[string(said)]; len(waiting) > 0 {
			out = append(out, Suggested{p, waiting})
			delete(by, string(said)) // two passages that say the same share them
		}
	}
	return out, err
}

// lead scans a row whose first column is one more.
type lead struct {
	scanner
	first any
}

func (l lead) Scan(to ...any) error { return l.scanner.Scan(append([]any{l.first}, to...)...) }

// DecideSuggestions approves or declines all suggested wordings of a source, and
// says how many there were.
func (t *Tx) DecideSuggestions(source desk.ID, state PhrasingState) (int64, error) {
	n, err := t.exec(sqlDecideAll, int64(t.ws), int64(source), string(state))
	if err != nil || n == 0 || state != PhrasingActive {
		return n, err
	}
	return n, t.readAgain(source)
}

// dropSuggestionsOf removes what was suggested, or declined, for passages that
// are gone and whose words no new one says. What people approved stays.
func (t *Tx) dropSuggestionsOf(source desk.ID, gone map[string][]Passage, fresh []Passage) error {
	some := 0
	if err := t.row(sqlAnyPhrasing, int64(t.ws), int64(source)).Scan(&some); err != nil || some == 0 {
		return err
	}
	here := map[string]bool{}
	for _, p := range fresh {
		said, err := t.said(p.PassageBody)
		if err != nil {
			return err
		}
		here[string(said)] = true
	}
	for _, all := range gone {
		for _, p := range all {
			said, err := t.said(p.read())
			if err != nil {
				return err
			}
			if here[string(said)] {
				continue
			}
			if _, err := t.exec(sqlDropGone, int64(t.ws), int64(source), said); err != nil {
				return err
			}
		}
	}
	return nil
}
