package talk_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/answer"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/kit/clock"
	"parley/internal/kit/i18n"
	"parley/internal/store"
	"parley/test/storetest"
	"parley/test/talk"
)

var ctx = context.Background()

// each runs fn over a world on real time, on both engines.
func each(t *testing.T, fn func(t *testing.T, x *talk.World)) {
	storetest.EachWorld(t, storetest.Options{Clock: clock.Real{}}, func(t *testing.T, w *storetest.World) { fn(t, talk.New(t, w)) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

const disclosure = "You are talking to shop's AI assistant. You can ask for a person at any time.\n\n"

func TestAQuestionIsAnsweredWithItsSourceAndTheDisclosureOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "q1")
		x.Quiet()
		p.Says("ana", "q2")
		x.Quiet()
		thread := p.Thread("ana")
		same(t, talk.Lines(thread), []string{"contact delivered: q1", "ai sent: " + disclosure + "Answer to: q1", "contact delivered: q2", "ai sent: Answer to: q2"})
		if m := thread[1]; len(m.Sources) != 1 || !m.Disclosed || m.Run == 0 || m.ExternalID == "" || thread[3].Disclosed {
			t.Errorf("first answer: sources %d, disclosed %v, run %v, external %q", len(m.Sources), m.Disclosed, m.Run, m.ExternalID)
		}
		out := x.Channel.Outbox()
		if len(out) != 2 || out[0].Text != "AI: "+disclosure+"Answer to: q1" || out[0].To.Value != "ana" {
			t.Errorf("outbox %+v", out)
		}
		if c := p.With("ana"); c.Turns != 2 || c.Owner.Kind != desk.OwnedByAI || c.NeedsPerson() {
			t.Errorf("%+v", c.Conversation)
		}
	})
}

func TestDisclosureComesAgainInANewEngagement(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "q1")
		x.Quiet()
		c := p.With("ana")
		_, err := x.Inbox.Close(ctx, c.Workspace, c.ID, talk.Member())
		must(t, err)
		p.Says("ana", "q2")
		x.Quiet()
		_, err = x.Inbox.TakeOver(ctx, c.Workspace, c.ID, talk.Member())
		must(t, err)
		_, err = x.Inbox.HandBack(ctx, c.Workspace, c.ID, talk.Member())
		must(t, err)
		p.Says("ana", "q3")
		x.Quiet()
		same(t, talk.Lines(p.Thread("ana")), []string{
			"contact delivered: q1", "ai sent: " + disclosure + "Answer to: q1", "[closed ]",
			"contact delivered: q2", "ai sent: " + disclosure + "Answer to: q2", "[take_over ]", "[hand_back ]",
			"contact delivered: q3", "ai sent: " + disclosure + "Answer to: q3"})
	})
}

func TestThreeQuickLinesGetOneAnswer(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		x.Run(nil)
		p := x.Place("shop", 3*time.Second)
		idle := x.Fake.Waiting()
		for i, line := range []string{"q hello there", "I bought a coat", "can I return it"} {
			p.Says("ana", line)
			x.Until("filed", func() bool { return len(p.Thread("ana")) == i+1 })
			x.Fake.Advance(time.Second)
		}
		if n := len(x.Finder.Asked()); n != 0 {
			t.Errorf("asked %d times inside the burst", n)
		}
		x.Until("answered", func() bool {
			must(t, x.Fake.BlockUntil(ctx, min(idle, 1)))
			x.Fake.Advance(time.Second)
			th := p.Thread("ana")
			return len(th) > 3 && th[3].Status == desk.StatusSent
		})
		same(t, talk.Lines(p.Thread("ana"))[3:], []string{"ai sent: " + disclosure + "Answer to: q hello there\nI bought a coat\ncan I return it"})
	})
}

func TestHandOverAlwaysTellsTheVisitor(t *testing.T) {
	t.Parallel()
	slow := func(ctx context.Context, _ answer.Question) error { <-ctx.Done(); return ctx.Err() }
	for name, c := range map[string]struct {
		line   channeltest.Item
		before func(context.Context, answer.Question) error
		notice string
		reason desk.HandOverReason
	}{
		"no answer":       {line: channeltest.Item{Type: "message", Text: "unknown"}, notice: "handover.no_answer", reason: desk.NoAnswer},
		"asked in words":  {line: channeltest.Item{Type: "message", Text: "can I talk to a person?"}, notice: "handover.asked", reason: desk.AskedForPerson},
		"asked by button": {line: channeltest.Item{Type: "person"}, notice: "handover.asked", reason: desk.AskedForPerson},
		"failure": {line: channeltest.Item{Type: "message", Text: "q"}, before: func(context.Context, answer.Question) error { return errors.New("broken") },
			notice: "handover.notice", reason: desk.AnswerFailed},
		"panic":    {line: channeltest.Item{Type: "message", Text: "q"}, before: func(context.Context, answer.Question) error { panic("broken") }, notice: "handover.notice", reason: desk.AnswerFailed},
		"too slow": {line: channeltest.Item{Type: "message", Text: "q"}, before: slow, notice: "handover.notice", reason: desk.AnswerFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
				x := talk.New(t, w)
				x.Finder.Before(c.before)
				x.Run(nil)
				p := x.Place("shop", 0)
				item := c.line
				item.ID, item.From = p.ID(), "ana"
				p.Delivers(item)
				x.Until("told", func() bool {
					if len(x.Finder.Asked()) > 0 { // only a search that hangs needs time to pass
						x.Fake.Advance(time.Second)
					}
					th := p.Thread("ana")
					return len(th) > 1 && th[1].Status == desk.StatusSent
				})
				text := i18n.T("en", c.notice, map[string]string{"business": "shop"})
				same(t, talk.Lines(p.Thread("ana"))[1:], []string{"system sent: " + text, "[hand_over " + string(c.reason) + "]"})
				if conv := p.With("ana"); conv.Owner.Kind != desk.OwnedByNobody || conv.HandOver != c.reason || !conv.NeedsPerson() {
					t.Errorf("%+v", conv.Conversation)
				}
			})
		})
	}
}

func TestAfterSixAnswersAPersonIsCalled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		for i := range desk.MaxTurns + 2 {
			p.Says("ana", fmt.Sprintf("q%d", i))
			x.Quiet()
		}
		var ai, system int
		for _, m := range p.Thread("ana") {
			switch m.Author.Kind {
			case desk.FromAI:
				if m.Direction == desk.Out {
					ai++
				}
			case desk.FromSystem:
				system++
			}
		}
		if ai != desk.MaxTurns || system != 1 {
			t.Errorf("%d answers and %d notices, want %d and 1", ai, system, desk.MaxTurns)
		}
	})
}

func TestDidYouMeanOffersPassagesAndAPersonAndOnlyOfferedChoicesCount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Delivers(channeltest.Item{Type: "message", ID: "forged", From: "eve", Text: "Secret", Choice: "passage:99"})
		p.Says("ana", "which one")
		x.Quiet()
		asked := p.Thread("ana")[1]
		want := []desk.Button{{ID: "passage:11", Label: "Returns"}, {ID: "passage:12", Label: "Sizes"}, {ID: "person", Label: "Talk to a person"}}
		same(t, asked.Buttons, want)
		p.Delivers(channeltest.Item{Type: "message", ID: "press", From: "ana", Text: "Sizes", Choice: "passage:12"})
		x.Quiet()
		same(t, talk.Lines(p.Thread("ana"))[3:], []string{"ai sent: About passage 12"})
		same(t, talk.Lines(p.Thread("eve"))[1:], []string{"ai sent: " + disclosure + "Answer to: Secret"})
	})
}

func TestDraftModeWaitsForAPerson(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		mode := desk.ModeDraft
		_, err := x.Inbox.SteerWorkspace(ctx, p.Account.Workspace, talk.Member(), inbox.Steer{Mode: &mode})
		must(t, err)
		p.Says("ana", "q1")
		p.Says("bob", "q2")
		x.Quiet()
		ana, bob := p.With("ana"), p.With("bob")
		if !ana.DraftReady || !ana.NeedsPerson() || len(p.Thread("ana")) != 1 {
			t.Fatalf("ana %+v", ana.Conversation)
		}
		drafts, err := x.Inbox.Drafts(ctx, ana.Workspace, ana.ID)
		must(t, err)
		m, err := x.Inbox.SendDraft(ctx, ana.Workspace, ana.ID, talk.Member(), inbox.Reply{Draft: drafts[0].ID, ClientID: "k1"})
		must(t, err)
		again, err := x.Inbox.SendDraft(ctx, ana.Workspace, ana.ID, talk.Member(), inbox.Reply{Draft: drafts[0].ID, ClientID: "k1"})
		must(t, err)
		if again.ID != m.ID || m.Author.Kind != desk.FromAI || len(m.Sources) != 1 {
			t.Errorf("unchanged draft: %v then %v by %s", m.ID, again.ID, m.Author.Kind)
		}
		drafts, err = x.Inbox.Drafts(ctx, bob.Workspace, bob.ID)
		must(t, err)
		edited, err := x.Inbox.SendDraft(ctx, bob.Workspace, bob.ID, talk.Member(), inbox.Reply{Draft: drafts[0].ID, Body: "my own words"})
		must(t, err)
		if edited.Author.Kind != desk.FromMember || edited.Run == 0 {
			t.Errorf("edited draft by %s, run %v", edited.Author.Kind, edited.Run)
		}
		x.Quiet()
		same(t, talk.Lines(p.Thread("ana"))[1:], []string{"ai sent: " + disclosure + "Answer to: q1"})
		same(t, talk.Lines(p.Thread("bob"))[1:], []string{"[take_over ]", "member sent: my own words"})
		if p.With("ana").DraftReady || p.With("bob").DraftReady || p.With("bob").Owner.Member != talk.Member().ID {
			t.Error("drafts are still there, or bob's conversation is not the member's")
		}
	})
}

func TestAskedDraftComesWhoeverHoldsTheConversation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "q1")
		x.Quiet()
		c := p.With("ana")
		_, err := x.Inbox.TakeOver(ctx, c.Workspace, c.ID, talk.Member())
		must(t, err)
		must(t, x.Answer.Regenerate(ctx, c.Workspace, c.ID))
		x.Until("draft", func() bool { return p.With("ana").DraftReady })
		if err := x.Answer.Regenerate(ctx, c.Workspace, x.DB.NewID()); !desk.IsNotFound(err) {
			t.Errorf("a conversation that is not there: %v", err)
		}
	})
}

func TestWhereTheAIMayNotSpeakPeopleSeeTheMessage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Run(nil)
		p := x.Place("shop", 0)
		mode := desk.ModeOff
		_, err := x.Inbox.SteerChannel(ctx, p.Account.Workspace, p.Account.ID, talk.Member(), inbox.Steer{Mode: &mode})
		must(t, err)
		p.Says("ana", "q1")
		x.Quiet()
		c := p.With("ana")
		if !c.NeedsPerson() || c.HandOver != desk.AIOff || len(p.Thread("ana")) != 1 {
			t.Errorf("%+v", c.Conversation)
		}
		same(t, c.Needs(), []string{"unanswered"})
	})
}

func TestAskingLeavesNoRow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		p := x.Place("shop", 0)
		got, err := x.Answer.Ask(ctx, p.Account.Workspace, "", answer.Question{Text: "q"})
		must(t, err)
		if got.Text != "Answer to: q" {
			t.Errorf("%+v", got)
		}
		must(t, p.Handle.Read(ctx, func(r *store.Rx) error {
			_, last, err := r.EventNumbers()
			if last != 0 {
				t.Errorf("%d events", last)
			}
			return err
		}))
	})
}

func TestALongAnswerLeavesInPiecesInOrderAndGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		x := talk.New(t, w)
		x.Channel.Skills.TextLimit = 150
		var taken []string
		failed := false
		x.Channel.Answer = func(_ context.Context, out desk.Outgoing) (desk.Sent, error) {
			if len(taken) == 2 && !failed {
				failed = true
				return desk.Sent{}, desk.Fail(desk.Unavailable, "busy", "later")
			}
			taken = append(taken, out.Text)
			return desk.Sent{ExternalID: "p" + strconv.Itoa(len(taken))}, nil
		}
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "q "+strings.Repeat("word ", 60))
		x.Until("sent", func() bool {
			x.Fake.Advance(time.Minute)
			all := p.Thread("ana")
			return len(all) == 2 && all[1].Status == desk.StatusSent
		})
		if len(taken) != 4 || !failed || strings.Count(strings.Join(taken, " "), "word") != 60 {
			t.Errorf("%d pieces, failed %v: %q", len(taken), failed, taken)
		}
		for _, piece := range taken {
			if len([]rune(piece)) > 150 {
				t.Errorf("a piece of %d characters", len([]rune(piece)))
			}
		}
		c := p.With("ana")
		_, err := x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), inbox.Reply{Body: strings.Repeat("x", 1501)})
		if desk.CodeOf(err) != desk.Invalid {
			t.Errorf("a reply of eleven pieces: %v", err)
		}
	})
}

func TestSendErrorsSayWhyInPlainWordsAndTheLaneGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, x *talk.World) {
		x.Channel.Answer = func(_ context.Context, out desk.Outgoing) (desk.Sent, error) {
			if strings.Contains(out.Text, "refuse") {
				return desk.Sent{}, desk.Fail(desk.Forbidden, "blocked", "the person blocked this page")
			}
			if strings.Contains(out.Text, "vanish") {
				return desk.Sent{}, channel.ErrUnknown
			}
			if strings.Contains(out.Text, "odd") {
				return desk.Sent{}, errors.New("some library's error that repeats the text")
			}
			return desk.Sent{ExternalID: "x" + out.Message.ID.String()}, nil
		}
		x.Run(nil)
		p := x.Place("shop", 0)
		p.Says("ana", "hello")
		x.Quiet()
		c := p.With("ana")
		for _, body := range []string{"refuse", "vanish", "odd", "fine"} {
			_, err := x.Inbox.Reply(ctx, c.Workspace, c.ID, talk.Member(), inbox.Reply{Body: body})
			must(t, err)
		}
		x.Quiet()
		thread := p.Thread("ana")
		same(t, talk.Lines(thread[len(thread)-4:]), []string{"member failed: refuse", "member unknown: vanish", "member unknown: odd", "member sent: fine"})
		if m := thread[len(thread)-4]; m.ErrorCode != "blocked" || m.ErrorText != "the person blocked this page" {
			t.Errorf("error %q %q", m.ErrorCode, m.ErrorText)
		}
		if len(x.Channel.Outbox()) != 2 {
			t.Errorf("%d messages left", len(x.Channel.Outbox()))
		}
	})
}
