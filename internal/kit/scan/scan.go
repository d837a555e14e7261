package scan

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"parley/internal/kit/clock"
)

// Error is what a scanner's answer means. Its values are constants.
type Error string

func (e Error) Error() string { return string(e) }

const (
	// ErrVirus: the scanner knows what is in the file.
	ErrVirus = Error("scan: the file holds a virus")
	// ErrTooBig: the file is longer than the scanner takes (StreamMaxLength).
	ErrTooBig = Error("scan: the file is longer than the scanner takes")
)

// Limits of one exchange.
const (
	chunkTime   = 30 * time.Second
	verdictTime = 2 * time.Minute
	maxAnswer   = 4 << 10
	maxChunk    = 1 << 20
)

// Scanner is where files are looked through.
type Scanner struct {
	Dial  func(context.Context) (net.Conn, error)
	Clock clock.Clock
}

// Stream is one file on its way through the scanner. It is used by one goroutine.
type Stream struct {
	s    *Scanner
	conn net.Conn
	err  error
}

// Begin opens a stream. Nothing fails before Verdict, so that whoever reads a
// file along the way need not care.
func (s *Scanner) Begin(ctx context.Context) *Stream {
	st := &Stream{s: s}
	st.conn, st.err = s.Dial(ctx)
	if st.err == nil {
		st.err = st.in(chunkTime, func() error { _, err := io.WriteString(st.conn, "zINSTREAM\x00"); return err })
	}
	return st
}

// in gives fn a time, after which the connection is over.
func (st *Stream) in(limit time.Duration, fn func() error) error {
	over := st.s.Clock.AfterFunc(limit, func() { _ = st.conn.SetDeadline(time.Unix(1, 0)) })
	defer over.Stop()
	return fn()
}

// Write implements io.Writer; it never fails.
func (st *Stream) Write(b []byte) (int, error) {
	for rest := b; st.err == nil && len(rest) > 0; {
		part := rest[:min(len(rest), maxChunk)]
		rest = rest[len(part):]
		if st.err = st.in(chunkTime, func() error { return st.send(part) }); st.err != nil {
			st.err = st.hangUp(st.err)
		}
	}
	return len(b), nil
}

func (st *Stream) send(part []byte) error {
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(part)), uint32(len(part))) //nolint:gosec // at most maxChunk
	_, err := st.conn.Write(append(frame, part...))
	return err
}

// hangUp reads what the scanner said before it hung up on a file that is too
// long for it.
func (st *Stream) hangUp(why error) error {
	if answer, err := st.hear(); err == nil {
		return verdict(answer)
	}
	return why
}

// Verdict ends the stream: nil for a clean file, ErrVirus, ErrTooBig, or why the
// file was not checked.
func (st *Stream) Verdict() error {
	defer st.Drop()
	if st.err != nil {
		return st.err
	}
	st.err = st.in(verdictTime, func() error {
		if _, err := st.conn.Write(make([]byte, 4)); err != nil {
			return st.hangUp(err)
		}
		answer, err := st.hear()
		if err != nil {
			return err
		}
		return verdict(answer)
	})
	return st.err
}

func (st *Stream) hear() (string, error) {
	raw, err := io.ReadAll(io.LimitReader(st.conn, maxAnswer))
	if err == nil && len(raw) == 0 {
		err = io.ErrUnexpectedEOF
	}
	return strings.TrimRight(string(raw), "\x00\n"), err
}

// verdict reads "stream: OK", "stream: NAME FOUND" or "… ERROR".
func verdict(answer string) error {
	switch {
	case answer == "stream: OK":
		return nil
	case strings.HasPrefix(answer, "stream: ") && strings.HasSuffix(answer, " FOUND"):
		return ErrVirus
	case strings.Contains(answer, "size limit exceeded"):
		return ErrTooBig
	}
	return fmt.Errorf("scan: the scanner answered %.100q", answer)
}

// Drop lets go of a stream whose verdict nobody wants.
func (st *Stream) Drop() {
	if st.conn != nil {
		_ = st.conn.Close()
	}
}

// Check looks through a file that is at hand.
func (s *Scanner) Check(ctx context.Context, b []byte) error {
	st := s.Begin(ctx)
	_, _ = st.Write(b)
	return st.Verdict()
}

// Ping asks whether the scanner is there.
func (s *Scanner) Ping(ctx context.Context) error {
	conn, err := s.Dial(ctx)
	if err != nil {
		return err
	}
	st := &Stream{s: s, conn: conn}
	defer st.Drop()
	return st.in(chunkTime, func() error {
		if _, err := io.WriteString(conn, "zPING\x00"); err != nil {
			return err
		}
		answer, err := st.hear()
		if err == nil && answer != "PONG" {
			err = fmt.Errorf("scan: the scanner answered %.100q", answer)
		}
		return err
	})
}
