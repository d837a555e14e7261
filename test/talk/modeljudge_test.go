package talk_test

import (
	"maps"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
)

// replay is what the events so far say.
type replay struct {
	*slowRace
	rx      *store.Rx
	talks   map[desk.ID]*stopped
	until   map[desk.ID]time.Time // end of the window
	with    map[desk.ID]desk.ID   // contact of a conversation
	silent  map[desk.ID]bool      // contacts
	acts    map[desk.ID]int       // of contacts, seen so far
	gone    map[desk.ID]bool      // conversations of people who were erased
	entered map[desk.ID]bool      // messages
	epoch   int64                 // of the workspace, now
	paused  bool
	turns   int // of settings, so far
	counts  map[string]int
}

// judge replays the events of the workspace, which are numbered in the order of
// commits, and checks every AI message that entered sending.
func (r *slowRace) judge() {
	t := r.T
	t.Helper()
	must(t, r.place.Handle.Read(ctx, func(rx *store.Rx) error {
		p := &replay{slowRace: r, rx: rx, talks: map[desk.ID]*stopped{}, until: map[desk.ID]time.Time{}, with: map[desk.ID]desk.ID{}, silent: map[desk.ID]bool{},
			acts: map[desk.ID]int{}, gone: map[desk.ID]bool{}, entered: map[desk.ID]bool{}, counts: map[string]int{}}
		ws, err := rx.Settings()
		if err != nil {
			return err
		}
		p.epoch = ws.AIEpoch - int64(len(r.pace))
		for no := int64(0); ; {
			events, err := rx.EventsAfter(no, 1000)
			if err != nil || len(events) == 0 {
				if p.turns != len(r.pace) {
					t.Errorf("the workspace changed %d times by %d acts", p.turns, len(r.pace))
				}
				p.told()
				return err
			}
			for _, e := range events {
				no = e.No
				if err := p.event(e); err != nil {
					return err
				}
			}
		}
	}))
	left := map[desk.ID]bool{}
	for _, out := range r.Channel.Outbox() {
		if left[out.Message.ID] {
			t.Errorf("message %v left twice", out.Message.ID)
		}
		left[out.Message.ID] = true
	}
}

func (p *replay) event(e desk.Event) error {
	switch e.Kind {
	case desk.WorkspaceChanged:
		what := p.pace[p.turns]
		p.turns++
		p.epoch++
		p.paused = what == "paused"
		p.counts[what]++
	case desk.ContactChanged:
		if n := p.acts[e.Object]; n < len(p.flags[e.Object]) {
			p.silent[e.Object] = p.flags[e.Object][n]
			p.counts["silenced or lifted"]++
		} else {
			p.Errorf("contact %v changed %d times by %d acts", e.Object, n+1, len(p.flags[e.Object]))
		}
		p.acts[e.Object]++
	case desk.ContactErased:
		p.gone[p.whose[e.Object]] = true
		p.counts["erased"]++
	}
	if e.Message == 0 {
		return nil
	}
	m, err := p.rx.Message(e.Message)
	if desk.IsNotFound(err) { // erased since
		if p.gone[e.Conversation] && e.Kind != desk.MessageGone {
			p.Errorf("%s at event %d of a conversation that was erased before", e.Kind, e.No)
		}
		return nil
	}
	if err == nil {
		err = p.message(e, m)
	}
	return err
}

func (p *replay) message(e desk.Event, m desk.Message) error {
	s := p.talks[m.Conversation]
	if s == nil {
		s = &stopped{}
		p.talks[m.Conversation] = s
		c, err := p.rx.Conversation(m.Conversation)
		if err != nil {
			return err
		}
		p.with[m.Conversation] = c.Contact
	}
	switch {
	case m.Event == desk.EventTakeOver:
		s.owned = true
	case m.Event == desk.EventHandBack:
		*s = stopped{}
	case m.Event == desk.EventPaused:
		s.paused = true
	case m.Event == desk.EventResumed:
		s.paused = false
	case e.Kind == desk.MessageArrived:
		p.until[m.Conversation] = later(p.until[m.Conversation], m.At.Add(window))
	case e.Kind == desk.MessageChanged && m.Author.Kind == desk.FromAI && !p.entered[m.ID]:
		p.entered[m.ID] = true // the first change is: sending, cancelled or failed
		p.sending(e, m, s)
	}
	if m.Event != "" {
		p.counts[string(m.Event)]++
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// sending holds what an AI message did against all that may stop it.
func (p *replay) sending(e desk.Event, m desk.Message, s *stopped) {
	if m.Status == desk.StatusCancelled || m.Status == desk.StatusFailed {
		p.counts[string(m.Status)]++
		return
	}
	p.counts["sent"]++
	for what, bad := range map[string]bool{
		"a member holds the conversation": s.owned, "the conversation is paused": s.paused, "the workspace is paused": p.paused,
		"the contact is restricted or objected": p.silent[p.with[m.Conversation]], "the contact is erased": p.gone[m.Conversation],
		"settings changed since it was written": m.AIEpoch != p.epoch,
		// The clock moves by more than the window; what passes between two reads of it is not the point.
		"the window is closed": e.At.After(p.until[m.Conversation].Add(30 * time.Second)),
	} {
		if bad {
			p.Errorf("AI message %v entered sending at event %d although %s", m.ID, e.No, what)
		}
	}
}

// told says what happened, and that every kind of stop did.
func (p *replay) told() {
	days, err := p.rx.Spends(time.Time{})
	if err != nil {
		p.Fatal(err)
	}
	for _, d := range days {
		p.counts["calls"] += int(d.Calls)
	}
	p.Logf("%v", p.counts)
	must := []string{"calls", "sent"}
	if *races >= 5000 { // a small number may miss one
		must = append(must, "cancelled", "paused", "resumed", "settings", "silenced or lifted", "erased", string(desk.EventTakeOver), string(desk.EventHandBack))
	}
	for _, what := range must {
		if p.counts[what] == 0 {
			p.Errorf("there was no %s: %v", what, maps.Clone(p.counts))
		}
	}
	if late := p.counts["calls"] - p.counts["sent"]; late <= 0 {
		p.Errorf("no answer of a model came too late: %v", p.counts)
	}
}
