package meta

import (
	"strings"
	"time"
)

// went carries out what follows an accepted message of the business: the echo
// to subscribed apps, and its arrival on the customer's phone. The lock is held.
func (c *Chat) went(m *message) {
	m.status = "sent"
	c.typing = time.Time{}
	if c.seen.Before(m.at) {
		c.seen = m.at
	}
	if c.Channel == OnWhatsApp {
		c.whatsappWent(m)
		return
	}
	c.echo(m)
	if !c.Customer.offline {
		c.arrived(m)
	}
}

// arrived puts a message on the customer's phone. The lock is held.
func (c *Chat) arrived(m *message) {
	m.status = "delivered"
	switch c.Channel {
	case OnMessenger:
		at := c.sim.clk.Now()
		c.event("message_deliveries", "delivery", o("sender", o("id", c.person()), "recipient", o("id", c.page.ID), "timestamp", at.UnixMilli(),
			"delivery", o("mids", []any{m.id}, "watermark", m.at.UnixMilli())))
	case OnWhatsApp:
		if _, skipped := c.sim.strikes(NoDelivered, ""); !skipped && m.from == ByApp {
			c.statusEvent(m, "delivered", c.sim.clk.Now())
		}
	}
}

// echo tells subscribed apps what the business wrote (reference 3.1, A.1, A.2).
func (c *Chat) echo(m *message) {
	body := o("mid", m.id, "text", opt(m.text))
	if len(m.files) > 0 {
		var list []any
		for _, f := range m.files {
			list = append(list, o("type", f.kind, "payload", o("url", c.sim.cdn(f))))
		}
		body = body.with("attachments", list)
	}
	if len(m.buttons) > 0 && m.kind == "template" {
		body = o("mid", m.id, "attachments", []any{o("title", "", "url", "https://www.facebook.test", "type", "template",
			"payload", o("template_type", "button", "text", m.text, "buttons", echoButtons(m.buttons)))})
	}
	if m.replyTo != "" {
		body = body.with("reply_to", o("mid", m.replyTo))
	}
	ev := o("sender", o("id", c.asset()), "recipient", o("id", c.person()), "timestamp", m.at.UnixMilli())
	if c.Channel == OnInstagram {
		c.event("messages", "echo", ev.with("message", body.with("is_echo", true)))
		return
	}
	c.event("message_echoes", "echo", ev.with("message", append(o("is_echo", true, "app_id", c.sim.appOf(m), "metadata", opt(m.metadata)), body...)))
}

func echoButtons(buttons []Button) []any {
	var out []any
	for _, b := range buttons {
		out = append(out, o("type", b.Kind, "title", b.Title, "payload", opt(b.Payload)))
	}
	return out
}

// appOf is the app id an echo carries: a number for our app and the inbox.
func (s *Sim) appOf(m *message) any {
	switch m.from {
	case ByOwner:
		return int64(InboxApp)
	case ByOther:
		return or(m.metadata, "998877")
	}
	var n int64
	for _, r := range s.opt.AppID {
		if r < '0' || r > '9' {
			return s.opt.AppID
		}
		n = n*10 + int64(r-'0')
	}
	return n
}

func (c *Chat) whatsappWent(m *message) {
	switch m.from {
	case ByOwner:
		c.whatsappField("smb_message_echoes", "echo", o("messaging_product", "whatsapp", "metadata", c.metadata(), "message_echoes",
			[]any{o("from", c.number.digits, "to", or(c.Customer.waID, c.businessID()), "id", m.id, "timestamp", seconds(m.at), "type", "text", "text", o("body", m.text))}))
		return
	case ByOther:
		return // another app's messages are not echoed; only its statuses would be
	}
	if f, bad := c.sim.strikes(Undeliverable, ""); bad || c.Customer.blocked {
		m.status, m.code = "failed", or2(f.Code, 131026)
		c.statusEvent(m, "failed", c.sim.clk.Now())
		return
	}
	c.statusEvent(m, "sent", c.sim.clk.Now())
	if !c.Customer.offline {
		c.arrived(m)
	}
}

func or2(n, instead int) int {
	if n == 0 {
		return instead
	}
	return n
}

// statusEvent posts one WhatsApp status (reference 3.4, A.3). The lock is held.
func (c *Chat) statusEvent(m *message, status string, at time.Time) {
	st := o("id", m.id, "status", status, "timestamp", seconds(at), "recipient_id", opt(c.Customer.waID),
		"recipient_user_id", when(c.Customer.waID == "", c.businessID()), "biz_opaque_callback_data", opt(m.metadata))
	switch status {
	case "failed":
		st = st.with("errors", []any{statusError(m.code)})
	case "sent":
		if m.template != "" {
			st = st.with("pricing", o("billable", true, "pricing_model", "PMP", "type", "regular", "category", "utility"))
			break
		}
		st = st.with("pricing", o("billable", false, "pricing_model", "PMP", "type", "free_customer_service", "category", "service"))
	}
	contacts := any(absent{})
	if status != "failed" {
		contacts = []any{c.contact()}
	}
	c.whatsappField("messages", status, o("messaging_product", "whatsapp", "metadata", c.metadata(), "contacts", contacts, "statuses", []any{st}))
}

// Status posts a status of one of our messages out of turn, for example "failed"
// after "sent"; code matters for "failed".
func (c *Chat) Status(id, status string, code int) {
	c.sim.locked(func() {
		if m := c.sim.messages[id]; m != nil {
			m.code = code
			m.status = status
			c.statusEvent(m, status, c.sim.clk.Now())
		}
	})
}

// OwnerTypes is a message the business writes by hand: in the page inbox, in
// the Instagram app or on the phone that shares the WhatsApp number.
func (c *Chat) OwnerTypes(text string) string { return c.types(ByOwner, text, "") }

// OtherAppSends is a message another app sends for the business.
func (c *Chat) OtherAppSends(app, text string) string { return c.types(ByOther, text, app) }

func (c *Chat) types(by Author, text, app string) string {
	id := ""
	c.sim.locked(func() {
		m := c.add(&message{from: by, kind: "text", text: strings.TrimSpace(text), metadata: app})
		if c.page != nil && c.page.routing {
			c.owner = or(app, "263902037430900")
		}
		c.went(m)
		id = m.id
	})
	return id
}

// Handover posts a thread control event: kind is pass_thread_control,
// take_thread_control or request_thread_control.
func (c *Chat) Handover(kind, from, to, metadata string) {
	c.sim.locked(func() {
		body := o("previous_owner_app_id", from, "new_owner_app_id", to, "metadata", metadata)
		if kind == "request_thread_control" {
			body = o("requested_owner_app_id", to, "metadata", metadata)
		} else {
			c.owner = to
		}
		ev := o("sender", o("id", c.person()), "recipient", o("id", c.asset()), "timestamp", c.sim.clk.Now().UnixMilli(), kind, body)
		field := "messaging_handovers"
		if c.Channel == OnInstagram {
			c.event("messaging_handover", kind, ev)
			return
		}
		if listed(c.page.fields, field) && c.sim.hears(objectPage, field) {
			c.sim.post(objectPage, c.sim.opt.AppSecret, &item{entry: c.page.ID, slot: "messaging", value: ev, kind: kind})
		}
	})
}

// Policy posts what Meta decided about the page: warning, block or unblock.
func (p *Page) Policy(action, reason string) {
	p.sim.locked(func() {
		p.restricted = action == "block" || p.restricted && action != "unblock"
		if listed(p.fields, "messaging_policy_enforcement") && p.sim.hears(objectPage, "messaging_policy_enforcement") {
			p.sim.post(objectPage, p.sim.opt.AppSecret, &item{entry: p.ID, slot: "messaging", kind: "policy", value: o("recipient", o("id", p.ID),
				"timestamp", p.sim.clk.Now().UnixMilli(), "policy_enforcement", o("action", action, "reason", opt(reason)))})
		}
	})
}

// Tells posts a change of the WhatsApp account itself, for example
// "account_update" with {"event":"DISABLED_UPDATE"}: a JSON object.
func (w *WABA) Tells(field, jsonValue string) error {
	m, err := parseObject([]byte(jsonValue))
	if err != nil {
		return err
	}
	v := make(obj, 0, len(m))
	for _, k := range sortedKeys(m) {
		v = append(v, pair{k, m[k]})
	}
	w.sim.locked(func() { w.change(field, field, v) })
	return nil
}

// TestEvent posts what the dashboard's "Test" button sends for an object: entry
// id "0" and people that do not exist.
func (s *Sim) TestEvent(object string) {
	s.locked(func() {
		secret := s.opt.AppSecret
		now := s.clk.Now()
		if object == objectWhatsApp {
			s.post(object, secret, &item{entry: "0", slot: "changes", kind: "test", value: o("value", o("messaging_product", "whatsapp",
				"metadata", o("display_phone_number", "16505551111", "phone_number_id", "123456123"),
				"contacts", []any{o("profile", o("name", "test user name"), "wa_id", "16315551181")},
				"messages", []any{o("from", "16315551181", "id", "ABGGFlA5Fpa", "timestamp", "1504902988", "type", "text", "text", o("body", "this is a text message"))}), "field", "messages")})
			return
		}
		s.post(object, secret, &item{entry: "0", slot: "changes", kind: "test", value: o("field", "messages", "value", o("sender", o("id", "12334"),
			"recipient", o("id", "23245"), "timestamp", seconds(now), "message", o("mid", "random_mid", "text", "random_text")))})
	})
}
