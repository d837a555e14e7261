package meta

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"parley/internal/kit/clock"
)

// Options is what a simulator is started with; the zero value works.
type Options struct {
	Clock clock.Clock // nil: the machine's
	Seed  uint64      // of everything left to chance, ids too

	AppID, AppSecret                   string // the Meta app; defaults 4242 and "test-app-secret"
	InstagramAppID, InstagramAppSecret string // of the same app's Instagram login; defaults 4343 and "test-instagram-secret"
	RequireProof                       bool   // the app demands appsecret_proof
	NoHumanAgent                       bool   // the app was not reviewed for HUMAN_AGENT
	Redirects                          []string
	Hook, VerifyToken                  string // callback of all three objects, as typed into the app's dashboard; "" = none yet

	Client  *http.Client // posts webhooks, fetches links; nil: one that reaches this machine only
	Senders int          // deliveries under way at once per object; 0 = 1, which keeps their order
}

// Sim is one world: an app, businesses with their accounts, and their customers.
// All methods are safe for concurrent use.
type Sim struct {
	opt  Options
	clk  clock.Clock
	http *http.Client

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever the world changes
	closed  bool
	work    sync.WaitGroup
	ctx     context.Context
	stop    context.CancelFunc
	chance  *rand.Rand
	serial  int64
	base    string

	people    []*Person
	pages     map[string]*Page
	accounts  map[string]*Instagram
	wabas     map[string]*WABA
	numbers   map[string]*Number
	customers []*Customer
	chats     map[chatKey]*Chat
	messages  map[string]*message
	scoped    map[string]*Chat     // PSID or IGSID → chat
	phones    map[string]*Customer // digits → customer
	bsuids    map[string]*Customer

	tokens  map[string]*token
	codes   map[string]*code
	media   map[string]*mediaFile
	hooks   map[string]*hook // by object
	boxes   map[string]*outbox
	notLive bool // the app is in development: it reaches its testers only
	knobs   map[Knob]*force
	usage   map[string]*bucket
	calls   ring[Call]
	sent    ring[Delivery]
	remarks []Remark
}

// New makes a world with an app and nothing else in it.
func New(opt Options) *Sim {
	opt.AppID = cmp.Or(opt.AppID, "4242")
	opt.AppSecret = cmp.Or(opt.AppSecret, "test-app-secret")
	opt.InstagramAppID = cmp.Or(opt.InstagramAppID, "4343")
	opt.InstagramAppSecret = cmp.Or(opt.InstagramAppSecret, "test-instagram-secret")
	opt.Senders = max(opt.Senders, 1)
	s := &Sim{opt: opt, clk: opt.Clock, http: opt.Client, changed: make(chan struct{}),
		chance: rand.New(rand.NewPCG(opt.Seed, 0x5eed)),
		pages:  map[string]*Page{}, accounts: map[string]*Instagram{}, wabas: map[string]*WABA{}, numbers: map[string]*Number{},
		chats: map[chatKey]*Chat{}, messages: map[string]*message{}, scoped: map[string]*Chat{},
		phones: map[string]*Customer{}, bsuids: map[string]*Customer{}, tokens: map[string]*token{}, codes: map[string]*code{},
		media: map[string]*mediaFile{}, hooks: map[string]*hook{}, boxes: map[string]*outbox{}, knobs: map[Knob]*force{},
		usage: map[string]*bucket{}, calls: newRing[Call](), sent: newRing[Delivery]()}
	if s.clk == nil {
		s.clk = clock.Real{}
	}
	if s.http == nil {
		s.http = loopbackOnly()
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	if opt.Hook != "" {
		for object, fields := range appFields() {
			s.hooks[object] = &hook{object: object, callback: opt.Hook, fields: fields}
		}
	}
	return s
}

// Close stops every delivery and waits until none is under way.
func (s *Sim) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.work.Wait()
}

// At tells the simulator the address its Handler is reached at, for example
// "http://127.0.0.1:4000"; links to media and dialogs begin with it.
func (s *Sim) At(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = base
}

// URLs are the addresses that stand for Meta's hosts.
type URLs struct {
	Graph     string `json:"graph"`     // graph.facebook.com and the dialog of www.facebook.com
	Instagram string `json:"instagram"` // graph.instagram.com, api.instagram.com and the dialog of www.instagram.com
}

// URLs gives the addresses below At.
func (s *Sim) URLs() URLs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return URLs{Graph: s.base + "/facebook", Instagram: s.base + "/instagram"}
}

// App is the app's ids and secrets.
type App struct {
	ID, Secret, InstagramID, InstagramSecret, VerifyToken string
}

// App gives what a developer reads in the app's dashboard.
func (s *Sim) App() App {
	return App{s.opt.AppID, s.opt.AppSecret, s.opt.InstagramAppID, s.opt.InstagramAppSecret, s.opt.VerifyToken}
}

// Now is the simulator's time.
func (s *Sim) Now() time.Time { return s.clk.Now() }

// After gives a channel that receives once d has passed on the simulator's
// clock.
func (s *Sim) After(d time.Duration) <-chan time.Time { return s.clk.After(d) }

// Touch wakes everybody who waits for a change, for example after the clock was
// moved.
func (s *Sim) Touch() { s.locked(func() {}) }

// Hook is the address webhooks go to; "" = none.
func (s *Sim) Hook() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, object := range sortedKeys(s.hooks) {
		return s.hooks[object].callback
	}
	return ""
}

// Until waits until ok holds. ok is asked again after every change of the
// world, without any lock held; the error says what was waited for.
func (s *Sim) Until(ctx context.Context, what string, ok func() bool) error {
	for {
		changed := s.Changed()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("meta: waiting until %s: %w", what, context.Cause(ctx))
		}
	}
}

// Changed gives a channel that closes with the next change of the world.
func (s *Sim) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// announce wakes everybody who waits. The lock is held.
func (s *Sim) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// locked runs fn with the lock and wakes those who wait.
func (s *Sim) locked(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn()
	s.announce()
}

// goes runs fn beside the caller; Close waits for it. The lock is held.
func (s *Sim) goes(fn func()) {
	if s.closed {
		return
	}
	s.work.Go(fn)
}

// Remark is something the platform would accept now and punish later.
type Remark struct {
	At   time.Time `json:"at"`
	Rule string    `json:"rule"` // short name, for example "human_agent_inside_window"
	Text string    `json:"text"`
}

// Remarks are the breaches seen so far; a careful client causes none.
func (s *Sim) Remarks() []Remark {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Remark{}, s.remarks...)
}

func (s *Sim) remark(rule, text string, args ...any) {
	if len(s.remarks) < 1000 {
		s.remarks = append(s.remarks, Remark{s.clk.Now(), rule, fmt.Sprintf(text, args...)})
	}
}
