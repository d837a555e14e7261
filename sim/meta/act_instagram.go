package meta

import (
	"fmt"
	"strconv"
)

// instagramAct carries a customer's act out on Instagram (reference 3.2, A.2).
func (c *Chat) instagramAct(a Act) error {
	switch a.Kind {
	case "edit", "unsend", "unsend_before", "react", "unreact", "read":
		return c.instagramChange(a)
	case "postback", "referral":
		c.open(a.At, freeWindow)
		if a.Kind == "referral" {
			c.tell("messaging_referral", a, o("referral", o("ref", or(a.Ref, "bio"), "source", "IGME_LINK", "type", "OPEN_THREAD")))
			return nil
		}
		title := or(a.Title, "Opening hours?")
		c.add(&message{id: a.ID, from: ByCustomer, at: a.At, kind: "postback", text: title})
		c.tell("messaging_postbacks", a, o("postback", o("mid", a.ID, "title", title, "payload", or(a.Payload, "ICE_HOURS"))))
		return nil
	case "comment":
		c.instagramComment(a)
		return nil
	case "nothing":
		return nil
	}
	m := c.shown(a)
	body, ok := c.instagramBody(a, m)
	if !ok {
		return fmt.Errorf("meta: %s is not a message on Instagram", a.Kind)
	}
	length := freeWindow
	if a.Kind == "ad" {
		length = adWindow
	}
	c.open(a.At, length)
	c.tell("messages", a, o("message", body))
	return nil
}

func (c *Chat) instagramBody(a Act, m *message) (obj, bool) {
	mid := o("mid", a.ID)
	text := mid.with("text", a.Text)
	one := func(list ...any) obj { return mid.with("attachments", list) }
	link := func(f *mediaFile) string { return c.sim.lookaside(f) }
	switch a.Kind {
	case "text":
		return text, true
	case "reply":
		return text.with("reply_to", o("mid", a.Target)), true
	case "quick_reply":
		return mid.with("text", or(a.Title, a.Text), "quick_reply", o("payload", a.Payload)), true
	case "image", "images", "video", "audio", "file", "sticker":
		var list []any
		for _, f := range m.files {
			kind := f.kind
			if kind == "sticker" {
				kind = "image"
			}
			list = append(list, o("type", kind, "payload", o("url", link(f))))
		}
		return mid.with("attachments", list), true // a caption is a message of its own here
	case "location":
		return one(o("type", "location", "payload", o("coordinates", o("lat", 41.01, "long", 28.97)))), true
	case "post_share":
		p := o("ig_post_media_id", "1813", "title", or(a.Title, "cap"), "url", link(m.files[0]))
		return one(o("type", "share", "payload", p), o("type", "ig_post", "payload", p)), true
	case "share":
		return one(o("type", "ig_post", "payload", o("ig_post_media_id", "1813", "title", or(a.Title, "cap"), "url", link(m.files[0])))), true
	case "reel":
		return one(o("type", "ig_reel", "payload", o("url", link(m.files[0]), "title", or(a.Title, "cap"), "reel_video_id", "1899"))), true
	case "story_mention":
		return one(o("type", "story_mention", "payload", o("url", link(m.files[0])))), true
	case "story_reply":
		return mid.with("text", or(a.Text, "Nice story!"), "reply_to", o("story", o("url", link(m.files[0]), "id", "17900"))), true
	case "ephemeral":
		return one(o("type", "ephemeral")), true
	case "unknown":
		return one(o("type", or(a.Subtype, "ig_hologram"), "payload", o("url", "https://lookaside.test/x"))), true
	case "unsupported":
		return mid.with("is_unsupported", true), true
	case "product":
		return text.with("referral", o("product", o("id", or(a.Ref, "pr1")))), true
	case "ad":
		return text.with("referral", o("ref", or(a.Ref, "r"), "ad_id", "63", "source", "ADS", "type", "OPEN_THREAD",
			"ads_context_data", o("ad_title", "t", "photo_url", "https://cdn.test/p.jpg"))), true
	}
	return nil, false
}

func (c *Chat) instagramChange(a Act) error {
	c.changes(a)
	switch a.Kind {
	case "edit":
		n := 1
		if m := c.sim.messages[a.Target]; m != nil {
			n = m.edits
		}
		c.tell("message_edit", a, o("message_edit", o("mid", a.Target, "text", a.Text, "num_edit", strconv.Itoa(n))))
	case "unsend":
		c.tell("messages", a, o("message", o("mid", a.Target, "is_deleted", true)))
	case "unsend_before": // the deletion overtakes the message it deletes
		late := a
		late.Kind = "text"
		c.shown(late)
		c.open(a.At, freeWindow)
		c.tell("messages", a, o("message", o("mid", a.ID, "is_deleted", true)))
		c.tell("messages", late, o("message", o("mid", a.ID, "text", or(a.Text, "never mind"))))
		late.Kind, late.Target = "unsend", a.ID
		c.changes(late)
	case "react":
		c.open(a.At, freeWindow)
		c.tell("message_reactions", a, o("reaction", o("mid", a.Target, "action", "react", "reaction", reactionName(a.Emoji), "emoji", a.Emoji)))
	case "unreact":
		c.tell("message_reactions", a, o("reaction", o("mid", a.Target, "action", "unreact")))
	case "read":
		if !c.Customer.noReads {
			c.tell("messaging_seen", a, o("read", o("mid", a.Target)))
		}
	}
	return nil
}

// instagramComment is outside direct messages, but shares the endpoint.
func (c *Chat) instagramComment(a Act) {
	v := o("field", "comments", "value", o("from", o("id", c.person(), "username", c.Customer.Username), "id", a.ID,
		"media", o("id", "1790", "media_product_type", "FEED"), "text", a.Text))
	c.instagramChanges("comments", a.Kind, v)
}

// instagramEvent posts to every way our app is connected to the account: by its
// page, by Instagram login, or both. The lock is held.
func (c *Chat) instagramEvent(field, kind string, ev obj) {
	c.instagramPost(field, &item{entry: c.ig.ID, slot: "messaging", value: ev, kind: kind})
}

func (c *Chat) instagramChanges(field, kind string, v obj) {
	c.instagramPost(field, &item{entry: c.ig.ID, slot: "changes", value: v, kind: kind})
}

func (c *Chat) instagramPost(field string, it *item) {
	s := c.sim
	if c.ig.accessOff || !s.hears(objectInstagram, field) {
		return
	}
	if c.ig.throughPage() {
		again := *it
		s.post(objectInstagram, s.opt.AppSecret, &again)
	}
	if c.ig.subscribed {
		s.post(objectInstagram, s.opt.InstagramAppSecret, it)
	}
}
