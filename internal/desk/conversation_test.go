package desk_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/internal/desk"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func fresh() desk.Conversation {
	return desk.Conversation{State: desk.Open, Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1, LastSeq: 4, LastAt: noon}
}

func TestEveryActThatChangesWhoMaySpeakMovesTheEpoch(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*desk.Conversation){
		"take over": func(c *desk.Conversation) { c.TakeOver(7) },
		"assign":    func(c *desk.Conversation) { c.Assign(7) },
		"hand back": func(c *desk.Conversation) { c.HandBack() },
		"call":      func(c *desk.Conversation) { c.CallPerson(desk.NoAnswer, noon) },
		"mode":      func(c *desk.Conversation) { c.SetMode(desk.ModeDraft) },
		"pause":     func(c *desk.Conversation) { c.SetPaused(true) },
		"close":     func(c *desk.Conversation) { c.Close() },
		"reopen":    func(c *desk.Conversation) { c.Reopen() },
		"snooze":    func(c *desk.Conversation) { c.Snooze(noon) },
	} {
		c := fresh()
		act(&c)
		if c.OwnerEpoch != 1 || c.Version != 1 {
			t.Errorf("%s: epoch %d, version %d, want 1 and 1", name, c.OwnerEpoch, c.Version)
		}
	}
	c := fresh()
	c.Arrived(noon)
	c.AIReplied()
	c.Flag(desk.AIOff, noon)
	if c.OwnerEpoch != 0 || c.Version != 3 {
		t.Errorf("messages and flags: epoch %d, version %d, want 0 and 3", c.OwnerEpoch, c.Version)
	}
}

func TestANewEngagementBeginsAfterCloseSilenceAndHandBack(t *testing.T) {
	t.Parallel()
	member := desk.Owner{Kind: desk.OwnedByMember, Member: 7}
	nobody, ai := desk.Owner{Kind: desk.OwnedByNobody}, desk.Owner{Kind: desk.OwnedByAI}
	for name, c := range map[string]struct {
		before func(*desk.Conversation)
		at     time.Time
		fresh  bool
		owner  desk.Owner
		call   desk.HandOverReason
	}{
		"at once":                  {func(*desk.Conversation) {}, noon.Add(time.Minute), false, ai, ""},
		"a day later":              {func(*desk.Conversation) {}, noon.Add(24 * time.Hour), true, ai, ""},
		"a moment before":          {func(*desk.Conversation) {}, noon.Add(24*time.Hour - 1), false, ai, ""},
		"delivered late":           {func(*desk.Conversation) {}, noon.Add(-48 * time.Hour), false, ai, ""},
		"closed":                   {func(c *desk.Conversation) { c.TakeOver(7); c.Close() }, noon, true, ai, ""},
		"a member held it, silent": {func(c *desk.Conversation) { c.TakeOver(7) }, noon.Add(48 * time.Hour), true, member, ""},
		"a person called, silent":  {func(c *desk.Conversation) { c.CallPerson(desk.NoAnswer, noon) }, noon.Add(48 * time.Hour), true, nobody, desk.NoAnswer},
		"nobody's, silent":         {func(c *desk.Conversation) { c.Assign(0) }, noon.Add(48 * time.Hour), true, ai, ""},
		"nobody's":                 {func(c *desk.Conversation) { c.Assign(0) }, noon, false, nobody, ""},
		"snoozed":                  {func(c *desk.Conversation) { c.Snooze(noon.Add(time.Hour)) }, noon, false, ai, ""},
	} {
		conv := fresh()
		conv.Turns = 3
		c.before(&conv)
		conv.Arrived(c.at)
		if began := conv.Engagement == 2; began != c.fresh || conv.Owner != c.owner || conv.HandOver != c.call || conv.State != desk.Open {
			t.Errorf("%s: engagement %d, owner %+v, call %q, %s", name, conv.Engagement, conv.Owner, conv.HandOver, conv.State)
		}
		if c.fresh && (conv.Began != 4 || conv.Turns != 0) {
			t.Errorf("%s: began after %d with %d turns, want 4 and 0", name, conv.Began, conv.Turns)
		}
	}
}

func TestDisclosureIsDueOncePerEngagementUntilItReallyLeft(t *testing.T) {
	t.Parallel()
	c := fresh()
	if !c.Discloses() || c.Discloses() {
		t.Error("the first AI message discloses, the second does not")
	}
	c.Undisclosed(desk.Message{Disclosed: false})
	if c.Discloses() {
		t.Error("a message without disclosure changes nothing")
	}
	c.Undisclosed(desk.Message{Disclosed: true})
	if !c.Discloses() {
		t.Error("the message that disclosed never left, so the next one has to")
	}
	c.HandBack()
	if !c.Discloses() {
		t.Error("a new engagement discloses anew")
	}
}

func TestPeopleAreCalledWhereTheAIDoesNotAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act   func(*desk.Conversation)
		needs []string
	}{
		"the AI answers":     {func(c *desk.Conversation) { c.Arrived(noon); c.AIReplied() }, []string{}},
		"the AI is at it":    {func(c *desk.Conversation) { c.Arrived(noon) }, []string{}},
		"the AI may not":     {func(c *desk.Conversation) { c.Arrived(noon); c.Flag(desk.AIOff, noon) }, []string{"unanswered"}},
		"called":             {func(c *desk.Conversation) { c.Arrived(noon); c.CallPerson(desk.NoAnswer, noon) }, []string{"handed_over"}},
		"a draft":            {func(c *desk.Conversation) { c.Arrived(noon); c.Flag(desk.NoAnswer, noon); c.Proposed() }, []string{"draft_ready"}},
		"a member's, unread": {func(c *desk.Conversation) { c.TakeOver(1); c.Arrived(noon) }, []string{"unanswered"}},
		"a member's, done":   {func(c *desk.Conversation) { c.TakeOver(1); c.Arrived(noon); c.Replied() }, []string{}},
		"closed":             {func(c *desk.Conversation) { c.CallPerson(desk.NoAnswer, noon); c.Close() }, []string{}},
		"failed":             {func(c *desk.Conversation) { c.SendFailed = true }, []string{"failed_send"}},
	} {
		conv := fresh()
		c.act(&conv)
		got := conv.Needs()
		if len(got) != len(c.needs) || len(got) > 0 && got[0] != c.needs[0] || conv.NeedsPerson() != (len(got) > 0) {
			t.Errorf("%s: %v (%v), want %v", name, got, conv.NeedsPerson(), c.needs)
		}
	}
}

func TestWhoSpeaksAsksTheNarrowestRuleFirst(t *testing.T) {
	t.Parallel()
	type in struct {
		c desk.Conversation
		p desk.Policy
	}
	for want, change := range map[string]func(*in){
		"ai autopilot":                 func(*in) {},
		"draft draft":                  func(i *in) { i.p.Account.Mode = desk.ModeDraft },
		"member mode_off":              func(i *in) { i.c.Mode = desk.ModeOff },
		"nobody closed":                func(i *in) { i.c.State = desk.Closed },
		"member restricted":            func(i *in) { i.p.Contact.Restricted = true; i.p.Workspace.Paused = true },
		"member no_automation":         func(i *in) { i.p.Contact.NoAutomation = true },
		"member owned_by_member":       func(i *in) { i.c.TakeOver(1) },
		"member waiting_for_person":    func(i *in) { i.c.CallPerson(desk.NoAnswer, noon) },
		"member paused":                func(i *in) { i.p.Account.Paused = true },
		"nobody channel_off":           func(i *in) { i.p.Account.State = desk.AccountReconnect },
		"member older_than_connection": func(i *in) { i.p.Account.ConnectedAt = noon.Add(time.Hour) },
		"member window_closed":         func(i *in) { i.c.WindowUntil = noon },
		"ai autopilot ":                func(i *in) { i.p.Account.ConnectedAt = noon.Add(time.Second - 1) }, // told in whole seconds
	} {
		i := in{fresh(), desk.Policy{Workspace: desk.Workspace{Mode: desk.ModeAutopilot}, Account: desk.Account{State: desk.AccountActive}, Message: desk.Message{At: noon}}}
		change(&i)
		who, why := desk.WhoSpeaks(i.c, i.p, noon)
		if got := string(who) + " " + why; got != strings.TrimSpace(want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWindowsByAuthor(t *testing.T) {
	t.Parallel()
	meta := desk.Skills{Window: 24 * time.Hour, HumanAgent: true}
	plain := desk.Skills{Window: 24 * time.Hour}
	c := desk.Conversation{WindowUntil: noon.Add(24 * time.Hour)}
	for _, try := range []struct {
		after  time.Duration
		who    desk.AuthorKind
		skills desk.Skills
		ok     bool
	}{
		{24*time.Hour - 1, desk.FromAI, plain, true}, {24 * time.Hour, desk.FromAI, meta, false},
		{24 * time.Hour, desk.FromSystem, meta, false}, {24*time.Hour + 1, desk.FromMember, meta, true},
		{24*time.Hour + 1, desk.FromMember, plain, false}, {7*24*time.Hour - 1, desk.FromMember, meta, true},
		{7 * 24 * time.Hour, desk.FromMember, meta, false}, {1000 * time.Hour, desk.FromAI, desk.Skills{}, true},
	} {
		if err := desk.MaySend(c, try.who, try.skills, noon.Add(try.after)); (err == nil) != try.ok {
			t.Errorf("%s after %v: %v", try.who, try.after, err)
		}
	}
}

func TestStatusesOnlyMoveForwardWhateverTheOrderOfReports(t *testing.T) {
	t.Parallel()
	reports := []desk.Status{desk.StatusSent, desk.StatusDelivered, desk.StatusRead, desk.StatusFailed, desk.StatusUnknown}
	rapid.Check(t, func(r *rapid.T) {
		s := desk.StatusSending
		seen := map[desk.Status]bool{}
		for _, report := range rapid.SliceOf(rapid.SampledFrom(reports)).Draw(r, "reports") {
			s, _ = s.Advance(report)
			seen[report] = true
		}
		want := desk.StatusSending
		for _, best := range []desk.Status{desk.StatusUnknown, desk.StatusSent, desk.StatusFailed, desk.StatusDelivered, desk.StatusRead} {
			if seen[best] {
				want = best
			}
		}
		if s != want {
			r.Fatalf("%s, want %s", s, want)
		}
	})
	if s, moved := desk.StatusCancelled.Advance(desk.StatusRead); moved || s != desk.StatusCancelled {
		t.Error("a cancelled message moved")
	}
}

// Whatever happens in whatever order, an AI message written before an act that
// takes the word from the AI may not leave after it.
func TestAnOldEpochNeverLeavesAfterATakeOverOrPause(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c, ws := fresh(), desk.Workspace{}
		var written []desk.Message
		stopped := map[int]bool{}
		stop := func() {
			for i := range written {
				stopped[i] = true
			}
		}
		r.Repeat(map[string]func(*rapid.T){
			"write": func(*rapid.T) {
				written = append(written, desk.Message{Author: desk.Author{Kind: desk.FromAI}, OwnerEpoch: c.OwnerEpoch, AIEpoch: ws.AIEpoch})
			},
			"arrive":    func(*rapid.T) { c.Arrived(noon.Add(time.Duration(c.Version) * 9 * time.Hour)) },
			"hand back": func(*rapid.T) { c.HandBack() },
			"take over": func(*rapid.T) { c.TakeOver(1); stop() },
			"pause":     func(*rapid.T) { c.SetPaused(true); stop() },
			"resume":    func(*rapid.T) { c.SetPaused(false) },
			"close":     func(*rapid.T) { c.Close(); stop() },
			"workspace": func(*rapid.T) { ws.Paused = !ws.Paused; ws.AIEpoch++; stop() },
			"": func(r *rapid.T) {
				for i, m := range written {
					if stopped[i] && desk.StillMaySend(m, c, ws) {
						r.Fatalf("message %d may still leave", i)
					}
				}
			},
		})
	})
}
