package meta

import (
	"fmt"
	"time"
)

// InboxApp is the app id of Meta's own page inbox.
const InboxApp = 263902037430900

// oldStickers is when Messenger stopped sending an image beside a sticker.
var oldStickers = time.Date(2026, 8, 30, 0, 0, 0, 0, time.UTC)

// messengerAct carries a customer's act out on Messenger (reference 3.1, A.1).
func (c *Chat) messengerAct(a Act) error {
	switch a.Kind {
	case "edit", "unsend", "react", "unreact", "read":
		return c.messengerChange(a)
	case "postback", "get_started", "referral", "optin", "feedback":
		return c.messengerTap(a)
	case "nothing":
		return nil
	}
	m := c.shown(a)
	body, ok := c.messengerBody(a, m)
	if !ok {
		return fmt.Errorf("meta: %s is not a message on Messenger", a.Kind)
	}
	length := freeWindow
	if a.Kind == "ad" {
		length = adWindow
	}
	c.open(a.At, length)
	c.tell("messages", a, o("message", body))
	return nil
}

// messengerBody is event.message. Where the link preview, the place or the post
// matters, Payload holds its address and Title its name.
func (c *Chat) messengerBody(a Act, m *message) (obj, bool) {
	mid := o("mid", a.ID)
	text := mid.with("text", a.Text)
	url := or(a.Payload, "https://www.facebook.test/p/1")
	one := func(kind string, payload any, extra ...any) obj {
		return mid.with("attachments", []any{o("type", kind, "payload", payload).with(extra...)})
	}
	switch a.Kind {
	case "text":
		return text, true
	case "reply":
		return text.with("reply_to", o("mid", a.Target, "is_self_reply", false)), true
	case "quick_reply":
		return mid.with("text", or(a.Title, a.Text), "quick_reply", o("payload", a.Payload)), true
	case "image", "images", "video", "audio", "file":
		var list []any
		for _, f := range m.files {
			list = append(list, o("type", f.kind, "payload", o("url", c.sim.cdn(f))))
		}
		return mid.with("text", opt(a.Text), "attachments", list), true
	case "sticker":
		if c.sim.clk.Now().Before(oldStickers) {
			return c.oldSticker(mid, m), true
		}
		return one("sticker", o("url", c.sim.cdn(m.files[0]), "sticker_id", int64(369239263222822))), true
	case "sticker_old":
		return c.oldSticker(mid, m), true
	case "fallback":
		return text.with("attachments", []any{o("type", "fallback", "payload", o("url", url, "title", or(a.Title, "A page")))}), true
	case "fallback_empty":
		return one("fallback", nil, "title", "Attachment Unavailable", "url", nil), true
	case "location":
		return one("location", o("coordinates", o("lat", 52.5, "long", 13.4)), "title", or(a.Title, "Pin"), "url", "https://maps.test"), true
	case "reel":
		return one("reel", o("url", c.sim.cdn(m.files[0]), "title", or(a.Title, "Reel"), "reel_video_id", 990011)), true
	case "post":
		return one("post", o("url", url, "title", or(a.Title, "Post"), "id", 123456)), true
	case "unknown":
		return one(or(a.Subtype, "hologram"), o("url", url)), true
	case "appointment":
		at := a.At.Unix()
		return one("appointment_booking", o("booking_id", "b1", "status", "CONFIRMED", "start_time", at+3600, "end_time", at+7200, "timezone", "Europe/Istanbul")), true
	case "order":
		return one("template", o("product", o("elements", []any{o("id", "p1", "retailer_id", "sku1", "image_url", "https://cdn.test/p.jpg", "title", "Scarf", "subtitle", "49 TL")}))), true
	case "unsupported":
		return mid.with("is_unsupported", true), true
	case "ad":
		return text.with("referral", o("ref", or(a.Ref, "spring"), "ad_id", "6300", "source", "ADS", "type", "OPEN_THREAD",
			"ads_context_data", o("ad_title", "Spring", "photo_url", "https://cdn.test/ad.jpg", "post_id", "p1"))), true
	case "product":
		return text.with("referral", o("product", o("id", or(a.Ref, "pr1")))), true
	}
	return nil, false
}

func (c *Chat) oldSticker(mid obj, m *message) obj {
	id := int64(369239263222822)
	return mid.with("sticker_id", id, "attachments", []any{o("type", "image", "payload", o("url", c.sim.cdn(m.files[0]), "sticker_id", id))})
}

func (c *Chat) messengerChange(a Act) error {
	c.changes(a)
	switch a.Kind {
	case "edit":
		n := 1
		if m := c.sim.messages[a.Target]; m != nil {
			n = m.edits
		}
		c.tell("message_edits", a, o("message_edit", o("mid", a.Target, "text", a.Text, "num_edit", n)))
	case "unsend":
		c.tell("messages", a, o("message", o("mid", a.Target, "is_deleted", true)))
	case "react":
		c.open(a.At, freeWindow)
		c.tell("message_reactions", a, o("reaction", o("reaction", reactionName(a.Emoji), "emoji", a.Emoji, "action", "react", "mid", a.Target)))
	case "unreact":
		c.tell("message_reactions", a, o("reaction", o("action", "unreact", "mid", a.Target)))
	case "read":
		at := a.At
		if m := c.sim.messages[a.Target]; m != nil {
			at = m.at
		}
		if !c.Customer.noReads {
			c.tell("message_reads", a, o("read", o("watermark", at.UnixMilli())))
		}
	}
	return nil
}

func (c *Chat) messengerTap(a Act) error {
	referral := o("ref", or(a.Ref, "qr7"), "source", "SHORTLINK", "type", "OPEN_THREAD")
	switch a.Kind {
	case "postback", "get_started":
		c.open(a.At, freeWindow)
		title, payload := or(a.Title, "Get Started"), or(a.Payload, "GET_STARTED")
		c.add(&message{id: a.ID, from: ByCustomer, at: a.At, kind: "postback", text: title})
		c.tell("messaging_postbacks", a, o("postback", o("mid", a.ID, "title", title, "payload", payload, "referral", when(a.Ref != "", referral))))
	case "referral":
		c.open(a.At, freeWindow)
		c.tell("messaging_referrals", a, o("referral", referral))
	case "optin":
		c.open(a.At, freeWindow)
		c.tell("messaging_optins", a, o("optin", o("type", "notification_messages", "payload", or(a.Payload, "p"), "notification_messages_token", "nm1",
			"token_expiry_timestamp", "1790000000", "user_token_status", "NOT_REFRESHED", "title", or(a.Title, "News"))))
	case "feedback":
		c.tell("response_feedback", a, o("response_feedback", o("feedback", or(a.Text, "Good response"), "mid", a.Target)))
	}
	return nil
}

// tell sends an event of the customer to the business. The lock is held.
func (c *Chat) tell(field string, a Act, body obj) {
	if a.Silent {
		return
	}
	ev := o("sender", o("id", c.person()), "recipient", o("id", c.asset()), "timestamp", a.At.UnixMilli())
	c.event(field, a.Kind, append(ev, body...))
}

// event posts a messaging event of a page or Instagram chat to our app where it
// is subscribed. The lock is held.
func (c *Chat) event(field, kind string, ev obj) {
	if c.Channel == OnInstagram {
		c.instagramEvent(field, kind, ev)
		return
	}
	slot := "messaging"
	if c.page.routing && c.owner != "" && c.owner != c.sim.opt.AppID {
		slot, field = "standby", "standby"
	}
	if !listed(c.page.fields, field) || !c.sim.hears(objectPage, field) {
		return
	}
	c.sim.post(objectPage, c.sim.opt.AppSecret, &item{entry: c.page.ID, slot: slot, value: ev, kind: kind})
}

// hears reports whether the app's dashboard subscribes to a field. The lock is
// held.
func (s *Sim) hears(object, field string) bool {
	h := s.hooks[object]
	return h != nil && listed(h.fields, field)
}

func listed(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// reactionName is the word Meta prints for an emoji.
func reactionName(emoji string) string {
	switch []rune(emoji + " ")[0] {
	case '\u2764':
		return "love"
	case '\U0001F606', '\U0001F602':
		return "smile"
	case '\U0001F62E':
		return "wow"
	case '\U0001F622':
		return "sad"
	case '\U0001F620':
		return "angry"
	case '\U0001F44D':
		return "like"
	case '\U0001F44E':
		return "dislike"
	}
	return "other"
}
