package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/media"
	"parley/internal/store"
	"parley/test/storetest"
)

// endless never stops.
type endless struct{ begins []byte }

func (e *endless) Read(b []byte) (int, error) {
	n := copy(b, e.begins)
	e.begins = e.begins[n:]
	if n == 0 {
		n = len(b)
	}
	return n, nil
}

// covers H-57: whatever the bytes are, they end as something harmless to look at
// or to save, or as a reason.
func TestHostileFilesAreRefusedOrMadeHarmless(t *testing.T) {
	t.Parallel()
	w := open(t, storetest.Open(t, storetest.Options{}), dove{})
	huge := bytes.Clone(pngOf(t))
	binary.BigEndian.PutUint32(huge[16:], 100_000)
	binary.BigEndian.PutUint32(huge[20:], 100_000)
	photo := jpegOf(t)
	table := append([]byte("\xff\xdb\x00\x43\x03<html><script>alert(1)</script>"), bytes.Repeat([]byte{1}, 64-31)...)
	print := bytes.Clone(photo)
	print[bytes.Index(photo, []byte("\xff\xc0"))+9] = 4
	for name, c := range map[string]struct {
		b            []byte
		reason, mime string
	}{
		"nothing":                {nil, "media_empty", ""},
		"100k by 100k points":    {huge, "media_pixels", ""},
		"a JPEG's first bytes":   {photo[:60], "media_unreadable", ""},
		"a JPEG that breaks off": {photo[:len(photo)-9], "media_unreadable", ""},
		"a JPEG with a page":     {append(bytes.Clone(photo), "<html><script>alert(1)</script>"...), "", "image/jpeg"},
		"a page in its tables":   {slices.Concat(photo[:2], table, photo[2:]), "", "image/jpeg"},
		"colours of print":       {print, "media_colours", ""},
		"a PNG that moves":       {slices.Concat(pngOf(t)[:33], []byte("\x00\x00\x00\x00acTL\x00\x00\x00\x00"), pngOf(t)[33:]), "media_moving", ""},
		"a page":                 {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "", "text/html"},
		"a drawing":              {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "", "image/svg+xml"},
		"a program":              {append([]byte("MZ\x90\x00"), make([]byte, 200)...), "", "application/vnd.microsoft.portable-executable"},
		"noise":                  {[]byte{1, 2, 3, 4, 5, 0xfe}, "", "application/octet-stream"},
	} {
		m, err := w.upload(c.b)
		var e *desk.Error
		if errors.As(err, &e) && e.Reason == c.reason && c.reason != "" {
			continue
		}
		if err != nil || m.Mime != c.mime || m.State != desk.MediaReady {
			t.Errorf("%s: %q, %v", name, m.Mime, err)
			continue
		}
		picture := m.Kind == desk.MediaImage
		if picture != (c.mime == "image/jpeg") || strings.HasPrefix(media.Disposition(m), "inline") != picture || bytes.Contains(w.read(m), []byte("<html>")) {
			t.Errorf("%s: %s, %s", name, m.Kind, media.Disposition(m))
		}
	}
	before := w.files()
	for name, head := range map[string][]byte{"a file": []byte("%PDF-1.4\n"), "a picture": pngOf(t)[:40]} {
		_, err := w.media.Upload(t.Context(), w.h.Workspace(), media.Upload{Body: &endless{head}})
		var e *desk.Error
		if !errors.As(err, &e) || e.Reason != "media_too_large" {
			t.Errorf("%s without an end: %v", name, err)
		}
	}
	broken := io.MultiReader(strings.NewReader("%PDF-1.4\n"+strings.Repeat("x", 200_000)), errReader{})
	if _, err := w.media.Upload(t.Context(), w.h.Workspace(), media.Upload{Body: broken}); err == nil {
		t.Error("a broken upload was taken")
	}
	if w.files() != before {
		t.Errorf("%d files lie there, want %d: something half-written stayed", w.files(), before)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("cut off") }

func TestAFileNameIsANameAndNothingElse(t *testing.T) {
	t.Parallel()
	w := open(t, storetest.Open(t, storetest.Options{}), dove{})
	for given, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\Users\ana\holiday.png`: "holiday.png", "a\r\nSet-Cookie: x=y": "aSet-Cookie x=y",
		"\u202egnp.exe": "gnp.exe", "..": "", "fiyat listesi.pdf": "fiyat listesi.pdf", strings.Repeat("ü", 300) + ".png": strings.Repeat("ü", 98) + ".png",
	} {
		m, err := w.media.Upload(t.Context(), w.h.Workspace(), media.Upload{Name: given, Body: bytes.NewReader(pngOf(t))})
		if w.must(err); m.Name != want {
			t.Errorf("%.40q is called %q, want %q", given, m.Name, want)
		}
		if h := media.Disposition(m); strings.ContainsAny(h, "\r\n") || !strings.HasPrefix(h, "inline; filename") {
			t.Errorf("%.40q: %q", given, h)
		}
	}
}

// A file is sent once, to the person it was meant for.
func TestAnUploadBelongsToOneMessageOfOnePerson(t *testing.T) {
	each(t, dove{}, func(w *world) {
		ctx, ws := w.Context(), w.h.Workspace()
		m, err := w.upload(pngOf(w.T))
		w.must(err)
		reason := func(err error) string {
			var e *desk.Error
			errors.As(err, &e)
			if e == nil {
				return ""
			}
			return e.Reason
		}
		if _, err := w.media.Prepare(ctx, ws, w.talks[1].ID, []desk.ID{m.ID}); reason(err) != "media_elsewhere" {
			w.Errorf("another person's conversation: %v", err)
		}
		if _, err := w.media.Prepare(ctx, ws, w.talks[0].ID, []desk.ID{m.ID, m.ID}); reason(err) != "media_elsewhere" {
			w.Errorf("the same file twice: %v", err)
		}
		if _, err := w.media.Prepare(ctx, ws, w.talks[0].ID, []desk.ID{m.ID + 1}); !desk.IsNotFound(err) {
			w.Errorf("no such file: %v", err)
		}
		loose, err := w.media.Upload(ctx, ws, media.Upload{Name: "b.png", Body: bytes.NewReader(pngOf(w.T))})
		w.must(err)
		page, err := w.upload([]byte("<html>"))
		w.must(err)
		if _, err := w.media.Prepare(ctx, ws, w.talks[0].ID, []desk.ID{page.ID}); reason(err) != "file_type" {
			w.Errorf("a file that the channel does not take: %v", err)
		}
		refs, err := w.media.Prepare(ctx, ws, w.talks[0].ID, []desk.ID{m.ID, loose.ID})
		if w.must(err); len(refs) != 2 || refs[1].Mime != "image/png" || refs[1].Name != "b.png" {
			w.Errorf("a message speaks of %+v", refs)
		}
		if now := w.row(loose.ID); now.Contact != w.talks[0].Contact || now.Blob == loose.Blob || !bytes.Equal(w.read(now), pngOf(w.T)) {
			w.Errorf("the loose upload is not under the person's key: %+v", now)
		}
		give := func() error {
			return w.h.Write(ctx, func(tx *store.Tx) error { return w.media.Attach(tx, w.talks[0], 77, []desk.ID{m.ID, loose.ID}) })
		}
		w.must(give())
		if err := give(); reason(err) != "media_used" {
			w.Errorf("sent twice: %v", err)
		}
		if _, err := w.media.Prepare(ctx, ws, w.talks[0].ID, []desk.ID{m.ID, loose.ID}); err != nil {
			w.Errorf("a repeat of the same send: %v", err) // the inbox finds the first message by its key
		}
	})
}

// covers H-58: the address of a file cannot be guessed, ends, and works only for
// what leaves.
func TestAPublicAddressWorksOnlyWhileASendNeedsIt(t *testing.T) {
	each(t, dove{urls: true}, func(w *world) {
		ctx := w.Context()
		up, err := w.upload(pngOf(w.T))
		w.must(err)
		m := desk.Message{Direction: desk.Out, Kind: "image", Status: desk.StatusQueued, Files: []desk.MediaRef{up.Ref()}}
		w.write(func(tx *store.Tx) error {
			c, err := tx.LockConversation(w.talks[0].ID)
			if err != nil {
				return err
			}
			m.ID = tx.NewID()
			return errors.Join(err, w.media.Attach(tx, c, m.ID, []desk.ID{up.ID}), tx.AppendMessage(&c, &m), tx.SaveConversation(c))
		})
		link := func() string {
			all, err := w.media.Files(ctx, m, desk.Skills{FileURLs: true})
			w.must(err)
			token, ok := strings.CutPrefix(all[0].URL, "https://chat.test/m/")
			if !ok || len(token) < 70 {
				w.Fatalf("the address is %q", all[0].URL)
			}
			return token
		}
		opens := func(token string) bool {
			got, err := w.media.ByLink(ctx, token)
			if err != nil && !desk.IsNotFound(err) {
				w.Errorf("%.10s answers %v", token, err)
			}
			return err == nil && got.ID == up.ID
		}
		token := link()
		mark := func(s desk.Status) {
			m.Status = s
			w.write(func(tx *store.Tx) error { return tx.MarkMessage(w.talks[0].Contact, m) })
		}
		for s, want := range map[desk.Status]bool{desk.StatusQueued: false, desk.StatusCancelled: false, desk.StatusFailed: false, desk.StatusSending: true, desk.StatusSent: true} {
			if mark(s); opens(token) != want {
				w.Errorf("while %s: %v", s, !want)
			}
		}
		mark(desk.StatusSending)
		other := []byte(token)
		other[len(other)-5] ^= 1
		for _, bad := range []string{"", "x", string(other), token[:len(token)-4], "B" + token[1:], token + "AAAA"} {
			if opens(bad) {
				w.Errorf("%q opens a file", bad)
			}
		}
		w.Fake.Advance(media.LinkTerm)
		if opens(token) || !opens(link()) {
			w.Error("an address outlives its term, or a new one is none")
		}
	})
}
