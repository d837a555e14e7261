package api_test

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/kit/i18n"
	"parley/internal/privacy"
	"parley/internal/store"
)

// asked opens a case and gives its page's address and its id.
func (w *world) asked(t *testing.T, kind string) (string, store.Case) {
	t.Helper()
	code, err := w.cases.Open(t.Context(), privacy.Request{Kind: kind, User: "218471", At: w.Clock.Now().Add(-time.Minute)})
	must(t, err)
	c, err := w.cases.Find(t.Context(), code)
	must(t, err)
	return "/privacy/status/" + code, c
}

// end carries a case out on paper: it matched this.
func (w *world) end(t *testing.T, c store.Case, matched map[string]int) {
	t.Helper()
	must(t, w.DB.In(0).Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.StartCase(c.ID, matched); err != nil {
			return err
		}
		return tx.EndCase(c.ID)
	}))
}

// covers A-9.1-02 and decision 10: received, doing, done, and honestly when
// nothing could be matched.
func TestTheStatusPageSaysWhatBecameOfARequest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		deletion, one := w.asked(t, privacy.Deletion)
		w.says(t, deletion+"?l=en", []string{`<html lang="en">`, "Received, not begun yet", "Delete what is held of a Facebook", "2026-11-21 12:00 UTC", "2026-11-22 12:00 UTC",
			"Open this page again later"}, []string{"What was done", "Nothing could be matched"})
		must(t, w.DB.In(0).Write(t.Context(), func(tx *store.Tx) error { return tx.StartCase(one.ID, map[string]int{"accounts": 3}) }))
		w.says(t, deletion+"?l=en", []string{"Being carried out"}, []string{"What was done"})
		w.Fake.Advance(time.Hour)
		w.end(t, one, map[string]int{"accounts": 3, "contacts": 1, "conversations": 2, "messages": 41})
		w.says(t, deletion+"?l=en", []string{"<h2 id=\"state\">Done</h2>", "2026-11-21 13:00 UTC", "deleted: 3</li>", "erased with all that belongs to them: 1", "Conversations erased: 2",
			"Messages erased: 41", "belong to the business", "another id for you"}, []string{"Nothing could be matched", "218471"})
		w.says(t, deletion+"?l=tr", []string{`<html lang="tr">`, "Tamamlandı", "silindi: 3</li>", "Silinen mesajlar: 41"}, []string{"218471"})

		back, other := w.asked(t, privacy.Deauthorize)
		w.end(t, other, map[string]int{})
		w.says(t, back, []string{"Nothing could be matched", "no token to destroy", "you can also ask for deletion"}, []string{"What was done", "another id for you"})
		w.Fake.Advance(2 * time.Minute) // another request of the same person
		none, third := w.asked(t, privacy.Deletion)
		if none == deletion {
			t.Fatal("two requests are one case")
		}
		w.end(t, third, map[string]int{})
		w.says(t, none, []string{"Nothing could be matched", "nobody who wrote here is known by it", "another id for you", "ask it in the same conversation"}, []string{"What was done"})

		w.Fake.Jump(privacy.CaseKeep) // a year has too many ticks to walk through
		must(t, w.cases.Sweep(t.Context()))
		w.want(t, 404, ask{method: "GET", path: deletion})
	})
}

func (w *world) says(t *testing.T, path string, there, absent []string) {
	t.Helper()
	g := w.want(t, 200, ask{method: "GET", path: path})
	for _, want := range there {
		if !strings.Contains(g.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range absent {
		if strings.Contains(g.body, not) {
			t.Errorf("the page says %q", not)
		}
	}
	if strings.Contains(g.body, "case.") || regexp.MustCompile(`\{[a-z]+\}`).MatchString(regexp.MustCompile(`(?s)<style.*</style>`).ReplaceAllString(g.body, "")) {
		t.Error("a text or a place for a value is missing")
	}
}

// covers A-9.1-02: the page needs no script and no account, keeps nothing, and
// tells nobody who does not have the code whether there is a case.
func TestTheStatusPageNeedsNoScriptAndTellsStrangersNothing(t *testing.T) {
	t.Parallel()
	w := one(t)
	known, _ := w.asked(t, privacy.Deletion)
	code := strings.TrimPrefix(known, "/privacy/status/")
	other := "A" + code[1:]
	if other == code {
		other = "B" + code[1:]
	}
	seen := map[string]bool{}
	strangers := ""
	for _, p := range []string{code, other, code[:42], code + "A", "%00", "x", strings.Repeat("A", 1500), code + "=", strings.ToUpper(code)} {
		g := w.do(t, ask{method: "GET", path: "/privacy/status/" + p})
		if want := map[bool]int{true: 200, false: 404}[p == code]; g.status != want {
			t.Errorf("%.50s: %d", p, g.status)
		}
		m := regexp.MustCompile(`<style nonce="([^"]+)"`).FindStringSubmatch(g.body)
		if m == nil || seen[m[1]] {
			t.Fatalf("%.50s: no fresh nonce", p)
		}
		seen[m[1]] = true
		want := "default-src 'none'; style-src 'nonce-" + m[1] + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
		if g.header.Get("Content-Security-Policy") != want || g.header.Get("Set-Cookie") != "" || strings.Contains(g.body, "<script") ||
			strings.Contains(g.body, " style=") || strings.Contains(g.body, "ZgotmplZ") {
			t.Errorf("%.50s: %v", p, g.header)
		}
		if g.header.Get("Cache-Control") != "no-store" || g.header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(g.body, `content="noindex"`) {
			t.Errorf("%.50s: %v", p, g.header)
		}
		for _, mark := range []string{"<main>", "</main>", `<html lang="en">`, "<title>"} {
			if strings.Count(g.body, mark) != 1 {
				t.Errorf("%.50s: %d times %s", p, strings.Count(g.body, mark), mark)
			}
		}
		if strings.Count(g.body, "<h1>") != 1 || strings.Contains(g.body, "<h3") {
			t.Errorf("%.50s: the headings are not in order", p)
		}
		if p == code {
			continue
		}
		body := strings.ReplaceAll(g.body, m[1], "")
		if strangers != "" && body != strangers {
			t.Errorf("%.50s: strangers are told different things", p)
		}
		strangers = body
	}
	w.fill(t, 404, known, url.Values{"act": {"withdraw"}}) // nobody takes back what a machine carries out
}

func TestTheStatusPageIsHeldToAPace(t *testing.T) {
	t.Parallel()
	w := one(t)
	path := "/privacy/status/" + strings.Repeat("A", 43)
	for range 1000 {
		if g := w.do(t, ask{method: "GET", path: path}); g.status == 429 {
			if g.header.Get("Retry-After") == "" {
				t.Error("nobody is told when to come back")
			}
			return
		}
	}
	t.Error("codes can be tried without end")
}

func TestTheStatusPageUsesEveryTextItHas(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("case.html")
	must(t, err)
	texts, err := i18n.Read(i18n.Fallback)
	must(t, err)
	byCode := regexp.MustCompile(`^case\.(state\.|asked\.|did\.|nothing\.|letter\.|mail\.|chat\.|reason\.|authority\.)`)
	for key := range texts {
		short, ok := strings.CutPrefix(key, "case.")
		if ok && !byCode.MatchString(key) && !strings.Contains(string(source), `.T "`+short+`"`) {
			t.Errorf("the page never says %q", key)
		}
	}
	for _, m := range regexp.MustCompile(`\.T "([a-z.]+)"`).FindAllStringSubmatch(string(source), -1) {
		if texts["case."+m[1]] == "" {
			t.Errorf("case.html asks for %q, which no file has", m[1])
		}
	}
}
