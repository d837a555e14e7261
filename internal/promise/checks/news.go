package checks

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"parley/internal/promise"
)

// newsChecks send mail that nobody needs.
func newsChecks() []entry {
	return []entry{
		{"ground-marketing", groundMarketing},
		{"marketing-by-consent", marketingByConsent},
	}
}

// yearChecks move the clock by years: nothing runs after them.
func yearChecks() []entry {
	return []entry{{"contact-form", contactForm}, {"marketing-consent-term", marketingConsentTerm}}
}

// reader is a member of their own, with the address that mail reaches them at.
type reader struct {
	*browser
	mail, password string
}

func (t *trial) reader() reader {
	address, _ := t.invited("agent")
	password := canary() + " boats"
	b, _ := t.joins(address, password)
	return reader{b, address, password}
}

type consents struct {
	Wishes []struct {
		Purpose, Version, Text string
		Allowed                bool
	}
	History []struct {
		Purpose, Version, Source string
		Hash                     string    `json:"text_hash"`
		Given                    time.Time `json:"given_at"`
		Withdrawn                *string   `json:"withdrawn_at"`
		By                       string    `json:"withdrawn_by"`
	}
}

func (r reader) consents() (c consents) {
	r.good(http.MethodGet, "/api/v1/consents", nil, &c)
	if len(c.Wishes) == 0 {
		r.t.want(false, "news is something a member may allow")
		c.Wishes = append(c.Wishes, struct {
			Purpose, Version, Text string
			Allowed                bool
		}{})
	}
	return c
}

func (r reader) says(version string, allowed bool) int {
	return r.ask(http.MethodPut, "/api/v1/consents", map[string]any{"purpose": "news", "version": version, "allowed": allowed}, nil)
}

func (r reader) allows() {
	r.t.want(r.says(r.consents().Wishes[0].Version, true) == http.StatusNoContent, "a member allows news by one call")
}

// signsIn opens a session anew.
func (r reader) signsIn() {
	r.good(http.MethodPost, "/api/v1/session", map[string]string{"email": r.mail, "password": r.password}, nil)
}

// news is what the operator writes to who allowed it, with a word to find it by.
func (t *trial) news() (word string) {
	word = canary()
	t.operator(http.MethodPost, "/api/v1/instance/news", map[string]any{"texts": []map[string]string{{"locale": "en", "subject": "What is new", "body": "Faster than before: " + word}}}, nil)
	t.settle()
	return word
}

// got counts the mails to an address that hold a word.
func (t *trial) got(address, word string) (n int) {
	for _, l := range t.letters(address) {
		if strings.Contains(l, word) {
			n++
		}
	}
	return n
}

// groundMarketing: no mail about news without a yes, however long somebody has
// been a member.
func groundMarketing(t *trial) {
	yes, silent, was := t.reader(), t.reader(), t.reader()
	t.want(!silent.consents().Wishes[0].Allowed, "nothing is allowed from the start")
	t.want(yes.says("2000-01-01", true) == http.StatusConflict && !yes.consents().Wishes[0].Allowed, "a yes to words that are no longer shown counts for nothing")
	yes.allows()
	was.allows()
	t.want(was.says("", false) == http.StatusNoContent, "it is taken back by the same call")
	word := t.news()
	t.want(t.got(yes.mail, word) == 1, "who allowed it gets the news once")
	t.want(t.got(silent.mail, word) == 0, "who said nothing gets none")
	t.want(t.got(was.mail, word) == 0, "who took it back gets none")
	c := yes.consents()
	t.want(len(c.History) == 1 && c.History[0].Version == c.Wishes[0].Version && sameText(c.History[0].Hash, c.Wishes[0].Text) && c.History[0].Source != "" && !c.History[0].Given.IsZero(),
		"which words were agreed to, where and when is on record")
	c = was.consents()
	t.want(len(c.History) == 1 && c.History[0].By == "profile", "that it was taken back is, too")
}

var stopHeader = regexp.MustCompile(`(?i)List-Unsubscribe:\s*<https?://[^/>]+(/[^>\s]+)>`)

// marketingByConsent follows the link of a mail as a mail program does: no cookie,
// no sign-in, one request.
func marketingByConsent(t *trial) {
	r := t.reader()
	r.allows()
	word := t.news()
	path, once := "", false
	for _, l := range t.letters(r.mail) {
		if m := stopHeader.FindStringSubmatch(l); m != nil && strings.Contains(l, word) {
			path, once = m[1], strings.Contains(l, "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
		}
	}
	t.want(path != "" && once, "the mail names a link that ends it with one click")
	t.want(t.page(path).Status == http.StatusOK && r.consents().Wishes[0].Allowed, "only looking at the link changes nothing")
	press := func(path string) int {
		if t.err != nil {
			return 0
		}
		a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodPost, Path: path, Body: []byte("List-Unsubscribe=One-Click"),
			Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}})
		t.must(err)
		return a.Status
	}
	t.want(press(path[:max(len(path)-6, 0)]+"AAAAAA") >= 400 && r.consents().Wishes[0].Allowed, "a link of another's making ends nothing")
	t.want(press(path) == http.StatusOK, "one press, without signing in, is taken")
	c := r.consents()
	t.want(!c.Wishes[0].Allowed && len(c.History) == 1 && c.History[0].By == "link", "the consent ended by it")
	t.want(t.got(r.mail, t.news()) == 0, "the next news does not come")
}

// marketingConsentTerm waits three years. One took it back; one never came again;
// one allows it and comes now and then.
func marketingConsentTerm(t *trial) {
	const term = 3 * 365 * day
	back, away, here := t.reader(), t.reader(), t.reader()
	for _, r := range []reader{back, away, here} {
		r.allows()
	}
	back.says("", false)
	t.advance(term - day)
	back.signsIn()
	here.signsIn()
	t.want(len(back.consents().History) == 1, "what was taken back is on record for three years")
	t.advance(2 * day)
	back.signsIn()
	here.signsIn()
	t.want(len(back.consents().History) == 0, "then it is not any more")
	c := here.consents()
	t.want(len(c.History) == 1 && c.Wishes[0].Allowed, "of who still comes it holds")
	word := t.news()
	t.want(t.got(here.mail, word) == 1, "who still comes gets the news")
	t.want(t.got(away.mail, word) == 0, "who did not come for three years gets none")
	t.want(t.got(back.mail, word) == 0, "who took it back gets none")

	var w struct{ Name string }
	back.good(http.MethodGet, "/api/v1/workspace", nil, &w)
	back.good(http.MethodPost, "/api/v1/leave", map[string]string{"workspace": w.Name}, nil)
	here.good(http.MethodPost, "/api/v1/address", map[string]string{"email": back.mail}, nil)
	here.good(http.MethodPut, "/api/v1/session/mail", map[string]string{"token": t.link(back.mail, "/link")}, nil)
	t.want(here.me().Member.Email == back.mail, "the address that said no is another member's now, who allowed news")
	t.want(t.got(back.mail, t.news()) == 0, "it still keeps us from writing there")
	_, hits := t.atRest(away.mail)
	t.want(hits == 0, "no address is readable at rest")
}

// contactForm: a question to whoever runs the install, and how long it is held.
func contactForm(t *trial) {
	words, answer := "How does this work? "+canary(), "Like this: "+canary()
	a := t.posts("/contact", url.Values{"words": {words}, "address": {canary() + "@asks.example"}})
	t.want(a.Status == http.StatusCreated, "anybody may ask whoever runs the program")
	find := func() (id string) {
		var all struct{ Items []struct{ ID string } }
		t.operator(http.MethodGet, "/api/v1/instance/cases", nil, &all)
		for _, one := range all.Items {
			var whole struct{ Lines []struct{ Body string } }
			t.operator(http.MethodGet, "/api/v1/instance/cases/"+one.ID, nil, &whole)
			for _, l := range whole.Lines {
				if l.Body == words {
					id = one.ID
				}
			}
		}
		return id
	}
	id := find()
	t.want(id != "", "what was asked reaches them")
	if t.err != nil {
		return
	}
	t.operator(http.MethodPost, "/api/v1/instance/cases/"+id+"/decide", map[string]string{"decision": "answered", "text": answer}, nil)
	_, hits := t.atRest(words)
	t.want(hits == 0, "it is readable in no file")
	held := func(what string) bool {
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "operator"}, Method: http.MethodGet, Path: "/api/v1/instance/cases/" + id})
		t.must(err)
		return strings.Contains(string(a.Body), what)
	}
	t.advance(100 * day) // nobody appeals, so it is closed
	t.advance(320 * day)
	t.want(held(answer), "the answer is there for most of a year")
	t.advance(50 * day)
	t.want(!held(answer) && !held(words), "a year after it was closed all of it is gone")
}
