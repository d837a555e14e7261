package talk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/secret"
	"parley/internal/store"
	"parley/test/storetest"
	"parley/test/talk"
)

func TestRepeatsFromEightSendersAreFiledOnceEachInOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Channel.Skills.Window = 0
		p := x.Place("shop", 0)
		mode := desk.ModeOff
		must(t, p.Handle.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.ChangeAccount(p.Account.ID, func(a *desk.Account) error { a.Mode = mode; return nil })
			return err
		}))
		x.Run(nil)
		const senders, lines, times = 8, 25, 10
		// Every sender's lines go out in order once; nine more times each comes
		// again, in any order, among the others'.
		var first sync.WaitGroup
		for s := range senders {
			first.Go(func() {
				for n := range lines {
					p.Delivers(line(s, n))
				}
			})
		}
		first.Wait()
		var rest sync.WaitGroup
		for s := range senders {
			rest.Go(func() {
				rnd := rand.New(rand.NewPCG(3, uint64(s)))
				for _, n := range rnd.Perm(lines * (times - 1)) {
					p.Delivers(line(s, n%lines), line((s+1)%senders, n%lines))
				}
			})
		}
		rest.Wait()
		x.Quiet()
		for s := range senders {
			thread := p.Thread(fmt.Sprint("s", s))
			if len(thread) != lines {
				t.Errorf("sender %d: %d messages, want %d", s, len(thread), lines)
			}
			for n, m := range thread {
				if string(m.Body) != fmt.Sprint("line ", n) || m.Seq != int64(n+1) {
					t.Errorf("sender %d: place %d holds %q at seq %d", s, n, string(m.Body), m.Seq)
				}
			}
		}
	})
}

func line(sender, n int) channeltest.Item {
	return channeltest.Item{Type: "message", ID: fmt.Sprintf("s%d-%d", sender, n), From: fmt.Sprint("s", sender), Text: fmt.Sprint("line ", n)}
}

func TestAPoisonedItemHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		p := x.Place("shop", 0)
		poison := channeltest.Item{Type: "message", ID: "bad", From: strings.Repeat("x", 600), Text: "q"}
		p.Delivers(channeltest.Item{Type: "message", ID: "m1", From: "ana", Text: "q1"})
		p.Delivers(channeltest.Item{Type: "message", ID: "m2", From: "ana", Text: "q2"}, poison, channeltest.Item{Type: "message", ID: "m3", From: "ana", Text: "q3"})
		p.Delivers(channeltest.Item{Type: "message", ID: "m4", From: "bob", Text: "q4"})
		x.Run(nil)
		x.Until("neighbours are filed", func() bool { return len(p.Thread("ana")) >= 3 && len(p.Thread("bob")) >= 1 })
		p.Delivers(channeltest.Item{Type: "message", ID: "m5", From: "bob", Text: "q5"})
		x.Until("later ones, too", func() bool { return contains(p.Thread("bob"), "q5") })
		for _, want := range []string{"q1", "q2", "q3"} {
			if !contains(p.Thread("ana"), want) {
				t.Errorf("%s is not filed", want)
			}
		}
	})
}

func contains(all []desk.Message, body string) bool {
	for _, m := range all {
		if string(m.Body) == body {
			return true
		}
	}
	return false
}

func TestTheDoorTakesOnlyWhatIsSignedKnownAndSmall(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		p := x.Place("shop", 0)
		good := channeltest.Delivery(x.Key, p.Account.OutsideID, channeltest.Item{Type: "message", ID: "1", From: "ana", Text: "q"})
		for name, c := range map[string]struct {
			door string
			raw  channel.Raw
			want desk.Code
		}{
			"forged":   {channeltest.Door, channeltest.Sign(secret.New("other"), good.Body), desk.Unauthenticated},
			"no door":  {"/hooks/none", good, desk.NotFound},
			"too big":  {channeltest.Door, channel.Raw{Header: good.Header, Body: make([]byte, channel.MaxRaw+1)}, desk.Invalid},
			"not JSON": {channeltest.Door, channeltest.Sign(x.Key, []byte("{")), desk.Invalid},
			"too many": {channeltest.Door, channeltest.Deliver(x.Key, make1001()...), desk.Invalid},
		} {
			if _, err := x.Intake.Accept(ctx, c.door, c.raw); desk.CodeOf(err) != c.want {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		got, err := x.Intake.Accept(ctx, channeltest.Door, channeltest.Deliver(x.Key, channeltest.Entry{Account: "stranger"}, channeltest.Entry{Account: p.Account.OutsideID}))
		if err != nil || got.Parts != 1 || got.Unknown != 1 || x.Intake.Unknown() != 1 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func make1001() []channeltest.Entry {
	all := make([]channeltest.Entry, channel.MaxParts+1)
	for i := range all {
		all[i].Account = fmt.Sprint(i)
	}
	return all
}

func TestTwoWorkspacesNeverMeet(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		a, b := x.Place("shop", 0), x.Place("other", 0)
		// One delivery for both, one sender with the same outside id and message id.
		raw, err := json.Marshal(channeltest.Item{Type: "message", ID: "m1", From: "ana", Text: "q"})
		must(t, err)
		_, err = x.Intake.Accept(ctx, channeltest.Door, channeltest.Deliver(x.Key,
			channeltest.Entry{Account: a.Account.OutsideID, Items: []json.RawMessage{raw}}, channeltest.Entry{Account: b.Account.OutsideID, Items: []json.RawMessage{raw}}))
		must(t, err)
		x.Quiet()
		if len(a.Thread("ana")) != 2 || len(b.Thread("ana")) != 2 {
			t.Errorf("%v %v", talk.Lines(a.Thread("ana")), talk.Lines(b.Thread("ana")))
		}
		c := a.With("ana")
		other := b.Account.Workspace
		for name, err := range map[string]error{
			"take over":  second(x.Inbox.TakeOver(ctx, other, c.ID, talk.Member())),
			"hand back":  second(x.Inbox.HandBack(ctx, other, c.ID, talk.Member())),
			"close":      second(x.Inbox.Close(ctx, other, c.ID, talk.Member())),
			"drafts":     second(x.Inbox.Drafts(ctx, other, c.ID)),
			"regenerate": x.Answer.Regenerate(ctx, other, c.ID),
			"typing":     x.Inbox.Typing(ctx, other, c.ID, talk.Member(), true),
		} {
			if !desk.IsNotFound(err) {
				t.Errorf("%s with the other workspace's conversation: %v", name, err)
			}
		}
		found, err := x.Inbox.Search(ctx, other, "q", 0, 10)
		if err != nil || len(found.Conversations) != 1 || found.Conversations[0].ID == c.ID {
			t.Errorf("search in the other workspace: %v %v", found, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestReceiptsOvertakeEachOtherAndTheAnswerOfTheSend(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		taken := make(chan desk.ID, 1)
		release := make(chan struct{})
		x.Channel.Answer = func(ctx context.Context, out desk.Outgoing) (desk.Sent, error) {
			taken <- out.Message.ID
			select {
			case <-release:
			case <-ctx.Done():
			}
			return desk.Sent{ExternalID: "ext-1", Status: desk.StatusSent}, nil
		}
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "q1")
		<-taken
		// The person reads it before the channel has answered our call: by place …
		p.Delivers(channeltest.Item{Type: "receipt", From: "ana", State: "read", UpTo: 2})
		x.Until("read", func() bool { return p.Thread("ana")[1].Status == desk.StatusRead })
		// … and by an id that we do not know yet.
		p.Delivers(channeltest.Item{Type: "receipt", From: "ana", State: "delivered", IDs: []string{"ext-1"}})
		close(release)
		x.Until("answered", func() bool { return p.Thread("ana")[1].ExternalID == "ext-1" })
		p.Delivers(channeltest.Item{Type: "receipt", From: "ana", State: "delivered", IDs: []string{"ext-1"}},
			channeltest.Item{Type: "receipt", From: "ana", State: "failed", IDs: []string{"ext-1"}})
		x.Quiet()
		if m := p.Thread("ana")[1]; m.Status != desk.StatusRead || m.ErrorCode != "" {
			t.Errorf("status %s after late receipts", m.Status)
		}
		if p.With("ana").SendFailed {
			t.Error("a late failure marked the conversation")
		}
	})
}

// die is a send that never comes back, as a process that was killed.
func TestACrashBetweenSendingAndItsAnswerIsUnknownAndNeverRepeated(t *testing.T) {
	t.Parallel()
	for _, idempotent := range []bool{false, true} {
		t.Run(fmt.Sprint("idempotent ", idempotent), func(t *testing.T) {
			t.Parallel()
			storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
				x := talk.New(t, w)
				x.Channel.Skills.Idempotent = idempotent
				crashed := make(chan struct{})
				var once sync.Once
				// The handler stops where a kill would stop it: after the commit that
				// marks the message sending, before the one that notes the answer.
				x.Channel.Answer = func(ctx context.Context, out desk.Outgoing) (desk.Sent, error) {
					first := false
					once.Do(func() { first = true; close(crashed) })
					if first {
						panic("killed here")
					}
					return desk.Sent{ExternalID: "e" + out.Message.ID.String()}, nil
				}
				x.Run(func(h flow.Handler) flow.Handler { return h })
				p := x.Place("shop", 0)
				p.Says("ana", "q1")
				<-crashed
				want := desk.StatusUnknown
				if idempotent {
					want = desk.StatusSent
				}
				x.Until("settled", func() bool {
					x.Fake.Advance(time.Second)
					th := p.Thread("ana")
					return len(th) > 1 && th[1].Status == want
				})
				same(t, talk.Lines(p.Thread("ana"))[1:], []string{"ai " + string(want) + ": " + disclosure + "Answer to: q1"})
				// The lane goes on behind it.
				p.Says("ana", "q2")
				x.Until("next", func() bool {
					x.Fake.Advance(time.Second)
					th := p.Thread("ana")
					return len(th) == 4 && th[3].Status == desk.StatusSent
				})
				if n := len(x.Channel.Outbox()); n != map[bool]int{false: 1, true: 2}[idempotent] {
					t.Errorf("%d messages left", n)
				}
			})
		})
	}
}

func TestAnUnsavedChatIsErasedADayAfterItsLastMessageUnlessItIsSaved(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		x.Run(nil)
		p := x.Place("shop", 0)
		says := func(id, state, kind string) channeltest.Item {
			return channeltest.Item{Type: kind, ID: id, From: "v1", As: "visitor", Text: "q " + id, State: state}
		}
		visitor := func() (c store.Row) {
			must(t, p.Handle.Read(ctx, func(r *store.Rx) error {
				i, err := r.Identity(p.Account.ID, desk.IdentityHint{Kind: "visitor", Value: "v1"})
				if desk.IsNotFound(err) {
					return nil
				}
				all, err2 := r.ConversationsWith(i.Contact, 1)
				if len(all) == 1 {
					c = all[0]
				}
				if err != nil {
					return err
				}
				return err2
			}))
			return c
		}
		p.Delivers(channeltest.Item{Type: "consent", From: "v1", As: "visitor", State: "refused"})
		p.Delivers(says("1", "unknown", "message"))
		x.Until("filed", func() bool { return visitor().LastSeq >= 1 })
		if got := visitor().EraseAt; !got.Equal(x.Fake.Now().Add(24 * time.Hour)) {
			t.Errorf("erased at %v", got)
		}
		x.Fake.Advance(3 * time.Hour)
		p.Delivers(says("2", "", "message"))
		x.Until("filed", func() bool { return visitor().LastIn.Equal(x.Fake.Now()) })
		if got := visitor().EraseAt; !got.Equal(x.Fake.Now().Add(24 * time.Hour)) {
			t.Errorf("erased at %v", got)
		}
		p.Delivers(says("", "granted", "consent"))
		x.Until("saved", func() bool { return visitor().EraseAt.IsZero() })
		seq := visitor().LastSeq
		p.Delivers(says("3", "unknown", "message"))
		x.Until("filed", func() bool { return visitor().LastSeq > seq })
		if !visitor().EraseAt.IsZero() {
			t.Error("a saved chat is unsaved again")
		}
	})
}

// erasedAt is a ledger of one erasure.
type erasedAt struct{ at time.Time }

func (l erasedAt) Erased(_ *store.Tx, _ desk.ID, _ desk.IdentityHint, sent time.Time) (bool, error) {
	return sent.Before(l.at), nil
}

func TestALateDeliveryDoesNotBringAnErasedPersonBack(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		erased := x.Fake.Now().Add(-time.Hour)
		x.Intake.Ledger = erasedAt{erased}
		x.Run(nil)
		p := x.Place("shop", 0)
		at := func(id string, sent time.Time) channeltest.Item {
			return channeltest.Item{Type: "message", ID: id, From: "ana", Text: "thanks " + id, AtMS: sent.UnixMilli()}
		}
		p.Delivers(at("before", erased.Add(-time.Minute)), channeltest.Item{Type: "end", From: "ana", AtMS: erased.Add(-time.Minute).UnixMilli()},
			channeltest.Item{Type: "message", ID: "b", From: "bob", Text: "thanks"})
		x.Until("the neighbour is filed", func() bool { return len(p.Thread("bob")) == 1 })
		if p.With("ana").ID != 0 {
			t.Error("an erased person is back")
		}
		p.Delivers(at("after", erased.Add(time.Minute)))
		x.Until("who writes anew is a new contact", func() bool { return len(p.Thread("ana")) == 1 })
		p.Delivers(at("late", erased.Add(-time.Second)), at("last", x.Fake.Now()))
		x.Until("filed", func() bool { return contains(p.Thread("ana"), "thanks last") })
		if contains(p.Thread("ana"), "thanks late") {
			t.Error("a message from before the erasure is filed")
		}
	})
}
