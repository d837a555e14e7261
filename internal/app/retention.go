package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/alert"
	"parley/internal/answer"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/report"
	"parley/internal/store"
)

// every is THE list of what ends by itself, and of what comes again and again.
func (a *App) every() []flow.Every {
	return []flow.Every{
		{Name: "unsaved chats", Interval: 5 * time.Minute, Run: a.Eraser.SweepUnsaved},                       // 1–72 h after their last message
		{Name: "old conversations", Interval: time.Hour, Run: a.Eraser.SweepConversations},                   // at the workspace's own term
		{Name: "released holds", Interval: 24 * time.Hour, Run: a.inEach((*store.Tx).DropOldHolds)},          // a year after their release
		{Name: "unfinished erasures", Interval: 10 * time.Minute, Run: a.Eraser.Resume},                      // what a crash interrupted
		{Name: "members who leave", Interval: 10 * time.Minute, Run: a.Roster.FinishLeaving},                 // what a crash interrupted
		{Name: "raw arrivals", Interval: time.Hour, Run: a.inEach(dropArrivals)},                             // 72 h
		{Name: "event rows", Interval: time.Hour, Run: a.Live.DropOld},                                       // 7 days
		{Name: "visits", Interval: time.Hour, Run: a.inEach(emptyVisits)},                                    // 90 days
		{Name: "AI logs", Interval: time.Hour, Run: a.inEach(dropAILogs)},                                    // 30 days from the start of their day
		{Name: "sessions", Interval: time.Hour, Run: a.Roster.Sweep},                                         // at their end
		{Name: "counts of use", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).ForgetUsers)},        // 12 months, then nobody's
		{Name: "security records", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).DropOldSecurity)}, // 12 months, where from 90 days
		{Name: "errors", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).DropOldFaults)},             // 90 days
		{Name: "abuse", Interval: alert.Every, Run: a.Alerts.Look},                                           // an alert within a minute
		{Name: "consents", Interval: 24 * time.Hour, Run: a.everywhere((*store.Tx).DropOldConsents)},         // 3 years after the last act
		{Name: "letters to members", Interval: 24 * time.Hour, Run: a.everywhere(dropLetters)},               // 90 days
		{Name: "keys past their term", Interval: time.Hour, Run: a.sweepKeys},                                // day and hour keys
		{Name: "backups", Interval: time.Hour, Run: a.Backups.Due},                                           // data 90 days, keys 7
		{Name: "epoch", Interval: 24 * time.Hour, Run: a.Vault.TurnEpoch},                                    // destroyed keys open nothing, even from old pages
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
		{Name: "AI figures", Interval: report.Interval, Run: a.Report.Count},                             // counts of days, kept for 400
		{Name: "nights of the lab", Interval: answer.NightEvery, Run: a.Lab.Night},                       // tests and probe, once a night
	}
}

// Recur carries out everything that comes again and again, once and now: for a
// clock that was moved.
func (a *App) Recur(ctx context.Context) error {
	for _, e := range a.every() {
		if err := e.Run(ctx); err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	return nil
}

// sweepAll runs at once whatever only ends things, for data that comes back from
// a backup.
func (a *App) sweepAll(ctx context.Context) error {
	ends := []string{"unsaved chats", "old conversations", "released holds", "raw arrivals", "event rows", "visits", "AI logs", "counts of use", "security records", "errors",
		"letters to members", "keys past their term", "reports of browsers", "audit segments", "reports of answers", "privacy cases", "people's requests", "copies of persons", "ways to one's own data", "certificates", "connections begun", "files over"}
	for _, e := range a.every() {
		i := slices.Index(ends, e.Name)
		if i < 0 {
			continue
		}
		ends = slices.Delete(ends, i, i+1)
		if err := e.Run(ctx); err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	if len(ends) > 0 {
		return fmt.Errorf("nothing ends %s any more", strings.Join(ends, ", "))
	}
	return nil
}

const sweepStep = 500

func dropArrivals(tx *store.Tx) (int64, error) { return tx.DropOldArrivals() }

// dropAILogs drops what models were asked, and what the lab made of people's
// questions: both are sealed under the key of their day.
func dropAILogs(tx *store.Tx) (int64, error) {
	n, err := tx.DropOldAILogs()
	if err != nil {
		return n, err
	}
	more, err := tx.DropOldLab()
	return n + more, err
}

func dropLetters(tx *store.Tx) (int64, error) {
	if tx.Workspace() == 0 {
		return tx.DropOldOperatorLetters()
	}
	return tx.DropOldLetters()
}

func dropReports(tx *store.Tx) (int64, error) { return tx.DropOldReports() }

func dropCopies(tx *store.Tx) (int64, error) { return tx.DropOldCopies(sweepStep) }

func dropOffers(tx *store.Tx) (int64, error) { return tx.DropOldOffers() }

func emptyVisits(tx *store.Tx) (int64, error) { return tx.EmptyOldVisits(sweepStep) }

// inEach runs a small step in every workspace until it finds nothing more.
func (a *App) inEach(step func(*store.Tx) (int64, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		all, err := a.DB.Workspaces(ctx)
		if err != nil {
			return err
		}
		for _, ws := range all {
			if err := a.sweep(ctx, ws.ID, step); err != nil {
				return err
			}
		}
		return nil
	}
}

// everywhere is inEach in the instance, too, which has rows of its own.
func (a *App) everywhere(step func(*store.Tx) (int64, error)) func(context.Context) error {
	each := a.inEach(step)
	return func(ctx context.Context) error {
		if err := a.sweep(ctx, 0, step); err != nil {
			return err
		}
		return each(ctx)
	}
}

func (a *App) sweep(ctx context.Context, ws desk.ID, step func(*store.Tx) (int64, error)) error {
	for {
		var n int64
		err := a.DB.In(ws).Write(ctx, func(tx *store.Tx) (err error) { n, err = step(tx); return err })
		if err != nil || n < sweepStep {
			return err
		}
	}
}

func (a *App) sweepKeys(ctx context.Context) error {
	_, err := a.Vault.SweepExpired(ctx)
	return err
}
