package messenger

import (
	"encoding/json"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
)

// object is the webhook object of a page (2.4).
const object = "page"

// Identity is the kind of a person's page-scoped id.
const Identity = "psid"

// Split cuts a delivery by page.
func (c *Channel) Split(raw channel.Raw) ([]channel.Part, error) {
	return meta.SplitMessaging(raw.Body, object)
}

// Parse reads the events of one page (3.1).
func (c *Channel) Parse(_ channel.Account, p channel.Part) ([]desk.Arrival, error) {
	r := meta.Reader{Identity: Identity, Apps: c.graph.Apps()}
	return meta.Events(p.Body, object, func(ev meta.Event, raw json.RawMessage) []desk.Arrival { return event(r, ev, raw) },
		func(ch meta.Change) []desk.Arrival { return []desk.Arrival{meta.Counted(changed(ch))} })
}

// changed names what a page tells that is no message: posts and comments.
func changed(ch meta.Change) string {
	if f := ch.Field.Word(); f != "" {
		return f
	}
	return "change"
}

func event(r meta.Reader, ev meta.Event, raw json.RawMessage) []desk.Arrival {
	if all, ok := r.Common(ev, raw); ok {
		return all
	}
	switch {
	case ev.Message.OK && bool(ev.Message.V.Deleted):
		return []desk.Arrival{r.Unsent(ev)}
	case ev.Message.OK:
		return []desk.Arrival{message(r, ev, raw)}
	case ev.Order.OK:
		a := r.Base(desk.ArrivedMessage, ev)
		a.ExternalID, a.MsgKind, a.Window = meta.RawKey("order", raw), desk.KindOrder, meta.Window
		return []desk.Arrival{a}
	}
	return []desk.Arrival{r.Unread(ev, raw)}
}

func message(r meta.Reader, ev meta.Event, raw json.RawMessage) desk.Arrival {
	a := r.Base(desk.ArrivedMessage, ev)
	r.Content(ev, &a)
	if a.ExternalID == "" {
		a.ExternalID = meta.RawKey("message", raw)
	}
	for _, t := range ev.Message.V.Attached() {
		if !meta.Attach(&a, t) && !attach(&a, t) {
			meta.Unknown(&a, t)
		}
	}
	return a
}

// attach reads the attachments that only Messenger has.
func attach(a *desk.Arrival, t meta.Attachment) bool {
	p := t.Payload.V
	switch t.Type.Word() {
	case "location":
		meta.Kinded(a, desk.KindLocation)
		if at, ok := meta.Place(p.Coordinates.V.Lat.String(), p.Coordinates.V.Long.String()); ok {
			at.Name, at.URL = t.Name(), t.Link()
			meta.Extra(a).Location = &at
		}
	case "appointment_booking":
		meta.Kinded(a, desk.KindForm)
		meta.Extra(a).Form = &desk.Form{Name: "appointment", Answers: answers(map[string]string{
			"status": p.Status.Word(), "start": meta.Moment(p.Start), "time_zone": p.TimeZone.Line()})}
	default:
		return false
	}
	return true
}

func answers(all map[string]string) map[string]string {
	for k, v := range all {
		if v == "" {
			delete(all, k)
		}
	}
	return all
}
