package api_test

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/flow"
	"parley/internal/kit/clock"
	"parley/internal/privacy"
	"parley/internal/privacy/recipients"
	"parley/internal/store"
)

// mailbox takes what people without an account are mailed.
type mailbox struct {
	mu  sync.Mutex
	all []privacy.PersonMail
	off bool
}

func (b *mailbox) On() bool { return !b.off }

func (b *mailbox) Person(_ context.Context, m privacy.PersonMail) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, m)
	return "", false
}

func (b *mailbox) to(address string) (got []privacy.PersonMail) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.all {
		if m.To == address {
			got = append(got, m)
		}
	}
	return got
}

// told is what tells of changes of the list of recipients, and what it wrote.
type told struct {
	listed  *recipients.Recipients
	work    *flow.Flow
	mailbox *mailbox
	rows    []recipients.Row
}

// listing tells of changes of a list that the test writes.
func (w *world) listing(work *flow.Flow) *recipients.Recipients {
	w.work, w.mailbox, w.rows = work, &mailbox{}, []recipients.Row{{Service: "hosting", Company: "Hetzner Online GmbH", Region: "Germany"}}
	w.listed = recipients.New(recipients.Parts{DB: w.DB, Flow: work, Post: w.mailbox, Home: "http://parley.test",
		List: func(context.Context) ([]recipients.Row, bool, error) { return w.rows, true, nil }})
	return w.listed
}

// leave lets the letters leave that are due.
func (w *world) leave(t *testing.T) {
	t.Helper()
	life, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.work.Run(life, w.listed.Handlers(), nil) }()
	tick := clock.Real{}.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for still := 0; still < 3; {
		still++
		must(t, w.DB.In(0).Read(t.Context(), func(r *store.Rx) error {
			all, err := r.Backlogs()
			for _, b := range all {
				if strings.HasPrefix(b.Kind, "recipient_") {
					still = 0
				}
			}
			return err
		}))
		<-tick.C()
	}
	stop()
	<-done
}

func (w *world) asksToBeTold(t *testing.T, address string) got {
	t.Helper()
	return w.do(t, ask{method: "POST", path: "/subprocessors", body: url.Values{"address": {address}}.Encode(), header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
}

func (w *world) press(t *testing.T, link string) got {
	t.Helper()
	u, err := url.Parse(link)
	must(t, err)
	return w.do(t, ask{method: "POST", path: u.Path, body: "List-Unsubscribe=One-Click", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
}

func (w *world) readers(t *testing.T) (n int) {
	t.Helper()
	must(t, w.DB.In(0).Read(t.Context(), func(r *store.Rx) error {
		var err error
		n, err = r.ReadersAsking()
		return err
	}))
	return n
}

// Whoever asks without an account is written to when the list changes, after a yes
// by a link that works once and until they end it. covers A-8.1-10
func TestWhoAskedIsToldWhenTheListOfRecipientsChanges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const reader = "reader@example.com"
		first := w.asksToBeTold(t, " Reader@Example.com ")
		if first.status != 202 || first.header.Get("Set-Cookie") != "" {
			t.Fatalf("%d %s", first.status, first.body)
		}
		w.leave(t)
		if len(w.mailbox.to(reader)) != 1 {
			t.Fatalf("asked by %d letters", len(w.mailbox.to(reader)))
		}
		link := w.mailbox.to(reader)[0].Link
		u, _ := url.Parse(link)
		if g := w.do(t, ask{method: "GET", path: u.Path}); g.status != 200 || !strings.Contains(g.body, `<form method="post">`) || w.readers(t) != 1 {
			t.Fatalf("opening the link alone: %d", g.status)
		}
		w.rows = append(w.rows, recipients.Row{Service: "mail", Company: "before.example"})
		if g := w.press(t, link); g.status != 200 {
			t.Fatalf("the yes: %d %s", g.status, g.body)
		}
		if g := w.press(t, link); g.status != 404 {
			t.Errorf("the same link again: %d", g.status)
		}
		w.leave(t)
		if again := w.asksToBeTold(t, reader); again.status != first.status || nonceless(again.body) != nonceless(first.body) {
			t.Error("the answer tells that the address is known")
		}
		w.leave(t)
		if n := len(w.mailbox.to(reader)); n != 1 {
			t.Fatalf("who said yes already is asked again, or told of what was there: %d", n)
		}
		w.rows = []recipients.Row{{Service: "hosting", Company: "Hetzner Online GmbH", Region: "Finland"}, {Service: "openai", Company: "OpenAI Ltd", Region: "Ireland"}}
		must(t, w.listed.Tick(t.Context()))
		w.leave(t)
		must(t, w.listed.Tick(t.Context()))
		w.leave(t)
		got := w.mailbox.to(reader)
		if len(got) != 2 {
			t.Fatalf("told by %d letters", len(got)-1)
		}
		said := strings.Join(got[1].Lines, "\n")
		for _, words := range []string{"New: OpenAI Ltd", "Changed: Hetzner Online GmbH", "Finland (before: Hetzner Online GmbH", "No longer on the list: before.example"} {
			if !strings.Contains(said, words) {
				t.Errorf("%q is not said in %q", words, said)
			}
		}
		if g := w.press(t, strings.Replace(got[1].Stop, "unsubscribe", "confirm", 1)); g.status != 404 {
			t.Errorf("one link does for another: %d", g.status)
		}
		if g := w.press(t, got[1].Stop); g.status != 200 {
			t.Fatalf("the end: %d", g.status)
		}
		w.rows = w.rows[:1]
		must(t, w.listed.Tick(t.Context()))
		w.leave(t)
		if n := len(w.mailbox.to(reader)); n != 2 {
			t.Errorf("written to after the end: %d", n)
		}
		if g := w.press(t, link); g.status != 404 {
			t.Errorf("the yes of before opens again: %d", g.status)
		}
	})
}

var nonces = regexp.MustCompile(`nonce="[^"]*"`)

func nonceless(page string) string { return nonces.ReplaceAllString(page, "") }

// What is no address is refused, links cannot be guessed, nobody is written to more
// often than three times a day without a yes, an address that never says yes is
// forgotten, and a flood ends.
func TestAskingToBeToldIsNoWayToHarm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, bad := range []string{"", "nobody", "a@b", "a@example.com\r\nBcc: b@example.com", "a@example.com\nX: y", "a@example.com,b@example.com", "A <a@example.com>",
			"a@example.com\u202e", `"a b"@example.com`, strings.Repeat("a", 250) + "@example.com", "a@example.com;b@example.com", "a@[127.0.0.1]\\x"} {
			if g := w.asksToBeTold(t, bad); g.status != 422 {
				t.Errorf("%q: %d", bad, g.status)
			}
			w.Fake.Advance(4 * time.Minute) // one asks no faster
		}
		if g := w.do(t, ask{method: "POST", path: "/subprocessors", body: "address=a@example.com&address=b@example.com", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}); g.status != 400 {
			t.Errorf("two addresses: %d", g.status)
		}
		if w.readers(t) != 0 {
			t.Fatal("something of that was kept")
		}
		for range 6 {
			must(t, w.listed.Ask(t.Context(), "victim@example.com", "tr"))
			w.leave(t)
		}
		if n := len(w.mailbox.to("victim@example.com")); n != 3 || w.readers(t) != 1 {
			t.Errorf("a stranger is written to %d times", n)
		}
		link := w.mailbox.to("victim@example.com")[0].Link
		u, _ := url.Parse(link)
		token := u.Path[strings.LastIndex(u.Path, "/")+1:]
		for _, guess := range []string{strings.Repeat("A", len(token)), token[:len(token)-6] + "AAAAAA", token[:10], strings.Repeat("x", 500), token + "A"} {
			for _, path := range []string{recipients.ConfirmPath, recipients.StopPath} {
				if g := w.press(t, path+guess); g.status != 404 {
					t.Errorf("%s%s: %d", path, guess, g.status)
				}
			}
		}
		w.Fake.Advance(store.ReaderTerm)
		if g := w.press(t, link); g.status != 404 {
			t.Errorf("a link past its time: %d", g.status)
		}
		must(t, w.listed.Tick(t.Context()))
		if w.readers(t) != 0 {
			t.Error("an address that never said yes is still here")
		}
		var last got
		for range 12 {
			last = w.asksToBeTold(t, "flood@example.com")
		}
		if last.status != 429 {
			t.Errorf("a flood from one address: %d", last.status)
		}
		w.mailbox.off = true
		if g := w.want(t, 200, ask{}.at("GET", "/subprocessors", "")); strings.Contains(g.body, "<form") {
			t.Error("a form that nothing can answer")
		}
	})
}

// The list is there for programs, with since when each stands on it, and says
// nothing before the operator is named.
func TestTheListOfRecipientsIsThereForPrograms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.want(t, 404, ask{}.at("GET", "/subprocessors.json", ""))
		op, _ := w.operator(t)
		w.want(t, 200, op.at("PUT", "/api/v1/instance/operator-profile", profileOfParley))
		must(t, w.listed.Tick(t.Context()))
		since := w.Clock.Now()
		w.Fake.Advance(time.Hour)
		g := w.want(t, 200, ask{}.at("GET", "/subprocessors.json?l=tr", ""))
		var feed struct {
			Operator string
			Items    []struct {
				Service, Company, Purpose, Country, Data, Mechanism string
				Since                                               *time.Time
			}
		}
		must(t, json.Unmarshal([]byte(g.body), &feed))
		if len(feed.Items) != 1 || feed.Operator != "Northwind <b>Ltd" && feed.Operator != "Northwind <b>Ltd</b>" {
			t.Fatalf("%+v", feed)
		}
		one := feed.Items[0]
		if one.Service != "hosting" || one.Company != "Hetzner Online GmbH" || one.Country != "Germany" || one.Purpose != "makineler ve depolama" || one.Data == "" || one.Since == nil || one.Since.Sub(since).Abs() > time.Second {
			t.Errorf("%+v", one)
		}
		if page := w.want(t, 200, ask{}.at("GET", "/subprocessors", "")); !strings.Contains(page.body, `action="/subprocessors?l=en"`) || strings.Contains(page.body, "<script") || !strings.Contains(page.header.Get("Content-Security-Policy"), "form-action 'self'") {
			t.Error("the page has no form, or needs a script")
		}
	})
}
