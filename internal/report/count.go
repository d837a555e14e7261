package report

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// Days that may still change: silence takes one day to show, a contact who is
// back takes Reopen after it.
const openDays = 9

// Times of counting.
const (
	Interval    = time.Minute
	settleEvery = 6 * time.Hour
	rest        = 60               // a count rests so many times as long as it took
	countStep   = 100              // conversations read in one snapshot
	runLook     = 36 * time.Hour   // an engagement's lines are read from so long before the day
	lineLook    = Reopen + Silence // and until so long after it
)

// Parts is what report is made of. All but Letters and Log are required.
type Parts struct {
	DB *store.DB
	// Pleased says whether a line means thanks or yes.
	Pleased func(text string) bool
	Letters Letters // nil = no counts leave by mail
	Log     *slog.Logger
}

// Report counts and tells.
type Report struct{ Parts }

// New makes a Report.
func New(p Parts) *Report {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return &Report{p}
}

// Count counts, in every workspace, the days that may have changed. It is run
// again and again; a workspace where nothing happened costs one look.
func (r *Report) Count(ctx context.Context) error {
	all, err := r.DB.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range all {
		if err := r.countOne(ctx, ws); err != nil {
			return err
		}
	}
	return nil
}

func (r *Report) countOne(ctx context.Context, ws desk.Workspace) error {
	now := r.DB.Clock().Now()
	var state store.CountState
	var newest desk.ID
	err := r.DB.In(ws.ID).Read(ctx, func(rx *store.Rx) (err error) { state, newest, err = rx.CountState(); return err })
	if err != nil || newest == 0 {
		return err
	}
	moved := newest != state.Newest && now.Sub(state.Counted) >= rest*state.Took
	settle := now.Sub(state.Settled) >= settleEvery
	today := dayOf(now)
	first := today + 1
	switch {
	case settle:
		first = today - openDays
	case moved:
		first = today - 1
	}
	for day := first; day <= today; day++ {
		if err := r.CountDay(ctx, ws, day); err != nil {
			return err
		}
	}
	if first > today {
		return nil
	}
	state.Newest, state.Counted, state.Took = newest, now, r.DB.Clock().Since(now)
	if settle {
		state.Settled = now
	}
	return r.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropOldTally(today - store.TallyDays); err != nil {
			return err
		}
		if err := tx.DropKeptTally(today - openDays); err != nil {
			return err
		}
		return tx.PutCountState(state)
	})
}

// CountDay counts the engagements that the AI first spoke in on one UTC day, in
// place of what was counted of it before.
func (r *Report) CountDay(ctx context.Context, ws desk.Workspace, day int64) error {
	made := dayCount{}
	for after := desk.ID(0); ; {
		var ids []desk.ID
		err := r.DB.In(ws.ID).Read(ctx, func(rx *store.Rx) (err error) {
			if ids, err = rx.RanBetween(dayStart(day), dayStart(day+1), after, countStep); err != nil {
				return err
			}
			step := dayCount{} // a read may run again
			for _, id := range ids {
				if err := r.conversation(rx, ws, id, day, step); err != nil {
					return err
				}
			}
			for key, f := range step {
				made.add(key[0], key[1], f)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(ids) < countStep {
			break
		}
		after = ids[len(ids)-1]
	}
	return r.DB.In(ws.ID).Write(ctx, func(tx *store.Tx) error {
		kept, err := tx.KeptTally(day)
		if err != nil {
			return err
		}
		return tx.ReplaceTally(day, made.with(kept).rows(day))
	})
}

func (r *Report) conversation(rx *store.Rx, ws desk.Workspace, id desk.ID, day int64, made dayCount) error {
	c, err := rx.Counted(id, dayStart(day).Add(-runLook), dayStart(day+1).Add(lineLook))
	if desk.IsNotFound(err) || err == nil && desk.MayUse(desk.ForReport, ws, c.Contact) != nil {
		return nil
	}
	if err != nil {
		return err
	}
	now := r.DB.Clock().Now()
	for _, s := range Stretches(c) {
		if dayOf(s.Runs[0].At) != day {
			continue
		}
		pleased, err := r.pleased(rx, s)
		if err != nil {
			return err
		}
		made.count(c, s, s.Count(now, pleased, c.Drafts))
	}
	return nil
}

// pleased opens the one line that decides.
func (r *Report) pleased(rx *store.Rx, s Stretch) (bool, error) {
	line, open := s.Left()
	if last, _ := s.answered(); !open || last.By != desk.FromAI {
		return false, nil
	}
	m, err := rx.Message(line.ID)
	if desk.IsNotFound(err) {
		return false, nil
	}
	return err == nil && !m.Deleted && r.Pleased(string(m.Body)), err
}
