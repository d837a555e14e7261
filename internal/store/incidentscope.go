package store

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"parley/internal/desk"
)

// Scope says what an incident touched: in which workspace, between which times,
// by whom as the audit log tells, or which table as a whole.
type Scope struct {
	Workspace desk.ID
	From, To  time.Time
	Actor     desk.Actor // kind and id; its zero value = anybody
	Table     string     // of ScopeTables; "" = what the audit log tells
}

// ScopeCount is what a scope comes to, without anybody in it.
type ScopeCount struct {
	Scope
	Acts    int // entries of the audit log
	Persons int
	Erased  int // of Persons, who were erased since
	Records int64
	Tables  []string
	At      time.Time
}

// Each statement lists contacts with how many rows of its table are about them.
const (
	sqlScopeContact   = `SELECT id, 1 FROM contact WHERE workspace_id = $1`
	sqlScopeIdentity  = `SELECT contact_id, count(*) FROM identity WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeThread    = `SELECT contact_id, count(*) FROM conversation WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeMessage   = `SELECT contact_id, count(*) FROM message WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeDraft     = `SELECT contact_id, count(*) FROM draft WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeRun       = `SELECT c.contact_id, count(*) FROM ai_run r JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id WHERE r.workspace_id = $1 GROUP BY c.contact_id`
	sqlScopeVisit     = `SELECT contact_id, count(*) FROM widget_session WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeMedia     = `SELECT contact_id, count(*) FROM media WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeOptIn     = `SELECT contact_id, count(*) FROM opt_in WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeProfile   = `SELECT contact_id, count(*) FROM contact_profile WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeLog       = `SELECT contact_id, count(*) FROM ai_log WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeGap       = `SELECT contact_id, count(*) FROM gap_question WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopePhrasing  = `SELECT contact_id, count(*) FROM phrasing WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeLab       = `SELECT contact_id, count(*) FROM lab_result WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeReport    = `SELECT contact_id, count(*) FROM ai_report WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeCase      = `SELECT contact_id, count(*) FROM privacy_case WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeCopy      = `SELECT contact_id, count(*) FROM person_copy WHERE workspace_id = $1 GROUP BY contact_id`
	sqlScopeStatement = `SELECT contact_id, count(*) FROM person_statement WHERE workspace_id = $1 GROUP BY contact_id`

	sqlScopePeople = `SELECT id, merged_into, created_at FROM contact WHERE workspace_id = $1`
	sqlScopeActs   = `SELECT verb, action, object_kind, object_id FROM audit_entry WHERE workspace_id = $1 AND at >= $2 AND at <= $3
		AND ($4 = '' OR actor_kind = $4) AND (CAST($5 AS BIGINT) = 0 OR actor_id = $5) ORDER BY no`
	sqlScopeThreads = `SELECT id, contact_id FROM conversation WHERE workspace_id = $1`
	sqlScopeCases   = `SELECT id, contact_id FROM privacy_case WHERE workspace_id = $1`

	sqlAddIncidentCount = `INSERT INTO incident_count (workspace_id, id, incident_id, run_id, of_workspace, from_at, to_at, actor_kind, actor_id, of_table, acts, persons, erased, records, tables, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
	sqlIncidentCounts = `SELECT run_id, of_workspace, from_at, to_at, actor_kind, actor_id, of_table, acts, persons, erased, records, tables, at FROM incident_count
		WHERE workspace_id = $1 AND incident_id = $2 ORDER BY run_id DESC, id LIMIT $3`
)

func scopeQueries() map[string]string {
	return map[string]string{"contact": sqlScopeContact, "identity": sqlScopeIdentity, "conversation": sqlScopeThread, "message": sqlScopeMessage, "draft": sqlScopeDraft,
		"ai_run": sqlScopeRun, "widget_session": sqlScopeVisit, "media": sqlScopeMedia, "opt_in": sqlScopeOptIn, "contact_profile": sqlScopeProfile, "ai_log": sqlScopeLog,
		"gap_question": sqlScopeGap, "phrasing": sqlScopePhrasing, "lab_result": sqlScopeLab, "ai_report": sqlScopeReport, "privacy_case": sqlScopeCase,
		"person_copy": sqlScopeCopy, "person_statement": sqlScopeStatement}
}

// ScopeTables lists the tables that lead to people.
func ScopeTables() []string { return slices.Sorted(maps.Keys(scopeQueries())) }

// touchedBy are the tables that an act of the audit log opens of its person.
func touchedBy(verb, action, object string) []string {
	switch object {
	case "contact":
		if verb == "disclose" || action == "contact.disclosures" {
			return ScopeTables() // a copy holds all there is
		}
		return []string{"contact", "identity"}
	case "conversation", "draft", "message", "ai":
		return []string{"conversation", "message"}
	case "case":
		return []string{"privacy_case"}
	case "gap":
		return []string{"gap_question"}
	case "lab":
		return []string{"lab_result"}
	case "hold":
		return []string{"contact"}
	}
	return nil
}

// reach is whom a scope touches, table by table.
type reach struct {
	stands map[desk.ID]desk.ID // who stands for a contact that is there
	made   map[desk.ID]int64
	sets   map[string]map[desk.ID]bool
	gone   map[desk.ID]bool
	acts   int
}

// Touched finds whom a scope of this workspace touches: who stands for each, and
// the counts.
func (r *Rx) Touched(s Scope) ([]desk.ID, ScopeCount, error) {
	out := ScopeCount{Scope: s}
	w := &reach{stands: map[desk.ID]desk.ID{}, made: map[desk.ID]int64{}, sets: map[string]map[desk.ID]bool{}, gone: map[desk.ID]bool{}}
	err := r.each(sqlScopePeople, []any{int64(r.ws)}, func(row scanner) error {
		var id, into desk.ID
		var made int64
		err := row.Scan(&id, &into, &made)
		if w.stands[id], w.made[id] = id, made; into != 0 {
			w.stands[id] = into
		}
		return err
	})
	if err != nil {
		return nil, out, err
	}
	if s.Table != "" {
		query, ok := scopeQueries()[s.Table]
		if !ok {
			return nil, out, desk.Fail(desk.Invalid, "table", "no table of that name leads to people")
		}
		err = r.everybody(w, s, query)
	} else {
		err = r.byAudit(w, s)
	}
	if err != nil {
		return nil, out, err
	}
	return r.tally(w, out)
}

// everybody takes in who stands in a table and was known by the end of the time.
func (r *Rx) everybody(w *reach, s Scope, query string) error {
	return r.each(query, []any{int64(r.ws)}, func(row scanner) error {
		var id desk.ID
		var n int64
		err := row.Scan(&id, &n)
		if made, there := w.made[id]; there && made <= us(s.To) {
			w.add(s.Table, id)
		}
		return err
	})
}

func (w *reach) add(table string, id desk.ID) {
	if w.sets[table] == nil {
		w.sets[table] = map[desk.ID]bool{}
	}
	w.sets[table][id] = true
}

// byAudit takes in whom the acts of the audit log were about. An act on a list is
// about everybody who was there by the end of the time.
func (r *Rx) byAudit(w *reach, s Scope) error {
	threads, err := r.pairs(sqlScopeThreads)
	if err != nil {
		return err
	}
	cases, err := r.pairs(sqlScopeCases)
	if err != nil {
		return err
	}
	owner := map[string]map[desk.ID]desk.ID{"conversation": threads, "draft": threads, "message": threads, "ai": threads, "case": cases}
	return r.each(sqlScopeActs, []any{int64(r.ws), us(s.From), us(s.To), string(s.Actor.Kind), int64(s.Actor.ID)}, func(row scanner) error {
		var verb, action, object string
		var id desk.ID
		if err := row.Scan(&verb, &action, &object, &id); err != nil {
			return err
		}
		tables := touchedBy(verb, action, object)
		if len(tables) == 0 {
			return nil
		}
		w.acts++
		if of, ok := owner[object]; ok && id != 0 {
			id = of[id]
			if id == 0 {
				return nil // gone with its person, or about nobody
			}
		}
		w.touch(tables, id, us(s.To))
		return nil
	})
}

func (w *reach) touch(tables []string, id desk.ID, by int64) {
	if id != 0 && w.stands[id] == 0 {
		w.gone[id] = true
		return
	}
	for _, table := range tables {
		if id != 0 {
			w.add(table, id)
			continue
		}
		for one, made := range w.made {
			if made <= by {
				w.add(table, one)
			}
		}
	}
}

func (r *Rx) pairs(query string) (map[desk.ID]desk.ID, error) {
	all := map[desk.ID]desk.ID{}
	err := r.each(query, []any{int64(r.ws)}, func(s scanner) error {
		var a, b desk.ID
		err := s.Scan(&a, &b)
		all[a] = b
		return err
	})
	return all, err
}

// tally counts the rows of those whom a scope touches.
func (r *Rx) tally(w *reach, out ScopeCount) ([]desk.ID, ScopeCount, error) {
	people := map[desk.ID]bool{}
	for _, table := range slices.Sorted(maps.Keys(w.sets)) {
		before := out.Records
		err := r.each(scopeQueries()[table], []any{int64(r.ws)}, func(row scanner) error {
			var id desk.ID
			var n int64
			err := row.Scan(&id, &n)
			if w.sets[table][id] {
				out.Records += n
			}
			return err
		})
		if err != nil {
			return nil, out, err
		}
		if out.Records > before {
			out.Tables = append(out.Tables, table)
		}
		for id := range w.sets[table] {
			people[w.stands[id]] = true
		}
	}
	out.Acts, out.Erased = w.acts, len(w.gone)
	out.Persons = len(people) + out.Erased
	out.At = r.db.Clock().Now()
	return slices.Sorted(maps.Keys(people)), out, nil
}

// AddCounts keeps one counting of an incident.
func (t *Tx) AddCounts(incident desk.ID, all []ScopeCount) error {
	run := t.NewID()
	for _, c := range all {
		if _, err := t.exec(sqlAddIncidentCount, int64(t.ws), int64(t.NewID()), int64(incident), int64(run), int64(c.Workspace), us(c.From), us(c.To), string(c.Actor.Kind), int64(c.Actor.ID), c.Table,
			c.Acts, c.Persons, c.Erased, c.Records, string(toJSON(c.Tables)), us(t.now)); err != nil {
			return err
		}
	}
	return nil
}

// manyCounts bounds what of the earlier countings is read.
const manyCounts = 200

// IncidentCounts lists the newest counting of an incident, and all of them.
func (r *Rx) IncidentCounts(incident desk.ID) (newest, all []ScopeCount, err error) {
	var last int64
	err = r.each(sqlIncidentCounts, []any{int64(r.ws), int64(incident), manyCounts}, func(s scanner) error {
		var c ScopeCount
		var run, from, to, when int64
		var kind, tables string
		if err := s.Scan(&run, &c.Workspace, &from, &to, &kind, &c.Actor.ID, &c.Table, &c.Acts, &c.Persons, &c.Erased, &c.Records, &tables, &when); err != nil {
			return err
		}
		c.From, c.To, c.At, c.Actor.Kind = at(from), at(to), at(when), desk.ActorKind(kind)
		if err := json.Unmarshal([]byte(tables), &c.Tables); err != nil {
			return err
		}
		if last == 0 {
			last = run
		}
		if run == last {
			newest = append(newest, c)
		}
		all = append(all, c)
		return nil
	})
	return newest, all, err
}
