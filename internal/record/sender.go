package record

import (
	"hash/maphash"
	"strings"
	"time"

	"parley/internal/desk"
)

// When somebody's sending is noted: as many messages within the time, or one
// text in as many conversations.
const (
	ManyMessages = 240
	SameTexts    = 30
	sendingTime  = 10 * time.Minute
	maxSenders   = 2_000
	maxTexts     = 2_000 // of one sender within the time
)

// senders remembers for ten minutes who wrote how much. A text is a number made
// with a seed that this process alone has; nothing of it is ever written.
type senders struct {
	seed maphash.Seed
	all  map[sender]*sending
}

type sender struct {
	ws   desk.ID
	kind desk.ActorKind
	id   desk.ID
}

type sending struct {
	since  time.Time
	n      int64
	texts  map[uint64]map[desk.ID]struct{}
	noted  bool
	copied map[uint64]bool // texts that were noted
}

func newSenders() senders { return senders{seed: maphash.MakeSeed(), all: map[sender]*sending{}} }

// Sent notes that a member or key wrote into a conversation. What goes past the
// limits becomes a security record, once in ten minutes.
func (r *Recorder) Sent(ws desk.ID, by desk.Actor, conversation desk.ID, text string) {
	var h maphash.Hash
	h.SetSeed(r.senders.seed)
	_, _ = h.WriteString(strings.Join(strings.Fields(strings.ToLower(text)), " "))
	sum, now := h.Sum64(), r.clk.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.senders.of(sender{ws, by.Kind, by.ID}, now)
	s.n++
	if s.n >= ManyMessages && !s.noted {
		s.noted = true
		r.note(Event{Kind: SendFlood, Workspace: ws, Actor: by, Times: s.n})
	}
	if strings.TrimSpace(text) == "" || len(s.texts) >= maxTexts && s.texts[sum] == nil {
		return
	}
	if s.texts[sum] == nil {
		s.texts[sum] = map[desk.ID]struct{}{}
	}
	s.texts[sum][conversation] = struct{}{}
	if n := len(s.texts[sum]); n >= SameTexts && !s.copied[sum] {
		s.copied[sum] = true
		r.note(Event{Kind: SameText, Workspace: ws, Actor: by, Times: int64(n)})
	}
}

// of is what a sender did in the ten minutes that run, which begin with their
// first message.
func (s *senders) of(k sender, now time.Time) *sending {
	have := s.all[k]
	if have != nil && now.Sub(have.since) < sendingTime && !now.Before(have.since) {
		return have
	}
	if len(s.all) >= maxSenders {
		for other, x := range s.all {
			if now.Sub(x.since) >= sendingTime {
				delete(s.all, other)
			}
		}
	}
	if len(s.all) >= maxSenders {
		clear(s.all)
	}
	have = &sending{since: now, texts: map[uint64]map[desk.ID]struct{}{}, copied: map[uint64]bool{}}
	s.all[k] = have
	return have
}
