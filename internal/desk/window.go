package desk

import "time"

// humanAgentTerm is how long after the person's last act a member may write
// with the human-agent tag.
const humanAgentTerm = 7 * 24 * time.Hour

// TaggedHuman decides whether a message leaves with the human-agent tag
// (decision 15): a member wrote it, the account has the feature, the window is
// closed and seven days have not passed since the person's last act. Never
// inside the window, and never for what a machine wrote.
func TaggedHuman(conv Conversation, author AuthorKind, skills Skills, now time.Time) bool {
	if author != FromMember || !skills.HumanAgent || conv.WindowUntil.IsZero() || now.Before(conv.WindowUntil) {
		return false
	}
	last := conv.LastIn
	if opened := conv.WindowUntil.Add(-skills.Window); last.IsZero() || opened.After(last) {
		last = opened // an act without a message, such as a reaction
	}
	return now.Before(last.Add(humanAgentTerm))
}

// Opened moves the end of the reply window after an act of the person: it never
// moves back, and an act that opens nothing changes nothing.
func (c *Conversation) Opened(a Arrival, skills Skills) {
	length := a.Window
	if length == 0 && a.Kind == ArrivedMessage {
		length = skills.Window
	}
	if until := a.At.Add(length); length > 0 && until.After(c.WindowUntil) {
		c.WindowUntil = until
	}
}
