package graph_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"testing"
	"time"

	"parley/sim/meta"
)

type profile struct {
	Username, Picture string
	Followers         int64
	Follows           bool
	ReadAt            time.Time `json:"read_at"`
}

// told is what the channel of the one conversation of a kind told of its person.
func (w *world) told(kind string) (contact string, p *profile) {
	w.Helper()
	all := w.talks(kind)
	if len(all) != 1 {
		return "", nil
	}
	var talk struct{ Contact struct{ ID string } }
	w.good("GET", "/api/v1/conversations/"+all[0].ID, nil, &talk)
	var got struct {
		Identities []struct{ Profile *profile }
	}
	w.good("GET", "/api/v1/contacts/"+talk.Contact.ID, nil, &got)
	if len(got.Identities) > 0 {
		p = got.Identities[0].Profile
	}
	return talk.Contact.ID, p
}

// A person's name, user name and picture are kept as their channel tells them,
// looked at again after a long silence, and erased with the person.
func TestAProfileIsKeptRefreshedRarelyAndErased(t *testing.T) {
	each(t, func(w *world) {
		w.connect("instagram", "instagram", meta.Choice{})
		var b bytes.Buffer
		w.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, 12, 12))))
		emma := w.sim.Customer(meta.Profile{Name: "Emma Clarke", Username: "emma.clarke", Phone: "447700900321", Country: "GB", Picture: b.Bytes()})
		chat := emma.WritesInstagram(w.ig)
		chat.Says("Hello")
		var p *profile
		w.until("the profile is kept", func() bool { _, p = w.told("instagram"); return p != nil })
		if p.Username != "emma.clarke" || p.Picture == "" || p.ReadAt.IsZero() {
			w.Fatalf("the channel told %+v", p)
		}
		first := p.ReadAt
		if res, raw := w.get(p.Picture, true); res.StatusCode != http.StatusOK || !bytes.Equal(raw, b.Bytes()) {
			w.Errorf("the picture answers %d with %d bytes", res.StatusCode, len(raw))
		}
		w.clock.Move(25 * time.Hour)
		w.must(w.app.Media.Sweep(context.Background()))
		if res, _ := w.get(p.Picture, true); res.StatusCode != http.StatusOK {
			w.Errorf("the picture went like an upload nobody sent: %d", res.StatusCode)
		}
		w.clock.Move(31 * 24 * time.Hour)
		chat.Says("Me again")
		w.until("the profile is looked at again", func() bool { _, p = w.told("instagram"); return p.ReadAt.After(first) })
		contact, _ := w.told("instagram")
		_, err := w.app.Eraser.Erase(context.Background(), w.ws, w.parse(contact))
		w.must(err)
		w.must(w.app.Media.Sweep(context.Background()))
		if res, _ := w.get(p.Picture, true); res.StatusCode != http.StatusNotFound || w.stored() != 0 {
			w.Errorf("an erased person's picture answers %d, %d files are left", res.StatusCode, w.stored())
		}
	})
}
