package checks

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"crypto/sha256"
	"encoding/hex"

	"parley/internal/promise"
)

// sameText reports whether a hash is that of words.
func sameText(hash, words string) bool {
	sum := sha256.Sum256([]byte(words))
	return strings.EqualFold(hash, hex.EncodeToString(sum[:]))
}

// goes leaves for Google from the sign-in page, as who, and comes back.
func (b *browser) goes(who promise.Outsider) (back url.Values, address string) {
	var to struct{ URL string }
	b.good(http.MethodPost, "/api/v1/session/outside", map[string]string{"way": "google"}, &to)
	if b.t.err != nil {
		return nil, ""
	}
	back, err := b.t.w.Approves(b.t.ctx, to.URL, who)
	b.t.must(err)
	return back, to.URL
}

type arrived struct {
	Asks       []statement
	Name, Code string
}

func (b *browser) comes(back url.Values, more map[string]any) (status int, a arrived) {
	body := map[string]any{"way": "google", "state": back.Get("state"), "code": back.Get("code"), "iss": back.Get("iss")}
	for k, v := range more {
		body[k] = v
	}
	status = b.ask(http.MethodPut, "/api/v1/session/outside", body, &a)
	return status, a
}

// guest is an invited person who has an account at Google.
func (t *trial) guest() promise.Outsider {
	address, _ := t.invited("agent")
	return promise.Outsider{Subject: canary(), Email: address, Name: "Google " + canary(), Verified: true}
}

// joinsBy lets an invited person join with their account at Google.
func (t *trial) joinsBy(who promise.Outsider) (*browser, arrived) {
	b := t.browser()
	back, _ := b.goes(who)
	status, a := b.comes(back, nil)
	t.want(status == http.StatusUnprocessableEntity && !b.in(), "who comes back is asked for the statements first")
	status = b.ask(http.MethodPut, "/api/v1/session/outside", map[string]any{"way": "google", "state": back.Get("state"), "acknowledged": ticks(a.Asks), "name": a.Name}, nil)
	t.want(status == http.StatusOK && b.in(), "who agrees to them is signed in")
	return b, a
}

func signInWithGoogle(t *trial) {
	who := t.guest()
	t.joinsBy(who)
	b := t.browser()
	back, _ := b.goes(who)
	status, _ := b.comes(back, nil)
	t.want(status == http.StatusOK && b.in(), "a member signs in with the account")
	again := t.browser()
	again.cookie = b.cookie
	again.ask(http.MethodDelete, "/api/v1/session", nil, nil)
	again.cookie = ""
	status, _ = again.comes(back, nil)
	t.want(status >= 400 && !again.in(), "the same answer once more is refused with %d", status)
	forged := url.Values{"state": {back.Get("state") + "x"}, "code": {canary()}, "iss": {back.Get("iss")}}
	status, _ = t.browser().comes(forged, nil)
	t.want(status >= 400, "a forged one is refused with %d", status)
	late := t.browser()
	stale, _ := late.goes(who)
	t.advance(time.Hour)
	status, _ = late.comes(stale, nil)
	t.want(status >= 400 && !late.in(), "one that is an hour old is refused with %d", status)
}

func googleName(t *trial) {
	who := t.guest()
	b, a := t.joinsBy(who)
	t.want(a.Name == who.Name && b.me().Member.Name == who.Name, "the member has the name that the account has")
}

func googleVerified(t *trial) {
	who := t.guest()
	who.Verified = false
	b := t.browser()
	back, _ := b.goes(who)
	status, a := b.comes(back, nil)
	t.want(status >= 400 && len(a.Asks) == 0 && !b.in(), "an address that the provider does not call verified lets nobody join")
	who.Verified, who.Subject = true, canary()
	b, _ = t.joinsBy(who)
	t.want(b.me().Member.Email == who.Email, "one that it does is taken")
}

func googleNumber(t *trial) {
	who := t.guest()
	b, _ := t.joinsBy(who)
	first := b.me().Member.ID
	moved := who
	moved.Email = canary() + "@elsewhere.example"
	b = t.browser()
	back, _ := b.goes(moved)
	status, _ := b.comes(back, nil)
	t.want(status == http.StatusOK && b.me().Member.ID == first, "with another address the account is still the same person")
	thief := promise.Outsider{Subject: canary(), Email: who.Email, Name: "Thief", Verified: true}
	b = t.browser()
	back, _ = b.goes(thief)
	status, _ = b.comes(back, nil)
	t.want(status >= 400 && !b.in(), "another account with the same address is nobody")
	_, hits := t.atRest(who.Subject)
	t.want(hits == 0, "the account's number stands readable in no file at rest")
}

// googlePicture: a picture is read by the program and shown from its own address.
func googlePicture(t *trial) {
	who, place := t.guest(), canary()
	who.Picture = placed(place)
	t.joinsBy(who)
	enters := func() *browser {
		b := t.browser()
		back, _ := b.goes(who)
		status, _ := b.comes(back, nil)
		t.want(status == http.StatusOK, "they come back")
		return b
	}
	shown := func(b *browser) (at string) {
		var m struct{ Member struct{ Picture string } }
		b.good(http.MethodGet, "/api/v1/session", nil, &m)
		return m.Member.Picture
	}
	b := enters()
	at := shown(b)
	t.want(strings.HasPrefix(at, "/api/"), "their picture is shown from our own address")
	see := func() promise.Answer {
		a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodGet, Path: at, Header: http.Header{"Cookie": {b.cookie}}})
		t.must(err)
		return a
	}
	a := see()
	t.want(a.Status == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), "image/") && !strings.Contains(string(a.Body), place), "without what the file said beside it")
	_, hits := t.atRest(place)
	t.want(hits == 0, "which is at rest nowhere")
	b.good(http.MethodPut, "/api/v1/session/picture", map[string]bool{"shown": false}, nil)
	t.want(see().Status == http.StatusNotFound && shown(enters()) == "", "who takes it away has none from then on")
}

func googleScopes(t *trial) {
	who := t.guest()
	_, address := t.browser().goes(who)
	for _, scope := range asksFor(address) {
		t.want(scope == "openid" || scope == "email" || scope == "profile", "Google is asked for %s", scope)
	}
	t.want(len(asksFor(address)) == 3, "and for nothing else")
	b := t.browser()
	status, _ := b.comes(url.Values{"state": {canary()}, "code": {canary()}}, nil)
	t.want(status >= 400 && !b.in(), "without their yes there nothing is known")
}
