package meta

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// freeWindow is how long a free reply is allowed after the customer's last act.
const (
	freeWindow  = 24 * time.Hour
	adWindow    = 7 * 24 * time.Hour
	humanWindow = 7 * 24 * time.Hour
)

type chatKey struct {
	customer *Customer
	asset    string
}

// Chat is what one customer and one page, account or number have written.
type Chat struct {
	Customer *Customer
	Channel  Channel

	sim      *Sim
	serial   int64
	page     *Page      // on Messenger
	ig       *Instagram // on Instagram
	number   *Number    // on WhatsApp
	messages []*message
	openTo   time.Time // until when a free reply is allowed
	humanTo  time.Time // until when HUMAN_AGENT is
	typing   time.Time // the business types until then
	seen     time.Time // the business has seen everything up to then
	owner    string    // app id of the thread's owner, "" = anybody
	taken    int       // messages WaitReply gave out
	pair     *bucket
	optedIn  bool
}

// message is one thing in a chat, as the platform keeps it.
type message struct {
	chat      *Chat
	id        string
	from      Author
	at        time.Time
	kind      string
	text      string
	files     []*mediaFile
	buttons   []Button
	replyTo   string
	status    string // outgoing: sent, delivered, read, failed; incoming: seen or ""
	code      int    // of a failed one
	deleted   bool
	edits     int
	reactions map[Author]string
	metadata  string // or biz_opaque_callback_data
	tag       string
	template  string
}

// Author says who wrote a message.
type Author string

// Authors.
const (
	ByCustomer Author = "customer"
	ByApp      Author = "app"   // through our app
	ByOwner    Author = "owner" // on the business's phone or in Meta's inbox
	ByOther    Author = "other" // another app
)

// Button is something a customer can tap.
type Button struct {
	Kind    string `json:"kind"` // quick_reply, postback, web_url, phone_number, reply, row
	Title   string `json:"title"`
	Payload string `json:"payload,omitempty"`
	Detail  string `json:"detail,omitempty"`
}

// Message is a message as a phone shows it.
type Message struct {
	ID        string            `json:"id"`
	From      Author            `json:"from"`
	At        time.Time         `json:"at"`
	Kind      string            `json:"kind"`
	Text      string            `json:"text,omitempty"`
	Files     []File            `json:"files,omitempty"`
	Buttons   []Button          `json:"buttons,omitempty"`
	ReplyTo   string            `json:"reply_to,omitempty"`
	Status    string            `json:"status,omitempty"`
	Code      int               `json:"code,omitempty"`
	Deleted   bool              `json:"deleted,omitempty"`
	Edited    bool              `json:"edited,omitempty"`
	Reactions map[Author]string `json:"reactions,omitempty"`
	Metadata  string            `json:"metadata,omitempty"`
	Tag       string            `json:"tag,omitempty"`
	Template  string            `json:"template,omitempty"`
}

// File is an attachment as a phone shows it.
type File struct {
	ID   string `json:"id"`
	Kind string `json:"kind"` // image, video, audio, file, sticker
	Mime string `json:"mime"`
	Name string `json:"name,omitempty"`
	Size int    `json:"size"`
}

// Writes gives the customer's chat with a page.
func (c *Customer) Writes(p *Page) *Chat {
	return c.sim.chat(c, p.ID, func(x *Chat) { x.Channel, x.page = OnMessenger, p })
}

// WritesInstagram gives the customer's chat with an Instagram account.
func (c *Customer) WritesInstagram(ig *Instagram) *Chat {
	return c.sim.chat(c, ig.ID, func(x *Chat) { x.Channel, x.ig = OnInstagram, ig })
}

// WritesWhatsApp gives the customer's chat with a phone number.
func (c *Customer) WritesWhatsApp(n *Number) *Chat {
	return c.sim.chat(c, n.ID, func(x *Chat) { x.Channel, x.number = OnWhatsApp, n })
}

func (s *Sim) chat(c *Customer, asset string, fill func(*Chat)) *Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := chatKey{c, asset}
	if s.chats[key] == nil {
		x := &Chat{Customer: c, sim: s, serial: s.next(), pair: newBucket(pairBurst, pairEvery)}
		fill(x)
		s.chats[key] = x
		if x.Channel != OnWhatsApp {
			s.scoped[x.person()] = x
		} else {
			x.businessID() // known from the first message on
		}
	}
	return s.chats[key]
}

// asset is the id of the page, account or number.
func (c *Chat) asset() string {
	switch c.Channel {
	case OnMessenger:
		return c.page.ID
	case OnInstagram:
		return c.ig.ID
	}
	return c.number.ID
}

// person is the id the business knows the customer by: PSID, IGSID or wa_id.
func (c *Chat) person() string {
	switch c.Channel {
	case OnMessenger:
		return c.Customer.id("7", c.page.ID)
	case OnInstagram:
		return c.Customer.id("9", c.ig.ID)
	}
	return c.Customer.waID
}

// CustomerID is the id the business knows the customer by: PSID, IGSID, wa_id
// or, where there is no phone, the BSUID.
func (c *Chat) CustomerID() string {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return cmp.Or(c.person(), c.businessID())
}

// BusinessID is the BSUID on WhatsApp, "" elsewhere.
func (c *Chat) BusinessID() string {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.businessID()
}

func (c *Chat) businessID() string {
	if c.Channel != OnWhatsApp {
		return ""
	}
	return c.Customer.businessID(c.number.WABA.Business)
}

func (m *message) outgoing() bool { return m.from != ByCustomer }

func (m *message) view() Message {
	v := Message{ID: m.id, From: m.from, At: m.at, Kind: m.kind, Text: m.text, Buttons: m.buttons, ReplyTo: m.replyTo, Status: m.status,
		Code: m.code, Deleted: m.deleted, Edited: m.edits > 0, Metadata: m.metadata, Tag: m.tag, Template: m.template}
	for _, f := range m.files {
		v.Files = append(v.Files, File{f.id, f.kind, f.mime, f.name, len(f.data)})
	}
	if len(m.reactions) > 0 {
		v.Reactions = make(map[Author]string, len(m.reactions))
		for k, e := range m.reactions {
			v.Reactions[k] = e
		}
	}
	return v
}

// add files a message. The lock is held.
func (c *Chat) add(m *message) *message {
	m.chat = c
	if m.at.IsZero() {
		m.at = c.sim.clk.Now()
	}
	if m.id == "" {
		m.id = c.sim.newMID(c.Channel)
	}
	c.messages = append(c.messages, m)
	c.sim.messages[m.id] = m
	return m
}

// Messages gives the whole chat, oldest first.
func (c *Chat) Messages() []Message {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	out := make([]Message, 0, len(c.messages))
	for _, m := range c.messages {
		out = append(out, m.view())
	}
	return out
}

// Message gives one message of the chat.
func (c *Chat) Message(id string) (Message, bool) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	m := c.sim.messages[id]
	if m == nil || m.chat != c {
		return Message{}, false
	}
	return m.view(), true
}

// WaitReply waits for the next message of the business that it has not given
// out yet.
func (c *Chat) WaitReply(ctx context.Context) (Message, error) {
	var got Message
	err := c.sim.Until(ctx, "the business replies", func() bool {
		c.sim.mu.Lock()
		defer c.sim.mu.Unlock()
		i := slices.IndexFunc(c.messages[c.taken:], (*message).outgoing)
		if i < 0 {
			return false
		}
		got = c.messages[c.taken+i].view()
		c.taken += i + 1
		return true
	})
	return got, err
}

// WaitTyping waits until the customer sees that the business types.
func (c *Chat) WaitTyping(ctx context.Context) error {
	return c.sim.Until(ctx, "the business types", c.Typing)
}

// Typing reports whether the customer sees the business type.
func (c *Chat) Typing() bool {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.sim.clk.Now().Before(c.typing)
}

// Seen is until when the business has seen what the customer wrote.
func (c *Chat) Seen() time.Time {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.seen
}

// Window is until when a free reply is allowed, and until when a human agent's.
func (c *Chat) Window() (free, human time.Time) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return c.openTo, c.humanTo
}

// open starts the window anew, as an act of the customer does. The lock is held.
func (c *Chat) open(at time.Time, length time.Duration) {
	if to := at.Add(length); to.After(c.openTo) {
		c.openTo = to
	}
	if to := at.Add(humanWindow); to.After(c.humanTo) {
		c.humanTo = to
	}
	if c.page != nil && c.page.routing && c.owner == "" {
		c.owner = c.sim.opt.AppID
	}
}

// Owner makes an app the owner of the thread (conversation routing); "" frees
// it.
func (c *Chat) Owner(app string) { c.sim.locked(func() { c.owner = app }) }
