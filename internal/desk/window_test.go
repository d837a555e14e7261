package desk

import (
	"testing"
	"time"
)

// covers decision 15, lessons 2.8, 3.15…17
func TestTheHumanAgentTagIsForMembersAfterTheWindowOnly(t *testing.T) {
	t.Parallel()
	wrote := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	with, without := Skills{Window: 24 * time.Hour, HumanAgent: true}, Skills{Window: 24 * time.Hour}
	conv := Conversation{LastIn: wrote, WindowUntil: wrote.Add(24 * time.Hour)}
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		author AuthorKind
		skills Skills
		after  time.Duration
		want   bool
	}{
		"member at 23:59":                 {FromMember, with, day - time.Minute, false},
		"member at 24:00":                 {FromMember, with, day, true},
		"member at 24:01":                 {FromMember, with, day + time.Minute, true},
		"member before seven days":        {FromMember, with, 7*day - time.Minute, true},
		"member after seven days":         {FromMember, with, 7*day + time.Minute, false},
		"member without the feature":      {FromMember, without, day + time.Minute, false},
		"AI at 24:01":                     {FromAI, with, day + time.Minute, false},
		"system at 24:01":                 {FromSystem, with, day + time.Minute, false},
		"a window that never was counted": {FromMember, with, -1, false},
	} {
		if got := TaggedHuman(conv, c.author, c.skills, wrote.Add(c.after)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if TaggedHuman(Conversation{LastIn: wrote}, FromMember, with, wrote.Add(2*day)) {
		t.Error("a channel without a window tags")
	}
	reacted := Conversation{LastIn: wrote, WindowUntil: wrote.Add(5 * day)} // a reaction on the fourth day
	if !TaggedHuman(reacted, FromMember, with, wrote.Add(10*day)) || TaggedHuman(reacted, FromMember, with, wrote.Add(12*day)) {
		t.Error("the seven days do not begin with the last act")
	}
}

// covers 5 of the behaviour reference: which acts open the window is the
// channel's word, for how long as well.
func TestTheWindowOpensByTheChannelsWordAndNeverMovesBack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	skills := Skills{Window: 24 * time.Hour}
	c := Conversation{}
	steps := []struct {
		name string
		a    Arrival
		want time.Time
	}{
		{"a receipt", Arrival{Kind: ArrivedReceipt, At: at}, time.Time{}},
		{"a message", Arrival{Kind: ArrivedMessage, At: at}, at.Add(24 * time.Hour)},
		{"an older one", Arrival{Kind: ArrivedMessage, At: at.Add(-time.Hour)}, at.Add(24 * time.Hour)},
		{"a reaction that opens", Arrival{Kind: ArrivedReaction, At: at.Add(time.Hour), Window: 24 * time.Hour}, at.Add(25 * time.Hour)},
		{"a reaction that does not", Arrival{Kind: ArrivedReaction, At: at.Add(2 * time.Hour)}, at.Add(25 * time.Hour)},
		{"a message by an ad", Arrival{Kind: ArrivedMessage, At: at.Add(time.Hour), Window: 7 * 24 * time.Hour}, at.Add(169 * time.Hour)},
		{"an ordinary one after it", Arrival{Kind: ArrivedMessage, At: at.Add(3 * time.Hour)}, at.Add(169 * time.Hour)},
	}
	for _, s := range steps {
		if c.Opened(s.a, skills); !c.WindowUntil.Equal(s.want) {
			t.Errorf("%s: %v, want %v", s.name, c.WindowUntil, s.want)
		}
	}
	open := Conversation{}
	if open.Opened(Arrival{Kind: ArrivedMessage, At: at}, Skills{}); !open.WindowUntil.IsZero() {
		t.Error("a channel without a window has one")
	}
}
