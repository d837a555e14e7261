package crash

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
)

const (
	question = "Can I return a coat that is too small?"
	lines    = 5 // of one visitor: below the number after which the AI calls a person
	perLife  = 4 // lines of one writer between two starts
)

// writer is a person at a keyboard: it sends one line after the other, each
// again and again until it was acknowledged, whatever happens to the server.
type writer struct {
	in    *place
	name  string
	chats int
	token string // of the visit that goes on
	sent  int    // of its lines, acknowledged
	acked []string
}

// id names a line; the program is told it as the sender's own name for it.
func (w *writer) id() string { return fmt.Sprintf("%s-chat%03d-line%d", w.name, w.chats, w.sent) }

// write sends up to n lines; false when the server went away.
func (w *writer) write(p *process, n int) bool {
	for range n {
		if w.token == "" || w.sent == lines {
			if !w.begin(p) {
				return false
			}
		}
		if !w.line(p) {
			return false
		}
	}
	return true
}

func (w *writer) begin(p *process) bool {
	var session struct{ Token string }
	_, err := p.call(http.MethodPost, w.in.url("/api/v1/widget/"+w.in.widget+"/session"), nil,
		map[string]any{"boot_token": w.in.boot, "consent": "granted", "locale": "en"}, &session)
	if !w.answered(err, session.Token != "") {
		return false
	}
	w.token, w.sent = session.Token, 0
	w.chats++
	return true
}

func (w *writer) line(p *process) bool {
	status, err := p.call(http.MethodPost, w.in.url("/api/v1/widget/"+w.in.widget+"/messages"),
		map[string]string{"Authorization": "Widget " + w.token}, map[string]any{"client_id": w.id(), "body": question}, nil)
	if !w.answered(err, status == http.StatusCreated) {
		return false
	}
	w.acked = append(w.acked, w.id())
	w.sent++
	w.in.noted()
	return true
}

// answered tells an answer from a server that went away; a refusal is a fault.
func (w *writer) answered(err error, ok bool) bool {
	if err == nil && !ok {
		w.in.t.Errorf("%s: an answer without what was asked for", w.name)
	}
	if refused(err) {
		w.in.t.Errorf("%s: %v", w.name, err)
	}
	return err == nil && ok
}

// member answers one conversation, which it took over, by key.
type member struct {
	in    *place
	talk  string // id of the conversation
	acked []string
}

func (m *member) write(p *process, n int) bool {
	for range n {
		id := fmt.Sprintf("reply %04d", len(m.acked))
		head := m.in.bearer()
		head["Idempotency-Key"] = id
		_, err := p.call(http.MethodPost, m.in.url("/api/v1/conversations/"+m.talk+"/messages"), head, map[string]any{"body": id}, nil)
		if refused(err) {
			m.in.t.Errorf("member: %v", err)
		}
		if err != nil {
			return false
		}
		m.acked = append(m.acked, id)
		m.in.noted()
	}
	return true
}

// noted tells of one more line that was acknowledged.
func (in *place) noted() {
	select {
	case in.taken <- struct{}{}:
	default: // nobody counts
	}
}

// load is everybody who writes to one install.
type load struct {
	writers []*writer
	member  *member
}

// newLoad opens the member's conversation; the writers begin by themselves.
func newLoad(in *place) *load {
	in.t.Helper()
	p := in.start()
	p.up()
	l := &load{}
	first := &writer{in: in, name: "first"}
	if !first.write(p, 1) {
		in.t.Fatal("the first line was not taken")
	}
	var all struct{ Items []struct{ ID string } }
	in.until("the first conversation is there", func() bool {
		in.want(p, http.MethodGet, "/api/v1/conversations", nil, &all)
		return len(all.Items) == 1
	})
	l.member = &member{in: in, talk: all.Items[0].ID}
	in.want(p, http.MethodPost, "/api/v1/conversations/"+l.member.talk+"/take-over", nil, nil)
	l.writers = append(l.writers, first)
	for i := range 5 {
		l.writers = append(l.writers, &writer{in: in, name: fmt.Sprintf("writer%d", i)})
	}
	p.stop()
	return l
}

// begin lets everybody write; the returned function waits until they stopped,
// which they do when the server goes away or they have said enough.
func (l *load) begin(p *process) (wait func() (all bool)) {
	var wg sync.WaitGroup
	done := make([]bool, len(l.writers)+1)
	for i, w := range l.writers[1:] {
		wg.Go(func() { done[i] = w.write(p, perLife) })
	}
	wg.Go(func() { done[len(done)-1] = l.member.write(p, perLife) })
	done[len(done)-2] = true // the first writer has said what it had to
	return func() bool {
		wg.Wait()
		return !slices.Contains(done, false)
	}
}

// acked is every line of visitors that was acknowledged.
func (l *load) acked() (all []string) {
	for _, w := range l.writers {
		all = append(all, w.acked...)
	}
	return all
}
