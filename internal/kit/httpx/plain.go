package httpx

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// Plain is for libraries that bring their own calls: a client of the standard
// library whose every call is a call of that rule, with its hosts and limits. It
// follows no redirect.
func (c *Client) Plain(rule string) *http.Client {
	return &http.Client{Transport: plain{c, rule}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

type plain struct {
	c    *Client
	rule string
}

// RoundTrip makes the call and hands on its answer once it is read whole.
func (p plain) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }() // it was read or is given up
	}
	call := Call{Rule: p.rule, Method: r.Method, URL: r.URL.String(), Header: map[string]string{}, Body: r.Body, Length: max(r.ContentLength, 0)}
	if r.ContentLength == 0 {
		call.Body = nil
	}
	for name := range r.Header {
		call.Header[name] = r.Header.Get(name)
	}
	a, err := p.c.Do(r.Context(), call)
	if err != nil {
		return nil, err
	}
	return &http.Response{Status: strconv.Itoa(a.Status) + " " + http.StatusText(a.Status), StatusCode: a.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Body)), ContentLength: a.Size, Request: r}, nil
}
