package media_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"path/filepath"
	"testing"

	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/channel/channeltest/pigeon"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/media"
	"parley/internal/store"
	"parley/test/storetest"
)

// dove is a pigeon that carries pictures, in whatever weather a test makes.
type dove struct {
	*pigeon.Channel
	fetch func(w io.Writer) error
	urls  bool
}

func (d dove) Info() channel.Info {
	return channel.Info{Name: "dove", Skills: desk.Skills{FileURLs: d.urls, Media: []desk.MediaRule{
		{Kind: desk.MediaImage, Mimes: []string{"image/jpeg", "image/png"}, Max: 1 << 20}, {Kind: desk.MediaFile, Mimes: []string{"application/pdf"}, Max: 1 << 20}}}}
}

func (d dove) Fetch(_ context.Context, _ channel.Account, _ desk.MediaRef, _ int64, w io.Writer) (desk.Fetched, error) {
	return desk.Fetched{}, d.fetch(w)
}

type world struct {
	*testing.T
	*storetest.World
	h     store.Handle
	flow  *flow.Flow
	media *media.Media
	root  string
	talks []store.Row
	told  *[]desk.LetterKind
}

// letters notes what owners are told.
type letters struct{ told *[]desk.LetterKind }

func (l letters) Tell(_ *store.Tx, kind desk.LetterKind, _ string) error {
	*l.told = append(*l.told, kind)
	return nil
}

func each(t *testing.T, d dove, fn func(w *world)) { eachOf(t, storetest.Options{}, d, fn) }

func eachOf(t *testing.T, opt storetest.Options, d dove, fn func(w *world)) {
	t.Parallel()
	storetest.EachWorld(t, opt, func(t *testing.T, sw *storetest.World) { fn(open(t, sw, d)) })
}

func open(t *testing.T, sw *storetest.World, d dove) *world {
	t.Helper()
	w := &world{T: t, World: sw, h: storetest.Workspace(t, sw.DB, "Northwind"), root: filepath.Join(sw.Dir, "blobs"), told: new([]desk.LetterKind)}
	blobs, err := blob.Open(w.root, sw.DB.Vault(), sw.Clock)
	w.must(err)
	w.flow = flow.New(flow.Config{DB: sw.DB, Clock: sw.Clock})
	d.Channel = &pigeon.Channel{}
	w.media = media.New(media.Parts{DB: sw.DB, Flow: w.flow, Channels: channel.NewRegistry(d), Blobs: blobs, PublicURL: "https://chat.test", Letters: letters{w.told}})
	acct := storetest.Account(t, w.h, "dove", "loft")
	for range 2 {
		w.write(func(tx *store.Tx) error {
			contact := tx.NewID()
			c := store.Row{Conversation: desk.Conversation{ID: tx.NewID(), Contact: contact, Account: acct.ID, State: desk.Open, Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1}}
			w.talks = append(w.talks[:len(w.talks):len(w.talks)], c)
			return errors.Join(tx.InsertContact(desk.Contact{ID: contact}), tx.InsertConversation(c.Conversation))
		})
	}
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) write(fn func(tx *store.Tx) error) { w.Helper(); w.must(w.h.Write(w.Context(), fn)) }

func (w *world) row(id desk.ID) (m desk.Media) {
	w.Helper()
	w.must(w.h.Read(w.Context(), func(r *store.Rx) (err error) { m, err = r.Media(id); return err }))
	return m
}

// upload brings bytes in for the first conversation.
func (w *world) upload(b []byte) (desk.Media, error) {
	return w.media.Upload(w.Context(), w.h.Workspace(), media.Upload{Conversation: w.talks[0].ID, Name: "a.png", Body: bytes.NewReader(b)})
}

func (w *world) read(m desk.Media) []byte {
	w.Helper()
	r, err := w.media.Open(w.Context(), m)
	w.must(err)
	b, err := io.ReadAll(r)
	w.must(errors.Join(err, r.Close()))
	return b
}

func (w *world) files() (n int) {
	w.must(filepath.WalkDir(w.root, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	}))
	return n
}

// files a message of the first contact with one file that its channel holds.
func (w *world) arrives() (m desk.Message, file desk.ID) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		c, err := tx.LockConversation(w.talks[0].ID)
		if err != nil {
			return err
		}
		m = desk.Message{Direction: desk.In, Kind: "image", Status: desk.StatusDelivered, Files: []desk.MediaRef{{Kind: desk.MediaImage, URL: "dove://1"}}}
		if err := tx.AppendMessage(&c, &m); err != nil {
			return err
		}
		return errors.Join(w.media.Expect(tx, c.Contact, m), tx.SaveConversation(c))
	})
	w.must(w.h.Read(w.Context(), func(r *store.Rx) error {
		all, err := r.MediaOf(m.ID)
		file = all[0].ID
		return err
	}))
	return m, file
}

func gray(w, h int) image.Image { return image.NewGray(image.Rect(0, 0, w, h)) }

func pngOf(t *testing.T) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, gray(6, 4)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t *testing.T) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, gray(64, 48), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
