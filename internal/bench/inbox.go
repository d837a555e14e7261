package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"parley/internal/app"
	"parley/internal/flow"
	"parley/internal/intake"
	"parley/internal/store"
)

const (
	inboxRate    = 50 // messages a second
	inboxSeconds = 20
	inboxBound   = 1000 // ms; the aim is 200
	inboxWait    = 10 * time.Second

	graphDelay = 100 * time.Millisecond

	filedPeople  = 50
	filedEach    = 10_000
	filedLeast   = 1000 // messages a second; the aim is 2,500
	filedSays    = "Can I return a coat that is too small for me?"
	filedSmaller = 16
	filedLarger  = 64
)

// Inbox measures how long a visitor's message takes until a member's open screen
// shows it, and how many messages a second are fully filed.
func Inbox(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(filedPeople, filedEach)
	r := &report{bench: "inbox", engine: opt.Engine}
	err := onScreen(ctx, opt, r)
	if err == nil {
		err = filed(ctx, opt, r)
	}
	return r.figures, err
}

// onScreen runs the whole program: message in by the chat's door, out by the
// dashboard's stream.
func onScreen(ctx context.Context, opt Options, r *report) error {
	w, err := newWhole(ctx, opt)
	if err != nil {
		return err
	}
	n := min(inboxRate*inboxSeconds, opt.Messages)
	if err = w.visitors(ctx, opt.Conversations); err == nil {
		_, err = w.client.do(order{Do: "watch", URL: w.url, Token: w.token})
	}
	if err == nil {
		var got result
		cpu := processorTime()
		got, err = w.client.do(order{Do: "talk", N: n, C: 64, Rate: inboxRate, Lines: []string{filedSays}, Wait: inboxWait})
		if err == nil && got.Missing > 0 {
			err = fmt.Errorf("%d of %d messages did not reach the screen", got.Missing, n)
		}
		r.add("processor time of one, answered and shown", millis(processorTime()-cpu)/float64(n), "ms of CPU", 0)
		r.spread(fmt.Sprintf("taken by the door at %d/s", inboxRate), got.Sent, 0)
		r.spread(fmt.Sprintf("on an open screen at %d/s", inboxRate), got.MS, inboxBound)
	}
	if err == nil {
		err = w.fromMeta(ctx, r, n)
	}
	return errors.Join(err, w.Close())
}

// fromMeta is onScreen for people who write at Meta, while every call of its
// Graph takes a tenth of a second.
func (w *whole) fromMeta(ctx context.Context, r *report, n int) error {
	err := connectMeta(ctx, w.ws)
	if err == nil {
		_, err = w.SetWorkspace(ctx, app.SetWorkspace{Workspace: "Bench", Entitlement: []string{"whatsapp"}})
	}
	var got result
	if err == nil {
		got, err = w.client.do(order{Do: "hook", URL: w.url + metaPath, N: n, C: 64, Rate: inboxRate, Wait: inboxWait})
	}
	if err == nil && got.Missing > 0 {
		err = fmt.Errorf("%d of %d messages from Meta did not reach the screen", got.Missing, n)
	}
	if err != nil {
		return err
	}
	r.spread(fmt.Sprintf("taken from Meta at %d/s, Graph at %d ms", inboxRate, graphDelay.Milliseconds()), got.Sent, 0)
	r.spread(fmt.Sprintf("from Meta on an open screen at %d/s", inboxRate), got.MS, inboxBound)
	return nil
}

// filed runs door and filing only: what follows is committed as rows and left
// there.
func filed(ctx context.Context, opt Options, r *report) error {
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) error { return in.connected(ctx) })
	if err != nil {
		return err
	}
	d, err := newDoor(in)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	for i, h := range d.handlers {
		if h.Kind != intake.Work {
			d.handlers[i].Run = func(ctx context.Context, _ *flow.Job) error { <-ctx.Done(); return ctx.Err() }
		}
	}
	running, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	var failed error
	work.Go(func() { failed = d.flow.Run(running, d.handlers, nil) })
	err = d.file(ctx, 0, opt.Conversations, 1) // so that all are known
	for n, c := range []int{filedSmaller, filedLarger} {
		if err != nil {
			break
		}
		began, cpu := in.clk.Now(), processorTime()
		err = d.file(ctx, (n+1)*1_000_000, opt.Messages, c)
		took := in.clk.Since(began)
		r.add(fmt.Sprintf("fully filed, c=%d", c), float64(opt.Messages)/took.Seconds(), "messages/s", filedLeast)
		r.add(fmt.Sprintf("processor time of one, c=%d", c), millis(processorTime()-cpu)/float64(opt.Messages), "ms of CPU", 0)
	}
	cancel()
	work.Wait()
	return errors.Join(err, failed, d.close(), in.Close())
}

// file sends n messages in, c deliveries side by side, and waits until every one
// has its event.
func (d *door) file(ctx context.Context, first, n, c int) error {
	ws := d.ws.Workspace()
	var last int64
	err := d.ws.Read(ctx, func(rx *store.Rx) (err error) {
		_, last, err = rx.EventNumbers()
		return err
	})
	if err != nil {
		return err
	}
	all, done := metaDeliveries(d.clk.Now(), first, n), make(chan struct{})
	var once sync.Once
	stop := d.DB.Watch(func(c store.Commit) {
		if c.Events[ws] >= last+int64(n) {
			once.Do(func() { close(done) })
		}
	})
	defer stop()
	_, err = inTime(ctx, d.clk, order{N: n, C: c}, func(i int, _ time.Time) error {
		_, err := d.intake.Accept(ctx, metaPath, all[i])
		return err
	})
	if err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-d.clk.After(time.Minute):
		return errors.New("not everything was filed within a minute of the last delivery")
	}
}

// processorTime is what this process has used of the processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
