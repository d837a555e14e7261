package checks

import (
	"net/http"
	"slices"
	"strings"

	"parley/internal/promise"
)

// screenChecks look through a real browser.
func screenChecks() []entry {
	return []entry{
		{"chat-waits-for-consent", chatWaits},
		{"chat-storage", chatStorage},
		{"functional-storage", functionalStorage},
	}
}

// shown is a page in a real browser.
type shown struct {
	t *trial
	b promise.Browser
}

// until waits for something to be so in a page, as long as a page may take.
const until = `const until = async (what) => { for (;;) { const got = what(); if (got) return got; await new Promise((done) => setTimeout(done, 20)) } };`

// kept names what lies in the storage that a page can have, of every kind.
const kept = `[...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie.split("; ").filter(Boolean), ...(await indexedDB.databases()).map((d) => d.name), ...(self.caches ? await caches.keys() : [])]`

// looks opens a browser on some made-up websites.
func (t *trial) looks(pages map[string]string) *shown {
	s := &shown{t: t}
	if t.err != nil {
		return s
	}
	s.b, t.err = t.w.Browse(t.ctx, pages)
	if t.err == nil {
		t.after(func() { t.must(s.b.Close()) })
	}
	return s
}

func (s *shown) open(address string) {
	if s.t.err == nil {
		s.t.must(s.b.Open(s.t.ctx, address))
	}
}

// run carries out the body of a function in a frame.
func (s *shown) run(origin, body string, out any) {
	if s.t.err == nil {
		s.t.must(s.b.Run(s.t.ctx, origin, "(async () => {"+until+body+"})()", out))
	}
}

// keeps is what lies in the browser for a page, and every cookie there is.
func (s *shown) keeps(origin string) (all []string) {
	s.run(origin, "return "+kept, &all)
	if s.t.err == nil {
		cookies, err := s.b.Cookies(s.t.ctx)
		s.t.must(err)
		all = append(all, cookies...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// asked counts what was asked for of the program.
func (s *shown) asked() (paths []string) {
	if s.t.err != nil {
		return nil
	}
	for _, one := range s.b.Asked() {
		if _, path, ok := strings.Cut(one, s.t.w.Place().URL); ok {
			paths = append(paths, path)
		}
	}
	return paths
}

// chatOn opens a website with the chat on it, and what else its script is told.
func (t *trial) chatOn(more string) *shown {
	place := t.w.Place()
	s := t.looks(map[string]string{place.Shop + "/": `<!doctype html><html lang="en"><title>Shop</title><body><h1>Shop</h1><script src="` + place.URL + `/widget.js" data-key="` + place.Widget + `" ` + more + `></script></body></html>`})
	s.open(place.Shop + "/")
	s.run("", `await until(() => document.querySelector("parley-chat"))`, nil)
	return s
}

// writes opens the chat and writes in it as a visitor does.
func (s *shown) writes(words string) {
	frame := s.t.w.Place().URL
	s.run("", `parley("open")`, nil)
	s.run(frame, `
		const field = await until(() => document.querySelector("#write"));
		field.focus();
		document.execCommand("insertText", false, "`+words+`");
		await until(() => document.querySelector("button.send[aria-disabled=false]"));
		document.querySelector("button.send").click();
		await until(() => document.body.innerText.includes("`+words+`") && field.value === "")`, nil)
	for range 100 { // it is shown before the server has it
		if s.t.err != nil || s.t.shown(words) {
			return
		}
		s.t.settle()
	}
	s.t.want(false, "what a visitor writes is in the inbox")
}

func chatWaits(t *trial) {
	s := t.chatOn(`data-consent="required"`)
	t.want(slices.Equal(s.asked(), []string{"/widget.js"}), "a website that waits for its visitor's word has the browser fetch the chat's one script")
	t.want(len(s.keeps("")) == 0, "and keeps nothing on the device")
	s.writes(canary())
	t.want(len(s.keeps("")) == 0 && len(s.keeps(t.w.Place().URL)) == 0, "nor when the visitor opens the chat and writes")
	s.run("", `parley("consent", {storage: true}); await until(() => localStorage.length > 0)`, nil)
	t.want(len(s.keeps("")) == 1, "once the website's own banner says yes, an entry is kept")
	s.run("", `parley("consent", false); await until(() => localStorage.length === 0)`, nil)
	t.want(len(s.keeps("")) == 0, "when it takes that back, it goes")
}

func chatStorage(t *trial) {
	s := t.chatOn("")
	word := canary()
	s.run("", `parley("consent", {storage: true})`, nil)
	s.writes(word)
	s.run("", `await until(() => localStorage.length > 0)`, nil)
	t.want(slices.Equal(s.keeps(""), []string{"parley:" + t.w.Place().Widget}), "with consent, one entry of the website's local storage is all that is kept, and no cookie")
	t.want(len(s.keeps(t.w.Place().URL)) == 0, "the chat's own frame keeps nothing")
	s.open(t.w.Place().Shop + "/")
	s.run("", `await until(() => document.querySelector("parley-chat")); parley("consent", {storage: true}); parley("open")`, nil)
	s.run(t.w.Place().URL, `await until(() => document.body && document.body.innerText.includes("`+word+`"))`, nil)
	t.want(len(s.keeps("")) == 1, "by it the visitor finds their conversation again")
}

// functionalStorage chooses in the panel, before and after signing in.
func functionalStorage(t *trial) {
	s, place := t.looks(nil), t.w.Place()
	s.open(place.URL + "/")
	const other = `await until(() => document.querySelector("main > button[lang]"))`
	s.run("", other, nil)
	t.want(len(s.keeps("")) == 0, "who opens the panel and chooses nothing has nothing kept")
	var language string
	s.run("", `(`+other+`).click(); await until(() => document.documentElement.lang === "tr"); return document.documentElement.lang`, &language)
	mine := s.keeps("")
	t.want(language == "tr" && len(mine) == 1, "a language that was chosen is kept in one entry")
	s.open(place.URL + "/")
	s.run("", other+`; return document.documentElement.lang`, &language)
	t.want(language == "tr", "and holds the next time")
	s.run("", `const refuse = () => { throw new DOMException("denied", "SecurityError") };
		localStorage.clear(); Storage.prototype.setItem = refuse; Storage.prototype.getItem = refuse;
		(`+other+`).click(); await until(() => document.documentElement.lang === "en")`, nil)
	t.want(len(s.keeps("")) == 0, "where the browser keeps nothing, it can be chosen all the same")
	var status int
	s.run("", `const a = await fetch("/api/v1/session", {method: "POST", headers: {"Content-Type": "application/json"},
		body: JSON.stringify({email: "`+place.MemberMail+`", password: "`+place.MemberPassword+`"})}); return a.status`, &status)
	t.want(status == http.StatusOK, "a member signs in")
	s.open(place.URL + "/settings/profile")
	var dark bool
	s.run("", `const all = await until(() => { const one = [...document.querySelectorAll("[role=radio], input[type=radio], button[aria-pressed]")]; return one.length > 2 && one });
		const pick = all.find((x) => /dark/i.test(x.textContent + (x.value ?? "") + (x.closest("label")?.textContent ?? "")));
		pick.click(); await until(() => document.documentElement.classList.contains("dark")); return true`, &dark)
	var entries int
	s.run("", `return localStorage.length`, &entries)
	t.want(dark && entries == 1, "colours that are chosen are kept beside it")
}
