package api_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/desk"
	"parley/internal/inbox"
	"parley/internal/member"
	"parley/internal/store"
)

// frame is one frame of a stream.
type frame struct{ id, event, data string }

// listener reads a stream; its channel closes when the stream ends.
type listener struct {
	frames chan frame
	res    *http.Response
}

func (w *world) listen(t *testing.T, a ask) *listener {
	t.Helper()
	a.method = "GET"
	if a.path == "" {
		a.path = "/api/v1/events"
	}
	if a.header == nil {
		a.header = map[string]string{}
	}
	a.header["Accept"] = "text/event-stream"
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	res, err := w.server.Client().Do(w.request(t, a).WithContext(ctx))
	must(t, err)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		body, _ := io.ReadAll(res.Body)
		t.Fatalf("no stream: %d %s", res.StatusCode, body)
	}
	l := &listener{frames: make(chan frame, 1000), res: res}
	go l.read()
	return l
}

func (l *listener) read() {
	defer close(l.frames)
	defer l.res.Body.Close()
	in := bufio.NewScanner(l.res.Body)
	in.Buffer(nil, 1<<20)
	var f frame
	for in.Scan() {
		name, value, _ := strings.Cut(in.Text(), ": ")
		switch name {
		case "id":
			f.id = value
		case "event":
			f.event = value
		case "data":
			f.data = value
		case "":
			if f.event == "" {
				f.event = "heartbeat"
			}
			l.frames <- f
			f = frame{}
		}
	}
}

// next waits for the next frame that is not a heartbeat.
func (l *listener) next(t *testing.T) frame {
	t.Helper()
	for {
		select {
		case f, ok := <-l.frames:
			if !ok {
				t.Fatal("the stream ended")
			}
			if f.event != "heartbeat" {
				return f
			}
		case <-time.After(patience):
			t.Fatal("nothing came")
		}
	}
}

func (w *world) note(t *testing.T, text string) {
	t.Helper()
	_, err := w.inbox.Reply(t.Context(), w.a.ws.ID, w.a.conversation, desk.Actor{Kind: desk.ByMember, ID: w.a.owner.ID, Name: "o"}, inbox.Reply{Body: text, Note: true})
	must(t, err)
}

func TestTheStreamShowsWhatHappensAndReplaysFromANumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := w.listen(t, ask{cookie: w.a.cookie})
		if f := l.next(t); f.event != "hello" || !strings.Contains(f.data, `"no":`) {
			t.Fatalf("%+v", f)
		}
		var ids []string
		for i := range 3 {
			w.note(t, "note "+strconv.Itoa(i))
			f := l.next(t)
			var ev api.Event
			got{body: f.data}.into(t, &ev)
			if f.event != "message.new" || ev.Message == nil || ev.Message.Body != "note "+strconv.Itoa(i) || f.id != strconv.FormatInt(ev.No, 10) || ev.Thread == nil {
				t.Fatalf("%+v", f)
			}
			ids = append(ids, f.id)
		}
		again := w.listen(t, ask{key: w.a.key, header: map[string]string{"Last-Event-ID": ids[0]}})
		if f := again.next(t); f.event != "hello" {
			t.Fatalf("%+v", f)
		}
		for _, id := range ids[1:] {
			if f := again.next(t); f.id != id {
				t.Fatalf("got %s, want %s", f.id, id)
			}
		}
		var list api.Events
		w.want(t, 200, ask{method: "GET", path: "/api/v1/events?after=" + ids[0], cookie: w.a.cookie}).into(t, &list)
		if len(list.Items) != 2 || list.Next != ids[2] {
			t.Fatalf("poll: %d items, next %s", len(list.Items), list.Next)
		}
		w.want(t, 204, ask{method: "POST", path: "/api/v1/conversations/" + w.a.conversation.String() + "/typing", cookie: w.a.cookie})
		if f := again.next(t); f.event != "typing" || f.id != "" || !strings.Contains(f.data, w.a.conversation.String()) {
			t.Fatalf("%+v", f)
		}
	})
}

func TestTheStreamShowsNobodyElsesBusiness(t *testing.T) {
	t.Parallel()
	w := one(t)
	k, err := w.members.AddKey(t.Context(), w.a.ws.ID, member.KeyWish{Name: "figures", Role: desk.RoleAnalyst}, desk.Actor{Kind: desk.BySystem})
	must(t, err)
	beta, analyst := w.listen(t, ask{key: w.b.key}), w.listen(t, ask{key: k.Token})
	beta.next(t)
	analyst.next(t)
	w.note(t, "only for Alpha's inbox")
	w.want(t, 204, ask{method: "POST", path: "/api/v1/conversations/" + w.a.conversation.String() + "/typing", cookie: w.a.cookie})
	w.want(t, 200, ask{method: "PATCH", path: "/api/v1/workspace", body: `{"name":"Alpha2"}`, cookie: w.a.cookie})
	if f := analyst.next(t); f.event != "workspace.changed" {
		t.Fatalf("a role without conversations hears %+v", f)
	}
	w.want(t, 200, ask{method: "PATCH", path: "/api/v1/workspace", body: `{"name":"Beta2"}`, key: w.b.key})
	if f := beta.next(t); f.event != "workspace.changed" {
		t.Fatalf("another workspace hears %+v", f)
	}
}

func TestAStreamEndsWithinFiveSecondsOfItsSignIn(t *testing.T) {
	t.Parallel()
	w := one(t)
	l := w.listen(t, ask{cookie: w.a.cookie})
	l.next(t)
	begin := w.Fake.Now()
	w.want(t, 204, ask{method: "DELETE", path: "/api/v1/session", cookie: w.a.cookie})
	w.tickUntil(t, func() bool {
		select {
		case _, open := <-l.frames:
			return !open
		default:
			return false
		}
	})
	if took := w.Fake.Now().Sub(begin); took > 5*time.Second {
		t.Fatalf("it went on for %s", took)
	}
}

// tickUntil moves the clock second by second and waits after each for the
// server to have looked at it.
func (w *world) tickUntil(t *testing.T, done func() bool) {
	t.Helper()
	if w.tickWhile(t, 60, func() bool { return !done() }) {
		t.Fatal("it never happened")
	}
}

// tickWhile is tickUntil for some seconds at most; it says whether all of them
// went by.
func (w *world) tickWhile(t *testing.T, seconds int, on func() bool) bool {
	t.Helper()
	for range seconds {
		w.Fake.Advance(time.Second)
		for range 200 {
			if !on() {
				return false
			}
			w.want(t, 200, ask{method: "GET", path: "/healthz"})
		}
	}
	return true
}

func TestAStreamShowsASignOfLife(t *testing.T) {
	t.Parallel()
	w := one(t)
	l := w.listen(t, ask{key: w.a.key})
	l.next(t)
	begin := w.Fake.Now()
	w.tickUntil(t, func() bool {
		select {
		case f := <-l.frames:
			return f.event == "heartbeat"
		default:
			return false
		}
	})
	// Every 15 s; the test's clock does not wait for a machine that is busy.
	if took := w.Fake.Now().Sub(begin); took > 45*time.Second {
		t.Fatalf("after %s", took)
	}
}

func TestAClientOlderThanTheEventsLoadsAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.note(t, "x")
		w.Fake.Jump(8 * 24 * time.Hour)
		must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.DropEvents(tx.Now().Add(-7*24*time.Hour), 1000)
			return err
		}))
		l := w.listen(t, ask{key: w.a.key, header: map[string]string{"Last-Event-ID": "1"}})
		if f := l.next(t); f.event != "reset" {
			t.Fatalf("%+v", f)
		}
		var list api.Events
		w.want(t, 200, ask{method: "GET", path: "/api/v1/events?after=1", key: w.a.key}).into(t, &list)
		if !list.Reset || list.Next == "1" {
			t.Fatalf("%+v", list)
		}
	})
}

func TestALongPollWaitsForTheNextEvent(t *testing.T) {
	t.Parallel()
	w := one(t)
	var now api.Events
	w.want(t, 200, ask{method: "GET", path: "/api/v1/events", key: w.a.key}).into(t, &now)
	if now.Next == "" || now.Next == "0" || len(now.Items) != 0 {
		t.Fatalf("where the stream stands now: %+v", now)
	}
	came := make(chan got, 1)
	req := w.request(t, ask{method: "GET", path: "/api/v1/events?wait=25&after=" + now.Next, key: w.a.key})
	go func() {
		res, err := w.server.Client().Do(req)
		if err != nil {
			close(came)
			return
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		came <- got{status: res.StatusCode, body: string(body)}
	}()
	w.note(t, "at last")
	select {
	case g := <-came:
		var list api.Events
		g.into(t, &list)
		if len(list.Items) == 0 || list.Items[0].Message == nil || list.Items[0].Message.Body != "at last" {
			t.Fatalf("%+v", g)
		}
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
}

func TestOnePersonHasABoundedNumberOfStreams(t *testing.T) {
	t.Parallel()
	w := one(t)
	for range 12 {
		w.listen(t, ask{key: w.a.key})
	}
	g := w.want(t, 429, ask{method: "GET", path: "/api/v1/events", key: w.a.key, header: map[string]string{"Accept": "text/event-stream"}})
	if g.problem(t).Code != "too_many_streams" || g.header.Get("Retry-After") == "" {
		t.Fatalf("%s", g.body)
	}
	w.listen(t, ask{key: w.b.key})
}
