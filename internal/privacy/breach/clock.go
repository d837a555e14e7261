package breach

import (
	"context"
	"errors"
	"strconv"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// tickStep bounds the incidents that one transaction of the clock moves.
const tickStep = 50

// Tick does what the clock does: it tells who answers for an incident that 24, 48,
// 60 and 72 hours have passed since it is known while nobody decided, ends what
// lay for a year, and reminds whoever runs the install of the yearly rehearsal. It
// is work for flow.Every.
func (d *Desk) Tick(ctx context.Context) error {
	all, err := d.DB.Workspaces(ctx)
	failed := err
	for _, ws := range append(all, desk.Workspace{}) {
		failed = errors.Join(failed, d.tickIn(ctx, ws.ID))
	}
	return errors.Join(failed, d.remind(ctx, all))
}

func (d *Desk) tickIn(ctx context.Context, ws desk.ID) error {
	for {
		n := 0
		err := d.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
			due, err := tx.IncidentsDue(tx.Now(), tickStep)
			n = len(due)
			for _, i := range due {
				if err == nil {
					err = d.tick(tx, i.ID)
				}
			}
			return err
		})
		if err != nil || n < tickStep {
			return err
		}
	}
}

func (d *Desk) tick(tx *store.Tx, id desk.ID) error {
	i, err := tx.LockIncident(id)
	if err != nil {
		return err
	}
	stand, err := standing(tx, i)
	if err != nil {
		return err
	}
	switch hours := stand.Warning(tx.Now()); {
	case !tx.Now().Before(stand.GivesUp()):
		if err := stand.Do(desk.IncidentGiveUp, tx.Now()); err != nil {
			return err
		}
		err = d.Audit.Add(tx, system, "incident.close", id)
	case hours > i.Warned:
		i.Warned = hours
		err = d.warn(tx, i, hours)
	}
	take(&i, stand)
	return errorsOf(err, tx.SaveIncident(i))
}

// warn writes to who answers for an incident; a drill mails nobody.
func (d *Desk) warn(tx *store.Tx, i store.Incident, hours int) error {
	err := d.Audit.Add(tx, system, "incident.warn", i.ID)
	if err != nil || d.Letters == nil || i.Drill {
		return err
	}
	if tx.Workspace() == 0 {
		return d.Letters.TellOperator(tx, desk.OperatorLetter{Kind: desk.OperatorBreach, Mark: i.ID.String() + " " + strconv.Itoa(hours) + " " + strconv.FormatInt(i.AwareAt.Unix(), 10), About: strconv.Itoa(hours)})
	}
	return d.toMembers(tx, strconv.Itoa(hours))
}

// toMembers writes to the owners of a workspace and to who answers for privacy.
func (d *Desk) toMembers(tx *store.Tx, about string) error {
	if d.Letters == nil {
		return nil
	}
	to, err := tx.PrivacyMembers()
	for _, id := range to {
		err = errors.Join(err, d.Letters.Queue(tx, desk.Letter{Member: id, Kind: desk.LetterBreach, About: about}))
	}
	return err
}

// Drill is how the yearly rehearsal stands.
type Drill struct {
	Last time.Time // zero = never
	Due  time.Time
}

// DrillOf says how the rehearsal of a workspace, or of the install, stands.
func (d *Desk) DrillOf(ctx context.Context, ws desk.ID) (out Drill, err error) {
	since, err := d.since(ctx, ws)
	if err != nil {
		return out, err
	}
	err = d.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) { out.Last, err = r.LastDrill(); return err })
	if out.Due = since.Add(desk.DrillTerm); !out.Last.IsZero() {
		out.Due = out.Last.Add(desk.DrillTerm)
	}
	return out, err
}

// since is when a workspace began, or the first of the install.
func (d *Desk) since(ctx context.Context, ws desk.ID) (first time.Time, err error) {
	all, err := d.DB.Workspaces(ctx)
	for _, w := range all {
		if (ws == 0 || w.ID == ws) && (first.IsZero() || w.CreatedAt.Before(first)) {
			first = w.CreatedAt
		}
	}
	if first.IsZero() {
		first = d.DB.Clock().Now()
	}
	return first, err
}

// remind writes to whoever runs the install once for each rehearsal that comes due.
func (d *Desk) remind(ctx context.Context, all []desk.Workspace) error {
	if d.Letters == nil || len(all) == 0 {
		return nil
	}
	drill, err := d.DrillOf(ctx, 0)
	if err != nil || d.DB.Clock().Now().Before(drill.Due.Add(-desk.DrillNotice)) {
		return err
	}
	return d.DB.In(0).Write(ctx, func(tx *store.Tx) error {
		day := drill.Due.UTC().Format(time.DateOnly)
		return d.Letters.TellOperator(tx, desk.OperatorLetter{Kind: desk.OperatorDrill, Mark: day, About: day})
	})
}

// madeUpPeople is how many people a drill is about.
const madeUpPeople = 12

// madeUp is what a drill counts.
func madeUp(ws desk.ID, now time.Time) store.ScopeCount {
	return store.ScopeCount{Scope: store.Scope{Workspace: ws, From: now.Add(-48 * time.Hour), To: now}, Acts: 3, Persons: madeUpPeople, Records: 15 * madeUpPeople,
		Tables: []string{"contact", "conversation", "identity", "message"}, At: now}
}

// rehearse tells the made-up people of a drill, which nobody hears.
func (d *Desk) rehearse(tx *store.Tx, i *store.Incident) error {
	if tx.Workspace() == 0 {
		return nil
	}
	for n := range madeUpPeople {
		p := store.Told{Incident: i.ID, Contact: desk.ID(-1 - n), State: store.ToldDone, Way: wayDrill, At: tx.Now()}
		if _, err := tx.AddTold(&p); err != nil {
			return err
		}
	}
	return nil
}

// touched lists the workspaces that the newest counting of an incident names, each
// once, with when they were touched.
func (w Whole) touched() []store.Scope {
	var all []store.Scope
next:
	for _, c := range w.Counts {
		for k := range all {
			if all[k].Workspace != c.Workspace {
				continue
			}
			if c.From.Before(all[k].From) {
				all[k].From = c.From
			}
			if c.To.After(all[k].To) {
				all[k].To = c.To
			}
			continue next
		}
		all = append(all, c.Scope)
	}
	return all
}

// tellBusinesses puts the news into each workspace that was touched, with letters
// to those who answer for it, in one transaction each.
func (d *Desk) tellBusinesses(ctx context.Context, w Whole) error {
	for _, s := range w.touched() {
		n := store.IncidentNotice{Incident: w.Incident, From: s.From, To: s.To, Aware: w.Row.AwareAt,
			Body: map[string]string{"en": w.Draft(KindBusiness, "en").Body, "tr": w.Draft(KindBusiness, "tr").Body}}
		err := d.DB.In(s.Workspace).Write(ctx, func(tx *store.Tx) error {
			one := n
			fresh, err := tx.AddNotice(&one)
			if err != nil || !fresh {
				return err
			}
			return errorsOf(d.toMembers(tx, "news"), d.Audit.Add(tx, system, "incident.told", one.ID))
		})
		if err != nil && !desk.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// noticed says of each business that an incident of the install touched when it
// was told.
func (d *Desk) noticed(ctx context.Context, w Whole) ([]Noticed, error) {
	all := []Noticed{}
	for _, s := range w.touched() {
		n := Noticed{Workspace: s.Workspace}
		if s.Workspace == 0 { // of a drill
			continue
		}
		err := d.DB.In(s.Workspace).Read(ctx, func(r *store.Rx) (err error) {
			if n.At, err = r.NoticedAt(w.Incident); err != nil {
				return err
			}
			set, err := r.Settings()
			n.Name = set.Name
			return err
		})
		if desk.IsNotFound(err) {
			continue // it is gone
		}
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// unnoticed is how many businesses still wait to be told.
func (d *Desk) unnoticed(ctx context.Context, a Act) (n int, err error) {
	if a.Workspace != 0 {
		return 0, nil
	}
	w, err := d.Get(ctx, 0, a.Incident)
	if err != nil || w.Row.ToldAt.IsZero() || w.Row.Drill {
		return 0, err
	}
	for _, one := range w.Noticed {
		if one.At.IsZero() {
			n++
		}
	}
	return n, nil
}

// Shown lists the public notices of a workspace.
func (d *Desk) Shown(ctx context.Context, ws desk.ID) ([]Whole, error) {
	var rows []store.Incident
	err := d.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		rows, err = r.ShownIncidents(d.DB.Clock().Now().Add(-store.IncidentNoticeTerm), tickStep)
		return err
	})
	all := []Whole{}
	for _, i := range rows {
		if err != nil {
			break
		}
		var w Whole
		w, err = d.Get(ctx, ws, i.ID)
		all = append(all, w)
	}
	return all, err
}
