package desk

import "time"

// Speaker is who may answer a contact now.
type Speaker string

// Speakers.
const (
	SpeakNobody Speaker = "nobody"
	SpeakMember Speaker = "member"
	SpeakDraft  Speaker = "draft" // the AI prepares, a person sends
	SpeakAI     Speaker = "ai"
)

// Policy is everything outside the conversation that decides who speaks.
type Policy struct {
	Workspace Workspace
	Account   Account
	Contact   Contact
	Message   Message // the contact's newest message
	Rules     []Rule
	Facts     Facts // what the rules' conditions are compared with
}

// EffectiveMode is the mode where no rule says otherwise.
func EffectiveMode(ws Workspace, acct Account, conv Conversation) Mode {
	return Choose(ws, acct, conv, nil, Facts{}).Mode
}

// WhoSpeaks decides who may answer and why; reason is a short machine word for
// the record. Of what was written it knows the Facts alone.
func WhoSpeaks(conv Conversation, p Policy, now time.Time) (Speaker, string) {
	switch {
	case conv.State == Closed:
		return SpeakNobody, "closed"
	case p.Workspace.Suspended:
		return SpeakNobody, "suspended"
	case p.Workspace.Closed():
		return SpeakNobody, "workspace_closed"
	case p.Contact.Restricted:
		return SpeakMember, "restricted"
	case p.Contact.Frozen:
		return SpeakMember, "frozen"
	case p.Contact.NoAutomation:
		return SpeakMember, "no_automation"
	case p.Contact.Objected:
		return SpeakMember, "objected"
	case conv.Owner.Kind == OwnedByMember:
		return SpeakMember, "owned_by_member"
	case conv.Owner.Kind == OwnedByNobody:
		return SpeakMember, "waiting_for_person"
	case p.Workspace.Paused || p.Account.Paused || conv.Paused:
		return SpeakMember, "paused"
	case p.Account.State != AccountActive:
		return SpeakNobody, "channel_off"
	case p.Account.Older(p.Message.At):
		return SpeakMember, "older_than_connection"
	case !conv.WindowUntil.IsZero() && !now.Before(conv.WindowUntil):
		return SpeakMember, "window_closed"
	}
	switch Choose(p.Workspace, p.Account, conv, p.Rules, p.Facts).Mode {
	case ModeAutopilot:
		return SpeakAI, "autopilot"
	case ModeDraft:
		return SpeakDraft, "draft"
	}
	return SpeakMember, "mode_off"
}

// MaySend says whether a message may be handed to its channel now; the error's
// reason is "window_closed" when it may not.
func MaySend(conv Conversation, author AuthorKind, skills Skills, now time.Time) error {
	if skills.Window == 0 || conv.WindowUntil.IsZero() || now.Before(conv.WindowUntil) {
		return nil
	}
	if author == FromMember && now.Before(MemberUntil(conv, skills)) {
		return nil
	}
	return Fail(Forbidden, "window_closed", "the reply window closed at "+conv.WindowUntil.UTC().Format(time.RFC3339))
}

// MemberUntil is the end of the time in which a member may write though the
// window is closed (decision 15); zero where the account cannot, or where no
// window ends.
func MemberUntil(conv Conversation, skills Skills) time.Time {
	if skills.Window == 0 || !skills.HumanAgent || conv.WindowUntil.IsZero() {
		return time.Time{}
	}
	return conv.WindowUntil.Add(6 * 24 * time.Hour)
}

// InWindow reports whether a free reply is allowed now because the person wrote.
func InWindow(conv Conversation, skills Skills, now time.Time) bool {
	return skills.Window == 0 || now.Before(conv.WindowUntil)
}

// StillMaySend compares an AI message with the conversation and workspace it
// would be sent into: false means it must be cancelled. People and the system
// are never stopped by it.
func StillMaySend(m Message, conv Conversation, ws Workspace) bool {
	if m.Author.Kind != FromAI {
		return true
	}
	return m.OwnerEpoch == conv.OwnerEpoch && m.AIEpoch == ws.AIEpoch
}

// Older reports whether something happened before the account was connected: it
// is history. Some providers tell whole seconds only, and the first message after
// connecting must not count as older for that.
func (a Account) Older(at time.Time) bool { return at.Before(a.ConnectedAt.Truncate(time.Second)) }
