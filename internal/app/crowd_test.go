package app

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"
)

// from opens a connection by one of this machine's own addresses.
func from(t *testing.T, local, to string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}, Timeout: time.Minute}
	c, err := d.DialContext(t.Context(), "tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return c
}

// answered sends a request and reports whether it was answered; a connection that
// was closed is not.
func answered(c net.Conn, rest string) bool {
	if _, err := io.WriteString(c, rest); err != nil {
		return false
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return false
	}
	_ = r.Body.Close()
	return r.StatusCode == http.StatusNoContent
}

// Whoever holds connections open with half a request gets so many and no more,
// nobody else waits for them, and what they close they may open again; a proxy's
// are not counted. asvs: V15.2.2
func TestHalfRequestsOfOneAddressTakeNobodysConnection(t *testing.T) {
	t.Parallel()
	const slow, other, proxy, most = "127.0.0.2", "127.0.0.3", "127.0.0.4", 3
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gate := newCrowd(l, most, func(a netip.Addr) bool { return a.String() == proxy })
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })}
	go func() { _ = srv.Serve(gate) }()
	t.Cleanup(func() { _ = srv.Close() })
	to := l.Addr().String()
	const half, rest = "GET / HTTP/1.1\r\nHost: x\r\n", "\r\n"

	var held []net.Conn
	for range most {
		c := from(t, slow, to)
		if _, err := io.WriteString(c, half); err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	if answered(from(t, slow, to), half+rest) {
		t.Error("one more connection than an address may hold was answered")
	}
	if !answered(from(t, other, to), half+rest) {
		t.Error("another address waits for those that hold theirs open")
	}
	for range most + 1 {
		if !answered(from(t, proxy, to), half+rest) {
			t.Error("a proxy's connections are counted")
		}
	}
	for _, c := range held {
		if !answered(c, rest) {
			t.Error("what was held within the limit is not answered")
		}
		_ = c.Close()
	}
	late := time.After(time.Minute)
	for !answered(from(t, slow, to), half+rest) {
		select {
		case <-late:
			t.Fatal("closed connections are counted still")
		default:
		}
	}
}

func TestProxiesAndThisMachineAreNotCounted(t *testing.T) {
	t.Parallel()
	free := unbounded([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	for ip, want := range map[string]bool{"10.1.2.3": true, "127.0.0.1": true, "::1": true, "192.0.2.7": false, "2001:db8::1": false} {
		if free(netip.MustParseAddr(ip)) != want {
			t.Errorf("%s is free: %v", ip, !want)
		}
	}
}
