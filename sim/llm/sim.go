package llm

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"parley/internal/kit/clock"
)

// Options is what a stand-in is started with; the zero value works.
type Options struct {
	Clock      clock.Clock // nil: the machine's
	Seed       uint64      // of everything left to chance
	Keys       []string    // that are known; none: every key is, and Chat and Embeddings need none
	Models     []string    // that exist; none: all do
	Dimensions int         // of a vector where nobody asks; 0 = 256
}

// Sim is one stand-in. All methods are safe for concurrent use.
type Sim struct {
	opt  Options
	clk  clock.Clock
	ctx  context.Context
	stop context.CancelFunc

	mu      sync.Mutex
	chance  *rand.Rand
	changed chan struct{} // closed and replaced whenever a call is recorded or the weather changes
	base    string
	serial  int64
	knobs   map[Knob]*Force
	calls   []Call
	bytes   int
	read    map[string]bool // instructions that are kept for the next call
}

// New makes a stand-in. Its Handler serves it.
func New(opt Options) *Sim {
	s := &Sim{opt: opt, clk: opt.Clock, chance: rand.New(rand.NewPCG(opt.Seed, 0x11a)), changed: make(chan struct{}),
		knobs: map[Knob]*Force{}, read: map[string]bool{}}
	if s.clk == nil {
		s.clk = clock.Real{}
	}
	if s.opt.Dimensions <= 0 {
		s.opt.Dimensions = 256
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Close ends every call that hangs.
func (s *Sim) Close() { s.stop() }

// At tells the stand-in the address its Handler is reached at, for example
// "http://127.0.0.1:4001".
func (s *Sim) At(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = base
}

// URLs are what an install is pointed at.
type URLs struct {
	OpenAI    string `json:"PARLEY_OPENAI_URL"`
	Anthropic string `json:"PARLEY_ANTHROPIC_URL"`
}

// URLs gives the addresses below At.
func (s *Sim) URLs() URLs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return URLs{s.base + "/v1", s.base}
}

// Until waits until ok holds. ok is asked again after every change, without any
// lock held.
func (s *Sim) Until(ctx context.Context, what string, ok func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("llm: waiting until %s: %w", what, context.Cause(ctx))
		}
	}
}

// announce wakes everybody who waits. The lock is held.
func (s *Sim) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// id gives the next id with a prefix.
func (s *Sim) id(prefix string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	return fmt.Sprintf("%s_%08d", prefix, s.serial)
}

// remembers reports whether the instructions were read before, and keeps them.
func (s *Sim) remembers(instructions string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.read[instructions]
	if len(s.read) > 1000 {
		clear(s.read)
	}
	s.read[instructions] = true
	return known
}

// Limits of the record.
const (
	ringCount = 2000
	ringBytes = 64 << 20
)

// Call is one request and what it was answered.
type Call struct {
	No      int64       `json:"no"`
	At      time.Time   `json:"at"`
	Path    string      `json:"path"`
	Header  [][2]string `json:"header"` // without the values of keys
	Body    []byte      `json:"body"`
	Status  int         `json:"status"` // 0: cut or left without an answer
	Answer  []byte      `json:"answer"`
	Weather []Knob      `json:"weather"` // that struck
}

// Calls gives the requests made so far, oldest first, within the ring's limits.
func (s *Sim) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call{}, s.calls...)
}

// Forget empties the record.
func (s *Sim) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.bytes = nil, 0
	s.announce()
}

// begin records a request; its answer is filled in by end. A test sees also a
// call that hangs.
func (s *Sim) begin(c Call) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	c.No, c.At = s.serial, s.clk.Now()
	s.calls = append(s.calls, c)
	s.bytes += len(c.Body)
	for len(s.calls) > 1 && (len(s.calls) > ringCount || s.bytes > ringBytes) {
		s.bytes -= len(s.calls[0].Body) + len(s.calls[0].Answer)
		s.calls = s.calls[1:]
	}
	s.announce()
	return c.No
}

func (s *Sim) end(no int64, status int, answer []byte, struck []Knob) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.calls {
		if s.calls[i].No == no {
			s.calls[i].Status, s.calls[i].Answer, s.calls[i].Weather = status, answer, struck
			s.bytes += len(answer)
		}
	}
	s.announce()
}
