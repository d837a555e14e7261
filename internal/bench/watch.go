package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/test/storm"
)

// watch is a member's screen: an open stream of events, and what it is to see.
type watch struct {
	body io.Closer
	ends error

	mu      sync.Mutex
	due     map[string]time.Time // lines that were not seen yet, by the sender's name
	asked   map[string]time.Time // questions without answer, by conversation
	seen    sample
	answers sample
	bell    chan struct{}
}

// watch opens the stream of events that a dashboard reads.
func (c *client) watch(ctx context.Context, o order) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.URL+"/api/v1/events", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+o.Token)
	req.Header.Set("Accept", "text/event-stream")
	res, err := (&http.Client{}).Do(req)
	if err != nil {
		return err
	}
	w := &watch{body: res.Body, due: map[string]time.Time{}, asked: map[string]time.Time{}, bell: make(chan struct{}, 1)}
	c.watched = w
	lines := bufio.NewReaderSize(res.Body, 64<<10)
	if _, err := lines.ReadString('\n'); err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("the stream of events: %s, %w", res.Status, err)
	}
	go func() {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				w.mu.Lock()
				w.ends = err
				w.mu.Unlock()
				w.ring()
				return
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				w.event(data, c)
			}
		}
	}()
	return nil
}

func (w *watch) ring() {
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

// event notes what the screen now shows.
func (w *watch) event(data string, c *client) {
	now := c.clk.Now()
	var e struct {
		Conversation string `json:"conversation_id"`
		Message      *struct {
			Direction string
			Status    string
			Provider  string `json:"provider_id"`
			Author    struct{ Kind string }
		}
	}
	if json.Unmarshal([]byte(data), &e) != nil || e.Message == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	m := e.Message
	if _, name, own := strings.Cut(m.Provider, ":"); m.Direction == "in" {
		if !own {
			name = m.Provider
		}
		if due, ok := w.due[name]; ok {
			delete(w.due, name)
			w.seen = append(w.seen, now.Sub(due))
			w.asked[e.Conversation] = due
			w.ring()
		}
	}
	if due, ok := w.asked[e.Conversation]; ok && m.Author.Kind == "ai" && m.Status == "sent" {
		delete(w.asked, e.Conversation)
		w.answers = append(w.answers, now.Sub(due))
		w.ring()
	}
}

// talk lets the visitors write in turn, at a rate, and waits until the open
// screen has shown each line, or, when they ask, each answer as sent.
func (c *client) talk(ctx context.Context, o order, ask bool) (done result, err error) {
	h := httpClient(o.C)
	defer h.CloseIdleConnections()
	return c.shown(ctx, o, ask, func(i int) (string, func() error) {
		name := fmt.Sprint(token(), i)
		return name, func() error { return c.say(ctx, h, c.visits[i%len(c.visits)], name, o.Lines[i%len(o.Lines)]) }
	})
}

// hook lets people write at Meta, whose deliveries come at a rate, and waits as
// talk does.
func (c *client) hook(ctx context.Context, o order) (result, error) {
	h := httpClient(o.C)
	defer h.CloseIdleConnections()
	events := storm.Talk(metaAccounts(), metaPeople, 0, o.N, c.clk.Now().Add(-time.Duration(o.N)*time.Second))
	return c.shown(ctx, o, false, func(i int) (string, func() error) {
		e := events[i].Long()
		return e.ID, func() error { return deliverTo(ctx, h, o.URL, signed(e)) }
	})
}

// shown says one thing after the other, each by a name of its own.
func (c *client) shown(ctx context.Context, o order, ask bool, next func(i int) (name string, say func() error)) (done result, err error) {
	w := c.watched
	var mu sync.Mutex
	took, err := inTime(ctx, c.clk, o, func(i int, due time.Time) error {
		name, say := next(i)
		w.mu.Lock()
		w.due[name] = due
		w.mu.Unlock()
		err := say()
		mu.Lock()
		defer mu.Unlock()
		done.Sent = append(done.Sent, c.clk.Since(due))
		return err
	})
	if err != nil {
		return done, err
	}
	done.Seconds = took.Seconds()
	err = w.wait(ctx, c, o, ask)
	w.mu.Lock()
	defer w.mu.Unlock()
	done.MS = w.seen
	if ask {
		done.MS = w.answers
	}
	done.Missing = o.N - len(done.MS)
	w.seen, w.answers = nil, nil
	clear(w.due)
	clear(w.asked)
	return done, err
}

// wait gives what is still to come a while.
func (w *watch) wait(ctx context.Context, c *client, o order, ask bool) error {
	over := c.clk.NewTimer(o.Wait)
	defer over.Stop()
	for {
		w.mu.Lock()
		have, ends := len(w.seen), w.ends
		if ask {
			have = len(w.answers)
		}
		w.mu.Unlock()
		if have >= o.N || ends != nil {
			return ends
		}
		select {
		case <-w.bell:
		case <-over.C():
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
