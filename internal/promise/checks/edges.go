package checks

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/internal/promise"
)

// edgeChecks look at how the program meets others: what it asks them for, what it
// takes from them, and who may listen.
func edgeChecks() []entry {
	return []entry{
		{"videos-bounded", videosBounded},
		{"fields-asked-for", fieldsAskedFor},
		{"web-pages-read", webPagesRead},
		{"vendor-days-bounded", vendorDaysBounded},
		{"alike-for-everybody", alikeForEverybody},
		{"meta-in-register", metaListed},
		{"meta-own-policy", metaOwnPolicy},
		{"tls-12", tlsOnly},
	}
}

// mostVideo is the size that a file may have.
const mostVideo = 100 << 20

// video begins as a film of a phone does.
func video(size int) []byte {
	head := []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	return append(head, make([]byte, size-len(head))...)
}

func videosBounded(t *trial) {
	small, large := "Film "+canary(), "Long Film "+canary()
	t.says("messenger", small, "look")
	t.does("messenger", small, promise.Act{Kind: "video", Mime: "video/mp4", File: video(200_000)})
	held := t.filesOf(small)
	t.want(len(held) == 1 && held[0].State == "ready" && held[0].Kind == "video", "a video is held")
	t.says("messenger", large, "look")
	before := t.bytesAtRest()
	t.does("messenger", large, promise.Act{Kind: "video", Mime: "video/mp4", File: video(mostVideo + 1)})
	held = t.filesOf(large)
	t.want(len(held) == 1 && held[0].State != "ready" && held[0].URL == "", "one that is a byte too large is not; its place says so")
	t.want(t.bytesAtRest()-before < mostVideo/10, "nothing of it stays on the disk")
}

func (t *trial) bytesAtRest() (n int) {
	if t.err == nil {
		t.must(t.w.Bytes(t.ctx, func(_ string, raw []byte) error { n += len(raw); return nil }))
	}
	return n
}

// usedFields are what the program makes something of: names and pictures that are
// shown, what kind of account it is, whether it may be written to, and its keys.
func usedFields() []string {
	return strings.Fields(`id user_id username name first_name last_name profile_pic profile_picture_url picture account_type category followers_count
	access_token tasks instagram_business_account follower_count is_user_follow_business is_business_follow_user is_verified_user
	display_phone_number verified_name quality_rating code_verification_status name_status platform_type throughput status health_status messaging_limit_tier
	language components account_mode is_official_business_account is_on_biz_app`)
}

// fieldsAskedFor reads every question that went to Meta since the world began.
func fieldsAskedFor(t *trial) {
	t.does("messenger", "Fields "+canary(), promise.Act{Kind: "text", Text: canary()}) // whose name is asked for
	t.does("instagram", "Fields "+canary(), promise.Act{Kind: "text", Text: canary()})
	asked, used := map[string]bool{}, usedFields()
	for _, c := range t.left("meta", "") {
		path, query, _ := strings.Cut(c.Path, "?")
		if c.Method != http.MethodGet || !strings.HasPrefix(c.Host, "graph.") || !readsNode(path) {
			continue
		}
		q, err := url.ParseQuery(query)
		t.must(err)
		fields := splitFields(q.Get("fields"))
		t.want(len(fields) > 0, "a question about %s names the fields that it wants", kindOf(path))
		for _, f := range fields {
			asked[f] = true
			t.want(slices.Contains(used, f), "%s is something that is used", f)
		}
	}
	slices.Sort(t.seen)
	t.seen = slices.Compact(t.seen)
	t.want(len(asked) > 3 && asked["name"], "several were asked for")
}

// readsNode reports whether an address gives facts, and not a token or a list of
// what the app itself set up.
func readsNode(path string) bool {
	last := path[strings.LastIndexByte(path, '/')+1:]
	return !slices.Contains([]string{"access_token", "debug_token", "subscribed_apps", "subscriptions", "refresh_access_token"}, last)
}

// kindOf is a path without the numbers in it.
func kindOf(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	last := parts[len(parts)-1]
	if strings.Trim(last, "0123456789") == "" {
		return "a node"
	}
	return last
}

// splitFields cuts at the commas outside braces and leaves out what is in them.
func splitFields(list string) (all []string) {
	level, one := 0, ""
	for _, r := range list + "," {
		switch {
		case r == '{':
			level++
		case r == '}':
			level--
		case level > 0:
		case r == ',':
			if one != "" {
				all = append(all, one)
			}
			one = ""
		default:
			one += string(r)
		}
	}
	return all
}

// site is a website with rules, which counts who asks for what.
type site struct {
	mu    sync.Mutex
	pages map[string]string
	asked []string
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.Path)
	page, ok := s.pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if w.Header().Set("Content-Type", "text/html; charset=utf-8"); r.URL.Path == "/robots.txt" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	}
	_, _ = w.Write([]byte(page)) // whoever went away does not read it
}

func (s *site) set(path, page string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = page
}

func (s *site) count(path string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.asked {
		if one == path {
			n++
		}
	}
	return n
}

func webPagesRead(t *trial) {
	open, shut, changed := unlike(), unlike(), unlike()
	say := func(word string) string {
		return "<!doctype html><title>Rental</title><main><h1>Rental</h1><p>The deposit for the " + word + " canoe is 70 EUR for each day that it is out.</p></main>"
	}
	web := &site{pages: map[string]string{"/robots.txt": "User-agent: *\nDisallow: /inner/\n", "/open": say(open), "/inner/shut": say(shut)}}
	if t.err != nil {
		return
	}
	at, err := t.w.Website(t.ctx, web, nil)
	t.must(err)
	inside := &site{pages: map[string]string{"/open": say(shut)}}
	hidden, err := t.w.Website(t.ctx, inside, nil)
	t.must(err)
	t.after(t.restart)
	if t.err == nil {
		t.must(t.w.Restart(t.ctx, map[string]string{"PARLEY_CRAWL_PRIVATE": strings.TrimPrefix(at, "http://")}))
	}
	find := func(word string) bool {
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/knowledge/search?q=" + word})
		t.must(err)
		return strings.Contains(string(a.Body), word+" canoe")
	}
	source := t.reads(at + "/open")
	t.want(find(open), "a page that the business names is read")
	t.want(web.count("/robots.txt") > 0, "its rules were asked for")
	t.reads(at + "/inner/shut")
	t.want(web.count("/inner/shut") == 0 && !find(shut), "one that the website's rules shut is not asked for")
	for _, inner := range []string{hidden + "/open", "http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/"} {
		t.reads(inner)
	}
	t.want(len(inside.asked) == 0 && !find(shut), "nor is anything inside our own network")
	web.set("/open", say(changed))
	t.owner(http.MethodPost, "/api/v1/knowledge/sources/"+source+"/refresh", map[string]any{}, nil)
	t.crawled(source)
	t.want(find(changed) && !find(open), "asked to, it is read again as it is now")
}

// reads names a page and waits until it was read, or not.
func (t *trial) reads(address string) string {
	var s struct{ ID string }
	if status := t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/knowledge/sources", map[string]any{"kind": "page", "name": "Page " + canary(), "url": address}, &s); status >= 300 {
		return "" // refused as it stands
	}
	if t.err == nil {
		t.after(func() { t.owner(http.MethodDelete, "/api/v1/knowledge/sources/"+s.ID, nil, nil) })
		t.crawled(s.ID)
	}
	return s.ID
}

// crawled waits until a round of reading ended; between two questions to a website
// the program rests.
func (t *trial) crawled(source string) {
	var s struct{ Crawl struct{ Running bool } }
	for range 20 {
		t.settle()
		t.owner(http.MethodGet, "/api/v1/knowledge/sources/"+source, nil, &s)
		if t.err != nil || !s.Crawl.Running {
			return
		}
		t.advance(time.Minute)
	}
	t.want(false, "the reading of a page ends")
}

// vendorDaysBounded has the operator name a company's server, with an agreement
// that lets it keep texts for some days.
func vendorDaysBounded(t *trial) {
	for _, v := range t.vendors() {
		t.want(v.Days <= 30, "%s keeps texts for at most 30 days", v.Name)
	}
	t.after(t.restart)
	for days, refused := range map[string]bool{"31": true, "": true, "30": false} {
		if t.err != nil {
			return
		}
		t.must(t.w.Restart(t.ctx, map[string]string{"PARLEY_OPENAI_URL": "https://models.canary.example/v1", "PARLEY_MODEL_DPA": "DPA-7 of 2026-11-01", "PARLEY_MODEL_DAYS": days}))
		if !refused {
			t.vendor("compatible", "some-model")
			t.want(strings.Contains(t.words("/subprocessors"), days+" days"), "one that keeps them for %s days may be chosen, and the public list says so", days)
			continue
		}
		var out struct {
			OK     bool
			Reason string
		}
		t.owner(http.MethodPost, "/api/v1/ai/test", map[string]any{"vendor": "openai", "model": "gpt-5-mini"}, &out)
		t.want(!out.OK && out.Reason == "keeps_long", "one that keeps them longer, or of which nobody knows, is not called")
	}
	slices.Sort(t.seen)
}

// rounds is in how many days everybody was asked.
const rounds = 8

// alikeForEverybody has the model say something else to one of the invented people.
func alikeForEverybody(t *trial) {
	type probed struct {
		Latest *struct {
			Alarm, Models bool
			Pairs, Differ int
		}
		Trend []struct{ Score float64 }
	}
	look := func() (p probed) { t.owner(http.MethodGet, "/api/v1/ai/bias", nil, &p); return p }
	probe := func() probed {
		t.owner(http.MethodPost, "/api/v1/ai/bias/probes", map[string]any{}, nil)
		t.settle()
		p := look()
		t.want(p.Latest != nil && p.Latest.Models && p.Latest.Pairs > 5, "invented people ask the model the same")
		if p.Latest == nil {
			p.Latest = &struct {
				Alarm, Models bool
				Pairs, Differ int
			}{}
		}
		return p
	}
	crate := unlike()
	t.knows("How much is shipping of a "+crate+" crate?", "Shipping of a "+crate+" crate costs 6.90 EUR and takes 3 to 5 working days.")
	t.after(func() { t.purposes() })
	t.purposes("evaluate")
	var test struct{ ID string }
	t.owner(http.MethodPost, "/api/v1/lab/tests", map[string]any{"question": "Shipping of a " + crate + " crate costs how much, and takes how many working days?", "language": "en", "expect": map[string]any{"outcome": "answered"}}, &test)
	t.after(func() { t.owner(http.MethodDelete, "/api/v1/lab/tests/"+test.ID, nil, nil) })
	before := len(look().Trend)
	t.want(!probe().Latest.Alarm, "where they are answered alike, nothing rings")
	t.weather("biased Lakisha", func() {
		p := probe()
		for range rounds { // each day asks another part of them
			if p.Latest.Alarm || t.err != nil {
				break
			}
			t.advance(day)
			p = probe()
		}
		t.want(p.Latest.Alarm && p.Latest.Differ > 0, "where one of them is answered in another way, the alarm does")
		t.want(len(p.Trend) >= before+2, "each time is kept, for the trend")
	})
	t.want(!probe().Latest.Alarm, "it ends when they are answered alike again")
}

// outsideMeta has the program work with a Meta that is no stand-in on this machine.
func (t *trial) outsideMeta() {
	t.after(t.restart)
	if t.err == nil {
		t.must(t.w.Restart(t.ctx, map[string]string{"PARLEY_META_GRAPH_URL": "https://graph.canary.example", "PARLEY_INSTAGRAM_GRAPH_URL": "https://graph.canary.example"}))
	}
}

func metaListed(t *trial) {
	t.want(!strings.Contains(t.words("/subprocessors"), "Meta Platforms"), "where the program works with a stand-in of its own, Meta is not listed")
	t.outsideMeta()
	for language, what := range map[string][]string{"en": {"receiving and sending messages of Instagram, Messenger and WhatsApp", "texts and files of messages"}, "tr": {"Instagram, Messenger ve WhatsApp mesajlarını almak ve göndermek", "mesajların metinleri ve dosyaları"}} {
		said := t.words("/subprocessors?l=" + language)
		_, rest, _ := strings.Cut(said, "Meta Platforms, Inc.")
		t.want(strings.Contains(rest, what[0]) && strings.Contains(said, what[1]) && strings.Contains(rest, "United States"), "else it is, with what it gets, what for and where, in %s", language)
	}
	slices.Sort(t.seen)
}

const metaPolicy = "https://www.facebook.com/privacy/policy/"

func metaOwnPolicy(t *trial) {
	for language, what := range map[string]string{"en": "follows its own policy", "tr": "kendi politikasına tabidir"} {
		a := t.page("/privacy/permissions?l=" + language)
		t.want(strings.Contains(string(a.Body), what) && strings.Contains(string(a.Body), metaPolicy), "who connects an account reads it, with the way there, in %s", language)
	}
	word := canary()
	t.says("instagram", "Own "+word, word)
	copied := t.handed(t.talkOf(word).Contact.ID, map[string]any{"language": "en"})
	t.want(strings.Contains(copied, "follows its own policy") && strings.Contains(copied, metaPolicy), "so does who gets a copy of what they wrote there")
	visitor := canary()
	t.visits("granted").says(visitor)
	t.want(!strings.Contains(t.handed(t.talkOf(visitor).Contact.ID, map[string]any{"language": "en"}), metaPolicy), "who wrote in the chat of a website, where Meta has no part, does not")
	t.outsideMeta()
	t.want(strings.Contains(t.words("/privacy"), "follows Meta's own policy"), "and the published policy says it")
	slices.Sort(t.seen)
}

// tlsOnly lets the program speak TLS itself, and then has it call somebody who
// listens to what it offers.
func tlsOnly(t *trial) {
	t.after(t.restart)
	if t.err != nil {
		return
	}
	t.must(t.w.Restart(t.ctx, map[string]string{"PARLEY_TLS_CERT": "{apart}/tls.crt", "PARLEY_TLS_KEY": "{apart}/tls.key"}))
	for _, old := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		_, err := t.w.Handshake(t.ctx, old)
		t.want(err != nil, "%s is refused", tls.VersionName(old))
	}
	for _, good := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		agreed, err := t.w.Handshake(t.ctx, good)
		t.must(err)
		t.want(agreed == good, "%s is spoken", tls.VersionName(good))
	}
	var mu sync.Mutex
	var offered []uint16
	at, err := t.w.Website(t.ctx, http.NotFoundHandler(), func(versions []uint16) {
		mu.Lock()
		defer mu.Unlock()
		offered = append(offered, versions...)
	})
	t.must(err)
	if t.err != nil {
		return
	}
	t.must(t.w.Restart(t.ctx, map[string]string{"PARLEY_OPENAI_URL": at + "/v1"}))
	var out struct{ OK bool }
	t.owner(http.MethodPost, "/api/v1/ai/test", map[string]any{"vendor": "openai", "model": "gpt-5-mini"}, &out)
	mu.Lock()
	defer mu.Unlock()
	t.want(len(offered) > 0 && slices.Min(offered) >= tls.VersionTLS12, "calling others, the program offers nothing older")
	t.want(!out.OK, "and nobody is believed whose certificate nobody vouches for")
}
