package media_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/media"
	"parley/internal/store"
	"parley/test/storetest"
)

// run works the lanes until stop, which waits for what is being done, or until
// the test ends.
func (w *world) run() (stop func()) {
	ctx, end := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		if err := w.flow.Run(ctx, w.media.Handlers(), nil); err != nil {
			w.Error(err)
		}
	})
	stop = func() { end(); done.Wait() }
	w.Cleanup(stop)
	return stop
}

// until looks again after every commit.
func (w *world) until(what string, ok func() bool) {
	w.Helper()
	bell := make(chan struct{}, 1)
	stop := w.DB.Watch(func(store.Commit) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})
	defer stop()
	late := time.After(time.Minute)
	for !ok() {
		select {
		case <-bell:
		case <-late:
			w.Fatalf("%s: did not come true", what)
		}
	}
}

// covers H-57: a file rests longer each time and as long as its channel asks, is
// asked for again, and lies on the disk once.
func TestAFailingFetchIsTriedAgain(t *testing.T) {
	t.Parallel()
	tries := make(chan int, 10)
	n, pic := 0, pngOf(t)
	slow := &desk.Error{Code: desk.TooMany, Reason: "rate_limited", Retry: true, Cause: &channel.Later{After: 7 * time.Minute}}
	d := dove{fetch: func(dst io.Writer) error {
		n++
		defer func() { tries <- n }()
		switch n {
		case 1:
			_, _ = dst.Write(pic[:20]) // void after the error
			return slow
		case 2:
			return errors.New("the line broke")
		}
		_, err := dst.Write(pic)
		return err
	}}
	w := open(t, storetest.Open(t, storetest.Options{}), d)
	noted := make(chan struct{}, 10)
	stop := w.DB.Watch(func(c store.Commit) {
		if _, ok := c.Work[media.FetchWork]; ok {
			noted <- struct{}{}
		}
	})
	defer stop()
	m, file := w.arrives()
	<-noted
	w.run()
	for range 2 {
		<-tries
		<-noted
		w.Fake.Advance(7 * time.Minute)
	}
	w.until("the file is here", func() bool { return w.row(file).State == desk.MediaReady })
	if got := w.row(file); got.Message != m.ID || !bytes.Equal(w.read(got), pic) || w.files() != 1 {
		t.Errorf("%+v, %d files", got, w.files())
	}
	if media.Rest(slow, 1) != 7*time.Minute || media.Rest(nil, 1) != 2*time.Second || media.Rest(nil, 3) != 8*time.Second || media.Rest(nil, 40) != 40*time.Minute {
		t.Errorf("rests: %v %v %v", media.Rest(slow, 1), media.Rest(nil, 1), media.Rest(nil, 3))
	}
}

// covers H-57: a picture of a message is what was sent, bit by bit of its points;
// the same one that a member brings is drawn anew.
func TestOnlyWhatMembersBringIsDrawnAnew(t *testing.T) {
	t.Parallel()
	photo := jpegOf(t)
	// A table that no point asks for: only drawing the picture drops it.
	odd := slices.Concat(photo[:2], []byte("\xff\xdb\x00\x43\x03"), bytes.Repeat([]byte("odd "), 16), photo[2:])
	taken := slices.Concat(odd[:2], []byte("\xff\xfe\x00\x07Izmir"), odd[2:], []byte("behind"))
	w := open(t, storetest.Open(t, storetest.Options{}), dove{fetch: func(dst io.Writer) error {
		_, err := dst.Write(taken)
		return err
	}})
	_, file := w.arrives()
	w.run()
	w.until("the file is here", func() bool { return w.row(file).State == desk.MediaReady })
	if got := w.read(w.row(file)); !bytes.Equal(got, odd) {
		t.Errorf("what was sent is kept in %d bytes, want %d", len(got), len(odd))
	}
	up, err := w.upload(taken)
	w.must(err)
	if got := w.read(up); bytes.Contains(got, []byte("odd ")) || up.Width != 64 || up.Height != 48 || up.Mime != "image/jpeg" {
		t.Errorf("%+v in %d bytes", up, len(got))
	}
}

// A file that was taken back while it was fetched is not kept, and what a kill
// left between bytes and row is swept.
func TestWhatNoRowNamesLeavesTheDisk(t *testing.T) {
	t.Parallel()
	var w *world
	var m desk.Message
	begun := make(chan struct{}, 10)
	d := dove{fetch: func(dst io.Writer) error {
		begun <- struct{}{}
		w.write(func(tx *store.Tx) error {
			c, err := tx.LockConversation(w.talks[0].ID)
			if err != nil {
				return err
			}
			return errors.Join(tx.Withdraw(&c, m), tx.SaveConversation(c))
		})
		_, err := dst.Write(pngOf(t))
		return err
	}}
	w = open(t, storetest.Open(t, storetest.Options{}), d)
	m, _ = w.arrives()
	up, err := w.upload(pngOf(t))
	w.must(err)
	stop := w.run()
	<-begun
	stop()
	var left []string
	w.must(w.h.Read(t.Context(), func(r *store.Rx) (err error) { left, err = r.BlobsToDrop(10); return err }))
	if w.files() != 1 || len(left) != 0 {
		t.Fatalf("%d files, %v leave: only the upload should lie there", w.files(), left)
	}
	name := up.Blob
	copied := filepath.Join(filepath.Dir(filepath.Dir(find(t, w.root, name))), "ab", strings.Repeat("ab", 16))
	w.must(os.MkdirAll(filepath.Dir(copied), 0o700))
	raw, err := os.ReadFile(find(t, w.root, name))
	w.must(err)
	w.must(os.WriteFile(copied, raw, 0o600))
	w.must(os.Chtimes(copied, w.Fake.Now(), w.Fake.Now()))
	w.must(w.media.SweepStrays(t.Context()))
	if w.files() != 2 {
		t.Fatal("bytes went before their row could come")
	}
	w.Fake.Advance(2 * time.Hour)
	w.must(w.media.SweepStrays(t.Context()))
	if w.files() != 1 || len(w.read(w.row(up.ID))) == 0 {
		t.Errorf("%d files are left", w.files())
	}
	w.Fake.Advance(desk.UploadTerm)
	w.must(w.media.Sweep(t.Context()))
	if w.files() != 0 {
		t.Error("an upload nobody sent is still there")
	}
}

func find(t *testing.T, root, name string) (at string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == name {
			at = path
		}
		return err
	})
	if err != nil || at == "" {
		t.Fatalf("%s is not there: %v", name, err)
	}
	return at
}
