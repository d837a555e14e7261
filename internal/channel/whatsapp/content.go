package whatsapp

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"parley/internal/channel/meta"
	"parley/internal/desk"
)

// Bounds of lists inside one message.
const (
	maxCards   = 20
	maxLines   = 50
	maxAnswers = 50
)

// mediaLife is how long Meta keeps a file that came by webhook (4.3).
const mediaLife = 7 * 24 * time.Hour

// say reads what a message says, by its type; without a type, by what is there
// (an edit repeats the body alone).
func say(a *desk.Arrival, kind string, b body) {
	if kind == "" {
		kind = bodied(b)
	}
	switch kind {
	case "text":
		a.MsgKind, a.Text = desk.KindText, b.Text.V.Body.Body()
	case "image":
		media(a, desk.KindImage, desk.MediaImage, b.Image)
	case "video":
		media(a, desk.KindVideo, desk.MediaVideo, b.Video)
	case "audio", "voice":
		media(a, desk.KindAudio, desk.MediaAudio, b.Audio)
	case "document":
		media(a, desk.KindFile, desk.MediaFile, b.Document)
	case "sticker":
		media(a, desk.KindSticker, desk.MediaSticker, b.Sticker)
	case "location":
		place(a, b.Location.V)
	case "contacts":
		cards(a, b.Contacts)
	case "interactive":
		pressed(a, b.Interactive.V)
	case "button":
		a.MsgKind, a.Text, a.Choice = desk.KindChoice, b.Button.V.Text.Body(), meta.Choice(b.Button.V.Payload)
	case "order":
		ordered(a, b.Order.V)
	case "unsupported":
		a.MsgKind = desk.KindUnsupported
		if what := b.Unsupported.V.Type.Word(); what != "" {
			meta.Extra(a).What = what
		}
	default:
		a.MsgKind = desk.KindUnknown
		meta.Extra(a).What = kind
	}
}

func bodied(b body) string {
	switch {
	case b.Image.OK:
		return "image"
	case b.Video.OK:
		return "video"
	case b.Document.OK:
		return "document"
	}
	return "text"
}

func media(a *desk.Arrival, kind string, as desk.MediaKind, f meta.Opt[file]) {
	v := f.V
	a.MsgKind, a.Text = kind, v.Caption.Body()
	ref := desk.MediaRef{Kind: as, ID: v.ID.ID(), URL: v.URL.Link(), Mime: mime(v.Mime), Name: v.Filename.Line(), SHA256: sum(v.SHA256),
		Voice: bool(v.Voice), Animated: bool(v.Animated)}
	if !a.At.IsZero() {
		ref.Expires = a.At.Add(mediaLife)
	}
	meta.Media(a, ref)
}

// mime is a media type without its parameters.
func mime(s meta.Str) string {
	t, _, _ := strings.Cut(strings.ToLower(s.Line()), ";")
	t = strings.TrimSpace(t)
	if !strings.Contains(t, "/") || strings.ContainsAny(t, " \"<>\\") {
		return ""
	}
	return t
}

// sum is a SHA-256 as hex; webhooks give it in base64, look-ups in hex (A.4).
func sum(s meta.Str) string {
	v := s.ID()
	if raw, err := hex.DecodeString(strings.ToLower(v)); err == nil && len(raw) == 32 {
		return strings.ToLower(v)
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if raw, err := enc.DecodeString(v); err == nil && len(raw) == 32 {
			return hex.EncodeToString(raw)
		}
	}
	return ""
}

func place(a *desk.Arrival, l location) {
	a.MsgKind = desk.KindLocation
	if at, ok := meta.Place(l.Latitude.String(), l.Longitude.String()); ok {
		at.Name, at.Address, at.URL = l.Name.Line(), l.Address.Line(), l.URL.Link()
		meta.Extra(a).Location = &at
	}
}

func cards(a *desk.Arrival, list meta.List) {
	a.MsgKind = desk.KindContacts
	for _, c := range meta.All[card](list) {
		n := c.Name.V
		out := desk.Card{Name: n.Formatted.Line(), Org: c.Org.V.Company.Line(), Own: c.Origin.Word() == "contact_request"}
		if out.Name == "" {
			out.Name = strings.TrimSpace(n.First.Line() + " " + n.Last.Line())
		}
		for _, p := range meta.All[struct {
			Phone meta.Str `json:"phone"`
		}](c.Phones) {
			if s := p.Phone.Line(); s != "" && len(out.Phones) < maxCards {
				out.Phones = append(out.Phones, s)
			}
		}
		for _, e := range meta.All[struct {
			Email meta.Str `json:"email"`
		}](c.Emails) {
			if s := e.Email.Line(); s != "" && len(out.Emails) < maxCards {
				out.Emails = append(out.Emails, s)
			}
		}
		if x := meta.Extra(a); len(x.Cards) < maxCards {
			x.Cards = append(x.Cards, out)
		}
	}
}

func pressed(a *desk.Arrival, i interactive) {
	switch {
	case i.Button.OK, i.List.OK:
		c := i.Button.V
		if i.List.OK {
			c = i.List.V
		}
		a.MsgKind, a.Text, a.Choice = desk.KindChoice, c.Title.Body(), meta.Choice(c.ID)
		if d := c.Description.Body(); i.List.OK && d != "" && strings.HasSuffix(string(a.Text), "…") {
			a.Text = d // a title that did not fit; the whole label stands below it
		}
	case i.Form.OK:
		a.MsgKind = desk.KindForm
		meta.Extra(a).Form = &desk.Form{Name: i.Form.V.Name.Line(), Answers: answers(string(i.Form.V.Response))}
	default:
		a.MsgKind = desk.KindUnknown
		meta.Extra(a).What = i.Type.Word()
	}
}

// answers reads a form's flat answers; the token that ties a form to a call is
// not the person's.
func answers(raw string) map[string]string {
	var fields map[string]meta.Str
	if len(raw) > desk.MaxBody || json.Unmarshal([]byte(raw), &fields) != nil {
		return nil
	}
	all := map[string]string{}
	for k, v := range fields {
		name := meta.Str(k).Line()
		if name != "" && name != "flow_token" && v != "" && len(all) < maxAnswers {
			all[name] = v.Line()
		}
	}
	return all
}

func ordered(a *desk.Arrival, o order) {
	a.MsgKind, a.Text = desk.KindOrder, o.Text.Body()
	out := &desk.Order{Catalog: o.Catalog.ID(), Items: []desk.OrderItem{}}
	for _, i := range meta.All[item](o.Items) {
		if len(out.Items) < maxLines {
			out.Items = append(out.Items, desk.OrderItem{Product: i.Product.Line(), Quantity: i.Quantity.Int(), Price: i.Price.Line(), Currency: i.Currency.Line()})
		}
	}
	meta.Extra(a).Order = out
}
