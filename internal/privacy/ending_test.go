package privacy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/blob"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
	"parley/internal/store"
	"parley/test/storetest"
)

// heeds counts how often accounts were to listen to a workspace's state.
type heeds struct{ n int }

func (h *heeds) Heed(*store.Tx) error { h.n++; return nil }

// mailbag is what members were written.
type mailbag struct{ all []desk.Letter }

func (m *mailbag) Queue(_ *store.Tx, l desk.Letter) error { m.all = append(m.all, l); return nil }

// business is a workspace with people, knowledge of its own and a file.
type business struct {
	store.Handle
	ana, ben planted
	member   desk.ID
}

type endWorld struct {
	*storetest.World
	ending *privacy.Ending
	log    *audit.Log
	files  *blob.Folder
	told   *heeds
	mail   *mailbag
}

func newEndWorld(t *testing.T, w *storetest.World) *endWorld {
	t.Helper()
	files, err := blob.Open(filepath.Join(w.Dir, "files"), w.DB.Vault(), w.Clock)
	if err != nil {
		t.Fatal(err)
	}
	e := &endWorld{World: w, log: audit.NewLog(w.DB), files: files, told: &heeds{}, mail: &mailbag{}}
	e.ending = privacy.NewEnding(privacy.EndingParts{DB: w.DB, Keys: w.Keys, Flow: flow.New(flow.Config{DB: w.DB, Clock: w.Clock}), Audit: e.log, By: e.log,
		Accounts: e.told, Files: files, Letters: e.mail})
	return e
}

func (e *endWorld) business(t *testing.T, name string) *business {
	t.Helper()
	b := &business{Handle: storetest.Workspace(t, e.DB, name)}
	acct := storetest.Account(t, b.Handle, "widget", "pk_"+name)
	b.ana, b.ben = plant(t, b.Handle, acct, name+"-ana", 3), plant(t, b.Handle, acct, name+"-ben", 2)
	err := b.Write(ctx, func(tx *store.Tx) error {
		m := desk.Member{ID: tx.NewID(), Name: "canary-" + name + "-member", Email: name + "@northwind.example", Role: desk.RoleOwner, Active: true}
		b.member = m.ID
		return errors.Join(tx.InsertMember(m, []byte("hash")), e.log.Add(tx, desk.Actor{Kind: desk.ByMember, ID: m.ID}, "contact.open", b.ana.contact))
	})
	if err != nil {
		t.Fatal(err)
	}
	file, err := e.files.Create(ctx, blob.Place{Workspace: b.Workspace(), Media: 1, Subject: b.ana.contact})
	if err == nil {
		_, err = file.Write([]byte("canary"))
	}
	if err == nil {
		_, err = file.Keep()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (e *endWorld) close(t *testing.T, b *business) {
	t.Helper()
	if err := e.ending.Close(ctx, b.Workspace(), desk.Actor{Kind: desk.ByMember, ID: b.member}); err != nil {
		t.Fatal(err)
	}
}

func (e *endWorld) tick(t *testing.T) {
	t.Helper()
	if err := e.ending.Tick(ctx); err != nil {
		t.Fatal(err)
	}
}

// whole wants everything of a business to be there.
func (e *endWorld) whole(t *testing.T, b *business) {
	t.Helper()
	for _, p := range []planted{b.ana, b.ben} {
		if got := readable(t, b.Handle, p); len(got) != len(p.canaries) {
			t.Errorf("only %v of %v is left", got, p.canaries)
		}
	}
}

// gone wants nothing of a business to be there, and its certificate to say so.
func (e *endWorld) gone(t *testing.T, b *business) privacy.EndFacts {
	t.Helper()
	if w, err := e.WorkspaceByID(ctx, b.Workspace()); !desk.IsNotFound(err) {
		t.Errorf("its row is there: %+v, %v", w, err)
	}
	err := b.Read(ctx, func(r *store.Rx) error {
		left, err := r.EndCounts(nil)
		if len(left) > 0 {
			t.Errorf("rows are left: %v", left)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if keys, err := e.Keys.Census(ctx, int64(b.Workspace())); err != nil || len(keys) > 0 {
		t.Errorf("keys are left: %v, %v", keys, err)
	}
	if open, err := e.Keys.UnfinishedLedger(ctx, 10); err != nil || len(open) > 0 {
		t.Errorf("the ledger is open: %+v, %v", open, err)
	}
	if _, err := os.Stat(filepath.Join(e.Dir, "files", fmt.Sprintf("%x", int64(b.Workspace())))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its files are there: %v", err)
	}
	return e.certificate(t, b)
}

// certificate returns what the one latest certificate of a business says, when its
// signature holds.
func (e *endWorld) certificate(t *testing.T, b *business) (f privacy.EndFacts) {
	t.Helper()
	var all []store.Certificate
	err := e.In(0).Read(ctx, func(r *store.Rx) (err error) { all, err = r.Certificates(0, 1000); return err })
	if err != nil {
		t.Fatal(err)
	}
	key, err := e.log.DocumentKey(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if !bytes.Contains(c.Facts, []byte(b.Workspace().String())) {
			continue
		}
		proof, err := audit.ReadProof(c.Signed)
		if err == nil {
			err = errors.Join(proof.Verify(key), json.Unmarshal(proof.Document, &f))
		}
		if err != nil {
			t.Errorf("its certificate: %v", err)
		}
		return f
	}
	t.Error("there is no certificate")
	return f
}

// covers A-11-01, A-11-04, A-11-13: until the last second of 29 days everything
// comes back; afterwards nothing does, and the certificate says what is left.
func TestAClosedWorkspaceComesBackFor29DaysAndIsGoneByDay30(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		e := newEndWorld(t, w)
		b, neighbour := e.business(t, "Northwind"), e.business(t, "Southwind")
		e.close(t, b)
		if err := e.ending.Close(ctx, b.Workspace(), desk.Actor{}); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("closed twice: %v", err)
		}
		w.Fake.Advance(desk.RecoverTerm - time.Second)
		e.tick(t)
		e.whole(t, b)
		if err := e.ending.Reopen(ctx, b.Workspace(), desk.Actor{Kind: desk.ByMember, ID: b.member}); err != nil {
			t.Fatal(err)
		}
		if ws, err := e.WorkspaceByID(ctx, b.Workspace()); err != nil || ws.Closed() || e.told.n != 2 {
			t.Errorf("taken back: %+v, %v, %d told", ws, err, e.told.n)
		}
		e.close(t, b)
		look, err := e.ending.Look(ctx, b.Workspace())
		if err != nil || look.Code == "" || look.Goes["messages"] != 5 || look.Goes["members"] != 1 {
			t.Errorf("it looks %+v, %v", look, err)
		}
		w.Fake.Advance(desk.RecoverTerm)
		if err := e.ending.Reopen(ctx, b.Workspace(), desk.Actor{}); desk.CodeOf(err) != desk.Conflict {
			t.Errorf("taken back after 29 days: %v", err)
		}
		e.tick(t)
		f := e.gone(t, b)
		if f.EndedAt.Sub(f.ClosedAt) > desk.EndTerm || f.Deleted["messages"] != 5 || f.Deleted["contacts"] != 2 || f.Rows < 20 || f.Keys < 4 {
			t.Errorf("the certificate says %+v", f)
		}
		var left []string
		for _, x := range f.Exceptions {
			left = append(left, x.What)
			if x.Why == "" {
				t.Errorf("%s stays without a reason", x.What)
			}
		}
		want := []string{privacy.ExceptRecord, privacy.ExceptLedger, privacy.ExceptKeys, privacy.ExceptBackups, privacy.ExceptCopies}
		if w.URL != "" {
			want = append(want, privacy.ExceptPages)
		}
		if !slices.Equal(left, want) {
			t.Errorf("exceptions are %v, want %v", left, want)
		}
		found, err := e.ending.Find(ctx, look.Code)
		if err != nil || len(found.Proof) == 0 || found.Facts.Number != f.Number {
			t.Errorf("by its code: %+v, %v", found, err)
		}
		if bytes.Contains(found.Proof, []byte("Northwind")) || bytes.Contains(found.Proof, []byte("canary")) {
			t.Errorf("it names somebody: %s", found.Proof)
		}
		if _, err := e.ending.Find(ctx, "guessed"); !desk.IsNotFound(err) {
			t.Errorf("a guessed code: %v", err)
		}
		e.whole(t, neighbour)
		e.letters(t)
		if all, err := e.log.List(ctx, b.Workspace(), 0, 50); err != nil || len(all) == 0 {
			t.Errorf("the record of acts is gone before its term: %v", err)
		}
	})
}

// letters wants the owner to have been told of each step with the address of the
// certificate.
func (e *endWorld) letters(t *testing.T) {
	t.Helper()
	var kinds []desk.LetterKind
	for _, l := range e.mail.all {
		kinds = append(kinds, l.Kind)
		if (l.Kind == desk.LetterReopened) != (l.About == "") {
			t.Errorf("a letter %s is about %q", l.Kind, l.About)
		}
	}
	want := []desk.LetterKind{desk.LetterClosed, desk.LetterLastDay, desk.LetterReopened, desk.LetterClosed}
	if !slices.Equal(kinds, want) {
		t.Errorf("letters %v, want %v", kinds, want)
	}
}

// covers A-11-04: killed at any step, an end that was begun ends by itself, with
// one certificate that counts all there was, and the neighbour loses nothing.
func TestTheEndOfAWorkspaceKilledAtEveryStepEnds(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		e := newEndWorld(t, w)
		neighbour := e.business(t, "Southwind")
		killed, whole := 0, false
		for looks := int64(0); !whole; looks += 5 {
			b := e.business(t, fmt.Sprint("b", looks))
			e.close(t, b)
			w.Fake.Advance(desk.RecoverTerm)
			die := dieAfter(looks)
			err := e.ending.Tick(die)
			if whole = err == nil; !whole {
				killed++
			}
			die.kill()
			if err := e.ending.Tick(ctx); err != nil {
				t.Fatalf("killed after %d looks, it cannot be resumed: %v", looks, err)
			}
			if f := e.gone(t, b); f.Deleted["messages"] != 5 || f.Deleted["members"] != 1 {
				t.Errorf("killed after %d looks, the certificate says %+v", looks, f)
			}
			if looks > 5000 {
				t.Fatal("it never ends")
			}
		}
		if killed < 3 {
			t.Errorf("the kill itself is broken: %d killed", killed)
		}
		e.whole(t, neighbour)
	})
}

// Killed at any step, closing and taking back are done or not begun, as the ledger
// has it.
func TestClosingAWorkspaceKilledAtEveryStepIsDoneOrNotBegun(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		e := newEndWorld(t, w)
		b := e.business(t, "Northwind")
		closed := false
		done, not := 0, 0
		for looks, wholes := int64(0), 0; wholes < 2; looks++ {
			die := dieAfter(looks)
			do := e.ending.Close
			if closed {
				do = e.ending.Reopen
			}
			err := do(die, b.Workspace(), desk.Actor{Kind: desk.ByMember, ID: b.member})
			die.kill()
			open, e1 := w.Keys.UnfinishedLedger(ctx, 10)
			e2 := e.ending.Tick(ctx)
			ws, e3 := e.WorkspaceByID(ctx, b.Workspace())
			if e := errors.Join(e1, e2, e3); e != nil {
				t.Fatal(e)
			}
			if err == nil {
				wholes++
			}
			begun := ws.Closed() != closed
			if err == nil && !begun || len(open) > 0 && !begun {
				t.Errorf("after %d looks: %v, %d open in the ledger, changed: %v", looks, err, len(open), begun)
			}
			if closed = ws.Closed(); begun {
				done++
			} else {
				not++
			}
			if _, err := e.end(b); closed != (err == nil) {
				t.Errorf("after %d looks it is closed: %v, and its certificate is found: %v", looks, closed, err)
			}
			w.Fake.Advance(time.Minute)
		}
		if done < 1 || not < 1 { // how often each comes depends on how fast it was
			t.Errorf("the kill itself is broken: %d done, %d not begun", done, not)
		}
		e.whole(t, b)
	})
}

func (e *endWorld) end(b *business) (known store.WorkspaceEnd, err error) {
	err = e.In(0).Read(ctx, func(r *store.Rx) (err error) { known, err = r.EndOf(b.Workspace()); return err })
	return known, err
}
