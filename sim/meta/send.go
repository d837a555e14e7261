package meta

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/kit/clock"
)

// outgoing is a message of the business that passed every check.
type outgoing struct {
	chat    *Chat
	msg     *message
	links   []link // to fetch before it is accepted
	limits  func(mime string, size int) bool
	react   func() // reactions and sender actions change the chat and nothing more
	perSec  int
	answers func(*message) obj
}

// link is an address the platform fetches for the sender.
type link struct{ kind, url, name string }

// sendMessage is POST /{page, account or number}/messages. The lock is free
// while links are fetched, as anything may happen meanwhile.
func (c *call) sendMessage() (obj, *fault) {
	s := c.s
	s.mu.Lock()
	out, f := c.checkSend()
	s.mu.Unlock()
	if f != nil || out == nil {
		return nil, f
	}
	files, f := c.fetchAll(out)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	answer, f := c.accept(out, files)
	s.announce()
	s.mu.Unlock()
	return answer, f
}

// checkSend tells the three kinds of sender apart. The lock is held.
func (c *call) checkSend() (*outgoing, *fault) {
	if f := c.needToken(); f != nil {
		return nil, f
	}
	if c.host == "graph.instagram.com" {
		ig := c.tok.ig
		if node := c.path[0]; node != "me" && node != ig.ID && node != ig.ScopedID {
			return nil, noSuchNode(c.r.Method, node)
		}
		if f := c.needScope("instagram_business_manage_messages"); f != nil {
			return nil, f
		}
		return c.checkSocial(sender{ig: ig, perSec: igLoginPerSecond, login: true})
	}
	node := c.path[0]
	if n := c.s.numbers[node]; n != nil {
		return c.checkWhatsApp(n)
	}
	if c.tok.page == nil {
		return nil, &fault{status: http.StatusBadRequest, code: 190, message: "This method must be called with a Page Access Token"}
	}
	p := c.tok.page
	if node != "me" && node != p.ID && (p.Instagram == nil || node != p.Instagram.ID) {
		return nil, noSuchNode(c.r.Method, node)
	}
	return c.checkSocial(sender{page: p, ig: p.Instagram, perSec: messengerPerSecond})
}

// accept files the message, starts what follows from it and lets the weather
// decide what the sender hears. The lock is held.
func (c *call) accept(out *outgoing, files []*mediaFile) (obj, *fault) {
	s := c.s
	if out.react != nil {
		out.react()
		return out.answers(nil), nil
	}
	heavy := slices.ContainsFunc(files, func(f *mediaFile) bool { return f.kind == "audio" || f.kind == "video" })
	if out.perSec > 0 {
		if f := s.sendRate(out.chat.asset(), out.perSec, heavy); f != nil {
			return nil, f
		}
	}
	out.msg.files = append(out.msg.files, files...)
	m := out.chat.add(out.msg)
	path := c.r.URL.Path
	_, early := s.strikes(EchoFirst, path)
	_, c.cut = s.strikes(DropAfterAccept, path)
	_, c.broken = s.strikes(ErrorAfterAccept, path)
	out.chat.went(m)
	if early {
		s.mu.Unlock()
		s.quiet(c.r.Context())
		s.mu.Lock()
	}
	return out.answers(m), nil
}

// quiet waits until what is on its way out went out, for at most a second.
func (s *Sim) quiet(ctx context.Context) {
	ctx, cancel := clock.WithTimeout(ctx, s.clk, time.Second)
	defer cancel()
	_ = s.Until(ctx, "deliveries are out", func() bool { return s.Pending() == 0 }) // the answer follows either way
}

// fetchAll loads the links of a message, as the platform does by itself.
func (c *call) fetchAll(out *outgoing) ([]*mediaFile, *fault) {
	var files []*mediaFile
	for _, l := range out.links {
		data, mime, err := c.s.fetch(c.r.Context(), l.url)
		if err != nil {
			if out.chat.Channel == OnWhatsApp {
				return nil, whatsappFault(131053, "Media upload error", "Downloading media from weblink failed. "+err.Error())
			}
			return nil, refuse(http.StatusBadRequest, 100, 2018008, "Failed to fetch the file from the url.")
		}
		if !out.limits(mime, len(data)) {
			if out.chat.Channel == OnWhatsApp {
				return nil, whatsappFault(131053, "Media upload error", "Unsupported "+l.kind+" mime type "+mime+" or file too large.")
			}
			return nil, refuse(http.StatusBadRequest, 100, 2018047, "Upload attachment failure: the %s is of a type or size that is not supported.", l.kind)
		}
		c.s.mu.Lock()
		f := c.s.keepFile(Upload{Mime: mime, Name: l.name, Data: data}, out.chat)
		if l.kind != "" {
			f.kind = l.kind
		}
		c.s.mu.Unlock()
		files = append(files, f)
	}
	return files, nil
}

func (s *Sim) fetch(ctx context.Context, url string) ([]byte, string, error) {
	ctx, cancel := clock.WithTimeout(ctx, s.clk, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("User-Agent", "facebookexternalhit/1.1")
	res, err := s.http.Do(req)
	if err != nil {
		return nil, "", errors.New("the address cannot be reached")
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, "", errors.New("the address answered " + res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxMedia))
	mime, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	return data, mime, err
}

// socialLimits are the files Messenger and Instagram take (reference 4.1, 4.2).
func socialLimits(ch Channel, kind string) func(string, int) bool {
	return func(mime string, size int) bool {
		if size > 25<<20 || kind == "image" && size > 8<<20 {
			return false
		}
		if ch == OnMessenger {
			return kind == "file" || strings.HasPrefix(mime, kind+"/")
		}
		allowed := map[string][]string{
			"image": {"image/png", "image/jpeg"},
			"audio": {"audio/aac", "audio/m4a", "audio/x-m4a", "audio/wav", "audio/x-wav", "audio/mp4", "video/mp4"},
			"video": {"video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"},
			"file":  {"application/pdf"},
		}[kind]
		return slices.Contains(allowed, mime)
	}
}

// fits holds a text to its channel's limit in the channel's unit.
func fits(ch Channel, text string) bool {
	switch ch {
	case OnInstagram:
		return len(text) <= 1000 // bytes
	case OnWhatsApp:
		return utf8.RuneCountInString(text) <= 4096
	}
	return utf8.RuneCountInString(text) <= 2000
}
