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
	Invited    bool // has no password yet
	CreatedAt  time.Time
	LastSeenAt time.Time
}

// Actor is whoever does something: a member, an API key, or Parley itself.
type Actor struct {
	Kind ActorKind
	ID   ID // member or key; 0 for the system
	Name string
	Role Role
}

// ActorKind says what an Actor is.
type ActorKind string

// Kinds of actor.
const (
	ByMember ActorKind = "member"
	ByKey    ActorKind = "key"
	BySystem ActorKind = "system"
)

// Permission is one thing that an operation needs.
type Permission string

// The permissions of the API's operations.
const (
	ReadConversations Permission = "conversation.read"
	Reply             Permission = "conversation.reply"
	ReadContacts      Permission = "contact.read"
	WriteContacts     Permission = "contact.write"
	EraseContacts     Permission = "contact.erase"
	ReadKnowledge     Permission = "knowledge.read"
	WriteKnowledge    Permission = "knowledge.write"
	ReadChannels      Permission = "channel.read"
	WriteChannels     Permission = "channel.write"
	ReadMembers       Permission = "member.read"
	WriteMembers      Permission = "member.write"
	WriteAdmins       Permission = "admin.write" // members who are owner or admin
	WriteKeys         Permission = "key.write"
	ReadAudit         Permission = "audit.read"
	WriteWorkspace    Permission = "workspace.write"
	ReadWorkspace     Permission = "workspace.read"
	ReadReports       Permission = "report.read"
)

// Permissions lists what a role may do. The instance's operator sees no
// message text by default, so the role holds nothing inside a workspace but
// its name.
func Permissions(r Role) []Permission {
	agent := []Permission{ReadWorkspace, ReadConversations, Reply, ReadContacts, WriteContacts, ReadKnowledge, ReadChannels, ReadMembers}
	admin := append(append([]Permission{}, agent...), WriteKnowledge, WriteChannels, WriteMembers, WriteKeys, ReadAudit, WriteWorkspace, EraseContacts, ReadReports)
	switch r {
	case RoleOwner:
		return append(admin, WriteAdmins)
	case RoleAdmin:
		return admin
	case RoleAgent:
		return agent
	case RoleAnalyst:
		return []Permission{ReadWorkspace, ReadReports, ReadKnowledge}
	case RoleBilling:
		return []Permission{ReadWorkspace}
	case RolePrivacy:
		return []Permission{ReadWorkspace, ReadConversations, ReadContacts, EraseContacts, ReadAudit, ReadMembers}
	case RoleOperator:
		return []Permission{ReadWorkspace}
	}
	return nil
}

// Can reports whether role r holds permission p; unknown roles hold nothing.
func Can(r Role, p Permission) bool {
	for _, have := range Permissions(r) {
		if have == p {
			return true
		}
	}
	return false
}

// MayManage reports whether somebody of role by may give a member this role,
// take it from them, or switch such a member off: owners manage everybody,
// admins those who manage nobody.
func MayManage(by, role Role) bool {
	if Can(role, WriteMembers) {
		return Can(by, WriteAdmins)
	}
	return Can(by, WriteMembers)
}
