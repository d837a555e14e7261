package talk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/answer"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/store"
	"parley/test/talk"
)

// pulse lets searches and sends wait for the next act of anybody, so that every
// one of them is overtaken by something.
type pulse struct {
	mu   sync.Mutex
	next chan struct{}
	open bool
}

func (p *pulse) beat(last bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.open {
		close(p.next)
		p.next = make(chan struct{})
	}
	if p.open = p.open || last; last {
		close(p.next)
	}
}

func (p *pulse) wait(ctx context.Context) {
	p.mu.Lock()
	next := p.next
	p.mu.Unlock()
	select {
	case <-next:
	case <-ctx.Done():
	}
}

// TestNoAIMessageEntersSendingAfterATakeOverOrPause throws acts of members and
// contacts at conversations whose searches and sends are under way. Events are
// numbered in commit order, so they tell what came first.
func TestNoAIMessageEntersSendingAfterATakeOverOrPause(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		p := &pulse{next: make(chan struct{})}
		var n atomic.Int64
		x.Finder.Before(func(ctx context.Context, _ answer.Question) error {
			if n.Add(1)%2 == 0 {
				p.wait(ctx)
			}
			return nil
		})
		x.Channel.Answer = func(ctx context.Context, out desk.Outgoing) (desk.Sent, error) {
			if out.Message.Seq%2 == 0 {
				p.wait(ctx)
			}
			return desk.Sent{ExternalID: "out-" + out.Message.ID.String()}, nil
		}
		x.Channel.Skills.Window = 0
		x.Run(nil)
		place := x.Place("shop", 0)
		const people, drivers = 24, 12
		for i := range people {
			place.Says(fmt.Sprint("p", i), "q 0")
		}
		p.beat(false)
		acts := acts
		if x.DB.Engine() == "postgres" {
			acts /= 4 // every act is a round of network calls there
		}
		var all sync.WaitGroup
		var steer sync.Mutex
		for d := range drivers {
			all.Go(func() {
				rnd := rand.New(rand.NewPCG(7, uint64(d)))
				for i := range acts / drivers {
					// Each sender writes from one driver, so that their order is known.
					who := fmt.Sprint("p", d+drivers*rnd.IntN(people/drivers))
					if err := act(x, place, who, fmt.Sprintf("q %d", i+1), rnd, &steer); err != nil {
						t.Errorf("act: %v", err)
						return
					}
					p.beat(false)
				}
			})
		}
		all.Wait()
		p.beat(true)
		x.Quiet()
		judge(t, x, place)
		inOrder(t, place, people)
	})
}

func act(x *talk.World, p *talk.Place, who, line string, rnd *rand.Rand, steer *sync.Mutex) error {
	c := p.With(who)
	if c.ID == 0 {
		p.Says(who, line)
		return nil
	}
	var err error
	switch n := rnd.IntN(40); {
	case n < 18:
		p.Says(who, line)
	case n < 22:
		_, err = x.Inbox.TakeOver(ctx, c.Workspace, c.ID, talk.Member())
	case n < 33:
		_, err = x.Inbox.HandBack(ctx, c.Workspace, c.ID, talk.Member())
	case n < 36:
		_, err = x.Inbox.SetPaused(ctx, c.Workspace, c.ID, talk.Member(), true)
	case n < 39:
		_, err = x.Inbox.SetPaused(ctx, c.Workspace, c.ID, talk.Member(), false)
	default: // one at a time, so that their events alternate
		steer.Lock()
		defer steer.Unlock()
		for _, paused := range []bool{true, false} {
			if _, err = x.Inbox.SteerWorkspace(ctx, c.Workspace, talk.Member(), inbox.Steer{Paused: &paused}); err != nil {
				return err
			}
		}
	}
	return err
}

// stopped is what the events so far say of one conversation.
type stopped struct{ owned, paused bool }

// judge is judgeAny for a test that must have had races.
func judge(t *testing.T, x *talk.World, p *talk.Place) {
	t.Helper()
	sent, cancelled, takeOvers := judgeAny(t, x, p)
	t.Logf("%d AI messages sent, %d cancelled, %d take-overs", sent, cancelled, takeOvers)
	if sent == 0 || cancelled == 0 || takeOvers == 0 {
		t.Error("the race never happened")
	}
}

// judgeAny replays the events of a workspace and checks each AI message that
// entered sending, and what left for it being once and in order.
func judgeAny(t *testing.T, x *talk.World, p *talk.Place) (sent, cancelled, takeOvers int) {
	t.Helper()
	convs := map[desk.ID]*stopped{}
	entered := map[desk.ID]bool{}
	wholePaused := false
	err := p.Handle.Read(ctx, func(r *store.Rx) error {
		for no := int64(0); ; {
			events, err := r.EventsAfter(no, 1000)
			if err != nil || len(events) == 0 {
				return err
			}
			for _, e := range events {
				no = e.No
				if e.Kind == desk.WorkspaceChanged {
					wholePaused = !wholePaused // no test changes anything else of a workspace twice
					continue
				}
				if e.Message == 0 || e.Kind == desk.MessageArrived || e.Kind == desk.MessageQueued {
					continue
				}
				m, err := r.Message(e.Message)
				if err != nil {
					return err
				}
				s := convs[e.Conversation]
				if s == nil {
					s = &stopped{}
					convs[e.Conversation] = s
				}
				switch m.Event {
				case desk.EventTakeOver:
					s.owned = true
					takeOvers++
				case desk.EventHandBack:
					*s = stopped{}
				case desk.EventPaused:
					s.paused = true
				case desk.EventResumed:
					s.paused = false
				}
				if e.Kind != desk.MessageChanged || m.Author.Kind != desk.FromAI || entered[m.ID] {
					continue
				}
				entered[m.ID] = true // the first change is: sending, or cancelled
				if m.Status == desk.StatusCancelled {
					cancelled++
					continue
				}
				sent++
				if s.owned || s.paused || wholePaused {
					t.Errorf("AI message %v entered sending at event %d: owned %v, paused %v, workspace paused %v", m.ID, e.No, s.owned, s.paused, wholePaused)
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	once := map[desk.ID]bool{}
	last := map[desk.ID]int64{}
	for _, out := range x.Channel.Outbox() {
		m := out.Message
		if once[m.ID] {
			t.Errorf("message %v left twice", m.ID)
		}
		once[m.ID] = true
		if m.Seq <= last[m.Conversation] {
			t.Errorf("message %d of conversation %v left after %d", m.Seq, m.Conversation, last[m.Conversation])
		}
		last[m.Conversation] = m.Seq
	}
	return sent, cancelled, takeOvers
}

// inOrder: what each sender wrote is there once, in the order written.
func inOrder(t *testing.T, p *talk.Place, people int) {
	t.Helper()
	for i := range people {
		inOrderOf(t, p, fmt.Sprint("p", i))
	}
}

func inOrderOf(t *testing.T, p *talk.Place, who string) {
	t.Helper()
	last := -1
	for _, m := range p.Thread(who) {
		var n int
		if m.Direction != desk.In {
			continue
		}
		if _, err := fmt.Sscanf(string(m.Body), "q %d", &n); err != nil || n <= last {
			t.Errorf("%s: %q after %d (%v)", who, string(m.Body), last, err)
		}
		last = n
	}
}
