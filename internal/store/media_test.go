package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/storetest"
)

// filed is a talk with files in it.
type filed struct {
	*testing.T
	w    *storetest.World
	h    store.Handle
	talk store.Row
}

func eachFiled(t *testing.T, fn func(f *filed)) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		f := &filed{T: t, w: w, h: storetest.Workspace(t, w.DB, "Northwind")}
		acct := storetest.Account(t, f.h, "pigeon", "loft")
		f.write(func(tx *store.Tx) error {
			contact := tx.NewID()
			if err := tx.InsertContact(desk.Contact{ID: contact, Name: "Ana"}); err != nil {
				return err
			}
			f.talk = store.Row{Conversation: desk.Conversation{ID: tx.NewID(), Contact: contact, Account: acct.ID, State: desk.Open,
				Owner: desk.Owner{Kind: desk.OwnedByAI}, Engagement: 1}}
			return tx.InsertConversation(f.talk.Conversation)
		})
		fn(f)
	})
}

func (f *filed) write(fn func(tx *store.Tx) error) {
	f.Helper()
	if err := f.h.Write(f.Context(), fn); err != nil {
		f.Fatal(err)
	}
}

func (f *filed) read(fn func(r *store.Rx) error) {
	f.Helper()
	if err := f.h.Read(f.Context(), fn); err != nil {
		f.Fatal(err)
	}
}

// sends files a message with ready files; blob names them.
func (f *filed) sends(blobs ...string) desk.Message {
	f.Helper()
	m := desk.Message{Direction: desk.In, Kind: "image", Status: desk.StatusDelivered, Author: desk.Author{Kind: desk.FromContact, ID: f.talk.Contact}}
	f.write(func(tx *store.Tx) error {
		c, err := tx.LockConversation(f.talk.ID)
		if err != nil {
			return err
		}
		m.ID = 0
		if err := tx.AppendMessage(&c, &m); err != nil {
			return err
		}
		for i, blob := range blobs {
			file := desk.Media{Contact: c.Contact, Conversation: c.ID, Message: m.ID, Place: i, Kind: desk.MediaImage, State: desk.MediaReady, Blob: blob,
				Mime: "image/png", Name: "canary-of-a-holiday.png", Size: 7, Width: 3, Height: 2}
			if err := tx.InsertMedia(&file); err != nil {
				return err
			}
		}
		return tx.SaveConversation(c)
	})
	return m
}

func (f *filed) of(m desk.Message) (all []desk.Media) {
	f.Helper()
	f.read(func(r *store.Rx) (err error) { all, err = r.MediaOf(m.ID); return err })
	return all
}

// leaving is what has to go off the disk.
func (f *filed) leaving() string {
	f.Helper()
	var all []string
	f.read(func(r *store.Rx) (err error) { all, err = r.BlobsToDrop(100); return err })
	return strings.Join(all, " ")
}

// counts holds what the workspace is said to keep of files.
func (f *filed) counts(want int64) {
	f.Helper()
	f.read(func(r *store.Rx) error {
		s, err := r.Storage()
		if s.Files != want {
			f.Errorf("%d bytes of files are counted, %d are kept", s.Files, want)
		}
		return err
	})
}

func TestAFileKeepsItsDetailsSealedAndItsOldBytesGo(t *testing.T) {
	eachFiled(t, func(f *filed) {
		m := f.sends("aa", "bb")
		all := f.of(m)
		if len(all) != 2 || all[0].Blob != "aa" || all[1].Place != 1 || all[0].Name != "canary-of-a-holiday.png" || all[0].Width != 3 || all[0].Size != 7 {
			f.Fatalf("the message has %+v", all)
		}
		f.write(func(tx *store.Tx) error {
			was, err := tx.LockMedia(all[0].ID)
			if err != nil {
				return err
			}
			now := was
			now.Blob, now.Mime = "cc", "image/jpeg"
			return tx.SaveMedia(was, now)
		})
		if got := f.of(m)[0]; got.Blob != "cc" || got.Mime != "image/jpeg" || f.leaving() != "aa" {
			f.Errorf("%+v, %q leaves", got, f.leaving())
		}
		f.read(func(r *store.Rx) error {
			known, err := r.BlobsKnown([]string{"aa", "bb", "cc", "zz"})
			if len(known) != 3 || known["zz"] {
				f.Errorf("known: %v", known)
			}
			return err
		})
		f.write(func(tx *store.Tx) error { return tx.BlobsDropped([]string{"aa"}) })
		if f.leaving() != "" {
			f.Errorf("%q leaves again", f.leaving())
		}
		raw, err := os.ReadFile(filepath.Join(f.w.Dir, "parley.db-wal"))
		if f.w.URL == "" && (err != nil || bytes.Contains(raw, []byte("canary-of-a"))) {
			f.Errorf("the name of the file stands in the database: %v", err)
		}
	})
}

// covers decision 20, A-14.1-03: each way by which a file ends takes its row and
// notes its bytes.
func TestEveryWayThatEndsAFileLetsItsBytesGo(t *testing.T) {
	eachFiled(t, func(f *filed) {
		unsent, kept := f.sends("u1", "u2"), f.sends("k1")
		f.counts(21)
		f.write(func(tx *store.Tx) error {
			c, err := tx.LockConversation(f.talk.ID)
			if err != nil {
				return err
			}
			if err := tx.Withdraw(&c, unsent); err != nil {
				return err
			}
			return tx.SaveConversation(c)
		})
		if len(f.of(unsent)) != 0 || len(f.of(kept)) != 1 || f.leaving() != "u1 u2" {
			f.Errorf("after the unsend %q leaves", f.leaving())
		}
		f.counts(7)

		story, now := f.sends("s1"), f.w.Fake.Now()
		f.write(func(tx *store.Tx) error {
			was, err := tx.LockMedia(f.of(story)[0].ID)
			if err != nil {
				return err
			}
			next := was
			next.KeepUntil = now.Add(time.Hour)
			return tx.SaveMedia(was, next)
		})
		end := func() (n int) {
			f.write(func(tx *store.Tx) error {
				all, err := tx.EndMedia(10)
				n = len(all)
				return err
			})
			return n
		}
		if end() != 0 {
			f.Error("the story went before its time")
		}
		f.w.Fake.Advance(time.Hour)
		if n := end(); n != 1 || end() != 0 {
			f.Errorf("%d stories went", n)
		}
		if got := f.of(story)[0]; got.State != desk.MediaGone || got.Blob != "" || got.Name != "" || got.Reason != desk.ReasonTimeOver {
			f.Errorf("of the story is left %+v", got)
		}

		f.counts(7)

		loose := desk.Media{Kind: desk.MediaFile, State: desk.MediaReady, Blob: "l1", Name: "x.pdf", Size: 5}
		f.write(func(tx *store.Tx) error { loose.ID = 0; return tx.InsertMedia(&loose) })
		drop := func() (n int64) {
			f.write(func(tx *store.Tx) (err error) { n, err = tx.DropLooseMedia(10); return err })
			return n
		}
		f.counts(12)
		if drop() != 0 {
			f.Error("an upload went at once")
		}
		f.w.Fake.Advance(desk.UploadTerm + time.Second)
		if n := drop(); n != 1 || f.leaving() != "l1 s1 u1 u2" {
			f.Errorf("%d uploads went, %q leaves", n, f.leaving())
		}

		thread, at := f.sends("t1"), f.talk
		f.counts(14)
		f.write(func(tx *store.Tx) (err error) {
			for done := false; !done && err == nil; {
				done, err = tx.EraseTalkStep(at.ID)
			}
			return err
		})
		if len(f.of(thread))+len(f.of(story))+len(f.of(kept)) != 0 || f.leaving() != "k1 l1 s1 t1 u1 u2" {
			f.Errorf("after the conversation went %q leaves", f.leaving())
		}

		upload := desk.Media{Contact: f.talk.Contact, Kind: desk.MediaFile, State: desk.MediaReady, Blob: "w1", Name: "x.pdf", Size: 3}
		f.write(func(tx *store.Tx) error { upload.ID = 0; return tx.InsertMedia(&upload) })
		f.read(func(r *store.Rx) error {
			h, err := r.Holdings(f.talk.Contact)
			if h.Files != 1 {
				f.Errorf("%d files are held", h.Files)
			}
			return err
		})
		if err := f.w.Vault().Destroy(t.Context(), vault.Ref{Workspace: int64(f.h.Workspace()), Kind: vault.Subject, Of: int64(f.talk.Contact)}); err != nil {
			f.Fatal(err)
		}
		f.write(func(tx *store.Tx) error { return tx.EraseContact(f.talk.Contact) })
		if f.leaving() != "k1 l1 s1 t1 u1 u2 w1" {
			f.Errorf("after the erasure %q leaves", f.leaving())
		}
		f.counts(0)
	})
}
