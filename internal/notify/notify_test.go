package notify_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
	"parley/internal/notify"
	"parley/internal/store"
	"parley/sim/smtp"
	"parley/test/storetest"
)

// world is an install with a mail server and one member.
type world struct {
	*testing.T
	*storetest.World
	sim    *smtp.Sim
	n      *notify.Notify
	ws     store.Handle
	member desk.ID
	log    bytes.Buffer
}

func each(t *testing.T, opt smtp.Options, fn func(w *world)) {
	t.Parallel()
	storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, sw *storetest.World) {
		sim, err := smtp.Start(opt)
		if err != nil {
			t.Fatal(err)
		}
		w := &world{T: t, World: sw, sim: sim, ws: storetest.Workspace(t, sw.DB, "Northwind")}
		t.Cleanup(func() { _ = sim.Close() })
		w.n = w.notify(sim.URL("Northwind <support@northwind.example>"))
		w.must(w.ws.Write(t.Context(), func(tx *store.Tx) error {
			w.member = tx.NewID()
			return tx.InsertMember(desk.Member{ID: w.member, Name: "Selin\r\nBcc: x@y.example <b>", Email: "selin@northwind.example", Role: desk.RoleAgent, Locale: "tr", Active: true}, []byte("h"))
		}))
		fn(w)
	})
}

func (w *world) notify(address string) *notify.Notify {
	w.Helper()
	server, err := notify.Parse(secret.New(address))
	w.must(err)
	out, err := httpx.New(w.Clock, httpx.Rule{Name: notify.Rule, Purpose: httpx.Infrastructure, Sockets: []string{server.Address}})
	w.must(err)
	return notify.New(notify.Parts{DB: w.DB, Flow: flow.New(flow.Config{DB: w.DB, Clock: w.Clock}), Out: out, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		Roots: w.sim.Roots(), Server: server, Home: "https://chat.northwind.example"})
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// run works until the test ends or stop is called.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = w.n.Flow.Run(ctx, w.n.Handlers(), nil) }()
	stop = func() { cancel(); <-done }
	w.Cleanup(stop)
	return stop
}

func (w *world) queue(kind desk.LetterKind, about string) {
	w.Helper()
	w.must(w.ws.Write(w.Context(), func(tx *store.Tx) error {
		return w.n.Queue(tx, desk.Letter{Member: w.member, Kind: kind, About: about})
	}))
}

// newest waits until the member's newest letter of a kind looks as wanted.
func (w *world) newest(kind desk.LetterKind, fits func(desk.Letter) bool) (l desk.Letter) {
	w.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		w.must(w.ws.Read(w.Context(), func(r *store.Rx) (err error) { l, err = r.NewestLetter(w.member, kind); return err }))
		if fits(l) {
			return l
		}
		if time.Now().After(end) {
			w.Fatalf("the letter stays %+v; %q; %s", l, w.sim.Lines(), &w.log)
		}
		<-time.After(10 * time.Millisecond) // no event tells of it
	}
}

// parts are the text and the page of a mail.
func parts(t *testing.T, raw []byte) (text, page string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, kind, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	all := multipart.NewReader(m.Body, kind["boundary"])
	for {
		p, err := all.NextRawPart()
		if err == io.EOF {
			return text, page
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			page = string(b)
		} else {
			text = string(b)
		}
	}
}

// A letter leaves signed in and over TLS, in the member's language, as text and
// as a page with the same link; a name with a line break adds no header, and the
// page shows it as text (covers security 1.3.11).
func TestALetterLeavesSafelyInTheMembersLanguage(t *testing.T) {
	for name, opt := range map[string]smtp.Options{"starttls": {User: "u", Password: "p w@1"}, "smtps": {Implicit: true, User: "u", Password: "p w@1"}} {
		t.Run(name, func(t *testing.T) {
			opt.Password = "pw1"
			each(t, opt, func(w *world) {
				w.queue(desk.LetterReset, "")
				w.run()
				l := w.newest(desk.LetterReset, func(l desk.Letter) bool { return l.State == desk.LetterSent })
				got := w.sim.Mails()
				if len(got) != 1 || !got[0].Safe || got[0].User != "u" || got[0].To != "selin@northwind.example" || got[0].From != "support@northwind.example" {
					t.Fatalf("%+v", got)
				}
				m := got[0]
				if m.Header("Bcc") != "" || !strings.HasPrefix(m.Header("Message-ID"), "<"+l.ID.String()+"@") || m.Header("Auto-Submitted") != "auto-generated" {
					t.Errorf("%s", m.Raw)
				}
				text, page := parts(t, m.Raw)
				link := "https://chat.northwind.example/reset#"
				for _, body := range []string{text, page} {
					if !strings.Contains(body, link) || !strings.Contains(body, "30 dakika") {
						t.Errorf("the mail says %s", body)
					}
				}
				if strings.Contains(page, "<b>") || strings.Contains(text, "\nBcc:") {
					t.Errorf("a name is more than text: %s %s", text, page)
				}
				if strings.Contains(w.log.String(), "northwind.example") || strings.Contains(w.log.String(), "Selin") {
					t.Errorf("the log says %s", &w.log)
				}
			})
		})
	}
}

// A server that refuses for now, hangs up, or took the mail and did not say so is
// asked again: the mail comes, with one Message-ID and one link.
func TestWhatTheServerDoesNotTakeYetComesLater(t *testing.T) {
	for name, c := range map[string]struct {
		at    smtp.Step
		force smtp.Force
		code  string
		mails int
	}{
		"greylisted":        {smtp.Rcpt, smtp.Force{Times: 1, Answer: "451 4.7.1 come back"}, "451", 1},
		"full":              {smtp.Data, smtp.Force{Times: 1, Answer: "452 4.3.1 no room"}, "452", 1},
		"closed":            {smtp.Greet, smtp.Force{Times: 1, Answer: "421 4.3.2 closing"}, "421", 1},
		"cut at the door":   {smtp.Greet, smtp.Force{Times: 1, Cut: true}, "unreachable", 1},
		"cut after the end": {smtp.Taken, smtp.Force{Times: 1, Cut: true}, "unreachable", 2},
		"silent":            {smtp.Rcpt, smtp.Force{Times: 1, Hang: true}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, smtp.Options{}, func(w *world) {
				w.n.Limit(2 * time.Second)
				w.sim.Weather(c.at, c.force)
				w.queue(desk.LetterReset, "")
				w.run()
				l := w.newest(desk.LetterReset, func(l desk.Letter) bool { return l.Fault != "" })
				if l.State != desk.LetterWaits || c.code != "" && l.Fault != c.code {
					t.Errorf("it is %s %q", l.State, l.Fault)
				}
				w.Fake.Advance(time.Minute)
				w.newest(desk.LetterReset, func(l desk.Letter) bool { return l.State == desk.LetterSent && l.Fault == "" })
				got := w.sim.Mails()
				if len(got) != c.mails {
					t.Fatalf("%d mails", len(got))
				}
				first, last := got[0], got[len(got)-1]
				one, _ := parts(t, first.Raw)
				two, _ := parts(t, last.Raw)
				if first.Header("Message-ID") != last.Header("Message-ID") || one != two {
					t.Errorf("%s\n%s", first.Raw, last.Raw)
				}
			})
		})
	}
}

// What is refused for good is not asked again, and says the server's code.
func TestARefusalIsNotRepeated(t *testing.T) {
	each(t, smtp.Options{}, func(w *world) {
		w.sim.Weather(smtp.Rcpt, smtp.Force{Times: -1, Answer: "550 5.1.1 nobody of that name"})
		w.queue(desk.LetterDevice, "Firefox on Linux")
		w.run()
		l := w.newest(desk.LetterDevice, func(l desk.Letter) bool { return l.State == desk.LetterFailed })
		if l.Fault != "550" || l.About != "Firefox on Linux" {
			t.Errorf("%+v", l)
		}
		w.Fake.Advance(48 * time.Hour)
		w.queue(desk.LetterDevice, "")
		w.newest(desk.LetterDevice, func(n desk.Letter) bool { return n.ID != l.ID && n.State == desk.LetterFailed })
		if n := w.sim.Tries(); n != 2 {
			t.Errorf("%d connections for two letters", n)
		}
	})
}

// A link that no longer opens is not mailed: neither after its time nor when a
// newer one took its place nor to somebody who was switched off.
func TestALetterThatHelpsNobodyStays(t *testing.T) {
	each(t, smtp.Options{}, func(w *world) {
		w.queue(desk.LetterReset, "")
		w.Fake.Advance(31 * time.Minute)
		w.queue(desk.LetterInvite, "")
		w.queue(desk.LetterInvite, "")
		stop := w.run()
		w.newest(desk.LetterReset, func(l desk.Letter) bool { return l.State == desk.LetterFailed && l.Fault == "too_late" })
		w.newest(desk.LetterInvite, func(l desk.Letter) bool { return l.State == desk.LetterSent })
		stop()
		if got := w.sim.Mails(); len(got) != 1 {
			t.Errorf("%d mails", len(got))
		}
		w.must(w.ws.Write(w.Context(), func(tx *store.Tx) error {
			_, err := tx.ChangeMember(w.member, func(m *desk.Member) error { m.Active = false; return nil })
			return err
		}))
		w.queue(desk.LetterPassword, "")
		w.run()
		w.newest(desk.LetterPassword, func(l desk.Letter) bool { return l.State == desk.LetterFailed && l.Fault == "switched_off" })
	})
}

// A password goes over TLS or not at all: a server elsewhere that offers none
// gets neither the password nor the mail.
func TestNoPasswordCrossesInTheClear(t *testing.T) {
	t.Parallel()
	for _, opt := range []smtp.Options{{Plain: true, User: "u", Password: "canary-password"}, {User: "u", Password: "canary-password"}} {
		sim, err := smtp.Start(opt)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = sim.Close() })
		storetest.EachWorld(t, storetest.Options{}, func(t *testing.T, sw *storetest.World) {
			w := &world{T: t, World: sw, sim: sim}
			w.n = w.notify(sim.URL("support@northwind.example"))
			w.n.Elsewhere(opt.Plain) // its certificate is nobody's we know, or it has none
			err := w.n.Test(t.Context(), "x@northwind.example", "en")
			if err == nil {
				t.Error("the mail left")
			}
			for _, line := range sim.Lines() {
				if strings.HasPrefix(line, "AUTH") || strings.HasPrefix(line, "MAIL") {
					t.Errorf("it heard %s", line)
				}
			}
		})
	}
}

func TestAddressesOfServersAreRead(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"smtp://u:p@mail.example.com?from=a@example.com":                  "mail.example.com:587",
		"smtps://mail.example.com?from=a@example.com":                     "mail.example.com:465",
		"smtp://mail.example.com:25?from=Northwind%20%3Ca@example.com%3E": "mail.example.com:25",
		"": "",
	} {
		if s, err := notify.Parse(secret.New(raw)); err != nil || s.Address != want {
			t.Errorf("%s: %s, %v", raw, s.Address, err)
		}
	}
	for _, raw := range []string{"http://x?from=a@b.c", "smtp://?from=a@b.c", "smtp://canary:canary@mail.example.com", "smtp://canary@mail.example.com?from=nobody",
		"smtp://mail.example.com:99999?from=a@b.c", "smtp://mail.example.com/path?from=a@b.c", "smtp://a b", "%zz", "smtp://mail.example.com?from=a@b.c%0d%0aBcc:x@y.z"} {
		if _, err := notify.Parse(secret.New(raw)); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// Every letter is written in both languages, without a text that is missing or a
// place that nothing filled.
func TestEveryLetterIsWhole(t *testing.T) {
	each(t, smtp.Options{}, func(w *world) {
		all, err := w.n.Samples()
		w.must(err)
		if len(all) != 2*len(desk.LetterKinds()) {
			t.Fatalf("%d samples", len(all))
		}
		for _, s := range all {
			whole := s.Subject + s.Text + s.HTML
			if strings.Contains(whole, "mail.") && !strings.Contains(whole, "mailto") || strings.ContainsAny(s.Subject+s.Text, "{}") || strings.Contains(whole, "<no value>") {
				t.Errorf("%s %s: %s", s.Kind, s.Locale, s.Text)
			}
		}
	})
}
