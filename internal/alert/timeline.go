package alert

import (
	"context"
	"slices"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Step is one line of an alert's timeline.
type Step struct {
	At     time.Time
	Source string // record or audit
	What   string // kind of the record, or the audited action
	Route  string
	Actor  desk.Actor // kind and id only
	Object store.Object
	From   string // shortened address; "" when it is not known or its term is over
	Times  int64
}

// Sources of steps.
const (
	FromRecord = "record"
	FromAudit  = "audit"
)

// How far around an alert its timeline reaches, and how long it gets.
const (
	before   = time.Hour
	after    = time.Hour
	maxSteps = 200
)

// Timeline tells an alert's story, oldest first: what the records and the audit
// log say of its subject around it.
func (a *Alerts) Timeline(ctx context.Context, ws, id desk.ID) (store.Alert, []Step, error) {
	var what store.Alert
	var steps []Step
	err := a.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if what, err = r.Alert(id); err != nil {
			return err
		}
		who, span := subject(what), store.Span{From: what.OpenedAt.Add(-before), To: what.LastAt.Add(after)}
		events, err := r.SecurityOf(span, what.Mark, who, maxSteps)
		if err != nil {
			return err
		}
		about := store.Object{Kind: what.Subject, ID: what.SubjectID}
		if what.Subject == ofConversation {
			about.ID = what.Conversation
		}
		var acts []store.AuditRow
		if about.ID != 0 {
			if acts, err = r.AuditAbout(span, who, about, maxSteps); err != nil {
				return err
			}
		}
		steps = append(recorded(events), audited(acts)...)
		return nil
	})
	if err != nil {
		return what, nil, err
	}
	if ws != 0 && what.Mark != nil { // tries to sign in are recorded where nobody knows the workspace yet
		var events []store.Security
		span := store.Span{From: what.OpenedAt.Add(-before), To: what.LastAt.Add(after)}
		err = a.DB.In(0).Read(ctx, func(r *store.Rx) (err error) {
			events, err = r.SecurityOf(span, what.Mark, nobody(), maxSteps)
			return err
		})
		steps = append(steps, recorded(events)...)
	}
	slices.SortStableFunc(steps, func(x, y Step) int { return x.At.Compare(y.At) })
	return what, steps[:min(len(steps), maxSteps)], err
}

// subject is whom an alert is about, as an actor.
func subject(a store.Alert) desk.Actor {
	if a.SubjectID == 0 {
		return nobody()
	}
	return desk.Actor{Kind: desk.ActorKind(a.Subject), ID: a.SubjectID}
}

// nobody is an actor that no row names.
func nobody() desk.Actor { return desk.Actor{Kind: "none"} }

func recorded(events []store.Security) []Step {
	var all []Step
	for _, e := range events {
		all = append(all, Step{At: e.At, Source: FromRecord, What: e.Kind, Route: e.Route, Actor: e.Actor, From: e.Source, Times: e.Touched})
	}
	return all
}

func audited(rows []store.AuditRow) []Step {
	var all []Step
	for _, r := range rows {
		all = append(all, Step{At: r.At, Source: FromAudit, What: r.Action, Times: 1,
			Actor: desk.Actor{Kind: desk.ActorKind(r.ActorKind), ID: r.Actor}, Object: store.Object{Kind: r.ObjectKind, ID: r.Object}})
	}
	return all
}
