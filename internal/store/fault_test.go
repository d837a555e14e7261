package store_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"parley/internal/desk"
	"parley/internal/store"
	"parley/test/pgtest"
	"parley/test/storetest"
)

func TestARestartOfPostgreSQLLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	server, err := pgtest.Start(ctx, pgtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	w := storetest.Open(t, storetest.Options{URL: server.URL("postgres")})
	h := storetest.Workspace(t, w.DB, "Northwind")

	const writers, restarts, least = 16, 3, 20
	var acked sync.Map
	var wg sync.WaitGroup
	var rounds [restarts + 1]atomic.Int64 // writes acknowledged since each restart
	var now atomic.Int64
	step := make(chan struct{}, 1)
	for g := range writers {
		wg.Go(func() {
			for i := 0; rounds[restarts].Load() < least*writers; i++ {
				n := g*100000 + i
				err := h.Write(ctx, func(tx *store.Tx) error { return store.Exec(tx, addNote, 1_000_000+n) })
				if err != nil && desk.CodeOf(err) != desk.Unavailable {
					t.Errorf("write: %v", err)
					return
				}
				if err != nil {
					continue
				}
				acked.Store(1_000_000+n, true)
				if rounds[now.Load()].Add(1) == least*writers {
					step <- struct{}{}
				}
			}
		})
	}
	for range restarts {
		<-step
		if err := server.Restart(ctx); err != nil {
			t.Fatal(err)
		}
		now.Add(1)
		// Every idle connection is dead now; a reader notices nothing.
		if err := h.Read(ctx, func(r *store.Rx) error { _, err := r.Settings(); return err }); err != nil {
			t.Errorf("a read after the restart: %v", err)
		}
	}
	wg.Wait()
	lost := 0
	err = h.Read(ctx, func(r *store.Rx) error {
		acked.Range(func(n, _ any) bool {
			have, err := store.Count(r, `SELECT count(*) FROM workspace_counter WHERE workspace_id = $1`, n)
			if err != nil || have != 1 {
				lost++
			}
			return true
		})
		return nil
	})
	if err != nil || lost > 0 {
		t.Errorf("%d acknowledged writes are lost, %v", lost, err)
	}
}

// One write whose connection is cut under it is done again, not reported.
func TestAWriteWhoseConnectionIsCutIsDoneAgain(t *testing.T) {
	t.Parallel()
	w := storetest.Open(t, storetest.Options{URL: storetest.PostgreSQL(t)})
	h := storetest.Workspace(t, w.DB, "Northwind")
	runs := 0
	errs := together(h, add(1), func(tx *store.Tx) error {
		runs++
		if runs == 1 {
			if err := h.Read(ctx, store.Cut); err != nil {
				return err
			}
		}
		return add(2)(tx)
	}, add(3))
	if errors.Join(errs...) != nil || runs != 2 {
		t.Errorf("%v after %d runs", errs, runs)
	}
	if n := stored(t, h); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
}

const roomEnv = "PARLEY_TEST_ROOM"

// The test runs itself in a child process whose disk has 6 MB left: a tmpfs in
// a mount namespace of its own. The second way, a limit on the size of any file,
// needs no permission.
func TestAFullDiskRefusesAndRecovers(t *testing.T) {
	t.Parallel()
	if how := os.Getenv(roomEnv); how != "" {
		fillTheDisk(t, how)
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"tmpfs", "limit"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(exe, "-test.run=^TestAFullDiskRefusesAndRecovers$", "-test.v")
			cmd.Env = append(os.Environ(), roomEnv+"="+how+":"+t.TempDir())
			if how == "tmpfs" {
				cmd.SysProcAttr = ownMounts()
			}
			out, err := cmd.CombinedOutput()
			if how == "tmpfs" && (cmd.ProcessState == nil || strings.Contains(string(out), notMounted)) {
				t.Log("no tmpfs may be mounted here; the limit on file size stands in")
				return
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Logf("%s", out)
		})
	}
}

const notMounted = "mounting is not permitted"

func ownMounts() *syscall.SysProcAttr {
	if os.Geteuid() == 0 {
		return &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	}
	return &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
}

func fillTheDisk(t *testing.T, how string) {
	const (
		full = 6 << 20  // holds a log that has grown to its checkpoint
		room = 36 << 20 // and once more what a hundred writes need before the next one, with all they index
	)
	how, dir, _ := strings.Cut(how, ":")
	reason := "disk_full"
	var more func()
	if how == "tmpfs" {
		err := errors.Join(syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
			syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprint("size=", room)))
		if err != nil {
			t.Fatal(notMounted, err)
		}
		ballast := filepath.Join(dir, "ballast")
		if err := os.WriteFile(ballast, make([]byte, room-full), 0o600); err != nil {
			t.Fatal(err)
		}
		more = func() {
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		}
	} else {
		reason = "database" // a refused size is not told from a broken disk
		var was syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
			t.Fatal(err)
		}
		limit := syscall.Rlimit{Cur: full, Max: was.Max}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		more = func() {
			if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
				t.Fatal(err)
			}
		}
	}
	fullDisk(t, storetest.Open(t, storetest.Options{Dir: filepath.Join(dir, "data")}), reason, more)
}

func fullDisk(t *testing.T, w *storetest.World, reason string, more func()) {
	h := storetest.Workspace(t, w.DB, "Northwind")
	acct := storetest.Account(t, h, "widget", "pk_1")
	_, conv := talk(t, h, acct, "Ana")
	text := strings.Repeat("all work and no play ", 500)
	acked, n := 0, 0
	write := func() error {
		n++
		return h.Write(ctx, func(tx *store.Tx) error {
			_, err := say(tx, conv, text, fmt.Sprint("m", n))
			tx.Emit(desk.Event{Kind: desk.MessageArrived, Conversation: conv})
			return err
		})
	}
	var full error
	for full = write(); full == nil; full = write() {
		acked++
	}
	var e *desk.Error
	if !errors.As(full, &e) || e.Code != desk.Unavailable || e.Reason != reason || !e.Retry {
		t.Fatalf("a full disk: %v, want unavailable %s", full, reason)
	}
	// In one commit: the part that does not fit fails, and nothing is stored by
	// halves; the closure that swallows the failure is not acknowledged.
	errs := together(h, func(tx *store.Tx) error {
		_ = tx.Sub(func(tx *store.Tx) error { _, err := say(tx, conv, text+text+text, "big"); return err })
		_, err := say(tx, conv, "small", "after-big")
		return err
	}, func(tx *store.Tx) error { _, err := say(tx, conv, text+text+text, "big2"); return err })
	for _, err := range errs {
		if err == nil {
			acked++
		} else if desk.CodeOf(err) != desk.Unavailable {
			t.Errorf("in a group: %v", err)
		}
	}
	check := func() {
		t.Helper()
		err := h.Read(ctx, func(r *store.Rx) error {
			c, err := r.Conversation(conv)
			if err != nil {
				return err
			}
			have, err := r.MessagesAfter(conv, 0, 10000)
			events, err2 := r.EventsAfter(0, 10000)
			if len(have) < acked || int64(len(have)) != c.LastSeq || len(events) > len(have) {
				t.Errorf("%d messages and %d events, last seq %d, %d acknowledged", len(have), len(events), c.LastSeq, acked)
			}
			if word, err := store.Text(r, "PRAGMA integrity_check"); err != nil || word != "ok" {
				t.Errorf("integrity: %s %v", word, err)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("full after %d messages: %v", acked, full)
	check()
	more()
	for range 100 {
		if err := write(); err != nil {
			t.Fatalf("after room was made: %v", err)
		}
		acked++
	}
	check()
}
