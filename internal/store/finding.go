package store

import (
	"encoding/json"
	"strconv"
	"time"

	"parley/internal/desk"
)

// Finding is something in the knowledge that a person should look at.
type Finding struct {
	ID        desk.ID
	Kind      string
	Name      string // what was found, so that it is found once; not read back
	Passages  []FindingPassage
	Sources   []desk.ID
	Date      time.Time // that has passed, or since when nothing changed; zero for none
	Dismissed Dismissal
	FoundAt   time.Time
}

// FindingPassage is a passage of a finding with the words that it is about.
type FindingPassage struct {
	Passage desk.ID `json:"p"`
	Source  desk.ID `json:"s"`
	Said    string  `json:"t,omitempty"`
}

type findingDetail struct {
	Passages []FindingPassage `json:"p"`
	Sources  []desk.ID        `json:"s"`
	Date     int64            `json:"d,omitempty"`
}

const (
	findingColumns   = `id, kind, detail, dismissed, found_at, dismissed_kind, dismissed_by, dismissed_at`
	sqlFindingNames  = `SELECT id, name FROM finding WHERE workspace_id = $1`
	sqlInsertFinding = `INSERT INTO finding (workspace_id, ` + findingColumns + `, name) VALUES ($1, $2, $3, $4, FALSE, $5, '', 0, 0, $6)`
	sqlFindingDetail = `UPDATE finding SET detail = $3 WHERE workspace_id = $1 AND id = $2`
	sqlDropFinding   = `DELETE FROM finding WHERE workspace_id = $1 AND id = $2`
	sqlFindings      = `SELECT ` + findingColumns + ` FROM finding WHERE workspace_id = $1 AND dismissed = $2 AND id < $3 ORDER BY id DESC LIMIT $4`
	sqlDismissal     = `UPDATE finding SET dismissed = $3, dismissed_kind = $4, dismissed_by = $5, dismissed_at = $6 WHERE workspace_id = $1 AND id = $2`
	sqlUsedPassages  = `SELECT passages FROM ai_run WHERE workspace_id = $1 AND at >= $2`
)

// SetFindings puts what was found in place of what was found before; what is
// found again keeps its id and whether it was dismissed, and what is found twice
// is one.
func (t *Tx) SetFindings(all []Finding) error {
	known := map[string]desk.ID{}
	err := t.each(sqlFindingNames, []any{int64(t.ws)}, func(s scanner) error {
		var id desk.ID
		var name []byte
		err := s.Scan(&id, &name)
		known[string(name)] = id
		return err
	})
	if err != nil {
		return err
	}
	put := map[string]bool{}
	for _, f := range all {
		same := f.Kind + "\x00" + f.Name
		if put[same] {
			continue
		}
		put[same] = true
		name, err := t.db.vault.Hash(t.ctx, int64(t.ws), "finding", same)
		if err != nil {
			return err
		}
		if err := t.putFinding(known[string(name)], name, f); err != nil {
			return err
		}
		delete(known, string(name))
	}
	for _, id := range known {
		if _, err := t.exec(sqlDropFinding, int64(t.ws), int64(id)); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) putFinding(old desk.ID, name []byte, f Finding) error {
	if f.ID = old; old == 0 {
		f.ID = t.NewID()
	}
	sealed, err := t.sealFinding(f)
	if err != nil {
		return err
	}
	if old != 0 {
		return t.must("finding", sqlFindingDetail, int64(t.ws), int64(f.ID), sealed)
	}
	_, err = t.exec(sqlInsertFinding, int64(t.ws), int64(f.ID), f.Kind, sealed, us(t.now), name)
	return err
}

// Findings lists what was found, newest first; before 0 starts at the top.
func (r *Rx) Findings(dismissed bool, before desk.ID, limit int) ([]Finding, error) {
	if before == 0 {
		before = maxID
	}
	all := []Finding{}
	err := r.each(sqlFindings, []any{int64(r.ws), dismissed, int64(before), limit}, func(s scanner) error {
		f, err := r.scanFinding(s)
		all = append(all, f)
		return err
	})
	return all, err
}

func (r *Rx) scanFinding(s scanner) (f Finding, err error) {
	var sealed []byte
	var found, judged int64
	var dismissed bool
	var kind string
	var by desk.ID
	if err := s.Scan(&f.ID, &f.Kind, &sealed, &dismissed, &found, &kind, &by, &judged); err != nil {
		return f, err
	}
	raw, err := r.open("finding", "detail", f.ID, sealed)
	if err != nil {
		return f, err
	}
	var d findingDetail
	err = json.Unmarshal(raw, &d)
	f.Passages, f.Sources, f.FoundAt = d.Passages, d.Sources, at(found)
	if d.Date != 0 {
		f.Date = at(d.Date)
	}
	if dismissed {
		// One from before this was kept is as old as what it is about.
		f.Dismissed = Dismissal{By: desk.Actor{Kind: desk.ActorKind(kind), ID: by}, At: at(max(judged, found))}
	}
	return f, err
}

func (t *Tx) sealFinding(f Finding) ([]byte, error) {
	d := findingDetail{Passages: f.Passages, Sources: f.Sources}
	if !f.Date.IsZero() {
		d.Date = us(f.Date)
	}
	return t.seal(t.workspaceKey(), "finding", "detail", f.ID, toJSON(d))
}

// DismissFinding says that what was found is all right.
func (t *Tx) DismissFinding(id desk.ID, by desk.Actor) error {
	return t.must("finding", sqlDismissal, int64(t.ws), int64(id), true, string(by.Kind), int64(by.ID), us(t.now))
}

// RecallFinding takes a dismissal back.
func (t *Tx) RecallFinding(id desk.ID) error {
	return t.must("finding", sqlDismissal, int64(t.ws), int64(id), false, "", 0, 0)
}

// UsedPassages are those that the AI's turns looked at since a time, with the
// number of those turns.
func (r *Rx) UsedPassages(since time.Time) (used map[desk.ID]bool, turns int, err error) {
	used = map[desk.ID]bool{}
	err = r.each(sqlUsedPassages, []any{int64(r.ws), us(since)}, func(s scanner) error {
		var raw string
		if err := s.Scan(&raw); err != nil {
			return err
		}
		var ids []json.RawMessage
		if err := json.Unmarshal([]byte(raw), &ids); err != nil {
			return err
		}
		turns++
		for _, one := range ids {
			text := string(one)
			if len(text) > 1 && text[0] == '"' {
				text = text[1 : len(text)-1]
			}
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return err
			}
			used[desk.ID(id)] = true
		}
		return nil
	})
	return used, turns, err
}
