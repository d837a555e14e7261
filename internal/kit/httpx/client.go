package httpx

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

// Call is one call.
type Call struct {
	Rule   string
	Method string // "" = GET
	URL    string
	Header map[string]string
	Bearer secret.Text // sent to the host of URL and to no other
	Body   io.Reader
	Length int64         // of Body where it is known; 0 with a Body = not known
	Max    int64         // bytes of the answer; 0 = the rule's
	Limit  time.Duration // of the whole call; 0 = the rule's
	// Redirects is how many a GET follows, each held to the rule like the call
	// itself; 0 = none, the answer then is the redirect.
	Redirects int
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // of Do; of Stream only where Status is no success
	Size   int64  // of the body read
}

// Kind says how a call failed.
type Kind string

// Kinds of failure.
const (
	Refused  Kind = "refused"   // by the register, the guard or Ready
	TooLarge Kind = "too_large" // the answer passed its limit
	TimedOut Kind = "timed_out"
	Failed   Kind = "failed" // anything else between here and there
)

// Error is why a call has no answer. Its text holds rule, host and cause, never
// the path or query of an address.
type Error struct {
	Kind Kind
	Rule string
	Host string
	// Sent: something of the call may have reached the other side. False is
	// certain: it may be tried again without doubling anything.
	Sent  bool
	Cause error
}

func (e *Error) Error() string {
	return fmt.Sprintf("call %s to %s: %s: %v", e.Rule, e.Host, e.Kind, e.Cause)
}

func (e *Error) Unwrap() error { return e.Cause }

// Client makes calls. It is safe for concurrent use.
type Client struct {
	clk    clock.Clock
	rules  map[string]Rule
	outer  *http.Client // dials public addresses only
	nearby *http.Client // dials any

	// Begun is told of every call, by its rule, and its result how the call ended:
	// the status, or the kind of failure. Set before the first call; nil = nobody.
	Begun func(ctx context.Context, rule string) (context.Context, func(status int, failed string))
}

// watched tells Begun of a call.
func (c *Client) watched(ctx context.Context, rule string) (context.Context, func(status int, err error)) {
	if c.Begun == nil {
		return ctx, func(int, error) {}
	}
	ctx, end := c.Begun(ctx, rule)
	return ctx, func(status int, err error) {
		var e *Error
		switch {
		case err == nil:
			end(status, "")
		case errors.As(err, &e):
			end(status, string(e.Kind))
		default:
			end(status, string(Failed))
		}
	}
}

// New makes a Client from the register.
func New(clk clock.Clock, rules ...Rule) (*Client, error) {
	c := &Client{clk: clk, rules: make(map[string]Rule, len(rules)),
		outer:  client(func(_, address string, _ syscall.RawConn) error { return guard(address) }),
		nearby: client(nil)}
	for _, r := range rules {
		if err := r.check(); err != nil {
			return nil, err
		}
		if _, twice := c.rules[r.Name]; twice {
			return nil, fmt.Errorf("httpx: two rules are called %s", r.Name)
		}
		if r.Max <= 0 {
			r.Max = defaultMax
		}
		if r.Timeout <= 0 {
			r.Timeout = defaultTimeout
		}
		c.rules[r.Name] = r
	}
	return c, nil
}

func client(control func(network, address string, c syscall.RawConn) error) *http.Client {
	d := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: control}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: d.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, MaxIdleConns: 100, MaxIdleConnsPerHost: 16,
			IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10},
	}
}

// Dial opens a bare connection to one of the rule's Sockets; whoever uses it
// brings TLS and its own limits of time.
func (c *Client) Dial(ctx context.Context, rule, address string) (net.Conn, error) {
	r, ok := c.rules[rule]
	if !ok || !slices.Contains(r.Sockets, address) {
		return nil, &Error{Kind: Refused, Rule: rule, Host: address, Cause: errors.New("the address is not in the register")}
	}
	if r.Ready != nil {
		if err := r.Ready(ctx); err != nil {
			return nil, &Error{Kind: Refused, Rule: rule, Host: address, Cause: err}
		}
	}
	ctx, ended := c.watched(ctx, rule)
	d := &net.Dialer{Timeout: r.Timeout, KeepAlive: 30 * time.Second}
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	conn, err := d.DialContext(ctx, network, address)
	ended(0, err)
	if err != nil {
		return nil, &Error{Kind: kindOf(ctx, err), Rule: rule, Host: address, Cause: bare(err)}
	}
	return conn, nil
}

// Rules lists the register, for pages that show it.
func (c *Client) Rules() []Rule {
	all := make([]Rule, 0, len(c.rules))
	for _, r := range c.rules {
		all = append(all, r)
	}
	return all
}

// Close lets go of connections that wait for another call.
func (c *Client) Close() {
	c.outer.CloseIdleConnections()
	c.nearby.CloseIdleConnections()
}

// Do makes a call and reads the answer. An answer of any status is no error.
func (c *Client) Do(ctx context.Context, call Call) (Answer, error) {
	var b bytes.Buffer
	a, err := c.run(ctx, call, &b, &b)
	a.Body = b.Bytes()
	return a, err
}

// maxRefusal bounds the body that says why there is no file.
const maxRefusal = 64 << 10

// Stream makes a call and writes the body of a successful answer into w; the
// body of another is in Answer. What w holds after an error is void.
func (c *Client) Stream(ctx context.Context, call Call, w io.Writer) (Answer, error) {
	var b bytes.Buffer
	a, err := c.run(ctx, call, w, &b)
	a.Body = b.Bytes()
	return a, err
}

// run writes the body of a successful answer into good, any other into bad.
func (c *Client) run(ctx context.Context, call Call, good, bad io.Writer) (a Answer, err error) {
	r, ok := c.rules[call.Rule]
	if !ok {
		return Answer{}, &Error{Kind: Refused, Rule: call.Rule, Cause: errors.New("the register has no such rule")}
	}
	ctx, ended := c.watched(ctx, r.Name)
	defer func() { ended(a.Status, err) }()
	limit := r.Timeout
	if call.Limit > 0 {
		limit = call.Limit
	}
	if call.Max > 0 {
		r.Max = call.Max
	}
	ctx, cancel := clock.WithTimeout(ctx, c.clk, limit)
	defer cancel()
	at, err := url.Parse(call.URL)
	if err != nil {
		return Answer{}, &Error{Kind: Refused, Rule: r.Name, Cause: errors.New("the address cannot be read")}
	}
	for {
		a, next, err := c.once(ctx, r, call, at, sinks{good, bad})
		if err != nil || next == nil {
			return a, err
		}
		if next.Scheme != at.Scheme || next.Host != at.Host {
			call.Bearer = secret.Text{}
		}
		call.Redirects--
		at = next
	}
}

// sinks are where the bodies of answers go.
type sinks struct{ good, bad io.Writer }

// once makes one call; next is where a redirect leads that is to be followed.
func (c *Client) once(ctx context.Context, r Rule, call Call, at *url.URL, to sinks) (a Answer, next *url.URL, err error) {
	var sent atomic.Bool
	fail := func(kind Kind, cause error) (Answer, *url.URL, error) {
		return a, nil, &Error{Kind: kind, Rule: r.Name, Host: at.Hostname(), Sent: sent.Load(), Cause: bare(cause)}
	}
	private, err := r.admits(at)
	if err == nil && r.Ready != nil {
		err = r.Ready(ctx)
	}
	if err != nil {
		return fail(Refused, err)
	}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaderField: func(string, []string) { sent.Store(true) },
		WroteHeaders:     func() { sent.Store(true) },
	}), call.Method, at.String(), call.Body)
	if err != nil {
		return fail(Refused, errors.New("the call cannot be made"))
	}
	if call.Length > 0 {
		req.ContentLength = call.Length
	}
	req.Header.Set("User-Agent", "Parley")
	for k, v := range call.Header {
		req.Header.Set(k, v)
	}
	if !call.Bearer.IsZero() {
		req.Header.Set("Authorization", "Bearer "+call.Bearer.Reveal())
	}
	by := c.outer
	if private {
		by = c.nearby
	}
	res, err := by.Do(req)
	if err != nil {
		return fail(kindOf(ctx, err), err)
	}
	defer func() { _ = res.Body.Close() }() // the body was read or is given up
	if away := redirect(call, res, at); away != nil {
		return a, away, nil
	}
	a = Answer{Status: res.StatusCode, Header: res.Header}
	w, most := to.good, r.Max
	if to.good != to.bad && (a.Status < 200 || a.Status > 299) {
		w, most = to.bad, min(most, maxRefusal)
	}
	a.Size, err = io.Copy(w, io.LimitReader(res.Body, most+1))
	switch {
	case err != nil:
		return fail(kindOf(ctx, err), err)
	case a.Size > most:
		return fail(TooLarge, fmt.Errorf("the answer has more than %d bytes", most))
	}
	return a, nil, nil
}

// redirect is where an answer sends us, nil when it is not to be followed.
func redirect(call Call, res *http.Response, at *url.URL) *url.URL {
	if call.Redirects <= 0 || res.StatusCode < 300 || res.StatusCode > 399 || call.Method != "" && call.Method != http.MethodGet {
		return nil
	}
	to, err := at.Parse(res.Header.Get("Location"))
	if err != nil || res.Header.Get("Location") == "" {
		return nil
	}
	return to
}

func kindOf(ctx context.Context, err error) Kind {
	var slow net.Error
	switch {
	case errors.Is(err, errInside):
		return Refused
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return TimedOut
	}
	return Failed
}

// bare takes the address out of an error: its query may hold a token.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
