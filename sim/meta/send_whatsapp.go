package meta

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// checkWhatsApp reads a Cloud API message strictly and holds it to every rule
// (reference 4.3, 5, 6.3). The lock is held.
func (c *call) checkWhatsApp(n *Number) (*outgoing, *fault) {
	if !c.tok.reaches(n.WABA.ID) || !c.tok.may("whatsapp_business_messaging") {
		return nil, whatsappFault(10, "Application does not have permission for this action", "")
	}
	if bearer(c.r) == "" {
		return nil, whatsappFault(0, "Authentication Error", "send the token as Authorization: Bearer")
	}
	in := c.in
	in.oneOf("messaging_product", "whatsapp")
	if in.has("status") {
		return c.readAndTyping(n)
	}
	if in.has("recipient_type") {
		in.oneOf("recipient_type", "individual")
	}
	to, recipient := in.str("to"), in.str("recipient")
	if to == "" && recipient == "" {
		in.need("to")
	}
	kind := in.oneOf("type", "text", "image", "video", "audio", "document", "sticker", "location", "contacts", "reaction", "interactive", "template")
	out := &outgoing{msg: &message{from: ByApp, kind: kind, metadata: in.within("biz_opaque_callback_data", 512)}}
	if in.has("context") {
		x := in.obj("context")
		out.msg.replyTo = x.need("message_id")
		x.end()
	}
	target, emoji := c.whatsappBody(out, n, kind)
	if f := c.done(); f != nil {
		return nil, f
	}
	if f := n.maySend(); f != nil {
		return nil, f
	}
	chat, f := c.whatsappChat(n, to, recipient)
	if f != nil {
		return nil, f
	}
	out.chat = chat
	if f := c.whatsappWindow(chat, kind); f != nil {
		return nil, f
	}
	if f := c.whatsappRate(n, chat); f != nil {
		return nil, f
	}
	contact := o("input", or(to, recipient), "wa_id", opt(chat.Customer.waID), "user_id", when(chat.Customer.waID == "" || recipient != "", chat.businessID()))
	out.answers = func(m *message) obj {
		id := c.s.newMID(OnWhatsApp)
		if m != nil {
			id = m.id
		}
		return o("messaging_product", "whatsapp", "contacts", []any{contact}, "messages", []any{o("id", id, "message_status", when(kind == "template", "accepted"))})
	}
	if kind == "reaction" {
		return c.whatsappReaction(out, target, emoji)
	}
	return out, nil
}

func (n *Number) maySend() *fault {
	switch {
	case !n.registered:
		return whatsappFault(133010, "Phone number not registered", "The phone number is not registered on the Cloud API.")
	case n.WABA.locked:
		return whatsappFault(131031, "Account has been locked", "The WhatsApp Business Account is locked.")
	}
	return nil
}

// whatsappBody reads the object named by type.
func (c *call) whatsappBody(out *outgoing, n *Number, kind string) (target, emoji string) {
	if kind == "contacts" {
		for _, x := range c.in.list("contacts", 1, 257) {
			name := x.obj("name")
			out.msg.text = strings.TrimSpace(out.msg.text + "\n" + name.need("formatted_name"))
			name.ignore("first_name", "last_name", "middle_name", "prefix", "suffix")
			name.end()
			x.ignore("phones", "emails", "addresses", "org", "urls", "birthday")
			x.end()
		}
		return "", ""
	}
	x := c.in.obj(kind)
	defer x.end()
	switch kind {
	case "text":
		out.msg.text = x.limited("body", 4096)
		x.flag("preview_url")
	case "image", "video", "document", "audio", "sticker":
		c.whatsappMedia(x, out, n, kind)
	case "location":
		x.number("latitude")
		x.number("longitude")
		out.msg.text = strings.TrimSpace(x.str("name") + "\n" + x.str("address"))
	case "reaction":
		target, emoji = x.need("message_id"), x.str("emoji")
		if !x.has("emoji") {
			x.need("emoji")
		}
	case "interactive":
		c.interactive(x, out)
	case "template":
		c.sendTemplate(x, out, n.WABA)
	}
	return target, emoji
}

func (c *call) whatsappMedia(x *object, out *outgoing, n *Number, kind string) {
	id, at := x.str("id"), x.str("link")
	switch {
	case (id == "") == (at == ""):
		x.bad(true, "Param %s needs exactly one of id and link", x.at)
	case id != "":
		f := c.s.media[id]
		if f == nil || f.number != n || c.s.clk.Now().After(f.gone) {
			x.bad(false, "Param %s: no media %s on this number", x.name("id"), id)
			return
		}
		if !whatsappTakes(kind)(f.mime, len(f.data)) {
			x.fail(whatsappFault(131053, "Media upload error", "The uploaded media "+f.mime+" cannot be sent as "+kind+"."))
		}
		out.msg.files = append(out.msg.files, f)
	default:
		if u, err := url.Parse(at); err != nil || u.Scheme != "https" && !(u.Scheme == "http" && Loopback(u.Hostname())) {
			x.bad(false, "Param %s must be an https address", x.name("link"))
		}
		as := kind
		if kind == "document" {
			as = "file"
		}
		out.links = append(out.links, link{kind: as, url: at, name: x.m2("filename")})
		out.limits = whatsappTakes(kind)
	}
	switch kind {
	case "image", "video", "document":
		out.msg.text = x.within("caption", 1024)
	case "audio":
		x.flag("voice")
	}
	if kind == "document" {
		x.str("filename")
	}
}

// m2 looks at a text without counting it as read.
func (x *object) m2(key string) string {
	s, _ := x.m[key].(string)
	return s
}

// whatsappTakes are the files WhatsApp sends (reference 4.3).
func whatsappTakes(kind string) func(string, int) bool {
	type rule struct {
		max   int
		mimes []string
	}
	rules := map[string]rule{
		"audio":   {16 << 20, []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}},
		"image":   {5 << 20, []string{"image/jpeg", "image/png"}},
		"video":   {16 << 20, []string{"video/mp4", "video/3gpp"}},
		"sticker": {500 << 10, []string{"image/webp"}},
		"document": {100 << 20, []string{"application/pdf", "text/plain", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			"application/vnd.openxmlformats-officedocument.presentationml.presentation"}},
	}
	return func(mime string, size int) bool {
		mime, _, _ = strings.Cut(mime, ";")
		r := rules[kind]
		return size > 0 && size <= r.max && slices.Contains(r.mimes, strings.TrimSpace(mime))
	}
}

// interactive reads buttons and lists.
func (c *call) interactive(x *object, out *outgoing) {
	kind := x.oneOf("type", "button", "list", "cta_url", "location_request_message")
	body := x.obj("body")
	limit := 1024
	if kind == "list" {
		limit = 4096
	}
	out.msg.text = body.limited("text", limit)
	body.end()
	if x.has("footer") {
		f := x.obj("footer")
		f.limited("text", 60)
		f.end()
	}
	if x.has("header") {
		h := x.obj("header")
		if h.oneOf("type", "text", "image", "video", "document") == "text" || kind == "list" {
			h.limited("text", 60)
		}
		h.ignore("image", "video", "document")
		h.end()
	}
	a := x.obj("action")
	switch kind {
	case "button":
		seen := map[string]bool{}
		for _, b := range a.list("buttons", 1, 3) {
			b.oneOf("type", "reply")
			r := b.obj("reply")
			one := Button{Kind: "reply", Payload: r.limited("id", 256), Title: r.limited("title", 20)}
			if seen[one.Payload] || seen["t:"+one.Title] {
				r.bad(false, "Param %s: ids and titles of buttons must differ", a.at)
			}
			seen[one.Payload], seen["t:"+one.Title] = true, true
			out.msg.buttons = append(out.msg.buttons, one)
			r.end()
			b.end()
		}
	case "list":
		c.rows(a, out)
	case "cta_url":
		a.oneOf("name", "cta_url")
		p := a.obj("parameters")
		out.msg.buttons = append(out.msg.buttons, Button{Kind: "web_url", Title: p.limited("display_text", 20), Payload: p.need("url")})
		p.end()
	default:
		a.oneOf("name", "send_location")
	}
	a.end()
}

func (c *call) rows(a *object, out *outgoing) {
	a.limited("button", 20)
	sections := a.list("sections", 1, 10)
	for _, s := range sections {
		if len(sections) > 1 || s.has("title") {
			s.limited("title", 24)
		}
		for _, r := range s.list("rows", 1, 10) {
			out.msg.buttons = append(out.msg.buttons, Button{Kind: "row", Payload: r.limited("id", 200), Title: r.limited("title", 24), Detail: r.within("description", 72)})
			r.end()
		}
		s.end()
	}
	if len(out.msg.buttons) > 10 {
		a.bad(false, "Param %s: at most 10 rows in total", a.name("sections"))
	}
}

// whatsappChat finds who a message goes to. A number without a plus gets the
// business's own country code in front, as the real thing does.
func (c *call) whatsappChat(n *Number, to, recipient string) (*Chat, *fault) {
	digits := onlyDigits(to)
	if to != "" && !strings.HasPrefix(to, "+") {
		c.s.remark("no_plus", "a message was sent to a number without its plus; Meta may put the business's country code in front")
	}
	if to != "" && (len(digits) < 7 || len(digits) > 15 || strings.Trim(to, "+0123456789 -().") != "") {
		return nil, whatsappFault(131009, "Parameter value is not valid", "to is not a phone number in international format")
	}
	if digits == n.digits {
		return nil, whatsappFault(131021, "Recipient cannot be sender", "Sender and recipient phone number are the same.")
	}
	cust := c.s.phones[digits]
	if digits == "" {
		cust = c.s.bsuids[recipient]
		if cust != nil && cust.bsuid[n.WABA.Business] != recipient {
			cust = nil // of another portfolio, or from before it changed
		}
	}
	if cust != nil {
		key := chatKey{cust, n.ID}
		if c.s.chats[key] == nil {
			c.s.chats[key] = &Chat{Customer: cust, Channel: OnWhatsApp, number: n, sim: c.s, serial: c.s.next(), pair: newBucket(pairBurst, pairEvery)}
		}
		return c.s.chats[key], nil
	}
	return nil, whatsappFault(131026, "Message undeliverable", "The recipient is not on WhatsApp.")
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// whatsappWindow: outside the window nothing but a template goes.
func (c *call) whatsappWindow(chat *Chat, kind string) *fault {
	now := c.s.clk.Now()
	if kind == "template" {
		if !chat.optedIn && chat.openTo.IsZero() {
			c.s.remark("no_opt_in", "a template went to somebody who never wrote and never agreed")
		}
		return nil
	}
	if now.After(chat.openTo) {
		_, details := statusTitle(131047)
		return whatsappFault(131047, "Re-engagement message", details)
	}
	return nil
}

// Agrees stores the customer's opt-in for templates, as on the business's site.
func (c *Chat) Agrees() { c.sim.locked(func() { c.optedIn = true }) }

func (c *call) whatsappRate(n *Number, chat *Chat) *fault {
	if wait, ok := c.s.rate("send "+n.ID, whatsappPerSecond, time.Second); !ok {
		f := whatsappFault(130429, "Rate limit hit", "Cloud API message throughput has been reached.")
		f.retryAfter = wait
		return f
	}
	wait, ok := chat.pair.take(c.s.clk.Now())
	if _, forced := c.s.strikes(PairLimit, c.r.URL.Path); forced || !ok {
		f := whatsappFault(131056, "(Business Account, Consumer Account) pair rate limit hit",
			"Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.")
		f.retryAfter = wait
		return f
	}
	return nil
}

func (c *call) whatsappReaction(out *outgoing, target, emoji string) (*outgoing, *fault) {
	m := c.s.messages[target]
	if m == nil || m.chat != out.chat || c.s.clk.Since(m.at) > 30*24*time.Hour {
		return nil, whatsappFault(131009, "Parameter value is not valid", "The message to react to is unknown or older than 30 days.")
	}
	out.react = func() { out.chat.businessReacts(target, emoji) }
	return out, nil
}

// readAndTyping marks a message read and may show typing.
func (c *call) readAndTyping(n *Number) (*outgoing, *fault) {
	c.in.oneOf("status", "read")
	id := c.in.need("message_id")
	typing := c.in.has("typing_indicator")
	if typing {
		t := c.in.obj("typing_indicator")
		t.oneOf("type", "text")
		t.end()
	}
	if f := c.done(); f != nil {
		return nil, f
	}
	m := c.s.messages[id]
	if m == nil || m.chat.number != n || m.outgoing() || c.s.clk.Since(m.at) > 30*24*time.Hour {
		return nil, whatsappFault(100, "Invalid parameter", "No message "+id+" to mark as read.")
	}
	return &outgoing{chat: m.chat, answers: func(*message) obj { return o("success", true) }, react: func() {
		m.chat.seen = c.s.clk.Now()
		if typing {
			m.chat.typing = c.s.clk.Now().Add(25 * time.Second)
		}
	}}, nil
}

// manageRate holds WABA management to its calls per hour.
func (c *call) manageRate(w *WABA) *fault {
	limit := manageFresh
	if slices.ContainsFunc(w.Numbers, func(n *Number) bool { return n.registered }) {
		limit = manageRegistered
	}
	if wait, ok := c.s.rate("manage "+w.ID, limit, time.Hour); !ok {
		f := whatsappFault(80008, "There have been too many calls to this WhatsApp Business account.", "")
		f.status, f.retryAfter = http.StatusBadRequest, wait
		return f
	}
	return nil
}
