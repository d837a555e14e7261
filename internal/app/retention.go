package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/alert"
	"parley/internal/answer"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/pace"
	"parley/internal/report"
	"parley/internal/store"
)

// every is THE list of what ends by itself, and of what comes again and again.
func (a *App) every() []flow.Every {
	return []flow.Every{
		{Name: "unsaved chats", Interval: 5 * time.Minute, Run: a.Eraser.SweepUnsaved},                        // 1–72 h after their last message
		{Name: "old conversations", Interval: time.Hour, Run: a.Eraser.SweepConversations},                    // at the workspace's own term
		{Name: "released holds", Interval: 24 * time.Hour, Run: a.inEach((*store.Tx).DropOldHolds)},           // a year after their release
		{Name: "demands of authorities", Interval: 24 * time.Hour, Run: a.inEach((*store.Tx).DropOldDemands)}, // 3 years after they ended
		{Name: "unfinished erasures", Interval: 10 * time.Minute, Run: a.Eraser.Resume},                       // what a crash interrupted
		{Name: "channels being cleared", Interval: 10 * time.Minute, Run: a.Clearing.Resume},                  // of which a crash left only the ledger's entry
		{Name: "workspaces that end", Interval: 10 * time.Minute, Run: a.Ending.Tick},                         // 29 days after they were closed, and what a crash interrupted
		{Name: "certificates of workspaces", Interval: 24 * time.Hour, Run: a.Ending.Sweep},                   // 3 years
		{Name: "members who leave", Interval: 10 * time.Minute, Run: a.Roster.FinishLeaving},                  // what a crash interrupted
		{Name: "deleted conversations", Interval: 24 * time.Hour, Run: a.inEach((*store.Tx).DropOldDropped)},  // ids of their messages, 90 days
		{Name: "raw arrivals", Interval: time.Hour, Run: a.inEach(dropArrivals)},                              // 72 h
		{Name: "event rows", Interval: time.Hour, Run: a.dropEvents},                                          // 7 days
		{Name: "visits", Interval: time.Hour, Run: a.inEach(emptyVisits)},                                     // 90 days
		{Name: "AI logs", Interval: time.Hour, Run: a.inEach(dropAILogs)},                                     // 30 days from the start of their day
		{Name: "sessions", Interval: time.Hour, Run: a.Roster.Sweep},                                          // at their end
		{Name: "counts of use", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).ForgetUsers)},         // 12 months, then nobody's
		{Name: "security records", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).DropOldSecurity)},  // 12 months, where from 90 days
		{Name: "errors", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).DropOldFaults)},              // 90 days
		{Name: "abuse", Interval: alert.Every, Run: a.Alerts.Look},                                            // an alert within a minute
		{Name: "consents", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).DropOldConsents)},          // 3 years after the last act
		{Name: "letters to members", Interval: 24 * time.Hour, Run: a.everywhere(dropLetters)},                // 90 days
		{Name: "keys past their term", Interval: time.Hour, Run: a.sweepKeys},                                 // day and hour keys
		{Name: "backups", Interval: time.Hour, Run: a.Backups.Due},                                            // data 90 days, keys 7
		{Name: "epoch", Interval: 24 * time.Hour, Run: a.Vault.TurnEpoch},                                     // destroyed keys open nothing, even from old pages
		{Name: "audit checkpoints", Interval: time.Hour, Run: a.Audit.Checkpoint},
		{Name: "checkpoints by mail", Interval: 24 * time.Hour, Run: a.mailChains}, // each month, out of the house
		{Name: "state of the install", Interval: time.Hour, Run: a.Watch},
		{Name: "promises on this install", Interval: time.Hour, Run: func(ctx context.Context) error { _, err := a.Look(ctx); return err }},
		{Name: "reports of browsers", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).DropOldPolicies)},
		{Name: "audit segments", Interval: 24 * time.Hour, Run: a.Audit.PruneOld},                        // 24 months
		{Name: "reports of answers", Interval: 24 * time.Hour, Run: a.inEach(dropReports)},               // 12 months
		{Name: "copies of persons", Interval: time.Hour, Run: a.inEach(dropCopies)},                      // 7 days
		{Name: "ways to one's own data", Interval: time.Hour, Run: a.everywhere((*store.Tx).DropOldOwn)}, // links 10 minutes, counts of attempts 24 h
		{Name: "privacy cases", Interval: 24 * time.Hour, Run: a.Cases.Sweep},                            // 3 years after they were done
		{Name: "people's requests", Interval: 24 * time.Hour, Run: a.Casework.SweepCases},                // 3 years after they were closed, questions 12 months
		{Name: "clocks of requests", Interval: 10 * time.Minute, Run: a.Casework.Tick},                   // warns, and ends what nobody proved or answered
		{Name: "clocks of incidents", Interval: time.Minute, Run: a.Breach.Tick},                         // warns at 24, 48, 60 and 72 hours, ends what lay for a year
		{Name: "duties", Interval: time.Hour, Run: a.Duties.Tick},                                        // opens what is owed, and reminds
		{Name: "list of recipients", Interval: time.Hour, Run: a.Listed.Tick},                            // announces what changed; addresses that never said yes 48 h
		{Name: "done duties", Interval: 24 * time.Hour, Run: a.inEach((*store.Tx).DropOldDuties)},        // 5 years
		{Name: "people to tell", Interval: time.Minute, Run: a.Breach.Sweep},                             // with their next message, else by notice after 14 days
		{Name: "incidents", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).DropOldIncidents)},   // 5 years after they were closed, who was told 1 year
		{Name: "certificates", Interval: 24 * time.Hour, Run: a.Connect.SweepCertificates},               // 3 years after they were signed
		{Name: "connections begun", Interval: 10 * time.Minute, Run: a.inEach(dropOffers)},               // 20 minutes
		{Name: "channel tokens", Interval: 10 * time.Minute, Run: a.Connect.Renew},                       // well before their end
		{Name: "templates", Interval: 24 * time.Hour, Run: a.Deliver.ReadAllTemplates},                   // approved texts of every account
		{Name: "files over", Interval: time.Minute, Run: a.Media.Sweep},                                  // uploads 24 h, stories at Meta's end, bytes of ended rows
		{Name: "files without a row", Interval: 6 * time.Hour, Run: a.Media.SweepStrays},                 // what a crash left, after an hour
		{Name: "ending tokens", Interval: time.Hour, Run: a.Connect.Warn},                                // ten days before
		{Name: "sites due", Interval: 10 * time.Minute, Run: a.inEach(a.Knowledge.BeginDue)},             // daily and weekly
		{Name: "knowledge doctor", Interval: 24 * time.Hour, Run: a.Knowledge.LookOver},                  // what has expired meanwhile
		{Name: "snoozes", Interval: time.Minute, Run: a.Inbox.Wake},                                      // conversations come back
		{Name: "counts by mail", Interval: report.DigestTick, Run: a.Report.Digests},                     // to members who want them, at eight of their business's day
		{Name: "AI figures", Interval: report.Interval, Run: a.Report.Count},                             // counts of days, kept for 400
		{Name: "nights of the lab", Interval: answer.NightEvery, Run: a.Lab.Night},                       // tests and probe, once a night
	}
}

// Recur carries out everything that comes again and again, once and now: for a
// clock that was moved.
func (a *App) Recur(ctx context.Context) error {
	for _, e := range a.every() {
		if err := whole(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// whole runs regular work to its end, turn after turn.
func whole(ctx context.Context, e flow.Every) error {
	for {
		switch err := e.Run(ctx); {
		case errors.Is(err, pace.ErrMore):
		case err != nil:
			return fmt.Errorf("%s: %w", e.Name, err)
		default:
			return nil
		}
	}
}

// Sweep runs at once whatever only ends things, for data that comes back from a
// backup.
func (a *App) Sweep(ctx context.Context) error {
	ends := []string{"unsaved chats", "old conversations", "released holds", "demands of authorities", "deleted conversations", "raw arrivals", "event rows", "visits", "AI logs", "counts of use", "security records", "errors",
		"letters to members", "keys past their term", "reports of browsers", "audit segments", "reports of answers", "privacy cases", "people's requests", "copies of persons", "ways to one's own data", "incidents", "done duties", "certificates", "connections begun", "files over"}
	for _, e := range a.every() {
		i := slices.Index(ends, e.Name)
		if i < 0 {
			continue
		}
		ends = slices.Delete(ends, i, i+1)
		if err := whole(ctx, e); err != nil {
			return err
		}
	}
	if len(ends) > 0 {
		return fmt.Errorf("nothing ends %s any more", strings.Join(ends, ", "))
	}
	return nil
}

const sweepStep = 500

func dropArrivals(tx *store.Tx) (int64, error) { return tx.DropOldArrivals(sweepStep) }

// dropAILogs drops what models were asked, and what the lab made of people's
// questions: both are sealed under the key of their day. It goes on while either
// has a whole step.
func dropAILogs(tx *store.Tx) (int64, error) {
	n, err := tx.DropOldAILogs(sweepStep)
	if err != nil {
		return n, err
	}
	more, err := tx.DropOldLab(sweepStep)
	return max(n, more), err
}

func dropLetters(tx *store.Tx) (int64, error) {
	if tx.Workspace() == 0 {
		return tx.DropOldOperatorLetters()
	}
	return tx.DropOldLetters()
}

func dropReports(tx *store.Tx) (int64, error) { return tx.DropOldReports(sweepStep) }

func (a *App) dropEvents(ctx context.Context) error { return a.Live.DropOld(ctx, a.pace()) }

func dropCopies(tx *store.Tx) (int64, error) { return tx.DropOldCopies(sweepStep) }

func dropOffers(tx *store.Tx) (int64, error) { return tx.DropOldOffers() }

func emptyVisits(tx *store.Tx) (int64, error) { return tx.EmptyOldVisits(sweepStep) }

// inEach runs a small step in every workspace until it finds nothing more.
func (a *App) inEach(step func(*store.Tx) (int64, error)) func(context.Context) error {
	return func(ctx context.Context) error { return a.sweep(ctx, nil, step) }
}

// everywhere is inEach in the instance, too, which has rows of its own.
func (a *App) everywhere(step func(*store.Tx) (int64, error)) func(context.Context) error {
	return func(ctx context.Context) error { return a.sweep(ctx, []desk.ID{0}, step) }
}

// A sweep that has much to end rests between its steps. Every commit makes the
// readers of SQLite forget the pages they hold, so how long the inbox takes
// depends on how many come a second, not on how many rows each ends (bench
// sweep). After a turn other regular work comes first: alerts, clocks of cases.
const (
	sweepRest = time.Second
	sweepTurn = 20 * time.Second
)

// pace is that of a turn which begins now. Where nobody else is, as after a
// restore, it does not rest.
func (a *App) pace() pace.Steps {
	if a.alone {
		return pace.Steps{}
	}
	return pace.Steps{Clock: a.Clock, Rest: sweepRest, Until: a.Clock.Now().Add(sweepTurn)}
}

// sweep gives every place at least one step, whoever's took the turn.
func (a *App) sweep(ctx context.Context, in []desk.ID, step func(*store.Tx) (int64, error)) error {
	all, err := a.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		in = append(in, ws.ID)
	}
	steps := a.pace()
	var more error
	for _, ws := range in {
		err := steps.Do(ctx, func() (bool, error) {
			var n int64
			err := a.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) { n, err = step(tx); return err })
			return n >= sweepStep, err
		})
		switch {
		case errors.Is(err, pace.ErrMore):
			more = err
		case err != nil:
			return err
		}
	}
	return more
}

func (a *App) sweepKeys(ctx context.Context) error {
	_, err := a.Vault.SweepExpired(ctx)
	return err
}
