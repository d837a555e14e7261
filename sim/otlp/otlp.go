// Package otlp stands in for a collector that speaks OpenTelemetry's protocol
// over HTTP in protobuf: it holds what comes to the published form and keeps
// every byte.
//
// It never imports the sender it tests. It reads the protocol's wire format by
// itself, far enough to name spans and records.
package otlp

import (
	"net/http"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"

	"parley/sim/tape"
)

// Item is a span or a record.
type Item struct {
	Kind string            // span or log
	Name string            // of a span, or the event name of a record
	Body string            // of a record
	With map[string]string // attributes that are texts
}

// Sim is the stand-in.
type Sim struct {
	*tape.Tape[Item]
	hold chan struct{} // closed: it answers
}

// Start begins to listen; Close ends that.
func Start() *Sim {
	s, release := StartSlow()
	release()
	return s
}

// StartSlow is a collector that takes what comes and answers nothing before
// release is called.
func StartSlow() (s *Sim, release func()) {
	s = &Sim{hold: make(chan struct{})}
	s.Tape = tape.Start[Item](65536, s.take)
	return s, sync.OnceFunc(func() { close(s.hold) })
}

const maxBody = 8 << 20

func (s *Sim) take(w http.ResponseWriter, r *http.Request) {
	body, err := s.Body(r, maxBody)
	kind := map[string]string{"/v1/traces": "span", "/v1/logs": "log"}[r.URL.Path]
	items, ok := read(body, kind)
	wrong := ""
	switch {
	case err != nil:
		wrong = err.Error()
	case r.Method != http.MethodPost || kind == "":
		wrong = "sent to " + r.Method + " " + r.URL.Path
	case r.Header.Get("Content-Type") != "application/x-protobuf":
		wrong = "content type " + r.Header.Get("Content-Type")
	case !ok || len(items) == 0:
		wrong = "a body that cannot be read"
	}
	if wrong != "" {
		s.Blame(wrong)
	}
	s.Hand(items)
	select {
	case <-s.hold:
	case <-r.Context().Done():
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	if wrong != "" {
		w.WriteHeader(http.StatusBadRequest)
	}
}

// fields calls fn with every field of a message that has a length.
func fields(b []byte, fn func(no protowire.Number, value []byte) bool) bool {
	for len(b) > 0 {
		no, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return false
		}
		b = b[n:]
		size := protowire.ConsumeFieldValue(no, typ, b)
		if size < 0 {
			return false
		}
		if typ == protowire.BytesType {
			v, _ := protowire.ConsumeBytes(b)
			if !fn(no, v) {
				return false
			}
		}
		b = b[size:]
	}
	return true
}

// read goes down resource → scope → item; both kinds have the same numbers there.
func read(body []byte, kind string) (items []Item, ok bool) {
	ok = fields(body, func(no protowire.Number, resource []byte) bool {
		return no != 1 || fields(resource, func(no protowire.Number, scope []byte) bool {
			return no != 2 || fields(scope, func(no protowire.Number, item []byte) bool {
				if no != 2 {
					return true
				}
				i, good := one(item, kind)
				items = append(items, i)
				return good
			})
		})
	})
	return items, ok
}

// one reads an item by the numbers of trace.proto and logs.proto.
func one(b []byte, kind string) (Item, bool) {
	i := Item{Kind: kind, With: map[string]string{}}
	name, attribute := protowire.Number(5), protowire.Number(9)
	if kind == "log" {
		name, attribute = 12, 6
	}
	ok := fields(b, func(no protowire.Number, v []byte) bool {
		switch {
		case no == name:
			i.Name = string(v)
		case no == attribute:
			key, value := "", ""
			good := fields(v, func(no protowire.Number, v []byte) bool {
				if no == 1 {
					key = string(v)
					return true
				}
				return fields(v, func(_ protowire.Number, v []byte) bool { value = string(v); return true })
			})
			i.With[key] = value
			return good
		case no == 5 && kind == "log":
			return fields(v, func(_ protowire.Number, v []byte) bool { i.Body = string(v); return true })
		}
		return true
	})
	return i, ok
}
