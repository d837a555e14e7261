package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"parley/internal/audit"
	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
	"parley/internal/store"
)

const (
	leaveMessages = 100_000
	leavePeople   = 2_000
	leaveBound    = 60_000
)

// Leave measures how long the end of a whole workspace takes, with every key,
// every row and the look at what is left, how long a neighbour's write waits
// meanwhile, and on SQLite how that compares with writing as many messages.
func Leave(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(leavePeople, leaveMessages)
	var wrote time.Duration
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) error {
		began := in.clk.Now()
		err := in.seedLeaver(ctx)
		wrote = in.clk.Since(began)
		return err
	})
	if err != nil {
		return nil, err
	}
	r := &report{bench: "leave", engine: opt.Engine}
	err = in.measureLeave(ctx, r, wrote)
	return r.figures, errors.Join(err, in.Close())
}

func (in *install) seedLeaver(ctx context.Context) error {
	v := newVocabulary(vocabulary)
	var people []store.Row
	err := in.batches(ctx, in.opt.Conversations, func(tx *store.Tx, i int) error {
		row, err := in.person(tx, fmt.Sprint(canary, " ", i))
		people = append(people, row)
		return err
	})
	if err != nil {
		return err
	}
	return in.batches(ctx, in.opt.Messages, func(tx *store.Tx, i int) error {
		said := v.message()
		m, who := line(canary+" "+said[0]), &people[i%len(people)]
		m.ID, m.ExternalID = tx.NewID(), fmt.Sprint(canary, i)
		if err := tx.AppendMessage(who, &m); err != nil {
			return err
		}
		if err := tx.IndexMessages([]store.MessageTerms{{Message: m.ID, Terms: said}}); err != nil {
			return err
		}
		return tx.SaveConversation(*who)
	})
}

// unheard has no accounts at a provider.
type unheard struct{}

func (unheard) Heed(*store.Tx) error { return nil }

func (in *install) measureLeave(ctx context.Context, r *report, wrote time.Duration) error {
	files, err := blob.Open(filepath.Join(in.dir, "files"), in.DB.Vault(), in.clk)
	if err != nil {
		return err
	}
	log := audit.NewLog(in.DB)
	ending := privacy.NewEnding(privacy.EndingParts{DB: in.DB, Keys: in.keys, Flow: flow.New(flow.Config{DB: in.DB, Clock: in.clk}), Audit: log, By: log,
		Accounts: unheard{}, Files: files})
	ws := in.ws.Workspace()
	if err := ending.Shut(ctx, ws, in.clk.Now().Add(-desk.RecoverTerm)); err != nil {
		return err
	}
	neighbour := in.In(in.DB.NewID())
	if err := neighbour.Write(ctx, func(tx *store.Tx) error { return tx.InsertWorkspace(desk.Workspace{Name: "Neighbour"}) }); err != nil {
		return err
	}
	done, slowest := make(chan struct{}), make(chan time.Duration)
	go func() { slowest <- in.writesBeside(ctx, neighbour, done) }()
	began := in.clk.Now()
	err = ending.Purge(ctx, ws)
	took := in.clk.Since(began)
	close(done)
	worst := <-slowest
	if err != nil {
		return err
	}
	r.add(fmt.Sprintf("end a workspace with %d messages", in.opt.Messages), millis(took), "ms", leaveBound)
	if in.opt.Engine == "sqlite" { // where the rows were written
		r.add("… of the time they took to be written", 100*took.Seconds()/wrote.Seconds(), "%", 0)
	}
	r.add("slowest write of a neighbour meanwhile", millis(worst), "ms", 0)
	return in.leftNothing(ctx, r, ws)
}

// writesBeside lets a neighbour write until done and says how long the slowest
// write took.
func (in *install) writesBeside(ctx context.Context, h store.Handle, done <-chan struct{}) (worst time.Duration) {
	tick := in.clk.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return worst
		case <-tick.C():
		}
		began := in.clk.Now()
		err := h.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.ChangeSettings(func(w *desk.Workspace) error { w.AIEpoch++; return nil })
			return err
		})
		if err != nil {
			return worst
		}
		worst = max(worst, in.clk.Since(began))
	}
}

func (in *install) leftNothing(ctx context.Context, r *report, ws desk.ID) error {
	var left map[string]int64
	err := in.In(ws).Read(ctx, func(rx *store.Rx) (err error) { left, err = rx.EndCounts(nil); return err })
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("rows are left: %v", left)
	}
	if _, there := in.WorkspaceByID(ctx, ws); err == nil && !desk.IsNotFound(there) {
		err = fmt.Errorf("the workspace is still there: %w", errors.Join(there))
	}
	if err != nil {
		return err
	}
	keys, err := in.keys.Census(ctx, int64(ws))
	if err != nil || len(keys) > 0 {
		return errors.Join(err, fmt.Errorf("%d kinds of keys are left", len(keys)))
	}
	found, err := in.rawBytes(canary)
	r.add("files with its people's words in clear", float64(found), "files", 0)
	if found > 0 {
		err = errors.Join(err, errors.New("its people's words are readable without any key"))
	}
	return err
}
