package meta

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"parley/internal/desk"
)

// The provider's own inboxes (3.1, 5): what they send a person typed.
const (
	inboxPage      = "263902037430900"
	inboxInstagram = "1217981644879628"
)

// Reader turns the events that Messenger and Instagram share into arrivals.
type Reader struct {
	Identity string   // kind of a person's identity: "psid", "igsid"
	Apps     []string // ids of this install's own apps
}

// Person is the one the conversation is with: the sender, or on an echo the
// recipient, because the two are swapped there (3.1, 3.2).
func (r Reader) Person(ev Event) desk.IdentityHint {
	at := ev.Sender.V
	if ev.Message.V.Echo {
		at = ev.Recipient.V
	}
	if id := at.ID.ID(); id != "" {
		return desk.IdentityHint{Kind: r.Identity, Value: id}
	}
	return desk.IdentityHint{}
}

// Base is an arrival with what every event has.
func (r Reader) Base(kind desk.ArrivalKind, ev Event) desk.Arrival {
	return desk.Arrival{Kind: kind, Sender: r.Person(ev), At: ev.Timestamp.Time(), Standby: ev.standby}
}

// RawKey names an event without an id by its bytes.
func RawKey(kind string, raw json.RawMessage) string {
	h := sha256.Sum256(raw)
	return kind + ":" + hex.EncodeToString(h[:])
}

// Stamp is the event's time as part of a key.
func (ev Event) Stamp() string { return strconv.FormatInt(int64(ev.Timestamp), 10) }

// Common reads the events that mean the same on both channels; ok is false for
// an event that holds none of them. Messages are the channel's own.
func (r Reader) Common(ev Event, raw json.RawMessage) (all []desk.Arrival, ok bool) {
	switch {
	case ev.Policy.OK:
		return []desk.Arrival{policy(ev, raw)}, true
	case ev.Roles.OK:
		return []desk.Arrival{Counted("app_roles")}, true
	case r.Person(ev).Value == "" && ev.OptIn.OK:
		return []desk.Arrival{Counted("opt_in_unknown")}, true // a user_ref names nobody yet (3.1)
	case r.Person(ev).Value == "":
		return []desk.Arrival{Counted("no_sender")}, true
	case ev.Message.OK:
		return nil, false
	case ev.Edit.OK && ev.Edit.V.MID.ID() == "", ev.Reaction.OK && ev.Reaction.V.MID.ID() == "":
		return []desk.Arrival{Counted("no_target")}, true
	case ev.Edit.OK:
		return []desk.Arrival{r.edit(ev)}, true
	case ev.Reaction.OK:
		return []desk.Arrival{r.reaction(ev)}, true
	case ev.Postback.OK:
		return []desk.Arrival{r.postback(ev)}, true
	case ev.Read.OK, ev.Delivery.OK:
		return []desk.Arrival{r.receipt(ev)}, true
	case ev.OptIn.OK:
		return []desk.Arrival{r.optIn(ev, raw)}, true
	case ev.Referral.OK:
		a := r.Base(desk.ArrivedReferral, ev)
		a.ExternalID = RawKey("referral", raw)
		a.Window = Window // an ig.me or m.me link into the thread opens it (5)
		a.Extra = &desk.Extra{Referral: Referred(ev.Referral)}
		return []desk.Arrival{a}, true
	case ev.Pass.OK, ev.Take.OK, ev.Request.OK:
		return []desk.Arrival{r.thread(ev, raw)}, true
	case ev.Feedback.OK:
		a := r.Base(desk.ArrivedFeedback, ev)
		a.ExternalID, a.Target = RawKey("feedback", raw), ev.Feedback.V.MID.ID()
		a.Choice = ev.Feedback.V.Feedback.Line()
		return []desk.Arrival{a}, true
	case ev.Linking.OK:
		return []desk.Arrival{Counted("account_linking")}, true
	}
	return nil, false
}

func policy(ev Event, raw json.RawMessage) desk.Arrival {
	p := ev.Policy.V
	return desk.Arrival{Kind: desk.ArrivedNotice, ExternalID: RawKey("policy", raw), At: ev.Timestamp.Time(),
		Notice: &desk.Notice{What: "policy", State: p.Action.Word(), Detail: p.Reason.Line(), Stops: p.Action.Word() == "block"}}
}

func (r Reader) edit(ev Event) desk.Arrival {
	a := r.Base(desk.ArrivedEdit, ev)
	a.Target, a.Text = ev.Edit.V.MID.ID(), ev.Edit.V.Text.Body()
	a.ExternalID = Key("edit", a.Target, ev.Edit.V.Num.Word())
	return a
}

func (r Reader) reaction(ev Event) desk.Arrival {
	a := r.Base(desk.ArrivedReaction, ev)
	v := ev.Reaction.V
	a.Target = v.MID.ID()
	a.ExternalID = Key("reaction", a.Sender.Value, a.Target, v.Action.Word(), ev.Stamp())
	removed := v.Action.Word() == "unreact"
	a.Reaction = &desk.Reaction{Removed: removed}
	if !removed {
		a.Reaction.Emoji, a.Reaction.Name = emoji(v.Emoji), v.Reaction.Word()
		a.Window = Window // a reaction to a message opens it (5)
	}
	return a
}

// emoji keeps what may be one: a few characters.
func emoji(s Str) string {
	if len(s) > 64 {
		return ""
	}
	return string(s.Body())
}

// maxChoice is the longest button word that is filed; those of Parley are short.
const maxChoice = 200

// Choice is a button's word.
func Choice(s Str) string {
	if id := s.ID(); len(id) <= maxChoice {
		return id
	}
	return ""
}

func (r Reader) postback(ev Event) desk.Arrival {
	v := ev.Postback.V
	a := r.Base(desk.ArrivedMessage, ev)
	a.MsgKind, a.Text, a.Choice, a.Window = desk.KindChoice, v.Title.Body(), Choice(v.Payload), Window
	a.ExternalID = v.MID.ID()
	if a.ExternalID == "" {
		a.ExternalID = Key("postback", a.Sender.Value, ev.Stamp(), v.Payload.ID())
	}
	if v.Referral.OK {
		a.Extra = &desk.Extra{Referral: Referred(v.Referral)}
	}
	return a
}

func (r Reader) receipt(ev Event) desk.Arrival {
	a := r.Base(desk.ArrivedReceipt, ev)
	status, m := desk.StatusDelivered, ev.Delivery.V
	if ev.Read.OK {
		status, m = desk.StatusRead, ev.Read.V
	}
	a.Receipt = desk.Receipt{Status: status, ExternalIDs: Strings(m.MIDs), Watermark: m.Watermark.Time()}
	if id := m.MID.ID(); id != "" {
		a.Receipt.ExternalIDs, a.Receipt.Earlier = []string{id}, true
	}
	if ev.stampless && m.Watermark != 0 {
		a.At = m.Watermark.Time()
	}
	return a
}

func (r Reader) optIn(ev Event, raw json.RawMessage) desk.Arrival {
	v := ev.OptIn.V
	a := r.Base(desk.ArrivedOptIn, ev)
	a.ExternalID = RawKey("opt_in", raw)
	topic := v.Title.Line()
	if topic == "" {
		topic = v.Ref.Line()
	}
	a.OptIn = &desk.OptIn{Topic: topic, Stopped: v.Status.Word() == "stop_notifications", Until: v.Until.Time()}
	return a
}

func (r Reader) thread(ev Event, raw json.RawMessage) desk.Arrival {
	a := r.Base(desk.ArrivedThread, ev)
	a.ExternalID = RawKey("thread", raw)
	c := &desk.ThreadChange{Act: desk.ThreadPassed, App: ev.Pass.V.New.ID()}
	switch {
	case ev.Take.OK:
		c.Act, c.App = desk.ThreadTaken, ev.Take.V.New.ID()
	case ev.Request.OK:
		c.Act, c.App = desk.ThreadAsked, ev.Request.V.Requested.ID()
	}
	c.By = r.echoOf(c.App)
	c.Ours = c.By == desk.EchoOwn && c.Act != desk.ThreadAsked
	a.Control = c
	return a
}

// echoOf says whose an app id is.
func (r Reader) echoOf(app string) desk.EchoOf {
	switch app {
	case "":
		return desk.EchoUnsaid
	case inboxPage, inboxInstagram:
		return desk.EchoPerson
	}
	for _, own := range r.Apps {
		if own == app && own != "" {
			return desk.EchoOwn
		}
	}
	return desk.EchoProgram
}

// EchoOf reads whose message an echo is.
func (r Reader) EchoOf(m Message) *desk.Echo {
	app := m.App.ID()
	if app == "0" {
		app = ""
	}
	return &desk.Echo{Of: r.echoOf(app), App: app, Ref: m.Metadata.ID()}
}

// Unsent is the arrival of a deleted message.
func (r Reader) Unsent(ev Event) desk.Arrival {
	if ev.Message.V.MID.ID() == "" {
		return Counted("no_target")
	}
	a := r.Base(desk.ArrivedUnsend, ev)
	a.Target = ev.Message.V.MID.ID()
	a.ExternalID = Key("unsend", a.Target)
	return a
}

// Referred reads how a person came.
func Referred(o Opt[Referral]) *desk.Referral {
	if !o.OK {
		return nil
	}
	v := o.V
	out := &desk.Referral{Source: v.Source.Word(), Ref: v.Ref.Line(), Ad: v.Ad.ID(), Title: v.Context.V.Title.Line(), URL: v.Referer.Link()}
	if out.Source == "ads" {
		out.Source = "ad"
	}
	if v.Product.OK {
		out.Source, out.Ref = "product", v.Product.V.ID.Line()
	}
	return out
}

// Unread keeps an event of a kind nobody has heard of: filed with the name of
// what it holds where a person sent it, so that nothing they do is lost.
func (r Reader) Unread(ev Event, raw json.RawMessage) desk.Arrival {
	var fields map[string]json.RawMessage
	what := ""
	if json.Unmarshal(raw, &fields) == nil {
		for name := range fields {
			word := Str(name).Word()
			if word != "" && word != "sender" && word != "recipient" && word != "timestamp" && (what == "" || word < what) {
				what = word
			}
		}
	}
	if what == "" {
		return Counted("empty_event")
	}
	a := r.Base(desk.ArrivedMessage, ev)
	a.ExternalID, a.MsgKind, a.Window = RawKey("unknown", raw), desk.KindUnknown, Window
	a.Extra = &desk.Extra{What: what}
	return a
}

// Moment is a time as text, "" when there is none.
func Moment(t Stamp) string {
	if t == 0 {
		return ""
	}
	return t.Time().Format("2006-01-02T15:04:05Z")
}
