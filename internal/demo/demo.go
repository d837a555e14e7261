package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/sim/meta"
)

// Options is what a demo is started with.
type Options struct {
	Program string // the program's own file, which reads files; "" = files are refused
	Data    string // "" = a temporary folder, removed at the end
	Listen  string // on loopback
	Log     *slog.Logger
	Ready   func(Ready) error // says where everything is; its error ends the demo
}

// Ready is the demo's addresses and sign-in, as `parley demo --json` prints it.
type Ready struct {
	Shop        string  `json:"shop"`
	Dashboard   string  `json:"dashboard"`
	Simulator   string  `json:"simulator"`
	Email       string  `json:"email"`
	Password    string  `json:"password"`
	APIKey      string  `json:"api_key"`
	WorkspaceID desk.ID `json:"workspace_id"`
}

// Text is Ready for a person.
func (r Ready) Text() string {
	return fmt.Sprintf(`
Parley's demo is ready.

  Shop with the chat   %s
  Dashboard            %s
  Three phones         %s
  Sign in with         %s
  Password             %s

Ask the shop: "Can I return a coat that is too small?" and watch the dashboard.
Stop with Ctrl+C.
`, r.Shop, r.Dashboard, r.Simulator, r.Email, r.Password)
}

// burst is shorter than a business would choose: whoever tries the demo waits.
const burst = 400 * time.Millisecond

// Run serves the demo until ctx ends.
func Run(ctx context.Context, o Options) error {
	cfg, err := settings(o)
	if err != nil {
		return err
	}
	if o.Data == "" {
		dir, err := os.MkdirTemp("", "parley-demo-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		cfg.Data = dir
	}
	clk := meta.NewShifted(clock.Real{}) // of Parley and of Meta's side: both see the same day
	in, err := app.OpenAt(ctx, cfg, clk, o.Log)
	if err != nil {
		return err
	}
	if err := in.Bind(); err != nil {
		return errors.Join(err, in.Close())
	}
	shop, err := listenBeside(in.Config.Listen)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	phones, err := listenBeside(in.Config.Listen)
	if err != nil {
		return errors.Join(err, shop.Close(), in.Close())
	}
	atMeta := newSimulator(world{listen: phones, parley: in.Config.PublicURL, clock: clk, move: true, app: newApp()})
	atMeta.point(&in.Config)
	in.Program = o.Program
	in.Config.CrawlPrivate = shop.Addr().String() // its own shop's pages are knowledge
	in.Tuning = app.Tuning{Mode: desk.ModeAutopilot, Burst: burst}
	a, err := app.Build(ctx, in)
	if err != nil {
		return errors.Join(err, shop.Close(), phones.Close(), in.Close())
	}
	return errors.Join(serve(ctx, beside{a, shop, atMeta}, o), in.Close())
}

// beside is everything that answers while the demo runs.
type beside struct {
	app    *app.App
	shop   net.Listener
	atMeta *simulator
}

func serve(ctx context.Context, b beside, o Options) error {
	a, shop := b.app, b.shop
	g, ctx := errgroup.WithContext(ctx)
	up := make(chan struct{})
	g.Go(func() error { return a.Serve(ctx, func(app.Ready) { close(up) }) })
	g.Go(func() error { return b.atMeta.serve(ctx) })
	g.Go(func() error {
		select {
		case <-ctx.Done():
			return errors.Join(shop.Close())
		case <-up:
		}
		s := seed{app: a, shop: "http://" + shop.Addr().String()}
		ready, key, err := s.run(ctx)
		if err != nil {
			return errors.Join(fmt.Errorf("demo: %w", err), shop.Close())
		}
		ready.Simulator = b.atMeta.url()
		if err := o.Ready(ready); err != nil {
			return errors.Join(err, shop.Close())
		}
		g.Go(func() error { return serveShop(ctx, shop, a.Config.PublicURL, key) })
		return s.addLater(ctx)
	})
	return g.Wait()
}

// settings are the demo's: on this machine only, marked as a development
// install. Of the environment it takes what it has no stand-in of its own for,
// and nothing that leads to the data of a real install.
func settings(o Options) (config.Config, error) {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return config.Config{}, fmt.Errorf("--listen: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return config.Config{}, fmt.Errorf("--listen %s: the demo has a known password and listens on this machine only; use 127.0.0.1", o.Listen)
	}
	cfg, err := config.Only("PARLEY_OPENAI_URL", "PARLEY_OPENAI_KEY", "PARLEY_ANTHROPIC_URL", "PARLEY_ANTHROPIC_KEY", "PARLEY_EMBEDDINGS_URL", "PARLEY_EMBEDDINGS_KEY", "PARLEY_MODEL_DPA", "PARLEY_MODEL_DAYS", "PARLEY_SMTP_URL",
		"PARLEY_GOOGLE_ISSUER", "PARLEY_GOOGLE_CLIENT_ID", "PARLEY_GOOGLE_CLIENT_SECRET")
	cfg.Listen, cfg.PublicURL, cfg.Data, cfg.Dev, cfg.SecurityContact = o.Listen, "http://"+o.Listen, o.Data, true, "mailto:security@northwind.example"
	return cfg, err
}

// listenBeside gives the shop a port of its own, so that the chat stands in a
// page of another origin, as it does for everybody: the next free one.
func listenBeside(listen string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, err
	}
	n, err := net.LookupPort("tcp", port)
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	for next := n + 1; next <= n+20 && n > 0; next++ {
		if l, err := net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(next))); err == nil {
			return l, nil
		}
	}
	return net.Listen("tcp", net.JoinHostPort(host, "0"))
}
