package httpx

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
	"parley/internal/kit/secret"
)

func server(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func to(t *testing.T, urls ...string) *Client {
	t.Helper()
	r := Rule{Name: "x", Purpose: Infrastructure, Max: 100}
	for _, u := range urls {
		if err := r.Add(u); err != nil {
			t.Fatal(err)
		}
	}
	c, err := New(clock.Real{}, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func failure(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("no Error: %v", err)
	}
	return e
}

func TestAHostOutsideTheRegisterIsNeverCalled(t *testing.T) {
	t.Parallel()
	called := false
	foreign := server(t, func(http.ResponseWriter, *http.Request) { called = true })
	c := to(t, "http://127.0.0.1:1")
	for _, u := range []string{foreign, "https://graph.facebook.com/", "ftp://127.0.0.1:1/", "http://u:p@127.0.0.1:1/", "//x", "", "http://127.0.0.1:1@" + foreign[7:], "%"} {
		_, err := c.Do(t.Context(), Call{Rule: "x", URL: u})
		if e := failure(t, err); e.Kind != Refused || e.Sent {
			t.Errorf("%s: %v", u, err)
		}
	}
	if _, err := c.Do(t.Context(), Call{Rule: "y", URL: "http://127.0.0.1:1"}); failure(t, err).Kind != Refused {
		t.Error(err)
	}
	if called {
		t.Error("a host outside the register was called")
	}
}

func TestARegisteredNameThatLeadsInsideIsRefusedWhenDialled(t *testing.T) {
	t.Parallel()
	c, err := New(clock.Real{}, Rule{Name: "typed", Purpose: Directed}, Rule{Name: "sub", Purpose: Subprocessor, Hosts: []string{"localhost", "*.localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []string{"http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/", "http://10.0.0.1/", "http://169.254.169.254/latest"} {
		_, err := c.Do(t.Context(), Call{Rule: "typed", URL: u})
		if e := failure(t, err); e.Kind != Refused || e.Sent {
			t.Errorf("%s: %v", u, err)
		}
	}
	if _, err := c.Do(t.Context(), Call{Rule: "sub", URL: "https://localhost/"}); failure(t, err).Kind != Refused {
		t.Error(err)
	}
}

func TestOnlyPublicAddressesArePublic(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
		"100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
		"240.0.0.1", "255.255.255.255", "192.88.99.1", "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1",
		"fd12:3456::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:db8::1", "2001::1", "2002:7f00:1::", "2002:a00:1::1", "100::1", "3fff::1", "5f00::1", "4000::1"} {
		if public(netip.MustParseAddr(s)) {
			t.Errorf("%s counts as public", s)
		}
	}
	for _, s := range []string{"1.1.1.1", "157.240.1.35", "172.32.0.1", "2a03:2880:f12f::1", "2606:4700::1111", "::ffff:8.8.8.8"} {
		if !public(netip.MustParseAddr(s)) {
			t.Errorf("%s does not count as public", s)
		}
	}
}

func TestARuleAdmitsWhatItNamesAndNothingElse(t *testing.T) {
	t.Parallel()
	r := Rule{Name: "m", Purpose: Subprocessor, Hosts: []string{"graph.facebook.com", "*.fbcdn.net"}, Private: []string{"127.0.0.1:99"}}
	for raw, ok := range map[string]bool{"https://graph.facebook.com/v26.0/me": true, "https://GRAPH.facebook.com./x": true, "https://a.b.fbcdn.net/x": true,
		"http://127.0.0.1:99/x": true, "https://graph.facebook.com:443/": true,
		"http://graph.facebook.com/": false, "https://graph.facebook.com:8443/": false, "https://fbcdn.net/": false, "https://evilfbcdn.net/": false,
		"https://graph.facebook.com.evil.example/": false, "https://127.0.0.1/": false, "http://127.0.0.1:98/": false, "https://evil.example/?graph.facebook.com": false,
		"https://graph.facebook.com@evil.example/": false, "file:///etc/passwd": false, "https:graph.facebook.com": false} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.admits(u); (err == nil) != ok {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// covers lessons 2.9: a redirect to a foreign host leaks no bearer.
func TestABearerStaysWithItsHost(t *testing.T) {
	t.Parallel()
	got := make(chan string, 4)
	cdn := server(t, func(w http.ResponseWriter, r *http.Request) {
		got <- "cdn:" + r.Header.Get("Authorization")
		_, _ = io.WriteString(w, "picture")
	})
	first := server(t, func(w http.ResponseWriter, r *http.Request) {
		got <- "first:" + r.Header.Get("Authorization")
		if r.URL.Path == "/again" {
			http.Redirect(w, r, cdn+"/p", http.StatusFound)
			return
		}
		http.Redirect(w, r, "/again", http.StatusFound)
	})
	call := Call{Rule: "x", URL: first, Bearer: secret.New("EAA-token"), Redirects: 3}
	a, err := to(t, first, cdn).Do(t.Context(), call)
	if err != nil || string(a.Body) != "picture" {
		t.Fatal(string(a.Body), err)
	}
	for _, want := range []string{"first:Bearer EAA-token", "first:Bearer EAA-token", "cdn:"} {
		if g := <-got; g != want {
			t.Errorf("%q, want %q", g, want)
		}
	}
	_, err = to(t, first).Do(t.Context(), call)
	if failure(t, err).Kind != Refused {
		t.Errorf("a redirect out of the register: %v", err)
	}
	if <-got; len(<-got) == 0 || len(got) != 0 {
		t.Error("the foreign host was called")
	}
	call.Redirects = 0
	if a, err := to(t, first).Do(t.Context(), call); err != nil || a.Status != http.StatusFound {
		t.Errorf("without redirects: %d %v", a.Status, err)
	}
	call.Redirects, call.Method = 3, http.MethodPost
	if a, err := to(t, first).Do(t.Context(), call); err != nil || a.Status != http.StatusFound {
		t.Errorf("a POST followed a redirect: %d %v", a.Status, err)
	}
}

func TestAnAnswerHasALimitInSizeAndTime(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	at := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/big":
			_, _ = io.WriteString(w, strings.Repeat("x", 101))
		case "/full":
			_, _ = io.WriteString(w, strings.Repeat("x", 100))
		case "/hang":
			select {
			case <-stop:
			case <-r.Context().Done():
			}
		}
	})
	c := to(t, at)
	if a, err := c.Do(t.Context(), Call{Rule: "x", URL: at + "/full"}); err != nil || a.Size != 100 {
		t.Error(a.Size, err)
	}
	_, err := c.Do(t.Context(), Call{Rule: "x", URL: at + "/big"})
	if e := failure(t, err); e.Kind != TooLarge || !e.Sent {
		t.Error(err)
	}
	_, err = c.Do(t.Context(), Call{Rule: "x", URL: at + "/hang?access_token=EAA-secret", Limit: 50 * time.Millisecond, Bearer: secret.New("EAA-bearer")})
	if e := failure(t, err); e.Kind != TimedOut || !e.Sent || strings.Contains(e.Error(), "EAA") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Do(ctx, Call{Rule: "x", URL: at + "/full"})
	if e := failure(t, err); e.Kind != TimedOut || e.Sent {
		t.Error(err)
	}
}

func TestNothingWasSentWhereNobodyListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = to(t, at).Do(t.Context(), Call{Rule: "x", Method: http.MethodPost, URL: at + "/send?access_token=EAA", Body: strings.NewReader("hello")})
	if e := failure(t, err); e.Kind != Failed || e.Sent || strings.Contains(e.Error(), "EAA") {
		t.Error(err)
	}
}

func TestTheRegisterIsCheckedAndAskedBeforeEachCall(t *testing.T) {
	t.Parallel()
	for _, r := range []Rule{{}, {Name: "a"}, {Name: "a", Purpose: Subprocessor}} {
		if _, err := New(clock.Real{}, r); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
	two := Rule{Name: "a", Purpose: Directed}
	if _, err := New(clock.Real{}, two, two); err == nil {
		t.Error("two rules of one name were taken")
	}
	at := server(t, func(http.ResponseWriter, *http.Request) {})
	open := errors.New("no agreement is on the register")
	r := Rule{Name: "x", Purpose: Subprocessor, Ready: func(context.Context) error { return open }}
	if err := r.Add(at); err != nil {
		t.Fatal(err)
	}
	c, err := New(clock.Real{}, r)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Do(t.Context(), Call{Rule: "x", URL: at})
	if !errors.Is(err, open) || failure(t, err).Kind != Refused {
		t.Error(err)
	}
	for _, bad := range []string{"", "localhost:80", "http://", "https://u@h", "ftp://h"} {
		if (&Rule{}).Add(bad) == nil {
			t.Errorf("%q was taken as an address", bad)
		}
	}
}
