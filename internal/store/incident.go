package store

import (
	"time"

	"parley/internal/desk"
)

// Incident is something that went wrong with people's data.
type Incident struct {
	ID       desk.ID
	Drill    bool
	State    desk.IncidentState
	Risk     desk.IncidentRisk
	Law      string
	Alert    desk.ID // it was opened from, 0 = none
	Notice   desk.ID // of the operator, 0 = none
	OpenedAt time.Time
	OpenedBy desk.ID
	AwareAt  time.Time
	Decided  time.Time
	Outcome  string
	ToldAt   time.Time // when telling people or businesses began
	NoticeAt time.Time // when its public notice was shown
	Closed   time.Time
	Warned   int
	Next     time.Time
}

// Fact is one line of the table of facts of an incident.
type Fact struct {
	Name string
	Body string
	At   time.Time
	By   desk.ID
}

// IncidentDraft are words that stand in the place of a template's.
type IncidentDraft struct {
	Kind, Locale string
	Body         string // "" = the template's
	At           time.Time
	By           desk.ID
	Sent         time.Time
}

const (
	incidentColumns   = `id, drill, state, risk, law, alert_id, notice_id, opened_at, opened_by, aware_at, decided_at, outcome, told_at, notice_at, closed_at, warned, next_at`
	sqlInsertIncident = `INSERT INTO incident (workspace_id, ` + incidentColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`
	sqlIncident       = `SELECT ` + incidentColumns + ` FROM incident WHERE workspace_id = $1 AND id = $2`
	sqlIncidentLocked = sqlIncident + forUpdate
	sqlIncidents      = `SELECT ` + incidentColumns + ` FROM incident WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlIncidentsDue   = `SELECT ` + incidentColumns + ` FROM incident WHERE workspace_id = $1 AND next_at > 0 AND next_at <= $2 ORDER BY next_at, id LIMIT $3`
	sqlIncidentsOpen  = `SELECT ` + incidentColumns + ` FROM incident WHERE workspace_id = $1 AND closed_at = 0 ORDER BY id LIMIT $2`
	sqlIncidentsShown = `SELECT ` + incidentColumns + ` FROM incident WHERE workspace_id = $1 AND drill = FALSE AND notice_at > $2 ORDER BY notice_at DESC LIMIT $3`
	sqlSaveIncident   = `UPDATE incident SET state = $3, risk = $4, law = $5, aware_at = $6, decided_at = $7, outcome = $8, told_at = $9, notice_at = $10, closed_at = $11, warned = $12, next_at = $13
		WHERE workspace_id = $1 AND id = $2`
	sqlLastDrill = `SELECT coalesce(max(closed_at), 0) FROM incident WHERE workspace_id = $1 AND drill = TRUE AND outcome IN ('notified', 'not_notifiable')`

	sqlAddFact = `INSERT INTO incident_fact (workspace_id, id, incident_id, name, body, at, by_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlFacts   = `SELECT id, name, body, at, by_id FROM incident_fact WHERE workspace_id = $1 AND incident_id = $2 ORDER BY id`

	sqlPutIncidentDraft = `INSERT INTO incident_draft (workspace_id, id, incident_id, kind, locale, body, at, by_id, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
		ON CONFLICT (workspace_id, incident_id, kind, locale) DO UPDATE SET id = $2, body = $6, at = $7, by_id = $8`
	sqlIncidentDraftSent = `UPDATE incident_draft SET sent_at = $5 WHERE workspace_id = $1 AND incident_id = $2 AND kind = $3 AND locale = $4`
	sqlIncidentDrafts    = `SELECT id, kind, locale, body, at, by_id, sent_at FROM incident_draft WHERE workspace_id = $1 AND incident_id = $2 ORDER BY kind, locale`

	// The register is kept for five years after an incident's end, and who was told
	// of it for one.
	sqlIncidentsOver      = `SELECT id FROM incident WHERE workspace_id = $1 AND closed_at > 0 AND closed_at <= $2 ORDER BY id LIMIT $3`
	sqlDropIncident       = `DELETE FROM incident WHERE workspace_id = $1 AND id = $2`
	sqlDropIncidentFacts  = `DELETE FROM incident_fact WHERE workspace_id = $1 AND incident_id = $2`
	sqlDropIncidentCounts = `DELETE FROM incident_count WHERE workspace_id = $1 AND incident_id = $2`
	sqlDropIncidentDrafts = `DELETE FROM incident_draft WHERE workspace_id = $1 AND incident_id = $2`
)

// Terms of the register.
const (
	IncidentTerm       = 5 * 365 * 24 * time.Hour
	IncidentPersonTerm = 365 * 24 * time.Hour
	// IncidentNoticeTerm is how long a public notice is shown.
	IncidentNoticeTerm = 365 * 24 * time.Hour
)

// InsertIncident keeps a new incident; i.ID and i.OpenedAt are made.
func (t *Tx) InsertIncident(i *Incident) error {
	i.ID, i.OpenedAt = t.NewID(), t.now
	_, err := t.exec(sqlInsertIncident, int64(t.ws), int64(i.ID), i.Drill, string(i.State), string(i.Risk), i.Law, int64(i.Alert), int64(i.Notice), us(i.OpenedAt), int64(i.OpenedBy),
		us(i.AwareAt), us(i.Decided), i.Outcome, us(i.ToldAt), us(i.NoticeAt), us(i.Closed), i.Warned, us(i.Next))
	return err
}

// SaveIncident keeps what changed of an incident that the caller locked.
func (t *Tx) SaveIncident(i Incident) error {
	return t.must("incident", sqlSaveIncident, int64(t.ws), int64(i.ID), string(i.State), string(i.Risk), i.Law, us(i.AwareAt), us(i.Decided), i.Outcome,
		us(i.ToldAt), us(i.NoticeAt), us(i.Closed), i.Warned, us(i.Next))
}

func scanIncident(s scanner) (Incident, error) {
	var i Incident
	var state, risk string
	var opened, aware, decided, told, notice, closed, next int64
	err := s.Scan(&i.ID, &i.Drill, &state, &risk, &i.Law, &i.Alert, &i.Notice, &opened, &i.OpenedBy, &aware, &decided, &i.Outcome, &told, &notice, &closed, &i.Warned, &next)
	i.State, i.Risk = desk.IncidentState(state), desk.IncidentRisk(risk)
	i.OpenedAt, i.AwareAt, i.Decided, i.ToldAt, i.NoticeAt, i.Closed, i.Next = at(opened), at(aware), at(decided), at(told), at(notice), at(closed), at(next)
	return i, found("incident", err)
}

// Incident returns an incident of the workspace; desk.NotFound "incident_not_found".
func (r *Rx) Incident(id desk.ID) (Incident, error) {
	return scanIncident(r.row(sqlIncident, int64(r.ws), int64(id)))
}

// LockIncident is Incident, locked until the commit.
func (t *Tx) LockIncident(id desk.ID) (Incident, error) {
	return scanIncident(t.row(sqlIncidentLocked, int64(t.ws), int64(id)))
}

// Incidents pages through them, newest first, from before an id.
func (r *Rx) Incidents(before desk.ID, limit int) ([]Incident, error) {
	return r.incidents(sqlIncidents, int64(r.ws), int64(before), limit)
}

// IncidentsDue lists those on which the clock acts by now.
func (r *Rx) IncidentsDue(now time.Time, limit int) ([]Incident, error) {
	return r.incidents(sqlIncidentsDue, int64(r.ws), us(now), limit)
}

// OpenIncidents lists those that are not closed.
func (r *Rx) OpenIncidents(limit int) ([]Incident, error) {
	return r.incidents(sqlIncidentsOpen, int64(r.ws), limit)
}

// ShownIncidents lists those whose public notice was shown after a time.
func (r *Rx) ShownIncidents(since time.Time, limit int) ([]Incident, error) {
	return r.incidents(sqlIncidentsShown, int64(r.ws), us(since), limit)
}

func (r *Rx) incidents(query string, args ...any) ([]Incident, error) {
	all := []Incident{}
	err := r.each(query, args, func(s scanner) error {
		i, err := scanIncident(s)
		all = append(all, i)
		return err
	})
	return all, err
}

// LastDrill is when a rehearsal was last brought to its end; zero = never.
func (r *Rx) LastDrill() (time.Time, error) {
	var when int64
	err := r.row(sqlLastDrill, int64(r.ws)).Scan(&when)
	return at(when), err
}

// AddFact writes a line into the table of facts.
func (t *Tx) AddFact(incident desk.ID, f Fact) error {
	id := t.NewID()
	body, err := t.seal(t.workspaceKey(), "incident_fact", "body", id, []byte(f.Body))
	if err == nil {
		_, err = t.exec(sqlAddFact, int64(t.ws), int64(id), int64(incident), f.Name, body, us(t.now), int64(f.By))
	}
	return err
}

// Facts lists every line of an incident's table, oldest first.
func (r *Rx) Facts(incident desk.ID) ([]Fact, error) {
	all := []Fact{}
	err := r.each(sqlFacts, []any{int64(r.ws), int64(incident)}, func(s scanner) error {
		var f Fact
		var id desk.ID
		var sealed []byte
		var when int64
		if err := s.Scan(&id, &f.Name, &sealed, &when, &f.By); err != nil {
			return err
		}
		clear, err := r.open("incident_fact", "body", id, sealed)
		f.Body, f.At = string(clear), at(when)
		all = append(all, f)
		return err
	})
	return all, err
}

// PutIncidentDraft keeps words in the place of a template's.
func (t *Tx) PutIncidentDraft(incident desk.ID, d IncidentDraft) error {
	id := t.NewID()
	body, err := t.seal(t.workspaceKey(), "incident_draft", "body", id, []byte(d.Body))
	if err == nil {
		_, err = t.exec(sqlPutIncidentDraft, int64(t.ws), int64(id), int64(incident), d.Kind, d.Locale, body, us(t.now), int64(d.By))
	}
	return err
}

// IncidentDraftSent notes when such words were sent.
func (t *Tx) IncidentDraftSent(incident desk.ID, kind, locale string, when time.Time) error {
	return t.must("draft", sqlIncidentDraftSent, int64(t.ws), int64(incident), kind, locale, us(when))
}

// IncidentDrafts lists the words that were kept.
func (r *Rx) IncidentDrafts(incident desk.ID) ([]IncidentDraft, error) {
	all := []IncidentDraft{}
	err := r.each(sqlIncidentDrafts, []any{int64(r.ws), int64(incident)}, func(s scanner) error {
		var d IncidentDraft
		var id desk.ID
		var sealed []byte
		var when, sent int64
		if err := s.Scan(&id, &d.Kind, &d.Locale, &sealed, &when, &d.By, &sent); err != nil {
			return err
		}
		clear, err := r.open("incident_draft", "body", id, sealed)
		d.Body, d.At, d.Sent = string(clear), at(when), at(sent)
		all = append(all, d)
		return err
	})
	return all, err
}

// incidentStep is how many incidents one transaction of their end drops.
const incidentStep = 50

// DropOldIncidents ends the register's rows whose term is over, and who was told
// of an incident a year after its end.
func (t *Tx) DropOldIncidents() (int64, error) {
	if _, err := t.exec(sqlDropIncidentPeople, int64(t.ws), us(t.now.Add(-IncidentPersonTerm))); err != nil {
		return 0, err
	}
	if _, err := t.exec(sqlDropIncidentNotices, int64(t.ws), us(t.now.Add(-IncidentTerm))); err != nil {
		return 0, err
	}
	var over []int64
	err := t.each(sqlIncidentsOver, []any{int64(t.ws), us(t.now.Add(-IncidentTerm)), incidentStep}, func(s scanner) error {
		var id int64
		err := s.Scan(&id)
		over = append(over, id)
		return err
	})
	for _, id := range over {
		for _, query := range []string{sqlDropIncidentFacts, sqlDropIncidentCounts, sqlDropIncidentDrafts, sqlDropIncident} {
			if err == nil {
				_, err = t.exec(query, int64(t.ws), id)
			}
		}
	}
	return 0, err
}
