package bench

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/pace"
	"parley/internal/knowledge"
	"parley/internal/store"
	"parley/test/pgtest"
)

// whole is the whole program, served on loopback by this process, with a
// workspace on autopilot, a website chat and a key.
type whole struct {
	*app.App
	opt    Options
	dir    string
	server *pgtest.Server
	graph  func() error // ends the stand-in for Meta's Graph
	stop   context.CancelFunc
	served *errgroup.Group

	url    string
	ws     store.Handle
	acct   desk.Account
	token  string
	client *remote
}

// shopOrigin is the website that the chat stands on.
const shopOrigin = "http://shop.bench.example"

// newWhole starts the program and a load client that knows the chat.
func newWhole(ctx context.Context, opt Options) (*whole, error) {
	w := &whole{opt: opt}
	err := w.start(ctx)
	if err == nil {
		err = w.fill(ctx)
	}
	if err == nil {
		w.client, err = opt.client(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if !w.client.own {
		opt.say("the load client runs in the server's own process")
	}
	return w, nil
}

func (w *whole) start(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "parley-bench")
	if err != nil {
		return err
	}
	w.dir = dir
	// The program says where it listens before anything asks for it, so a free
	// port is looked for first.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	graphURL, stop, err := (&graph{clk: clock.Real{}, delay: graphDelay}).serve()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	w.graph = stop
	set := map[string]string{"PARLEY_DATA": w.dir, "PARLEY_LISTEN": l.Addr().String(), "PARLEY_META_APP_ID": "1", "PARLEY_META_APP_SECRET": metaSecret,
		"PARLEY_META_VERIFY_TOKEN": "bench", "PARLEY_META_GRAPH_URL": graphURL, "PARLEY_INSTAGRAM_GRAPH_URL": graphURL, "PARLEY_DEV": "1"}
	if w.opt.proxied {
		set["PARLEY_TRUSTED_PROXIES"] = "127.0.0.1/32"
	}
	if err := l.Close(); err != nil {
		return err
	}
	if w.opt.Engine == "postgres" {
		if w.server, err = pgtest.Start(ctx, pgtest.Options{Durable: true}); err != nil {
			return err
		}
		w.opt.say("PostgreSQL started with fsync on and 512 MB of buffers")
		set["PARLEY_DATABASE"] = w.server.URL("postgres")
	}
	cfg, err := config.Load(func(name string) string { return set[name] })
	if err != nil {
		return err
	}
	in, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	free := pace.Rule{N: 1_000_000, Per: time.Second, Burst: 1_000_000}
	in.Tuning = app.Tuning{Cost: max(4, w.opt.cost), Mode: desk.ModeAutopilot, Limits: map[string]pace.Rule{"public": free, "visit": free, "visitor": free, "say": free, "workspace": free, "token": free, "widget": free, "say_all": free}}
	if w.opt.limited {
		in.Tuning.Limits = nil
	}
	if w.App, err = app.Build(ctx, in); err != nil {
		return errors.Join(err, in.Close())
	}
	return w.serve(ctx)
}

func (w *whole) serve(ctx context.Context) error {
	ctx, w.stop = context.WithCancel(ctx)
	w.served, ctx = errgroup.WithContext(ctx)
	up := make(chan string, 1)
	w.served.Go(func() error { return w.Serve(ctx, func(r app.Ready) { up <- r.URL }) })
	select {
	case w.url = <-up:
		return nil
	case <-ctx.Done():
		return w.served.Wait()
	}
}

// fill makes the workspace. Its burst is nothing: that wait is a setting and not
// what is measured.
func (w *whole) fill(ctx context.Context) error {
	key, err := w.AddKey(ctx, app.AddKey{Workspace: "Bench", Name: "bench", Role: desk.RoleOwner})
	if err != nil {
		return err
	}
	w.token, w.ws = key.Token, w.DB.In(key.WorkspaceID)
	set, err := w.CheckSettings("widget", json.RawMessage(`{"domains":["`+shopOrigin+`"]}`))
	if err != nil {
		return err
	}
	w.acct = desk.Account{Kind: "widget", OutsideID: "wk_" + token(), Name: "Bench", State: desk.AccountActive, Settings: set}
	return w.ws.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.ChangeSettings(func(s *desk.Workspace) error { s.Burst = 0; return nil }); err != nil {
			return err
		}
		w.acct.ID, w.acct.Workspace, w.acct.ConnectedAt = tx.NewID(), w.ws.Workspace(), tx.Now()
		return tx.InsertAccount(w.acct)
	})
}

// Close ends program, client and database.
func (w *whole) Close() error {
	var errs []error
	if w.client != nil {
		errs = append(errs, w.client.close())
	}
	if w.stop != nil {
		w.stop()
		errs = append(errs, w.served.Wait())
	}
	if w.App != nil {
		errs = append(errs, w.Install.Close())
	}
	if w.graph != nil {
		errs = append(errs, w.graph())
	}
	if w.server != nil {
		errs = append(errs, w.server.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(w.dir))...)
}

// visitors lets n visitors come to the chat.
func (w *whole) visitors(ctx context.Context, n int) error {
	boot, err := w.boot(ctx)
	if err == nil {
		_, err = w.client.do(order{Do: "visit", URL: w.url, Widget: w.acct.OutsideID, Boot: boot, N: n, C: 16})
	}
	return err
}

// boot reads the token that opens sessions out of the chat's page, as its
// script does.
func (w *whole) boot(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/w/"+w.acct.OutsideID, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Referer", shopOrigin+"/")
	h := httpClient(1)
	defer h.CloseIdleConnections()
	res, err := h.Do(req)
	if err != nil {
		return "", err
	}
	var page strings.Builder
	err = errors.Join(res.Write(&page), res.Body.Close())
	_, rest, found := strings.Cut(page.String(), `"boot_token":"`)
	boot, _, _ := strings.Cut(rest, `"`)
	if err == nil && !found {
		err = errors.New("the chat's page has no token (build the front end first: make build)")
	}
	return boot, err
}

// learn adds knowledge and waits until it was read.
func (w *whole) learn(ctx context.Context, pairs []knowledge.Pair) error {
	_, err := w.Knowledge.AddFAQ(ctx, w.ws.Workspace(), knowledge.Source{Name: "Shop", Language: "en"}, pairs)
	if err != nil {
		return err
	}
	look := w.Clock.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		all, err := w.Knowledge.Sources(ctx, w.ws.Workspace(), 0, 10)
		if err != nil || len(all) == 1 && all[0].State == store.SourceReady {
			return err
		}
		if len(all) == 1 && all[0].State == store.SourceFailed {
			return errors.New("the knowledge was not read: " + all[0].Reason)
		}
		select {
		case <-look.C():
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
