package api

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"parley/internal/alert"
	engine "parley/internal/answer"
	"parley/internal/audit"
	"parley/internal/channel"
	"parley/internal/connect"
	"parley/internal/flow"
	"parley/internal/inbox"
	"parley/internal/kit/clock"
	"parley/internal/kit/pace"
	"parley/internal/knowledge"
	"parley/internal/live"
	"parley/internal/media"
	"parley/internal/member"
	"parley/internal/privacy"
	"parley/internal/privacy/backup"
	"parley/internal/privacy/breach"
	"parley/internal/privacy/duty"
	"parley/internal/privacy/port"
	"parley/internal/privacy/recipients"
	"parley/internal/promise"
	"parley/internal/record"
	"parley/internal/record/otlp"
	"parley/internal/record/posthog"
	"parley/internal/report"
	"parley/internal/store"
)

// Deps is everything the routes stand on. Fields marked optional may be nil.
type Deps struct {
	Store     *store.DB
	Members   *member.Roster
	Inbox     *inbox.Inbox
	Answers   *engine.Answer
	Lab       *engine.Lab
	Report    *report.Report
	Knowledge *knowledge.Knowledge
	Media     *media.Media
	Live      *live.Hub
	Flow      *flow.Flow
	Parts     PartTaker // takes in what visitors of the website chat send
	Doors     DoorTaker // takes in what providers deliver
	Connect   *connect.Connect
	Templates Templates // reads a provider's approved texts
	Audit     *audit.Log
	Eraser    *privacy.Eraser
	Clearing  *privacy.Clearing
	Ending    *privacy.Ending
	Port      *port.Port
	Restrict  *privacy.Restrict
	Copies    *privacy.Copies
	Own       *privacy.Own
	Cases     *privacy.Cases
	Casework  *privacy.Casework
	Breach    *breach.Desk
	Duties    *duty.Duties
	Listed    *recipients.Recipients // who wants to be told of changes of the list of recipients
	Reports   *privacy.Reports
	Retention *privacy.Retention
	Channels  *channel.Registry
	Clock     clock.Clock
	Log       *slog.Logger
	Record    *record.Recorder // optional: a new one
	Alerts    *alert.Alerts
	Promise   *promise.Publisher // optional: nothing is published
	Backups   *backup.Backups
	Analytics *posthog.Sender      // optional: nobody is told of use
	Traces    *otlp.Sender         // optional: no collector
	Web       fs.FS                // the built front end
	Metrics   *prometheus.Registry // optional: a new one
	Config    Config
}

// Config is what the operator sets.
type Config struct {
	PublicURL      string         // scheme and host people reach the install at
	TrustedProxies []netip.Prefix // whose X-Forwarded-* are believed
	Dev            bool           // a development install: shown to members
	// SecurityContact is whom to tell of a weakness, as an address with a scheme;
	// "" = nobody is named.
	SecurityContact string
	// Limits replaces a pace by its name ("visit", "send", …); others keep
	// their own.
	Limits map[string]pace.Rule
}

// API is the program's HTTP face.
type API struct {
	Deps
	mux       *http.ServeMux
	huma      huma.API
	routes    []Route
	declaring *Route // the operation huma registers at this moment
	limits    limits
	cross     *http.CrossOriginProtection
	meters    meters
	streams   streams
	document  func() ([]byte, error) // openapi.json, written when first asked for: that takes 100 ms
	site      *site
	chat      *chatSite
}

// groups lists every place where routes are declared.
func groups() []func(*API) {
	return []func(*API){
		sessionRoutes, proofRoutes, factorRoutes, letterRoutes, myLetterRoutes, setupRoutes, workspaceRoutes,
		conversationRoutes, actRoutes, messageRoutes, mediaRoutes, templateRoutes, draftRoutes, savedRoutes,
		contactRoutes, optInRoutes, eraseRoutes, personRoutes, demandRoutes, dutyRoutes, rectifyRoutes, restrictRoutes, mergeRoutes, knowledgeRoutes, gapRoutes, suggestRoutes, findingRoutes, answerRoutes, aiRoutes, meaningRoutes, runRoutes, numberRoutes, labRoutes, biasRoutes, channelRoutes, clearRoutes, connectRoutes, registerRoutes, permissionRoutes, certificateRoutes, backupRoutes, retentionRoutes, hookRoutes, caseRoutes, reportRoutes, incidentRoutes,
		caseworkRoutes, requestPageRoutes, mineRoutes,
		memberRoutes, consentRoutes, keyRoutes, roleRoutes, deviceRoutes, securityRoutes, operatorRoutes, publisherRoutes, suspensionRoutes, auditRoutes, eventRoutes,
		changesRoutes, outsideRoutes, addressRoutes, leaveRoutes, endingRoutes, acknowledgeRoutes,
		analyticsRoutes, faceRoutes, digestRoutes, alertRoutes, faultRoutes,
		widgetRoutes, healthRoutes, documentRoutes, siteRoutes,
	}
}

// New builds the routes. It fails when the front end cannot be read or the
// public address is no address.
func New(d Deps) (*API, error) {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Record == nil {
		d.Record = record.New(d.Clock, d.Log)
	}
	if d.Metrics == nil {
		d.Metrics = prometheus.NewRegistry()
		d.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	a := &API{Deps: d, mux: http.NewServeMux(), limits: newLimits(d.Clock, d.Config.Limits), cross: http.NewCrossOriginProtection(), meters: newMeters(d.Metrics)}
	a.streams.open = map[string]int{}
	if d.Config.PublicURL != "" {
		if err := a.cross.AddTrustedOrigin(d.Config.PublicURL); err != nil {
			return nil, err
		}
	}
	a.meterRecords(d.Metrics)
	a.meterBackups(d.Metrics)
	d.Metrics.MustRegister(newTallies(a))
	var err error
	if a.site, err = readSite(d.Web); err != nil {
		return nil, err
	}
	if a.chat, err = readChat(d.Web); err != nil {
		return nil, err
	}
	a.huma = humago.New(seam{a}, a.humaConfig())
	for _, declareAll := range groups() {
		declareAll(a)
	}
	a.describe()
	a.document = sync.OnceValues(a.written)
	return a, nil
}

// humaConfig is huma's default without what it would serve by itself: its docs
// page loads a script from elsewhere, and links to schemas are not our form.
func (a *API) humaConfig() huma.Config {
	c := huma.DefaultConfig("Parley", apiVersion)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.RejectUnknownQueryParameters = true
	c.Transformers = []huma.Transformer{plainProblem}
	return c
}

const apiVersion = "1"

// seam is where huma's operations join the mux: each is wrapped in the checks
// its Route asks for.
type seam struct{ a *API }

func (s seam) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	s.a.mux.Handle(pattern, s.a.around(*s.a.declaring, h))
}

func (s seam) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.a.mux.ServeHTTP(w, r) }

// Handler serves the main listener.
func (a *API) Handler() http.Handler { return a.outer(a.mux) }

// Routes lists what is registered, for tests that hold every route to a rule.
func (a *API) Routes() []Route { return a.routes }
