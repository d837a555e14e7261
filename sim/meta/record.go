package meta

import (
	"net/http"
	"time"
)

// Limits of the record.
const (
	ringCount = 4000
	ringBytes = 32 << 20
)

// Call is one request a client made and what it was answered.
type Call struct {
	No           int64
	At           time.Time
	Host         string // the Meta host it was meant for
	Method, Path string // path without the host
	Query        string
	Header       http.Header
	Body         []byte
	Status       int // 0: the connection was cut without an answer
	AnswerHeader http.Header
	Answer       []byte
}

// Delivery is one attempt to hand a webhook over.
type Delivery struct {
	No      int64
	At      time.Time
	URL     string
	Object  string
	Kinds   []string // what is inside, for people: "text", "read" …
	Attempt int      // 1 is the first
	Header  http.Header
	Body    []byte
	Status  int // 0: no answer
	Answer  []byte
	Error   string
	Took    time.Duration
}

func (c Call) size() int     { return len(c.Body) + len(c.Answer) + len(c.Path) + len(c.Query) }
func (d Delivery) size() int { return len(d.Body) + len(d.Answer) }

// ring keeps the newest entries within a count and a number of bytes.
type ring[T interface{ size() int }] struct {
	items []T
	bytes int
	total int64
}

func newRing[T interface{ size() int }]() ring[T] { return ring[T]{} }

func (r *ring[T]) add(v T) {
	r.items = append(r.items, v)
	r.bytes += v.size()
	r.total++
	drop := 0
	for drop < len(r.items)-1 && (len(r.items)-drop > ringCount || r.bytes > ringBytes) {
		r.bytes -= r.items[drop].size()
		drop++
	}
	if drop > 0 {
		clear(r.items[:drop])
		r.items = r.items[drop:]
	}
}

func (r *ring[T]) all() []T { return append([]T(nil), r.items...) }

// Calls gives the requests made so far, oldest first, within the ring's limits.
func (s *Sim) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls.all()
}

// Deliveries gives the attempts made so far, oldest first, within the ring's
// limits.
func (s *Sim) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent.all()
}

// keepCall and keepDelivery number and store an entry. The lock is held.
func (s *Sim) keepCall(c Call) {
	c.No = s.calls.total + 1
	s.calls.add(c)
}

func (s *Sim) keepDelivery(d Delivery) {
	d.No = s.sent.total + 1
	s.sent.add(d)
}
