// Package posthog stands in for a service that speaks PostHog's capture protocol:
// it takes batches and keeps every byte that came.
//
// It never imports the sender it tests.
package posthog

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync"
)

// Event is one event of a batch.
type Event struct {
	Event      string         `json:"event"`
	DistinctID string         `json:"distinct_id"`
	Properties map[string]any `json:"properties"`
}

// Key is the project's key.
const Key = "phc_0123456789abcdef"

// Sim is the stand-in. Its methods may be called at once from many goroutines.
type Sim struct {
	server *httptest.Server
	came   chan Event

	mu    sync.Mutex
	bytes []byte
	wrong []string
}

// Start begins to listen; Close ends that.
func Start() *Sim {
	s := &Sim{came: make(chan Event, 1024)}
	s.server = httptest.NewServer(http.HandlerFunc(s.take))
	return s
}

// Close stops listening.
func (s *Sim) Close() { s.server.Close() }

// URL is where it listens.
func (s *Sim) URL() string { return s.server.URL }

// Came hands out events as they come.
func (s *Sim) Came() <-chan Event { return s.came }

// Bytes is everything that came, heads and bodies.
func (s *Sim) Bytes() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.bytes)
}

// Wrong lists what did not follow the protocol.
func (s *Sim) Wrong() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.wrong...)
}

const maxBatch = 1 << 20

func (s *Sim) take(w http.ResponseWriter, r *http.Request) {
	head, _ := httputil.DumpRequest(r, false) // a request that was served can be printed
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBatch))
	var batch struct {
		Key   string  `json:"api_key"`
		Batch []Event `json:"batch"`
	}
	wrong := ""
	switch {
	case err != nil || json.Unmarshal(body, &batch) != nil:
		wrong = "the batch cannot be read"
	case r.Method != http.MethodPost || r.URL.Path != "/batch/":
		wrong = "sent to " + r.Method + " " + r.URL.Path
	case batch.Key != Key:
		wrong = "another key"
	}
	s.mu.Lock()
	s.bytes = append(append(s.bytes, head...), body...)
	if wrong != "" {
		s.wrong = append(s.wrong, wrong)
	}
	s.mu.Unlock()
	if wrong != "" {
		http.Error(w, `{"type":"validation_error"}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"status":1}`) // a sender that left needs none
	for _, e := range batch.Batch {
		select {
		case s.came <- e:
		default:
		}
	}
}
