package demo

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/secret"
	"parley/sim/meta"
	"parley/sim/meta/phones"
	"parley/web"
)

// hookPath is where Parley takes Meta's deliveries.
const hookPath = "/hooks/meta"

// simulator is Meta as the demo has it: both Graph hosts, the dialogs and the
// page with three phones, on a port of its own.
type simulator struct {
	sim    *meta.Sim
	page   http.Handler
	listen net.Listener
}

// world says what a simulator is made of.
type world struct {
	listen net.Listener
	parley string // address of the install it talks to
	clock  *meta.Shifted
	move   bool // a person may move its clock
	app    meta.App
}

func newSimulator(w world) *simulator {
	sim := meta.New(meta.Options{Clock: w.clock, Seed: binary.BigEndian.Uint64(secret.Random(8)), RequireProof: true, AppID: w.app.ID, AppSecret: w.app.Secret,
		InstagramAppID: w.app.InstagramID, InstagramAppSecret: w.app.InstagramSecret, Hook: w.parley + hookPath, VerifyToken: w.app.VerifyToken})
	sim.At("http://" + w.listen.Addr().String())
	opt := phones.Options{Sim: sim, Stage: phones.SetUp(sim), Shift: w.clock.Shift, Fonts: web.FS(), Parley: w.parley}
	if w.move {
		opt.Move = w.clock.Move
	}
	return &simulator{sim: sim, page: phones.Handler(opt), listen: w.listen}
}

// newApp is an app at the simulated Meta with secrets of its own.
func newApp() meta.App {
	return meta.App{ID: "424242424242", Secret: secret.Token(), InstagramID: "434343434343", InstagramSecret: secret.Token(), VerifyToken: secret.Token()[:16]}
}

// point makes an install use the simulator in Meta's place.
func (s *simulator) point(cfg *config.Config) {
	app, at := s.sim.App(), s.sim.URLs()
	cfg.MetaAppID, cfg.MetaAppSecret, cfg.MetaVerifyToken = app.ID, secret.New(app.Secret), secret.New(app.VerifyToken)
	cfg.InstagramAppID, cfg.InstagramSecret = app.InstagramID, secret.New(app.InstagramSecret)
	cfg.MetaGraphURL, cfg.InstagramGraphURL = at.Graph, at.Instagram
}

func (s *simulator) url() string { return "http://" + s.listen.Addr().String() + "/" }

// serve answers until ctx ends.
func (s *simulator) serve(ctx context.Context) error {
	srv := &http.Server{Handler: s.page, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(s.listen) }()
	defer s.sim.Close()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return srv.Close()
	}
}

// SimulateOptions is what `parley simulate` is started with.
type SimulateOptions struct {
	Listen string // on loopback
	Parley string // address of the running install, on this machine
	Ready  func(Simulated) error
}

// Simulated is where a simulator is and what Parley must be told of it, by the
// names of its settings.
type Simulated struct {
	Simulator string            `json:"simulator"`
	Hook      string            `json:"hook"`
	Settings  map[string]string `json:"settings"`
}

// ErrElsewhere says that the simulator was to listen on, or talk to, another
// machine.
var ErrElsewhere = errors.New("the simulator stays on this machine, because everybody who reached it could write as a customer; use 127.0.0.1 and a port")

// Simulate runs the simulator of Meta's channels for an install that was started
// apart, until ctx ends.
func Simulate(ctx context.Context, o SimulateOptions) error {
	u, err := url.Parse(o.Parley)
	if err != nil || u.Host == "" || !meta.Loopback(u.Hostname()) {
		return fmt.Errorf("--parley %s: %w", o.Parley, ErrElsewhere)
	}
	o.Parley = strings.TrimRight(o.Parley, "/")
	l, err := phones.Listen(o.Listen)
	if errors.Is(err, phones.ErrElsewhere) {
		return fmt.Errorf("--listen %s: %w", o.Listen, ErrElsewhere)
	}
	if err != nil {
		return err
	}
	app := meta.App{ID: "424242424242", Secret: "simulated-app-secret", InstagramID: "434343434343", InstagramSecret: "simulated-instagram-secret", VerifyToken: "simulated-verify-token"}
	s := newSimulator(world{listen: l, parley: o.Parley, clock: meta.NewShifted(clock.Real{}), move: true, app: app})
	at := s.sim.URLs()
	ready := Simulated{Simulator: s.url(), Hook: o.Parley + hookPath, Settings: map[string]string{
		"PARLEY_META_APP_ID": app.ID, "PARLEY_META_APP_SECRET": app.Secret, "PARLEY_META_VERIFY_TOKEN": app.VerifyToken, "PARLEY_META_GRAPH_URL": at.Graph,
		"PARLEY_INSTAGRAM_APP_ID": app.InstagramID, "PARLEY_INSTAGRAM_APP_SECRET": app.InstagramSecret, "PARLEY_INSTAGRAM_GRAPH_URL": at.Instagram}}
	if err := o.Ready(ready); err != nil {
		return errors.Join(err, l.Close())
	}
	return s.serve(ctx)
}

// Text is Simulated for a person.
func (s Simulated) Text() string {
	out := fmt.Sprintf("\nThe simulator of Instagram, Messenger and WhatsApp is ready.\n\n  Three phones   %s\n  Delivers to    %s\n\nStart Parley with these settings:\n\n", s.Simulator, s.Hook)
	for _, name := range []string{"PARLEY_META_APP_ID", "PARLEY_META_APP_SECRET", "PARLEY_META_VERIFY_TOKEN", "PARLEY_META_GRAPH_URL",
		"PARLEY_INSTAGRAM_APP_ID", "PARLEY_INSTAGRAM_APP_SECRET", "PARLEY_INSTAGRAM_GRAPH_URL"} {
		out += "  " + name + "=" + s.Settings[name] + "\n"
	}
	return out + "\nThe page can move its own clock; start Parley anew with PARLEY_DEV=1 and\nPARLEY_CLOCK_OFFSET=25h to let it see the same day. Stop with Ctrl+C.\n"
}
