package media_test

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/scan"
	"parley/internal/media"
	"parley/internal/store"
	"parley/sim/clam"
	"parley/test/storetest"
)

// scanned gives the world a scanner.
func (w *world) scanned() *clam.Sim {
	w.Helper()
	s, err := clam.Start()
	w.must(err)
	w.Cleanup(s.Close)
	w.media.Scanner = &scan.Scanner{Clock: w.Clock, Dial: func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", s.Address())
	}}
	return s
}

// covers the scanner line of the doors: what a scanner finds is kept from nobody
// but the disk, and what it did not look at is not taken. asvs: V5.4.3
func TestAnUploadIsKeptOnlyWhenTheScannerFoundNothing(t *testing.T) {
	each(t, dove{}, func(w *world) {
		s := w.scanned()
		long := append(make([]byte, 300<<10), clam.EICAR()...)
		for _, bad := range [][]byte{clam.EICAR(), long} {
			if _, err := w.upload(bad); desk.CodeOf(err) != desk.Invalid || media.ReasonOf(err) != "media_virus" {
				w.Errorf("the test file of %d bytes: %v", len(bad), err)
			}
		}
		if _, err := w.upload(pngOf(w.T)); err != nil {
			w.Error(err)
		}
		s.Set(clam.Cut)
		if _, err := w.upload(pngOf(w.T)); desk.CodeOf(err) != desk.Unavailable || media.ReasonOf(err) != "media_unchecked" {
			w.Errorf("not looked at, and taken: %v", err)
		}
		if w.files() != 1 {
			w.Errorf("%d files lie on the disk", w.files())
		}
	})
}

// A customer's file waits for the scanner as long as that is away, and is refused
// for good when something is found in it.
func TestAFileOfACustomerWaitsForTheScanner(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 10)
	files := [][]byte{pngOf(t), clam.EICAR()}
	var next []byte
	d := dove{fetch: func(dst io.Writer) error {
		defer func() { asked <- struct{}{} }()
		_, err := dst.Write(next)
		return err
	}}
	for i, want := range []desk.MediaState{desk.MediaReady, desk.MediaFailed} {
		next = files[i]
		w := open(t, storetest.Open(t, storetest.Options{}), d)
		s := w.scanned()
		s.Set(clam.Cut)
		noted := make(chan struct{}, 10)
		stop := w.DB.Watch(func(c store.Commit) {
			if _, ok := c.Work[media.FetchWork]; ok {
				noted <- struct{}{}
			}
		})
		_, file := w.arrives()
		<-noted
		end := w.run()
		for range 2 { // however often
			<-asked
			<-noted
			if got := w.row(file); got.State != desk.MediaWaiting {
				t.Fatalf("a file that nobody looked at: %+v", got)
			}
			w.Fake.Advance(time.Minute)
		}
		<-asked
		<-noted
		s.Set(clam.Fair)
		w.Fake.Advance(time.Minute)
		w.until("the scanner's word", func() bool { return w.row(file).State == want })
		if got := w.row(file); want == desk.MediaFailed && (got.Reason != "media_virus" || w.files() != 0) {
			t.Errorf("%+v, %d files", got, w.files())
		}
		stop()
		end()
	}
}
