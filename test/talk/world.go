package talk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/answer"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/deliver"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/inbox"
	"parley/internal/intake"
	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/test/storetest"
)

// World is the way of a message on one store.
type World struct {
	T       testing.TB
	DB      *store.DB
	Fake    *clock.Fake // nil on real time
	Flow    *flow.Flow
	Intake  *intake.Intake
	Answer  *answer.Answer
	Deliver *deliver.Deliver
	Inbox   *inbox.Inbox
	Channel *channeltest.Signed
	Finder  *Finder
	Key     secret.Text

	ids  atomic.Int64
	stop context.CancelFunc
	done chan struct{}
}

// Finder is a scripted knowledge: it answers what begins with "q" at once,
// offers choices for "which", finds nothing for "unknown", and does as Before
// says first.
type Finder struct {
	mu     sync.Mutex
	before func(ctx context.Context, q answer.Question) error
	asked  []answer.Question
}

// Before runs fn in every later search before it answers; nil ends that.
func (f *Finder) Before(fn func(context.Context, answer.Question) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before = fn
}

// Asked is every question so far.
func (f *Finder) Asked() []answer.Question {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]answer.Question(nil), f.asked...)
}

// Answer implements answer.Finder.
func (f *Finder) Answer(ctx context.Context, _ desk.ID, q answer.Question) (answer.Finding, error) {
	f.mu.Lock()
	f.asked = append(f.asked, q)
	before := f.before
	f.mu.Unlock()
	if before != nil {
		if err := before(ctx, q); err != nil {
			return answer.Finding{}, err
		}
	}
	ref := []desk.SourceRef{{N: 1, SourceID: 7, PassageID: 77, Name: "Returns", Quote: "30 days"}}
	switch {
	case q.Passage != 0:
		return answer.Finding{Decision: desk.DecideAnswer, Text: "About passage " + q.Passage.String(), Confidence: "high", Sources: ref}, nil
	case strings.HasPrefix(q.Text, "which"):
		return answer.Finding{Decision: desk.DecideDidYouMean, Reason: "middle", Suggestions: []answer.Suggestion{{Passage: 11, Label: "Returns"}, {Passage: 12, Label: "Sizes"}}}, nil
	case strings.HasPrefix(q.Text, "unknown"):
		return answer.Finding{Decision: desk.DecideHandOver, Reason: "no_answer"}, nil
	}
	return answer.Finding{Decision: desk.DecideAnswer, Text: "Answer to: " + q.Text, Confidence: "high", Language: "en", Sources: ref}, nil
}

// Rules are the followers that app/flow.go lists for the way of a message.
func Rules() []flow.Rule {
	return []flow.Rule{
		{On: desk.MessageArrived, Do: answer.Work, Key: flow.ByConversation, Burst: true, Coalesce: true},
		{On: desk.MessageArrived, Do: inbox.IndexWork, Key: flow.ByWorkspace},
		{On: desk.MessageQueued, Do: deliver.Work, Key: flow.ByConversation},
		{On: desk.MessageQueued, Do: inbox.IndexWork, Key: flow.ByWorkspace},
	}
}

// Languages of a scripted knowledge.
func (f *Finder) Languages(context.Context, desk.ID) ([]string, error) { return []string{"en"}, nil }

func (f *Finder) Stale(context.Context, desk.ID) ([]desk.ID, error) { return nil, nil }

// New puts a world together; nothing runs before Run.
func New(t testing.TB, w *storetest.World) *World {
	t.Helper()
	x := &World{T: t, DB: w.DB, Fake: w.Fake, Channel: channeltest.NewSigned(), Finder: &Finder{}, Key: secret.New("door key")}
	reg := channel.NewRegistry(x.Channel)
	x.Flow = flow.New(flow.Config{DB: w.DB, Clock: w.DB.Clock(), Rules: Rules()})
	x.Intake = intake.New(intake.Parts{DB: w.DB, Flow: x.Flow, Channels: reg, Secrets: map[string][]secret.Text{channeltest.Kind: {x.Key}}})
	x.Answer = answer.New(answer.Parts{DB: w.DB, Flow: x.Flow, Finder: x.Finder})
	x.Deliver = deliver.New(deliver.Parts{DB: w.DB, Flow: x.Flow, Channels: reg})
	x.Inbox = inbox.New(inbox.Parts{DB: w.DB, Flow: x.Flow, Channels: reg})
	return x
}

// Handlers is all the work of the way.
func (x *World) Handlers() []flow.Handler {
	all := append(x.Intake.Handlers(), x.Answer.Handlers()...)
	return append(append(all, x.Deliver.Handlers()...), x.Inbox.Handlers()...)
}

// Run lets the work be done until Stop or the end of the test; wrap may change
// the handlers.
func (x *World) Run(wrap func(flow.Handler) flow.Handler) {
	x.T.Helper()
	ctx, stop := context.WithCancel(context.Background())
	x.stop, x.done = stop, make(chan struct{})
	handlers := x.Handlers()
	if wrap != nil {
		for i := range handlers {
			handlers[i] = wrap(handlers[i])
		}
	}
	go func() {
		defer close(x.done)
		if err := x.Flow.Run(ctx, handlers, nil); err != nil {
			x.T.Errorf("flow: %v", err)
		}
	}()
	x.T.Cleanup(x.Stop)
}

// Stop ends the work and waits for it.
func (x *World) Stop() {
	x.stop()
	<-x.done
}

// Place is one workspace with one channel account.
type Place struct {
	*World
	Handle  store.Handle
	Account desk.Account
}

// Place adds a workspace on autopilot.
func (x *World) Place(name string, burst time.Duration) *Place {
	x.T.Helper()
	h := x.DB.In(x.DB.NewID())
	err := h.Write(context.Background(), func(tx *store.Tx) error {
		return tx.InsertWorkspace(desk.Workspace{Name: name, Locale: "en", Mode: desk.ModeAutopilot, Burst: burst})
	})
	if err != nil {
		x.T.Fatal(err)
	}
	return &Place{World: x, Handle: h, Account: storetest.Account(x.T, h, channeltest.Kind, "page-"+name)}
}

// ID makes an external id.
func (x *World) ID() string { return "m" + strconv.FormatInt(x.ids.Add(1), 10) }

// Says delivers lines of one sender in one delivery.
func (p *Place) Says(from string, lines ...string) {
	p.T.Helper()
	var items []channeltest.Item
	for _, l := range lines {
		items = append(items, channeltest.Item{Type: "message", ID: p.ID(), From: from, Text: l})
	}
	p.Delivers(items...)
}

// Delivers sends items through the door.
func (p *Place) Delivers(items ...channeltest.Item) {
	p.T.Helper()
	got, err := p.Intake.Accept(context.Background(), channeltest.Door, channeltest.Delivery(p.Key, p.Account.OutsideID, items...))
	if err != nil || got.Parts != 1 {
		p.T.Fatalf("accept: %+v %v", got, err)
	}
}

// patience bounds how long a test waits for something that must come.
const patience = 60 * time.Second

// Until waits until ok says yes, looking again after every commit.
func (x *World) Until(what string, ok func() bool) {
	x.T.Helper()
	bell := make(chan struct{}, 1)
	stop := x.DB.Watch(func(store.Commit) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})
	defer stop()
	// A commit without event or work row wakes nobody, so now and then it looks
	// on its own.
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	end := time.NewTimer(patience)
	defer end.Stop()
	for !ok() {
		select {
		case <-bell:
		case <-again.C:
		case <-end.C:
			x.T.Fatalf("never came: %s", what)
		}
	}
}

// Quiet waits until no work is due.
func (x *World) Quiet() {
	x.T.Helper()
	x.Until("no work due", func() bool { return len(x.Due()) == 0 })
}

// Due is the work that waits or runs now, by kind.
func (x *World) Due() []store.Backlog {
	x.T.Helper()
	var all []store.Backlog
	err := x.DB.In(0).Read(context.Background(), func(r *store.Rx) (err error) {
		all, err = r.Backlogs()
		return err
	})
	if err != nil {
		x.T.Fatal(err)
	}
	return all
}

func (p *Place) read(fn func(*store.Rx) error) {
	p.T.Helper()
	if err := p.Handle.Read(context.Background(), fn); err != nil {
		p.T.Fatal(err)
	}
}

// With is the conversation with a sender.
func (p *Place) With(from string) store.Row {
	p.T.Helper()
	var c store.Row
	p.read(func(r *store.Rx) error {
		i, err := r.Identity(p.Account.ID, desk.IdentityHint{Kind: "test_user", Value: from})
		if desk.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		all, err := r.ConversationsWith(i.Contact, 10)
		if err == nil && len(all) > 0 {
			c = all[0]
		}
		if len(all) > 1 {
			p.T.Errorf("%d conversations with %s", len(all), from)
		}
		return err
	})
	return c
}

// Thread is all messages with a sender, in order.
func (p *Place) Thread(from string) []desk.Message {
	p.T.Helper()
	var all []desk.Message
	if c := p.With(from); c.ID != 0 {
		p.read(func(r *store.Rx) (err error) {
			all, err = r.MessagesAfter(c.ID, 0, 100_000)
			return err
		})
	}
	return all
}

// Lines shows a thread as "author status: text" for comparing.
func Lines(all []desk.Message) []string {
	var out []string
	for _, m := range all {
		if m.Kind == desk.KindEvent {
			out = append(out, fmt.Sprintf("[%s %s]", m.Event, m.EventReason))
			continue
		}
		out = append(out, fmt.Sprintf("%s %s: %s", m.Author.Kind, m.Status, string(m.Body)))
	}
	return out
}

// Member is who acts in tests.
func Member() desk.Actor {
	return desk.Actor{Kind: desk.ByMember, ID: 42, Name: "Ayşe", Role: desk.RoleAgent}
}
