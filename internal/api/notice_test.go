package api_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/desk"
	"parley/internal/kit/i18n"
	"parley/internal/store"
)

// chatWith adds a website chat with these settings and mode.
func (w *world) chatWith(t *testing.T, key, settings string, mode desk.Mode) string {
	t.Helper()
	must(t, w.DB.In(w.a.ws.ID).Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertAccount(desk.Account{ID: tx.NewID(), Workspace: w.a.ws.ID, Kind: "widget", OutsideID: key, Name: "chat", State: desk.AccountActive,
			Mode: mode, Settings: json.RawMessage(settings), ConnectedAt: tx.Now()})
	}))
	return "/w/" + key + "/privacy"
}

func settingsOf(consent string, hours string) string {
	return `{"domains":[],"consent":"` + consent + `","erase_after_hours":` + hours + `,"brand_colour":"#8a1f4d"}`
}

// covers A-16.2-01, A-11-05, A-7.2-01 and decision 12.
func TestTheNoticeSaysWhatIsInForce(t *testing.T) {
	t.Parallel()
	w := one(t)
	path := w.chatWith(t, "notice-a", settingsOf("ask", "36"), desk.ModeAutopilot)
	en := w.want(t, 200, ask{method: "GET", path: path + "?l=en"})
	for _, want := range []string{"Alpha is responsible", "erased 36 hours after its last message", "up to 90 days", "24 months", "72 hours", "7 days",
		"An AI assistant of Alpha may answer first", "take over or pause the AI at any time", "sets no cookies", "the chat asks whether the conversation may be saved",
		"No end is set", `<html lang="en">`, `href="?l=tr" lang="tr"`, "--bar:#8a1f4d"} {
		if !strings.Contains(en.body, want) {
			t.Errorf("the notice lacks %q", want)
		}
	}
	tr := w.want(t, 200, ask{method: "GET", path: path, header: map[string]string{"Accept-Language": "de, tr;q=0.9"}})
	for _, want := range []string{`<html lang="tr">`, "son mesajından 36 saat sonra silinir", "en çok 90 gün", "24 ay", `href="?l=en" lang="en"`} {
		if !strings.Contains(tr.body, want) {
			t.Errorf("the Turkish notice lacks %q", want)
		}
	}
	for _, g := range []got{en, tr} {
		if strings.Contains(g.body, "notice.") || regexp.MustCompile(`\{[a-z]+\}`).MatchString(regexp.MustCompile(`(?s)<style.*</style>`).ReplaceAllString(g.body, "")) {
			t.Error("a text or a place for a value is missing")
		}
	}
	off := w.want(t, 200, ask{method: "GET", path: w.chatWith(t, "notice-b", settingsOf("required", "1"), desk.ModeOff)})
	for want, there := range map[string]bool{"1 hour after": true, "AI is switched off here": true, "may answer first": false, "Keep my conversation": true, "People answer here": true} {
		if strings.Contains(off.body, want) != there {
			t.Errorf("with AI off and consent required: %q is there: %v", want, !there)
		}
	}
	draft := w.want(t, 200, ask{method: "GET", path: w.chatWith(t, "notice-c", settingsOf("granted", "24"), desk.ModeDraft)})
	if !strings.Contains(draft.body, "A person reads each one") || !strings.Contains(draft.body, "Global Privacy Control") {
		t.Error("draft mode or consent by the page is not told")
	}
}

func TestTheNoticeNeedsNoScriptAndKeepsNothing(t *testing.T) {
	t.Parallel()
	w := one(t)
	path := w.chatWith(t, "notice-a", settingsOf("auto", "24"), desk.ModeInherit)
	seen := map[string]bool{}
	for _, p := range []string{path, "/w/none-such/privacy", path + "?l=" + strings.Repeat("x", 300), "/w/x/privacy?l=%00"} {
		g := w.do(t, ask{method: "GET", path: p})
		if want := 404; strings.HasPrefix(p, path) && g.status != 200 || !strings.HasPrefix(p, path) && g.status != want {
			t.Errorf("%.40s: %d", p, g.status)
		}
		m := regexp.MustCompile(`<style nonce="([^"]+)"`).FindStringSubmatch(g.body)
		if m == nil || seen[m[1]] {
			t.Fatalf("%.40s: no fresh nonce", p)
		}
		seen[m[1]] = true
		want := "default-src 'none'; style-src 'nonce-" + m[1] + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
		if g.header.Get("Content-Security-Policy") != want || g.header.Get("Set-Cookie") != "" || strings.Contains(g.body, "<script") ||
			strings.Contains(g.body, " style=") || strings.Contains(g.body, "ZgotmplZ") {
			t.Errorf("%.40s: %v", p, g.header)
		}
		for name, value := range map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Language": "en", "Vary": "Accept-Language",
			"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
			if g.header.Get(name) != value {
				t.Errorf("%.40s: %s is %q", p, name, g.header.Get(name))
			}
		}
	}
	if g := w.want(t, 404, ask{method: "GET", path: "/w/none-such/privacy?l=tr"}); !strings.Contains(g.body, "Bu adreste bir sohbet yok") || strings.Contains(g.body, "Alpha") {
		t.Errorf("%.300s", g.body)
	}
	w.want(t, 404, ask{method: "GET", path: "/w/notice-a/other"})
	w.want(t, 405, ask{method: "POST", path: path})
}

// The notice names whom a visitor's words go to by the settings in force, and
// says that nobody is told as long as that is so (covers A-7.1-01, A-7.2-02).
func TestTheNoticeNamesTheVendorsThatAreSwitchedOn(t *testing.T) {
	t.Parallel()
	w := one(t)
	path := w.chatWith(t, "vendors-a", settingsOf("ask", "36"), desk.ModeDraft)
	read := func() string { return w.want(t, 200, ask{method: "GET", path: path + "?l=en"}).body }
	if page := read(); strings.Contains(page, "OpenAI") || !strings.Contains(page, "no outside AI service receives your messages") {
		t.Fatalf("before: %.2000s", page)
	}
	on := strings.NewReplacer(`"provider":""`, `"provider":"openai"`, `"fallback":""`, `"fallback":"compatible"`, `"purposes":[]`, `"purposes":["suggest"]`).Replace(aiSettings)
	w.want(t, 200, ask{method: "PUT", path: "/api/v1/ai", cookie: w.a.cookie, body: on})
	page := read()
	for _, want := range []string{"OpenAI, L.L.C.", "at most 30 days", "whoever runs this install operates or has chosen", "AI services named above"} {
		if !strings.Contains(page, want) {
			t.Errorf("the notice lacks %q", want)
		}
	}
	if strings.Contains(page, "no outside AI service") || strings.Contains(page, "to no other service") {
		t.Error("the notice still says that nobody is told")
	}
}

// What the notice says of outside services is true as long as no other room
// carries the words of a website chat out. Whoever adds one changes the notice
// with it.
func TestTheNoticeMayStillSayThatNobodyElseIsTold(t *testing.T) {
	t.Parallel()
	rooms, err := filepath.Glob("../notify/*.go")
	must(t, err)
	reads := regexp.MustCompile(`\b(?:r|rx|tx)\.([A-Z]\w+)\(`)
	for _, path := range rooms {
		source, err := os.ReadFile(path)
		must(t, err)
		for _, m := range reads.FindAllStringSubmatch(string(source), -1) {
			if !strings.HasSuffix(path, "_test.go") && !slices.Contains([]string{"InsertLetter", "EndLetter", "Letter", "Member", "Settings", "LinkHash", "Owners", "InCharge", "Now", "Allowed", "StopHash", "News", "InsertOperatorLetter", "OperatorLetter", "EndOperatorLetter", "PolicyByNumber"}, m[1]) {
				t.Errorf("%s reads %s: letters are to members and of members; where one tells of a contact, say in notice.ai.how and notice.who.others which service receives what", path, m[1])
			}
		}
	}
	if len(rooms) < 4 {
		t.Errorf("only %d files of the mail room were read", len(rooms))
	}
}

func TestTheNoticeUsesEveryTextItHas(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("notice.html")
	must(t, err)
	texts, err := i18n.Read(i18n.Fallback)
	must(t, err)
	byCode := regexp.MustCompile(`^notice\.(held\.|why\.|ground\.|until\.|span\.|choice\.|ai\.vendor|ai\.own)`)
	for key := range texts {
		short, ok := strings.CutPrefix(key, "notice.")
		if ok && !byCode.MatchString(key) && !strings.Contains(string(source), `.T "`+short+`"`) {
			t.Errorf("the notice never says %q", key)
		}
	}
	for _, m := range regexp.MustCompile(`\.T "([a-z.]+)"`).FindAllStringSubmatch(string(source), -1) {
		if texts["notice."+m[1]] == "" {
			t.Errorf("notice.html asks for %q, which no file has", m[1])
		}
	}
}
