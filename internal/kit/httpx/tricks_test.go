package httpx

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"parley/internal/kit/clock"
)

// inward are ways to say an address of this machine, of its network or of a
// cloud's own door.
func inward(port string) []string {
	return []string{
		"http://127.0.0.1/", "https://127.0.0.1/", "http://127.0.0.1:443/", "http://127.0.0.1:" + port + "/", "http://127.1/", "http://127.0.1/", "http://127/", "http://0/",
		"http://0.0.0.0/", "http://0.0.0.0:80/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/",
		"http://0177.0.0.0x1/", "http://127.0.0.1./", "http://127.0.0.1.:80/", "http://00000127.0.0.1/", "http://127.000.000.001/", "http://4294967297/", "http://256.1.1.1/",
		"http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://a.localhost/", "http://localhost.localdomain/", "http://ip6-localhost/",
		"http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
		"http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::a00:1]/", "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[fe80::1]/",
		"http://[fe80::1%25lo]/", "http://[::1%25lo]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[100::1]/",
		"http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.254/", "http://192.168.1.1/", "http://100.64.0.1/", "http://100.100.100.200/", "http://198.18.0.1/",
		"http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://2852039166/", "http://0xa9fea9fe/", "http://168.63.129.16/",
		"http://metadata/", "http://metadata.google.internal/", "http://instance-data/", "http://kubernetes.default.svc.cluster.local/", "http://router.lan/",
		"http://user@127.0.0.1/", "http://example.com@127.0.0.1/", "http://127.0.0.1@example.com/", "http://:@localhost/", "http://example.com:80@127.0.0.1:80/",
		"http://example.com:22/", "http://example.com:8080/", "http://example.com:6379/", "http://8.8.8.8:25/", "https://example.com:65536/", "http://example.com:0/",
		"http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://１２７.0.0.1/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://loc\u00adalhost/", "http://127.0.0.1\u200b/", "http://lⓞcalhost/",
		"http://%31%32%37.0.0.1/", "http://127.0.0.1%00.example.com/", "http://127.0.0.1%2eexample.com/", "http://exa%6dple.com/", "http://[127.0.0.1]/", "http://a..b.com/",
		"http:\\\\127.0.0.1/", "http:///127.0.0.1/", "http:127.0.0.1", "http://\t127.0.0.1/", "//127.0.0.1/", "http://127.0.0.1#@example.com/", "http://127.0.0.1?@example.com/",
		"file:///etc/passwd", "gopher://127.0.0.1:" + port + "/_x", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/", "data:text/html,x", "javascript:alert(1)", "ws://127.0.0.1/", "unix:///run/x",
	}
}

// No way to write an address leads an address that somebody typed inside, and
// none of them even asks for the address of a name. asvs: V1.3.6, V13.2.4
func TestNoTrickReachesThisNetwork(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(s.Close)
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(clock.Real{}, Rule{Name: "typed", Purpose: Directed})
	if err != nil {
		t.Fatal(err)
	}
	c.outer = client(func(_, address string, _ syscall.RawConn) error {
		t.Errorf("%s was dialled", address)
		return errInside
	})
	all := inward(port)
	if len(all) < 100 {
		t.Errorf("only %d tricks", len(all))
	}
	for _, u := range all {
		_, err := c.Do(t.Context(), Call{Rule: "typed", URL: u})
		if e := failure(t, err); e.Kind != Refused || e.Sent {
			t.Errorf("%q: %v", u, err)
		}
	}
	if reached.Load() != 0 {
		t.Errorf("reached %d times", reached.Load())
	}
}

// A name may answer anything: what is dialled is looked at, each time.
func TestANameThatLeadsInsideIsNotDialled(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(s.Close)
	for _, answer := range [][4]byte{{127, 0, 0, 1}, {10, 0, 0, 1}, {169, 254, 169, 254}, {0, 0, 0, 0}, {192, 168, 0, 1}, {100, 64, 0, 1}} {
		c, err := New(clock.Real{}, Rule{Name: "typed", Purpose: Directed})
		if err != nil {
			t.Fatal(err)
		}
		asked := names(t, answer)
		d := &net.Dialer{Resolver: asked, Control: func(_, address string, _ syscall.RawConn) error { return guard(address) }}
		c.outer.Transport.(*http.Transport).DialContext = d.DialContext //nolint:forcetypeassert // client makes nothing else
		for range 2 {
			_, err = c.Do(t.Context(), Call{Rule: "typed", URL: "http://rebind.example.com/"})
			if e := failure(t, err); e.Kind != Refused || e.Sent {
				t.Errorf("%v: %v", answer, err)
			}
		}
	}
	if reached.Load() != 0 {
		t.Errorf("reached %d times", reached.Load())
	}
}

// names is a resolver that answers every question with one address.
func names(t *testing.T, ip [4]byte) *net.Resolver {
	t.Helper()
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := l.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: ip}}}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = l.WriteTo(out, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", l.LocalAddr().String())
	}}
}

// The operator may name hosts inside; a redirect away from them leads nowhere else.
func TestOnlyListedHostsInsideAreReached(t *testing.T) {
	t.Parallel()
	var foreign atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { foreign.Add(1) }))
	t.Cleanup(other.Close)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, other.URL, http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "open")
	}))
	t.Cleanup(shop.Close)
	c, err := New(clock.Real{}, Rule{Name: "typed", Purpose: Directed, Private: []string{strings.TrimPrefix(shop.URL, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if a, err := c.Do(t.Context(), Call{Rule: "typed", URL: shop.URL}); err != nil || string(a.Body) != "open" {
		t.Error(a, err)
	}
	for _, call := range []Call{{URL: other.URL}, {URL: shop.URL + "/away", Redirects: 5}, {URL: "http://127.0.0.1/"}} {
		call.Rule = "typed"
		if _, err := c.Do(t.Context(), call); failure(t, err).Kind != Refused {
			t.Errorf("%s: %v", call.URL, err)
		}
	}
	if foreign.Load() != 0 {
		t.Error("a host that is not listed was reached")
	}
}
