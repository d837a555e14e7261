package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// visit is one visitor of the website chat.
type visit struct {
	token  string
	no     string // where its stream begins
	conn   net.Conn
	stream *bufio.Reader
}

func (c *client) close() {
	for _, v := range c.visits {
		if v.conn != nil {
			_ = v.conn.Close()
		}
	}
	if c.watched != nil {
		_ = c.watched.body.Close()
	}
}

func httpClient(n int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConns: n, MaxIdleConnsPerHost: n}, Timeout: time.Minute}
}

// post is one call of a visitor: JSON in, and the visit's token when there is one.
type post struct {
	url   string
	token string
	in    any
}

// send posts and reads JSON; a refusal is an error with its words.
func (p post) send(ctx context.Context, h *http.Client, out any) error {
	raw, err := json.Marshal(p.in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		req.Header.Set("Authorization", "Widget "+p.token)
	}
	res, err := h.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("POST %s: %s %s", p.url, res.Status, body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(body, out)
}

// visit lets N visitors come.
func (c *client) visit(ctx context.Context, o order) (result, error) {
	c.url, c.widget = o.URL, o.Widget
	h := httpClient(o.C)
	defer h.CloseIdleConnections()
	var mu sync.Mutex
	took, err := inTime(ctx, c.clk, o, func(int, time.Time) error {
		var s struct{ Token, No string }
		err := post{c.chat("session"), "", map[string]any{"boot_token": o.Boot, "consent": "granted", "locale": "en"}}.send(ctx, h, &s)
		mu.Lock()
		defer mu.Unlock()
		c.visits = append(c.visits, &visit{token: s.Token, no: s.No})
		return err
	})
	return result{Seconds: took.Seconds()}, err
}

func (c *client) chat(path string) string { return c.url + "/api/v1/widget/" + c.widget + "/" + path }

// say posts a visitor's line under a name of its own.
func (c *client) say(ctx context.Context, h *http.Client, v *visit, name, text string) error {
	return post{c.chat("messages"), v.token, map[string]any{"client_id": name, "body": text}}.send(ctx, h, nil)
}

// openStreams opens a stream for each visitor who has none, with as little
// memory as can be, and waits until the server has said hello on every one.
func (c *client) openStreams(ctx context.Context, o order) error {
	at, err := url.Parse(c.url)
	if err != nil {
		return err
	}
	waiting := slices.DeleteFunc(slices.Clone(c.visits), func(v *visit) bool { return v.conn != nil })
	o.N = len(waiting)
	_, err = inTime(ctx, c.clk, o, func(i int, _ time.Time) (err error) {
		v := waiting[i]
		var d net.Dialer
		if v.conn, err = d.DialContext(ctx, "tcp", at.Host); err != nil {
			return err
		}
		_, err = fmt.Fprintf(v.conn, "GET /api/v1/widget/%s/stream?after=%s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\nAuthorization: Widget %s\r\n\r\n",
			c.widget, v.no, at.Host, v.token)
		if err != nil {
			return err
		}
		v.stream = bufio.NewReaderSize(v.conn, 512)
		return v.until(": hello")
	})
	return err
}

// until reads a stream up to a line that begins so.
func (v *visit) until(start string) error {
	for {
		line, err := v.stream.ReadString('\n')
		if err != nil {
			return err
		}
		if strings.HasPrefix(line, "HTTP/1.1 ") && !strings.HasPrefix(line, "HTTP/1.1 200") {
			return errors.New("the stream was refused: " + line)
		}
		if strings.HasPrefix(line, start) {
			return nil
		}
	}
}

// ping lets N visitors, one after the other, write something and wait until it
// comes back on their stream.
func (c *client) ping(ctx context.Context, o order) (done result, err error) {
	h := httpClient(1)
	defer h.CloseIdleConnections()
	for i := range o.N {
		v := c.visits[i*len(c.visits)/o.N]
		began := c.clk.Now()
		if err := c.say(ctx, h, v, token(), "Is somebody there?"); err != nil {
			return done, err
		}
		if err := v.conn.SetReadDeadline(began.Add(o.Wait)); err != nil {
			return done, err
		}
		if err := v.until("event: message"); err != nil {
			return done, err
		}
		done.MS = append(done.MS, c.clk.Since(began))
	}
	return done, nil
}
