package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"parley/internal/app"
	"parley/internal/store"
)

const (
	sweepRows  = 2_000_000
	sweepInbox = 20_000 // conversations
	sweepMoves = 1.2    // how much more a read may take beside it
	sweepReads = 200    // of one half of a pair
	sweepEvery = 5 * time.Millisecond
	sweepPairs = 40
	sweepTakes = 2000 // rows at least that a pair needs, so that they do not end before it
	sweepPart  = 200  // bytes of a row
	sweepLater = store.ArrivalTerm + 2*time.Hour
	sweepTable = "arrival"
)

// Sweep measures how much slower the inbox opens while retention ends rows of the
// same workspace, two million of which are past their term: pages are read by
// turns without the sweep and beside it, and the bound is what they take without
// it in the same run. The sweep is the program's own, at its own pace, which ends
// all of them long after the last pair.
func Sweep(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(sweepInbox, sweepRows)
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) error {
		return errors.Join(in.seedList(ctx), in.seedArrivals(ctx))
	})
	if err != nil {
		return nil, err
	}
	r := &report{bench: "sweep", engine: opt.Engine}
	err = in.sweepLate(ctx, r)
	return r.figures, errors.Join(err, in.Close())
}

func (in *install) seedArrivals(ctx context.Context) error {
	body := bytes.Repeat([]byte("x"), sweepPart)
	return in.batches(ctx, in.opt.Messages, func(tx *store.Tx, i int) error {
		if i > 0 && i%200_000 == 0 {
			in.opt.say("%d of %d rows", i, in.opt.Messages)
		}
		return tx.InsertArrival(store.Raw{ID: tx.NewID(), Account: in.acct, Body: body})
	})
}

// sweepLate opens the whole program when every row is past its term.
func (in *install) sweepLate(ctx context.Context, r *report) error {
	cfg, err := in.settings(sweepLater)
	if err = errors.Join(err, in.shut()); err != nil {
		return err
	}
	return in.program(ctx, cfg, func(a *app.App) error {
		in.ws = a.DB.In(in.ws.Workspace())
		return in.measureSweep(ctx, r, a)
	})
}

// beside is what a run of pairs found.
type beside struct {
	calm, busy sample
	took       time.Duration // of the sweep
}

func (in *install) measureSweep(ctx context.Context, r *report, a *app.App) error {
	before, err := in.due(ctx)
	if err == nil && before != int64(in.opt.Messages) {
		err = fmt.Errorf("%d rows wait for the sweep, not %d: the bench is broken", before, in.opt.Messages)
	}
	var b beside
	pairs := min(sweepPairs, in.opt.Messages/sweepTakes)
	for pair := 0; err == nil && pair < pairs; pair++ {
		err = in.pair(ctx, a, &b)
	}
	if err != nil {
		return err
	}
	left, err := in.due(ctx)
	ended := before - left
	if err != nil || ended == 0 {
		return errors.Join(err, errors.New("the sweep ended nothing: nothing is measured"))
	}
	r.add("rows past their term", float64(before), "rows", 0)
	r.add("rows that the sweep ends", float64(ended)/b.took.Seconds(), "a second", 0)
	r.add("pairs, by turns without and beside it", float64(pairs), "pairs", 0)
	r.spread("inbox without the sweep", b.calm, 0)
	r.spread("inbox beside the sweep", b.busy, sweepMoves*b.calm.at(0.99))
	return nil
}

// due counts the rows that are past their term.
func (in *install) due(ctx context.Context) (n int64, err error) {
	err = in.ws.Read(ctx, func(rx *store.Rx) error {
		all, err := rx.EndCounts(nil)
		n = all[sweepTable]
		return err
	})
	return n, err
}

// pair reads some pages, then as many beside the sweep, which stops with the last
// and goes on in the next pair.
func (in *install) pair(ctx context.Context, a *app.App, b *beside) error {
	calm, err := in.opened(ctx)
	if err != nil {
		return err
	}
	sweeping, stop := context.WithCancel(ctx)
	defer stop()
	over := make(chan error, 1)
	began := in.clk.Now()
	go func() { over <- a.Sweep(sweeping) }()
	busy, err := in.opened(ctx)
	stopped := len(over) == 0
	stop()
	swept := <-over
	b.took += in.clk.Since(began)
	b.calm, b.busy = append(b.calm, calm...), append(b.busy, busy...)
	switch {
	case !stopped && swept == nil:
		swept = errors.New("the sweep ended before the pages did: nothing is measured")
	case stopped && ctx.Err() == nil:
		swept = nil // this bench stopped it
	}
	return errors.Join(err, swept)
}

// opened opens the inbox again and again, at the pace of many members.
func (in *install) opened(ctx context.Context) (all sample, err error) {
	tick := in.clk.NewTicker(sweepEvery)
	defer tick.Stop()
	views := []store.View{store.All, store.NeedsYou, store.Mine}
	for len(all) < sweepReads {
		select {
		case <-ctx.Done():
			return all, ctx.Err()
		case <-tick.C():
		}
		began := in.clk.Now()
		rows, err := in.page(ctx, views[len(all)%len(views)], store.Place{})
		if err == nil && len(rows) == 0 {
			err = errors.New("the inbox is empty: nothing is measured")
		}
		if err != nil {
			return all, err
		}
		all = append(all, in.clk.Since(began))
	}
	return all, nil
}
