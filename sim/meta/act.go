package meta

import (
	"encoding/base64"
	"fmt"
	"slices"
	"time"
)

// Act is something a customer does on their phone. Kind decides which of the
// other fields matter; Kinds lists what a channel knows.
type Act struct {
	Kind     string    `json:"kind"`
	Text     string    `json:"text,omitempty"`
	Target   string    `json:"target,omitempty"` // id of the message that is answered, reacted to, changed or read
	Emoji    string    `json:"emoji,omitempty"`
	Title    string    `json:"title,omitempty"`
	Payload  string    `json:"payload,omitempty"`
	Ref      string    `json:"ref,omitempty"`
	Files    []Upload  `json:"files,omitempty"`
	At       time.Time `json:"at,omitzero"` // provider time; zero = now
	ID       string    `json:"id,omitempty"`
	Silent   bool      `json:"silent,omitempty"` // happened, but no webhook tells of it
	Subtype  string    `json:"subtype,omitempty"`
	NewPhone string    `json:"new_phone,omitempty"`
}

// Upload is a file a customer sends.
type Upload struct {
	Mime string `json:"mime"`
	Name string `json:"name,omitempty"`
	Data []byte `json:"data"` // base64 in JSON
}

// The kinds of acts that every channel knows.
var common = []string{"text", "image", "video", "audio", "file", "sticker", "location", "reply", "react", "unreact", "read", "unsupported"}

// Kinds lists the acts a channel knows.
func Kinds(ch Channel) []string {
	own := map[Channel][]string{
		OnMessenger: {"edit", "unsend", "quick_reply", "postback", "referral", "optin", "fallback", "fallback_empty", "reel", "post", "ad",
			"product", "sticker_old", "images", "unknown", "feedback", "appointment", "order", "get_started", "nothing"},
		OnInstagram: {"edit", "unsend", "unsend_before", "quick_reply", "postback", "referral", "story_mention", "story_reply", "post_share",
			"share", "reel", "ephemeral", "ad", "product", "images", "unknown", "comment", "nothing"},
		OnWhatsApp: {"voice", "contacts", "order", "button_reply", "list_reply", "flow_reply", "button", "ad", "forwarded", "product",
			"edit", "revoke", "number_changed", "id_changed", "media_failed", "group", "call", "unknown", "error", "preferences", "nothing"},
	}[ch]
	return append(slices.Clone(common), own...)
}

// Does carries an act out: the phone shows it, the window opens where the act
// counts, and a webhook goes out. It gives the id of the message, or of what
// the act is about.
func (c *Chat) Does(a Act) (string, error) {
	s := c.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.announce()
	if !slices.Contains(Kinds(c.Channel), a.Kind) {
		return "", fmt.Errorf("meta: nobody can do %q on %s", a.Kind, c.Channel)
	}
	if a.At.IsZero() {
		a.At = s.clk.Now()
	}
	if a.Target != "" && s.messages[a.Target] != nil && s.messages[a.Target].chat != c {
		return "", fmt.Errorf("meta: message %s is not in this chat", a.Target)
	}
	if a.ID == "" {
		a.ID = s.newMID(c.Channel)
	}
	for i := range a.Files {
		if len(a.Files[i].Data) == 0 || len(a.Files[i].Data) > maxMedia {
			return "", fmt.Errorf("meta: file %d is empty or larger than 100 MB", i)
		}
	}
	switch c.Channel {
	case OnMessenger:
		return a.ID, c.messengerAct(a)
	case OnInstagram:
		return a.ID, c.instagramAct(a)
	}
	return a.ID, c.whatsappAct(a)
}

// shown files what the phone shows of a message act.
func (c *Chat) shown(a Act) *message {
	m := &message{id: a.ID, from: ByCustomer, at: a.At, kind: a.Kind, text: a.Text, replyTo: a.Target}
	for _, u := range c.uploads(a) {
		m.files = append(m.files, c.sim.keepFile(u, c))
	}
	return c.add(m)
}

// uploads gives the act's files, or a small real one of the kind.
func (c *Chat) uploads(a Act) []Upload {
	if len(a.Files) > 0 {
		return a.Files
	}
	switch a.Kind {
	case "image", "story_mention", "story_reply", "post_share", "share", "post":
		return []Upload{{Mime: "image/png", Data: samplePNG()}}
	case "images":
		return []Upload{{Mime: "image/png", Data: samplePNG()}, {Mime: "image/png", Data: samplePNG()}}
	case "sticker", "sticker_old":
		if c.Channel == OnWhatsApp {
			return []Upload{{Mime: "image/webp", Data: sampleWebP()}}
		}
		return []Upload{{Mime: "image/png", Data: samplePNG()}}
	case "audio", "voice":
		return []Upload{{Mime: "audio/ogg", Data: sampleOgg()}}
	case "video", "reel":
		return []Upload{{Mime: "video/mp4", Data: sampleMP4()}}
	case "file":
		return []Upload{{Mime: "application/pdf", Name: "invoice.pdf", Data: samplePDF()}}
	}
	return nil
}

// changes carries out what alters an earlier message of the chat.
func (c *Chat) changes(a Act) {
	m := c.sim.messages[a.Target]
	if m == nil {
		return
	}
	switch a.Kind {
	case "edit":
		m.text, m.edits = a.Text, m.edits+1
	case "unsend", "revoke":
		m.deleted, m.text, m.files = true, "", nil
	case "react":
		if m.reactions == nil {
			m.reactions = map[Author]string{}
		}
		m.reactions[ByCustomer] = a.Emoji
	case "unreact":
		delete(m.reactions, ByCustomer)
	case "read":
		c.readUpTo(m)
	}
}

// readUpTo marks what the business sent up to m as read on the phone.
func (c *Chat) readUpTo(m *message) {
	for _, x := range c.messages {
		if x.outgoing() && !x.at.After(m.at) && x.status != "failed" {
			x.status = "read"
		}
	}
}

// Says sends a text and gives its id.
func (c *Chat) Says(text string) string { return c.must(Act{Kind: "text", Text: text}) }

// Sends sends files of one kind (image, video, audio, voice, file, sticker).
func (c *Chat) Sends(kind string, files ...Upload) string {
	return c.must(Act{Kind: kind, Files: files})
}

// RepliesTo answers one message.
func (c *Chat) RepliesTo(target, text string) string {
	return c.must(Act{Kind: "reply", Text: text, Target: target})
}

// Reacts puts a reaction on a message; "" takes it back.
func (c *Chat) Reacts(target, emoji string) {
	kind := "react"
	if emoji == "" {
		kind = "unreact"
	}
	c.must(Act{Kind: kind, Target: target, Emoji: emoji})
}

// Reads opens the chat, so that everything the business sent is read.
func (c *Chat) Reads() {
	c.sim.mu.Lock()
	last := ""
	for _, m := range c.messages {
		if m.outgoing() && m.status != "read" && m.status != "failed" {
			last = m.id
		}
	}
	c.sim.mu.Unlock()
	if last != "" {
		c.must(Act{Kind: "read", Target: last})
	}
}

// Unsends takes a message back.
func (c *Chat) Unsends(target string) {
	kind := "unsend"
	if c.Channel == OnWhatsApp {
		kind = "revoke"
	}
	c.must(Act{Kind: kind, Target: target})
}

// Edits changes a message.
func (c *Chat) Edits(target, text string) {
	c.must(Act{Kind: "edit", Target: target, Text: text})
}

// must is Does for acts that are known to exist on every channel they are
// offered for; an act refused leaves "" and a remark.
func (c *Chat) must(a Act) string {
	id, err := c.Does(a)
	if err != nil {
		c.sim.locked(func() { c.sim.remark("act", "%v", err) })
	}
	return id
}

// b64 is how webhooks print a hash.
func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
