package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/intake"
	"parley/internal/store"
	"parley/test/storm"
)

const (
	stormEvents  = 100_000
	stormCopies  = 10
	stormSenders = 8
	stormMost    = 40 // events in one delivery
	stormWait    = 10 * time.Minute
)

// Storm delivers every event ten times, in random order and from eight senders,
// and counts what was lost, doubled or reads in another order than it was
// written.
func Storm(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(metaPeople, stormEvents)
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) error { return in.connected(ctx) })
	if err != nil {
		return nil, err
	}
	d, err := newDoor(in)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	r := &report{bench: "storm", engine: opt.Engine}
	running, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	var failed error
	work.Go(func() { failed = d.flow.Run(running, d.handlers, nil) })
	err = d.storm(ctx, r)
	cancel()
	work.Wait()
	return r.figures, errors.Join(err, failed, d.close(), in.Close())
}

func (d *door) storm(ctx context.Context, r *report) error {
	dice := rand.New(rand.NewPCG(7, 11))
	n, people := d.opt.Messages, d.opt.Conversations
	events := storm.Talk(metaAccounts(), people, 0, n, d.clk.Now().AddDate(0, 0, -60))
	var all []channel.Raw
	for _, body := range storm.Bodies(storm.Copies(events, stormCopies, dice), stormMost, dice) {
		all = append(all, signedBody(body))
	}
	d.opt.say("%d events in %d deliveries", stormCopies*n, len(all))
	began := d.clk.Now()
	senders, sending := errgroup.WithContext(ctx)
	for from := range stormSenders {
		senders.Go(func() error {
			for i := from; i < len(all); i += stormSenders {
				if _, err := d.intake.Accept(sending, metaPath, all[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := senders.Wait(); err != nil {
		return err
	}
	r.add("copies taken", float64(stormCopies*n)/d.clk.Since(began).Seconds(), "events/s", 0)
	if err := d.dry(ctx); err != nil {
		return err
	}
	r.add("copies taken and looked at", float64(stormCopies*n)/d.clk.Since(began).Seconds(), "events/s", 0)
	wrong, err := d.wrong(ctx, people, n)
	r.figures = append(r.figures, Figure{Bench: r.bench, Engine: r.engine, Metric: "lost, doubled or out of order", Value: float64(wrong),
		Unit: fmt.Sprintf("of %d", n), Most: true})
	if err == nil && wrong > 0 {
		err = fmt.Errorf("%d of %d messages are not where they belong", wrong, n)
	}
	return err
}

// dry waits until nothing waits behind the door. Repeats make no event, so the
// work itself is asked.
func (d *door) dry(ctx context.Context) error {
	tick, over := d.clk.NewTicker(100*time.Millisecond), d.clk.NewTimer(stormWait)
	defer tick.Stop()
	defer over.Stop()
	for {
		waits := false
		err := d.DB.In(0).Read(ctx, func(r *store.Rx) error {
			all, err := r.Backlogs()
			for _, b := range all {
				waits = waits || b.Kind == intake.Work
			}
			return err
		})
		if err != nil || !waits {
			return err
		}
		select {
		case <-tick.C():
		case <-over.C():
			return errors.New("the storm was not filed within ten minutes")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// wrong reads every conversation as people see it and counts the messages that
// are not where they belong.
func (d *door) wrong(ctx context.Context, people, n int) (wrong int, err error) {
	seen := 0
	err = d.ws.Read(ctx, func(r *store.Rx) error {
		talks, err := r.List(store.All, 0, store.Place{}, people+1)
		for _, c := range talks {
			said, e := talkOf(r, c.ID)
			err = errors.Join(err, e)
			var who int
			if len(said) > 0 {
				_, e = fmt.Sscan(strings.Fields(said[0])[0], &who)
				err = errors.Join(err, e)
			}
			seen += len(said)
			for i, body := range said {
				if body != fmt.Sprint(who, " ", who+people*(len(said)-1-i)) {
					wrong++
				}
			}
		}
		return err
	})
	return wrong + max(seen-n, n-seen), err
}

// talkOf is what a person wrote, newest first.
func talkOf(r *store.Rx, conversation desk.ID) ([]string, error) {
	const page = 500
	var said []string
	for below := (store.Spot{}); ; {
		some, err := r.MessagesBelow(conversation, below, page)
		if err != nil {
			return said, err
		}
		for _, m := range some {
			if m.Kind == desk.KindText {
				said = append(said, string(m.Body))
			}
		}
		if len(some) < page {
			return said, nil
		}
		last := some[len(some)-1]
		below = store.Spot{Place: last.Place, Seq: last.Seq}
	}
}
