package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/internal/answer"
	"parley/internal/channel"
	"parley/internal/deliver"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/inbox"
	"parley/internal/intake"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/test/storm"
	"parley/test/talk"
)

const (
	doorPosts   = 12_000 // of one half of a pair
	doorSide    = 64
	doorPairs   = 3
	doorRate    = 500
	doorSeconds = 10
	doorBound   = 100 // ms
)

// door is the way in of a message without the rest of the program: Meta's
// channels behind a real HTTP server, and what files their deliveries.
type door struct {
	*install
	flow     *flow.Flow
	intake   *intake.Intake
	channels *channel.Registry
	handlers []flow.Handler
	close    func() error
}

func newDoor(in *install) (*door, error) {
	graphURL, stop, err := (&graph{clk: in.clk}).serve()
	if err != nil {
		return nil, err
	}
	d := &door{install: in, close: stop}
	if d.channels, err = metaChannels(in.clk, graphURL); err != nil {
		return nil, errors.Join(err, stop())
	}
	secrets := map[string][]secret.Text{}
	for _, c := range d.channels.All() {
		secrets[c.Info().Name] = []secret.Text{secret.New(metaSecret)}
	}
	d.flow = flow.New(flow.Config{DB: in.DB, Clock: in.clk, Rules: talk.Rules()})
	d.intake = intake.New(intake.Parts{DB: in.DB, Flow: d.flow, Channels: d.channels, Secrets: secrets})
	d.handlers = append(d.handlers, d.intake.Handlers()...)
	d.handlers = append(d.handlers, answer.New(answer.Parts{DB: in.DB, Flow: d.flow}).Handlers()...)
	d.handlers = append(d.handlers, deliver.New(deliver.Parts{DB: in.DB, Flow: d.flow, Channels: d.channels}).Handlers()...)
	d.handlers = append(d.handlers, inbox.New(inbox.Parts{DB: in.DB, Flow: d.flow, Channels: d.channels}).Handlers()...)
	return d, nil
}

// connected adds the accounts that deliveries are for, and keeps the AI out.
func (in *install) connected(ctx context.Context) error {
	err := in.ws.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ChangeSettings(func(w *desk.Workspace) error { w.Mode, w.Burst = desk.ModeOff, 0; return nil })
		return err
	})
	return errors.Join(err, connectMeta(ctx, in.ws))
}

// ServeHTTP is the door, and the bound it is held against: the same body read
// and its signature checked, and nothing kept.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, channel.MaxRaw+1))
	header := strings.ToLower(storm.SignatureHeader)
	raw := channel.Raw{Header: map[string]string{header: r.Header.Get(header)}, Body: body}
	switch {
	case err != nil:
	case r.URL.Path == "/bound":
		err = d.channels.All()[0].VerifyRaw([]secret.Text{secret.New(metaSecret)}, raw)
	default:
		_, err = d.intake.Accept(r.Context(), metaPath, raw)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Door measures how fast deliveries are checked, split and durable before they
// are answered, against reading and checking them only; and how long one takes
// while messages come steadily and everything that follows is done beside it.
func Door(ctx context.Context, opt Options) ([]Figure, error) {
	opt = opt.withDefaults(50, doorPosts)
	r := &report{bench: "door", engine: opt.Engine}
	err := atDoor(ctx, opt, func(d *door, c *remote, at string) error { return d.pairs(r, c, at) })
	if err == nil { // in an install of its own: the pairs leave a mountain to file
		err = atDoor(ctx, opt, func(d *door, c *remote, at string) error { return d.steady(ctx, r, c, at) })
	}
	return r.figures, err
}

// atDoor opens a door on loopback and sends for a load client.
func atDoor(ctx context.Context, opt Options, measure func(d *door, c *remote, at string) error) error {
	in, err := newInstall(ctx, opt, func(ctx context.Context, in *install) error { return in.connected(ctx) })
	if err != nil {
		return err
	}
	d, err := newDoor(in)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, d.close(), in.Close())
	}
	srv := &http.Server{Handler: d, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }() // until Close
	c, err := opt.client(ctx)
	if err == nil {
		if !c.own {
			opt.say("the load client runs in the server's own process")
		}
		err = errors.Join(measure(d, c, "http://"+l.Addr().String()), c.close())
	}
	return errors.Join(err, srv.Close(), d.close(), in.Close())
}

// pairs measures bound and door in turn.
func (d *door) pairs(r *report, c *remote, at string) error {
	o := order{Do: "post", N: d.opt.Messages, C: doorSide}
	best, rate, ceiling := 0.0, 0.0, 0.0
	for n := range doorPairs {
		o.First += o.N
		o.URL = at + "/bound"
		bound, err := c.do(o)
		if err != nil {
			return err
		}
		o.URL = at + metaPath
		got, err := c.do(o)
		if err != nil {
			return err
		}
		a, b := float64(o.N)/got.Seconds, float64(o.N)/bound.Seconds
		d.opt.say("pair %d: %.0f of %.0f deliveries/s, %.3f", n+1, a, b, a/b)
		if a/b > best {
			best, rate, ceiling = a/b, a, b
		}
	}
	least := 0.30
	if d.opt.Engine == "postgres" {
		least = 0.15
	}
	r.add("read, signature, 200; c=64", ceiling, "deliveries/s", 0)
	r.add("durable before 200; c=64", rate, "deliveries/s", 0)
	r.add("ratio of the two", best, "of the bound", least)
	return nil
}

// steady measures single deliveries at a steady rate with all lanes running.
func (d *door) steady(ctx context.Context, r *report, c *remote, at string) error {
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	var failed error
	work.Go(func() { failed = d.flow.Run(ctx, d.handlers, nil) })
	n, cpu := min(doorRate*doorSeconds, d.opt.Messages), processorTime()
	got, err := c.do(order{Do: "post", URL: at + metaPath, N: n, C: doorSide, Rate: doorRate})
	cpu = processorTime() - cpu
	cancel()
	work.Wait()
	r.add("processor time of one, with what follows", millis(cpu)/float64(n), "ms of CPU", 0)
	r.spread(fmt.Sprintf("answered at %d deliveries/s", doorRate), got.MS, doorBound)
	return errors.Join(err, failed)
}

// post sends deliveries of Meta's, of one message each. They are made and signed
// before the clock starts.
func (c *client) post(ctx context.Context, o order) (done result, err error) {
	all := metaDeliveries(c.clk.Now(), o.First, o.N)
	h := httpClient(o.C)
	defer h.CloseIdleConnections()
	done.MS = make(sample, o.N)
	took, err := inTime(ctx, c.clk, o, func(i int, due time.Time) error {
		err := deliverTo(ctx, h, o.URL, all[i])
		done.MS[i] = c.clk.Since(due)
		return err
	})
	done.Seconds = took.Seconds()
	return done, err
}

// deliverTo hands one delivery over, as Meta does.
func deliverTo(ctx context.Context, h *http.Client, url string, raw channel.Raw) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(string(raw.Body)))
	if err != nil {
		return err
	}
	for name, value := range raw.Header {
		req.Header.Set(name, value)
	}
	res, err := h.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = errors.New(res.Status)
	}
	return errors.Join(err, res.Body.Close())
}
