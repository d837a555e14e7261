package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/kit/secret"
	"parley/internal/promise"
)

// trial is one run of a check: the first thing that is not as promised ends it,
// and what comes after does nothing.
type trial struct {
	ctx  context.Context
	w    promise.World
	seen []string
	err  error
	ends []func()
	code string // of the last refusal
}

// named makes a check of the register's name.
func named(r *promise.Register, name string, fn func(t *trial)) promise.Check {
	return promise.Check{Name: name, Clauses: r.Of(name), Run: func(ctx context.Context, w promise.World) promise.Result {
		t := &trial{ctx: ctx, w: w}
		fn(t)
		t.end()
		if t.err != nil {
			return promise.Shut(t.err)
		}
		return promise.Result{State: promise.Proven, Observed: t.seen}
	}}
}

// after sets something right again when the trial ends, however it ends: the next
// one runs in the same world.
func (t *trial) after(fn func()) { t.ends = append(t.ends, fn) }

func (t *trial) end() {
	failed := t.err
	for i := len(t.ends) - 1; i >= 0; i-- {
		t.err = nil
		t.ends[i]()
		failed = errors.Join(failed, t.err)
	}
	t.err = failed
}

// saw notes what the proof rests on: never a canary, never words of people.
func (t *trial) saw(format string, args ...any) {
	if t.err == nil {
		t.seen = append(t.seen, fmt.Sprintf(format, args...))
	}
}

func (t *trial) must(err error) {
	if t.err == nil && err != nil {
		t.err = err
	}
}

// want fails the trial unless ok, and else notes what was wanted.
func (t *trial) want(ok bool, format string, args ...any) {
	switch {
	case t.err != nil:
	case ok:
		t.saw(format, args...)
	default:
		t.err = errors.New("not so: " + fmt.Sprintf(format, args...))
	}
}

// canary is a word that stands nowhere else: letters only, so that no reader of
// text takes it apart.
func canary() string {
	raw := secret.Random(18)
	for i, b := range raw {
		raw[i] = 'a' + b%26
	}
	return "canary" + string(raw)
}

func (t *trial) as(who promise.As, method, path string, body, out any) (status int) {
	if t.err != nil {
		return 0
	}
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			t.err = err
			return 0
		}
	}
	h := http.Header{}
	if method == http.MethodPost {
		h.Set("Idempotency-Key", canary())
	}
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: who, Method: method, Path: path, Body: raw, Header: h})
	if err != nil {
		t.err = err
		return 0
	}
	if t.code = ""; a.Status >= 300 {
		var no struct{ Code string }
		_ = json.Unmarshal(a.Body, &no) // a refusal of another shape has no code
		t.code = no.Code
	}
	if out != nil && a.Status < 300 {
		t.must(json.Unmarshal(a.Body, out))
	}
	return a.Status
}

// owner asks as the owner; anything but a success ends the trial.
func (t *trial) owner(method, path string, body, out any) {
	if status := t.as(promise.As{Role: "owner"}, method, path, body, out); t.err == nil && status >= 300 {
		t.err = fmt.Errorf("%s %s answered %d (%s)", method, path, status, t.code)
	}
}

// page reads an address as a stranger's browser does.
func (t *trial) page(path string) (a promise.Answer) {
	if t.err == nil {
		a, t.err = t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodGet, Path: path, Header: http.Header{"Accept": {"text/html"}}})
	}
	return a
}

func (t *trial) says(channel, customer, text string) {
	if t.err == nil {
		t.err = t.w.Says(t.ctx, channel, customer, text)
	}
}

func (t *trial) settle() {
	if t.err == nil {
		t.err = t.w.Settle(t.ctx)
	}
}

func (t *trial) advance(by time.Duration) {
	if t.err == nil {
		t.err = t.w.Advance(t.ctx, by)
	}
}

type talk struct {
	ID      string
	Contact struct{ ID, Name string }
	Account struct{ ID, Kind string } `json:"channel"`
}

type line struct {
	ID, Direction, Kind, Body, Status string
	Author                            struct{ Kind string }
}

// talkOf finds the newest conversation on a channel whose lines hold a word.
func (t *trial) talkOf(word string) (found talk) {
	var list struct{ Items []talk }
	t.owner(http.MethodGet, "/api/v1/conversations?limit=50", nil, &list)
	for _, c := range list.Items {
		if slices.ContainsFunc(t.lines(c.ID), func(l line) bool { return strings.Contains(l.Body, word) }) {
			return c
		}
	}
	t.want(false, "a conversation holds what was just written")
	return found
}

func (t *trial) lines(conversation string) []line {
	var list struct{ Items []line }
	t.owner(http.MethodGet, "/api/v1/conversations/"+conversation+"/messages?limit=100", nil, &list)
	return list.Items
}

// atRest counts in how many files a word stands readable.
func (t *trial) atRest(word string) (files, hits int) {
	if t.err != nil {
		return 0, 0
	}
	t.must(t.w.Bytes(t.ctx, func(_ string, raw []byte) error {
		files++
		if bytes.Contains(raw, []byte(word)) {
			hits++
		}
		return nil
	}))
	return files, hits
}

// left gives the calls that left the program and hold a word; "" = all.
func (t *trial) left(rule, word string) (found []promise.Call) {
	if t.err != nil {
		return nil
	}
	all, err := t.w.Outgoing(t.ctx)
	t.must(err)
	for _, c := range all {
		if (rule == "" || c.Rule == rule) && (bytes.Contains(c.Body, []byte(word)) || strings.Contains(c.Path, word)) {
			found = append(found, c)
		}
	}
	return found
}

// operator asks as who runs the install; anything but a success ends the trial.
func (t *trial) operator(method, path string, body, out any) {
	if status := t.as(promise.As{Role: "operator"}, method, path, body, out); t.err == nil && status >= 300 {
		t.err = fmt.Errorf("%s %s answered %d (%s)", method, path, status, t.code)
	}
}

var (
	unseen = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>`)
	tag    = regexp.MustCompile(`<[^>]*>`)
)

// words are what a stranger reads at an address: its text without its marks, the
// spaces between made one. Anything but a success ends the trial.
func (t *trial) words(path string) string {
	a := t.page(path)
	if t.err == nil && a.Status != http.StatusOK {
		t.err = fmt.Errorf("%s answered %d", path, a.Status)
	}
	said := html.UnescapeString(tag.ReplaceAllString(unseen.ReplaceAllString(string(a.Body), " "), " "))
	return strings.Join(strings.Fields(said), " ")
}

// asksFor reads the permissions that a sign-in's address asks for.
func asksFor(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	return strings.FieldsFunc(u.Query().Get("scope"), func(r rune) bool { return r == ',' || r == ' ' })
}

var itoa = strconv.Itoa
