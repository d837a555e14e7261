package meta

import (
	"bytes"
	"encoding/json"
	"time"

	"parley/internal/desk"
)

// Window is how long a free reply is allowed after a person's act, on all three
// channels (5). It travels with each arrival: Meta may grant longer ones.
const Window = 24 * time.Hour

// Person is one end of an event.
type Person struct {
	ID      Str `json:"id"`
	UserRef Str `json:"user_ref"`
}

// Event is one event of a messaging list, on Messenger (3.1) and Instagram
// (3.2). Whatever is not there is zero.
type Event struct {
	Sender    Opt[Person] `json:"sender"`
	Recipient Opt[Person] `json:"recipient"`
	Timestamp Stamp       `json:"timestamp"`

	Message   Opt[Message]  `json:"message"`
	Edit      Opt[Edit]     `json:"message_edit"`
	Reaction  Opt[Reaction] `json:"reaction"`
	Postback  Opt[Postback] `json:"postback"`
	Referral  Opt[Referral] `json:"referral"`
	OptIn     Opt[OptIn]    `json:"optin"`
	Read      Opt[Mark]     `json:"read"`
	Delivery  Opt[Mark]     `json:"delivery"`
	Pass      Opt[Control]  `json:"pass_thread_control"`
	Take      Opt[Control]  `json:"take_thread_control"`
	Request   Opt[Control]  `json:"request_thread_control"`
	Roles     Opt[struct{}] `json:"app_roles"`
	Policy    Opt[Policy]   `json:"policy_enforcement"`
	Feedback  Opt[Judgment] `json:"response_feedback"`
	Linking   Opt[Linking]  `json:"account_linking"`
	Order     Opt[Cart]     `json:"order"`
	standby   bool
	stampless bool
}

// Message is Event.Message.
type Message struct {
	MID         Str           `json:"mid"`
	Text        Str           `json:"text"`
	Quick       Opt[Payload]  `json:"quick_reply"`
	ReplyTo     Opt[ReplyTo]  `json:"reply_to"`
	Attachments List          `json:"attachments"`
	Sticker     Str           `json:"sticker_id"`
	Referral    Opt[Referral] `json:"referral"`
	Commands    List          `json:"commands"`
	Deleted     Flag          `json:"is_deleted"`
	Unsupported Flag          `json:"is_unsupported"`
	Echo        Flag          `json:"is_echo"`
	Self        Flag          `json:"is_self"`
	App         Str           `json:"app_id"`
	Metadata    Str           `json:"metadata"`
}

// Payload is a button's word.
type Payload struct {
	Payload Str `json:"payload"`
}

// ReplyTo is what a message answers.
type ReplyTo struct {
	MID   Str        `json:"mid"`
	Story Opt[Story] `json:"story"`
}

// Story is the story a message answers.
type Story struct {
	ID  Str `json:"id"`
	URL Str `json:"url"`
}

// Attachment is one of Message.Attachments. Echoes put title and url beside
// the type (3.1).
type Attachment struct {
	Type    Str           `json:"type"`
	Title   Str           `json:"title"`
	URL     Str           `json:"url"`
	Payload Opt[Attached] `json:"payload"`
}

// Attached is Attachment.Payload.
type Attached struct {
	URL         Str              `json:"url"`
	Title       Str              `json:"title"`
	ID          Str              `json:"id"`
	Sticker     Str              `json:"sticker_id"`
	Reel        Str              `json:"reel_video_id"`
	Post        Str              `json:"ig_post_media_id"`
	Template    Str              `json:"template_type"`
	Coordinates Opt[Coordinates] `json:"coordinates"`
	Product     Opt[struct {
		Elements List `json:"elements"`
	}] `json:"product"`
	Booking  Str   `json:"booking_id"`
	Status   Str   `json:"status"`
	Start    Stamp `json:"start_time"`
	TimeZone Str   `json:"timezone"`
}

// Coordinates of a shared place.
type Coordinates struct {
	Lat  json.Number `json:"lat"`
	Long json.Number `json:"long"`
}

// Product is a shared product.
type Product struct {
	ID       Str `json:"id"`
	Retailer Str `json:"retailer_id"`
	Title    Str `json:"title"`
	Subtitle Str `json:"subtitle"`
	Image    Str `json:"image_url"`
}

// Edit is Event.Edit.
type Edit struct {
	MID  Str `json:"mid"`
	Text Str `json:"text"`
	Num  Str `json:"num_edit"`
}

// Reaction is Event.Reaction.
type Reaction struct {
	MID      Str `json:"mid"`
	Action   Str `json:"action"`
	Reaction Str `json:"reaction"`
	Emoji    Str `json:"emoji"`
}

// Postback is Event.Postback.
type Postback struct {
	MID      Str           `json:"mid"`
	Title    Str           `json:"title"`
	Payload  Str           `json:"payload"`
	Referral Opt[Referral] `json:"referral"`
}

// Referral says how a person came.
type Referral struct {
	Ref     Str `json:"ref"`
	Ad      Str `json:"ad_id"`
	Source  Str `json:"source"`
	Type    Str `json:"type"`
	Referer Str `json:"referer_uri"`
	Context Opt[struct {
		Title Str `json:"ad_title"`
		Photo Str `json:"photo_url"`
		Post  Str `json:"post_id"`
	}] `json:"ads_context_data"`
	Product Opt[struct {
		ID Str `json:"id"`
	}] `json:"product"`
}

// OptIn is Event.OptIn.
type OptIn struct {
	Type    Str   `json:"type"`
	Ref     Str   `json:"ref"`
	Payload Str   `json:"payload"`
	Title   Str   `json:"title"`
	Status  Str   `json:"notification_messages_status"`
	Until   Stamp `json:"token_expiry_timestamp"`
}

// Mark is Event.Read or Event.Delivery.
type Mark struct {
	MID       Str   `json:"mid"`
	MIDs      List  `json:"mids"`
	Watermark Stamp `json:"watermark"`
}

// Control is a change of who holds the thread.
type Control struct {
	Previous  Str `json:"previous_owner_app_id"`
	New       Str `json:"new_owner_app_id"`
	Requested Str `json:"requested_owner_app_id"`
}

// Policy is Event.Policy.
type Policy struct {
	Action Str `json:"action"`
	Reason Str `json:"reason"`
}

// Judgment is Event.Feedback.
type Judgment struct {
	Feedback Str `json:"feedback"`
	MID      Str `json:"mid"`
}

// Linking is Event.Linking.
type Linking struct {
	Status Str `json:"status"`
}

// Cart is Event.Order.
type Cart struct {
	Products List `json:"products"`
	Note     Str  `json:"note"`
}

// Strings reads a list of ids.
func Strings(l List) []string {
	var all []string
	for _, raw := range l {
		var s Str
		if s.UnmarshalJSON(bytes.TrimSpace(raw)) == nil && s.ID() != "" {
			all = append(all, s.ID())
		}
	}
	return all
}

// Events reads the messaging events of a part, standby ones and those under
// changes with the shape of an event included, and hands each to parse: with
// its raw bytes, for the key of one that has no id. Changes that are none go to
// other.
func Events(body []byte, object string, parse func(Event, json.RawMessage) []desk.Arrival, other func(Change) []desk.Arrival) ([]desk.Arrival, error) {
	env, err := Open(body)
	if err != nil {
		return nil, err
	}
	if string(env.Object) != object {
		return nil, desk.Fail(desk.Invalid, "other_object", "the part is of another object than "+object)
	}
	var all []desk.Arrival
	each := func(raw json.RawMessage, at Stamp, standby bool) {
		var ev Opt[Event]
		if ev.UnmarshalJSON(bytes.TrimSpace(raw)) != nil || !ev.OK {
			all = append(all, Counted("unreadable"))
			return
		}
		ev.V.standby = standby
		if ev.V.Timestamp == 0 { // deliveries come without (A.1)
			ev.V.Timestamp, ev.V.stampless = at, true
		}
		all = append(all, parse(ev.V, raw)...)
	}
	for _, e := range env.Entry {
		for _, raw := range e.Messaging {
			each(raw, e.Time, false)
		}
		for _, raw := range e.Standby {
			each(raw, e.Time, true)
		}
		for _, ch := range All[Change](e.Changes) {
			var ends Opt[Event]
			if ends.UnmarshalJSON(bytes.TrimSpace(ch.Value)) == nil && ends.V.Sender.OK && ends.V.Recipient.OK {
				each(ch.Value, e.Time, false)
				continue
			}
			all = append(all, other(ch)...)
		}
	}
	return all, nil
}

// Counted is an arrival that is counted and never filed.
func Counted(what string) desk.Arrival {
	return desk.Arrival{Kind: desk.ArrivedCounted, Notice: &desk.Notice{What: what}}
}
