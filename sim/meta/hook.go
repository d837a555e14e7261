package meta

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"parley/internal/kit/clock"
)

// The contract of deliveries (reference 2.3).
const (
	ackBudget      = 5 * time.Second
	alertAfter     = 15 * time.Minute
	disableAfter   = time.Hour          // Messenger and Instagram
	giveUpWhatsApp = 7 * 24 * time.Hour // WhatsApp
	quickRetries   = 3
	maxBatch       = 1000
)

// hook is the app's subscription to one object, as set in the dashboard or by
// POST /{app}/subscriptions.
type hook struct {
	object, callback string
	fields           []string
}

// item is one event on its way out.
type item struct {
	entry  string // page, account or WABA id
	slot   string // "messaging", "standby" or "changes"
	value  obj
	kind   string
	at     time.Time
	calmed bool // Reorder had its turn
	// oddities of the wire
	seconds, numeric bool
}

// outbox holds the events of one object and secret in the order they happened.
type outbox struct {
	object, secret string
	waiting        []*item
	busy           int
	holding        bool // Batch or Reorder wait for company
	release        bool // the wait is over
	failing        map[string]time.Time
	alerted        map[string]bool
}

// parcel is one signed body; its retries carry the same bytes.
type parcel struct {
	box     *outbox
	items   []*item
	body    []byte
	header  http.Header
	attempt int
	first   time.Time // of the first failure
}

// post puts an event into its outbox. The lock is held.
func (s *Sim) post(object, secret string, it *item) {
	if s.closed {
		return
	}
	if _, lost := s.strikes(LostEvent, it.kind); lost {
		return
	}
	key := object + "|" + secret
	b := s.boxes[key]
	if b == nil {
		b = &outbox{object: object, secret: secret, failing: map[string]time.Time{}, alerted: map[string]bool{}}
		s.boxes[key] = b
	}
	it.at = s.clk.Now()
	if f, late := s.strikes(Delay, it.kind); late {
		s.clk.AfterFunc(f.For, func() { s.locked(func() { b.waiting = append(b.waiting, it); s.pump(b) }) })
		return
	}
	b.waiting = append(b.waiting, it)
	s.pump(b)
}

// pump starts senders while there is something to send. The lock is held.
func (s *Sim) pump(b *outbox) {
	for b.busy < s.opt.Senders && !s.closed {
		items := s.pick(b)
		if len(items) == 0 {
			return
		}
		p := s.pack(b, items)
		b.busy++
		s.goes(func() { s.send(p) })
	}
}

// pick takes what goes out next, as the weather wants it. The lock is held.
func (s *Sim) pick(b *outbox) []*item {
	if len(b.waiting) == 0 {
		return nil
	}
	if f := s.knobs[Batch]; f != nil {
		n := min(f.Size, maxBatch)
		if len(b.waiting) < n && !b.release {
			s.hold(b, f.For)
			return nil
		}
		b.release = false
		s.strikes(Batch, "")
		return s.shift(b, min(n, len(b.waiting)))
	}
	head := b.waiting[0]
	if !head.calmed && len(b.waiting) == 1 && s.knobs[Reorder] != nil && !b.release {
		s.hold(b, s.knobs[Reorder].For)
		return nil
	}
	b.release = false
	if !head.calmed && len(b.waiting) > 1 {
		if _, late := s.strikes(Reorder, head.kind); late {
			head.calmed = true
			b.waiting[0], b.waiting[1] = b.waiting[1], head
		}
	}
	return s.shift(b, 1)
}

func (s *Sim) shift(b *outbox, n int) []*item {
	items := slices.Clone(b.waiting[:n])
	b.waiting = append([]*item(nil), b.waiting[n:]...)
	return items
}

// hold waits for company, but not for ever.
func (s *Sim) hold(b *outbox, d time.Duration) {
	if b.holding {
		return
	}
	b.holding = true
	s.clk.AfterFunc(d, func() {
		s.locked(func() { b.holding, b.release = false, true; s.pump(b) })
	})
}

// pack makes the body and signs it. The lock is held.
func (s *Sim) pack(b *outbox, items []*item) *parcel {
	for _, it := range items {
		_, it.seconds = s.strikes(Seconds, it.kind)
		_, it.numeric = s.strikes(NumericIDs, it.kind)
	}
	body := encode(envelope(b.object, items))
	key := b.secret
	if _, wrong := s.strikes(WrongSignature, ""); wrong {
		key += "-of-somebody-else"
	}
	h := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"facebookexternalua"}}
	h.Set("X-Hub-Signature", "sha1="+sign1(key, body))
	if _, old := s.strikes(SHA1Only, ""); !old {
		h.Set("X-Hub-Signature-256", Sign(key, body))
	}
	return &parcel{box: b, items: items, body: body, header: h}
}

// Sign is the value of X-Hub-Signature-256 for a body.
func Sign(secret string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(body)
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

func sign1(secret string, body []byte) string {
	m := hmac.New(sha1.New, []byte(secret))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// send hands a parcel over, again and again as the contract says, and lets the
// next go.
func (s *Sim) send(p *parcel) {
	ok := s.attempt(p)
	if ok {
		s.mu.Lock()
		_, twice := s.strikes(Duplicate, "")
		s.mu.Unlock()
		if twice {
			s.attempt(p)
		}
	}
	for !ok && p.attempt <= quickRetries && s.ctx.Err() == nil && s.allowed(p) {
		ok = s.attempt(p)
	}
	s.locked(func() {
		p.box.busy--
		if !ok {
			s.retryLater(p)
		}
		s.pump(p.box)
	})
}

// allowed reports whether somebody still wants the parcel.
func (s *Sim) allowed(p *parcel) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hooks[p.box.object] != nil && slices.ContainsFunc(p.items, func(it *item) bool { return s.wanted(p.box.object, it.entry) })
}

// attempt makes one POST and keeps the books on failures.
func (s *Sim) attempt(p *parcel) bool {
	s.mu.Lock()
	h := s.hooks[p.box.object]
	var to string
	if h != nil {
		to = h.callback
	}
	if w := s.wabas[p.items[0].entry]; w != nil && w.override != "" {
		to = w.override
	}
	p.attempt++
	began := s.clk.Now()
	s.mu.Unlock()
	status, answer, err := s.doPost(to, p)
	s.locked(func() {
		d := Delivery{At: began, URL: to, Object: p.box.object, Attempt: p.attempt, Header: p.header, Body: p.body,
			Status: status, Answer: answer, Took: s.clk.Since(began)}
		for _, it := range p.items {
			d.Kinds = append(d.Kinds, it.kind)
		}
		if err != nil {
			d.Error = err.Error()
		}
		s.keepDelivery(d)
		s.judge(p, status == http.StatusOK)
	})
	return status == http.StatusOK
}

func (s *Sim) doPost(to string, p *parcel) (int, []byte, error) {
	ctx, cancel := clock.WithTimeout(s.ctx, s.clk, ackBudget)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(p.body))
	if err != nil {
		return 0, nil, err
	}
	req.Header = p.header.Clone()
	res, err := s.http.Do(req)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return 0, nil, fmt.Errorf("no answer: %w", cause)
		}
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return res.StatusCode, answer, err
}
