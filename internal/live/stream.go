package live

import (
	"context"
	"encoding/json"
	"slices"

	"parley/internal/desk"
	"parley/internal/store"
)

// Errors of a stream.
var (
	// ErrTooOld: the number is older than the rows that are kept, or newer than
	// the last one given; the client loads everything anew.
	ErrTooOld error = desk.Fail(desk.Conflict, "too_old", "these events are no longer kept; load anew")
	// ErrClosed: the stream or the hub was closed.
	ErrClosed error = desk.Fail(desk.Unavailable, "stream_closed", "the stream is closed; connect again")
)

// Now, as a number to start after, means only what happens from now on.
const Now = int64(-1)

// Stream gives one reader the events of a workspace or of one conversation. One
// goroutine reads it.
type Stream struct {
	hub          *Hub
	ws           desk.ID
	conversation desk.ID // 0 = all
	ready        chan struct{}

	// Guarded by the hub's lock.
	at      int64 // everything up to here was delivered or is not for this reader
	replays bool  // reads rows until it has caught up with its room
	pending []desk.Event
	frames  []Frame
	closed  bool
}

// Subscribe starts a stream of all events of a workspace with a number above
// after. The reader must Close it.
func (h *Hub) Subscribe(ctx context.Context, ws desk.ID, after int64) (*Stream, error) {
	return h.subscribe(ctx, ws, 0, after)
}

// SubscribeConversation starts a stream of one conversation's events and of the
// changes of its workspace.
func (h *Hub) SubscribeConversation(ctx context.Context, ws, conversation desk.ID, after int64) (*Stream, error) {
	return h.subscribe(ctx, ws, conversation, after)
}

func (h *Hub) subscribe(ctx context.Context, ws, conversation desk.ID, after int64) (*Stream, error) {
	// The room is there before the numbers are read, so that no commit falls
	// between the two.
	r, err := h.open(ws)
	if err != nil {
		return nil, err
	}
	var oldest, last int64
	err = h.db.In(ws).Read(ctx, func(rx *store.Rx) (err error) {
		oldest, last, err = rx.EventNumbers()
		return err
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	r.opening--
	defer h.tidy(ws, r)
	if err != nil {
		return nil, err
	}
	if after == Now {
		after = last
	}
	if after < 0 || after > last || after < last && (oldest == 0 || after < oldest-1) {
		return nil, ErrTooOld
	}
	if h.closed {
		return nil, ErrClosed
	}
	if !r.opened {
		r.opened, r.seen = true, last
		h.behind[ws] = true
		h.ring()
	}
	s := &Stream{hub: h, ws: ws, conversation: conversation, ready: make(chan struct{}, 1), at: after, replays: true}
	r.enter(s)
	s.knock()
	return s, nil
}

func (h *Hub) open(ws desk.ID) (*room, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	r := h.rooms[ws]
	if r == nil {
		r = &room{all: map[*Stream]struct{}{}, talking: map[desk.ID][]*Stream{}}
		h.rooms[ws] = r
	}
	r.opening++
	return r, nil
}

// tidy forgets a room that nobody is in; the hub is locked.
func (h *Hub) tidy(ws desk.ID, r *room) {
	if len(r.all)+len(r.talking)+r.opening == 0 {
		delete(h.rooms, ws)
	}
}

func (r *room) enter(s *Stream) {
	if s.conversation == 0 {
		r.all[s] = struct{}{}
		return
	}
	r.talking[s.conversation] = append(r.talking[s.conversation], s)
}

// Close ends the stream; a waiting Next answers ErrClosed.
func (s *Stream) Close() {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.closed {
		return
	}
	s.closed, s.pending, s.frames = true, nil, nil
	s.knock()
	r := h.rooms[s.ws]
	if r == nil {
		return
	}
	delete(r.all, s)
	if those := r.talking[s.conversation]; those != nil {
		if those = slices.DeleteFunc(those, func(o *Stream) bool { return o == s }); len(those) == 0 {
			delete(r.talking, s.conversation)
		} else {
			r.talking[s.conversation] = those
		}
	}
	h.tidy(s.ws, r)
}

// Ready receives when Next may have something, so that a server can wait for
// many things at once. After each receive call Next, which may then still wait:
// give it a ctx of its own, or call Take.
func (s *Stream) Ready() <-chan struct{} { return s.ready }

// Next waits for events and returns them in order, at most 500. It returns none
// and no error when only frames wait.
func (s *Stream) Next(ctx context.Context) ([]desk.Event, error) {
	for {
		events, more, err := s.Take(ctx)
		if more || err != nil {
			return events, err
		}
		select {
		case <-s.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Take returns what is there without waiting for events to happen; some is
// false when there is nothing.
func (s *Stream) Take(ctx context.Context) (events []desk.Event, some bool, err error) {
	for {
		events, replay, some, err := s.state()
		if !replay || err != nil {
			return events, some, err
		}
		if events, err = s.replay(ctx); err != nil || len(events) > 0 {
			return events, true, err
		}
	}
}

// state takes what waits in memory. replay: rows have to be read first.
func (s *Stream) state() (events []desk.Event, replay, some bool, err error) {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.closed || h.closed {
		return nil, false, false, ErrClosed
	}
	if s.replays {
		if r := h.rooms[s.ws]; s.at < r.seen {
			return nil, true, false, nil
		}
		s.replays = false
	}
	events, s.pending = s.pending, nil
	if n := len(events); n > 0 {
		s.at = events[n-1].No
	}
	return events, false, len(events)+len(s.frames) > 0, nil
}

// replay reads one page of rows and keeps what is for this reader.
func (s *Stream) replay(ctx context.Context) ([]desk.Event, error) {
	s.hub.mu.Lock()
	after := s.at
	s.hub.mu.Unlock()
	events, err := s.hub.read(ctx, s.ws, after)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 || events[0].No != after+1 {
		return nil, ErrTooOld // deleted since, while this reader was away
	}
	s.hub.mu.Lock()
	s.at = events[len(events)-1].No
	s.hub.mu.Unlock()
	if s.conversation == 0 {
		return events, nil
	}
	mine := events[:0]
	for _, e := range events {
		if concerns(e, s.conversation) {
			mine = append(mine, e)
		}
	}
	return mine, nil
}

// take gets a new event; the hub is locked.
func (s *Stream) take(e desk.Event) {
	switch {
	case s.replays || e.No <= s.at: // will be read, or was
	case len(s.pending) >= waiting:
		s.at, s.replays, s.pending = s.pending[0].No-1, true, nil
	default:
		s.pending = append(s.pending, e)
	}
	s.knock()
}

func (s *Stream) knock() {
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

// Frame is something worth no row, such as "somebody is typing". Kind and Data
// have at most 256 bytes together.
type Frame struct {
	Conversation desk.ID `json:"c"`
	Kind         string  `json:"k"`
	Data         string  `json:"d"`
}

const (
	maxFrame   = 256
	waitFrames = 16
)

// Publish sends a frame to who watches the workspace, or its conversation, now.
func (h *Hub) Publish(ws desk.ID, f Frame) error {
	if len(f.Kind)+len(f.Data) > maxFrame {
		return desk.Fail(desk.Invalid, "frame_too_long", "a frame has at most 256 bytes")
	}
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	h.db.Say(ws, text)
	return nil
}

func (h *Hub) heard(ws desk.ID, words []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[ws]
	if r == nil {
		return
	}
	var f Frame
	if json.Unmarshal(words, &f) != nil {
		return
	}
	for s := range r.all {
		s.takeFrame(f)
	}
	for _, s := range r.talking[f.Conversation] {
		s.takeFrame(f)
	}
}

// takeFrame keeps the newest few for a reader that is slow.
func (s *Stream) takeFrame(f Frame) {
	if len(s.frames) == waitFrames {
		s.frames = append(s.frames[:0], s.frames[1:]...)
	}
	s.frames = append(s.frames, f)
	s.knock()
}

// Frames takes the frames that wait.
func (s *Stream) Frames() []Frame {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	frames := s.frames
	s.frames = nil
	return frames
}
