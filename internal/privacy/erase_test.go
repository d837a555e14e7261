package privacy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/storetest"
)

var ctx = context.Background()

// planted is one person with canaries in every personal field.
type planted struct {
	contact, conversation desk.ID
	canaries              []string
}

func plant(t *testing.T, h store.Handle, acct desk.Account, who string, messages int) planted {
	t.Helper()
	p := planted{}
	canary := func(field string) string {
		c := "canary-" + who + "-" + field
		p.canaries = append(p.canaries, c)
		return c
	}
	err := h.Write(ctx, func(tx *store.Tx) error {
		p = planted{contact: tx.NewID(), conversation: tx.NewID()}
		c := desk.Contact{ID: p.contact, Name: canary("name"), Email: canary("mail"), Phone: canary("phone")}
		err := errors.Join(
			tx.InsertContact(c),
			tx.SetContactTerms(c.ID, []string{c.Name}),
			tx.InsertIdentity(desk.Identity{ID: tx.NewID(), Contact: c.ID, Account: acct.ID, Kind: "visitor", Value: canary("identity")}),
			tx.InsertConversation(desk.Conversation{ID: p.conversation, Contact: c.ID, Account: acct.ID, State: desk.Open}))
		if err != nil {
			return err
		}
		row, err := tx.LockConversation(p.conversation)
		if err != nil {
			return err
		}
		body := canary("body")
		for i := range messages {
			m := desk.Message{ID: tx.NewID(), Direction: desk.In, Author: desk.Author{Kind: desk.FromContact, Name: "x"}, Kind: desk.KindText,
				Body: desk.Body(fmt.Sprint(body, " ", i)), Status: desk.StatusDelivered, ExternalID: fmt.Sprint(who, i)}
			if err := tx.AppendMessage(&row, &m); err != nil {
				return err
			}
			if err := tx.IndexMessages([]store.MessageTerms{{Message: m.ID, Terms: []string{body, who}}}); err != nil {
				return err
			}
		}
		d := desk.Draft{ID: tx.NewID(), Body: desk.Body(canary("draft")), Sources: []desk.SourceRef{{Quote: canary("quote")}}}
		return errors.Join(tx.PutDraft(row, d), tx.SaveConversation(row))
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// readable opens everything the store still gives about a person and returns
// the canaries in it.
func readable(t *testing.T, h store.Handle, p planted) []string {
	t.Helper()
	var text strings.Builder
	err := h.Read(ctx, func(r *store.Rx) error {
		c, err := r.Contact(p.contact)
		if err != nil && !desk.IsNotFound(err) {
			return err
		}
		fmt.Fprint(&text, c.Name, c.Email, c.Phone)
		ids, err := r.Identities(p.contact)
		if err != nil {
			return err
		}
		for _, i := range ids {
			fmt.Fprint(&text, i.Value)
		}
		messages, err := r.MessagesBefore(p.conversation, 0, 100)
		if err != nil {
			return err
		}
		for _, m := range messages {
			fmt.Fprint(&text, string(m.Body))
		}
		d, err := r.DraftOf(p.conversation)
		if err == nil {
			fmt.Fprint(&text, string(d.Body), d.Sources)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, c := range p.canaries {
		if strings.Contains(text.String(), c) {
			found = append(found, c)
		}
	}
	return found
}

// rawBytes searches every file below a folder.
func rawBytes(t *testing.T, dir string, needles []string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil
		}
		for _, n := range needles {
			if bytes.Contains(raw, []byte(n)) {
				found = append(found, n+" in "+d.Name())
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// covers A-11-14, A-14.1-03: erased is gone for whoever holds every byte and
// every key that still exists.
func TestNothingOpensToAnErasedPerson(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, ben := plant(t, h, acct, "ana", 1200), plant(t, h, acct, "ben", 3)
		for _, p := range []planted{ana, ben} {
			if got := readable(t, h, p); len(got) != len(p.canaries) {
				t.Fatalf("the search itself is broken: finds %v of %v", got, p.canaries)
			}
		}
		if found := rawBytes(t, w.Dir, append(ana.canaries, ben.canaries...)); len(found) > 0 {
			t.Fatalf("readable without keys before the erasure: %v", found)
		}
		backup := copyFolder(t, w.Dir)

		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		done, err := eraser.Erase(ctx, h.Workspace(), ana.contact)
		if err != nil {
			t.Fatal(err)
		}
		if done.Counts.Messages != 1200 || done.Counts.Drafts != 1 {
			t.Errorf("counts %+v", done.Counts)
		}
		if err := w.DB.Vault().TurnEpoch(ctx); err != nil {
			t.Fatal(err)
		}
		if got := readable(t, h, ana); len(got) > 0 {
			t.Errorf("still readable: %v", got)
		}
		if got := readable(t, h, ben); len(got) != len(ben.canaries) {
			t.Errorf("a neighbour lost something: %v left", got)
		}
		if w.URL == "" {
			attackBackup(t, w, h.Workspace(), backup, ana, ben)
		}
	})
}

// attackBackup puts the data file of before the erasure beside today's keys and
// custody: the neighbour opens, the erased person does not. With the key file
// of before as well, today's custody opens nothing at all.
func attackBackup(t *testing.T, w *storetest.World, ws desk.ID, backup string, ana, ben planted) {
	t.Helper()
	now := copyFolder(t, w.Dir)
	mixed := copyFolder(t, now)
	for _, name := range []string{"parley.db", "parley.db-wal", "parley.db-shm"} {
		swap(t, filepath.Join(backup, name), filepath.Join(mixed, name))
	}
	old := storetest.Open(t, storetest.Options{Clock: w.Clock, Dir: mixed})
	if got := readable(t, old.In(ws), ana); len(got) > 0 {
		t.Errorf("an old data file opens with today's keys: %v", got)
	}
	if got := readable(t, old.In(ws), ben); len(got) != len(ben.canaries) {
		t.Errorf("the attack itself is broken: the neighbour does not open (%v)", got)
	}
	for _, name := range []string{"parley.db", "parley.db-wal", "parley.db-shm", "keys.db", "keys.db-wal", "keys.db-shm"} {
		swap(t, filepath.Join(backup, name), filepath.Join(now, name))
	}
	older := storetest.Open(t, storetest.Options{Clock: w.Clock, Dir: now})
	for _, p := range []planted{ana, ben} {
		err := older.In(ws).Read(ctx, func(r *store.Rx) error { _, err := r.Contact(p.contact); return err })
		if !errors.Is(err, vault.ErrNoEpoch) {
			t.Errorf("an old key file opens with today's custody: %v", err)
		}
	}
}

func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	private := func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return errors.Join(err, os.Chmod(path, 0o600))
	}
	if err := filepath.WalkDir(to, private); err != nil {
		t.Fatal(err)
	}
	return to
}

func swap(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = os.WriteFile(to, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A server of a chat product once deleted everybody because a token was null.
func TestAnEmptySubjectErasesNobody(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, other := storetest.Workspace(t, w.DB, "Northwind"), storetest.Workspace(t, w.DB, "Southwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana := plant(t, h, acct, "ana", 2)
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		for _, c := range []struct{ ws, contact desk.ID }{{0, 0}, {h.Workspace(), 0}, {0, ana.contact}, {h.Workspace(), -1},
			{other.Workspace(), ana.contact}, {h.Workspace(), 12345}} {
			if _, err := eraser.Erase(ctx, c.ws, c.contact); err == nil {
				t.Errorf("Erase(%d, %d) did not fail", c.ws, c.contact)
			}
		}
		if got := readable(t, h, ana); len(got) != len(ana.canaries) {
			t.Errorf("somebody lost something: %v left", got)
		}
	})
}

func TestAnInterruptedErasureEndsByItself(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		ana := plant(t, h, storetest.Account(t, h, "widget", "pk_1"), "ana", 5)
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		// As a crash right after the key's destruction leaves it.
		if _, err := w.Keys.AddLedger(ctx, store.LedgerEntry{Workspace: h.Workspace(), Act: "erase", Subject: ana.contact, At: w.Clock.Now()}); err != nil {
			t.Fatal(err)
		}
		if err := w.DB.Vault().Destroy(ctx, vault.Ref{Workspace: int64(h.Workspace()), Kind: vault.Subject, Of: int64(ana.contact)}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := eraser.Resume(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := eraser.Preview(ctx, h.Workspace(), ana.contact); !desk.IsNotFound(err) {
			t.Errorf("the contact is still there: %v", err)
		}
		if open, err := w.Keys.UnfinishedLedger(ctx, 10); err != nil || len(open) != 0 {
			t.Errorf("ledger still open: %v %v", open, err)
		}
	})
}

// covers decision 12: a chat nobody wanted kept goes by itself.
func TestAnUnsavedChatIsErasedWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h := storetest.Workspace(t, w.DB, "Northwind")
		acct := storetest.Account(t, h, "widget", "pk_1")
		ana, ben := plant(t, h, acct, "ana", 2), plant(t, h, acct, "ben", 2)
		err := h.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.ChangeConversation(ana.conversation, func(c *store.Row) error { c.EraseAt = tx.Now().Add(24 * time.Hour); return nil })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
		for _, step := range []struct {
			wait time.Duration
			left int
		}{{24*time.Hour - time.Second, len(ana.canaries)}, {time.Second, 0}} {
			w.Fake.Advance(step.wait)
			if err := eraser.SweepUnsaved(ctx); err != nil {
				t.Fatal(err)
			}
			if got := readable(t, h, ana); len(got) != step.left {
				t.Errorf("after %v %v is left", step.wait, got)
			}
		}
		if got := readable(t, h, ben); len(got) != len(ben.canaries) {
			t.Errorf("a saved chat lost something: %v left", got)
		}
	})
}
