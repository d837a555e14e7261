package api

import (
	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/store"
)

// This file shows the nouns of desk as JSON; lists, single answers and the
// event stream share it, so that a screen sees one form whichever way a thing
// came.

// Brief is a contact as lists show it.
type Brief struct {
	ID        desk.ID `json:"id"`
	Name      string  `json:"name"`
	Email     string  `json:"email"`
	Phone     string  `json:"phone"`
	Language  string  `json:"language"`
	Anonymous bool    `json:"anonymous"`
}

// Line is where a conversation runs.
type Line struct {
	ID   desk.ID `json:"id"`
	Kind string  `json:"kind"`
	Name string  `json:"name"`
}

// Preview is the start of the last message.
type Preview struct {
	Text       string `json:"text"`
	Direction  string `json:"direction" enum:"in,out"`
	AuthorKind string `json:"author_kind" enum:"contact,member,ai,system"`
	At         stamp  `json:"at"`
}

// Holder owns a conversation.
type Holder struct {
	Kind string  `json:"kind" enum:"nobody,ai,member"`
	ID   desk.ID `json:"id"`
	Name string  `json:"name"`
}

// Called says why the AI called a person.
type Called struct {
	Reason string `json:"reason" enum:"asked_for_person,no_answer,topic,error,low_confidence,off"`
	At     stamp  `json:"at"`
}

// Skills is what the channel of a conversation can do.
type Skills struct {
	TextLimit int    `json:"text_limit"`
	TextUnit  string `json:"text_unit"`
	Receipts  bool   `json:"receipts"`
	Buttons   bool   `json:"buttons"`
	Typing    bool   `json:"typing"`
	Templates bool   `json:"templates" doc:"Approved texts may be sent outside the reply window"`
	ReplyTo   bool   `json:"reply_to" doc:"An answer can point at a message"`
	Caption   int    `json:"caption" doc:"Length of the text beside one file, in text_unit; 0 = file and text leave apart"`
	Files     []Take `json:"files" nullable:"false" doc:"Files it takes; none = no files"`
}

// Conversation is one thread as the inbox shows it.
type Conversation struct {
	ID           desk.ID      `json:"id"`
	Contact      Brief        `json:"contact"`
	Channel      Line         `json:"channel"`
	Subject      string       `json:"subject"`
	Preview      opt[Preview] `json:"preview"`
	State        string       `json:"state" enum:"open,snoozed,closed"`
	SnoozedUntil moment       `json:"snoozed_until"`
	Owner        Holder       `json:"owner"`
	Mode         string       `json:"mode" enum:"off,draft,autopilot"`
	Paused       bool         `json:"paused"`
	Needs        []string     `json:"needs" nullable:"false" enum:"draft_ready,handed_over,unanswered,failed_send"`
	HandOver     opt[Called]  `json:"hand_over"`
	Unread       int          `json:"unread"`
	Labels       []string     `json:"labels" nullable:"false"`
	Language     string       `json:"language"`
	WindowUntil  moment       `json:"window_until" doc:"End of the time in which the channel takes a free reply; null = no end"`
	MemberUntil  moment       `json:"member_until" doc:"Until when a member may still write after that, marked as a person's answer; null where that is not possible"`
	Version      int64        `json:"version"`
	CreatedAt    stamp        `json:"created_at"`
	UpdatedAt    stamp        `json:"updated_at"`
	EraseAt      moment       `json:"erase_at"`
	Skills       Skills       `json:"skills"`
}

// Author wrote a message.
type Author struct {
	Kind string  `json:"kind" enum:"contact,member,ai,system"`
	ID   desk.ID `json:"id"`
	Name string  `json:"name"`
}

// Fault is why a message was not delivered.
type Fault struct {
	Code  string `json:"code"`
	Text  string `json:"text" doc:"In the reader's language"`
	Again bool   `json:"again" doc:"Sending the same again can end otherwise"`
}

// ByAI says how an AI message came to be.
type ByAI struct {
	RunID     desk.ID          `json:"run_id"`
	Disclosed bool             `json:"disclosed"`
	Decision  string           `json:"decision"`
	Sources   []desk.SourceRef `json:"sources" nullable:"false"`
	Approved  opt[Named]       `json:"approved_by" doc:"Who sent the AI's draft as it was; null when it went by itself"`
}

// Happening is an event line in a conversation; its words are made on the
// screen.
type Happening struct {
	Kind   string `json:"kind" enum:"take_over,hand_back,hand_over,closed,reopened,assigned,mode,paused,resumed,snoozed,ended,person_wanted,new_id,thread_away,thread_back"`
	Reason string `json:"reason,omitempty"`
	By     string `json:"by,omitempty"`
}

// Message is one entry of a conversation.
type Message struct {
	ID           desk.ID        `json:"id"`
	Conversation desk.ID        `json:"conversation_id"`
	Seq          int64          `json:"seq" doc:"Order of filing"`
	Place        int64          `json:"place" doc:"Order people see, then seq: a channel may deliver an older message later"`
	Direction    string         `json:"direction" enum:"in,out,none"`
	Author       Author         `json:"author"`
	Kind         string         `json:"kind"`
	Body         string         `json:"body"`
	Attachments  []Attachment   `json:"attachments" nullable:"false"`
	Buttons      []desk.Button  `json:"buttons" nullable:"false"`
	ReplyTo      desk.ID        `json:"reply_to"`
	Status       string         `json:"status" enum:"queued,sending,sent,delivered,read,failed,unknown,cancelled"`
	Error        opt[Fault]     `json:"error"`
	ProviderID   string         `json:"provider_id"`
	SentAt       moment         `json:"sent_at"`
	ReceivedAt   moment         `json:"received_at"`
	At           stamp          `json:"at"`
	AI           opt[ByAI]      `json:"ai"`
	Event        opt[Happening] `json:"event"`
	Deleted      bool           `json:"deleted"`
	Quote        opt[Quote]     `json:"quote" doc:"What reply_to points at"`
	Fallback     string         `json:"fallback" doc:"What stands for a message without text, in the reader's language; empty for kinds that are text"`
	Edited       bool           `json:"edited"`
	Reactions    []Reaction     `json:"reactions" nullable:"false"`
	Extra        opt[Extra]     `json:"extra"`
	Echo         string         `json:"echo" enum:",elsewhere,program" doc:"The business wrote it on a phone or in the provider's inbox, or by another program"`
}

// Draft is an answer that waits for a person.
type Draft struct {
	ID           desk.ID          `json:"id"`
	Conversation desk.ID          `json:"conversation_id"`
	Body         string           `json:"body"`
	Language     string           `json:"language"`
	Confidence   string           `json:"confidence" enum:"high,middle,low"`
	Decision     string           `json:"decision"`
	Sources      []desk.SourceRef `json:"sources" nullable:"false"`
	Run          desk.ID          `json:"run_id" doc:"Why the AI wrote it"`
	At           stamp            `json:"at"`
}

// view shows rows of one snapshot and remembers what many rows share.
type view struct {
	rx       *store.Rx
	channels *channel.Registry
	locale   string // of who reads
	ws       *desk.Workspace
	accounts map[desk.ID]desk.Account
	members  map[desk.ID]desk.Member
	people   map[desk.ID]desk.Contact
}

func (a *API) view(rx *store.Rx, locale string) *view {
	return &view{rx: rx, channels: a.Channels, locale: locale, accounts: map[desk.ID]desk.Account{}, members: map[desk.ID]desk.Member{}, people: map[desk.ID]desk.Contact{}}
}

func (v *view) workspace() (desk.Workspace, error) {
	if v.ws == nil {
		ws, err := v.rx.Settings()
		if err != nil {
			return ws, err
		}
		v.ws = &ws
	}
	return *v.ws, nil
}

func (v *view) account(id desk.ID) (desk.Account, error) {
	acct, ok := v.accounts[id]
	if ok {
		return acct, nil
	}
	acct, err := v.rx.Account(id)
	if desk.IsNotFound(err) { // disconnected; its conversations stay
		acct, err = desk.Account{ID: id, State: desk.AccountOff}, nil
	}
	v.accounts[id] = acct
	return acct, err
}

func (v *view) member(id desk.ID) (desk.Member, error) {
	m, ok := v.members[id]
	if ok || id == 0 {
		return m, nil
	}
	m, err := v.rx.Member(id)
	if desk.IsNotFound(err) {
		err = nil
	}
	v.members[id] = m
	return m, err
}

func (v *view) person(id desk.ID) (desk.Contact, error) {
	c, ok := v.people[id]
	if ok {
		return c, nil
	}
	c, err := v.rx.Contact(id)
	if desk.IsNotFound(err) {
		err = nil
	}
	v.people[id] = c
	return c, err
}

// meet reads who the conversations of a list are with, all at once.
func (v *view) meet(rows []store.Row) error {
	ids := make([]desk.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.Contact
	}
	all, err := v.rx.ContactsBy(ids)
	for i, c := range all {
		v.people[ids[i]] = c
	}
	return err
}

func brief(c desk.Contact) Brief {
	return Brief{ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Language: c.Language, Anonymous: c.Anonymous()}
}

func (v *view) skills(kind string) Skills {
	ch, err := v.channels.Find(kind)
	if err != nil {
		return Skills{Files: []Take{}} // a channel of another version of the program
	}
	s := ch.Info().Skills
	return Skills{TextLimit: s.TextLimit, TextUnit: s.TextUnit, Receipts: s.Receipts, Buttons: s.Buttons, Typing: s.Typing,
		ReplyTo: s.ReplyTo, Templates: s.Templates, Caption: s.Caption, Files: takes(s)}
}

// previewOf is the line of the list: the words, or what stands for them.
func (v *view) previewOf(row store.Row) string {
	if words := string(row.Preview); words != "" || row.PreviewKind == "" {
		return words
	}
	return channel.Readable(v.locale, row.PreviewKind)
}

func (v *view) skillsOf(acct desk.Account) desk.Skills {
	ch, err := v.channels.Find(acct.Kind)
	if err != nil {
		return desk.Skills{}
	}
	return channel.SkillsOf(ch, acct)
}

func (v *view) conversation(row store.Row) (Conversation, error) {
	ws, err := v.workspace()
	if err != nil {
		return Conversation{}, err
	}
	contact, err := v.person(row.Contact)
	if err == nil && contact.ID == 0 {
		err = desk.Fail(desk.NotFound, "contact", "there is no such contact")
	}
	if err == nil && contact.MergedInto != 0 {
		contact, err = v.head(contact)
	}
	if err != nil {
		return Conversation{}, err
	}
	acct, err := v.account(row.Account)
	if err != nil {
		return Conversation{}, err
	}
	owner, err := v.member(row.Owner.Member)
	if err != nil {
		return Conversation{}, err
	}
	c := Conversation{
		ID: row.ID, Contact: brief(contact), Channel: Line{acct.ID, acct.Kind, acct.Name}, Subject: row.Subject,
		State: string(row.State), SnoozedUntil: moment(row.SnoozedUntil),
		Owner: Holder{string(row.Owner.Kind), row.Owner.Member, owner.Name},
		Mode:  string(desk.EffectiveMode(ws, acct, row.Conversation)), Paused: row.Paused, Needs: row.Needs(), Unread: row.Unread,
		Labels: orEmpty(row.Labels), Language: row.Language, WindowUntil: moment(row.WindowUntil), Version: row.Version,
		CreatedAt: stamp(row.CreatedAt), UpdatedAt: stamp(row.LastAt), EraseAt: moment(row.EraseAt), Skills: v.skills(acct.Kind),
	}
	if row.LastAt.IsZero() {
		c.UpdatedAt = c.CreatedAt
	}
	if row.PreviewBy != "" {
		direction := desk.Out
		if row.PreviewBy == desk.FromContact {
			direction = desk.In
		}
		c.Preview = some(Preview{v.previewOf(row), string(direction), string(row.PreviewBy), stamp(row.LastAt)})
	}
	if until := desk.MemberUntil(row.Conversation, v.skillsOf(acct)); !until.IsZero() {
		c.MemberUntil = moment(until)
	}
	if row.HandOver != "" {
		c.HandOver = some(Called{string(row.HandOver), stamp(row.HandOverAt)})
	}
	return c, nil
}

func (v *view) message(m desk.Message) (Message, error) {
	out := Message{
		ID: m.ID, Conversation: m.Conversation, Seq: m.Seq, Place: m.Place, Direction: string(m.Direction),
		Author: Author{string(m.Author.Kind), m.Author.ID, m.Author.Name}, Kind: m.Kind, Body: string(m.Body),
		Buttons: orEmpty(m.Buttons), ReplyTo: m.ReplyTo, Status: string(m.Status),
		ProviderID: m.ExternalID, SentAt: moment(m.SentAt), At: stamp(m.At), Deleted: m.Deleted,
		Fallback: channel.Readable(v.locale, m.Kind), Edited: m.Edited, Reactions: reactionsOf(m), Echo: echoOf(m),
	}
	if m.Direction == desk.In {
		out.ReceivedAt = moment(m.At)
	}
	if m.Author.Kind == desk.FromContact && m.Author.ID != 0 {
		person, err := v.person(m.Author.ID)
		if err != nil {
			return out, err
		}
		if person, err = v.head(person); err != nil {
			return out, err
		}
		out.Author.Name = person.Name
	}
	var err error
	if out.Attachments, err = v.attachments(m); err != nil {
		return out, err
	}
	if out.Quote, err = v.quote(m.ReplyTo); err != nil {
		return out, err
	}
	out.Error, out.Extra = v.faultOf(m), v.extra(m.More)
	if m.Author.Kind == desk.FromAI {
		by := ByAI{RunID: m.Run, Disclosed: m.Disclosed, Sources: orEmpty(m.Sources)}
		if m.Run != 0 {
			run, err := v.rx.Run(m.Run)
			if err != nil && !desk.IsNotFound(err) {
				return out, err
			}
			by.Decision = string(run.Decision)
		}
		if m.Approver.ID != 0 {
			by.Approved = some(Named{m.Approver.ID, m.Approver.Name})
		}
		out.AI = some(by)
	}
	if m.Kind == desk.KindEvent {
		out.Event = some(Happening{m.Event, m.EventReason, m.Author.Name})
	}
	return out, nil
}

func draftOf(d desk.Draft) Draft {
	return Draft{ID: d.ID, Conversation: d.Conversation, Body: string(d.Body), Language: d.Language, Confidence: d.Confidence,
		Decision: string(d.Decision), Sources: orEmpty(d.Sources), Run: d.Run, At: stamp(d.At)}
}
