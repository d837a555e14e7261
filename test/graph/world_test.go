package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/sim/meta"
	"parley/test/storetest"
)

// patience is how long anything may take on a busy machine; what is waited for
// is always an event, never the clock.
const patience = 60 * time.Second

// world is a running install and a simulated Meta that deliver to each other.
type world struct {
	*testing.T
	app     *app.App
	at      string
	sim     *meta.Sim
	ws      desk.ID
	key     string
	owner   *meta.Person
	page    *meta.Page
	ig      *meta.Instagram
	number  *meta.Number
	visitor *meta.Customer
	log     *listener
	clock   *meta.Shifted // of both sides
}

// settings are set beside those every world has.
type settings map[string]string

// each runs fn in a world on SQLite and in one on PostgreSQL.
func each(t *testing.T, fn func(w *world), more ...settings) {
	t.Parallel()
	for name, dsn := range map[string]string{"sqlite": "", "postgres": storetest.PostgreSQL(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fn(open(t, dsn, more...))
		})
	}
}

func open(t *testing.T, dsn string, more ...settings) *world {
	t.Helper()
	return openBy(t, clock.Real{}, dsn, more...)
}

// openBy is open with a clock of the test's own.
func openBy(t *testing.T, clk clock.Clock, dsn string, more ...settings) *world {
	t.Helper()
	w := &world{T: t, log: listen(t), clock: meta.NewShifted(clk)}
	graph := httptest.NewUnstartedServer(nil)
	graphURL := "http://" + graph.Listener.Addr().String()
	set := map[string]string{"PARLEY_DATA": t.TempDir(), "PARLEY_DATABASE": dsn, "PARLEY_LISTEN": "127.0.0.1:0", "PARLEY_DEV": "1",
		"PARLEY_META_APP_ID": "4242", "PARLEY_META_APP_SECRET": "app-secret", "PARLEY_META_VERIFY_TOKEN": "verify-me",
		"PARLEY_INSTAGRAM_APP_ID": "4343", "PARLEY_INSTAGRAM_APP_SECRET": "instagram-secret"}
	// Where the addresses of the stand-in are not known before it has one.
	probe := meta.New(meta.Options{})
	probe.At(graphURL)
	set["PARLEY_META_GRAPH_URL"], set["PARLEY_INSTAGRAM_GRAPH_URL"] = probe.URLs().Graph, probe.URLs().Instagram
	probe.Close()
	for _, some := range more {
		maps.Copy(set, some)
	}
	if dsn == "" {
		storetest.SQLite(t, set["PARLEY_DATA"])
	}
	cfg, err := config.Load(func(name string) string { return set[name] })
	w.must(err)
	in, err := app.OpenAt(context.Background(), cfg, w.clock, slog.New(w.log))
	w.must(err)
	in.Program, err = os.Executable()
	w.must(err)
	in.Tuning = app.Tuning{Cost: 4, Mode: desk.ModeOff, Burst: time.Millisecond}
	w.must(in.Bind())
	w.app, err = app.Build(context.Background(), in)
	w.must(err)
	ctx, stop := context.WithCancel(context.Background())
	up, down := make(chan string, 1), make(chan error, 1)
	go func() { down <- w.app.Serve(ctx, func(r app.Ready) { up <- r.URL }) }()
	select {
	case w.at = <-up:
	case err := <-down:
		t.Fatal(err)
	}
	w.sim = meta.New(meta.Options{Clock: w.clock, RequireProof: true, AppID: "4242", AppSecret: "app-secret", InstagramAppID: "4343", InstagramAppSecret: "instagram-secret",
		Hook: w.at + "/hooks/meta", VerifyToken: "verify-me"})
	w.sim.At(graphURL)
	graph.Config.Handler = w.sim.Handler()
	graph.Start()
	t.Cleanup(func() {
		w.sim.Close()
		stop()
		if err := <-down; err != nil {
			t.Errorf("the program stopped with %v", err)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		graph.Close()
	})
	w.people()
	return w
}

func (w *world) people() {
	w.Helper()
	w.owner = w.sim.Person("Selin Koç")
	w.page = w.owner.Page("Northwind Goods")
	w.ig = w.owner.Instagram("northwind.goods", w.page)
	w.number = w.owner.WABA("Northwind Goods", "902125550142").Numbers[0]
	w.visitor = w.sim.Customer(meta.Profile{Name: "Ayşe Demir", Username: "aysedemir", Phone: "905325550107", Country: "TR", Locale: "tr_TR"})
	k, err := w.app.AddKey(context.Background(), app.AddKey{Workspace: "Northwind", Name: "test", Role: desk.RoleOwner})
	w.must(err)
	w.ws, w.key = k.WorkspaceID, k.Token
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// call asks the API and reads the answer into out; it returns the status.
func (w *world) call(method, path string, body, out any) int {
	w.Helper()
	var send io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		w.must(err)
		send = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, w.at+path, send)
	w.must(err)
	req.Header.Set("Authorization", "Bearer "+w.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", path+time.Now().Format(time.RFC3339Nano))
	}
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	w.must(err)
	if out != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(raw, out); err != nil {
			w.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	if res.StatusCode >= 300 {
		w.Logf("%s %s: %d %s", method, path, res.StatusCode, raw)
	}
	return res.StatusCode
}

func (w *world) good(method, path string, body, out any) {
	w.Helper()
	if status := w.call(method, path, body, out); status >= 300 {
		w.Fatalf("%s %s answered %d", method, path, status)
	}
}

// until asks again after every event of the workspace until ok.
func (w *world) until(what string, ok func() bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	bell := make(chan struct{}, 1)
	stop := w.app.DB.Watch(func(_ commit) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})
	defer stop()
	for !ok() {
		select {
		case <-bell:
		case <-ctx.Done():
			w.Fatalf("%s: did not come true", what)
		}
	}
}

type offer struct {
	ID       string
	Accounts []struct {
		Kind      string
		OutsideID string `json:"outside_id"`
		Name      string
		Blocked   string
	}
}

type connected struct {
	Items []struct {
		Kind    string
		Code    string
		Text    string
		Channel *struct{ ID, State string }
	}
}

// connect brings accounts in by a sign-in and answers what became of them, by
// kind of channel.
func (w *world) connect(kind, way string, ch meta.Choice) map[string]string {
	w.Helper()
	var begun struct{ URL string }
	w.good("POST", "/api/v1/channels/connect", map[string]any{"kind": kind, "way": way, "acknowledged": true}, &begun)
	back, err := w.sim.Approve(begun.URL, ch)
	w.must(err)
	u, err := url.Parse(back)
	w.must(err)
	var o offer
	w.good("POST", "/api/v1/channels/connect/finish", map[string]any{"state": u.Query().Get("state"), "code": u.Query().Get("code")}, &o)
	return w.tick(o)
}

func (w *world) tick(o offer) map[string]string {
	w.Helper()
	accounts := []map[string]string{}
	for _, a := range o.Accounts {
		accounts = append(accounts, map[string]string{"kind": a.Kind, "outside_id": a.OutsideID})
	}
	var done connected
	w.good("POST", "/api/v1/channels/connect/confirm", map[string]any{"offer_id": o.ID, "accounts": accounts}, &done)
	ids := map[string]string{}
	for _, d := range done.Items {
		if d.Channel == nil {
			w.Fatalf("%s was not connected: %s %s", d.Kind, d.Code, d.Text)
		}
		if d.Channel.State != "active" {
			w.Errorf("%s is %s", d.Kind, d.Channel.State)
		}
		ids[d.Kind] = d.Channel.ID
	}
	return ids
}

type message struct {
	ID, Direction, Kind, Body, Status string
	Deleted                           bool
	ProviderID                        string `json:"provider_id"`
	Author                            struct{ Kind, Name string }
	Error                             *struct{ Code, Text string }
}

type talk struct {
	ID      string
	Owner   struct{ Kind string }
	Channel struct{ Kind string }
	Contact struct{ Name string }
}

// talks lists the conversations of a kind of channel.
func (w *world) talks(kind string) []talk {
	w.Helper()
	var list struct{ Items []talk }
	w.good("GET", "/api/v1/conversations?view=all&limit=100", nil, &list)
	var some []talk
	for _, c := range list.Items {
		if c.Channel.Kind == kind {
			some = append(some, c)
		}
	}
	return some
}

// thread is what is said in the one conversation of a kind, oldest first and
// without event lines.
func (w *world) thread(kind string) []message {
	w.Helper()
	all := w.talks(kind)
	if len(all) != 1 {
		return nil
	}
	var list struct{ Items []message }
	w.good("GET", "/api/v1/conversations/"+all[0].ID+"/messages?limit=100", nil, &list)
	var said []message
	for i := len(list.Items) - 1; i >= 0; i-- {
		if list.Items[i].Kind != "event" {
			said = append(said, list.Items[i])
		}
	}
	return said
}
