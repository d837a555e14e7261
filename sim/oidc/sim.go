package oidc

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Person is somebody with an account at the provider.
type Person struct {
	Subject  string
	Email    string
	Verified bool
	Name     string
	Picture  []byte // of any kind; nil = none
}

// Options says what the provider knows. Empty fields have a value of their own.
type Options struct {
	Listen       string // host:port; "" = any free port of loopback
	ClientID     string
	ClientSecret string
	Redirects    []string // exact addresses a browser may be sent back to; none = any
	People       []Person
	Now          func() time.Time
}

// Request is one that was sent here.
type Request struct {
	Method, Path, Query string
	Header              http.Header
	Body                string
}

// grant is a code that was given out.
type grant struct {
	person    Person
	redirect  string
	nonce     string
	challenge string
	again     bool // the person was asked anew who they are
	spent     bool
}

// Sim is a running provider.
type Sim struct {
	opt     Options
	lis     net.Listener
	server  *http.Server
	key     *rsa.PrivateKey // the one it shows
	foreign *rsa.PrivateKey // one that nobody was shown
	done    chan struct{}

	mu     sync.Mutex
	seen   []Request
	lies   map[Lie]bool
	codes  map[string]*grant
	tokens map[string]Person
}

// Defaults of a Sim that was told nothing.
const (
	ClientID     = "parley.apps.example"
	ClientSecret = "s3cret-of-the-client"
)

// Start starts a provider; Close ends it.
func Start(opt Options) (*Sim, error) {
	if opt.Listen == "" {
		opt.Listen = "127.0.0.1:0"
	}
	if opt.ClientID == "" {
		opt.ClientID, opt.ClientSecret = ClientID, ClientSecret
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	s := &Sim{opt: opt, done: make(chan struct{}), lies: map[Lie]bool{}, codes: map[string]*grant{}, tokens: map[string]Person{}}
	for _, k := range []**rsa.PrivateKey{&s.key, &s.foreign} {
		var err error
		if *k, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return nil, err
		}
	}
	var err error
	if s.lis, err = net.Listen("tcp", opt.Listen); err != nil {
		return nil, err
	}
	if at, ok := s.lis.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return nil, errors.Join(errors.New("sim/oidc: it listens on loopback only"), s.lis.Close())
	}
	s.server = &http.Server{Handler: s.record(s.routes()), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(s.lis) }() // ends with Close
	return s, nil
}

// Close ends the provider and whatever it keeps waiting.
func (s *Sim) Close() error {
	close(s.done)
	return s.server.Shutdown(context.Background())
}

// Issuer is the provider's address.
func (s *Sim) Issuer() string { return "http://" + s.lis.Addr().String() }

// Add makes an account, in place of the one with its subject.
func (s *Sim) Add(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.opt.People {
		if s.opt.People[i].Subject == p.Subject {
			s.opt.People[i] = p
			return
		}
	}
	s.opt.People = append(s.opt.People, p)
}

// Clock sets the provider's clock.
func (s *Sim) Clock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opt.Now = now
}

func (s *Sim) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opt.Now()
}

func (s *Sim) person(subject string) (Person, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.opt.People {
		if p.Subject == subject {
			return p, true
		}
	}
	return Person{}, false
}

// Tell makes it tell these lies and no other; none = it is honest again.
func (s *Sim) Tell(lies ...Lie) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.lies)
	for _, l := range lies {
		s.lies[l] = true
	}
}

func (s *Sim) tells(l Lie) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lies[l]
}

// Requests is everything that was sent here, in order.
func (s *Sim) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.seen...)
}

const maxBody = 64 << 10

func (s *Sim) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.mu.Lock()
		s.seen = append(s.seen, Request{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), string(body)})
		s.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

func random() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
