package llmtest

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/llm"
)

// SameBody holds the body of the suite's question, or of the same without form,
// instructions and temperature, to the JSON in a file.
func (s Subject) SameBody(t *testing.T, file string, free bool) {
	t.Helper()
	r := s.Question()
	if free {
		r.Schema, r.Temperature, r.System = nil, nil, nil
	}
	body, err := s.Open(t, Key).Adapter.Bytes(r)
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(wanted, &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %s", file, body)
	}
}

// Toward gives an adapter with Key that may call one server of the test's own.
func (s Subject) Toward(t *testing.T, server string) llm.Adapter {
	t.Helper()
	r := httpx.Rule{Name: "model", Purpose: httpx.Infrastructure, Max: 4 << 20, Timeout: time.Minute}
	if err := r.Add(server); err != nil {
		t.Fatal(err)
	}
	return s.adapter(t, server, Key, clock.Real{}, r)
}
