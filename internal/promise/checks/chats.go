package checks

import (
	"net/http"
	"strings"
	"time"

	"parley/internal/promise"
)

// chatSettings changes the settings of the canary workspace's chat, until the trial
// ends.
func (t *trial) chatSettings(change map[string]any) {
	id, was := t.chatAccount()
	if t.err != nil {
		return
	}
	t.after(func() { t.owner(http.MethodPatch, "/api/v1/channels/"+id, map[string]any{"settings": was}, nil) })
	now := map[string]any{}
	for k, v := range was {
		now[k] = v
	}
	for k, v := range change {
		now[k] = v
	}
	t.owner(http.MethodPatch, "/api/v1/channels/"+id, map[string]any{"settings": now}, nil)
}

func (t *trial) chatAccount() (id string, settings map[string]any) {
	var list struct {
		Items []struct {
			ID, Snippet string
			Settings    map[string]any
		}
	}
	t.owner(http.MethodGet, "/api/v1/channels", nil, &list)
	for _, c := range list.Items {
		if c.Snippet != "" {
			return c.ID, c.Settings
		}
	}
	t.want(false, "the workspace has a chat")
	return "", nil
}

func widgetSettings(t *trial) {
	before := t.visits("unknown").Boot
	title := "Ask us " + canary()
	t.chatSettings(map[string]any{"brand_colour": "#7a1fa2", "title": map[string]string{"en": title}, "locale_default": "tr", "position": "start", "consent": "granted"})
	a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodGet, Path: "/w/" + t.w.Place().Widget, Header: http.Header{"Referer": {t.w.Place().Shop + "/"}, "Accept-Language": {"fr"}}})
	t.must(err)
	page := string(a.Body)
	for what, value := range map[string]string{"colour": "#7a1fa2", "text": title, "place": `"position":"start"`, "language": `"locale":"tr"`, "question about saving": `"consent":"granted"`} {
		t.want(strings.Contains(page, value), "the chat has the %s that the business set", what)
	}
	t.seen = t.seen[:min(len(t.seen), 1)]
	t.saw("colour, text, place, language and the question about saving are as set")
	t.want(before.Colour != "#7a1fa2" && before.Consent != "granted", "they were others before")
}

// allowedWebsites knocks at each door of the chat from a website that is not listed.
func allowedWebsites(t *trial) {
	key, shop, foreign := t.w.Place().Widget, t.w.Place().Shop, "https://foreign.example"
	_, status := t.frame(key, foreign, "en")
	t.want(status == http.StatusForbidden, "its page is refused to a foreign website")
	for origin, want := range map[string]string{shop: shop, foreign: ""} {
		a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodGet, Path: "/api/v1/widget/" + key + "/config", Header: http.Header{"Origin": {origin}}})
		t.must(err)
		t.want(a.Header.Get("Access-Control-Allow-Origin") == want, "how it looks is told to the listed website alone")
	}
	shown, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodGet, Path: "/w/" + key, Header: http.Header{"Referer": {shop + "/"}}})
	t.must(err)
	_, around, _ := strings.Cut(shown.Header.Get("Content-Security-Policy"), "frame-ancestors ")
	around, _, _ = strings.Cut(around, ";")
	t.want(strings.TrimSpace(around) == "'self' "+shop, "a browser is told to show it on the listed website alone")
	fresh, _ := t.frame(key, shop, "en")
	fresh.consent = "unknown"
	v := t.visits("unknown")
	v.says("from the listed website")
	t.chatSettings(map[string]any{"domains": []string{"https://elsewhere.canary.example"}})
	t.want(fresh.ask(http.MethodPost, "/session", map[string]any{"boot_token": fresh.Boot.BootToken, "consent": "unknown"}, nil) == http.StatusForbidden, "no visit begins where the website is no longer listed")
	t.want(v.ask(http.MethodPost, "/messages", map[string]any{"body": "x", "client_id": "abcdefghi"}, nil) == http.StatusForbidden, "no message is taken from there")
	t.want(v.ask(http.MethodGet, "/stream", nil, nil) >= 400, "no news is told there")
	a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodPost, Path: "/api/v1/widget/" + key + "/messages", Body: []byte(`{"body":"x","client_id":"abcdefghj"}`),
		Header: http.Header{"Origin": {foreign}, "Sec-Fetch-Site": {"cross-site"}, "Authorization": {"Widget " + v.token}}})
	t.must(err)
	t.want(a.Status == http.StatusForbidden, "a foreign website's own request is refused, even with a key")
}

func takesNoMore(t *trial) {
	extra := canary()
	v, _ := t.frame(t.w.Place().Widget, t.w.Place().Shop, "en")
	v.consent, v.agent = "granted", windowsFirefox+" "+extra
	word := canary()
	_ = v.ask(http.MethodPost, "/session", map[string]any{"boot_token": v.Boot.BootToken, "consent": "granted", "screen": extra, "fonts": []string{extra}, "serial": extra}, nil)
	v.opens(nil)
	_ = v.ask(http.MethodPost, "/messages", map[string]any{"body": "x", "client_id": "abcdefghk", "battery": extra}, nil)
	v.says("Nothing more " + word)
	c := t.talkOf(word)
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/contacts/" + c.Contact.ID})
	t.must(err)
	t.want(strings.Contains(string(a.Body), "Firefox") && !strings.Contains(string(a.Body), extra), "of a visit with consent the facts of the list are held and nothing beyond")
	_, hits := t.atRest(extra)
	t.want(hits == 0, "what else was sent along is at rest nowhere")
}

func nameIfGiven(t *trial) {
	with, without, name, word := t.visits("unknown"), t.visits("unknown"), "Given "+canary(), canary()
	with.says("With a name " + word)
	t.want(with.ask(http.MethodPost, "/profile", map[string]any{"name": name, "email": word + "@visitor.example"}, nil) < 300, "a name and an address may be given")
	t.settle()
	var c struct{ Name, Email string }
	t.owner(http.MethodGet, "/api/v1/contacts/"+t.talkOf(word).Contact.ID, nil, &c)
	t.want(c.Name == name && c.Email == word+"@visitor.example", "they are held")
	word = canary()
	without.says("Without a name " + word)
	talk := t.talkOf(word)
	t.owner(http.MethodPost, "/api/v1/conversations/"+talk.ID+"/messages", map[string]any{"body": "Answer to " + word}, nil)
	t.settle()
	again := without.opens(map[string]any{"token": without.token})
	both := 0
	for _, m := range again.Messages {
		if strings.Contains(m.Body, word) {
			both++
		}
	}
	t.want(both == 2, "without them the chat works the same: question and answer are there")
}

func comesBack(t *trial) {
	v, word := t.visits("granted"), canary()
	v.says("I saved this " + word)
	later, _ := t.frame(t.w.Place().Widget, t.w.Place().Shop, "en")
	later.consent = "granted"
	c := later.opens(map[string]any{"token": v.token})
	found := false
	for _, m := range c.Messages {
		found = found || strings.Contains(m.Body, word)
	}
	t.want(found && c.Visitor.Known, "who saved the chat finds it again with the entry of their browser")
	nobody := later.opens(nil)
	t.want(len(nobody.Messages) == 0 && !nobody.Visitor.Known, "without it nobody finds anything")
}

// visitFact: with consent it is held, without it is not.
func visitFact(what string, of func(visit) string, want string) func(t *trial) {
	return func(t *trial) {
		word := canary()
		t.visits("granted").says("Yes " + word)
		v := t.visitOf(word)
		t.want(v != nil && strings.Contains(strings.ToLower(of(*v)), strings.ToLower(want)), "with consent the %s is held", what)
		for _, consent := range []string{"unknown", "refused"} {
			word = canary()
			t.visits(consent).says("No " + word)
			v = t.visitOf(word)
			t.want(v == nil || of(*v) == "", "where consent is %s it is not", consent)
		}
	}
}

func visitPages(t *trial) {
	word, hidden := canary(), canary()
	v := t.visits("granted")
	v.opens(map[string]any{"page_url": t.w.Place().Shop + "/lamps/red?session=" + hidden + "#" + hidden, "referrer": "https://search.example/results?token=" + hidden})
	v.says("From a page " + word)
	seen := t.visitOf(word)
	t.want(seen != nil && strings.Contains(seen.PageURL, "/lamps/red") && strings.Contains(seen.Referrer, "search.example"), "with consent the page and the one that led there are held")
	t.want(seen != nil && !strings.Contains(seen.PageURL+seen.Referrer, hidden), "the secrets in their addresses are not")
	_, hits := t.atRest(hidden)
	t.want(hits == 0, "they are at rest nowhere")
	word = canary()
	t.visits("refused").says("From a page " + word)
	seen = t.visitOf(word)
	t.want(seen == nil || !strings.Contains(seen.PageURL, "/lamps") && seen.Referrer == "", "without it neither is")
}

func visitTimes(t *trial) {
	word := canary()
	begun := t.w.Now()
	v := t.visits("granted")
	v.says("Begun " + word)
	t.advance(10 * time.Minute)
	v.says("Still here " + word)
	seen := t.visitOf(word)
	t.want(seen != nil && seen.StartedAt.Sub(begun).Abs() < time.Minute, "when the visit began is held")
	t.want(seen != nil && seen.LastSeenAt.Sub(t.w.Now()).Abs() < time.Minute, "when it was last seen is held")
}

func visitorLanguage(t *trial) {
	for language, want := range map[string]string{"tr-TR,tr;q=0.9": "tr", "en-GB": "en", "xx": "en"} {
		v, status := t.frame(t.w.Place().Widget, t.w.Place().Shop, language)
		t.want(status == http.StatusOK && v.Boot.Locale == want, "a browser that asks for %s gets %s", language, want)
	}
	word := canary()
	v := t.visits("granted")
	v.opens(map[string]any{"locale": "tr"})
	v.says("Merhaba " + word)
	seen := t.visitOf(word)
	t.want(seen != nil && seen.Locale == "tr", "with consent the language is held")
	t.seen = t.seen[max(0, len(t.seen)-1):]
}

func chatNamesBusiness(t *trial) {
	v := t.visits("unknown")
	t.want(v.Boot.Name == "Canary Goods", "the chat names the business")
	said := t.words(v.Boot.PrivacyURL)
	t.want(strings.Contains(said, "Canary Goods is responsible for this chat"), "its notice says whose it is")
	t.want(strings.Contains(said, "you may ask Canary Goods which data about you is held"), "it names the business as whom to ask")
}

func noticeForVisitors(t *trial) {
	path := "/w/" + t.w.Place().Widget + "/privacy"
	t.want(strings.Contains(t.words(path), "erased 24 hours after its last message"), "a notice stands ready with the figures in force")
	t.want(strings.Contains(t.words(path+"?l=tr"), "24 saat"), "in both languages")
	t.chatSettings(map[string]any{"erase_after_hours": 5})
	said := t.words(path)
	t.want(strings.Contains(said, "erased 5 hours after its last message") && !strings.Contains(said, "24 hours after"), "it follows the settings at once")
	v, _ := t.frame(t.w.Place().Widget, t.w.Place().Shop, "en")
	t.want(v.Boot.PrivacyURL == path && v.Boot.EraseAfter == 5, "the chat leads there")
	other := t.otherChat()
	t.want(t.page("/w/"+other.key+"/privacy").Status == http.StatusOK, "another chat has one, too")
}

func widgetRoles(t *trial) {
	said := t.words("/w/" + t.w.Place().Widget + "/privacy")
	t.want(strings.Contains(said, "Canary Goods is responsible for this chat and for what is done with the things you write in it"), "the business is named as responsible")
	t.want(strings.Contains(said, "for Canary Goods provides the machine"), "whoever runs the program acts for it")
	other := t.otherChat()
	t.want(!strings.Contains(t.words("/w/"+other.key+"/privacy"), "Canary Goods is responsible"), "of another business's chat that one is")
}

func groundVisitors(t *trial) {
	said := t.words("/w/" + t.w.Place().Widget + "/privacy")
	_, rest, _ := strings.Cut(said, "What you and Canary Goods write")
	t.want(strings.Contains(rest[:min(len(rest), 400)], "Legitimate interest: answering what you ask"), "what visitors write rests on the interest in an answer")
	_, rest, _ = strings.Cut(said, "Browser, operating system, kind of device, language, network address, pages (only")
	t.want(strings.Contains(rest[:min(len(rest), 400)], "Your consent (GDPR Art. 6(1)(a)"), "what is known of their visit rests on consent")
	word := canary()
	t.visits("refused").says("No " + word)
	v := t.visitOf(word)
	t.want(v == nil || v.Browser == "" && v.Referrer == "", "without it nothing of that kind is held")
	t.want(strings.Contains(said, "It stores something on your device only if you agree"), "what is kept on the device does, too")
}

func businessDecides(t *trial) {
	question, _ := t.fact()
	id, _ := t.chatAccount()
	t.chatSettings(map[string]any{"ask_name": true, "erase_after_hours": 3})
	v := t.visits("unknown")
	t.want(v.Boot.AskName && v.Boot.EraseAfter == 3, "what the chat asks and how long an unsaved one is kept are as set")
	mode := func(m string) { t.owner(http.MethodPatch, "/api/v1/channels/"+id, map[string]any{"mode": m}, nil) }
	t.after(func() { mode("") })
	for m, want := range map[string]int{"autopilot": 1, "off": 0} {
		mode(m)
		word := canary()
		t.visits("unknown").says(question + " (" + word + ")")
		n := 0
		for _, l := range t.lines(t.talkOf(word).ID) {
			if l.Author.Kind == "ai" && l.Direction == "out" {
				n++
			}
		}
		t.want(n == want, "with the chat on %s the assistant answers %d times", m, want)
	}
	t.seen = t.seen[:min(len(t.seen), 3)]
}

func coversChannels(t *trial) {
	question, answer := t.fact()
	t.autopilot()
	for _, channel := range []string{"instagram", "messenger", "whatsapp"} {
		_, byAI := t.answered(channel, "Covered "+canary(), question)
		t.want(len(byAI) == 1 && strings.Contains(byAI[0].Body, answer), "the assistant answers over %s", channel)
	}
	word := canary()
	v := t.visits("unknown")
	v.says(question + " (" + word + ")")
	c := v.opens(map[string]any{"token": v.token})
	found := false
	for _, m := range c.Messages {
		found = found || m.Author.Kind == "ai" && strings.Contains(m.Body, answer)
	}
	t.want(found, "it answers in the website's chat")
	unknown := canary()
	_, err := t.w.Webhook(t.ctx, "meta", delivery("999000999000998", "888000889", "m_"+unknown, question+unknown))
	t.must(err)
	t.settle()
	t.want(len(t.left("meta", "999000999000998")) == 0, "nobody is answered over an account that no business connected")
}

func chatSaysAI(t *trial) {
	notice := "/w/" + t.w.Place().Widget + "/privacy"
	t.want(strings.Contains(t.words(notice), "People answer here, no AI"), "while people answer the notice says that")
	t.withModel(func() {
		word := canary()
		v := t.visits("unknown")
		v.says(asked + " (" + word + ")")
		c := v.opens(map[string]any{"token": v.token})
		marked := 0
		for _, m := range c.Messages {
			if m.Author.Kind == "ai" && m.AI != nil && m.AI.Label {
				marked++
			}
		}
		t.want(marked > 0, "an answer with a model's help is marked in the chat")
		said := t.words(notice)
		t.want(!strings.Contains(said, "no AI") && strings.Contains(said, "OpenAI"), "the notice says so, and whose model it is")
	})
}
