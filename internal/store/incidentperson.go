package store

import (
	"time"

	"parley/internal/desk"
)

// Told is one person who is told of an incident, and what came of it.
type Told struct {
	ID       desk.ID
	Incident desk.ID
	Contact  desk.ID // below 0: a made-up one of a drill
	State    string
	Way      string
	Found    time.Time
	At       time.Time // zero = not told yet
	Message  desk.ID
}

// States of a person who is told.
const (
	ToldByMail    = "mail"    // a mail waits to leave
	ToldSending   = "sending" // it is being handed to the mail server
	ToldByMessage = "message" // with their next message
	ToldDone      = "told"
	ToldByNotice  = "notice" // the public notice alone reaches them
	ToldUnsure    = "unsure" // the program stopped while a mail left: a person decides
)

// IncidentNotice is news from whoever runs the install to a business.
type IncidentNotice struct {
	ID, Incident desk.ID
	Body         map[string]string // by language
	From, To     time.Time
	Aware        time.Time
	At           time.Time
}

const (
	toldColumns = `id, incident_id, contact_id, state, way, found_at, told_at, message_id`
	sqlAddTold  = `INSERT INTO incident_person (workspace_id, ` + toldColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
		ON CONFLICT (workspace_id, incident_id, contact_id) DO NOTHING`
	sqlTold       = `SELECT ` + toldColumns + ` FROM incident_person WHERE workspace_id = $1 AND id = $2`
	sqlToldLocked = sqlTold + forUpdate
	sqlToldOf     = `SELECT ` + toldColumns + ` FROM incident_person WHERE workspace_id = $1 AND incident_id = $2 AND ($3 = '' OR state = $3) AND id > $4 ORDER BY id LIMIT $5`
	sqlToldCounts = `SELECT state, way, count(*) FROM incident_person WHERE workspace_id = $1 AND incident_id = $2 GROUP BY state, way ORDER BY state, way`
	sqlSaveTold   = `UPDATE incident_person SET state = $3, way = $4, found_at = $5, told_at = $6, message_id = $7 WHERE workspace_id = $1 AND id = $2`
	sqlUnsureTold = `UPDATE incident_person SET state = 'unsure' WHERE workspace_id = $1 AND state IN ('mail', 'sending', 'message')`
	sqlToldByNow  = `SELECT id FROM incident_person WHERE workspace_id = $1 AND state = 'message' AND found_at <= $2 ORDER BY id LIMIT $3`
	sqlToldWrote  = `SELECT p.id, c.id FROM incident_person p JOIN contact x ON x.workspace_id = p.workspace_id AND (x.id = p.contact_id OR x.merged_into = p.contact_id)
		JOIN conversation c ON c.workspace_id = p.workspace_id AND c.contact_id = x.id AND c.last_at > p.found_at
		WHERE p.workspace_id = $1 AND p.state = 'message' ORDER BY p.id, c.last_at DESC LIMIT $2`
	sqlToldFailed = `SELECT p.id FROM incident_person p JOIN message m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
		WHERE p.workspace_id = $1 AND p.state = 'told' AND p.message_id > 0 AND m.status IN ('failed', 'cancelled') ORDER BY p.id LIMIT $2`

	sqlErasePersonTold    = `DELETE FROM incident_person WHERE workspace_id = $1 AND contact_id = $2`
	sqlDropIncidentPeople = `DELETE FROM incident_person WHERE workspace_id = $1 AND incident_id IN (SELECT id FROM incident WHERE workspace_id = $1 AND closed_at > 0 AND closed_at <= $2)`

	noticeColumns          = `id, incident_id, body_en, body_tr, from_at, to_at, aware_at, at`
	sqlAddNotice           = `INSERT INTO incident_notice (workspace_id, ` + noticeColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workspace_id, incident_id) DO NOTHING`
	sqlNotices             = `SELECT ` + noticeColumns + ` FROM incident_notice WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2`
	sqlNotice              = `SELECT ` + noticeColumns + ` FROM incident_notice WHERE workspace_id = $1 AND id = $2`
	sqlNoticedOf           = `SELECT at FROM incident_notice WHERE workspace_id = $1 AND incident_id = $2`
	sqlDropIncidentNotices = `DELETE FROM incident_notice WHERE workspace_id = $1 AND at <= $2`
)

// AddTold notes that a person is to be told; fresh is false where that was noted
// before. p.ID and p.Found are made.
func (t *Tx) AddTold(p *Told) (fresh bool, err error) {
	p.ID, p.Found = t.NewID(), t.now
	n, err := t.exec(sqlAddTold, int64(t.ws), int64(p.ID), int64(p.Incident), int64(p.Contact), p.State, p.Way, us(p.Found), us(p.At))
	return n == 1, err
}

func scanTold(s scanner) (Told, error) {
	var p Told
	var since, when int64
	err := s.Scan(&p.ID, &p.Incident, &p.Contact, &p.State, &p.Way, &since, &when, &p.Message)
	p.Found, p.At = at(since), at(when)
	return p, found("person", err)
}

// LockTold returns one and keeps it until the commit.
func (t *Tx) LockTold(id desk.ID) (Told, error) {
	return scanTold(t.row(sqlToldLocked, int64(t.ws), int64(id)))
}

// SaveTold keeps what came of telling a person.
func (t *Tx) SaveTold(p Told) error {
	return t.must("person", sqlSaveTold, int64(t.ws), int64(p.ID), p.State, p.Way, us(p.Found), us(p.At), int64(p.Message))
}

// TellUnsure leaves to people what a backup from before does not know: who was
// told since is not told again by the program.
func (t *Tx) TellUnsure() error {
	_, err := t.exec(sqlUnsureTold, int64(t.ws))
	return err
}

// ToldOf pages through the people of an incident, oldest first, from after an id;
// state "" = all.
func (r *Rx) ToldOf(incident desk.ID, state string, after desk.ID, limit int) ([]Told, error) {
	all := []Told{}
	err := r.each(sqlToldOf, []any{int64(r.ws), int64(incident), state, int64(after), limit}, func(s scanner) error {
		p, err := scanTold(s)
		all = append(all, p)
		return err
	})
	return all, err
}

// ToldCount is how many people stand alike.
type ToldCount struct {
	State, Way string
	N          int
}

// ToldCounts counts the people of an incident by how they stand.
func (r *Rx) ToldCounts(incident desk.ID) ([]ToldCount, error) {
	all := []ToldCount{}
	err := r.each(sqlToldCounts, []any{int64(r.ws), int64(incident)}, func(s scanner) error {
		var c ToldCount
		err := s.Scan(&c.State, &c.Way, &c.N)
		all = append(all, c)
		return err
	})
	return all, err
}

// Wrote is a person who waits to be told, and their conversation in which
// something was written since.
type Wrote struct{ Told, Conversation desk.ID }

// ToldWhoWrote lists people who wait for their next message and have one.
func (r *Rx) ToldWhoWrote(limit int) ([]Wrote, error) {
	var all []Wrote
	err := r.each(sqlToldWrote, []any{int64(r.ws), limit}, func(s scanner) error {
		var w Wrote
		err := s.Scan(&w.Told, &w.Conversation)
		if n := len(all); err != nil || n > 0 && all[n-1].Told == w.Told {
			return err
		}
		all = append(all, w)
		return nil
	})
	return all, err
}

// ToldTooLong lists people who wait for their next message since a time.
func (r *Rx) ToldTooLong(since time.Time, limit int) ([]desk.ID, error) {
	return r.ids(sqlToldByNow, int64(r.ws), us(since), limit)
}

// ToldInVain lists people whose message did not reach them.
func (r *Rx) ToldInVain(limit int) ([]desk.ID, error) {
	return r.ids(sqlToldFailed, int64(r.ws), limit)
}

func (r *Rx) ids(query string, args ...any) ([]desk.ID, error) {
	var all []desk.ID
	err := r.each(query, args, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// AddNotice keeps news for the workspace; fresh is false where it had them before.
func (t *Tx) AddNotice(n *IncidentNotice) (fresh bool, err error) {
	n.ID, n.At = t.NewID(), t.now
	var sealed [2][]byte
	for i, locale := range []string{"en", "tr"} {
		if sealed[i], err = t.seal(t.workspaceKey(), "incident_notice", "body_"+locale, n.ID, []byte(n.Body[locale])); err != nil {
			return false, err
		}
	}
	k, err := t.exec(sqlAddNotice, int64(t.ws), int64(n.ID), int64(n.Incident), sealed[0], sealed[1], us(n.From), us(n.To), us(n.Aware), us(n.At))
	return k == 1, err
}

func (r *Rx) scanNotice(s scanner) (IncidentNotice, error) {
	n := IncidentNotice{Body: map[string]string{}}
	var en, tr []byte
	var from, to, aware, when int64
	if err := s.Scan(&n.ID, &n.Incident, &en, &tr, &from, &to, &aware, &when); err != nil {
		return n, found("notice", err)
	}
	n.From, n.To, n.Aware, n.At = at(from), at(to), at(aware), at(when)
	for locale, sealed := range map[string][]byte{"en": en, "tr": tr} {
		clear, err := r.open("incident_notice", "body_"+locale, n.ID, sealed)
		if err != nil {
			return n, err
		}
		n.Body[locale] = string(clear)
	}
	return n, nil
}

// Notices lists the newest news of whoever runs the install.
func (r *Rx) Notices(limit int) ([]IncidentNotice, error) {
	all := []IncidentNotice{}
	err := r.each(sqlNotices, []any{int64(r.ws), limit}, func(s scanner) error {
		n, err := r.scanNotice(s)
		all = append(all, n)
		return err
	})
	return all, err
}

// Notice returns one; desk.NotFound "notice_not_found".
func (r *Rx) Notice(id desk.ID) (IncidentNotice, error) {
	return r.scanNotice(r.row(sqlNotice, int64(r.ws), int64(id)))
}

// NoticedAt is when the workspace was told of an incident of the install; zero =
// not.
func (r *Rx) NoticedAt(incident desk.ID) (time.Time, error) {
	var when int64
	err := mayBeAbsent(r.row(sqlNoticedOf, int64(r.ws), int64(incident)).Scan(&when))
	return at(when), err
}
