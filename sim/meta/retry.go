package meta

import (
	"slices"
	"time"
)

// judge keeps the books of failures per account and switches an account off
// when its time is up. The lock is held.
func (s *Sim) judge(p *parcel, ok bool) {
	b, now := p.box, s.clk.Now()
	for _, it := range p.items {
		if ok {
			delete(b.failing, it.entry)
			delete(b.alerted, it.entry)
			continue
		}
		since, failing := b.failing[it.entry]
		if !failing {
			b.failing[it.entry] = now
			continue
		}
		if now.Sub(since) >= alertAfter && !b.alerted[it.entry] {
			b.alerted[it.entry] = true
			s.remark("webhooks_failing", "the developer would get a mail: deliveries for %s fail since %s", it.entry, since.Format(time.RFC3339))
		}
		if b.object != objectWhatsApp && now.Sub(since) >= disableAfter {
			s.disable(b.object, it.entry)
			delete(b.failing, it.entry)
		}
	}
	if !ok && p.first.IsZero() {
		p.first = now
	}
}

// disable unsubscribes an account from the app, silently for its people.
func (s *Sim) disable(object, entry string) {
	s.remark("webhooks_disabled", "deliveries for %s failed for an hour; the app is not subscribed to it any more", entry)
	if p := s.pages[entry]; p != nil {
		p.fields = nil
	}
	if ig := s.accounts[entry]; ig != nil {
		ig.subscribed = false
		if ig.page != nil {
			ig.page.fields = nil
		}
	}
	for _, b := range s.boxes {
		if b.object == object {
			b.waiting = slices.DeleteFunc(b.waiting, func(it *item) bool { return it.entry == entry })
		}
	}
}

// wanted reports whether the app is subscribed to an account. The lock is held.
func (s *Sim) wanted(object, entry string) bool {
	switch object {
	case objectPage:
		return s.pages[entry] == nil || len(s.pages[entry].fields) > 0
	case objectInstagram:
		ig := s.accounts[entry]
		return ig == nil || ig.subscribed || ig.throughPage()
	}
	return s.wabas[entry] == nil || s.wabas[entry].subscribed
}

// retryLater plans the next attempt: with growing gaps, until the account is
// switched off or, on WhatsApp, for seven days. The lock is held.
func (s *Sim) retryLater(p *parcel) {
	gap := min(time.Minute<<min(max(p.attempt-quickRetries-1, 0), 12), 15*time.Minute)
	limit := disableAfter + gap
	if p.box.object == objectWhatsApp {
		gap, limit = time.Minute<<min(max(p.attempt-quickRetries-1, 0), 9), giveUpWhatsApp
	}
	if s.clk.Since(p.first)+gap > limit {
		return
	}
	s.clk.AfterFunc(gap, func() {
		if !s.allowed(p) || s.ctx.Err() != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			return
		}
		s.goes(func() {
			if !s.attempt(p) {
				s.locked(func() { s.retryLater(p) })
			}
		})
		s.mu.Unlock()
	})
}

// Pending is the number of events that wait in order or are under way; retries
// planned for later are not counted.
func (s *Sim) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, b := range s.boxes {
		n += len(b.waiting) + b.busy
	}
	return n
}
