package store

import (
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// TallyDays is for how many days counts of a day are kept.
const TallyDays = 400

// Line is what a count knows of a message: who said it and when, never what.
type Line struct {
	ID   desk.ID
	Seq  int64
	At   time.Time
	Out  bool
	By   desk.AuthorKind
	Run  desk.ID
	Sent bool // it was not cancelled
}

// Counted is a conversation as a count looks at it.
type Counted struct {
	ID      desk.ID
	Channel string // kind of channel
	Contact desk.Contact
	Runs    []desk.Run // oldest first
	Lines   []Line     // oldest first
	Drafts  []desk.ID  // runs whose drafts still wait
}

// Tally is the counts of one day, of one part of what happened.
type Tally struct {
	Day     int64
	Part    string // all, channel, language, topic, confidence
	Name    string
	Figures map[string]int64
}

// CountState is how far a workspace's counts are.
type CountState struct {
	Newest  desk.ID // newest row that was seen
	Counted time.Time
	Settled time.Time
	Took    time.Duration
}

// Limits of what one count reads of one conversation.
const (
	countedRuns  = 500
	countedLines = 2000
)

const (
	sqlRanBetween = `SELECT DISTINCT conversation_id FROM ai_run WHERE workspace_id = $1 AND at >= $2 AND at < $3 AND conversation_id > $4
		ORDER BY conversation_id LIMIT $5`
	sqlCountedHead = `SELECT coalesce(a.kind, ''), k.id, k.restricted, k.no_automation, k.limited, k.objected, k.frozen FROM conversation c
		JOIN contact k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
		LEFT JOIN channel_account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
		WHERE c.workspace_id = $1 AND c.id = $2`
	sqlCountedLines = `SELECT id, seq, at, direction, author_kind, run_id, status FROM message
		WHERE workspace_id = $1 AND conversation_id = $2 AND at >= $3 AND at < $4 AND direction <> 'none' AND kind <> 'note' ORDER BY seq LIMIT $5`
	sqlCountedDrafts = `SELECT run_id FROM draft WHERE workspace_id = $1 AND conversation_id = $2`
	sqlDropTally     = `DELETE FROM ai_tally WHERE workspace_id = $1 AND day = $2`
	sqlDropOldTally  = `DELETE FROM ai_tally WHERE workspace_id = $1 AND day < $2`
	sqlAddTally      = `INSERT INTO ai_tally (workspace_id, day, part, name, figures) VALUES ($1, $2, $3, $4, $5)`
	sqlDropKeptTally = `DELETE FROM ai_tally_kept WHERE workspace_id = $1 AND day < $2`
	sqlKeptTally     = `SELECT day, part, name, figures FROM ai_tally_kept WHERE workspace_id = $1 AND day >= $2 AND day <= $3`
	sqlPutKeptTally  = `INSERT INTO ai_tally_kept (workspace_id, day, part, name, figures) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, day, part, name) DO UPDATE SET figures = excluded.figures`
	sqlTally         = `SELECT day, part, name, figures FROM ai_tally WHERE workspace_id = $1 AND day >= $2 AND day <= $3`
	sqlCountState    = `SELECT newest, counted_at, settled_at, took FROM ai_count WHERE workspace_id = $1`
	sqlPutCountState = `INSERT INTO ai_count (workspace_id, newest, counted_at, settled_at, took) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id) DO UPDATE SET newest = excluded.newest, counted_at = excluded.counted_at, settled_at = excluded.settled_at, took = excluded.took`
	sqlNewestTurn = `SELECT coalesce(max(newest), 0) FROM (SELECT max(id) AS newest FROM ai_run WHERE workspace_id = $1
		UNION ALL SELECT max(id) FROM message WHERE workspace_id = $1) AS tables`
	sqlNoteKept     = `UPDATE ai_run SET kept = $3 WHERE workspace_id = $1 AND id = $2`
	sqlNoteReported = `UPDATE ai_run SET reported = $3 WHERE workspace_id = $1 AND id = $2`
)

// NoteKept records how many of a hundred words of a run's draft were left when a
// member sent it. A run that is gone is none.
func (t *Tx) NoteKept(run desk.ID, percent int) error {
	_, err := t.exec(sqlNoteKept, int64(t.ws), int64(run), percent)
	return err
}

// NoteReported records why somebody reported what a run said.
func (t *Tx) NoteReported(run desk.ID, reason string) error {
	_, err := t.exec(sqlNoteReported, int64(t.ws), int64(run), reason)
	return err
}

// RanBetween lists conversations with an AI turn in a time, by id, above after.
func (r *Rx) RanBetween(from, to time.Time, after desk.ID, limit int) ([]desk.ID, error) {
	all := []desk.ID{}
	err := r.each(sqlRanBetween, []any{int64(r.ws), us(from), us(to), int64(after), limit}, func(s scanner) error {
		var id desk.ID
		err := s.Scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}

// Counted reads a conversation for a count, with what was said in a time.
// desk.NotFound when it is gone.
func (r *Rx) Counted(conversation desk.ID, from, to time.Time) (Counted, error) {
	c := Counted{ID: conversation}
	err := r.row(sqlCountedHead, int64(r.ws), int64(conversation)).Scan(&c.Channel, &c.Contact.ID, &c.Contact.Restricted, &c.Contact.NoAutomation, &c.Contact.Limited,
		&c.Contact.Objected, &c.Contact.Frozen)
	if err != nil {
		return c, found("conversation", err)
	}
	if c.Runs, err = r.Runs(conversation, countedRuns); err != nil {
		return c, err
	}
	for i, j := 0, len(c.Runs)-1; i < j; i, j = i+1, j-1 {
		c.Runs[i], c.Runs[j] = c.Runs[j], c.Runs[i]
	}
	err = r.each(sqlCountedLines, []any{int64(r.ws), int64(conversation), us(from), us(to), countedLines}, func(s scanner) error {
		var l Line
		var when int64
		var direction, by, status string
		err := s.Scan(&l.ID, &l.Seq, &when, &direction, &by, &l.Run, &status)
		l.At, l.Out, l.By = at(when), desk.Direction(direction) == desk.Out, desk.AuthorKind(by)
		l.Sent = desk.Status(status) != desk.StatusCancelled
		c.Lines = append(c.Lines, l)
		return err
	})
	if err != nil {
		return c, err
	}
	return c, r.each(sqlCountedDrafts, []any{int64(r.ws), int64(conversation)}, func(s scanner) error {
		var run desk.ID
		err := s.Scan(&run)
		c.Drafts = append(c.Drafts, run)
		return err
	})
}

// ReplaceTally puts the counts of a day in place of what was counted of it.
func (t *Tx) ReplaceTally(day int64, all []Tally) error {
	if _, err := t.exec(sqlDropTally, int64(t.ws), day); err != nil {
		return err
	}
	for _, one := range all {
		if _, err := t.exec(sqlAddTally, int64(t.ws), day, one.Part, one.Name, string(toJSON(one.Figures))); err != nil {
			return err
		}
	}
	return nil
}

// DropOldTally deletes the counts of days before one.
func (t *Tx) DropOldTally(before int64) error {
	_, err := t.exec(sqlDropOldTally, int64(t.ws), before)
	return err
}

// KeepTally adds counts to those of people who were made nameless.
func (t *Tx) KeepTally(all []Tally) error {
	for _, one := range all {
		there, err := t.KeptTally(one.Day)
		if err != nil {
			return err
		}
		for _, before := range there {
			if before.Part == one.Part && before.Name == one.Name {
				for name, n := range before.Figures {
					one.Figures[name] += n
				}
			}
		}
		if _, err := t.exec(sqlPutKeptTally, int64(t.ws), one.Day, one.Part, one.Name, string(toJSON(one.Figures))); err != nil {
			return err
		}
	}
	return nil
}

// KeptTally reads the counts of people who were made nameless, of one day.
func (r *Rx) KeptTally(day int64) ([]Tally, error) { return r.tallies(sqlKeptTally, day, day) }

// DropKeptTally deletes those of days before one, which are counted no more.
func (t *Tx) DropKeptTally(before int64) error {
	_, err := t.exec(sqlDropKeptTally, int64(t.ws), before)
	return err
}

// Tally reads the counts of some days, both ends included.
func (r *Rx) Tally(from, to int64) ([]Tally, error) { return r.tallies(sqlTally, from, to) }

func (r *Rx) tallies(query string, from, to int64) ([]Tally, error) {
	all := []Tally{}
	err := r.each(query, []any{int64(r.ws), from, to}, func(s scanner) error {
		var one Tally
		var figures string
		if err := s.Scan(&one.Day, &one.Part, &one.Name, &figures); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(figures), &one.Figures)
		all = append(all, one)
		return err
	})
	return all, err
}

// CountState tells how far the counts are, and the newest row there is.
func (r *Rx) CountState() (s CountState, newest desk.ID, err error) {
	var counted, settled, took int64
	err = mayBeAbsent(r.row(sqlCountState, int64(r.ws)).Scan(&s.Newest, &counted, &settled, &took))
	if err != nil {
		return s, 0, err
	}
	s.Counted, s.Settled, s.Took = at(counted), at(settled), time.Duration(took)*time.Microsecond
	return s, newest, r.row(sqlNewestTurn, int64(r.ws)).Scan(&newest)
}

// PutCountState notes how far the counts are.
func (t *Tx) PutCountState(s CountState) error {
	_, err := t.exec(sqlPutCountState, int64(t.ws), int64(s.Newest), us(s.Counted), us(s.Settled), s.Took.Microseconds())
	return err
}
