package checks

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// toldChecks look at what is told of members' use and of errors, to whom, and for
// how long it is held.
func toldChecks() []entry {
	return []entry{
		{"nothing-before-consent", nothingBefore},
		{"analytics-without-cookies", analyticsNoCookies},
		{"analytics-switch", analyticsSwitch},
		{"tracking-settings", analyticsSwitch},
		{"analytics-pseudonyms", analyticsPseudonyms},
		{"privacy-signal-honoured", signalHonoured("Sec-Gpc")},
		{"do-not-track-honoured", signalHonoured("Dnt")},
		{"works-without-cookies", worksWithout},
		{"error-service-scrubbed", errorsScrubbed},
		{"errors-hold-no-text", errorsNoText},
		{"egress-by-register", refusedOutside},
		{"transfer-basis", refusedOutside},
		{"recipients-listed", refusedOutside},
		{"sentry-in-register", listedWhenOn("sentry", "errors.canary.example", map[string]string{"PARLEY_SENTRY_DSN": "https://0123456789abcdef0123456789abcdef@errors.canary.example/7"}, "PARLEY_SENTRY_DPA")},
		{"posthog-in-register", listedWhenOn("posthog", "use.canary.example", map[string]string{"PARLEY_POSTHOG_URL": "https://use.canary.example"}, "PARLEY_POSTHOG_DPA")},
	}
}

// heard is what a service beside the program was sent from a place on.
func (t *trial) heard(service string, from int, word string) string {
	if t.err != nil {
		return ""
	}
	raw, err := t.w.Told(t.ctx, service, from, word)
	t.must(err)
	return string(raw)
}

// signedUp is a fresh member whose use may be told, or not. An hour before them
// nobody signed up: there is a limit to it.
func (t *trial) signedUp(allowed bool) *browser {
	t.advance(time.Hour)
	b := t.fresh("agent")
	if allowed {
		b.allows(true)
	}
	return b
}

func (b *browser) allows(yes bool) {
	var c struct {
		Offered, Allowed bool
		Version          string
	}
	b.good(http.MethodGet, "/api/v1/session/analytics", nil, &c)
	b.t.want(c.Offered && c.Allowed == !yes, "it is asked for, and as the member left it")
	b.good(http.MethodPut, "/api/v1/session/analytics", map[string]any{"allowed": yes, "version": c.Version}, nil)
}

// uses lets a member use an operation, with a header more.
func (b *browser) uses(path, header string) {
	if b.t.err != nil {
		return
	}
	h := http.Header{"Origin": {b.t.w.Place().URL}, "Sec-Fetch-Site": {"same-origin"}, "User-Agent": {b.agent}, "Cookie": {b.cookie}}
	if header != "" {
		h.Set(header, "1")
	}
	a, err := b.t.w.HTTP(b.t.ctx, promise.Ask{Method: http.MethodGet, Path: path, Header: h})
	b.t.must(err)
	b.t.want(a.Status == http.StatusOK, "the member uses the program")
}

// Operations that a member uses, and what they are called.
const (
	usePath, useName   = "/api/v1/saved-replies", "list-saved-replies"
	lastPath, lastName = "/api/v1/my-letters", "my-letters"
)

// toldOf is what the service heard of what fn did. Afterwards somebody who allows
// it uses another operation: what came before it is all there is.
func (t *trial) toldOf(fn func()) string {
	witness := t.signedUp(true)
	from := len(t.heard("posthog", 0, ""))
	fn()
	witness.uses(lastPath, "")
	heard := t.heard("posthog", from, lastName)
	t.want(strings.Contains(heard, lastName), "what somebody allowed is told")
	return heard
}

// nothingBefore: who agreed to nothing is given nothing, and nothing is told of them.
func nothingBefore(t *trial) {
	for _, path := range []string{"/", "/sign-in", "/privacy", "/cookies", "/subprocessors"} {
		a := t.page(path)
		t.want(len(a.Header.Values("Set-Cookie")) == 0, "a page sets no cookie")
	}
	v := t.visits("unknown")
	v.says("Before " + canary())
	t.want(v.cookies == 0, "nor does the chat")
	var b *browser
	heard := t.toldOf(func() {
		b = t.signedUp(false)
		b.uses(usePath, "")
	})
	t.want(!strings.Contains(heard, useName), "of a member who was not asked yet nothing is told")
	names := slices.Compact(slices.Sorted(slices.Values(b.names)))
	t.want(len(names) == 1, "one cookie came, for the session")
	t.seen = slices.Compact(t.seen)
}

func analyticsNoCookies(t *trial) {
	var b *browser
	heard := t.toldOf(func() {
		b = t.signedUp(true)
		b.uses(usePath, "")
	})
	t.want(strings.Contains(heard, useName), "with consent the use is told, by the program and not by the browser")
	names := slices.Compact(slices.Sorted(slices.Values(b.names)))
	t.want(len(names) == 1 && strings.HasSuffix(names[0], "session"), "no cookie came beside that of the session")
	policy := t.page("/").Header.Get("Content-Security-Policy")
	t.want(strings.Contains(policy, "connect-src 'self'") && !strings.Contains(policy, "http"), "the browser may call no analytics")
	t.want(!strings.Contains(strings.ToLower(heard), "cookie:"), "none was sent along")
}

func analyticsSwitch(t *trial) {
	b := t.signedUp(true)
	on := t.toldOf(func() { b.uses(usePath, "") })
	t.want(strings.Contains(on, useName), "switched on by its member, it is told")
	b.allows(false)
	off := t.toldOf(func() { b.uses(usePath, "") })
	t.want(!strings.Contains(off, useName), "one switch ends it, at once")
	t.seen = slices.Compact(t.seen)
}

func analyticsPseudonyms(t *trial) {
	b := t.signedUp(true)
	who := b.me().Member
	heard := t.toldOf(func() { b.uses(usePath, "") })
	for _, what := range []string{who.Email, who.Name, `"` + who.ID + `"`, "127.0.0.1\"", b.cookie, t.w.Place().Workspace} {
		t.want(what != "" && !strings.Contains(heard, what), "no name, address, number, network or session is told")
	}
	t.want(strings.Contains(heard, `"$ip":"0.0.0.0"`), "the service is told to take no network address from the call")
	again := t.toldOf(func() { b.uses(usePath, "") })
	mark := func(text string) string {
		for _, part := range strings.Split(text, `"distinct_id":"`)[1:] {
			id, rest, _ := strings.Cut(part, `"`)
			if end := strings.Index(rest, `"distinct_id"`); strings.Contains(rest[:max(end, min(len(rest), 600))], useName) {
				return id
			}
		}
		return ""
	}
	t.want(len(mark(heard)) >= 16 && mark(heard) == mark(again), "whoever it is, is one keyed hash")
	t.seen = slices.Compact(t.seen)
}

func signalHonoured(header string) func(t *trial) {
	return func(t *trial) {
		b := t.signedUp(true)
		quiet := t.toldOf(func() { b.uses(usePath, header) })
		t.want(!strings.Contains(quiet, useName), "what a browser asks for with the signal is told to nobody, even of who had allowed it")
		loud := t.toldOf(func() { b.uses(usePath, "") })
		t.want(strings.Contains(loud, useName), "without it the same is")
		t.seen = slices.Compact(t.seen)
	}
}

func worksWithout(t *trial) {
	question, answer := t.fact()
	t.autopilot()
	v := t.visits("refused")
	v.says(question)
	t.settle()
	open := v.opens(map[string]any{"token": v.token})
	said := false
	for _, m := range open.Messages {
		said = said || strings.Contains(m.Body, answer)
	}
	t.want(said && v.cookies == 0, "a visitor who agrees to nothing asks and is answered")
	b := t.signedUp(false)
	for _, path := range []string{"/api/v1/conversations", "/api/v1/contacts", "/api/v1/saved-replies", "/api/v1/session", "/api/v1/my-data", "/api/v1/channels"} {
		b.uses(path, "Sec-Gpc")
	}
	t.want(b.in(), "a member who allowed nothing has all of it")
	t.seen = slices.Compact(t.seen)
}

// breaks lets the program fail over a person's file, and gives words that no
// record of it may hold.
func (t *trial) breaks() (words []string) {
	name := "Broken " + canary()
	var picture bytes.Buffer
	t.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 40))))
	t.says("messenger", name, "look at "+name)
	t.does("messenger", name, promise.Act{Kind: "image", Mime: "image/png", File: picture.Bytes()})
	all := t.filesOf(name)
	t.want(len(all) == 1 && all[0].State == "ready", "a picture is held")
	if t.err != nil {
		return nil
	}
	t.must(t.w.Spoil(t.ctx))
	b := t.signedUp(false)
	h := http.Header{"Origin": {t.w.Place().URL}, "Sec-Fetch-Site": {"same-origin"}, "Cookie": {b.cookie}, "User-Agent": {b.agent}}
	a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodGet, Path: strings.TrimPrefix(all[0].URL, t.w.Place().URL), Header: h})
	t.must(err)
	t.want(a.Status == http.StatusInternalServerError && !strings.Contains(string(a.Body), "blobs"), "its bytes are damaged: the program says that it failed, and nothing of its inside")
	_, session, _ := strings.Cut(b.cookie, "=")
	t.restart() // what waits to be written is
	return []string{name, session, b.me().Member.Email, "Mozilla", "127.0.0.1:"}
}

func errorsScrubbed(t *trial) {
	from := len(t.heard("sentry", 0, ""))
	words := t.breaks()
	heard := t.heard("sentry", from, `"event_id"`)
	t.want(strings.Contains(heard, `"event_id"`) && strings.Contains(heard, "request failed"), "the service is told that a request failed, and where in the program")
	_, body, _ := strings.Cut(heard, `"sdk"`) // before it stands where the service itself is
	for _, word := range words {
		t.want(word != "" && !strings.Contains(body, word), "no body, name, cookie, browser or network of anybody is in it")
	}
	t.want(!strings.Contains(strings.ToLower(heard), "cookie"), "and no header of the request")
	t.seen = slices.Compact(t.seen)
}

type errorKind struct {
	ID, Kind, Place string
	Count           int
}

func (t *trial) errors() (all []errorKind) {
	var list struct{ Items []errorKind }
	t.operator(http.MethodGet, "/api/v1/operator/errors", nil, &list)
	return list.Items
}

// errorOf is what is recorded of errors of one kind.
func (t *trial) errorOf(id string) string {
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "operator"}, Method: http.MethodGet, Path: "/api/v1/operator/errors/" + id})
	t.must(err)
	return string(a.Body)
}

// failedRequest finds the record of requests that failed.
func (t *trial) failedRequest() (one errorKind) {
	for _, e := range t.errors() {
		if e.Kind == "request failed" {
			one = e
		}
	}
	t.want(one.ID != "" && strings.Contains(one.Place, "api."), "the error is on record with its place in the program")
	return one
}

func errorsNoText(t *trial) {
	words := t.breaks()
	one := t.failedRequest()
	if t.err != nil {
		return
	}
	whole := t.errorOf(one.ID)
	t.want(strings.Contains(whole, `"at"`), "when it happened is")
	for _, word := range words {
		t.want(!strings.Contains(whole, word), "no words, names, sessions or secrets are")
		_, hits := t.atRest(word)
		t.want(strings.HasPrefix(word, "Mozilla") || strings.HasPrefix(word, "127.") || hits == 0, "nor are they readable at rest")
	}
	t.seen = slices.Compact(t.seen)
}

// errorsEnd waits until what is held of an error is over.
func errorsEnd(t *trial) {
	t.breaks()
	one := t.failedRequest()
	if t.err != nil {
		return
	}
	t.advance(88 * day)
	t.want(strings.Contains(t.errorOf(one.ID), `"at"`), "the record is there after 88 days")
	t.advance(4 * day)
	t.want(!strings.Contains(t.errorOf(one.ID), `"at"`), "after 92 it is gone")
}

// errorsTimed looks at the times that are measured, too.
func errorsTimed(t *trial) {
	errorsEnd(t)
	who := t.signedUp(false).me().Member
	var used string
	t.settle()
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/usage?days=200"})
	t.must(err)
	used = string(a.Body)
	t.want(strings.Contains(used, `"calls"`) && !strings.Contains(used, who.ID) && !strings.Contains(used, who.Email), "use is counted by operation, and nobody is named")
}

// listedWhenOn sets a service of another company up, and takes it away again.
func listedWhenOn(service, host string, settings map[string]string, agreement string) func(t *trial) {
	return func(t *trial) {
		if t.err != nil {
			return
		}
		t.want(!strings.Contains(t.words("/subprocessors"), host), "where none is set up, none is listed")
		t.after(t.restart)
		t.must(t.w.Restart(t.ctx, settings))
		t.want(!strings.Contains(t.words("/subprocessors"), host), "one without an agreement is not used, and not listed")
		with := map[string]string{agreement: "DPA-7 of 2026-11-01"}
		for k, v := range settings {
			with[k] = v
		}
		t.must(t.w.Restart(t.ctx, with))
		t.want(strings.Contains(t.words("/subprocessors"), host), "one that is set up is listed by name as %s", service)
	}
}

// refusedOutside moves a model out of the own network without an agreement.
func refusedOutside(t *trial) {
	if t.err != nil {
		return
	}
	test := func() string {
		var out struct {
			OK     bool
			Reason string
		}
		status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/ai/test", map[string]any{"vendor": "openai", "model": "gpt-5-mini"}, &out)
		if status == http.StatusOK && out.OK {
			return "asked"
		}
		return out.Reason + t.code
	}
	before := len(t.left("models", ""))
	first := test()
	t.want(first == "asked" && len(t.left("models", "")) > before, "a model inside the own network is asked")
	t.after(t.restart)
	if t.err == nil {
		t.must(t.w.Restart(t.ctx, map[string]string{"PARLEY_OPENAI_URL": "https://models.canary.example/v1"}))
	}
	before = len(t.left("models", ""))
	t.want(test() == "no_dpa", "one of a company with which no agreement is on record is not, and that is said")
	t.want(!strings.Contains(t.words("/subprocessors"), "models.canary.example"), "nor is it on the list of recipients")
	word := canary()
	t.withModel(func() { t.says("messenger", "Outside "+word, asked+" ("+word+")") })
	t.want(len(t.left("models", "")) == before, "no question of a customer is sent to it")
}
