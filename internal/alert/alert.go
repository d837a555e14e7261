package alert

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/record"
	"parley/internal/store"
)

// Rules.
const (
	Guessing   = "guessing" // passwords of one account, or from one network
	SameText   = "same_text"
	SendFlood  = "send_flood" // by one member or key
	Flood      = "flood"      // into one conversation
	Exports    = "exports"
	NewNetwork = "key_network"
)

// Rules lists every rule.
func Rules() []string { return []string{Guessing, SameText, SendFlood, Flood, Exports, NewNetwork} }

// When a rule is met.
const (
	guessTime     = 10 * time.Minute
	guessAccount  = 10
	guessNetwork  = 40
	floodTime     = time.Minute
	floodMessages = 60
	exportTime    = 10 * time.Minute
	exportCount   = 5
	// lookBack covers what was written late, and looks that were missed.
	lookBack = 5 * time.Minute
)

// Every is how often the records are looked over.
const Every = 20 * time.Second

// Subjects of alerts.
const (
	ofMember       = "member"
	ofKey          = "key"
	ofAccount      = "account" // an e-mail address that was tried; of the instance
	ofNetwork      = "network" // of the instance
	ofConversation = "conversation"
)

// Letters writes to the owners of a workspace, and of the instance's alerts to
// whoever runs it.
type Letters interface {
	Tell(tx *store.Tx, kind desk.LetterKind, about string) error
	TellOperator(tx *store.Tx, l desk.OperatorLetter) error
}

// Audit keeps the record of who did what.
type Audit interface {
	Add(tx *store.Tx, actor desk.Actor, action string, object desk.ID) error
}

// Parts is what Alerts is made of. Letters may be nil: nobody is mailed.
type Parts struct {
	DB      *store.DB
	Audit   Audit
	Letters Letters
	Log     *slog.Logger
}

// Alerts raises, shows and closes alerts.
type Alerts struct{ Parts }

// New makes Alerts.
func New(p Parts) *Alerts {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Alerts{p}
}

// Look holds the records of every workspace to the rules. It is work for
// flow.Every.
func (a *Alerts) Look(ctx context.Context) error {
	now := a.DB.Clock().Now()
	failed := a.guesses(ctx, now)
	recent, err := a.DB.SecurityWorkspaces(ctx, now.Add(-lookBack))
	failed = errors.Join(failed, err)
	for _, ws := range recent {
		if ws != 0 {
			failed = errors.Join(failed, a.senders(ctx, ws, now))
		}
	}
	all, err := a.DB.Workspaces(ctx)
	failed = errors.Join(failed, err)
	for _, ws := range all {
		failed = errors.Join(failed, a.bursts(ctx, ws.ID, now))
	}
	return failed
}

// guesses finds accounts and networks with too many failed tries to sign in. An
// account is an alert of the instance and of each workspace whose member it is.
func (a *Alerts) guesses(ctx context.Context, now time.Time) error {
	var accounts, networks []store.Tried
	err := a.DB.In(0).Read(ctx, func(r *store.Rx) (err error) {
		if accounts, err = r.TriedAccounts(now.Add(-guessTime), record.SignInFailed, guessAccount); err != nil {
			return err
		}
		networks, err = r.TriedNetworks(now.Add(-guessTime), record.SignInFailed, guessNetwork)
		return err
	})
	for _, t := range networks {
		err = errors.Join(err, a.raise(ctx, 0, store.Alert{Rule: Guessing, Subject: ofNetwork, Mark: t.Mark, Touched: t.N, LastAt: t.Last}))
	}
	for _, t := range accounts {
		err = errors.Join(err, a.raise(ctx, 0, store.Alert{Rule: Guessing, Subject: ofAccount, Mark: t.Mark, Touched: t.N, LastAt: t.Last}))
		members, e := a.DB.MembersMarked(ctx, t.Mark)
		err = errors.Join(err, e)
		for _, m := range members {
			err = errors.Join(err, a.raise(ctx, m.Workspace, store.Alert{Rule: Guessing, Subject: ofMember, SubjectID: m.ID, Mark: t.Mark, Touched: t.N, LastAt: t.Last}))
		}
	}
	return err
}

// senders takes up what was recorded of members and keys themselves.
func (a *Alerts) senders(ctx context.Context, ws desk.ID, now time.Time) error {
	var found []store.Alert
	err := a.DB.In(ws).Read(ctx, func(r *store.Rx) error {
		found = nil
		for rule, kind := range map[string]string{SameText: record.SameText, SendFlood: record.SendFlood, NewNetwork: record.NewNetwork} {
			events, err := r.SecuritySince(now.Add(-lookBack), kind, 100)
			if err != nil {
				return err
			}
			for _, e := range events {
				found = append(found, store.Alert{Rule: rule, Subject: string(e.Actor.Kind), SubjectID: e.Actor.ID, Touched: e.Touched, LastAt: e.At})
			}
		}
		return nil
	})
	for _, f := range found {
		err = errors.Join(err, a.raise(ctx, ws, f))
	}
	return err
}

// bursts counts what happened in a workspace: messages into one conversation, and
// exports by one person or key.
func (a *Alerts) bursts(ctx context.Context, ws desk.ID, now time.Time) error {
	var floods, exports []store.Burst
	err := a.DB.In(ws).Read(ctx, func(r *store.Rx) (err error) {
		if floods, err = r.Floods(now.Add(-floodTime-Every), floodMessages); err != nil {
			return err
		}
		exports, err = r.Disclosers(now.Add(-exportTime), exportCount)
		return err
	})
	for _, b := range floods {
		err = errors.Join(err, a.raise(ctx, ws, store.Alert{Rule: Flood, Subject: ofConversation, Conversation: b.Conversation, Touched: b.N, LastAt: b.Last}))
	}
	for _, b := range exports {
		err = errors.Join(err, a.raise(ctx, ws, store.Alert{Rule: Exports, Subject: string(b.Actor.Kind), SubjectID: b.Actor.ID, Touched: b.N, LastAt: b.Last}))
	}
	return err
}

// raise opens an alert or adds to one; a new one is told to the owners, or to the operator, once.
func (a *Alerts) raise(ctx context.Context, ws desk.ID, what store.Alert) error {
	fresh := false
	err := a.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) {
		if fresh, err = tx.RaiseAlert(&what); err != nil || !fresh {
			return err
		}
		if err := a.tell(tx, ws, what); err != nil {
			return err
		}
		return a.Audit.Add(tx, desk.Actor{Kind: desk.BySystem}, "alert.open", what.ID)
	})
	if err == nil && fresh {
		a.Log.WarnContext(ctx, "this looks like abuse", "workspace", ws, "alert", what.ID, "rule", what.Rule, "times", what.Touched)
	}
	return err
}

func (a *Alerts) tell(tx *store.Tx, ws desk.ID, what store.Alert) error {
	switch {
	case a.Letters == nil:
		return nil
	case ws == 0:
		return a.Letters.TellOperator(tx, desk.OperatorLetter{Kind: desk.OperatorAbuse, Mark: what.ID.String(), About: what.Rule})
	}
	return a.Letters.Tell(tx, desk.LetterAbuse, what.Rule)
}

// maxNote is how long a note may be.
const maxNote = 2000

// Close ends an alert with what was found. desk.Invalid without a note,
// desk.Conflict when it is closed.
func (a *Alerts) Close(ctx context.Context, ws, id desk.ID, by desk.Actor, note string) error {
	if note = strings.TrimSpace(note); note == "" || len(note) > maxNote {
		return desk.Fail(desk.Invalid, "note_missing", "say in a note of up to 2000 bytes what you found")
	}
	return a.DB.In(ws).Write(ctx, func(tx *store.Tx) error {
		if err := tx.CloseAlert(id, by.ID, note); err != nil {
			return err
		}
		return a.Audit.Add(tx, by, "alert.close", id)
	})
}
