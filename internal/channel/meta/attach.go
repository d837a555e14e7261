package meta

import (
	"strconv"
	"time"

	"parley/internal/desk"
)

// StoryLife is how long a story's media may be kept (3.2).
const StoryLife = 24 * time.Hour

// maxAttachments bounds what one message carries.
const maxAttachments = 30

// Attachments reads the attachments of a message.
func (m Message) Attached() []Attachment {
	all := All[Attachment](m.Attachments)
	return all[:min(len(all), maxAttachments)]
}

// Link is where an attachment points: beside the type on echoes (3.1).
func (t Attachment) Link() string {
	if u := t.Payload.V.URL.Link(); u != "" {
		return u
	}
	return t.URL.Link()
}

// Name is an attachment's title.
func (t Attachment) Name() string {
	if s := t.Payload.V.Title.Line(); s != "" {
		return s
	}
	return t.Title.Line()
}

// Kinded gives a message its kind, once: what comes first is what it is.
func Kinded(a *desk.Arrival, kind string) {
	if a.MsgKind == "" || a.MsgKind == desk.KindText {
		a.MsgKind = kind
	}
}

// Extra is the arrival's, made when it is first needed.
func Extra(a *desk.Arrival) *desk.Extra {
	if a.Extra == nil {
		a.Extra = &desk.Extra{}
	}
	return a.Extra
}

// Media adds a file to an arrival; one without address or id tells only its
// kind.
func Media(a *desk.Arrival, ref desk.MediaRef) {
	if ref.URL == "" && ref.ID == "" || len(a.Media) >= maxAttachments {
		return
	}
	for _, have := range a.Media {
		if have.URL == ref.URL && have.ID == ref.ID {
			return
		}
	}
	a.Media = append(a.Media, ref)
}

// Attach adds an attachment of a type that Messenger and Instagram share; false
// leaves it to the channel.
func Attach(a *desk.Arrival, t Attachment) bool {
	p := t.Payload.V
	kind := t.Type.Word()
	switch {
	case kind == "sticker" || kind == "image" && p.Sticker != "":
		Kinded(a, desk.KindSticker)
		Media(a, desk.MediaRef{Kind: desk.MediaSticker, URL: t.Link(), Sticker: p.Sticker.ID()})
	case kind == "image":
		file(a, desk.KindImage, desk.MediaRef{Kind: desk.MediaImage, URL: t.Link()})
	case kind == "video":
		file(a, desk.KindVideo, desk.MediaRef{Kind: desk.MediaVideo, URL: t.Link()})
	case kind == "audio":
		file(a, desk.KindAudio, desk.MediaRef{Kind: desk.MediaAudio, URL: t.Link(), Voice: true})
	case kind == "file":
		file(a, desk.KindFile, desk.MediaRef{Kind: desk.MediaFile, URL: t.Link(), Name: t.Name()})
	case kind == "reel" || kind == "ig_reel":
		share(a, desk.Link{Kind: "reel", URL: t.Link(), Title: t.Name(), ID: p.Reel.ID()})
	case kind == "post" || kind == "ig_post" || kind == "share":
		id := p.Post.ID()
		if id == "" {
			id = p.ID.ID()
		}
		share(a, desk.Link{Kind: "post", URL: t.Link(), Title: t.Name(), ID: id})
	case kind == "fallback":
		share(a, desk.Link{Kind: "page", URL: t.Link(), Title: t.Name()})
	case kind == "template" && p.Product.OK:
		for _, e := range All[Product](p.Product.V.Elements) {
			share(a, desk.Link{Kind: "product", Title: e.Title.Line(), ID: e.ID.ID(), URL: e.Image.Link()})
		}
		Kinded(a, desk.KindShare)
	case kind == "template":
		Kinded(a, desk.KindTemplate)
		if a.Text == "" {
			a.Text = t.Title.Body()
		}
	default:
		return false
	}
	return true
}

func file(a *desk.Arrival, kind string, ref desk.MediaRef) {
	Kinded(a, kind)
	Media(a, ref)
}

// share adds a link once: while Meta renames its types one post comes as two
// attachments (3.2), with the same address and id.
func share(a *desk.Arrival, l desk.Link) {
	if l.Kind != "page" || a.Text == "" { // a link inside a text stays a text
		Kinded(a, desk.KindShare)
	}
	if l == (desk.Link{Kind: l.Kind}) {
		return
	}
	x := Extra(a)
	for i, have := range x.Links {
		if have.Kind == l.Kind && (have.URL == l.URL || have.ID != "" && have.ID == l.ID) {
			if have.ID == "" {
				x.Links[i].ID = l.ID
			}
			return
		}
	}
	if len(x.Links) < maxAttachments {
		x.Links = append(x.Links, l)
	}
}

// Unknown adds an attachment of a type nobody has heard of: its name and
// address, never a failure (types appear without notice).
func Unknown(a *desk.Arrival, t Attachment) {
	Kinded(a, desk.KindUnknown)
	x := Extra(a)
	if x.What == "" {
		x.What = t.Type.Word()
	}
	if u := t.Link(); u != "" {
		x.Links = append(x.Links, desk.Link{Kind: "other", URL: u, Title: t.Name()})
	}
}

// Place reads coordinates that are on the map.
func Place(lat, long string) (desk.Location, bool) {
	a, errA := strconv.ParseFloat(lat, 64)
	o, errO := strconv.ParseFloat(long, 64)
	if errA != nil || errO != nil || !(a >= -90 && a <= 90) || !(o >= -180 && o <= 180) {
		return desk.Location{}, false
	}
	return desk.Location{Latitude: a, Longitude: o}, true
}

// Content fills what every message of Messenger and Instagram carries beside
// its attachments.
func (r Reader) Content(ev Event, a *desk.Arrival) {
	m := ev.Message.V
	a.ExternalID, a.Text, a.MsgKind, a.Window = m.MID.ID(), m.Text.Body(), desk.KindText, Window
	a.ReplyTo = m.ReplyTo.V.MID.ID()
	if m.Quick.OK {
		a.MsgKind, a.Choice = desk.KindChoice, Choice(m.Quick.V.Payload)
	}
	if m.Referral.OK {
		Extra(a).Referral = Referred(m.Referral)
		Media(a, desk.MediaRef{Kind: desk.MediaImage, Role: desk.RoleAd, URL: m.Referral.V.Context.V.Photo.Link()})
	}
	for _, c := range All[struct {
		Name Str `json:"name"`
	}](m.Commands) {
		if x := Extra(a); c.Name.Word() != "" && len(x.Commands) < maxAttachments {
			x.Commands = append(x.Commands, c.Name.Word())
		}
	}
	if m.Echo {
		a.Kind, a.Echo, a.Window, a.Choice = desk.ArrivedEcho, r.EchoOf(m), 0, ""
	}
	if m.Unsupported {
		a.MsgKind = desk.KindUnsupported
	}
}
