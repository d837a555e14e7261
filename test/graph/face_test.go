package graph_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	sim "parley/sim/oidc"
	"parley/test/storetest"
)

// portrait is a picture of a size that says something beside its points.
func portrait(t *testing.T, side int, says string) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	img.Set(side/2, side/2, color.RGBA{R: 200, A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), says...)
}

func (b *browser) sees(path string) (int, http.Header, []byte) {
	b.w.Helper()
	req, err := http.NewRequest(http.MethodGet, b.w.at+path, nil)
	b.w.must(err)
	if b.cookie != nil {
		req.AddCookie(b.cookie)
	}
	res, err := http.DefaultClient.Do(req)
	b.w.must(err)
	body, err := io.ReadAll(res.Body)
	b.w.must(err)
	b.w.must(res.Body.Close())
	return res.StatusCode, res.Header, body
}

type pictured struct {
	Member struct {
		ID, Picture string
		Pictured    bool
	}
}

func (b *browser) me() (m pictured) {
	b.w.Helper()
	if got := b.ask("GET", "/api/v1/session", nil, &m); got.Status != 200 {
		b.w.Fatalf("%d %s", got.Status, got.raw)
	}
	return m
}

// eachBeside runs a test on both engines, each beside a provider of its own that
// knows who, whom an owner invited.
func eachBeside(t *testing.T, who sim.Person, fn func(w *world, s *sim.Sim)) {
	t.Parallel()
	for name, dsn := range map[string]string{"sqlite": "", "postgres": storetest.PostgreSQL(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, set := accounts(t, who)
			_, mails := mailbox(t)
			w := open(t, dsn, set, mails)
			if got := w.call("POST", "/api/v1/members", map[string]string{"name": "Ada", "email": who.Email, "role": "agent"}, nil); got != 201 {
				w.Fatal(got)
			}
			fn(w, s)
		})
	}
}

// fetched counts how often the provider was asked for a picture.
func fetched(s *sim.Sim) (n int) {
	for _, r := range s.Requests() {
		if strings.HasPrefix(r.Path, "/picture/") {
			n++
		}
	}
	return n
}

// The picture of an account outside is read by the program, once, drawn anew, and
// shown from its own address; its member takes it away for good, and it goes with
// the account (covers A-3.1-04).
func TestAPictureOfAnAccountOutsideIsShownFromHere(t *testing.T) {
	who := ada()
	who.Picture = portrait(t, 96, "taken at 41.0082 N")
	eachBeside(t, who, func(w *world, s *sim.Sim) {
		b := &browser{w: w}
		if got := b.joins(b.goes(s, atSignIn, "1001")); got.Status != 200 {
			w.Fatalf("%d %s", got.Status, got.raw)
		}
		again := func() *browser {
			b := &browser{w: w}
			if got := b.comes(b.goes(s, atSignIn, "1001")); got.Status != 200 {
				w.Fatalf("%d %s", got.Status, got.raw)
			}
			return b
		}
		before := fetched(s)
		b = again()
		at := b.me().Member.Picture
		status, head, body := b.sees(at)
		if status != 200 || head.Get("Content-Type") != "image/png" || bytes.Contains(body, []byte("41.0082")) || len(body) < 50 {
			w.Fatalf("%q answers %d %s", at, status, head.Get("Content-Type"))
		}
		if !strings.Contains(head.Get("Content-Security-Policy"), "sandbox") || head.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(head.Get("Cache-Control"), "private") {
			w.Errorf("it is answered with %v", head)
		}
		again()
		if n := fetched(s) - before; n != 1 {
			w.Errorf("one picture was read %d times", n)
		}
		if status, _, _ := (&browser{w: w}).sees("/api/v1/members/" + b.me().Member.ID + "/picture"); status != 401 {
			w.Errorf("a stranger gets %d", status)
		}
		if got := b.ask("PUT", "/api/v1/session/picture", map[string]bool{"shown": false}, nil); got.Status != 204 {
			w.Fatalf("%d %s", got.Status, got.raw)
		}
		b = again()
		if m := b.me().Member; m.Picture != "" || m.Pictured {
			w.Errorf("taken away it is %+v", m)
		}
		if status, _, _ := b.sees("/api/v1/session/picture"); status != 404 {
			w.Errorf("taken away it answers %d", status)
		}
		b.ask("PUT", "/api/v1/session/picture", map[string]bool{"shown": true}, nil)
		if b = again(); b.me().Member.Picture == "" {
			w.Error("allowed again it is not read")
		}
		gone := who
		gone.Picture = nil
		s.Add(gone)
		if b = again(); b.me().Member.Picture != "" {
			w.Error("taken away at the provider it is still there")
		}
	})
}

// A provider that lies about a picture leads to no picture, and keeps nobody from
// signing in.
func TestALyingPictureKeepsNobodyOut(t *testing.T) {
	who := ada()
	who.Picture = portrait(t, 96, "")
	eachBeside(t, who, func(w *world, s *sim.Sim) {
		b := &browser{w: w}
		if got := b.joins(b.goes(s, atSignIn, "1001")); got.Status != 200 {
			w.Fatalf("%d %s", got.Status, got.raw)
		}
		look := func(what string, want bool) {
			b := &browser{w: w}
			if got := b.comes(b.goes(s, atSignIn, "1001")); got.Status != 200 {
				w.Fatalf("%s: %d %s", what, got.Status, got.raw)
			}
			if have := b.me().Member.Picture != ""; have != want {
				w.Errorf("%s: a picture is there: %v", what, have)
			}
		}
		for _, lie := range []sim.Lie{sim.ForeignPicture, sim.InsidePicture, sim.RedirectPicture, sim.HugePicture, sim.DrawnPicture, sim.NumberPicture, sim.HangPicture} {
			other := who
			other.Picture = portrait(t, 64, string(lie)) // of another address
			s.Add(other)
			s.Tell(lie)
			look(string(lie), false)
		}
		s.Tell()
		wide := who
		wide.Picture = portrait(t, 2000, "")
		s.Add(wide)
		look("a picture of 2,000 points", false)
		s.Add(who)
		look("an honest one", true)
	})
}
