package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"parley/internal/kit/clock"
)

// View is a Client as a vendor's own library sees it: one rule of the register,
// behind the library's usual way of calling. It holds the same promises, and
// follows no redirect. It is an http.RoundTripper, and has Do for libraries that
// take no more than that.
type View struct {
	c    *Client
	rule string
	drop []string
}

// View gives the view of one rule. Headers named in drop are taken off every
// call: libraries like to tell the other side about this machine.
func (c *Client) View(rule string, drop ...string) View { return View{c, rule, drop} }

// Do is RoundTrip.
func (v View) Do(req *http.Request) (*http.Response, error) { return v.RoundTrip(req) }

// RoundTrip makes the call. Its error is an *Error; reading the body fails with
// one too, where the answer passes its limits in size or time. The time of the
// whole call runs until the body is closed.
func (v View) RoundTrip(req *http.Request) (*http.Response, error) {
	r, ok := v.c.rules[v.rule]
	if !ok {
		return nil, v.give(req, &Error{Kind: Refused, Rule: v.rule, Cause: errors.New("the register has no such rule")})
	}
	host := req.URL.Hostname()
	private, err := r.admits(req.URL)
	if err == nil && r.Ready != nil {
		err = r.Ready(req.Context())
	}
	if err != nil {
		return nil, v.give(req, &Error{Kind: Refused, Rule: r.Name, Host: host, Cause: err})
	}
	sent := &atomic.Bool{}
	ctx, cancel := clock.WithTimeout(req.Context(), v.c.clk, r.Timeout)
	out := req.Clone(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaderField: func(string, []string) { sent.Store(true) },
		WroteHeaders:     func() { sent.Store(true) },
	}))
	for _, name := range v.drop {
		out.Header.Del(name)
	}
	out.Header.Set("User-Agent", "Parley")
	by := v.c.outer
	if private {
		by = v.c.nearby
	}
	res, err := by.Transport.RoundTrip(out)
	if err != nil {
		kind := kindOf(ctx, err)
		cancel()
		return nil, &Error{Kind: kind, Rule: r.Name, Host: host, Sent: sent.Load(), Cause: bare(err)}
	}
	res.Body = &limited{body: res.Body, left: r.Max, max: r.Max, ctx: ctx, cancel: cancel, rule: r.Name, host: host}
	return res, nil
}

// give closes the body of a call that is not made, as a RoundTripper must.
func (v View) give(req *http.Request, err error) error {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return err
}

// limited is the body of an answer within its limits.
type limited struct {
	body       io.ReadCloser
	left, max  int64
	ctx        context.Context
	cancel     context.CancelFunc
	rule, host string
}

// Read reads at most what is left and one byte, which tells the end from too much.
func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.body.Read(p)
	if int64(n) > l.left {
		return int(l.left), l.fail(TooLarge, fmt.Errorf("the answer has more than %d bytes", l.max))
	}
	l.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return n, l.fail(kindOf(l.ctx, err), bare(err))
	}
	return n, err
}

func (l *limited) fail(kind Kind, cause error) error {
	return &Error{Kind: kind, Rule: l.rule, Host: l.host, Sent: true, Cause: cause}
}

// Close lets go of the connection and of the call's time.
func (l *limited) Close() error {
	defer l.cancel()
	return l.body.Close()
}
