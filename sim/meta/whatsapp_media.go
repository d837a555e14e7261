package meta

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// uploadMedia is POST /{phone}/media.
func (c *call) uploadMedia(n *Number) (obj, *fault) {
	if f := c.needScope("whatsapp_business_messaging"); f != nil {
		return nil, f
	}
	c.in.oneOf("messaging_product", "whatsapp")
	mime := c.in.str("type")
	files := c.files["file"]
	if len(files) != 1 {
		c.in.bad(true, "The parameter file is required, once, as multipart/form-data")
	}
	if f := c.done(); f != nil {
		return nil, f
	}
	u := files[0]
	u.Mime = or(mime, u.Mime)
	kind := kindOf(u.Mime)
	as := map[string]string{"file": "document"}[kind]
	if u.Mime == "image/webp" {
		kind, as = "sticker", "sticker"
	}
	if !whatsappTakes(or(as, kind))(u.Mime, len(u.Data)) {
		return nil, whatsappFault(100, "Invalid parameter", "Param file must be a file with one of the supported types and sizes; received "+u.Mime+".")
	}
	f := &mediaFile{id: c.s.fresh("1037", 16), kind: kind, mime: u.Mime, name: u.Name, data: u.Data, number: n, made: c.s.clk.Now(),
		gone: c.s.clk.Now().Add(whatsappUploadLife), links: map[string]time.Time{}}
	c.s.media[f.id] = f
	return o("id", f.id), nil
}

// mediaNode resolves a media id to a link of five minutes, or deletes it.
func (c *call) mediaNode(f *mediaFile, edge string) (obj, *fault) {
	if !c.tok.reaches(f.number.WABA.ID) || edge != "" || c.s.clk.Now().After(f.gone) {
		return nil, noSuchNode(c.r.Method, f.id)
	}
	if number := c.in.str("phone_number_id"); number != "" && number != f.number.ID {
		return nil, noSuchNode(c.r.Method, f.id)
	}
	if bad := c.done(); bad != nil {
		return nil, bad
	}
	if c.remove() {
		delete(c.s.media, f.id)
		return o("success", true), nil
	}
	if _, broken := c.s.strikes(MediaError, c.r.URL.Path); broken {
		return nil, whatsappFault(133004, "Server temporarily unavailable", "")
	}
	sum := sha256.Sum256(f.data)
	return o("messaging_product", "whatsapp", "url", c.s.whatsappLink(f), "mime_type", f.mime, "sha256", hex.EncodeToString(sum[:]),
		"file_size", len(f.data), "id", f.id), nil
}

// register and deregister are allowed ten times in 72 hours.
func (c *call) register(n *Number, on bool) (obj, *fault) {
	if f := c.needScope("whatsapp_business_management"); f != nil {
		return nil, f
	}
	if on {
		c.in.oneOf("messaging_product", "whatsapp")
		if pin := c.in.need("pin"); len(pin) != 6 || onlyDigits(pin) != pin {
			c.in.bad(false, "Param pin must be six digits")
		}
		c.in.str("data_localization_region")
	} else {
		c.in.ignore("messaging_product")
	}
	if f := c.done(); f != nil {
		return nil, f
	}
	now := c.s.clk.Now()
	recent := 0
	for _, at := range n.registrations {
		if now.Sub(at) < 72*time.Hour {
			recent++
		}
	}
	if recent >= 10 {
		return nil, whatsappFault(133016, "Account register deregister rate limit exceeded", "Too many attempts; try again in 72 hours.")
	}
	pin := c.in.m2("pin")
	if on && n.pin != "" && n.pin != pin {
		return nil, whatsappFault(133005, "Two step verification PIN mismatch", "The PIN is wrong.")
	}
	n.registrations = append(n.registrations, now)
	n.registered = on
	if on {
		n.pin = pin
	}
	return o("success", true), nil
}
