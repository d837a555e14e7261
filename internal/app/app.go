package app

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/internal/alert"
	"parley/internal/answer"
	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/connect"
	"parley/internal/deliver"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/inbox"
	"parley/internal/intake"
	"parley/internal/kit/httpx"
	"parley/internal/kit/pace"
	"parley/internal/knowledge"
	"parley/internal/live"
	"parley/internal/media"
	"parley/internal/member"
	"parley/internal/notify"
	"parley/internal/privacy"
	"parley/internal/privacy/backup"
	"parley/internal/privacy/breach"
	"parley/internal/privacy/duty"
	"parley/internal/privacy/port"
	"parley/internal/privacy/recipients"
	"parley/internal/promise"
	"parley/internal/record/otlp"
	"parley/internal/record/posthog"
	"parley/internal/record/sentry"
	"parley/internal/report"
	"parley/web"
)

// App is the whole program over one install.
type App struct {
	*Install
	Flow      *flow.Flow
	Live      *live.Hub
	Audit     *audit.Log
	Knowledge *knowledge.Knowledge
	Media     *media.Media
	Intake    *intake.Intake
	Answer    *answer.Answer
	Lab       *answer.Lab
	Report    *report.Report
	Deliver   *deliver.Deliver
	Inbox     *inbox.Inbox
	Eraser    *privacy.Eraser
	Clearing  *privacy.Clearing
	Ending    *privacy.Ending
	Port      *port.Port
	Cases     *privacy.Cases
	Reports   *privacy.Reports
	Retention *privacy.Retention
	Restrict  *privacy.Restrict
	Copies    *privacy.Copies
	Own       *privacy.Own
	Ages      *privacy.Ages
	Backups   *backup.Backups
	Casework  *privacy.Casework
	Breach    *breach.Desk
	Duties    *duty.Duties
	Listed    *recipients.Recipients
	Roster    *member.Roster
	Notify    *notify.Notify
	Alerts    *alert.Alerts
	Promise   *promise.Publisher
	Analytics *posthog.Sender // nil = nobody is told of use
	errors    *sentry.Sender  // nil = errors stay here
	traces    *otlp.Sender    // nil = no collector
	Connect   *connect.Connect
	API       *api.API
	Models    *Models
	out       *httpx.Client
	alone     bool // nobody works beside it: a restored install that is not open yet
}

// Build wires the features in the order of a message's way through them. It
// starts nothing but the hub that watches for commits; Close ends that.
func Build(_ context.Context, in *Install) (*App, error) {
	a := &App{Install: in}
	atMeta := metaApp(in.Config)
	var err error
	if a.out, err = hosts(atMeta, in.Config, in.Clock); err != nil {
		return nil, fmt.Errorf("outgoing calls: %w", err)
	}
	if err = a.openTraces(); err != nil {
		return nil, err
	}
	a.Models = newModels(in.Config, a.out, in.Clock)
	registry := channels(meta.NewGraph(atMeta, a.out, in.Clock))
	a.Flow = flow.New(flow.Config{DB: in.DB, Clock: in.Clock, Log: in.Log, Rules: rules(), Begun: a.begun})
	a.Live = live.New(in.DB, in.Clock, in.Log)
	a.Audit = audit.NewLog(in.DB)
	a.Knowledge = knowledge.New(knowledge.Parts{DB: in.DB, Flow: a.Flow, Audit: a.Audit, Redact: redactor{}, Thinker: thinker{a}, Embed: embedder{a}, Files: files(in), Scanner: scanner(in, a.out), Web: crawler(in, a.out), Log: in.Log})
	a.Media = media.New(media.Parts{DB: in.DB, Flow: a.Flow, Channels: registry, Blobs: in.Blobs, PublicURL: fileAddress(in.Config), Scanner: scanner(in, a.out), Letters: a.Notify, Log: in.Log})
	a.Intake = intake.New(intake.Parts{DB: in.DB, Flow: a.Flow, Channels: registry, Secrets: signatures(registry, atMeta), Visits: visits{}, Ledger: ledger{in}, Files: a.Media, Ages: ages{a}, Log: in.Log})
	if a.Notify, err = letters(in, a.Flow, a.out); err != nil {
		return nil, err
	}
	a.Answer = answer.New(answer.Parts{DB: in.DB, Flow: a.Flow, Finder: finder{a.Knowledge}, Models: models{a.Models}, Audit: a.Audit, Letters: a.Notify, Requests: requests{a}, Log: in.Log})
	a.Lab = answer.NewLab(a.Answer)
	a.Report = report.New(report.Parts{DB: in.DB, Pleased: answer.Pleased, Letters: a.Notify, Log: in.Log})
	a.Eraser = privacy.NewEraser(in.DB, in.Keys, a.Audit).Keeping(a.Report)
	a.Clearing = privacy.NewClearing(a.Eraser, a.Flow)
	a.Connect = connect.New(connect.Parts{DB: in.DB, Flow: a.Flow, Channels: registry, Audit: a.Audit, Ledger: acts{in}, Signer: a.Audit, Eraser: a.Eraser, Door: a.Intake, Log: in.Log, BackupTerm: privacy.DataTerm})
	a.Deliver = deliver.New(deliver.Parts{DB: in.DB, Flow: a.Flow, Channels: registry, Accounts: a.Connect, Files: a.Media, Log: in.Log,
		Told: func(kind, outcome string, took time.Duration) { a.API.Handed(kind, outcome, took) }})
	a.Inbox = inbox.New(inbox.Parts{DB: in.DB, Flow: a.Flow, Channels: registry, Audit: a.Audit, Signals: a.Deliver, Frames: api.TypingFrames{Live: a.Live}, Files: a.Media, Teacher: a.Knowledge})
	if err = a.openPrivacy(); err != nil {
		return nil, err
	}
	places, err := placesOf(in.Config)
	if err != nil {
		return nil, err
	}
	a.Ages = &privacy.Ages{DB: in.DB, Flow: a.Flow, Restrict: a.Restrict}
	a.Copies = privacy.NewCopies(privacy.CopyParts{DB: in.DB, Keys: in.Keys, Flow: a.Flow, Blobs: in.Blobs, Audit: a.Audit, Log: in.Log})
	a.Own = privacy.NewOwn(privacy.OwnParts{DB: in.DB, Casework: a.Casework, Copies: a.Copies, Restrict: a.Restrict, Reports: a.Reports})
	a.Roster = member.Open(member.Config{Store: in.DB, Clock: in.Clock, Cost: in.Tuning.Cost, Audit: a.Audit, Flow: a.Flow, Letters: a.Notify, Outside: outside(in, a.out), Leaving: departures{in}, Demand: demand(in.Config.Dev), Places: places, Home: in.Config.PublicURL,
		New: desk.Workspace{Mode: in.Tuning.Mode, Burst: in.Tuning.Burst}})
	a.Alerts = alert.New(alert.Parts{DB: in.DB, Audit: a.Audit, Letters: a.Notify, Log: in.Log})
	if a.Promise, err = promise.NewPublisher(promise.Parts{DB: in.DB, Clock: in.Clock, Audit: a.Audit, Recipients: a.recipients, Announce: a.Roster.AnnouncePolicy, Version: sync.OnceValue(Fingerprint)}); err != nil {
		return nil, err
	}
	a.Duties, a.Listed = a.duties(), a.listed()
	if err = a.openReports(); err != nil {
		return nil, err
	}
	a.API, err = api.New(api.Deps{Store: in.DB, Members: a.Roster, Inbox: a.Inbox, Answers: a.Answer, Lab: a.Lab, Report: a.Report, Knowledge: a.Knowledge, Media: a.Media,
		Live: a.Live, Flow: a.Flow, Audit: a.Audit, Eraser: a.Eraser, Clearing: a.Clearing, Ending: a.Ending, Port: a.Port, Restrict: a.Restrict, Copies: a.Copies, Cases: a.Cases, Casework: a.Casework, Breach: a.Breach, Duties: a.Duties, Listed: a.Listed, Own: a.Own, Reports: a.Reports, Parts: a.Intake, Doors: a.Intake, Connect: a.Connect, Templates: a.Deliver, Channels: registry, Clock: in.Clock, Log: in.Log, Record: in.Record, Alerts: a.Alerts, Promise: a.Promise, Backups: a.Backups, Retention: a.Retention, Analytics: a.Analytics, Traces: a.traces, Web: frontEnd(in),
		Config: api.Config{PublicURL: in.Config.PublicURL, TrustedProxies: in.Config.TrustedProxies, Dev: in.Config.Dev, SecurityContact: in.Config.SecurityContact, Limits: in.Tuning.Limits}})
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	return a, nil
}

// demand is of whom an install demands a second factor (decision 23): of those
// who can open it to others, except where one only looks around.
func demand(dev bool) desk.Demand {
	if dev {
		return desk.DemandNobody
	}
	return desk.DemandAdmins
}

// Tuning is what tests, the demo and benches set differently.
type Tuning struct {
	Cost      int            // of bcrypt; 0 = 12
	Mode      desk.Mode      // of a new workspace; "" = draft
	Burst     time.Duration  // of a new workspace; 0 = 3 s
	Web       fs.FS          // the front end; nil = the one that was built in
	MailRoots *x509.CertPool // whom the mail server's certificate is checked by; nil = the system's
	Tell      time.Duration  // how often use is told to an analytics service; 0 = 5 s
	// Limits replaces paces of the API by name, for load from one machine.
	Limits map[string]pace.Rule
}

func frontEnd(in *Install) fs.FS {
	if in.Tuning.Web != nil {
		return in.Tuning.Web
	}
	return web.FS()
}

// Work runs the lanes and the recurring work until ctx ends.
func (a *App) Work(ctx context.Context) error {
	var handlers []flow.Handler
	for _, some := range [][]flow.Handler{a.Intake.Handlers(), a.Media.Handlers(), a.Answer.Handlers(), a.Lab.Handlers(), a.Deliver.Handlers(), a.Inbox.Handlers(), a.Knowledge.Handlers(), a.Cases.Handlers(), a.Casework.CaseHandlers(), a.Breach.Handlers(), a.Listed.Handlers(), a.Copies.Handlers(), a.Clearing.Handlers(), a.Own.Handlers(), a.Ages.Handlers(), a.Connect.Handlers(), a.Roster.Handlers(), a.Notify.Handlers()} {
		handlers = append(handlers, some...)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { a.Record.Run(ctx, a.DB); return nil })
	if a.Analytics != nil {
		g.Go(func() error { a.Analytics.Run(ctx, a.DB); return nil })
	}
	g.Go(func() error { return a.Flow.Run(ctx, handlers, a.every()) })
	return g.Wait()
}

// CheckSettings fills in and checks the settings of a channel's account.
func (a *App) CheckSettings(kind string, raw json.RawMessage) (json.RawMessage, error) {
	c, err := a.Intake.Channels.Find(kind)
	if err != nil {
		return nil, err
	}
	if d, ok := c.(channel.Defaulter); ok {
		return d.CheckSettings(raw)
	}
	return raw, nil
}

// Close ends every open stream.
func (a *App) Close() {
	a.Live.Close()
	if a.errors != nil {
		a.errors.Close()
	}
	a.traces.Close()
	a.out.Close()
}
