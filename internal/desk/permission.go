package desk

import "slices"

// Permission is one thing that an operation needs.
type Permission string

// The permissions of the API's operations.
const (
	ReadConversations Permission = "conversation.read"
	Reply             Permission = "conversation.reply"
	ReadContacts      Permission = "contact.read"
	WriteContacts     Permission = "contact.write"
	RestrictContacts  Permission = "contact.restrict"
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
	ReadCases         Permission = "case.read"
	WriteCases        Permission = "case.write"
	WriteWorkspace    Permission = "workspace.write"
	ReadWorkspace     Permission = "workspace.read"
	ReadReports       Permission = "report.read"
	ReadBilling       Permission = "billing.read"
	ReadSecurity      Permission = "security.read"
	ReadIncidents     Permission = "incident.read"
	WriteIncidents    Permission = "incident.write"

	// Of the instance, not of a workspace: its operator's.
	ReadInstance      Permission = "instance.read"
	SuspendWorkspaces Permission = "instance.suspend"
	PublishPolicies   Permission = "instance.publish"
	SendNews          Permission = "instance.news"
	HandleIncidents   Permission = "instance.incidents"
)

// AllPermissions lists every permission, in the order of documents.
func AllPermissions() []Permission {
	return []Permission{ReadConversations, Reply, ReadContacts, WriteContacts, RestrictContacts, EraseContacts, ReadKnowledge, WriteKnowledge,
		ReadChannels, WriteChannels, ReadMembers, WriteMembers, WriteAdmins, WriteKeys, ReadAudit, ReadCases, WriteCases,
		WriteWorkspace, ReadWorkspace, ReadReports, ReadBilling, ReadSecurity, ReadIncidents, WriteIncidents, ReadInstance, SuspendWorkspaces, PublishPolicies, SendNews, HandleIncidents}
}

// OfInstance reports whether a permission is about the install and not about
// one workspace.
func (p Permission) OfInstance() bool {
	return p == ReadInstance || p == SuspendWorkspaces || p == PublishPolicies || p == SendNews || p == HandleIncidents
}

// Roles lists every role, in the order of documents.
func Roles() []Role {
	return []Role{RoleOwner, RoleAdmin, RoleAgent, RoleAnalyst, RoleBilling, RolePrivacy, RoleOperator}
}

// Permissions lists what a role may do. The instance's operator sees no
// message text, no contact and no member: the role holds nothing inside a
// workspace but its name.
func Permissions(r Role) []Permission {
	agent := []Permission{ReadWorkspace, ReadConversations, Reply, ReadContacts, WriteContacts, RestrictContacts, ReadKnowledge, ReadChannels, ReadMembers}
	admin := append(append([]Permission{}, agent...), WriteKnowledge, WriteChannels, WriteMembers, WriteKeys, ReadAudit, ReadCases, WriteCases,
		WriteWorkspace, EraseContacts, ReadReports, ReadBilling, ReadSecurity, ReadIncidents)
	switch r {
	case RoleOwner:
		return append(admin, WriteAdmins, WriteIncidents)
	case RoleAdmin:
		return admin
	case RoleAgent:
		return agent
	case RoleAnalyst:
		return []Permission{ReadWorkspace, ReadReports, ReadBilling, ReadKnowledge}
	case RoleBilling:
		return []Permission{ReadWorkspace, ReadBilling}
	case RolePrivacy:
		return []Permission{ReadWorkspace, ReadConversations, ReadContacts, RestrictContacts, EraseContacts, ReadAudit, ReadCases, WriteCases, ReadMembers, ReadIncidents, WriteIncidents}
	case RoleOperator:
		return []Permission{ReadWorkspace, ReadInstance, SuspendWorkspaces, PublishPolicies, SendNews, HandleIncidents}
	}
	return nil
}

// Can reports whether role r holds permission p; unknown roles hold nothing.
func Can(r Role, p Permission) bool { return slices.Contains(Permissions(r), p) }

// May reports whether somebody holds permission p: their role has it and, for a
// key, it is not cut. Every question of this kind ends here.
func (a Actor) May(p Permission) bool { return Can(a.Role, p) && !slices.Contains(a.Cut, p) }

// Permissions lists all that somebody may do.
func (a Actor) Permissions() []Permission {
	var all []Permission
	for _, p := range Permissions(a.Role) {
		if a.May(p) {
			all = append(all, p)
		}
	}
	return all
}

// CutTo is what a role lacks when it is cut to scopes; no scopes leave it whole.
func CutTo(r Role, scopes []Permission) []Permission {
	if len(scopes) == 0 {
		return nil
	}
	var cut []Permission
	for _, p := range Permissions(r) {
		if !slices.Contains(scopes, p) {
			cut = append(cut, p)
		}
	}
	return cut
}

// MayManage reports whether somebody may give a member this role, take it from
// them, or switch such a member off: owners manage everybody, admins those who
// manage nobody.
func (a Actor) MayManage(role Role) bool {
	if Can(role, WriteMembers) {
		return a.May(WriteAdmins)
	}
	return a.May(WriteMembers)
}
