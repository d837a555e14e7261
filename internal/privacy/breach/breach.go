package breach

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/text"
	"parley/internal/privacy"
	"parley/internal/store"
)

// Letters writes to members, and to whoever runs the install.
type Letters interface {
	Queue(tx *store.Tx, l desk.Letter) error
	TellOperator(tx *store.Tx, l desk.OperatorLetter) error
}

// Parts is what the Desk is made of. Post and Letters may be nil: nobody is mailed
// then.
type Parts struct {
	DB      *store.DB
	Flow    *flow.Flow
	Audit   privacy.Audit
	Post    privacy.Post
	Letters Letters
	// Operator says who runs the install and whom to ask; empty where they have not
	// said.
	Operator func(ctx context.Context) (name, contact string, err error)
	Log      *slog.Logger
}

// Desk holds the incidents of the workspaces, and those of the install, which are
// of the workspace 0.
type Desk struct{ Parts }

// New makes the Desk.
func New(p Parts) *Desk {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Desk{p}
}

// Act is which incident of which workspace somebody acts on.
type Act struct {
	Workspace, Incident desk.ID
	By                  desk.Actor
}

// NewIncident is what is known when one is opened.
type NewIncident struct {
	Title  string
	Law    string // "" = gdpr
	Drill  bool
	Alert  desk.ID // that it is opened from, 0 = none
	Notice desk.ID // of whoever runs the install
	By     desk.Actor
}

// Bounds of what is written.
const (
	maxTitle = 200
	maxFact  = 4000
)

var system = desk.Actor{Kind: desk.BySystem, Name: "Parley"}

// Open begins an incident. Its clock does not run yet: that is an act of its own.
func (d *Desk) Open(ctx context.Context, ws desk.ID, n NewIncident) (id desk.ID, err error) {
	if n.Title = text.Normalise(strings.TrimSpace(n.Title), maxTitle); n.Title == "" {
		return 0, desk.Fail(desk.Invalid, "title", "say in a few words what happened")
	}
	if n.Law == "" {
		n.Law = "gdpr"
	}
	if !slices.Contains(desk.IncidentLaws(), n.Law) {
		return 0, desk.Fail(desk.Invalid, "law", "the law is gdpr, kvkk or uk")
	}
	_, contact, err := d.runs(ctx, ws)
	if err != nil {
		return 0, err
	}
	err = d.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		i := store.Incident{State: desk.IncidentOpen, Drill: n.Drill, Law: n.Law, Alert: n.Alert, Notice: n.Notice, OpenedBy: n.By.ID}
		if err := from(tx, n); err != nil {
			return err
		}
		if err := tx.InsertIncident(&i); err != nil {
			return err
		}
		id = i.ID
		facts := []store.Fact{{Name: FactTitle, Body: n.Title, By: n.By.ID}, {Name: FactContact, Body: contact, By: n.By.ID}}
		for _, f := range facts {
			if f.Body == "" {
				continue
			}
			if err := tx.AddFact(id, f); err != nil {
				return err
			}
		}
		if i.Drill {
			if err := tx.AddCounts(id, []store.ScopeCount{madeUp(ws, tx.Now())}); err != nil {
				return err
			}
		}
		stand, err := standing(tx, i)
		if err != nil {
			return err
		}
		take(&i, stand)
		if err := tx.SaveIncident(i); err != nil {
			return err
		}
		return d.Audit.Add(tx, n.By, map[bool]string{false: "incident.begin", true: "incident.drill"}[i.Drill], id)
	})
	return id, err
}

// from sees that what an incident is opened from is there.
func from(tx *store.Tx, n NewIncident) error {
	if n.Alert != 0 {
		if _, err := tx.Alert(n.Alert); err != nil {
			return err
		}
	}
	if n.Notice != 0 {
		if _, err := tx.Notice(n.Notice); err != nil {
			return err
		}
	}
	return nil
}

// Aware says since when it is known, from which the clock runs. A second time
// needs a reason, which stays in the table of facts beside the first.
func (d *Desk) Aware(ctx context.Context, a Act, since time.Time, why string) error {
	since = since.UTC().Truncate(time.Second)
	why = text.Normalise(strings.TrimSpace(why), maxFact)
	return d.change(ctx, a, "incident.aware", func(tx *store.Tx, i *store.Incident, s *desk.IncidentStand) error {
		if since.IsZero() || since.After(tx.Now()) {
			return desk.Fail(desk.Invalid, "at", "the time is not after now")
		}
		if !i.AwareAt.IsZero() && why == "" {
			return desk.Fail(desk.Invalid, "reason", "the clock runs already: say why its start is another one")
		}
		if err := s.Do(desk.IncidentAware, tx.Now()); err != nil {
			return err
		}
		s.Aware = since
		i.Warned = s.Warning(tx.Now())
		return errorsOf(tx.AddFact(i.ID, store.Fact{Name: FactAware, Body: since.Format(time.RFC3339), By: a.By.ID}), d.note(tx, a, FactAwareWhy, why))
	})
}

// Write keeps facts by their names.
func (d *Desk) Write(ctx context.Context, a Act, facts map[string]string) error {
	for name := range facts {
		if !slices.Contains(Editable(), name) {
			return desk.Fail(desk.Invalid, "facts", "there is no such fact")
		}
		facts[name] = text.Normalise(strings.TrimSpace(facts[name]), maxFact)
	}
	if states, ok := facts[FactStates]; ok {
		all, err := readStates(states)
		if err != nil {
			return err
		}
		facts[FactStates] = strings.Join(all, ", ")
	}
	return d.change(ctx, a, "incident.facts", func(tx *store.Tx, i *store.Incident, s *desk.IncidentStand) error {
		if i.State == desk.IncidentClosed {
			return desk.Fail(desk.Conflict, "incident_state", "this incident is closed")
		}
		have, err := tx.Facts(i.ID)
		if err != nil {
			return err
		}
		now := newest(have)
		for _, name := range Editable() {
			body, given := facts[name]
			if !given || body == now[name].Body {
				continue
			}
			if name == FactTitle && body == "" {
				return desk.Fail(desk.Invalid, "title", "say in a few words what happened")
			}
			if err := tx.AddFact(i.ID, store.Fact{Name: name, Body: body, By: a.By.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Assess says how great the risk for people is, and whose authority hears of it.
func (d *Desk) Assess(ctx context.Context, a Act, risk desk.IncidentRisk, law string) error {
	if !slices.Contains([]desk.IncidentRisk{desk.RiskNone, desk.RiskLikely, desk.RiskHigh}, risk) {
		return desk.Fail(desk.Invalid, "risk", "the risk is none, likely or high")
	}
	if law != "" && !slices.Contains(desk.IncidentLaws(), law) {
		return desk.Fail(desk.Invalid, "law", "the law is gdpr, kvkk or uk")
	}
	return d.change(ctx, a, "incident.assess", func(tx *store.Tx, i *store.Incident, s *desk.IncidentStand) error {
		if err := s.Do(desk.IncidentAssess, tx.Now()); err != nil {
			return err
		}
		if s.Risk = risk; law != "" {
			i.Law = law
		}
		return nil
	})
}

// Excuse decides that the authority need not be told, with a written reason.
func (d *Desk) Excuse(ctx context.Context, a Act, why string) error {
	if why = text.Normalise(strings.TrimSpace(why), maxFact); why == "" {
		return desk.Fail(desk.Invalid, "reason", "write down why nobody is at risk")
	}
	return d.change(ctx, a, "incident.excuse", func(tx *store.Tx, i *store.Incident, s *desk.IncidentStand) error {
		if err := s.Do(desk.IncidentExcuse, tx.Now()); err != nil {
			return err
		}
		return d.note(tx, a, FactExcuse, why)
	})
}

// Notify records that the authority was told, and when. After 72 hours it wants
// the reason for the delay. Errors: desk.Conflict "facts_missing".
func (d *Desk) Notify(ctx context.Context, a Act, x Sending) error {
	when, late := x.At, text.Normalise(strings.TrimSpace(x.Late), maxFact)
	w, err := d.Get(ctx, a.Workspace, a.Incident)
	if err != nil {
		return err
	}
	missing := w.Missing()
	return d.change(ctx, a, "incident.notify", func(tx *store.Tx, i *store.Incident, s *desk.IncidentStand) error {
		if when.IsZero() {
			when = tx.Now()
		}
		switch {
		case when.After(tx.Now()) || when.Before(i.AwareAt):
			return desk.Fail(desk.Invalid, "at", "it was told between when it was known and now")
		case len(missing) > 0:
			return desk.Fail(desk.Conflict, "facts_missing", "still missing: "+strings.Join(missing, ", "))
		case s.Late(when) && late == "":
			return desk.Fail(desk.Invalid, "late_reason", "more than 72 hours have passed: say why")
		}
		if err := s.Do(desk.IncidentNotify, when); err != nil {
			return err
		}
		if late != "" {
			w.Facts = append(w.Facts, store.Fact{Name: FactLate, Body: late, At: tx.Now()})
		}
		return errorsOf(d.note(tx, a, FactLate, late), keepSent(tx, a, w.Draft(KindAuthority, x.Locale), when))
	})
}

// Sending is what was sent to the authority, when, and why that late.
type Sending struct {
	At     time.Time // zero = now
	Late   string
	Locale string // of the words that were sent
}

// Close ends an incident, with what was learnt.
func (d *Desk) Close(ctx context.Context, a Act, lessons string) error {
	if lessons = text.Normalise(strings.TrimSpace(lessons), maxFact); lessons == "" {
		return desk.Fail(desk.Invalid, "lessons", "write down what was learnt, and what is done so that it does not happen again")
	}
	elsewhere, err := d.unnoticed(ctx, a)
	if err != nil {
		return err
	}
	return d.change(ctx, a, "incident.close", func(tx *store.Tx, i *store.Incident, s *desk.IncidentStand) error {
		s.Untold += elsewhere
		if err := s.Do(desk.IncidentClose, tx.Now()); err != nil {
			return err
		}
		return d.note(tx, a, FactLessons, lessons)
	})
}

// change locks an incident, lets do change it and keeps it with its audit entry.
func (d *Desk) change(ctx context.Context, a Act, action string, do func(*store.Tx, *store.Incident, *desk.IncidentStand) error) error {
	return d.DB.In(a.Workspace).Write(ctx, func(tx *store.Tx) error {
		i, err := tx.LockIncident(a.Incident)
		if err != nil {
			return err
		}
		stand, err := standing(tx, i)
		if err != nil {
			return err
		}
		if err := do(tx, &i, &stand); err != nil {
			return err
		}
		take(&i, stand)
		if err := tx.SaveIncident(i); err != nil {
			return err
		}
		return d.Audit.Add(tx, a.By, action, i.ID)
	})
}

// note keeps a fact that an act asks for; what is empty is not kept.
func (d *Desk) note(tx *store.Tx, a Act, name, body string) error {
	if body == "" {
		return nil
	}
	return tx.AddFact(a.Incident, store.Fact{Name: name, Body: body, By: a.By.ID})
}

// standing is where an incident stands; take puts it back, with when the clock
// comes next.
func standing(tx *store.Tx, i store.Incident) (desk.IncidentStand, error) {
	s := desk.IncidentStand{State: i.State, Risk: i.Risk, Opened: i.OpenedAt, Aware: i.AwareAt, Decided: i.Decided, Outcome: i.Outcome, Closed: i.Closed, Telling: !i.ToldAt.IsZero()}
	facts, err := tx.Facts(i.ID)
	if err != nil {
		return s, err
	}
	s.Measures = newest(facts)[FactMeasures].Body != ""
	counts, err := tx.ToldCounts(i.ID)
	for _, c := range counts {
		if c.State != store.ToldDone && c.State != store.ToldByNotice {
			s.Untold += c.N
		}
	}
	return s, err
}

func take(i *store.Incident, s desk.IncidentStand) {
	i.State, i.Risk, i.AwareAt, i.Decided, i.Outcome, i.Closed = s.State, s.Risk, s.Aware, s.Decided, s.Outcome, s.Closed
	i.Next = s.Next(i.Warned)
}

// Standing is where an incident stands, for who shows it.
func Standing(i store.Incident) desk.IncidentStand {
	return desk.IncidentStand{State: i.State, Risk: i.Risk, Opened: i.OpenedAt, Aware: i.AwareAt, Decided: i.Decided, Outcome: i.Outcome, Closed: i.Closed}
}

func errorsOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}
