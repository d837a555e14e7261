package api

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"parley/internal/kit/clock"
)

// A body has bodyGrace to come, and more the more of it has come: one that is
// sent a byte now and then does not hold its connection for long.
const (
	bodyGrace = 20 * time.Second
	bodyPace  = 4 << 10   // bytes a second, once the grace is over
	leftover  = 256 << 10 // of a body nobody read: so much is taken to keep the connection
)

// past ends whatever hangs on a connection.
func past() time.Time { return time.Unix(1, 0) }

// cutOff is why a body ended: nobody waits for more of it.
type cutOff struct{}

func (cutOff) Error() string { return "api: the body came too slowly" }

// tooSlow is err with a status of its own, where a body was cut off.
func tooSlow(err error) error {
	if errors.Is(err, cutOff{}) {
		return refuse(http.StatusRequestTimeout, "too_slow", "the request came too slowly")
	}
	return err
}

// drip is the body of a request while it comes.
type drip struct {
	body  io.ReadCloser
	conn  *http.ResponseController
	clk   clock.Clock
	begun time.Time

	mu    sync.Mutex
	timer clock.Timer
	got   int64
	whole bool // its end was seen
	over  bool // it was cut off
	done  bool // nobody reads it any more
}

// watchBody holds a body to its time until end is called. A body in chunks ends
// its connection: whatever else the request said about its length, nothing that
// follows it is taken for another request.
func (a *API) watchBody(w http.ResponseWriter, r *http.Request) (end func()) {
	if r.Body == nil || r.Body == http.NoBody {
		return func() {}
	}
	if len(r.TransferEncoding) > 0 && r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close")
	}
	d := &drip{body: r.Body, conn: http.NewResponseController(w), clk: a.Clock, begun: a.Clock.Now()}
	d.mu.Lock()
	d.timer = a.Clock.AfterFunc(bodyGrace, d.look)
	d.mu.Unlock()
	r.Body = d
	keep := r.ProtoMajor == 1 && r.Header.Get("Expect") == ""
	return func() { d.end(keep) }
}

// look cuts the body off, or looks again when its time will be over.
func (d *drip) look() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.whole || d.done {
		return
	}
	allowed := bodyGrace + time.Duration(d.got)*time.Second/bodyPace
	if left := allowed - d.clk.Since(d.begun); left > 0 {
		d.timer.Reset(left)
		return
	}
	d.over = true
	_ = d.conn.SetReadDeadline(past()) // where there is no connection nothing hangs
}

// Read implements io.Reader.
func (d *drip) Read(b []byte) (int, error) {
	n, err := d.body.Read(b)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got += int64(n)
	switch {
	case errors.Is(err, io.EOF):
		d.whole = true
		d.timer.Stop()
	case err != nil && d.over:
		err = cutOff{}
	}
	return n, err
}

// Close implements io.Closer.
func (d *drip) Close() error { return d.body.Close() }

// end takes what is left, as the server would without a limit of time. A
// connection with more than that left on it is given up.
func (d *drip) end(keep bool) {
	if keep {
		_, _ = io.CopyN(io.Discard, d, leftover) // its end or its failure is noted by Read
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = true
	d.timer.Stop()
	if keep && !d.whole {
		_ = d.conn.SetReadDeadline(past())
	}
}

// unhurried lets an answer take as long as its size may need, instead of the
// server's time for any answer; the time is over when the function it returns is
// called.
func (a *API) unhurried(w http.ResponseWriter, size int64) func() {
	conn := http.NewResponseController(w)
	_ = conn.SetWriteDeadline(time.Time{})
	stuck := a.Clock.AfterFunc(time.Minute+time.Duration(size)*time.Second/bodyPace, func() { _ = conn.SetWriteDeadline(past()) })
	return func() { stuck.Stop() }
}
