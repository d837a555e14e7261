package talk_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/channel/channeltest"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/store"
	"parley/test/storetest"
	"parley/test/talk"
)

func TestAReplySentTwiceWithOneKeyIsOneMessage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "thanks")
		x.Quiet()
		c := p.With("ana")
		var ids sync.Map
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				m, err := x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), inbox.Reply{Body: "hi", ClientID: "k"})
				if err != nil {
					t.Error(err)
				}
				ids.Store(m.ID, true)
			})
		}
		all.Wait()
		n := 0
		ids.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d messages", n)
		}
		_, err := x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), inbox.Reply{Body: "other", ClientID: "k"})
		if desk.CodeOf(err) != desk.Conflict {
			t.Errorf("the key with another body: %v", err)
		}
		other := talk.Member()
		other.ID++
		if _, err := x.Inbox.Reply(ctx, c.Workspace, c.ID, other, inbox.Reply{Body: "mine", ClientID: "k"}); err != nil {
			t.Errorf("somebody else's key of the same name: %v", err)
		}
		x.Quiet()
		same(t, talk.Lines(p.Thread("ana"))[1:], []string{"[take_over ]", "member sent: hi", "[take_over ]", "member sent: mine"})
	})
}

func TestBadRepliesAreRefusedAndLeaveNothing(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "thanks")
		x.Until("filed", func() bool { return len(p.Thread("ana")) == 1 })
		c := p.With("ana")
		reply := func(r inbox.Reply) error { return second(x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), r)) }
		for name, err := range map[string]error{
			"empty":     reply(inbox.Reply{Body: " \n\u200b"}),
			"huge":      reply(inbox.Reply{Body: string(make([]byte, desk.MaxBody+1))}),
			"too long":  reply(inbox.Reply{Body: fmt.Sprintf("%010001d", 1)}),
			"stranger":  reply(inbox.Reply{Body: "x", ReplyTo: 999}),
			"past time": second(x.Inbox.Snooze(ctx, c.Workspace, c.ID, talk.Member(), x.Fake.Now())),
			"bad mode":  second(x.Inbox.SetMode(ctx, c.Workspace, c.ID, talk.Member(), "loud")),
		} {
			if desk.CodeOf(err) != desk.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		x.Fake.Advance(25 * time.Hour)
		if err := reply(inbox.Reply{Body: "late"}); desk.CodeOf(err) != desk.Forbidden {
			t.Errorf("after the window: %v", err)
		}
		if n := len(p.Thread("ana")); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestANoteTakesNothingOverAndIsNeverSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "thanks")
		x.Quiet()
		c := p.With("ana")
		must(t, second(x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), inbox.Reply{Body: "careful with her", Note: true})))
		x.Quiet()
		if after := p.With("ana"); after.Owner != c.Owner || len(x.Channel.Outbox()) != 0 || after.Preview != c.Preview {
			t.Errorf("%+v", after)
		}
	})
}

func TestASnoozedConversationWakesByTimeAndByMessage(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "thanks")
		p.Says("bob", "thanks")
		x.Until("filed", func() bool { return len(p.Thread("ana")) == 1 && len(p.Thread("bob")) == 1 })
		for _, who := range []string{"ana", "bob"} {
			c := p.With(who)
			must(t, second(x.Inbox.Snooze(ctx, c.Workspace, c.ID, talk.Member(), x.Fake.Now().Add(time.Hour))))
		}
		must(t, x.Inbox.Wake(ctx))
		p.Says("bob", "thanks again")
		x.Until("bob is back", func() bool { return p.With("bob").State == desk.Open })
		if p.With("ana").State != desk.Snoozed {
			t.Error("ana woke early")
		}
		x.Fake.Advance(time.Hour)
		must(t, x.Inbox.Wake(ctx))
		if p.With("ana").State != desk.Open {
			t.Error("ana sleeps on")
		}
	})
}

func TestReadAndLabelsDoNotDisturbTheAI(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		g := gated(x)
		p := x.Place("shop", 0)
		g.before.arm(true)
		p.Says("ana", "q1")
		await(t, g.before)
		c := p.With("ana")
		g.search.arm(true)
		p.Says("ana", "q2")
		p.Says("ana", "q3")
		x.Until("filed", func() bool { return p.With("ana").Unread >= 2 })
		await(t, g.search)
		must(t, second(x.Inbox.SetLabels(ctx, c.Workspace, c.ID, talk.Member(), []string{"vip", " vip ", "", "new"})))
		must(t, second(x.Inbox.Read(ctx, c.Workspace, c.ID, p.Thread("ana")[2].ID, talk.Member())))
		after := p.With("ana")
		same(t, after.Labels, []string{"vip", "new"})
		if after.Unread != 1 { // q3
			t.Errorf("%d unread", after.Unread)
		}
		g.search.arm(false)
		g.search.on <- struct{}{}
		g.before.arm(false)
		g.before.on <- struct{}{}
		x.Quiet()
		if m := p.Thread("ana")[1]; m.Author.Kind != desk.FromAI || m.Status != desk.StatusSent {
			t.Errorf("the answer that waited: %v", talk.Lines(p.Thread("ana")))
		}
	})
}

func TestSearchFindsWordsOfMessagesAndNamesOfContacts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		off := desk.ModeOff // its answers would hold the words, too
		must(t, second(x.Inbox.SteerChannel(ctx, p.Account.Workspace, p.Account.ID, talk.Member(), inbox.Steer{Mode: &off})))
		for i := range 5 {
			p.Delivers(channeltest.Item{Type: "message", ID: x.ID(), From: fmt.Sprint("p", i), Name: fmt.Sprint("Ayşe Yıldız ", i), Text: "thanks"})
		}
		p.Says("p1", "Where are my returned COATS from Ankara?")
		p.Says("p2", "my coat is red")
		p.Says("p2", "the same coat again")
		x.Quiet()
		find := func(q string) (who []desk.ID) {
			found, err := x.Inbox.Search(ctx, p.Account.Workspace, q, 0, 10)
			must(t, err)
			for _, c := range found.Conversations {
				who = append(who, c.ID)
			}
			return who
		}
		p1, p2 := p.With("p1").ID, p.With("p2").ID
		same(t, find("coat"), []desk.ID{p2, p1})
		same(t, find("ankara coat"), []desk.ID{p1})
		if n := len(find("ayse yil")); n != 5 {
			t.Errorf("%d by name", n)
		}
		if n := len(find("zebra")) + len(find("")) + len(find("\x00\xff")); n != 0 {
			t.Errorf("%d for nothing", n)
		}
		first, err := x.Inbox.Search(ctx, p.Account.Workspace, "coat", 0, 1)
		must(t, err)
		next, err := x.Inbox.Search(ctx, p.Account.Workspace, "coat", first.Next, 5)
		must(t, err)
		if len(first.Conversations) != 1 || first.Next == 0 || next.Conversations[len(next.Conversations)-1].ID != p1 {
			t.Errorf("pages %v %v", first, next)
		}
	})
}

// audited records what it is told.
type audited struct {
	mu   sync.Mutex
	acts []string
}

func (a *audited) Add(_ *store.Tx, actor desk.Actor, action string, _ desk.ID) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.acts = append(a.acts, actor.Name+" "+action)
	return nil
}

func TestActsAreAuditedAndAnActThatChangesNothingIsNot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		log := &audited{}
		x.Inbox.Audit = log
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "thanks")
		x.Quiet()
		c := p.With("ana")
		for range 2 {
			must(t, second(x.Inbox.TakeOver(ctx, c.Workspace, c.ID, talk.Member())))
			must(t, second(x.Inbox.Close(ctx, c.Workspace, c.ID, talk.Member())))
			must(t, second(x.Inbox.Close(ctx, c.Workspace, c.ID, talk.Member())))
		}
		yes := true
		for range 2 {
			must(t, second(x.Inbox.SteerWorkspace(ctx, c.Workspace, talk.Member(), inbox.Steer{Paused: &yes})))
			must(t, second(x.Inbox.SteerChannel(ctx, c.Workspace, p.Account.ID, talk.Member(), inbox.Steer{Paused: &yes})))
		}
		same(t, log.acts, []string{"Ayşe conversation.take_over", "Ayşe conversation.close", "Ayşe conversation.take_over",
			"Ayşe conversation.close", "Ayşe workspace.ai", "Ayşe channel.ai"})
	})
}

// The operator's figures tell how each hand-over went, by channel.
func TestEveryHandOverIsCountedByItsOutcome(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		var busy atomic.Bool
		busy.Store(true)
		x.Channel.Answer = func(_ context.Context, out desk.Outgoing) (desk.Sent, error) {
			switch {
			case out.Text == "refused":
				return desk.Sent{}, desk.Fail(desk.Invalid, "too_long", "no")
			case out.Text == "lost":
				return desk.Sent{}, errors.New("no answer came")
			case out.Text == "busy" && busy.Swap(false):
				return desk.Sent{}, desk.Fail(desk.TooMany, "rate", "the channel asks us to wait")
			}
			return desk.Sent{ExternalID: "e" + out.Message.ID.String()}, nil
		}
		var mu sync.Mutex
		told := map[string]int{}
		x.Deliver.Told = func(channel, outcome string, took time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			told[channel+" "+outcome]++
		}
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "thanks")
		x.Until("filed", func() bool { return len(p.Thread("ana")) == 1 })
		c := p.With("ana")
		for _, text := range []string{"busy", "refused", "lost", "taken"} {
			must(t, second(x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), inbox.Reply{Body: text})))
		}
		x.Until("all had their end", func() bool {
			x.Fake.Advance(time.Second)
			th := p.Thread("ana")
			return th[len(th)-1].Status == desk.StatusSent
		})
		mu.Lock()
		defer mu.Unlock()
		if want := map[string]int{"test again": 1, "test sent": 2, "test failed": 1, "test unknown": 1}; !maps.Equal(told, want) {
			t.Errorf("%v, want %v", told, want)
		}
	})
}

func TestARefusedSendIsTriedAgainAtTheHeadAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		var calls atomic.Int64
		x.Channel.Answer = func(_ context.Context, out desk.Outgoing) (desk.Sent, error) {
			if calls.Add(1) <= 3 {
				return desk.Sent{}, desk.Fail(desk.TooMany, "rate", "the channel asks us to wait")
			}
			return desk.Sent{ExternalID: "e" + out.Message.ID.String()}, nil
		}
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "thanks")
		x.Until("filed", func() bool { return len(p.Thread("ana")) == 1 })
		c := p.With("ana")
		for i := range 3 {
			must(t, second(x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), inbox.Reply{Body: fmt.Sprint("r", i)})))
		}
		x.Until("sent", func() bool {
			x.Fake.Advance(time.Second)
			th := p.Thread("ana")
			return th[len(th)-1].Status == desk.StatusSent
		})
		var left []string
		for _, out := range x.Channel.Outbox() {
			left = append(left, out.Text)
		}
		same(t, left, []string{"r0", "r1", "r2"})
	})
}

func TestAcceptedIsFiledSoonAndCanBeWaitedFor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		part, err := x.Channel.Split(channeltest.Delivery(x.Key, p.Account.OutsideID, channeltest.Item{Type: "message", ID: "w1", From: "ana", Text: "thanks"}))
		must(t, err)
		must(t, x.Intake.AcceptPart(ctx, p.Account, part[0].Body))
		m, err := x.Intake.Filed(ctx, p.Account, "w1")
		if err != nil || string(m.Body) != "thanks" {
			t.Errorf("%v %v", m.ID, err)
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := x.Intake.Filed(gone, p.Account, "never"); err == nil {
			t.Error("what never comes was filed")
		}
	})
}
