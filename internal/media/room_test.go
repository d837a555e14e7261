package media_test

import (
	"io"
	"slices"
	"sync"
	"testing"

	"parley/internal/desk"
	"parley/internal/media"
	"parley/internal/store"
	"parley/test/storetest"
)

func (w *world) kept() (s store.Storage) {
	w.Helper()
	w.must(w.h.Read(w.Context(), func(r *store.Rx) (err error) { s, err = r.Storage(); return err }))
	return s
}

// The limit of what a workspace keeps holds against uploads at the same moment;
// what a customer sent meanwhile stays as a message that says why its file is not
// there; owners hear of it once; and what ends makes room.
func TestAWorkspaceKeepsNoMoreThanItMay(t *testing.T) {
	pic := pngOf(t)
	size := int64(len(pic))
	d := dove{fetch: func(dst io.Writer) error { _, err := dst.Write(pic); return err }}
	eachOf(t, storetest.Options{Room: 3*size + size/2}, d, func(w *world) {
		got := make([]error, 8)
		var done sync.WaitGroup
		for i := range got {
			done.Go(func() { _, got[i] = w.upload(pic) })
		}
		done.Wait()
		in := 0
		for _, err := range got {
			switch {
			case err == nil:
				in++
			case desk.CodeOf(err) != desk.Conflict || media.ReasonOf(err) != "storage_full":
				w.Errorf("refused with %v", err)
			}
		}
		if s := w.kept(); in != 3 || s.Files != 3*size || w.files() != 3 {
			w.Fatalf("%d of 8 uploads taken, %d bytes counted, %d files on the disk", in, s.Files, w.files())
		}
		m, file := w.arrives()
		w.run()
		w.until("the file is noted as not kept", func() bool { return w.row(file).State == desk.MediaFailed })
		if got := w.row(file); got.Reason != "storage_full" || got.Message != m.ID || w.files() != 3 {
			w.Errorf("%+v, %d files", got, w.files())
		}
		// A transaction that is tried again notes it again here; that owners hear of
		// it once is what the store sees to (TestTheOwnersHearOfEachFullStorageOnce).
		if told := slices.Compact(slices.Clone(*w.told)); len(told) != 1 || told[0] != desk.LetterStorage {
			w.Errorf("owners were told %v", *w.told)
		}
		w.Fake.Advance(desk.UploadTerm + 1e9)
		w.must(w.media.Sweep(w.Context()))
		if s := w.kept(); s.Files != 0 || s.Full() {
			w.Errorf("%d bytes are counted of nothing", s.Files)
		}
		_, file = w.arrives()
		w.until("a file is kept again", func() bool { return w.row(file).State == desk.MediaReady })
		if s := w.kept(); s.Files != size {
			w.Errorf("%d bytes are counted of %d", s.Files, size)
		}
	})
}
