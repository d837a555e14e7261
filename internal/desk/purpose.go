package desk

// Purpose is what something held of a contact is used for.
type Purpose string

// Purposes: serving the conversation the person began, and what is optional
// beside it.
const (
	ForReply   Purpose = "reply"   // show, answer, draft, deliver
	ForProfile Purpose = "profile" // ask a channel for more than the person wrote
	ForImprove Purpose = "improve" // learn from what was said
	ForReport  Purpose = "report"  // count it
)

// MayUse says whether something held of a contact may be used for a purpose.
// Limited data use (A-9.2-01, decision 22) leaves the conversation alone; a
// restricted contact, or one who is too young, is stored and nothing else; who
// objected (A-14.1-06) is answered by people (A-4.5-02, Contact.Silent), and
// neither they nor who limited what is special of them (A-14.2-06) is learned from.
func MayUse(p Purpose, ws Workspace, c Contact) error {
	switch {
	case c.Restricted:
		return Fail(Forbidden, "restricted", "processing of this contact is restricted")
	case c.Frozen:
		return Fail(Forbidden, "frozen", "this contact may be too young: what is held of them is frozen until a person decides")
	case c.Objected && p != ForReply:
		return Fail(Forbidden, "objected", "this contact objected: what is held of them serves the conversation only")
	case c.Sensitive && (p == ForImprove || p == ForProfile):
		return Fail(Forbidden, "limit_sensitive", "this contact limited the use of what is special of them")
	case (ws.Limited || c.Limited) && p != ForReply:
		return Fail(Forbidden, "limited_data_use", "limited data use: what is held serves the conversation only")
	}
	return nil
}
