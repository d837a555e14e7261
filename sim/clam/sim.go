package clam

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
)

// EICAR is the test file that every scanner finds, in two halves, so that no
// scanner finds this program.
func EICAR() []byte {
	return []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}` + `$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)
}

// Weather is how the daemon behaves.
type Weather string

// Kinds of weather.
const (
	Fair   Weather = ""
	Silent Weather = "silent" // it reads, and never answers
	Cut    Weather = "cut"    // it hangs up in the middle
	Absurd Weather = "absurd" // it answers something else
)

// Sim is the daemon.
type Sim struct {
	Most int64 // bytes of a stream; 0 = as many as come

	l       net.Listener
	mu      sync.Mutex
	weather Weather
	files   int
	open    map[net.Conn]bool
	closed  bool
}

// Start listens on a free loopback port.
func Start() (*Sim, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Sim{l: l, open: map[net.Conn]bool{}}
	go s.accept()
	return s, nil
}

// Address is host and port.
func (s *Sim) Address() string { return s.l.Addr().String() }

// Set changes the weather.
func (s *Sim) Set(w Weather) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.weather = w
}

// Files is how many streams were looked through to their end.
func (s *Sim) Files() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files
}

// Close hangs up on everybody.
func (s *Sim) Close() {
	_ = s.l.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.open {
		_ = c.Close()
	}
}

func (s *Sim) accept() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			_ = c.Close()
		}
		s.open[c] = true
		s.mu.Unlock()
		go s.serve(c)
	}
}

func (s *Sim) serve(c net.Conn) {
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, c)
		_ = c.Close()
	}()
	in := bufio.NewReader(c)
	command, err := in.ReadString(0)
	if err != nil {
		return
	}
	s.mu.Lock()
	weather := s.weather
	s.mu.Unlock()
	answer := "UNKNOWN COMMAND"
	switch command {
	case "zPING\x00":
		answer = "PONG"
	case "zINSTREAM\x00":
		if weather == Cut {
			_, _ = in.ReadByte()
			return
		}
		if answer, err = s.look(in); err != nil {
			return
		}
	}
	switch weather {
	case Silent:
		_, _ = io.Copy(io.Discard, in) // until the other side has enough
	case Absurd:
		_, _ = c.Write([]byte("stream: OKAY\x00"))
	default:
		_, _ = c.Write([]byte(answer + "\x00"))
	}
}

// look takes a stream in and says what is in it.
func (s *Sim) look(in io.Reader) (string, error) {
	var all bytes.Buffer
	for {
		var size [4]byte
		if _, err := io.ReadFull(in, size[:]); err != nil {
			return "", err
		}
		n := int64(binary.BigEndian.Uint32(size[:]))
		if n == 0 {
			break
		}
		if s.Most > 0 && int64(all.Len())+n > s.Most {
			return "INSTREAM size limit exceeded. ERROR", nil
		}
		if _, err := io.CopyN(&all, in, n); err != nil {
			return "", err
		}
	}
	s.mu.Lock()
	s.files++
	s.mu.Unlock()
	if bytes.Contains(all.Bytes(), EICAR()) {
		return "stream: Eicar-Test-Signature FOUND", nil
	}
	return "stream: OK", nil
}
