package tape

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"slices"
	"sync"
)

// Tape is the recording part of a stand-in for things of kind T. Its methods may
// be called at once from many goroutines.
type Tape[T any] struct {
	server *httptest.Server
	came   chan T

	mu    sync.Mutex
	bytes []byte
	wrong []string
}

// Start begins to listen, with room for so many things that nobody took; what
// comes beyond is kept as bytes alone. Close ends it.
func Start[T any](room int, take http.HandlerFunc) *Tape[T] {
	return &Tape[T]{came: make(chan T, room), server: httptest.NewServer(take)}
}

// Close stops listening.
func (t *Tape[T]) Close() { t.server.Close() }

// URL is where it listens.
func (t *Tape[T]) URL() string { return t.server.URL }

// Came hands out things as they come.
func (t *Tape[T]) Came() <-chan T { return t.came }

// Bytes is everything that came, heads and bodies.
func (t *Tape[T]) Bytes() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.bytes)
}

// Wrong lists what did not follow the protocol.
func (t *Tape[T]) Wrong() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.wrong)
}

// Body keeps a request and gives its body, cut off at most bytes.
func (t *Tape[T]) Body(r *http.Request, most int64) ([]byte, error) {
	head, _ := httputil.DumpRequest(r, false) // a request that was served can be printed
	body, err := io.ReadAll(io.LimitReader(r.Body, most))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bytes = append(append(t.bytes, head...), body...)
	return body, err
}

// Blame notes what did not follow the protocol.
func (t *Tape[T]) Blame(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wrong = append(t.wrong, what)
}

// Hand puts things where Came finds them.
func (t *Tape[T]) Hand(all []T) {
	for _, one := range all {
		select {
		case t.came <- one:
		default:
		}
	}
}
