package whatsapp

import (
	"encoding/json"
	"strings"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
)

// object is the webhook object of a WhatsApp business account (2.4).
const object = "whatsapp_business_account"

// Split cuts a delivery by phone number; what concerns a whole business account
// goes to its group.
func (c *Channel) Split(raw channel.Raw) ([]channel.Part, error) {
	return meta.SplitChanges(raw.Body, object)
}

// Parse reads what happened at one number (3.3, 3.4), or at its business
// account.
func (c *Channel) Parse(_ channel.Account, p channel.Part) ([]desk.Arrival, error) {
	env, err := meta.Open(p.Body)
	if err != nil {
		return nil, err
	}
	if string(env.Object) != object {
		return nil, desk.Fail(desk.Invalid, "other_object", "the part is of another object than "+object)
	}
	var all []desk.Arrival
	for _, e := range env.Entry {
		for _, ch := range meta.All[meta.Change](e.Changes) {
			all = append(all, change(ch, e)...)
		}
	}
	return all, nil
}

// change reads one change by its field.
func change(ch meta.Change, e meta.Entry) []desk.Arrival {
	var v meta.Opt[value]
	if v.UnmarshalJSON(trimmed(ch.Value)) != nil || !v.OK {
		return []desk.Arrival{meta.Counted("unreadable")}
	}
	switch field := ch.Field.Word(); field {
	case "messages", "standby":
		return messages(v.V, ch.Value, field == "standby")
	case "smb_message_echoes", "message_echoes":
		return echoes(v.V)
	case "user_preferences":
		return preferences(v.V, ch.Value)
	case "user_id_update":
		return moves(ch.Value)
	case "calls", "history", "smb_app_state_sync", "flows", "":
		// Calls and what a phone brings along (its contacts, older chats) are
		// never filed: H-68, and history is never answered.
		if field == "" {
			field = "change"
		}
		return []desk.Arrival{meta.Counted(field)}
	default:
		return []desk.Arrival{notice(field, ch.Value, e)}
	}
}

func trimmed(raw json.RawMessage) []byte { return []byte(strings.TrimSpace(string(raw))) }

func messages(v value, raw json.RawMessage, standby bool) []desk.Arrival {
	var all []desk.Arrival
	known := people(meta.All[contact](v.Contacts))
	for _, item := range v.Messages {
		var m meta.Opt[message]
		if m.UnmarshalJSON(trimmed(item)) != nil || !m.OK {
			all = append(all, meta.Counted("unreadable"))
			continue
		}
		a := incoming(m.V, item, known)
		a.Standby = standby
		all = append(all, a)
	}
	for _, s := range meta.All[status](v.Statuses) {
		all = append(all, receipt(s, known))
	}
	for _, f := range meta.All[fault](v.Errors) {
		all = append(all, desk.Arrival{Kind: desk.ArrivedNotice, ExternalID: meta.Key("error", f.Code.Word(), meta.RawKey("of", raw)),
			Notice: &desk.Notice{What: "error", State: f.Code.Word(), Detail: meta.ReasonOf(f.Code.Int(), 0)}})
	}
	if len(all) == 0 {
		all = append(all, meta.Counted("empty_event"))
	}
	return all
}

// incoming reads one message of a person.
func incoming(m message, raw json.RawMessage, known people) desk.Arrival {
	if m.Group.ID() != "" {
		return meta.Counted("group")
	}
	a := desk.Arrival{Kind: desk.ArrivedMessage, ExternalID: m.ID.ID(), At: m.Timestamp.Time(), MsgKind: desk.KindText, Window: meta.Window}
	known.know(&a, m.FromUser, m.FromParent, m.From)
	if a.ExternalID == "" {
		a.ExternalID = meta.RawKey("message", raw)
	}
	if a.Sender.Value == "" {
		return meta.Counted("no_sender")
	}
	switch m.Type.Word() {
	case "reaction":
		react(&a, m.Reaction.V)
	case "edit":
		edited(&a, m.Edit.V)
	case "revoke":
		a.Kind, a.Target, a.Window = desk.ArrivedUnsend, m.Revoke.V.Original.ID(), 0
	case "system":
		changed(&a, m.System.V)
	default:
		fill(&a, m)
		return a
	}
	a.MsgKind = ""
	if a.Kind.OfPerson() && a.Kind != desk.ArrivedIdentity && a.Target == "" {
		return meta.Counted("no_target")
	}
	return a
}

// react reads a reaction; without emoji it was taken back. Whether it opens the
// window is said nowhere, so it does not.
func react(a *desk.Arrival, r reaction) {
	a.Kind, a.Target, a.Window = desk.ArrivedReaction, r.Message.ID(), 0
	a.Reaction = &desk.Reaction{Removed: r.Emoji == ""}
	if len(r.Emoji) <= 64 {
		a.Reaction.Emoji = string(r.Emoji.Body())
	}
}

func edited(a *desk.Arrival, e edit) {
	a.Kind, a.Target, a.Window = desk.ArrivedEdit, e.Original.ID(), 0
	now := desk.Arrival{At: a.At}
	say(&now, "", e.Message.V.body)
	a.Text = now.Text
}

// changed reads that a person's number or id is another now.
func changed(a *desk.Arrival, s system) {
	a.Kind, a.Window = desk.ArrivedIdentity, 0
	for _, id := range person(s.User, s.Parent, s.WaID) {
		if !id.Guess && id.IdentityHint != a.Sender {
			a.Changed = append(a.Changed, id.IdentityHint)
		}
	}
	if len(a.Changed) == 0 {
		*a = meta.Counted("system")
	}
}

// fill reads a message by its type and what stands beside it.
func fill(a *desk.Arrival, m message) {
	say(a, m.Type.Word(), m.body)
	if m.Context.OK {
		c := m.Context.V
		a.ReplyTo = c.ID.ID()
		if c.Forwarded || c.Frequently {
			meta.Extra(a).Forwarded, a.ReplyTo = true, ""
		}
		if p := c.Product.V.Product.Line(); p != "" {
			x := meta.Extra(a)
			x.Links = append(x.Links, desk.Link{Kind: "product", ID: p})
		}
	}
	if m.Referral.OK {
		r := m.Referral.V
		meta.Extra(a).Referral = &desk.Referral{Source: r.Type.Word(), Ad: r.Source.ID(), Title: r.Headline.Line(), URL: r.URL.Link(), Click: r.Click.ID()}
		meta.Media(a, desk.MediaRef{Kind: desk.MediaImage, Role: desk.RoleAd, URL: r.Image.Link()})
	}
	for _, f := range meta.All[fault](m.Errors) {
		meta.Extra(a).Fault = &desk.Fault{Code: f.Code.Int(), Reason: meta.ReasonOf(f.Code.Int(), 0)}
		break
	}
}

// echoes reads what was written in the business app on the owner's phone
// (coexistence).
func echoes(v value) []desk.Arrival {
	var all []desk.Arrival
	known := people(meta.All[contact](v.Contacts))
	for _, raw := range v.Echoes {
		var m meta.Opt[message]
		if m.UnmarshalJSON(trimmed(raw)) != nil || !m.OK {
			all = append(all, meta.Counted("unreadable"))
			continue
		}
		turned := m.V
		turned.From, turned.FromUser = m.V.To, m.V.ToUser
		a := incoming(turned, raw, known)
		if a.Kind == desk.ArrivedMessage {
			a.Kind, a.Window, a.Choice = desk.ArrivedEcho, 0, ""
			a.Echo = &desk.Echo{Of: desk.EchoPerson}
		}
		a.Name, a.Username = "", ""
		all = append(all, a)
	}
	return all
}
