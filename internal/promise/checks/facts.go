package checks

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// factChecks look at facts of accounts and people that a provider tells.
func factChecks() []entry {
	return []entry{
		{"waba-id-held", wabaHeld},
		{"page-profile", pageProfile},
		{"audio-plays", audioPlays},
		{"participant-pictures", participantPictures},
		{"meta-news-kinds", newsKinds},
		{"deletion-within-a-day", deletionWithinADay},
		{"transfer-measures", transferMeasures},
	}
}

// wabaHeld: the number of the business account is the one Meta is asked by.
func wabaHeld(t *trial) {
	id, _ := t.account("whatsapp")["waba_id"].(string)
	t.want(len(id) > 5, "the business account's number is held")
	t.want(slices.ContainsFunc(t.left("meta", "/"+id), func(c promise.Call) bool { return strings.Contains(c.Path, "/"+id+"/") }), "it is the one that Meta knows it by")
	for _, kind := range []string{"messenger", "instagram"} {
		held, _ := t.account(kind)["waba_id"].(string)
		t.want(held == "", "of another kind of account none is held")
	}
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner", Other: true}, Method: http.MethodGet, Path: "/api/v1/channels"})
	t.must(err)
	t.want(!strings.Contains(string(a.Body), id), "another business does not see it")
}

// pageProfile: name, picture and number are asked for when an account is
// connected, and again later.
func pageProfile(t *trial) {
	page := t.w.Place().Page
	asks := func() (n int) {
		for _, c := range t.left("meta", "/"+page+"?") {
			if c.Method == http.MethodGet && strings.Contains(c.Path, "picture") && strings.Contains(c.Path, "name") {
				n++
			}
		}
		return n
	}
	d, before := t.account("messenger"), asks()
	t.want(d["display_name"] == "Canary Goods" && d["page_id"] == page, "name and number are as Meta tells them")
	t.advance(day)
	t.owner(http.MethodGet, "/api/v1/channels/"+t.accountOf("messenger")+"/health", nil, nil)
	t.want(asks() > before, "they are read again whenever the connection is looked at")
	t.want(t.account("messenger")["checked_at"] != d["checked_at"], "when that was is shown")
}

// voice begins like a voice message of a phone does.
func voice() []byte {
	head := append([]byte("OpusHead\x01\x01"), 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0)
	page := append([]byte("OggS\x00\x02"), make([]byte, 20)...)
	return append(append(page, 1, byte(len(head))), head...)
}

func audioPlays(t *trial) {
	name, sound := "Voice "+canary(), append(voice(), canary()...)
	t.says("whatsapp", name, "listen")
	t.does("whatsapp", name, promise.Act{Kind: "voice", Mime: "audio/ogg", File: sound})
	all := t.filesOf(name)
	t.want(len(all) == 1 && all[0].State == "ready" && strings.HasPrefix(all[0].Mime, "audio/"), "a voice message is held as one")
	if t.err != nil {
		return
	}
	at := strings.TrimPrefix(all[0].URL, t.w.Place().URL)
	a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "agent"}, Method: http.MethodGet, Path: at})
	t.must(err)
	t.want(a.Status == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), "audio/") && bytes.Equal(a.Body, sound), "the inbox hears it whole")
	a, err = t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "agent"}, Method: http.MethodGet, Path: at, Header: http.Header{"Range": {"bytes=4-7"}}})
	t.must(err)
	t.want(a.Status == http.StatusPartialContent && bytes.Equal(a.Body, sound[4:8]), "a player can jump in it")
	a, err = t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner", Other: true}, Method: http.MethodGet, Path: at})
	t.must(err)
	t.want(a.Status == http.StatusNotFound, "another business does not")
	_, hits := t.atRest(string(sound[len(sound)-24:]))
	t.want(hits == 0, "it stands readable in no file at rest")
}

// participantPictures: a profile picture is a file of ours from then on, which goes
// with the person.
func participantPictures(t *trial) {
	word, place := canary(), canary()
	name := "Pictured " + word
	t.does("messenger", name, promise.Act{Kind: "portrait", File: placed(place)})
	t.says("messenger", name, word)
	c := t.talkOf(word)
	var shown struct {
		Identities []struct{ Profile struct{ Picture string } }
	}
	t.owner(http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, &shown)
	at := ""
	for _, i := range shown.Identities {
		at = strings.TrimPrefix(i.Profile.Picture, t.w.Place().URL)
	}
	t.want(strings.HasPrefix(at, "/"), "the picture is shown from our own address")
	if t.err != nil {
		return
	}
	see := func() promise.Answer {
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: at})
		t.must(err)
		return a
	}
	a := see()
	t.want(a.Status == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), "image/") && len(a.Body) > 100, "its bytes are ours")
	t.want(!bytes.Contains(a.Body, []byte(place)), "what the file said beside the picture is cut away")
	policy := t.page("/").Header.Get("Content-Security-Policy")
	t.want(strings.Contains(policy, "img-src 'self'") && !strings.Contains(policy, "http"), "a browser may fetch no picture elsewhere")
	var gone struct {
		Confirm string
		Erased  bool
	}
	t.owner(http.MethodPost, "/api/v1/contacts/"+c.Contact.ID+"/erase", map[string]any{}, &gone)
	t.owner(http.MethodPost, "/api/v1/contacts/"+c.Contact.ID+"/erase", map[string]any{"confirm": gone.Confirm}, &gone)
	t.want(see().Status == http.StatusNotFound, "it goes with the person")
}

// newsKinds: a message, its delivery and that it was read.
func newsKinds(t *trial) {
	word := canary()
	t.says("whatsapp", "News "+word, word)
	status, id := t.sends(t.talkOf(word), "out "+word)
	t.want(id != "", "a message came, and an answer left")
	for _, what := range []string{"delivered", "read"} {
		_, err := t.w.Webhook(t.ctx, "meta", news(t.w.Place().Number, id, what, itoa(int(t.w.Now().Unix()))))
		t.must(err)
		t.settle()
		t.want(status() == what, "that it was %s is taken from Meta's news", what)
	}
	_, err := t.w.Webhook(t.ctx, "meta", news(t.w.Place().Number, id, "dreamt_of", itoa(int(t.w.Now().Unix()))))
	t.must(err)
	t.settle()
	t.want(status() == "read", "news of another kind change nothing")
}

func deletionWithinADay(t *trial) {
	a, err := t.w.Deletion(t.ctx)
	t.must(err)
	_, rest, _ := strings.Cut(string(a.Body), "/privacy/status/")
	code, _, _ := strings.Cut(rest, `"`)
	t.want(a.Status == http.StatusOK && code != "", "a request of Meta is taken, with a code")
	from := t.w.Now()
	t.advance(day)
	said := strings.ToLower(t.words("/privacy/status/" + code))
	done := strings.Contains(said, "finished "+from.UTC().Format(time.DateOnly)) || strings.Contains(said, "finished "+t.w.Now().UTC().Format(time.DateOnly))
	t.want(done && !strings.Contains(said, "not begun yet"), "a day later its page says that it is done")
	t.want(strings.Contains(said, "matched"), "it says what was found and what not")
}

// transferMeasures: what leaves is cut, what stays is sealed.
func transferMeasures(t *trial) {
	word := canary()
	mail, number := word+"@private.example", "+4917655501"+itoa(10+int(word[7]-'a'))
	crate := unlike()
	t.knows("How much is shipping of a "+crate+" crate?", "Shipping of a "+crate+" crate costs 6.90 EUR and takes 3 to 5 working days.")
	t.withModel(func() {
		for _, private := range []string{mail, number} {
			before := len(t.left("models", ""))
			t.says("messenger", "Measured "+word+private[:4], "Shipping of a "+crate+" crate costs how much, and takes how many working days? "+private)
			t.want(len(t.left("models", "")) > before, "a model abroad was asked")
		}
	})
	t.want(len(t.left("models", mail)) == 0 && len(t.left("models", number)) == 0, "address and number did not go along")
	for _, what := range []string{mail, number, "Measured " + word} {
		t.want(len(t.left("models", what)) == 0, "nor did the name")
		files, hits := t.atRest(what)
		t.want(files > 3 && hits == 0, "what stays stands readable in no file at rest")
	}
	t.seen = slices.Compact(t.seen)
}
