// Package posthog stands in for a service that speaks PostHog's capture protocol:
// it takes batches and keeps every byte that came.
//
// It never imports the sender it tests.
package posthog

import (
	"encoding/json"
	"io"
	"net/http"

	"parley/sim/tape"
)

// Event is one event of a batch.
type Event struct {
	Event      string         `json:"event"`
	DistinctID string         `json:"distinct_id"`
	Properties map[string]any `json:"properties"`
}

// Key is the project's key.
const Key = "phc_0123456789abcdef"

// Sim is the stand-in.
type Sim struct{ *tape.Tape[Event] }

// Start begins to listen; Close ends that.
func Start() *Sim {
	s := &Sim{}
	s.Tape = tape.Start[Event](1024, s.take)
	return s
}

const maxBatch = 1 << 20

func (s *Sim) take(w http.ResponseWriter, r *http.Request) {
	body, err := s.Body(r, maxBatch)
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
	if wrong != "" {
		s.Blame(wrong)
		http.Error(w, `{"type":"validation_error"}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"status":1}`) // a sender that left needs none
	s.Hand(batch.Batch)
}
