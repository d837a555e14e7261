package audit_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/store"
	"parley/internal/vault"
	"parley/test/storetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func by(member desk.ID) desk.Actor { return desk.Actor{Kind: desk.ByMember, ID: member} }

func record(t *testing.T, l *audit.Log, h store.Handle, n int) {
	t.Helper()
	for i := range n {
		must(t, h.Write(t.Context(), func(tx *store.Tx) error {
			return l.Add(tx, by(5), "conversation.take_over", desk.ID(i+1))
		}))
	}
}

// contact makes the person that a reason is about.
func contact(t *testing.T, h store.Handle, id desk.ID) {
	t.Helper()
	must(t, h.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertContact(desk.Contact{ID: id, Workspace: h.Workspace(), Language: "en"})
	}))
}

// raw is the database as somebody with its password sees it.
func raw(t *testing.T, w *storetest.World) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", w.URL
	if w.Engine() == "sqlite" {
		driver, dsn = "sqlite", "file:"+filepath.Join(w.Dir, "parley.db")+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, dsn)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func wantFault(t *testing.T, l *audit.Log, ws desk.ID, first, last int64) {
	t.Helper()
	_, err := l.Verify(t.Context(), ws)
	var broken *audit.Broken
	if !errors.As(err, &broken) || broken.First != first || broken.Last != last {
		t.Fatalf("Verify = %v; want a fault at %d to %d", err, first, last)
	}
}

// asvs: V16.2.1
func TestAnActAndItsEntryAreOneCommit(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, l := storetest.Workspace(t, w.DB, "a"), audit.NewLog(w.DB)
		record(t, l, h, 1)
		err := h.Write(t.Context(), func(tx *store.Tx) error {
			if err := l.Add(tx, by(5), "conversation.close", 9); err != nil {
				return err
			}
			return desk.Fail(desk.Invalid, "undone", "the act falls")
		})
		if desk.CodeOf(err) != desk.Invalid {
			t.Fatal(err)
		}
		must(t, h.Write(t.Context(), func(tx *store.Tx) error {
			_ = tx.Sub(func(tx *store.Tx) error {
				_ = l.Add(tx, by(5), "conversation.close", 9)
				return desk.Fail(desk.Invalid, "undone", "the part falls")
			})
			return l.Add(tx, desk.Actor{Kind: desk.BySystem}, "conversation.reopen", 9)
		}))
		lines, err := l.List(t.Context(), h.Workspace(), 0, 10)
		must(t, err)
		if len(lines) != 2 || lines[0].No != 2 || lines[0].Action != "conversation.reopen" || lines[0].Actor.Kind != "system" ||
			lines[1].Object != (audit.Thing{Kind: "conversation", ID: 1}) || lines[1].Actor != (audit.Thing{Kind: "member", ID: 5}) {
			t.Fatalf("%+v", lines)
		}
		start := w.Clock.Now()
		for want, narrow := range map[int]store.AuditWanted{
			2: {}, 1: {Action: "conversation.take_over", ActorKind: "member", Actor: 5, Object: "conversation", ObjectID: 1, From: start, To: start.Add(time.Microsecond)},
		} {
			if found, err := l.Find(t.Context(), h.Workspace(), narrow, 0, 10); err != nil || len(found) != want {
				t.Fatalf("%+v: %+v, %v", narrow, found, err)
			}
		}
		if all, err := l.Find(t.Context(), h.Workspace(), store.AuditWanted{Action: "conversation"}, 0, 10); err != nil || len(all) != 2 {
			t.Fatalf("by the beginning of an action: %+v, %v", all, err)
		}
		for _, narrow := range []store.AuditWanted{{Action: "conv"}, {Action: "conversation_take"}, {ActorKind: "key"}, {Actor: 6}, {Object: "contact"}, {ObjectID: 2}, {From: start.Add(time.Second)}, {To: start}} {
			if found, err := l.Find(t.Context(), h.Workspace(), narrow, 0, 10); err != nil || len(found) != 0 {
				t.Fatalf("%+v: %+v, %v", narrow, found, err)
			}
		}
		if page, err := l.List(t.Context(), h.Workspace(), 2, 10); err != nil || len(page) != 1 || page[0].No != 1 {
			t.Fatalf("%+v, %v", page, err)
		}
		if r, err := l.Verify(t.Context(), h.Workspace()); err != nil || r.Entries != 2 {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}

// Many writers at once, in two workspaces and with failures between: each chain
// is whole and numbered without a gap.
func TestChainsStayWholeUnderManyWriters(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{Clock: clock.Real{}}, func(t *testing.T, w *storetest.World) {
		l := audit.NewLog(w.DB)
		books := []store.Handle{storetest.Workspace(t, w.DB, "a"), storetest.Workspace(t, w.DB, "b")}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for n := range 25 {
					err := books[n%2].Write(t.Context(), func(tx *store.Tx) error {
						for range 2 {
							if err := l.Add(tx, by(desk.ID(i+1)), "contact.open", desk.ID(n+1)); err != nil {
								return err
							}
						}
						if n%5 == 4 {
							return desk.Fail(desk.Invalid, "undone", "it falls")
						}
						return nil
					})
					if err != nil && n%5 != 4 {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		must(t, l.Checkpoint(t.Context()))
		var entries int64
		for _, h := range books {
			r, err := l.Verify(t.Context(), h.Workspace())
			must(t, err)
			if r.Unsigned != 0 || r.Checkpoints != 1 || r.Last.No != r.Entries {
				t.Fatalf("%+v", r)
			}
			entries += r.Entries
		}
		if entries != 8*20*2 {
			t.Fatalf("%d entries", entries)
		}
	})
}

func TestAnyChangedColumnIsFoundInTheDatabase(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, l, db := storetest.Workspace(t, w.DB, "a"), audit.NewLog(w.DB), raw(t, w)
		contact(t, h, 7)
		must(t, h.Write(t.Context(), func(tx *store.Tx) error {
			return l.Put(tx, audit.Note{Action: "contact.export", Actor: by(5), Object: audit.Thing{Kind: "contact", ID: 7}, Reason: "they asked", Subject: 7})
		}))
		record(t, l, h, 5)
		must(t, l.Checkpoint(t.Context()))
		must(t, l.Checkpoint(t.Context())) // nothing new: no second one
		record(t, l, h, 3)
		ws := h.Workspace()
		if r, err := l.Verify(t.Context(), ws); err != nil || r.Checkpoints != 1 || r.Unsigned != 3 {
			t.Fatalf("%+v, %v", r, err)
		}
		for _, c := range []struct {
			change, undo string
			no, to       int64
		}{
			{"at = at + 1", "at = at - 1", 4, 4},
			{"verb = 'read'", "verb = 'change'", 3, 3},
			{"action = 'conversation.close'", "action = 'conversation.take_over'", 9, 9},
			{"actor_kind = 'key'", "actor_kind = 'member'", 2, 2},
			{"actor_id = 6", "actor_id = 5", 8, 8},
			{"object_kind = 'contact'", "object_kind = 'conversation'", 6, 6},
			{"object_id = object_id + 1", "object_id = object_id - 1", 5, 5},
			{"touched = 1", "touched = 0", 7, 7},
			{"no = 99", "no = 5", 5, 5},
		} {
			set := func(what string, no int64) {
				t.Helper()
				_, err := db.ExecContext(t.Context(), fmt.Sprintf("UPDATE audit_entry SET %s WHERE workspace_id = %d AND no = %d", what, ws, no))
				must(t, err)
			}
			set(c.change, c.no)
			wantFault(t, l, ws, c.no, c.to)
			at := c.no
			if strings.HasPrefix(c.change, "no =") {
				at = 99
			}
			set(c.undo, at)
		}
		for _, column := range []string{"reason", "hash"} {
			var whole []byte
			must(t, db.QueryRowContext(t.Context(), fmt.Sprintf("SELECT %s FROM audit_entry WHERE workspace_id = %d AND no = 1", column, ws)).Scan(&whole))
			for _, i := range []int{0, len(whole) / 2, len(whole) - 1} {
				bad := bytes.Clone(whole)
				bad[i] ^= 1
				for _, put := range [][]byte{bad, whole} {
					_, err := db.ExecContext(t.Context(), fmt.Sprintf("UPDATE audit_entry SET %s = $1 WHERE workspace_id = %d AND no = 1", column, ws), put)
					must(t, err)
					if put[i] == bad[i] {
						wantFault(t, l, ws, 1, 1)
					}
				}
			}
		}
		if _, err := l.Verify(t.Context(), ws); err != nil {
			t.Fatal(err)
		}
		// The end is cut off: the head knows, and where the head is changed too,
		// the checkpoint still knows what it covers.
		exec := func(query string) {
			t.Helper()
			_, err := db.ExecContext(t.Context(), fmt.Sprintf(query, ws))
			must(t, err)
		}
		exec("DELETE FROM audit_entry WHERE workspace_id = %d AND no = 9")
		wantFault(t, l, ws, 9, 9)
		exec("DELETE FROM audit_entry WHERE workspace_id = %d AND no > 4")
		wantFault(t, l, ws, 5, 6)
		exec("UPDATE audit_mark SET mark = replace(mark, 'checkpoint', 'chekpoint') WHERE workspace_id = %d")
		wantFault(t, l, ws, 1, 1)
		exec("DELETE FROM audit_mark WHERE workspace_id = %d")
		wantFault(t, l, ws, 5, 9)
	})
}

// A reason goes with the person it is about; the chain stays whole.
func TestAReasonIsSealedUnderItsSubjectAndGoesWithThem(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, l := storetest.Workspace(t, w.DB, "a"), audit.NewLog(w.DB)
		contact(t, h, 7)
		const canary = "canary-reason-of-the-subject"
		put := func(n audit.Note) error {
			return h.Write(t.Context(), func(tx *store.Tx) error { return l.Put(tx, n) })
		}
		must(t, put(audit.Note{Verb: audit.Restrict, Action: "contact.restrict", Actor: by(5), Object: audit.Thing{Kind: "contact", ID: 7}, Reason: canary, Subject: 7}))
		if err := put(audit.Note{Action: "contact.restrict", Actor: by(5), Reason: canary}); desk.CodeOf(err) != desk.Internal {
			t.Fatalf("a reason without a subject: %v", err)
		}
		if err := put(audit.Note{Action: "Ana asked", Actor: by(5), Object: audit.Thing{Kind: "contact"}}); !errors.Is(err, audit.ErrBadEntry) {
			t.Fatalf("words as an action: %v", err)
		}
		lines, err := l.List(t.Context(), h.Workspace(), 0, 9)
		must(t, err)
		if len(lines) != 1 || lines[0].Reason != canary {
			t.Fatalf("%+v", lines)
		}
		files, err := filepath.Glob(filepath.Join(w.Dir, "*"))
		must(t, err)
		for _, file := range files {
			if b, err := os.ReadFile(file); err == nil && bytes.Contains(b, []byte(canary)) {
				t.Fatalf("the reason is readable in %s", filepath.Base(file))
			}
		}
		must(t, w.Vault().Destroy(context.Background(), vault.Ref{Workspace: int64(h.Workspace()), Kind: vault.Subject, Of: 7}))
		lines, err = l.List(t.Context(), h.Workspace(), 0, 9)
		must(t, err)
		if lines[0].Reason != "" {
			t.Fatal("the reason outlived its subject")
		}
		if r, err := l.Verify(t.Context(), h.Workspace()); err != nil || r.Entries != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}

// Whole segments older than 24 months go and leave their signed marks.
func TestOldSegmentsArePrunedWithASignature(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, w *storetest.World) {
		h, l := storetest.Workspace(t, w.DB, "a"), audit.NewLog(w.DB)
		ws := h.Workspace()
		record(t, l, h, 4)
		must(t, l.Checkpoint(t.Context()))
		start := w.Fake.Now()
		w.Fake.Set(start.AddDate(0, 1, 0))
		record(t, l, h, 3)
		must(t, l.Checkpoint(t.Context()))
		must(t, l.PruneOld(t.Context()))
		for range 2 { // the second finds nothing to do
			w.Fake.Set(start.AddDate(0, audit.KeepMonths, 0))
			must(t, l.PruneOld(t.Context()))
			r, err := l.Verify(t.Context(), ws)
			if err != nil || r.Pruned != 4 || r.Entries != 3 || r.Last.No != 7 {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		db := raw(t, w)
		_, err := db.ExecContext(t.Context(), fmt.Sprintf("DELETE FROM audit_entry WHERE workspace_id = %d AND no = 5", ws))
		must(t, err)
		wantFault(t, l, ws, 5, 5)
	})
}
