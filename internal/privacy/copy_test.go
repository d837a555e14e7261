package privacy_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/storetest"
)

// copies is what makes copies, over a store of a test.
type copies struct {
	*privacy.Copies
	flow *flow.Flow
	w    *storetest.World
}

func newCopies(t *testing.T, w *storetest.World) copies {
	t.Helper()
	folder, err := blob.Open(w.Dir+"/blobs", w.DB.Vault(), w.Clock)
	if err != nil {
		t.Fatal(err)
	}
	f := flow.New(flow.Config{DB: w.DB, Clock: w.Clock})
	return copies{privacy.NewCopies(privacy.CopyParts{DB: w.DB, Keys: w.Keys, Flow: f, Blobs: folder, Audit: audit.NewLog(w.DB)}), f, w}
}

// made waits until a copy is no longer being made.
func (c copies) made(t *testing.T, ws desk.ID, p store.PersonCopy) store.PersonCopy {
	t.Helper()
	return c.madeWhile(t, ws, p, func() {})
}

// madeWhile is made, with something that happens after each commit.
func (c copies) madeWhile(t *testing.T, ws desk.ID, p store.PersonCopy, each func()) store.PersonCopy {
	t.Helper()
	life, stop := context.WithCancel(ctx)
	bell := make(chan struct{}, 1)
	defer c.w.DB.Watch(func(store.Commit) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})()
	done := make(chan error, 1)
	go func() { done <- c.flow.Run(life, c.Handlers(), nil) }()
	limit, end := context.WithTimeout(ctx, time.Minute)
	defer end()
	for {
		got, err := c.Get(ctx, ws, p.Contact, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.State == store.CopyReady || got.State == store.CopyFailed {
			stop()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			return got
		}
		select {
		case <-bell:
			each()
		case <-limit.Done():
			t.Fatalf("the copy is still %s", got.State)
		}
	}
}

// unpack reads a copy by its link, and says all of it as one text, with each
// file by name.
func (c copies) unpack(t *testing.T, token string) (string, map[string][]byte) {
	t.Helper()
	in, err := c.Take(ctx, token)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(in)
	if err := errors.Join(err, in.Close()); err != nil {
		t.Fatal(err)
	}
	return unzip(t, raw)
}

func unzip(t *testing.T, raw []byte) (string, map[string][]byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		files[f.Name] = body
		all.Write(body)
	}
	return all.String(), files
}

// surround plants what is held of a person beside their messages, and into what
// others wrote there words about somebody else.
func surround(t *testing.T, h store.Handle, acct desk.Account, p *planted, who, other string) {
	t.Helper()
	canary := func(field string) string {
		c := "canary-" + who + "-" + field
		p.canaries = append(p.canaries, c)
		return c
	}
	own := p.canaries
	err := h.Write(ctx, func(tx *store.Tx) error {
		p.canaries = own[:len(own):len(own)]
		row, err := tx.LockConversation(p.conversation)
		if err != nil {
			return err
		}
		said := func(by desk.AuthorKind, kind, body string) error {
			m := desk.Message{ID: tx.NewID(), Direction: desk.Out, Author: desk.Author{Kind: by, ID: 7, Name: "Mia Member"}, Kind: kind, Body: desk.Body(body), Status: desk.StatusSent}
			if kind == desk.KindNote {
				m.Direction = desk.None
			}
			return tx.AppendMessage(&row, &m)
		}
		note := tx.NewID()
		return errors.Join(
			said(desk.FromMember, desk.KindNote, canary("note")+" asked with Bob Beyer, bob@beyer.test, +90 532 000 11 22, about "+other),
			said(desk.FromAI, desk.KindText, canary("answer")+" write to bob@beyer.test or "+who+"@own.test"),
			tx.SaveConversation(row),
			tx.NoteVisit(p.contact, p.conversation, desk.Session{ID: canary("visit"), Consent: desk.ConsentGranted, Browser: canary("browser"), IP: canary("ip"), PageURL: canary("page"), StartedAt: tx.Now(), SeenAt: tx.Now()}),
			tx.PutProfile(desk.ContactProfile{Contact: p.contact, Account: acct.ID, Username: canary("handle"), Followers: 3, ReadAt: tx.Now()}),
			tx.InsertAILog(store.AILog{ID: tx.NewID(), Conversation: p.conversation, Contact: p.contact, Call: desk.Call{Vendor: "openai"},
				Body: store.AILogBody{Prompt: canary("prompt") + " Bob Beyer", Completion: canary("completion")}}),
			tx.InsertReport(&store.AIReport{Case: note, Contact: p.contact, Conversation: p.conversation, Message: note, Reason: "wrong", Note: canary("report")}),
			func() error {
				_, err := tx.ChangeOptIn(p.contact, acct.ID, "messages", func(o *desk.Consented) error {
					o.Source, o.Note, o.At = "member", canary("optin"), tx.Now()
					return nil
				})
				return err
			}())
	})
	if err != nil {
		t.Fatal(err)
	}
}

// covers A-14.1-01, A-16.6-05: a copy holds every planted word of all contacts
// of one person and none of anybody else's, is readable without scripts, and
// says of each of its files what it is.
func TestACopyHoldsAllOfOnePersonAndNothingOfAnother(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct, second := storetest.Account(t, h, "widget", "pk_1"), storetest.Account(t, h, "instagram", "ig_1")
		ana, too, ben := plant(t, h, acct, "ana", 1203), plant(t, h, second, "anatoo", 3), plant(t, h, acct, "ben", 5)
		surround(t, h, acct, &ana, "ana", "canary-ben-name")
		surround(t, h, second, &too, "anatoo", "nobody")
		surround(t, h, acct, &ben, "ben", "canary-ana-name")
		if err := h.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.ChangeContact(ana.contact, func(c *desk.Contact) error { c.Email = "ana@own.test"; return nil })
			return errors.Join(err, tx.MergeContact(too.contact, ana.contact))
		}); err != nil {
			t.Fatal(err)
		}
		c := newCopies(t, w)
		p, err := c.Start(ctx, h.Workspace(), too.contact, desk.Actor{Kind: desk.BySystem}, privacy.CopyWish{Language: "tr", Hide: []string{"Bob Beyer", "canary-ben-name"}})
		if err != nil || p.Contact != ana.contact {
			t.Fatalf("%+v, %v", p, err)
		}
		if _, _, err := c.Link(ctx, h.Workspace(), ana.contact, p.ID, desk.Actor{}); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("a link before it is ready: %v", err)
		}
		p = c.made(t, h.Workspace(), p)
		if p.State != store.CopyReady || p.Done != p.Total || p.Total != 1203+3+4 {
			t.Fatalf("%+v", p)
		}
		sealed := slices.DeleteFunc(slices.Clone(ana.canaries), func(c string) bool { return c == "canary-ana-visit" }) // a visit's number is for look-up
		if found := rawBytes(t, w.Dir, append(sealed, "ana@own.test")); len(found) > 0 {
			t.Errorf("the copy lies in clear: %v", found)
		}
		token, _, err := c.Link(ctx, h.Workspace(), ana.contact, p.ID, desk.Actor{Kind: desk.BySystem})
		if err != nil {
			t.Fatal(err)
		}
		text, files := c.unpack(t, token)
		for _, canary := range append(ana.canaries[:len(ana.canaries):len(ana.canaries)], append(too.canaries, "ana@own.test", "openai")...) {
			if !strings.Contains(text, canary) && canary != "canary-ana-mail" {
				t.Errorf("%s is not in the copy", canary)
			}
		}
		for _, other := range append(ben.canaries, "Bob Beyer", "bob@beyer.test", "532 000 11 22", "Mia Member") {
			if strings.Contains(text, other) {
				t.Errorf("%s is in the copy", other)
			}
		}
		if bytes.Contains(files["index.html"], []byte("<script")) || !bytes.Contains(files["index.html"], []byte(`lang="tr"`)) || !bytes.Contains(files["index.html"], []byte("Web sitesi sohbeti")) {
			t.Error("the first page is not what it should be")
		}
		var m privacy.Manifest
		if err := json.Unmarshal(files["manifest.json"], &m); err != nil || len(m.Files) != len(files)-1 || m.Version != privacy.CopyVersion {
			t.Errorf("the manifest names %d of %d files: %v", len(m.Files), len(files)-1, err)
		}
	})
}

// A key that is not found for a while is no person who was erased: the copy waits
// for it.
func TestACopyIsTriedAgainWhileThePersonIsThere(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	h := storetest.Workspace(t, w.DB, "Northwind")
	ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 2)
	c := newCopies(t, w)
	p, err := c.Start(ctx, h.Workspace(), ana.contact, desk.Actor{Kind: desk.BySystem}, privacy.CopyWish{})
	if err != nil {
		t.Fatal(err)
	}
	ref := vault.Ref{Workspace: int64(h.Workspace()), Kind: vault.Subject, Of: int64(ana.contact)}
	key, err := w.Keys.Get(ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := w.Keys.Destroy(ctx, ref); err != nil || n != 1 {
		t.Fatalf("%d keys went: %v", n, err)
	}
	w.Fake.Advance(time.Hour) // no process remembers the key
	commits := 0
	p = c.madeWhile(t, h.Workspace(), p, func() {
		if commits++; commits == 2 { // it was begun, and tried in vain
			if _, err := w.Keys.PutIfAbsent(ctx, key); err != nil {
				t.Error(err)
			}
		}
		w.Fake.Advance(time.Minute)
	})
	if p.State != store.CopyReady || commits < 2 {
		t.Errorf("after %d commits it is %s (%s)", commits, p.State, p.Reason)
	}
}

// covers A-14.1-01: a link opens its copy once, for three days, and nothing but
// it; a copy ends by itself, with the person, and when somebody says that they
// are two.
func TestALinkOpensACopyOnce(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{})
	h := storetest.Workspace(t, w.DB, "Northwind")
	acct := storetest.Account(t, h, "widget", "pk_1")
	ana, ben := plant(t, h, acct, "ana", 2), plant(t, h, acct, "ben", 1)
	c := newCopies(t, w)
	begin := func() (store.PersonCopy, string) {
		p, err := c.Start(ctx, h.Workspace(), ana.contact, desk.Actor{Kind: desk.BySystem}, privacy.CopyWish{})
		if err != nil {
			t.Fatal(err)
		}
		p = c.made(t, h.Workspace(), p)
		token, _, err := c.Link(ctx, h.Workspace(), ana.contact, p.ID, desk.Actor{Kind: desk.BySystem})
		if err != nil {
			t.Fatal(err)
		}
		return p, token
	}
	gone := func(what, token string) {
		t.Helper()
		if _, err := c.Take(ctx, token); !desk.IsNotFound(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	p, token := begin()
	for _, bad := range []string{"", "x", strings.Repeat("A", 64), token[:len(token)-1], token + "A", "B" + token[1:], token[:40] + "AAAA" + token[44:]} {
		if bad != token {
			gone(fmt.Sprintf("%q", bad), bad)
		}
	}
	if _, err := c.Get(ctx, h.Workspace(), ben.contact, p.ID); !desk.IsNotFound(err) {
		t.Errorf("as the copy of another person: %v", err)
	}
	c.unpack(t, token)
	gone("a second time", token)

	_, token = begin()
	w.Fake.Advance(privacy.CopyLinkTerm)
	gone("after its time", token)

	_, token = begin()
	if err := h.Write(ctx, func(tx *store.Tx) error { return tx.MergeContact(ben.contact, ana.contact) }); err != nil {
		t.Fatal(err)
	}
	gone("after the person became another", token)

	_, token = begin()
	if _, err := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB)).Erase(ctx, h.Workspace(), ana.contact); err != nil {
		t.Fatal(err)
	}
	gone("after the person was erased", token)
	for _, none := range []desk.ID{0, -1, ana.contact} {
		if _, err := c.Start(ctx, h.Workspace(), none, desk.Actor{}, privacy.CopyWish{}); err == nil {
			t.Errorf("a copy of %d was begun", none)
		}
	}
}

// covers A-14.1-01: a table that tells about a contact has a way to them, so that
// their copy holds it, or says why its rows are not handed out.
func TestEveryTableThatTellsAboutAContactLeadsToThem(t *testing.T) {
	t.Parallel()
	tables, err := store.AboutTables()
	if err != nil || len(tables) < 15 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, table := range tables {
		if !table.Leads() && table.Apart == "" {
			t.Errorf("%s tells about a contact and nothing leads to them: give it contact_id or conversation_id, or say in store/about.go why it is not handed out", table.Name)
		}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := storetest.Workspace(t, db, "Northwind")
		for _, table := range tables {
			if err := h.Read(ctx, func(r *store.Rx) error { return r.About(table, 5, func(map[string]any) error { return nil }) }); err != nil {
				t.Errorf("%s: %v", table.Name, err)
			}
		}
	})
}
