package smtp

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"parley/sim/cert"
)

// Options says what kind of server it is.
type Options struct {
	Implicit       bool // TLS from the first byte
	Plain          bool // offers no STARTTLS
	User, Password string
}

// Mail is one that was taken.
type Mail struct {
	From, To string
	Raw      []byte // headers and body as they came
	Safe     bool   // came over TLS
	User     string // who signed in; "" = nobody
}

// Header reads one header of a mail.
func (m Mail) Header(name string) string {
	read, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return ""
	}
	return read.Header.Get(name)
}

// Step is a point of the talk where weather strikes.
type Step string

// Steps of the talk.
const (
	Greet Step = "greet"
	Auth  Step = "auth"
	Rcpt  Step = "rcpt"
	Data  Step = "data"  // the word DATA
	Taken Step = "taken" // the mail was read and recorded
)

// Force is what happens at a step the next Times times: an answer such as
// "451 4.7.1 come back", a connection that is cut, or silence until Calm.
type Force struct {
	Times  int
	Answer string
	Cut    bool
	Hang   bool
}

// Sim is a running server.
type Sim struct {
	opt   Options
	lis   net.Listener
	cert  tls.Certificate
	roots *x509.CertPool

	mu    sync.Mutex
	mails []Mail
	lines []string
	tries int
	force map[Step]*Force
	news  chan struct{}
	calm  chan struct{}
	conns map[net.Conn]bool
	all   sync.WaitGroup
}

// Start starts a server; Close ends it.
func Start(opt Options) (*Sim, error) {
	s := &Sim{opt: opt, force: map[Step]*Force{}, news: make(chan struct{}), calm: make(chan struct{}), conns: map[net.Conn]bool{}}
	var err error
	if s.cert, s.roots, err = certificate(); err != nil {
		return nil, err
	}
	if s.lis, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	s.all.Go(s.accept)
	return s, nil
}

func certificate() (tls.Certificate, *x509.CertPool, error) {
	now := time.Now()
	own, err := cert.New(now.Add(-time.Hour), now.Add(24*time.Hour))
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	shown, err := tls.X509KeyPair(own.Cert, own.Key)
	return shown, own.Roots, err
}

// Address is host and port.
func (s *Sim) Address() string { return s.lis.Addr().String() }

// Roots is whom its certificate is signed by.
func (s *Sim) Roots() *x509.CertPool { return s.roots }

// URL is how a program is pointed at it, with the address mails come from.
func (s *Sim) URL(from string) string {
	scheme, user := "smtp", ""
	if s.opt.Implicit {
		scheme = "smtps"
	}
	if s.opt.User != "" {
		user = s.opt.User + ":" + s.opt.Password + "@"
	}
	return fmt.Sprintf("%s://%s%s?from=%s", scheme, user, s.Address(), strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E").Replace(from))
}

// Weather sets what happens at a step; a zero Force calms it and lets go of
// whoever was made to wait.
func (s *Sim) Weather(at Step, f Force) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.force[at] = &f
	if f == (Force{}) {
		close(s.calm)
		s.calm = make(chan struct{})
	}
}

// Mails are those taken so far.
func (s *Sim) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Tries is how many connections were opened.
func (s *Sim) Tries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries
}

// Lines is all that the other side said, but for the mails.
func (s *Sim) Lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.lines...)
}

// Wait waits until so many mails were taken.
func (s *Sim) Wait(ctx context.Context, n int) ([]Mail, error) {
	return s.until(ctx, func() bool { return len(s.mails) >= n })
}

// WaitTries waits until so many connections were opened.
func (s *Sim) WaitTries(ctx context.Context, n int) error {
	_, err := s.until(ctx, func() bool { return s.tries >= n })
	return err
}

func (s *Sim) until(ctx context.Context, enough func() bool) ([]Mail, error) {
	for {
		s.mu.Lock()
		done, news, have := enough(), s.news, append([]Mail(nil), s.mails...)
		s.mu.Unlock()
		if done {
			return have, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return have, ctx.Err()
		}
	}
}

func (s *Sim) told() { // with mu held
	close(s.news)
	s.news = make(chan struct{})
}

// Close ends every talk.
func (s *Sim) Close() error {
	err := s.lis.Close()
	s.mu.Lock()
	for c := range s.conns {
		_ = c.Close()
	}
	close(s.calm)
	s.calm = make(chan struct{})
	s.mu.Unlock()
	s.all.Wait()
	return err
}

func (s *Sim) accept() {
	for {
		c, err := s.lis.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.tries++
		s.told()
		s.mu.Unlock()
		s.all.Go(func() {
			s.serve(c)
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
			_ = c.Close() // served to its end, or cut off by Close
		})
	}
}
