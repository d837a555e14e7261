package meta

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// How long links and ids of media live (reference 3.2, 4.3).
const (
	whatsappLinkLife    = 5 * time.Minute
	whatsappInboundLife = 7 * 24 * time.Hour
	whatsappUploadLife  = 30 * 24 * time.Hour
	signedLinkLife      = 24 * time.Hour
)

// mediaFile is a file the platform holds.
type mediaFile struct {
	id     string
	kind   string // image, video, audio, file, sticker
	mime   string
	name   string
	data   []byte
	number *Number // WhatsApp: whose token opens it
	page   *Page   // attachment ids: who uploaded it
	ig     *Instagram
	made   time.Time
	gone   time.Time            // when the id stops working
	links  map[string]time.Time // WhatsApp: key of a link → its end
}

// keepFile stores what a customer sent. The lock is held.
func (s *Sim) keepFile(u Upload, c *Chat) *mediaFile {
	f := &mediaFile{id: s.fresh("1003", 16), mime: u.Mime, name: u.Name, data: u.Data, kind: kindOf(u.Mime), made: s.clk.Now(),
		number: c.number, page: c.page, ig: c.ig, links: map[string]time.Time{}}
	if f.kind == "image" && u.Mime == "image/webp" {
		f.kind = "sticker"
	}
	if c.Channel == OnWhatsApp {
		f.gone = f.made.Add(whatsappInboundLife)
	}
	s.media[f.id] = f
	return f
}

func kindOf(mime string) string {
	kind, _, _ := strings.Cut(mime, "/")
	switch kind {
	case "image", "video", "audio":
		return kind
	}
	return "file"
}

// cdn is the address of a file on Messenger: signed and dead after a day.
func (s *Sim) cdn(f *mediaFile) string { return s.signed("scontent.fbcdn.net", f) }

// lookaside is the same on Instagram.
func (s *Sim) lookaside(f *mediaFile) string { return s.signed("lookaside.fbsbx.com", f) }

func (s *Sim) signed(host string, f *mediaFile) string {
	end := f.made.Add(signedLinkLife).Unix()
	return fmt.Sprintf("%s/%s/ig_messaging_cdn/?asset_id=%s&oe=%d&signature=%s", s.base, host, f.id, end, s.linkMark(f.id, end))
}

func (s *Sim) linkMark(id string, end int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d", s.opt.AppSecret, id, end))
	return hex.EncodeToString(sum[:12])
}

// whatsappLink makes a link that lives five minutes and needs the token.
func (s *Sim) whatsappLink(f *mediaFile) string {
	key := hex.EncodeToString(s.bytes(12))
	f.links[key] = s.clk.Now().Add(whatsappLinkLife)
	return fmt.Sprintf("%s/lookaside.fbsbx.com/whatsapp_business/attachments/?mid=%s&ext=%s", s.base, f.id, key)
}

// serveFile is the media host.
func (s *Sim) serveFile(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	q := r.URL.Query()
	s.mu.Lock()
	slow, isSlow := s.strikes(SlowMedia, r.URL.Path)
	_, gone := s.strikes(MediaGone, r.URL.Path)
	_, html := s.strikes(MediaHTML, r.URL.Path)
	away, redirected := s.strikes(MediaRedirect, r.URL.Path)
	var f *mediaFile
	if strings.Contains(r.URL.Path, "/whatsapp_business/") {
		f = s.whatsappFile(q.Get("mid"), q.Get("ext"), bearer(r))
	} else {
		f = s.signedFile(q.Get("asset_id"), q.Get("oe"), q.Get("signature"))
	}
	s.mu.Unlock()
	if isSlow {
		select {
		case <-s.clk.After(slow.For):
		case <-r.Context().Done():
			return
		}
	}
	switch {
	case redirected:
		http.Redirect(w, r, away.URL, http.StatusFound)
	case f == nil || gone:
		http.Error(w, "Not Found", http.StatusNotFound)
	case html:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!DOCTYPE html><html><title>Error</title><body>Sorry, something went wrong.</body></html>"))
	default:
		w.Header().Set("Content-Type", f.mime)
		w.Header().Set("Content-Length", fmt.Sprint(len(f.data)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(f.data)
		}
	}
}

func (s *Sim) signedFile(id, end, mark string) *mediaFile {
	var unix int64
	if _, err := fmt.Sscan(end, &unix); err != nil || mark != s.linkMark(id, unix) || s.clk.Now().Unix() > unix {
		return nil
	}
	return s.media[id]
}

// whatsappFile gives the file only to who holds the number's token, within the
// link's five minutes.
func (s *Sim) whatsappFile(id, key, bearer string) *mediaFile {
	f, t := s.media[id], s.tokens[bearer]
	if f == nil || f.number == nil || t == nil || s.dead(t) != nil || !t.reaches(f.number.WABA.ID) {
		return nil
	}
	if end, ok := f.links[key]; !ok || s.clk.Now().After(end) {
		return nil
	}
	return f
}

// Picture gives a file's bytes and type, as a phone shows it.
func (s *Sim) Picture(id string) (data []byte, mime string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.media[id]
	if f == nil {
		return nil, "", false
	}
	return f.data, f.mime, true
}
