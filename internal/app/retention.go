package app

import (
	"context"
	"time"

	"parley/internal/answer"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/report"
	"parley/internal/store"
)

// every is THE list of what ends by itself, and of what comes again and again.
func (a *App) every() []flow.Every {
	return []flow.Every{
		{Name: "unsaved chats", Interval: 5 * time.Minute, Run: a.Eraser.SweepUnsaved},     // 1–72 h after their last message
		{Name: "unfinished erasures", Interval: 10 * time.Minute, Run: a.Eraser.Resume},    // what a crash interrupted
		{Name: "raw arrivals", Interval: time.Hour, Run: a.inEach(dropArrivals)},           // 72 h
		{Name: "event rows", Interval: time.Hour, Run: a.Live.DropOld},                     // 7 days
		{Name: "visits", Interval: time.Hour, Run: a.inEach(emptyVisits)},                  // 90 days
		{Name: "AI logs", Interval: time.Hour, Run: a.inEach(dropAILogs)},                  // 30 days from the start of their day
		{Name: "sessions", Interval: time.Hour, Run: a.Roster.Sweep},                       // at their end
		{Name: "letters to members", Interval: 24 * time.Hour, Run: a.inEach(dropLetters)}, // 90 days
		{Name: "keys past their term", Interval: time.Hour, Run: a.sweepKeys},              // day and hour keys
		{Name: "epoch", Interval: 24 * time.Hour, Run: a.Vault.TurnEpoch},                  // destroyed keys open nothing, even from old pages
		{Name: "audit checkpoints", Interval: time.Hour, Run: a.Audit.Checkpoint},
		{Name: "audit segments", Interval: 24 * time.Hour, Run: a.Audit.PruneOld},            // 24 months
		{Name: "reports of answers", Interval: 24 * time.Hour, Run: a.inEach(dropReports)},   // 12 months
		{Name: "privacy cases", Interval: 24 * time.Hour, Run: a.Cases.Sweep},                // 3 years after they were done
		{Name: "certificates", Interval: 24 * time.Hour, Run: a.Connect.SweepCertificates},   // 3 years after they were signed
		{Name: "connections begun", Interval: 10 * time.Minute, Run: a.inEach(dropOffers)},   // 20 minutes
		{Name: "channel tokens", Interval: 10 * time.Minute, Run: a.Connect.Renew},           // well before their end
		{Name: "templates", Interval: 24 * time.Hour, Run: a.Deliver.ReadAllTemplates},       // approved texts of every account
		{Name: "files over", Interval: time.Minute, Run: a.Media.Sweep},                      // uploads 24 h, stories at Meta's end, bytes of ended rows
		{Name: "files without a row", Interval: 6 * time.Hour, Run: a.Media.SweepStrays},     // what a crash left, after an hour
		{Name: "ending tokens", Interval: time.Hour, Run: a.Connect.Warn},                    // ten days before
		{Name: "sites due", Interval: 10 * time.Minute, Run: a.inEach(a.Knowledge.BeginDue)}, // daily and weekly
		{Name: "knowledge doctor", Interval: 24 * time.Hour, Run: a.Knowledge.LookOver},      // what has expired meanwhile
		{Name: "snoozes", Interval: time.Minute, Run: a.Inbox.Wake},                          // conversations come back
		{Name: "AI figures", Interval: report.Interval, Run: a.Report.Count},                 // counts of days, kept for 400
		{Name: "nights of the lab", Interval: answer.NightEvery, Run: a.Lab.Night},           // tests and probe, once a night
	}
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

func dropLetters(tx *store.Tx) (int64, error) { return tx.DropOldLetters() }

func dropReports(tx *store.Tx) (int64, error) { return tx.DropOldReports() }

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
