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
		return []desk.Arrival{cart(r, ev, raw)}
	}
	return []desk.Arrival{r.Unread(ev, raw)}
}

// cart reads a basket; its lines are products of the page's shop.
func cart(r meta.Reader, ev meta.Event, raw json.RawMessage) desk.Arrival {
	a := r.Base(desk.ArrivedMessage, ev)
	a.ExternalID, a.MsgKind, a.Window, a.Text = meta.RawKey("order", raw), desk.KindOrder, meta.Window, ev.Order.V.Note.Body()
	o := &desk.Order{Items: []desk.OrderItem{}}
	for _, p := range meta.All[struct {
		ID       meta.Str `json:"id"`
		Retailer meta.Str `json:"retailer_id"`
		Quantity meta.Str `json:"quantity"`
		Price    meta.Str `json:"unit_price"`
		Currency meta.Str `json:"currency"`
	}](ev.Order.V.Products) {
		if len(o.Items) < maxLines {
			o.Items = append(o.Items, desk.OrderItem{Product: p.Retailer.Line(), Quantity: p.Quantity.Int(), Price: p.Price.Line(), Currency: p.Currency.Line()})
			if last := &o.Items[len(o.Items)-1]; last.Product == "" {
				last.Product = p.ID.Line()
			}
		}
	}
	a.Extra = &desk.Extra{Order: o}
	return a
}

// maxLines bounds the lines of one basket.
const maxLines = 50

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
