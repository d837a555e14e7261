package meta

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// sender is who a call sends as on Messenger or Instagram.
type sender struct {
	page   *Page
	ig     *Instagram
	perSec int
	login  bool // Instagram login
}

// checkSocial reads a Send API body strictly and holds it to every rule
// (reference 4.1, 4.2, 5). The lock is held.
func (c *call) checkSocial(from sender) (*outgoing, *fault) {
	in := c.in
	to := in.obj("recipient")
	id := to.need("id")
	to.end()
	action := in.str("sender_action")
	if action != "" {
		return c.senderAction(from, id, action)
	}
	kind, tag := c.messagingType(from, id)
	reply := ""
	if in.has("reply_to") {
		r := in.obj("reply_to")
		reply = r.need("mid")
		r.end()
	}
	in.ignore("notification_type", "persona_id")
	out := &outgoing{msg: &message{from: ByApp, kind: "text", replyTo: reply, tag: tag}, perSec: from.perSec}
	ch := from.channelOf(c.s, id)
	c.messageBody(out, ch)
	if f := c.done(); f != nil {
		return nil, f
	}
	chat, f := c.recipient(from, id)
	if f != nil {
		return nil, f
	}
	out.chat = chat
	if f := chat.mayReceive(c, kind, tag); f != nil {
		return nil, f
	}
	if reply != "" && (c.s.messages[reply] == nil || c.s.messages[reply].chat != chat) {
		return nil, invalid("Invalid reply_to: no message %s in this thread", reply)
	}
	out.answers = func(m *message) obj { return o("recipient_id", id, "message_id", m.id) }
	return out, nil
}

// channelOf decides whose rules hold for a recipient nobody knows too.
func (from sender) channelOf(s *Sim, id string) Channel {
	if c := s.chatOf(id); c != nil {
		return c.Channel
	}
	if from.page == nil {
		return OnInstagram
	}
	return OnMessenger
}

// messagingType reads messaging_type and tag. Messenger wants the first always,
// Instagram takes only the human tag.
func (c *call) messagingType(from sender, id string) (kind, tag string) {
	in := c.in
	tag = in.str("tag")
	if from.channelOf(c.s, id) == OnInstagram && !in.has("messaging_type") {
		if tag != "" {
			in.bad(false, "Param tag needs messaging_type MESSAGE_TAG")
		}
		return "RESPONSE", ""
	}
	kind = in.oneOf("messaging_type", "RESPONSE", "UPDATE", "MESSAGE_TAG")
	switch {
	case kind == "MESSAGE_TAG" && tag != "HUMAN_AGENT":
		in.bad(tag == "", "Param tag must be HUMAN_AGENT: the other message tags were retired on 27 April 2026")
	case kind != "MESSAGE_TAG" && tag != "":
		in.bad(false, "Param tag is only valid with messaging_type MESSAGE_TAG")
	}
	return kind, tag
}

// messagesOff is what Meta says while the account's owner keeps apps away from
// its messages.
func messagesOff() *fault {
	return refuse(http.StatusForbidden, 200, 2534041, "The account owner has disabled access to instagram direct messages.")
}

// recipient finds the thread, which only the customer can begin.
func (c *call) recipient(from sender, id string) (*Chat, *fault) {
	chat := c.s.chatOf(id)
	ours := chat != nil && (chat.page != nil && chat.page == from.page || chat.ig != nil && chat.ig == from.ig)
	if !ours || chat.openTo.IsZero() {
		if from.page == nil || chat != nil && chat.ig != nil {
			f := refuse(http.StatusBadRequest, 100, 2534014, "The requested user cannot be found.")
			f.kind = "IGApiException"
			return nil, f
		}
		return nil, refuse(http.StatusBadRequest, 100, 2018001, "No matching user found")
	}
	if chat.ig != nil && chat.ig.accessOff {
		return nil, messagesOff()
	}
	if c.s.notLive {
		return nil, refuse(http.StatusForbidden, 200, 2018028, "Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.")
	}
	if scope := "instagram_manage_messages"; chat.ig != nil && !from.login && !c.tok.may(scope) {
		return nil, refuse(http.StatusForbidden, 200, 0, "Requires %s permission to manage the object", scope)
	}
	if chat.page != nil && !c.tok.may("pages_messaging") {
		return nil, refuse(http.StatusForbidden, 200, 0, "Requires pages_messaging permission to manage the object")
	}
	return chat, nil
}

// mayReceive holds a message to window, owner and blocks. The lock is held.
func (c *Chat) mayReceive(on *call, kind, tag string) *fault {
	s, now := c.sim, c.sim.clk.Now()
	switch {
	case c.page != nil && c.page.restricted:
		return refuse(http.StatusForbidden, 10, 1893063, "The Page is temporarily restricted from sending messages.")
	case c.Customer.blocked:
		return refuse(http.StatusBadRequest, 551, 1545041, "This person isn't available right now.")
	case c.page != nil && c.page.routing && c.owner != "" && c.owner != s.opt.AppID:
		return refuse(http.StatusForbidden, 10, 2018300, "Another app is controlling this thread now.")
	}
	if kind == "MESSAGE_TAG" {
		switch {
		case s.opt.NoHumanAgent:
			return refuse(http.StatusForbidden, 10, 0, "The app was not approved for the Human Agent feature.")
		case now.After(c.humanTo):
			return c.windowClosed()
		case !now.After(c.openTo):
			s.remark("human_agent_inside_window", "%s was sent with HUMAN_AGENT although the 24-hour window is open", tag)
		}
		return nil
	}
	if now.After(c.openTo) {
		return c.windowClosed()
	}
	return nil
}

func (c *Chat) windowClosed() *fault {
	sub, kind := 2018278, "OAuthException"
	if c.Channel == OnInstagram {
		sub, kind = 2534022, "IGApiException"
	}
	f := refuse(http.StatusForbidden, 10, sub, "This message is sent outside of allowed window.")
	f.kind = kind
	return f
}

// senderAction is typing, seen or a reaction, with nothing beside it.
func (c *call) senderAction(from sender, id, action string) (*outgoing, *fault) {
	c.in.oneOf("sender_action", "typing_on", "typing_off", "mark_seen", "react", "unreact")
	target, emoji := "", ""
	if strings.HasSuffix(action, "react") {
		p := c.in.obj("payload")
		target = p.need("message_id")
		if action == "react" {
			emoji = p.need("reaction")
		}
		p.end()
	}
	if f := c.done(); f != nil {
		return nil, f
	}
	chat, f := c.recipient(from, id)
	if f != nil {
		return nil, f
	}
	if f := chat.mayReceive(c, "RESPONSE", ""); f != nil {
		return nil, f
	}
	return &outgoing{chat: chat, answers: func(*message) obj { return o("recipient_id", id) }, react: func() {
		now := c.s.clk.Now()
		switch action {
		case "typing_on":
			chat.typing = now.Add(20 * time.Second)
		case "typing_off":
			chat.typing = time.Time{}
		case "mark_seen":
			chat.seen = now
		default:
			chat.businessReacts(target, emoji)
		}
	}}, nil
}

func (c *Chat) businessReacts(target, emoji string) {
	m := c.sim.messages[target]
	if m == nil || m.chat != c {
		return
	}
	if m.reactions == nil {
		m.reactions = map[Author]string{}
	}
	m.reactions[ByApp] = emoji
	if emoji == "" {
		delete(m.reactions, ByApp)
	}
}

// messageBody reads message: text with quick replies, or attachments, never
// both (reference 4.1: text and attachment are separate sends).
func (c *call) messageBody(out *outgoing, ch Channel) {
	m := c.in.obj("message")
	out.msg.metadata = m.within("metadata", 1000)
	single, many := m.has("attachment"), m.has("attachments")
	file := c.files["filedata"]
	switch {
	case single && !many:
		c.attachment(m.obj("attachment"), out, ch, file)
	case many && !single && ch == OnInstagram:
		for _, a := range m.list("attachments", 1, 10) {
			c.attachment(a, out, ch, nil)
		}
	case m.has("sticker_id"):
		m.number("sticker_id")
		out.msg.kind = "sticker"
	default:
		out.msg.text = m.need("text")
		if !fits(ch, out.msg.text) {
			if ch == OnInstagram {
				m.bad(false, "Length of param message[text] must be less than or equal to 1000 bytes")
			}
			m.bad(false, "Length of param message[text] must be less than or equal to 2000")
		}
	}
	for _, q := range m.list("quick_replies", 0, 13) {
		kind := q.oneOf("content_type", "text", "user_phone_number", "user_email")
		b := Button{Kind: "quick_reply"}
		if kind == "text" {
			b.Title, b.Payload = q.limited("title", 20), q.limited("payload", 1000)
		}
		q.ignore("image_url")
		q.end()
		out.msg.buttons = append(out.msg.buttons, b)
	}
	m.end()
}

func (c *call) attachment(a *object, out *outgoing, ch Channel, raw []Upload) {
	kinds := []string{"image", "video", "audio", "file", "template"}
	if ch == OnInstagram {
		kinds = append(kinds, "MEDIA_SHARE", "like_heart")
	}
	kind := a.oneOf("type", kinds...)
	out.msg.kind = kind
	if kind == "like_heart" {
		out.msg.text = "\u2764\ufe0f"
		a.end()
		return
	}
	p := a.obj("payload")
	if kind == "template" {
		c.template(p, out, ch)
		p.end()
		a.end()
		return
	}
	out.limits = socialLimits(ch, kind)
	p.flag("is_reusable")
	switch {
	case kind == "MEDIA_SHARE":
		p.need("id")
	case len(raw) == 1 && ch == OnMessenger:
		c.rawAttachment(p, out, kind, raw[0])
	case p.has("attachment_id"):
		f := c.s.media[p.need("attachment_id")]
		if f == nil || f.page != c.tok.page || f.ig != c.tok.ig {
			p.bad(false, "Invalid attachment ID")
		} else {
			out.msg.files = append(out.msg.files, f)
		}
	default:
		at := p.need("url")
		if u, err := url.Parse(at); err != nil || u.Scheme != "https" && !(u.Scheme == "http" && Loopback(u.Hostname())) {
			p.bad(false, "Param %s must be a public https address", p.name("url"))
		}
		out.links = append(out.links, link{kind: kind, url: at})
	}
	p.end()
	a.end()
}

// rawAttachment is a file posted beside the message.
func (c *call) rawAttachment(p *object, out *outgoing, kind string, u Upload) {
	if !out.limits(u.Mime, len(u.Data)) {
		p.fail(refuse(http.StatusBadRequest, 100, 2018047, "Upload attachment failure: the %s is of a type or size that is not supported.", kind))
		return
	}
	f := &mediaFile{id: c.s.fresh("1857", 16), kind: kind, mime: u.Mime, name: u.Name, data: u.Data, page: c.tok.page, made: c.s.clk.Now()}
	c.s.media[f.id] = f
	out.msg.files = append(out.msg.files, f)
}

// template reads the structured messages: buttons and cards.
func (c *call) template(p *object, out *outgoing, ch Channel) {
	switch p.oneOf("template_type", "button", "generic") {
	case "button":
		out.msg.text = p.limited("text", 640)
		out.msg.buttons = c.buttons(p, 1)
	case "generic":
		for _, e := range p.list("elements", 1, 10) {
			title := e.limited("title", 80)
			out.msg.text = strings.TrimSpace(out.msg.text + "\n" + title + "\n" + e.within("subtitle", 80))
			e.ignore("image_url", "default_action")
			out.msg.buttons = append(out.msg.buttons, c.buttons(e, 0)...)
			e.end()
		}
	}
	_ = ch
}

func (c *call) buttons(p *object, least int) []Button {
	var out []Button
	for _, b := range p.list("buttons", least, 3) {
		x := Button{Kind: b.oneOf("type", "web_url", "postback", "phone_number"), Title: b.limited("title", 20)}
		if x.Kind == "web_url" {
			x.Payload = b.need("url")
		} else {
			x.Payload = b.limited("payload", 1000)
		}
		b.end()
		out = append(out, x)
	}
	return out
}

// uploadAttachment is POST /{page}/message_attachments.
func (c *call) uploadAttachment() (obj, *fault) {
	s := c.s
	s.mu.Lock()
	f := c.needToken()
	if f == nil && c.tok.page == nil && c.tok.ig == nil {
		f = &fault{status: http.StatusBadRequest, code: 190, message: "This method must be called with a Page Access Token"}
	}
	if f == nil && c.path[0] != "me" && !c.tok.reaches(c.path[0]) {
		f = noSuchNode(c.r.Method, c.path[0])
	}
	out := &outgoing{msg: &message{}, chat: &Chat{sim: s, Channel: OnMessenger}}
	if f == nil {
		out.chat.page, out.chat.ig = c.tok.page, c.tok.ig
		if p := c.in.str("platform"); p == "instagram" || c.tok.ig != nil {
			out.chat.Channel = OnInstagram
		}
		m := c.in.obj("message")
		c.attachment(m.obj("attachment"), out, out.chat.Channel, c.files["filedata"])
		m.end()
		f = c.done()
	}
	s.mu.Unlock()
	if f != nil {
		return nil, f
	}
	files, f := c.fetchAll(out)
	if f != nil {
		return nil, f
	}
	files = append(files, out.msg.files...)
	if len(files) != 1 {
		return nil, invalid("The upload holds no file")
	}
	return o("attachment_id", files[0].id), nil
}
