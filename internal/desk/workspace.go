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
	Limited   bool // limited data use for every contact: see MayUse
	Suspended bool // by the operator: nobody works in it and nothing leaves it
	CreatedAt time.Time
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
