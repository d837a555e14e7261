package meta

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"
)

// whatsappAct carries a customer's act out on WhatsApp (reference 3.3, A.3).
func (c *Chat) whatsappAct(a Act) error {
	switch a.Kind {
	case "react", "unreact":
		c.changes(a)
		c.open(a.At, freeWindow)
		c.whatsappMessage(a, "reaction", o("message_id", a.Target, "emoji", opt(a.Emoji)))
		return nil
	case "read":
		c.whatsappRead(a)
		return nil
	case "edit", "revoke", "number_changed", "id_changed":
		return c.whatsappChange(a)
	case "error", "preferences", "call", "group":
		c.whatsappBeside(a)
		return nil
	case "nothing":
		return nil
	}
	m := c.shown(a)
	if err := c.whatsappSay(a, m); err != nil {
		return err
	}
	length := freeWindow
	if a.Kind == "ad" {
		length = 3 * freeWindow // a free entry point keeps it open for 72 hours
	}
	c.open(a.At, length)
	return nil
}

func (c *Chat) whatsappSay(a Act, m *message) error {
	ours := o("context", o("from", c.number.digits, "id", a.Target))
	text := o("body", a.Text)
	switch a.Kind {
	case "text":
		c.whatsappMessage(a, "text", text)
	case "reply":
		c.whatsappMessage(a, "text", text, ours...)
	case "forwarded":
		c.whatsappMessage(a, "text", text, o("context", o("forwarded", true))...)
	case "product":
		c.whatsappMessage(a, "text", text, o("context", o("from", c.number.digits, "id", or(a.Target, "wamid.P"),
			"referred_product", o("catalog_id", "194", "product_retailer_id", or(a.Ref, "sku1"))))...)
	case "ad":
		c.whatsappMessage(a, "text", text, o("referral", o("source_url", "https://fb.test/x", "source_id", "120", "source_type", "ad", "headline", "Chat",
			"body", "Sale", "media_type", "image", "image_url", "https://cdn.test/i.jpg", "ctwa_clid", or(a.Ref, "Aff-1")))...)
	case "image", "video", "audio", "voice", "file", "sticker":
		c.whatsappFile(a, m.files[0])
	case "location":
		c.whatsappMessage(a, "location", o("latitude", 37.44, "longitude", -122.16, "name", or(a.Title, "Cafe"), "address", "1 St", "url", "https://c.test"))
	case "contacts":
		c.whatsappMessage(a, "contacts", []any{o("name", o("formatted_name", "Barbara J", "first_name", "Barbara"),
			"phones", []any{o("phone", "+1 (415) 555-0829", "wa_id", "14155550829", "type", "MOBILE")})})
	case "order":
		c.whatsappMessage(a, "order", o("catalog_id", "194", "text", a.Text, "product_items",
			[]any{o("product_retailer_id", or(a.Ref, "sku1"), "quantity", 2, "item_price", 30, "currency", "USD")}))
	case "button_reply":
		m.text = a.Title
		c.whatsappMessage(a, "interactive", o("type", "button_reply", "button_reply", o("id", a.Payload, "title", a.Title)), ours...)
	case "list_reply":
		m.text = a.Title
		c.whatsappMessage(a, "interactive", o("type", "list_reply", "list_reply", o("id", a.Payload, "title", a.Title, "description", opt(a.Text))), ours...)
	case "flow_reply":
		c.whatsappMessage(a, "interactive", o("type", "nfm_reply", "nfm_reply", o("name", "flow", "body", "Sent", "response_json", or(a.Payload, `{"flow_token":"t","age":"32"}`))))
	case "button":
		m.text = or(a.Title, a.Payload)
		c.whatsappMessage(a, "button", o("payload", a.Payload, "text", or(a.Title, a.Payload)), ours...)
	case "media_failed":
		c.whatsappRaw(a, o("type", "unsupported", "errors", []any{statusError(131052)}), true)
	case "unsupported":
		c.whatsappRaw(a, o("type", "unsupported", "errors", []any{statusError(131051)}, "unsupported", o("type", or(a.Subtype, "poll"))), true)
	case "unknown":
		kind := or(a.Subtype, "hologram")
		c.whatsappRaw(a, o("type", kind, kind, o("id", "1")), true)
	default:
		return fmt.Errorf("meta: %s is not a message on WhatsApp", a.Kind)
	}
	return nil
}

func (c *Chat) whatsappFile(a Act, f *mediaFile) {
	sum := sha256.Sum256(f.data)
	kind := f.kind
	if kind == "file" {
		kind = "document"
	}
	mime := f.mime
	if a.Kind == "voice" {
		mime = "audio/ogg; codecs=opus"
	}
	c.whatsappMessage(a, kind, o("id", f.id, "mime_type", mime, "sha256", b64(sum[:]), "filename", when(kind == "document", f.name),
		"caption", opt(a.Text), "animated", when(kind == "sticker", false), "voice", when(kind == "audio", a.Kind == "voice"),
		"url", c.sim.whatsappLink(f)))
}

// whatsappRead sends the statuses of opening the chat: one per message.
func (c *Chat) whatsappRead(a Act) {
	upTo := c.sim.messages[a.Target]
	if upTo == nil {
		return
	}
	for _, m := range c.messages {
		if !m.outgoing() || m.at.After(upTo.at) || m.status == "read" || m.status == "failed" || m.from != ByApp {
			continue
		}
		if c.Customer.noReads {
			continue
		}
		m.status = "read"
		c.statusEvent(m, "read", a.At)
		if len(m.files) > 0 && m.files[0].kind == "audio" {
			c.statusEvent(m, "played", a.At)
		}
	}
}

func (c *Chat) whatsappChange(a Act) error {
	c.changes(a)
	old := c.Customer.waID
	switch a.Kind {
	case "edit":
		c.whatsappMessage(a, "edit", o("original_message_id", a.Target, "message", o("context", o("id", "M0"), "type", "text", "text", o("body", a.Text))))
	case "revoke":
		c.whatsappMessage(a, "revoke", o("original_message_id", a.Target))
	case "number_changed":
		if a.NewPhone == "" {
			return fmt.Errorf("meta: number_changed needs new_phone")
		}
		c.whatsappRaw(a, o("type", "system", "system", o("body", fmt.Sprintf("User %s changed from %s to %s", c.Customer.Name, old, a.NewPhone),
			"wa_id", a.NewPhone, "type", "user_changed_number")), false)
		delete(c.sim.phones, old)
		c.Customer.Phone, c.Customer.waID = a.NewPhone, a.NewPhone
		c.sim.dials(c.Customer)
	case "id_changed":
		w := c.number.WABA
		before := c.businessID()
		delete(c.Customer.bsuid, w.Business)
		c.Customer.renewed++
		after := c.businessID()
		c.whatsappRaw(a, o("from_user_id", before, "type", "system", "system", o("body", "User "+c.Customer.Name+" changed", "user_id", after, "type", "user_changed_user_id")), false)
		c.whatsappField("user_id_update", a.Kind, o("messaging_product", "whatsapp", "metadata", c.metadata(), "user_id_update", []any{o("wa_id", opt(old),
			"detail", "user id changed", "user_id", o("previous", before, "current", after), "timestamp", seconds(a.At))}))
	}
	return nil
}

// whatsappBeside is what reaches the endpoint without being a person's message.
func (c *Chat) whatsappBeside(a Act) {
	base := o("messaging_product", "whatsapp", "metadata", c.metadata())
	switch a.Kind {
	case "error":
		c.whatsappField("messages", a.Kind, base.with("errors", []any{statusError(130429)}))
	case "preferences":
		c.whatsappField("user_preferences", a.Kind, base.with("contacts", []any{c.contact()}, "user_preferences", []any{o("wa_id", opt(c.Customer.waID),
			"detail", "User requested to stop marketing messages", "category", "marketing_messages", "value", or(a.Payload, "stop"), "timestamp", seconds(a.At))}))
	case "call":
		c.open(a.At, freeWindow) // a call opens the window as a message does
		c.whatsappField("calls", a.Kind, base.with("calls", []any{o("id", a.ID, "from", opt(c.Customer.waID), "to", c.number.digits,
			"event", "connect", "timestamp", seconds(a.At), "direction", "USER_INITIATED")}))
	case "group":
		c.whatsappMessage(a, "text", o("body", or(a.Text, "hello group")), o("group_id", "Y2FwaV9ncm91cDox")...)
	}
}

// whatsappMessage sends one message with its sender and the contacts beside it.
func (c *Chat) whatsappMessage(a Act, kind string, body any, more ...pair) {
	c.whatsappRaw(a, append(o("type", kind, kind, body), more...), true)
}

func (c *Chat) whatsappRaw(a Act, m obj, contacts bool) {
	if a.Silent {
		return
	}
	whole := o("from", opt(c.Customer.waID))
	if _, own := m.get("from_user_id"); !own && contacts {
		whole = whole.with("from_user_id", c.businessID())
	}
	whole = append(whole.with("id", a.ID, "timestamp", seconds(a.At)), m...)
	who := any(absent{})
	if contacts {
		who = []any{c.contact()}
	}
	c.whatsappField("messages", a.Kind, o("messaging_product", "whatsapp", "metadata", c.metadata(), "contacts", who, "messages", []any{whole}))
}

func (c *Chat) contact() obj {
	return o("profile", o("name", c.Customer.Name, "username", when(c.Customer.Username != "", "@"+c.Customer.Username)),
		"wa_id", opt(c.Customer.waID), "user_id", c.businessID())
}

func (c *Chat) metadata() obj {
	return o("display_phone_number", c.number.digits, "phone_number_id", c.number.ID)
}

// whatsappField posts one change of the chat's WABA. The lock is held.
func (c *Chat) whatsappField(field, kind string, v obj) { c.number.WABA.change(field, kind, v) }

func (w *WABA) change(field, kind string, v obj) {
	if !w.subscribed || !w.sim.hears(objectWhatsApp, field) {
		return
	}
	w.sim.post(objectWhatsApp, w.sim.opt.AppSecret, &item{entry: w.ID, slot: "changes", kind: kind, value: o("value", v, "field", field)})
}

func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
