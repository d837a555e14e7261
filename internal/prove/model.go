package prove

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/config"
	"parley/internal/kit/pace"
	"parley/internal/promise"
	"parley/sim/llm"
	"parley/sim/meta"
	"parley/sim/mmdb"
	"parley/sim/oidc"
	"parley/sim/posthog"
	"parley/sim/sentry"
	"parley/sim/smtp"
	"parley/test/pgtest"
	"parley/web"
)

// Options says what a model is made of.
type Options struct {
	Engine  string // sqlite (also "") or postgres
	Program string // the program's own file, which reads files and runs commands; "" = commands are shut
	Log     *slog.Logger
}

// Apps of the stand-in for Meta.
const (
	appID, appSecret             = "4242", "model-app-secret"
	instagramID, instagramSecret = "4343", "model-instagram-secret"
	verifyToken                  = "model-verify"
)

// model is the whole program with stand-ins, in a folder of its own.
type model struct {
	opt     Options
	dir     string
	apart   string            // for what is taken away from the folder
	set     map[string]string // settings
	in      *app.Install
	app     *app.App
	url     string
	clock   *meta.Shifted // of the program and of what stands around it
	meta    *meta.Sim
	llm     *llm.Sim
	mails   *smtp.Sim
	google  *oidc.Sim
	posthog *posthog.Sim
	sentry  *sentry.Sim
	server  *pgtest.Server
	stop    context.CancelFunc
	served  *errgroup.Group
	ends    []func() error
	place   promise.Place
	tokens  map[promise.As]string
	keyed   time.Time // when they were made
	page    *meta.Page
	ig      *meta.Instagram
	number  *meta.Number
	owner   *meta.Person // who connected them
	own     *x509.CertPool

	operator app.AddUser // who operates the program; there is no key for it

	mu        sync.Mutex
	session   string    // cookie of the operator
	signedIn  time.Time // when it was given out
	customers map[string]*meta.Customer
}

// NewModel starts a model. Close ends it and removes what it made.
func NewModel(ctx context.Context, o Options) (*model, error) { //nolint:revive // a World to everybody else
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m := &model{opt: o, clock: meta.NewShifted(clock.Real{}), tokens: map[promise.As]string{}, customers: map[string]*meta.Customer{}}
	err := m.start(ctx)
	if err == nil {
		err = m.fill(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the model: %w", err), m.Close())
	}
	return m, nil
}

func (m *model) start(ctx context.Context) error {
	var err error
	if m.dir, err = os.MkdirTemp("", "parley-prove-"); err != nil {
		return err
	}
	if m.apart, err = os.MkdirTemp("", "parley-prove-"); err != nil {
		return err
	}
	places := filepath.Join(m.apart, "city.mmdb")
	if err := os.WriteFile(places, mmdb.City("Canaryville", "Northland"), 0o600); err != nil {
		return err
	}
	if err := m.certify(); err != nil {
		return err
	}
	set := map[string]string{"PARLEY_GEO_FILE": places, "PARLEY_DATA": m.dir, "PARLEY_LISTEN": "127.0.0.1:0", "PARLEY_DEV": "1", "PARLEY_SECURITY_CONTACT": "mailto:security@canary.example",
		"PARLEY_META_APP_ID": appID, "PARLEY_META_APP_SECRET": appSecret, "PARLEY_META_VERIFY_TOKEN": verifyToken,
		"PARLEY_INSTAGRAM_APP_ID": instagramID, "PARLEY_INSTAGRAM_APP_SECRET": instagramSecret,
		"PARLEY_OPENAI_KEY": "sk-model-0123456789", "PARLEY_ANTHROPIC_KEY": "sk-ant-model-0123456789"}
	if err := m.beside(set); err != nil {
		return err
	}
	if m.opt.Engine == "postgres" {
		if m.server, err = pgtest.Start(ctx, pgtest.Options{}); err != nil {
			return err
		}
		m.ends = append(m.ends, m.server.Stop)
		set["PARLEY_DATABASE"] = m.server.URL("postgres")
	}
	hear, err := m.around(set)
	if err != nil {
		return err
	}
	m.set = set
	return m.boot(ctx, set, hear)
}

// boot opens the folder with settings and serves it, then calls up.
func (m *model) boot(ctx context.Context, set map[string]string, up func()) error {
	cfg, err := config.Load(func(name string) string { return set[name] })
	if err != nil {
		return err
	}
	if m.in, err = app.OpenAt(ctx, cfg, m.clock, m.opt.Log); err != nil {
		return err
	}
	m.in.Program = m.opt.Program
	free := pace.Rule{N: 1_000_000, Per: time.Second, Burst: 1_000_000} // one address asks for everybody
	front, err := m.front()
	if err != nil {
		return err
	}
	m.in.Tuning = app.Tuning{Web: front, Cost: 4, Mode: desk.ModeOff, Burst: time.Millisecond,
		Tell: 100 * time.Millisecond, Limits: map[string]pace.Rule{}}
	for _, one := range []string{"public", "sign_in", "bad_credentials", "token", "read", "write", "ask", "request", "visit", "visitor", "say", "say_all", "widget", "workspace", "send", "upload"} {
		m.in.Tuning.Limits[one] = free
	}
	if err := m.in.Bind(); err != nil {
		return err
	}
	if m.app, err = app.Build(ctx, m.in); err != nil {
		return err
	}
	return m.serve(ctx, up)
}

// halt stops the program and lets go of its folder.
func (m *model) halt() error {
	var errs []error
	if m.stop != nil {
		m.stop()
		if err := m.served.Wait(); !errors.Is(err, context.Canceled) { // stopped while it was starting
			errs = append(errs, err)
		}
		m.stop = nil
	}
	if m.in != nil {
		errs = append(errs, m.in.Close())
		m.in = nil
	}
	return errors.Join(errs...)
}

// around starts what stands around the program, and points set at it. Meta's side
// answers once hear is told where the program is.
func (m *model) around(set map[string]string) (hear func(), err error) {
	atMeta, err := m.listen()
	if err != nil {
		return nil, err
	}
	probe := meta.New(meta.Options{})
	probe.At("http://" + atMeta.Addr().String())
	set["PARLEY_META_GRAPH_URL"], set["PARLEY_INSTAGRAM_GRAPH_URL"] = probe.URLs().Graph, probe.URLs().Instagram
	probe.Close()
	atVendor, err := m.listen()
	if err != nil {
		return nil, err
	}
	m.llm = llm.New(llm.Options{Clock: m.clock})
	m.llm.At("http://" + atVendor.Addr().String())
	m.ends = append(m.ends, func() error { m.llm.Close(); return nil })
	set["PARLEY_OPENAI_URL"], set["PARLEY_ANTHROPIC_URL"] = m.llm.URLs().OpenAI, m.llm.URLs().Anthropic
	m.answer(atVendor, m.llm.Handler())
	return func() {
		m.meta = meta.New(meta.Options{Clock: m.clock, RequireProof: true, AppID: appID, AppSecret: appSecret,
			InstagramAppID: instagramID, InstagramAppSecret: instagramSecret, Hook: m.url + "/hooks/meta", VerifyToken: verifyToken})
		m.meta.At("http://" + atMeta.Addr().String())
		m.ends = append(m.ends, func() error { m.meta.Close(); return nil })
		m.answer(atMeta, m.meta.Handler())
	}, nil
}

// front is what stands in for the screens where the program was built without
// them; nil where it has its own. No check looks at a screen's own words there.
func (m *model) front() (fs.FS, error) {
	if _, err := fs.Stat(web.FS(), "w/chat.html"); err == nil {
		return nil, nil
	}
	at := filepath.Join(m.dir, "front")
	err := os.MkdirAll(filepath.Join(at, "w"), 0o700)
	for name, page := range map[string]string{
		"index.html":  `<!doctype html><script nonce="__CSP_NONCE__"></script>`,
		"w/chat.html": `<!doctype html><script type="text/plain" id="boot" nonce="__CSP_NONCE__">__BOOT__</script>`,
	} {
		err = errors.Join(err, os.WriteFile(filepath.Join(at, filepath.FromSlash(name)), []byte(page), 0o600))
	}
	return os.DirFS(at), err
}

// beside starts the mail server, the provider of accounts and the services that
// errors and use are told to, and points set at them.
func (m *model) beside(set map[string]string) (err error) {
	if m.mails, err = smtp.Start(smtp.Options{Plain: true}); err != nil {
		return err
	}
	m.ends = append(m.ends, m.mails.Close)
	set["PARLEY_SMTP_URL"] = m.mails.URL("service@canary.example")
	if m.google, err = oidc.Start(oidc.Options{Now: m.clock.Now}); err != nil {
		return err
	}
	m.ends = append(m.ends, m.google.Close)
	m.posthog, m.sentry = posthog.Start(), sentry.Start()
	m.ends = append(m.ends, func() error { m.posthog.Close(); m.sentry.Close(); return nil })
	set["PARLEY_POSTHOG_URL"], set["PARLEY_POSTHOG_KEY"], set["PARLEY_SENTRY_DSN"] = m.posthog.URL(), posthog.Key, m.sentry.DSN()
	set["PARLEY_GOOGLE_ISSUER"], set["PARLEY_GOOGLE_CLIENT_ID"], set["PARLEY_GOOGLE_CLIENT_SECRET"] = m.google.Issuer(), oidc.ClientID, oidc.ClientSecret
	return nil
}

func (m *model) listen() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }

func (m *model) answer(l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	m.ends = append(m.ends, func() error {
		err := s.Close()
		if served := <-done; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	})
}

func (m *model) serve(ctx context.Context, hear func()) error {
	ctx, m.stop = context.WithCancel(context.WithoutCancel(ctx))
	m.served, ctx = errgroup.WithContext(ctx)
	up := make(chan string, 1)
	m.served.Go(func() error { return m.app.Serve(ctx, func(r app.Ready) { up <- r.URL }) })
	select {
	case m.url = <-up:
		hear()
		return nil
	case <-ctx.Done():
		return m.served.Wait()
	}
}

// Close ends the program and what stands around it, and removes the folder.
func (m *model) Close() error {
	errs := []error{m.halt()}
	for i := len(m.ends) - 1; i >= 0; i-- {
		errs = append(errs, m.ends[i]())
	}
	return errors.Join(append(errs, os.RemoveAll(m.dir), os.RemoveAll(m.apart))...)
}
