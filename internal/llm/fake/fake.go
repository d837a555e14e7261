package fake

import (
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"strings"
	"sync"

	"parley/internal/llm"
)

// Answer is one line of a script.
type Answer struct {
	JSON  string // of an answer in a form, or
	Text  string
	Err   error
	Usage llm.Usage
	// Wait, where it is not nil, holds the answer back until it is closed or the
	// caller gives up.
	Wait <-chan struct{}
}

// Model is an llm.Adapter.
type Model struct {
	mu     sync.Mutex
	script []Answer
	always func(llm.Request) Answer
	asked  []llm.Request
	embeds []llm.EmbedRequest
	mute   chan struct{}
}

// New makes a model that gives these answers, one for each question.
func New(script ...Answer) *Model { return &Model{script: script} }

// By makes a model that answers by a function.
func By(fn func(llm.Request) Answer) *Model { return &Model{always: fn} }

// Say adds answers to the script.
func (m *Model) Say(more ...Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.script = append(m.script, more...)
}

// Asked gives the questions so far.
func (m *Model) Asked() []llm.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]llm.Request{}, m.asked...)
}

// Embedded gives the requests for vectors so far.
func (m *Model) Embedded() []llm.EmbedRequest {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]llm.EmbedRequest{}, m.embeds...)
}

// Mute makes it never answer a request for vectors: each ends when its caller
// gives up. The channel tells of each that came.
func (m *Model) Mute() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mute = make(chan struct{}, 100)
	return m.mute
}

// Bytes is the question as JSON.
func (m *Model) Bytes(r llm.Request) ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	return json.Marshal(r)
}

// Generate gives the next answer.
func (m *Model) Generate(ctx context.Context, r llm.Request) (llm.Reply, error) {
	if err := r.Check(); err != nil {
		return llm.Reply{}, err
	}
	a := m.next(r)
	if a.Wait != nil {
		select {
		case <-a.Wait:
		case <-ctx.Done():
		}
	}
	switch {
	case ctx.Err() != nil:
		return llm.Reply{}, llm.Ended(ctx)
	case a.Err != nil:
		return llm.Reply{Usage: a.Usage}, a.Err
	}
	out := llm.Reply{Text: a.Text, Usage: a.Usage, Model: r.Model, RequestID: "fake", Stop: "end"}
	if r.Schema != nil {
		out.JSON, out.Text = []byte(a.JSON), a.JSON
		if err := r.Schema.Check(out.JSON); err != nil {
			return llm.Reply{Usage: a.Usage}, err
		}
	}
	return out, nil
}

func (m *Model) next(r llm.Request) Answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = append(m.asked, r)
	if m.always != nil {
		return m.always(r)
	}
	if len(m.script) == 0 {
		return Answer{Err: &llm.Error{Kind: llm.Server, Cause: errors.New("the script of the fake model is at its end")}}
	}
	a := m.script[0]
	m.script = m.script[1:]
	return a
}

// Embed hashes words into a few numbers: texts with the same words are near.
func (m *Model) Embed(ctx context.Context, r llm.EmbedRequest) (llm.Vectors, error) {
	if err := r.Check(); err != nil {
		return llm.Vectors{}, err
	}
	m.mu.Lock()
	m.embeds = append(m.embeds, r)
	mute := m.mute
	m.mu.Unlock()
	if mute != nil {
		mute <- struct{}{}
		<-ctx.Done()
		return llm.Vectors{}, llm.Ended(ctx)
	}
	size := r.Dimensions
	if size == 0 {
		size = 64
	}
	out := llm.Vectors{Model: r.Model, Dimensions: size, RequestID: "fake"}
	for _, t := range r.Texts {
		v := make([]float32, size)
		for _, w := range strings.Fields(strings.ToLower(t)) {
			h := fnv.New32a()
			_, _ = h.Write([]byte(w)) // a hash takes everything
			v[h.Sum32()%uint32(size)]++
		}
		out.List = append(out.List, v)
		out.Usage.In += len(t) / 4
	}
	return out, nil
}
