package desk

import "time"

// Workspace is one business: its own contacts, knowledge, members and keys.
type Workspace struct {
	ID        ID
	Name      string
	Locale    string   // language of the texts Parley says by itself: "en", "tr"
	Languages []string // languages the AI may answer in; empty = every one
	Mode      Mode     // default for channels that say nothing
	Paused    bool     // the AI stops everywhere in this workspace
	AIEpoch   int64    // moves on every change of mode, pause or rule
	Burst     time.Duration
	Limited   bool      // limited data use for every contact: see MayUse
	Suspended bool      // by the operator: nobody works in it and nothing leaves it
	ClosedAt  time.Time // an owner asked for its deletion; zero = it is open
	Ending    bool      // its rows are going: it cannot be taken back
	CreatedAt time.Time
}

// How long a workspace whose deletion was asked for can be taken back, and by when
// nothing of it is left (decision 1).
const (
	RecoverTerm = 29 * 24 * time.Hour
	EndTerm     = 30 * 24 * time.Hour
)

// Closed reports whether its deletion was asked for.
func (w Workspace) Closed() bool { return !w.ClosedAt.IsZero() || w.Ending }

// Shut reports whether nobody works in it and nothing leaves it: the operator
// suspended it, or an owner closed it.
func (w Workspace) Shut() bool { return w.Suspended || w.Closed() }

// Recoverable reports whether it was closed and can still be taken back.
func (w Workspace) Recoverable(now time.Time) bool {
	return w.Closed() && !w.Ending && now.Before(w.ClosedAt.Add(RecoverTerm))
}

// Role is what a member may do in a workspace.
type Role string

// The roles; operator belongs to the instance, not to a workspace.
const (
	RoleOwner    Role = "owner"
	RoleAdmin    Role = "admin"
	RoleAgent    Role = "agent"
	RoleAnalyst  Role = "analyst"
	RoleBilling  Role = "billing"
	RolePrivacy  Role = "privacy"
	RoleOperator Role = "operator"
)

// ValidRole reports whether r is one of the seven roles.
func ValidRole(r Role) bool {
	switch r {
	case RoleOwner, RoleAdmin, RoleAgent, RoleAnalyst, RoleBilling, RolePrivacy, RoleOperator:
		return true
	}
	return false
}

// Member is a person who signs in to a workspace.
type Member struct {
	ID         ID
	Workspace  ID
	Name       string
	Email      string
	Role       Role
	Locale     string
	Active     bool
	Invited    bool      // has no way in of their own yet
	Pictured   bool      // lets a picture of their account outside be shown
	Picture    bool      // has one
	VerifiedAt time.Time // when they showed that the address is theirs; zero = not yet
	CreatedAt  time.Time
	LastSeenAt time.Time
}

// Actor is whoever does something: a member, an API key, or Parley itself.
type Actor struct {
	Kind ActorKind
	ID   ID // member or key; 0 for the system
	Name string
	Role Role
	Cut  []Permission // what a key may not do though its role may: see May
}

// ActorKind says what an Actor is.
type ActorKind string

// Kinds of actor.
const (
	ByMember ActorKind = "member"
	ByKey    ActorKind = "key"
	BySystem ActorKind = "system"
	// ByOperator is whoever runs the install, in the record of a workspace that is
	// not theirs.
	ByOperator ActorKind = "operator"
)
