// Package sentry stands in for a service that speaks Sentry's protocol: it takes
// envelopes, holds them to their published form and keeps every byte that came.
//
// It never imports the sender it tests.
package sentry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"parley/sim/tape"
)

// Item is one part of an envelope.
type Item struct {
	Type  string
	Event map[string]any
}

// Sim is the stand-in.
type Sim struct{ *tape.Tape[Item] }

// Key and Project are those of its DSN.
const (
	Key     = "0123456789abcdef0123456789abcdef"
	Project = "42"
)

// Start begins to listen; Close ends that.
func Start() *Sim {
	s := &Sim{}
	s.Tape = tape.Start[Item](256, s.take)
	return s
}

// DSN is what a sender is set to.
func (s *Sim) DSN() string {
	u, err := url.Parse(s.URL())
	if err != nil {
		return ""
	}
	return "http://" + Key + "@" + u.Host + "/" + Project
}

const maxEnvelope = 1 << 20

func (s *Sim) take(w http.ResponseWriter, r *http.Request) {
	body, err := s.Body(r, maxEnvelope)
	items, wrong := read(body)
	if err != nil {
		wrong = err.Error()
	}
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/api/"+Project+"/envelope/":
		wrong = "sent to " + r.Method + " " + r.URL.Path
	case !strings.Contains(r.Header.Get("X-Sentry-Auth"), "sentry_key="+Key):
		wrong = "no key"
	case r.Header.Get("Content-Type") != "application/x-sentry-envelope":
		wrong = "content type " + r.Header.Get("Content-Type")
	}
	if wrong != "" {
		s.Blame(wrong)
		http.Error(w, `{"detail":"bad envelope"}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"id":"0"}`) // a sender that left needs none
	s.Hand(items)
}

// read takes an envelope apart: a line of JSON, then for each item a line of JSON
// and its payload, by length where one is given.
func read(body []byte) (items []Item, wrong string) {
	line, rest, ok := bytes.Cut(body, []byte("\n"))
	var head struct {
		EventID string `json:"event_id"`
	}
	if !ok || json.Unmarshal(line, &head) != nil || len(head.EventID) != 32 {
		return nil, "the envelope's head cannot be read"
	}
	for len(bytes.TrimSpace(rest)) > 0 {
		line, rest, ok = bytes.Cut(rest, []byte("\n"))
		var item struct {
			Type   string `json:"type"`
			Length *int   `json:"length"`
		}
		if !ok || json.Unmarshal(line, &item) != nil || item.Type == "" {
			return nil, "an item's head cannot be read"
		}
		payload := rest
		if item.Length == nil {
			payload, rest, _ = bytes.Cut(rest, []byte("\n"))
		} else if *item.Length > len(rest) {
			return nil, "an item is shorter than it says"
		} else {
			payload, rest = rest[:*item.Length], rest[*item.Length:]
		}
		i := Item{Type: item.Type}
		if err := json.Unmarshal(payload, &i.Event); err != nil {
			return nil, fmt.Sprintf("an item of type %s is no JSON", item.Type)
		}
		items = append(items, i)
	}
	return items, ""
}
