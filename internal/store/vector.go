package store

import (
	"errors"
	"time"

	"parley/internal/desk"
	"parley/internal/vault"
)

// Vector is what a passage means, as a direction: numbers from -127 to 127, of
// which only their proportion counts.
type Vector struct {
	Passage    desk.ID
	Vendor     desk.Vendor
	Model      string
	Version    int // of the passage, when it was made
	Stamp      int64
	Components []int8 // none: the vendor takes this passage's words not
}

// Making is how the making of vectors goes.
type Making struct {
	Stamp   int64     // moves with every change of vectors
	Fault   string    // why the last call failed, a machine word; "" = it did not
	Words   string    // the vendor's own
	Tries   int       // failures in a row
	FaultAt time.Time // zero without a fault
	NextAt  time.Time // when it is tried again, after a fault
}

const (
	live       = `p.hidden = FALSE AND (p.suspect = '' OR p.cleared = TRUE)`
	sqlUnmeant = `SELECT p.id FROM passage p LEFT JOIN passage_vector v ON v.workspace_id = p.workspace_id AND v.passage_id = p.id
		WHERE p.workspace_id = $1 AND v.passage_id IS NULL AND ` + live + ` ORDER BY p.id LIMIT $2`
	sqlMeantOf = `SELECT count(*), count(v.passage_id) FROM passage p
		LEFT JOIN passage_vector v ON v.workspace_id = p.workspace_id AND v.passage_id = p.id AND v.dimensions > 0 WHERE p.workspace_id = $1 AND ` + live
	sqlRefusedVectors = `SELECT count(*) FROM passage_vector WHERE workspace_id = $1 AND dimensions = 0`
	sqlPutVector      = `INSERT INTO passage_vector (workspace_id, passage_id, vendor, model, dimensions, version, stamp, vector)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id, passage_id) DO UPDATE SET vendor = excluded.vendor, model = excluded.model, dimensions = excluded.dimensions,
		version = excluded.version, stamp = excluded.stamp, vector = excluded.vector`
	sqlDropVector   = `DELETE FROM passage_vector WHERE workspace_id = $1 AND passage_id = $2`
	sqlDropVectors  = `DELETE FROM passage_vector WHERE workspace_id = $1`
	sqlDropVectorOf = `DELETE FROM passage_vector WHERE workspace_id = $1 AND passage_id IN
		(SELECT id FROM passage WHERE workspace_id = $1 AND source_id = $2 AND n >= $3 AND n < $4)`
	sqlVectorsOf = `SELECT passage_id FROM passage_vector WHERE workspace_id = $1 AND passage_id IN
		(SELECT id FROM passage WHERE workspace_id = $1 AND source_id = $2 AND n >= $3 AND n < $4)`
	sqlOneVector    = `SELECT coalesce(max(dimensions), 0) FROM passage_vector WHERE workspace_id = $1`
	sqlVectorStamps = `SELECT passage_id, stamp FROM passage_vector WHERE workspace_id = $1`
	sqlVectorsSince = `SELECT passage_id, vendor, model, dimensions, version, stamp, vector FROM passage_vector WHERE workspace_id = $1 AND stamp > $2 AND dimensions > 0`
	sqlMaking       = `SELECT stamp, fault, words, tries, fault_at, next_at FROM meaning WHERE workspace_id = $1`
	sqlMoveMeaning  = `INSERT INTO meaning (workspace_id, stamp, fault, words, tries, fault_at, next_at) VALUES ($1, 1, '', NULL, 0, 0, 0)
		ON CONFLICT (workspace_id) DO UPDATE SET stamp = meaning.stamp + 1 RETURNING stamp`
	sqlMeaningFault = `INSERT INTO meaning (workspace_id, stamp, fault, words, tries, fault_at, next_at) VALUES ($1, 0, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id) DO UPDATE SET fault = excluded.fault, words = excluded.words, tries = excluded.tries, fault_at = excluded.fault_at,
		next_at = excluded.next_at`
)

// Making returns how the making of vectors goes.
func (r *Rx) Making() (m Making, err error) {
	var words []byte
	var fault, next int64
	err = found("meaning", r.row(sqlMaking, int64(r.ws)).Scan(&m.Stamp, &m.Fault, &words, &m.Tries, &fault, &next))
	if err != nil {
		return Making{}, mayBeGone(err)
	}
	if m.Fault == "" {
		return m, nil
	}
	m.FaultAt, m.NextAt = at(fault), at(next)
	said, err := r.open("meaning", "words", r.ws, words)
	m.Words = string(said)
	return m, err
}

// NoteFault keeps why no vectors could be made and when it is tried again; a zero
// Making says that all is well.
func (t *Tx) NoteFault(m Making) error {
	if m.Fault == "" {
		_, err := t.exec(sqlMeaningFault, int64(t.ws), "", nil, 0, 0, 0)
		return err
	}
	words, err := t.seal(t.workspaceKey(), "meaning", "words", t.ws, []byte(m.Words))
	if err != nil {
		return err
	}
	_, err = t.exec(sqlMeaningFault, int64(t.ws), m.Fault, words, m.Tries, us(t.now), us(m.NextAt))
	return err
}

// Unmeant lists passages that may be found and have no vector, at most limit.
func (r *Rx) Unmeant(limit int) ([]Passage, error) {
	var ids []desk.ID
	err := r.each(sqlUnmeant, []any{int64(r.ws), limit}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	})
	all := make([]Passage, len(ids))
	for i, id := range ids {
		if err == nil {
			all[i], err = r.Passage(id)
		}
	}
	return all, err
}

// Meant counts the passages that may be found, those of them with a vector, and
// those whose words the vendor does not take.
func (r *Rx) Meant() (all, with, refused int64, err error) {
	if err = r.row(sqlMeantOf, int64(r.ws)).Scan(&all, &with); err == nil {
		err = r.row(sqlRefusedVectors, int64(r.ws)).Scan(&refused)
	}
	return all, with, refused, err
}

// PutVectors keeps vectors of passages, of one model and all of one length; of is
// each passage as it was when its vector was asked for. A passage that says
// something else by now, or may not be found any more, gets none. A length other
// than that of the vectors that are there is desk.Conflict "other_dimensions".
func (t *Tx) PutVectors(of []Passage, vectors []Vector) error {
	var dimensions int
	if err := t.row(sqlOneVector, int64(t.ws)).Scan(&dimensions); err != nil {
		return err
	}
	stamp, err := t.moveMeaning()
	if err != nil {
		return err
	}
	for i, v := range vectors {
		if n := len(v.Components); n != 0 && dimensions != 0 && n != dimensions {
			return desk.Fail(desk.Conflict, "other_dimensions", "the vectors have another length than those that are there")
		}
		now, err := t.scanPassage(t.row(sqlPassageLocked, int64(t.ws), int64(of[i].ID)))
		if desk.IsNotFound(found("passage", err)) {
			continue
		}
		if err != nil {
			return err
		}
		if !now.Live() || !now.says(of[i]) {
			continue
		}
		if err := t.putVector(v, now.Version, stamp); err != nil {
			return err
		}
	}
	return nil
}

// says reports whether two passages say the same, word for word.
func (p Passage) says(other Passage) bool {
	return string(toJSON(p.PassageBody)) == string(toJSON(other.PassageBody))
}

func (t *Tx) putVector(v Vector, version int, stamp int64) error {
	raw := make([]byte, len(v.Components))
	for i, c := range v.Components {
		raw[i] = byte(c)
	}
	sealed, err := t.seal(t.workspaceKey(), "passage_vector", "vector", v.Passage, raw)
	if err != nil {
		return err
	}
	_, err = t.exec(sqlPutVector, int64(t.ws), int64(v.Passage), string(v.Vendor), v.Model, len(v.Components), version, stamp, sealed)
	return err
}

func (t *Tx) moveMeaning() (stamp int64, err error) {
	err = t.row(sqlMoveMeaning, int64(t.ws)).Scan(&stamp)
	return stamp, err
}

// DropVectors deletes every vector of the workspace, and what went wrong with
// them.
func (t *Tx) DropVectors() error {
	n, err := t.exec(sqlDropVectors, int64(t.ws))
	if err != nil {
		return err
	}
	if n > 0 {
		if _, err := t.moveMeaning(); err != nil {
			return err
		}
	}
	m, err := t.Making()
	if err != nil || m.Fault == "" {
		return err
	}
	return t.NoteFault(Making{})
}

// dropVector deletes the vector of a passage that says something else from now
// on, or is found no more.
func (t *Tx) dropVector(passage desk.ID) error {
	n, err := t.exec(sqlDropVector, int64(t.ws), int64(passage))
	if err == nil && n > 0 {
		_, err = t.moveMeaning()
	}
	return err
}

// dropVectorsOf deletes those of passages that are about to go.
func (t *Tx) dropVectorsOf(source desk.ID, at places) error {
	n, err := t.exec(sqlDropVectorOf, int64(t.ws), int64(source), at.from, at.to)
	if err == nil && n > 0 {
		_, err = t.moveMeaning()
	}
	return err
}

// vectorsOf lists those of a source's passages that have one.
func (t *Tx) vectorsOf(source desk.ID, at places) (map[desk.ID]bool, error) {
	all := map[desk.ID]bool{}
	err := t.each(sqlVectorsOf, []any{int64(t.ws), int64(source), at.from, at.to}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all[id] = true
		return err
	})
	return all, err
}

// VectorStamps gives the stamp of each passage's vector.
func (r *Rx) VectorStamps() (map[desk.ID]int64, error) {
	all := map[desk.ID]int64{}
	err := r.each(sqlVectorStamps, []any{int64(r.ws)}, func(s scanner) error {
		var id desk.ID
		var stamp int64
		err := s.Scan(&id, &stamp)
		all[id] = stamp
		return err
	})
	return all, err
}

// EachVector hands fn the vectors put in after a stamp. One that does not open is
// left out: its passage is found by its words alone.
func (r *Rx) EachVector(since int64, fn func(Vector)) error {
	return r.each(sqlVectorsSince, []any{int64(r.ws), since}, func(s scanner) error {
		var v Vector
		var vendor string
		var dimensions int
		var sealed []byte
		if err := s.Scan(&v.Passage, &vendor, &v.Model, &dimensions, &v.Version, &v.Stamp, &sealed); err != nil {
			return err
		}
		raw, err := r.open("passage_vector", "vector", v.Passage, sealed)
		if errors.Is(err, vault.ErrTampered) || errors.Is(err, vault.ErrNoKey) || err == nil && len(raw) != dimensions {
			return nil
		}
		if err != nil {
			return err
		}
		v.Vendor, v.Components = desk.Vendor(vendor), make([]int8, len(raw))
		for i, b := range raw {
			v.Components[i] = int8(b)
		}
		fn(v)
		return nil
	})
}
