package api

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
)

// held is the connection of an idle visitor, taken from net/http: its buffers,
// the request and the stack that answered it would cost 40 KB for as long as the
// page stays open, and thousands of pages stay open.
type held struct {
	net.Conn
	header http.Header
}

// Header implements http.ResponseWriter; the head was written before.
func (h *held) Header() http.Header { return h.header }

// WriteHeader implements http.ResponseWriter.
func (*held) WriteHeader(int) {}

// FlushError lets http.ResponseController flush: nothing is kept back. Its
// deadlines are the connection's own.
func (*held) FlushError() error { return nil }

// hold goes on with the stream beside the request, which is over then. It
// reports false where the connection cannot be had, as with HTTP/2.
func (s *visitStream) hold(w http.ResponseWriter, lost bool) bool {
	streamHeaders(w.Header())
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	if o, ok := w.(*watched); ok {
		o.begun, o.trace.status = true, http.StatusOK
	}
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 200 OK\r\nConnection: close\r\nDate: " + s.a.Clock.Now().Format(http.TimeFormat) + "\r\n")
	_ = w.Header().Write(&head) // a buffer takes everything
	head.WriteString("\r\n")
	h := &held{Conn: conn}
	go h.serve(s, head.Bytes(), lost)
	return true
}

func streamHeaders(h http.Header) {
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
}

// serve writes until the visitor leaves or the server stops. Nobody waits for
// it: it ends with the hub's streams and holds nothing but them.
func (h *held) serve(s *visitStream, head []byte, lost bool) {
	defer func() { _ = h.Close() }()
	defer s.end()
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	go h.left(leave)
	out := &stream{a: s.a, w: h, flush: http.NewResponseController(h)}
	if out.write(string(head)) {
		s.run(ctx, out, lost)
	}
}

// left notices that the visitor went away: a browser sends nothing more on a
// stream, so whatever comes is its end.
func (h *held) left(leave context.CancelFunc) {
	defer leave()
	var one [1]byte
	_, _ = io.ReadFull(h.Conn, one[:])
}
