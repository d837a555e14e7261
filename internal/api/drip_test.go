package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
)

// line is one bare connection to a server.
type line struct {
	net.Conn
	in *bufio.Reader
}

func (w *world) line(t *testing.T) line {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(w.server.URL, "http://"))
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	must(t, c.SetDeadline(time.Now().Add(patience)))
	return line{c, bufio.NewReader(c)}
}

func (l line) say(t *testing.T, text string) {
	t.Helper()
	_, err := io.WriteString(l, text)
	must(t, err)
}

// hear reads one answer.
func (l line) hear(t *testing.T) got {
	t.Helper()
	res, err := http.ReadResponse(l.in, nil)
	must(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	return got{res.StatusCode, res.Header, string(body)}
}

// ended reports whether the server closed the connection.
func (l line) ended() bool {
	_, err := l.in.ReadByte()
	slow, ok := err.(net.Error)
	return err != nil && (!ok || !slow.Timeout())
}

// pending waits until the server has one more timer than before.
func pending(t *testing.T, clk *clock.Fake, before int) {
	t.Helper()
	must(t, clk.BlockUntil(t.Context(), before+1))
}

// A body that drips is cut off, whether somebody wanted it or not, and so is
// every head: covers the slow-loris line of the doors. asvs: V15.2.2
func TestABodyThatDripsIsCutOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		head string
		want int
	}{
		"read by us":      {"POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 4000\r\nSec-Fetch-Site: same-origin\r\n", 408},
		"in chunks":       {"POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nSec-Fetch-Site: same-origin\r\n", 408},
		"read as it come": {"POST /api/v1/media HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 4000\r\nAuthorization: Bearer %s\r\n", 408},
		"refused":         {"POST /api/v1/conversations/1/messages HTTP/1.1\r\nContent-Length: 4000\r\n", 401},
		"nobody's":        {"POST /nowhere HTTP/1.1\r\nContent-Length: 4000\r\n", 408},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := one(t)
			l := w.line(t)
			before := w.Fake.Waiting()
			head := c.head
			if strings.Contains(head, "%s") {
				head = fmt.Sprintf(head, w.a.key)
			}
			l.say(t, head+"Host: localhost\r\n\r\n1\r\n{\r\n")
			pending(t, w.Fake, before)
			w.Fake.Advance(21 * time.Second) // the bytes that came buy a moment only
			if g := l.hear(t); g.status != c.want {
				t.Errorf("%d %s", g.status, g.body)
			}
			if !l.ended() {
				t.Error("the connection is still held")
			}
		})
	}
}

// What was read to its end, or not read at all, leaves the connection for the
// next request.
func TestAConnectionGoesOnAfterABody(t *testing.T) {
	t.Parallel()
	w := one(t)
	l := w.line(t)
	for range 3 {
		for path, want := range map[string]int{"/api/v1/session": 400, "/nowhere": 400} {
			l.say(t, "POST "+path+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 6000\r\n\r\n"+strings.Repeat("x", 6000))
			if g := l.hear(t); g.status != want {
				t.Fatalf("%s: %d %s", path, g.status, g.body)
			}
		}
	}
}

// Nothing that follows a request of unclear length is taken for another one.
// asvs: V4.2.1
func TestARequestOfUnclearLengthIsNeverTwo(t *testing.T) {
	t.Parallel()
	w := one(t)
	const hidden = "GET /api/docs HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for name, c := range map[string]struct{ head, body string }{
		"two lengths":              {"Content-Length: 2\r\nContent-Length: 50\r\n", "{}"},
		"a list of lengths":        {"Content-Length: 2, 50\r\n", "{}"},
		"a sign":                   {"Content-Length: +2\r\n", "{}"},
		"a negative length":        {"Content-Length: -2\r\n", "{}"},
		"a hexadecimal length":     {"Content-Length: 0x2\r\n", "{}"},
		"length and chunks":        {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"},
		"chunks and length":        {"Transfer-Encoding: chunked\r\nContent-Length: 60\r\n", "0\r\n\r\n"},
		"chunks twice":             {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"},
		"chunks in a list":         {"Transfer-Encoding: identity, chunked\r\n", "0\r\n\r\n"},
		"an unknown coding":        {"Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n", "{}"},
		"a space before the colon": {"Transfer-Encoding : chunked\r\n", "0\r\n\r\n"},
		"a bare line end":          {"X-A: b\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"},
		"a bad chunk":              {"Transfer-Encoding: chunked\r\n", "-1\r\n\r\n"},
		"a huge chunk":             {"Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n\r\n"},
	} {
		l := w.line(t)
		l.say(t, "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+c.head+"\r\n"+c.body+hidden)
		_ = l.Conn.(*net.TCPConn).CloseWrite() //nolint:forcetypeassert // it was dialled as one
		all, err := io.ReadAll(l.in)
		must(t, err)
		if n := strings.Count(string(all), "HTTP/1.1 "); n > 1 || strings.Contains(string(all), "HTTP/1.1 200") {
			t.Errorf("%s: %d answers: %.200s", name, n, all)
		}
	}
}

// over asks the routes themselves, for what no client would send.
func (w *world) over(t *testing.T, a ask) got {
	t.Helper()
	rec := httptest.NewRecorder()
	w.api.Handler().ServeHTTP(rec, w.request(t, a))
	return got{rec.Code, rec.Header(), rec.Body.String()}
}

// asvs: V4.1.4
func TestMethodsNobodyDeclaredAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	w := one(t)
	paths := map[string]bool{"/": true, "/nowhere": true}
	for _, r := range w.api.Routes() {
		paths[strings.NewReplacer("{id}", "1", "{key}", "key-canary-alpha", "{token}", "x", "{name}", "x", "{code}", "x", "{place}", "x").Replace(r.Path)] = true
	}
	if len(paths) < 100 {
		t.Fatalf("only %d addresses", len(paths))
	}
	for path := range paths {
		w.Fake.Advance(10 * time.Second) // its own pace
		for _, method := range []string{"TRACE", "CONNECT", "PROPFIND", "FOO"} {
			if g := w.over(t, ask{method: method, path: path}); g.status != 405 && g.status != 404 {
				t.Errorf("%s %s: %d", method, path, g.status)
			}
		}
	}
}

// A request that is refused before its body was wanted leaves the connection as
// it was, a GET that brought one included.
func TestAConnectionGoesOnAfterABodyNobodyWanted(t *testing.T) {
	t.Parallel()
	w := one(t)
	for _, size := range []int{2, 6000, 200 << 10} {
		l := w.line(t)
		for i := range 5 {
			l.say(t, "GET /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "+strconv.Itoa(size)+"\r\n\r\n"+strings.Repeat("x", size))
			if g := l.hear(t); g.status != 401 {
				t.Fatalf("%d bytes, request %d: %d %s", size, i, g.status, g.body)
			}
			l.say(t, "GET /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "+w.a.key+"\r\n\r\n")
			if g := l.hear(t); g.status != 200 {
				t.Fatalf("after %d bytes, request %d: %d %s", size, i, g.status, g.body)
			}
		}
	}
}
