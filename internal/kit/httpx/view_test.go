package httpx

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/clock"
)

func post(t *testing.T, c *Client, url string) (string, *http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("question"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Machine", "linux")
	req.Header.Set("User-Agent", "Library/1.0")
	res, err := c.View("x", "X-Machine").Do(req)
	if err != nil {
		return "", nil, err
	}
	b, err := io.ReadAll(res.Body)
	if closing := res.Body.Close(); closing != nil {
		t.Error(closing)
	}
	return string(b), res, err
}

func TestAViewKeepsThePromisesOfItsClient(t *testing.T) {
	t.Parallel()
	foreign := server(t, func(http.ResponseWriter, *http.Request) { t.Error("a foreign host was called") })
	at := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/big":
			_, _ = io.WriteString(w, strings.Repeat("x", 101))
		case "/full":
			_, _ = io.WriteString(w, strings.Repeat("x", 100))
		case "/away":
			http.Redirect(w, r, foreign, http.StatusTemporaryRedirect)
		default:
			b, _ := io.ReadAll(r.Body)
			_, _ = io.WriteString(w, r.UserAgent()+r.Header.Get("X-Machine")+string(b))
		}
	})
	c := to(t, at)
	if b, _, err := post(t, c, at+"/"); err != nil || b != "Parleyquestion" {
		t.Errorf("%q %v", b, err)
	}
	if b, _, err := post(t, c, at+"/full"); err != nil || len(b) != 100 {
		t.Errorf("%d %v", len(b), err)
	}
	if b, _, err := post(t, c, at+"/big"); failure(t, err).Kind != TooLarge || len(b) > 100 {
		t.Errorf("%d %v", len(b), err)
	}
	if _, res, err := post(t, c, at+"/away"); err != nil || res.StatusCode != http.StatusTemporaryRedirect {
		t.Errorf("a redirect was followed: %v", err)
	}
	for _, u := range []string{foreign + "/?key=sk-1", "https://api.openai.com/v1", "ftp://127.0.0.1:1/"} {
		_, _, err := post(t, c, u)
		if e := failure(t, err); e.Kind != Refused || e.Sent || strings.Contains(e.Error(), "sk-1") {
			t.Errorf("%s: %v", u, err)
		}
	}
}

func TestAViewAsksTheRegisterAndGuardsTheDial(t *testing.T) {
	t.Parallel()
	c, err := New(clock.Real{}, Rule{Name: "x", Purpose: Directed})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := post(t, c, "http://127.0.0.1/"); failure(t, err).Kind != Refused || failure(t, err).Sent {
		t.Error(err)
	}
}

func TestAViewsCallEndsByTheClockAlsoWhileItIsRead(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	at := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/half" {
			_, _ = io.WriteString(w, "half")
			w.(http.Flusher).Flush()
		}
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(stop) })
	for _, path := range []string{"/half", "/nothing"} {
		clk := clock.NewFake(time.Unix(0, 0))
		r := Rule{Name: "x", Purpose: Infrastructure, Timeout: time.Minute}
		if err := r.Add(at); err != nil {
			t.Fatal(err)
		}
		c, err := New(clk, r)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			_, _, err := post(t, c, at+path)
			done <- err
		}()
		if err := clk.BlockUntil(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		clk.Advance(time.Minute)
		err = <-done
		var e *Error
		if !errors.As(err, &e) || e.Kind != TimedOut {
			t.Errorf("%s: %v", path, err)
		}
		c.Close()
	}
}
