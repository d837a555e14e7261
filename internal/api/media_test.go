package api_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/media"
	"parley/internal/store"
	"parley/test/storetest"
)

// form is the body of an upload; a field named file is one.
func form(t *testing.T, fields ...string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	f := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] != "file" {
			must(t, f.WriteField(fields[i], fields[i+1]))
			continue
		}
		part, err := f.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="../coat \"blue\".png"`}, "Content-Type": {"image/png"}})
		must(t, err)
		_, err = part.Write([]byte(fields[i+1]))
		must(t, err)
	}
	must(t, f.Close())
	return b.String(), f.FormDataContentType()
}

func dot(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))))
	return b.String()
}

func upload(w *world, body, kind string) ask {
	return ask{method: "POST", path: "/api/v1/media", body: body, cookie: w.a.cookie, header: map[string]string{"Content-Type": kind}}
}

func TestAnUploadIsSentAndShown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		body, kind := form(t, "conversation_id", w.a.conversation.String(), "voice", "true", "file", dot(t))
		var up api.Attachment
		w.want(t, 201, upload(w, body, kind)).into(t, &up)
		if up.State != "ready" || up.Kind != "image" || up.Width != 3 || up.Height != 2 || up.Voice || up.Name != "coat blue.png" || up.URL != "/api/v1/media/"+up.ID.String() {
			t.Fatalf("uploaded %+v", up)
		}
		g := w.want(t, 200, ask{method: "GET", path: up.URL, key: w.a.key})
		for name, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
			"Content-Disposition": `inline; filename="coat blue.png"`, "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"} {
			if g.header.Get(name) != want {
				t.Errorf("%s: %q, want %q", name, g.header.Get(name), want)
			}
		}
		if g.body != dot(t) {
			t.Errorf("%d bytes came back", len(g.body))
		}
		w.want(t, 304, ask{method: "GET", path: up.URL, key: w.a.key, header: map[string]string{"If-None-Match": g.header.Get("ETag")}})
		send := ask{method: "POST", path: "/api/v1/conversations/" + w.a.conversation.String() + "/messages", body: `{"attachments":["` + up.ID.String() + `"]}`, key: w.a.key,
			header: map[string]string{"Idempotency-Key": "k1"}}
		var first, again api.Message
		w.want(t, 201, send).into(t, &first)
		w.want(t, 201, send).into(t, &again)
		if first.ID != again.ID || first.Kind != "image" || len(first.Attachments) != 1 || first.Attachments[0].ID != up.ID || first.Body != "" {
			t.Errorf("sent %+v, again %v", first, again.ID)
		}
		send.header = nil
		w.want(t, 409, send)
		send.body = `{"attachments":["` + w.b.file.String() + `"]}`
		w.want(t, 404, send)
		send.body = `{"body":"x","kind":"note","attachments":["` + w.a.file.String() + `"]}`
		w.want(t, 422, send)
	})
}

func TestABadUploadIsAProblemAndStoresNothing(t *testing.T) {
	t.Parallel()
	w := one(t)
	fine, kind := form(t, "file", dot(t))
	none, _ := form(t, "conversation_id", w.a.conversation.String())
	_, boundary, _ := strings.Cut(kind, "boundary=")
	other := func(fields ...string) string {
		b, k := form(t, fields...)
		_, was, _ := strings.Cut(k, "boundary=")
		return strings.ReplaceAll(b, was, boundary)
	}
	none = strings.ReplaceAll(none, none[2:2+len(boundary)], boundary)
	for name, c := range map[string]struct {
		body, kind string
		status     int
		code       string
	}{
		"JSON":                  {`{"file":"x"}`, "application/json", 415, "content_type"},
		"no boundary":           {fine, "multipart/form-data", 415, "content_type"},
		"no file":               {none, kind, 422, "file_missing"},
		"nothing at all":        {"", kind, 422, "file_missing"},
		"cut off":               {fine[:len(fine)-40], kind, 400, "not_a_form"},
		"an empty file":         {other("file", ""), kind, 422, "media_empty"},
		"a broken picture":      {other("file", dot(t)[:30]), kind, 422, "media_unreadable"},
		"another's talk":        {other("conversation_id", w.b.conversation.String(), "file", dot(t)), kind, 404, ""},
		"no id":                 {other("conversation_id", "../1", "file", dot(t)), kind, 422, "conversation_id"},
		"too large a picture":   {other("file", dot(t)+strings.Repeat("x", 26<<20)), kind, 413, "media_too_large"},
		"larger than any file":  {other("file", "%PDF-1.4\n"+strings.Repeat("x", 101<<20)), kind, 413, "media_too_large"},
		"many fields, no files": {other(strings.Split(strings.Repeat("a,b,", 40)+"a,b", ",")...), kind, 422, "file_missing"},
	} {
		g := w.do(t, upload(w, c.body, c.kind))
		if g.status != c.status || c.code != "" && g.problem(t).Code != c.code || g.problem(t).Title == "" {
			t.Errorf("%s: %d %.200s, want %d %s", name, g.status, g.body, c.status, c.code)
		}
	}
	var n int
	must(t, w.DB.In(w.a.ws.ID).Read(t.Context(), func(r *store.Rx) error {
		h, err := r.Holdings(w.a.contact)
		n = h.Files
		return err
	}))
	if n != 1 {
		t.Errorf("%d files are stored", n)
	}
}

// covers H-58: the public address tells nobody of itself, and nothing of why it
// does not work.
func TestThePublicAddressOfAFileIsNotIndexedAndEnds(t *testing.T) {
	t.Parallel()
	w := one(t)
	var m desk.Message
	must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
		c, err := tx.LockConversation(w.a.conversation)
		if err != nil {
			return err
		}
		m = desk.Message{ID: tx.NewID(), Direction: desk.Out, Author: desk.Author{Kind: desk.FromMember}, Kind: "file", Status: desk.StatusSending, Files: []desk.MediaRef{{Kind: desk.MediaFile}}}
		if err := w.media.Attach(tx, c, m.ID, []desk.ID{w.a.file}); err != nil {
			return err
		}
		return tx.AppendMessage(&c, &m)
	}))
	files, err := w.media.Files(t.Context(), m, desk.Skills{FileURLs: true})
	must(t, err)
	path := strings.TrimPrefix(files[0].URL, "http://parley.test")
	g := w.want(t, 200, ask{method: "GET", path: path})
	if g.body != w.a.canary+" file" || !strings.Contains(g.header.Get("X-Robots-Tag"), "noindex") || g.header.Get("Cache-Control") != "private, no-store" ||
		!strings.HasPrefix(g.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v %q", g.header, g.body)
	}
	w.want(t, 404, ask{method: "GET", path: path[:len(path)-1]})
	w.Fake.Advance(media.LinkTerm + time.Second)
	w.want(t, 404, ask{method: "GET", path: path})
}

// Where a workspace's storage is full an upload is refused with the documented
// error, nothing of it is kept, and the storage route tells what is.
func TestAnUploadOverTheQuotaIsRefusedAndTheStorageRouteTellsTheTruth(t *testing.T) {
	t.Parallel()
	const room = 4096
	storetest.EachWorld(t, storetest.Options{Room: room}, func(t *testing.T, sw *storetest.World) {
		w := open(t, sw)
		tells := func(cookie string) (s api.Storage) {
			t.Helper()
			w.want(t, 200, ask{method: "GET", path: "/api/v1/workspace/storage", cookie: cookie}).into(t, &s)
			return s
		}
		begun, other := tells(w.a.cookie), tells(w.b.cookie)
		if begun.Limit != room || begun.Full || begun.Files != int64(len(w.a.canary+" file")) || begun.Knowledge != int64(len(w.a.canary+" text")) {
			t.Fatalf("at first %+v", begun)
		}
		send := func(status, size int) got {
			t.Helper()
			body, kind := form(t, "conversation_id", w.a.conversation.String(), "file", strings.Repeat("plain words\n", size/12+1)[:size])
			return w.want(t, status, upload(w, body, kind))
		}
		send(201, 3000)
		if p := send(409, 3000).problem(t); p.Code != "storage_full" || !strings.HasPrefix(p.Detail, "Not kept: the storage of this workspace is full") {
			t.Fatalf("refused with %+v", p)
		}
		if s := tells(w.a.cookie); s.Files != begun.Files+3000 || s.Knowledge != begun.Knowledge || s.Full {
			t.Fatalf("after a refusal %+v", s)
		}
		rest := room - begun.Files - begun.Knowledge - 3000
		send(409, int(rest)+1)
		send(201, int(rest))
		if s := tells(w.a.cookie); s.Files+s.Knowledge != room || !s.Full {
			t.Fatalf("with not a byte left %+v", s)
		}
		send(409, 1)
		if s := tells(w.b.cookie); s != other {
			t.Fatalf("the other workspace's storage is %+v, was %+v", s, other)
		}
	})
}
