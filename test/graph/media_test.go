package graph_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/desk"
	"parley/sim/meta"
)

// attachment is a file as the API shows it.
type attachment struct {
	ID, Kind, Role, State, Reason, Words, Mime, Name, URL string
	Size                                                  int64
	Width, Height                                         int
	Voice                                                 bool
}

type withFiles struct {
	message
	Attachments []attachment
}

// files lists the messages of the one conversation of a kind, oldest first.
func (w *world) files(kind string) []withFiles {
	w.Helper()
	all := w.talks(kind)
	if len(all) != 1 {
		return nil
	}
	var list struct{ Items []withFiles }
	w.good("GET", "/api/v1/conversations/"+all[0].ID+"/messages?limit=100", nil, &list)
	var said []withFiles
	for i := len(list.Items) - 1; i >= 0; i-- {
		if list.Items[i].Kind != "event" {
			said = append(said, list.Items[i])
		}
	}
	return said
}

// settled is the file of the n-th message of a conversation, once it waits no
// more.
func (w *world) settled(kind string, n int) (got attachment) {
	w.Helper()
	w.until("a file of "+kind+" is here or not", func() bool {
		all := w.files(kind)
		if len(all) < n || len(all[n-1].Attachments) == 0 {
			return false
		}
		got = all[n-1].Attachments[0]
		return got.State != "waiting"
	})
	return got
}

// get reads an address with the test's key, or with nothing.
func (w *world) get(url string, signed bool, headers ...string) (*http.Response, []byte) {
	w.Helper()
	if !strings.HasPrefix(url, "http") {
		url = w.at + url
	}
	req, err := http.NewRequest(http.MethodGet, url, nil)
	w.must(err)
	if signed {
		req.Header.Set("Authorization", "Bearer "+w.key)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	w.must(err)
	return res, raw
}

// upload brings a file in and gives its id.
func (w *world) upload(conversation, name, mime string, data []byte) (a attachment, status int) {
	w.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if conversation != "" {
		w.must(form.WriteField("conversation_id", conversation))
	}
	part, err := form.CreatePart(textproto.MIMEHeader{"Content-Type": {mime}, "Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}})
	w.must(err)
	_, err = part.Write(data)
	w.must(err)
	w.must(form.Close())
	req, err := http.NewRequest(http.MethodPost, w.at+"/api/v1/media", &b)
	w.must(err)
	req.Header.Set("Authorization", "Bearer "+w.key)
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	w.must(err)
	if res.StatusCode == http.StatusCreated {
		w.must(json.Unmarshal(raw, &a))
	}
	return a, res.StatusCode
}

// stored counts the sealed files of the install.
func (w *world) stored() (n int) {
	w.Helper()
	w.must(filepath.WalkDir(filepath.Join(w.app.Config.Data, "blobs"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	}))
	return n
}

// all three channels, connected, each with a chat of the visitor.
func (w *world) everywhere() map[string]*meta.Chat {
	w.Helper()
	_, err := w.app.SetWorkspace(context.Background(), app.SetWorkspace{Workspace: "Northwind", Entitlement: []string{"whatsapp"}})
	w.must(err)
	w.connect("messenger", "facebook", meta.Choice{})
	w.connect("instagram", "instagram", meta.Choice{})
	w.connect("whatsapp", "whatsapp", meta.Choice{})
	return map[string]*meta.Chat{"messenger": w.visitor.Writes(w.page), "instagram": w.visitor.WritesInstagram(w.ig), "whatsapp": w.visitor.WritesWhatsApp(w.number)}
}

// snapshot is a picture from a phone, with the place it was taken at.
func snapshot(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 32, 20)), nil); err != nil {
		t.Fatal(err)
	}
	exif := "\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08GPS-canary-41.0082N"
	return append([]byte("\xff\xd8"+exif[:2]+"\x00"+string(rune(len(exif)-2))+exif[4:]), b.Bytes()[2:]...)
}

// covers H-57: a picture arrives on every channel, is shown, survives a repeat,
// and carries nothing of the phone; taken back it is off the disk.
func TestAPictureArrivesOnEveryChannelAndGoesWithItsMessage(t *testing.T) {
	each(t, func(w *world) {
		chats := w.everywhere()
		w.sim.Weather(meta.Duplicate, meta.Force{Times: 100})
		ids := map[string]string{}
		for kind, chat := range chats {
			ids[kind] = chat.Sends("image", meta.Upload{Mime: "image/jpeg", Name: "me.jpg", Data: snapshot(w.T)})
		}
		for kind := range chats {
			a := w.settled(kind, 1)
			if a.State != "ready" || a.Kind != "image" || a.Mime != "image/jpeg" || a.Width != 32 || a.Height != 20 || a.URL == "" {
				w.Errorf("%s: %+v", kind, a)
				continue
			}
			res, raw := w.get(a.URL, true)
			if m, err := jpeg.Decode(bytes.NewReader(raw)); err != nil || m.Bounds().Dx() != 32 || int64(len(raw)) != a.Size || bytes.Contains(raw, []byte("canary")) {
				w.Errorf("%s: %d bytes, %v", kind, len(raw), err)
			}
			h := res.Header
			if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Cache-Control") != "private, no-store" ||
				!strings.HasPrefix(h.Get("Content-Disposition"), "inline") || h.Get("Content-Type") != "image/jpeg" {
				w.Errorf("%s: %v", kind, h)
			}
			if res, part := w.get(a.URL, true, "Range", "bytes=3-9"); res.StatusCode != http.StatusPartialContent || !bytes.Equal(part, raw[3:10]) {
				w.Errorf("a part: %d %x", res.StatusCode, part)
			}
			if res, _ := w.get(a.URL, false); res.StatusCode != http.StatusUnauthorized {
				w.Errorf("nobody reads a file: %d", res.StatusCode)
			}
		}
		w.must(w.sim.Until(context.Background(), "every repeat was delivered", func() bool { return w.sim.Pending() == 0 }))
		for kind := range chats {
			if all := w.files(kind); len(all) != 1 || len(all[0].Attachments) != 1 {
				w.Errorf("%s: a repeat made %+v", kind, all)
			}
		}
		if w.stored() != 3 {
			w.Fatalf("%d files lie on the disk", w.stored())
		}
		gone := w.settled("instagram", 1)
		chats["instagram"].Unsends(ids["instagram"])
		w.until("the unsent picture is off the disk", func() bool { return w.stored() == 2 })
		if res, _ := w.get(gone.URL, true); res.StatusCode != http.StatusNotFound {
			w.Errorf("an unsent picture answers %d", res.StatusCode)
		}
		kept := w.settled("messenger", 1)
		var talk struct{ Contact struct{ ID string } }
		w.good("GET", "/api/v1/conversations/"+w.talks("messenger")[0].ID, nil, &talk)
		_, err := w.app.Eraser.Erase(context.Background(), w.ws, w.parse(talk.Contact.ID))
		w.must(err)
		if res, _ := w.get(kept.URL, true); res.StatusCode != http.StatusNotFound {
			w.Errorf("an erased person's picture answers %d", res.StatusCode)
		}
		w.must(w.app.Media.Sweep(context.Background()))
		if w.stored() != 1 {
			w.Errorf("%d files lie on the disk after the erasure", w.stored())
		}
	})
}

// covers H-57: a fetch that fails neither blocks the message nor its repeat, is
// tried again where that may help, and says in words why a file is not there.
func TestAFileThatCannotBeFetchedSaysWhyAndBlocksNothing(t *testing.T) {
	each(t, func(w *world) {
		chats := w.everywhere()
		w.sim.Weather(meta.MediaError, meta.Force{Times: 1})
		w.sim.Weather(meta.MediaGone, meta.Force{Times: 1, Path: "ig_messaging_cdn"})
		chats["messenger"].Sends("image")
		chats["messenger"].Says("Did my picture arrive?")
		w.until("the words came", func() bool { return len(w.thread("messenger")) == 2 })
		w.until("the picture is gone", func() bool {
			all := w.files("messenger")
			a := all[0].Attachments[0]
			return a.State == "gone" && a.Reason == "media_expired" && a.Words != "" && a.URL == ""
		})
		w.sim.Weather(meta.MediaHTML, meta.Force{Times: 1, Path: "ig_messaging_cdn"})
		chats["instagram"].Sends("image")
		if a := w.settled("instagram", 1); a.State != "failed" || a.Reason != "media_unreadable" || a.Words == "" {
			w.Errorf("a page in place of a picture: %+v", a)
		}
		chats["whatsapp"].Sends("voice")
		if a := w.settled("whatsapp", 1); a.State != "ready" || a.Kind != "audio" || a.Mime != "audio/ogg" || !a.Voice {
			w.Errorf("a voice message after a hiccup: %+v", a)
		}
		chats["whatsapp"].Sends("sticker")
		if a := w.settled("whatsapp", 2); a.Kind != "sticker" || a.Mime != "image/webp" {
			w.Errorf("a sticker: %+v", a)
		}
		chats["whatsapp"].Sends("file", meta.Upload{Mime: "application/pdf", Name: "..\\..\\fatura 2026.pdf", Data: []byte("<html><script>alert(1)</script></html>")})
		a := w.settled("whatsapp", 3)
		res, _ := w.get(a.URL, true)
		if a.Kind != "file" || a.Mime != "text/html" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") || strings.Contains(a.Name, "..") {
			w.Errorf("a page that calls itself a document: %+v, %v", a, res.Header)
		}
		chats["instagram"].Sends("story_mention")
		story := w.settled("instagram", 2)
		if story.State != "ready" || story.Role != "story" {
			w.Fatalf("a story: %+v", story)
		}
		w.clock.Move(25 * time.Hour)
		w.must(w.app.Media.Sweep(context.Background()))
		if a := w.settled("instagram", 2); a.State != "gone" || a.Words == "" {
			w.Errorf("a story after its day: %+v", a)
		}
	})
}

// covers H-58: a file leaves on every channel in a form it takes, and arrives
// with its bytes.
func TestAFileLeavesOnEveryChannel(t *testing.T) {
	each(t, func(w *world) {
		var b bytes.Buffer
		w.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 7))))
		picture := b.Bytes()
		sticker, err := base64.StdEncoding.DecodeString("UklGRhwAAABXRUJQVlA4TA8AAAAvAQAAAAcQ/Y/+ByKi/wEA")
		w.must(err)
		for kind, chat := range w.everywhere() {
			chat.Says("Can I see it?")
			w.until("the message is filed", func() bool { return len(w.thread(kind)) == 1 })
			id := w.talks(kind)[0].ID
			first, status := w.upload(id, "coat.png", "image/png", picture)
			if status != http.StatusCreated || first.State != "ready" || first.Width != 9 {
				w.Fatalf("%s: upload %d %+v", kind, status, first)
			}
			second, _ := w.upload("", "coat.webp", "image/webp", sticker) // no conversation told: sealed anew when it is sent
			w.good("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"body": "This one.", "attachments": []string{first.ID, second.ID}}, nil)
			w.until("it arrived", func() bool {
				all := w.files(kind)
				if len(all) == 2 && all[1].Status == "failed" {
					w.Fatalf("%s: %+v", kind, all[1].Error)
				}
				// A receipt of the first piece may come before the last one leaves.
				_, said := w.received(chat)
				return len(all) == 2 && all[1].Status != "queued" && all[1].Status != "sending" && said != ""
			})
			got, said := w.received(chat)
			if len(got) != 2 || !bytes.Equal(got[0], picture) || said != "This one." {
				w.Errorf("%s: %d files and %q arrived", kind, len(got), said)
			} else if m, err := png.Decode(bytes.NewReader(got[1])); err != nil || m.Bounds().Dx() != 2 {
				w.Errorf("%s: the WebP did not come as a PNG: %v", kind, err)
			}
			if all := w.files(kind); len(all) != 2 || len(all[1].Attachments) != 2 || all[1].Attachments[1].Mime != "image/png" || all[1].Attachments[1].Name != "coat.png" {
				w.Errorf("%s: shown as %+v", kind, all)
			}
			if status := w.call("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"attachments": []string{first.ID}}, nil); status != http.StatusConflict {
				w.Errorf("%s: a file is sent twice: %d", kind, status)
			}
			film, _ := w.upload(id, "x.zip", "application/zip", []byte("PK\x03\x04"+strings.Repeat("x", 100)))
			if status := w.call("POST", "/api/v1/conversations/"+id+"/messages", map[string]any{"attachments": []string{film.ID}}, nil); kind != "messenger" && status != http.StatusUnprocessableEntity {
				w.Errorf("%s: a file the channel does not take: %d", kind, status)
			}
		}
	})
}

// received are the files and the words that the app sent to a customer.
func (w *world) received(chat *meta.Chat) (files [][]byte, said string) {
	w.Helper()
	for _, m := range chat.Messages() {
		if m.From != meta.ByApp {
			continue
		}
		said += m.Text
		for _, f := range m.Files {
			data, _, ok := w.sim.Picture(f.ID)
			if !ok {
				w.Fatalf("file %s is not there", f.ID)
			}
			files = append(files, data)
		}
	}
	return files, said
}

func (w *world) parse(id string) desk.ID {
	w.Helper()
	n, err := desk.ParseID(id)
	w.must(err)
	return n
}
