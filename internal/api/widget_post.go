package api

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/desk"
	"parley/internal/store"
)

// WidgetSession is what a visit begins with.
type WidgetSession struct {
	Token   string `json:"token" doc:"Send it as Authorization: Widget; never put it into an address"`
	Visitor struct {
		Known bool `json:"known"`
	} `json:"visitor"`
	Conversation WidgetConversation `json:"conversation"`
	Messages     []WMessage         `json:"messages" nullable:"false"`
	No           string             `json:"no" doc:"Follow the stream from here"`
	Shut         bool               `json:"shut" doc:"Nobody answers here for now; a message is refused with chat_shut"`
}

// WidgetConversation is the visitor's side of a conversation.
type WidgetConversation struct {
	State  string     `json:"state" enum:"none,open,snoozed,closed"`
	Owner  WidgetWho  `json:"owner"`
	Read   int64      `json:"read" doc:"The visitor has read up to this seq"`
	EndsAt opt[stamp] `json:"erase_at"`
}

// WidgetWho is who holds the conversation, as the visitor sees it.
type WidgetWho struct {
	Kind string `json:"kind" enum:"nobody,ai,member"`
	Name string `json:"name"`
}

type widgetSessionIn struct {
	VisitIn
	Agent string `header:"User-Agent"`
	Body  struct {
		BootToken string `json:"boot_token" maxLength:"4096"`
		Token     string `json:"token,omitempty" maxLength:"4096"`
		Consent   string `json:"consent" enum:"unknown,granted,refused"`
		Locale    string `json:"locale,omitempty" maxLength:"35"`
		PageURL   string `json:"page_url,omitempty" maxLength:"4096"`
		Referrer  string `json:"referrer,omitempty" maxLength:"4096"`
		Name      string `json:"name,omitempty" maxLength:"200"`
		Email     string `json:"email,omitempty" maxLength:"254"`
	}
}

// widgetSession begins a visit, or continues the one of the token. It writes no
// row: a visitor who only looks leaves nothing.
func (a *API) widgetSession(ctx context.Context, c *call, in *widgetSessionIn) (*given[WidgetSession], error) {
	if err := a.limits.take(limitVisit, "address "+c.addr); err != nil {
		return nil, err
	}
	w, err := a.widget(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	own := ownOrigin(c)
	if err := fromFrame(in.VisitIn, own); err != nil {
		return nil, err
	}
	boot, err := a.openVisit(ctx, w, in.Body.BootToken, true)
	if err != nil {
		return nil, err
	}
	if !w.shows(boot.Origin, own) {
		return nil, errForeignPage
	}
	v := a.beginVisit(ctx, w, boot, in)
	out := WidgetSession{}
	if out.Token, err = a.sealVisit(ctx, w, v); err != nil {
		return nil, err
	}
	err = a.Store.In(w.Workspace).Read(ctx, func(r *store.Rx) error {
		return a.history(r, w, v.Visitor, &out)
	})
	if err != nil {
		return nil, err
	}
	if in.Body.Name != "" || in.Body.Email != "" {
		err = a.deliver(ctx, w, v, desk.Arrival{Kind: desk.ArrivedProfile, Name: in.Body.Name, Email: in.Body.Email})
	}
	return reply(out, err)
}

func (a *API) beginVisit(ctx context.Context, w widget, boot visit, in *widgetSessionIn) visit {
	now := a.Clock.Now()
	v := visit{Visitor: newVisitor(), Thread: a.Store.NewID(), Origin: boot.Origin, Consent: desk.ConsentState(in.Body.Consent), Began: now.Unix()}
	if old, err := a.openVisit(ctx, w, in.Body.Token, false); err == nil && old.Origin == boot.Origin {
		v.Visitor, v.Thread = old.Visitor, old.Thread
	}
	v.Session = v.Visitor[:8] + "." + a.Store.NewID().String()
	return v.under(v.Consent, now, in.Body.PageURL, in.Body.Referrer, in.Body.Locale)
}

// under sets what a visit remembers of the page, and how long it lasts, by the
// visitor's consent.
func (v visit) under(consent desk.ConsentState, now time.Time, page, referrer, locale string) visit {
	v.Consent, v.PageURL, v.Referrer, v.Locale = consent, "", "", ""
	v.Ends = now.Add(unkeptTerm).Unix()
	if consent == desk.ConsentGranted {
		v.PageURL, v.Referrer, v.Locale = cutTo(page, maxPageURL), cutTo(referrer, maxPageURL), cutTo(locale, 35)
		v.Ends = now.Add(keptTerm).Unix()
	}
	return v
}

func cutTo(s string, n int) string {
	if len(s) > n {
		return ""
	}
	return s
}

// deliver hands what a visitor did to the channel's filing, durable when it
// returns.
func (a *API) deliver(ctx context.Context, w widget, v visit, d desk.Arrival) error {
	now := a.Clock.Now()
	d.Sender, d.At, d.Consent = desk.IdentityHint{Kind: "visitor", Value: v.Visitor}, now, v.Consent
	d.Thread = v.Thread
	if d.ExternalID == "" {
		d.ExternalID = v.Visitor + ":" + a.Store.NewID().String()
	}
	item, err := json.Marshal(d)
	if err != nil {
		return err
	}
	part, err := json.Marshal(map[string]any{"key": w.OutsideID, "items": []json.RawMessage{item}})
	if err != nil {
		return err
	}
	return a.Parts.AcceptPart(ctx, w.Account, part)
}

// session is the record of a visit that goes with a message; the channel cuts
// it down to what consent allows.
func (v visit) session(c *call, agent string, now time.Time) *desk.Session {
	s := &desk.Session{ID: v.Session, Consent: v.Consent, PageURL: v.Origin, StartedAt: time.Unix(v.Began, 0).UTC(), SeenAt: now}
	if v.Consent == desk.ConsentGranted {
		s.UserAgent, s.IP, s.Referrer, s.Locale = agent, c.addr, v.Referrer, v.Locale
		if v.PageURL != "" {
			s.PageURL = v.PageURL
		}
	}
	return s
}

type widgetMessageIn struct {
	VisitIn
	Agent string `header:"User-Agent"`
	Body  struct {
		ClientID string `json:"client_id" minLength:"8" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" doc:"The sender's own name for the message; a repeat of it is the same message"`
		Body     string `json:"body" minLength:"1" maxLength:"16000"`
		Choice   string `json:"choice,omitempty" maxLength:"200" doc:"Id of the button that was pressed"`
	}
}

// widgetTextLimit is how many characters a visitor may write at once.
const widgetTextLimit = 4000

// widgetMessage takes a visitor's message. The answer has no id yet: the stream
// brings the message with its place, under the same client_id.
func (a *API) widgetMessage(ctx context.Context, c *call, in *widgetMessageIn) (*created[WMessage], error) {
	w, v, err := a.visiting(ctx, c, in.VisitIn)
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(in.Body.Body)
	if text == "" {
		return nil, desk.Fail(desk.Invalid, "empty", "write something first")
	}
	if utf8.RuneCountInString(text) > widgetTextLimit {
		return nil, desk.Fail(desk.Invalid, "too_long", "a message has at most 4000 characters")
	}
	if err := errors.Join(a.limits.take(limitSay, "visitor "+v.Visitor), a.limits.take(limitSayAll, w.OutsideID)); err != nil {
		return nil, err
	}
	if err := a.speaking(ctx, w); err != nil {
		return nil, err
	}
	now := a.Clock.Now()
	err = a.deliver(ctx, w, v, desk.Arrival{Kind: desk.ArrivedMessage, ExternalID: v.Visitor + ":" + in.Body.ClientID,
		Text: desk.Body(text), Choice: in.Body.Choice, Session: v.session(c, in.Agent, now)})
	if err != nil {
		return nil, err
	}
	return &created[WMessage]{Status: 201, Body: WMessage{Direction: "in", Author: WAuthor{Kind: "contact"}, Body: text,
		At: stamp(now), Status: "sent", ClientID: in.Body.ClientID, Buttons: []desk.Button{}}}, nil
}

var errShut = desk.Fail(desk.Conflict, "chat_shut", "this chat is closed for now; please reach the business another way")

// speaking refuses what only somebody's answer would help with while the
// operator has suspended the workspace: nobody reads it, and taking it in would
// say that somebody does.
func (a *API) speaking(ctx context.Context, w widget) error {
	return a.Store.In(w.Workspace).Read(ctx, func(r *store.Rx) error {
		ws, err := r.Settings()
		if err == nil && ws.Shut() {
			return errShut
		}
		return err
	})
}

// created is a body with status 201.
type created[T any] struct {
	Status int
	Body   T
}

type widgetReceiptIn struct {
	VisitIn
	Body struct {
		Delivered int64 `json:"delivered,omitempty" minimum:"0" doc:"Everything up to this seq has arrived"`
		Read      int64 `json:"read,omitempty" minimum:"0" doc:"Everything up to this seq was on the screen"`
	}
}

func (a *API) widgetReceipt(ctx context.Context, c *call, in *widgetReceiptIn) (*struct{}, error) {
	w, v, err := a.visiting(ctx, c, in.VisitIn)
	if err != nil {
		return nil, err
	}
	for status, seq := range map[desk.Status]int64{desk.StatusDelivered: in.Body.Delivered, desk.StatusRead: in.Body.Read} {
		if seq <= 0 {
			continue
		}
		if err := a.deliver(ctx, w, v, desk.Arrival{Kind: desk.ArrivedReceipt, Receipt: desk.Receipt{Status: status, UpTo: seq}}); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

type widgetTypingIn struct {
	VisitIn
	Body struct {
		On bool `json:"on"`
	}
}

func (a *API) widgetTyping(ctx context.Context, c *call, in *widgetTypingIn) (*struct{}, error) {
	w, v, err := a.visiting(ctx, c, in.VisitIn)
	if err != nil {
		return nil, err
	}
	return nil, a.Store.In(w.Workspace).Read(ctx, func(r *store.Rx) error {
		row, err := threadOf(r, w, v.Visitor)
		if desk.IsNotFound(err) {
			return nil // nobody sees a chat that has no message yet
		}
		if err == nil {
			err = SayTyping(a.Live, w.Workspace, Frame{Conversation: row.ID, Who: desk.Author{Kind: desk.FromContact, ID: row.Contact}, On: in.Body.On})
		}
		return err
	})
}

type widgetConsentIn struct {
	VisitIn
	Body struct {
		State    string `json:"state" enum:"granted,refused,withdrawn"`
		PageURL  string `json:"page_url,omitempty" maxLength:"4096"`
		Referrer string `json:"referrer,omitempty" maxLength:"4096"`
		Locale   string `json:"locale,omitempty" maxLength:"35"`
	}
}

// WidgetToken replaces the visit's token.
type WidgetToken struct {
	Token string `json:"token"`
}

// widgetConsent records what the visitor said about keeping the chat.
func (a *API) widgetConsent(ctx context.Context, c *call, in *widgetConsentIn) (*given[WidgetToken], error) {
	w, v, err := a.visiting(ctx, c, in.VisitIn)
	if err != nil {
		return nil, err
	}
	v = v.under(desk.ConsentState(in.Body.State), a.Clock.Now(), in.Body.PageURL, in.Body.Referrer, in.Body.Locale)
	if err := a.deliver(ctx, w, v, desk.Arrival{Kind: desk.ArrivedConsent}); err != nil {
		return nil, err
	}
	token, err := a.sealVisit(ctx, w, v)
	return reply(WidgetToken{token}, err)
}

type widgetActIn struct {
	VisitIn
	Agent string `header:"User-Agent"`
}

func (a *API) widgetPerson(ctx context.Context, c *call, in *widgetActIn) (*struct{}, error) {
	w, v, err := a.visiting(ctx, c, in.VisitIn)
	if err == nil {
		err = a.speaking(ctx, w)
	}
	if err != nil {
		return nil, err
	}
	return nil, a.deliver(ctx, w, v, desk.Arrival{Kind: desk.ArrivedPerson, Session: v.session(c, in.Agent, a.Clock.Now())})
}

func (a *API) widgetEnd(ctx context.Context, c *call, in *widgetActIn) (*struct{}, error) {
	w, v, err := a.visiting(ctx, c, in.VisitIn)
	if err != nil {
		return nil, err
	}
	return nil, a.deliver(ctx, w, v, desk.Arrival{Kind: desk.ArrivedEnd})
}

type widgetProfileIn struct {
	VisitIn
	Body struct {
		Name  string `json:"name,omitempty" maxLength:"200"`
		Email string `json:"email,omitempty" maxLength:"254"`
	}
}

func (a *API) widgetProfile(ctx context.Context, c *call, in *widgetProfileIn) (*struct{}, error) {
	w, v, err := a.visiting(ctx, c, in.VisitIn)
	if err != nil {
		return nil, err
	}
	return nil, a.deliver(ctx, w, v, desk.Arrival{Kind: desk.ArrivedProfile, Name: in.Body.Name, Email: in.Body.Email})
}
