package checks

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"parley/internal/promise"
)

// listedChecks look at the public list of recipients and at who is told of it.
func listedChecks() []entry { return []entry{{"register-public", registerPublic}} }

var toldLink = regexp.MustCompile(`/subprocessors/confirm/[A-Za-z0-9_-]{43}`)

// presses follows a link of a letter as a mail program does: no cookie, no
// sign-in, one request.
func (t *trial) presses(path string) int {
	if t.err != nil {
		return 0
	}
	a, err := t.w.HTTP(t.ctx, promise.Ask{Method: http.MethodPost, Path: path, Body: []byte("List-Unsubscribe=One-Click"),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}})
	t.must(err)
	return a.Status
}

// asksToBeTold fills in the form of the list and gives the link of the letter.
func (t *trial) asksToBeTold(address string) (link string) {
	a := t.posts("/subprocessors", url.Values{"address": {address}})
	t.want(a.Status == http.StatusAccepted && a.Header.Get("Set-Cookie") == "", "anybody may ask to be told, without an account or a cookie")
	for _, l := range t.letters(address) {
		link = toldLink.FindString(l)
	}
	return link
}

// registerPublic: the list is there to read and for programs, and who said yes is
// told when it changes, until they end it.
func registerPublic(t *trial) {
	yes, silent := "yes-"+canary()[:12]+"@reads.example", "silent-"+canary()[:12]+"@reads.example"
	hosting := t.w.Place().Operator["hosting"]
	t.want(strings.Contains(t.words("/subprocessors"), hosting), "the list is public")
	link := t.asksToBeTold(yes)
	t.want(link != "" && t.asksToBeTold(silent) != "", "the address is asked by mail")
	t.want(t.presses(link[:max(len(link)-6, 0)]+"AAAAAA") == http.StatusNotFound, "a link of another's making confirms nothing")
	t.want(t.presses(link) == http.StatusOK, "a yes is one press")
	t.want(t.presses(link) == http.StatusNotFound, "the link works once")
	_, hits := t.atRest(yes)
	t.want(hits == 0, "the address is readable in no file")

	moved := "Elsewhere " + canary()
	t.profile("hosting", moved)
	t.advance(2 * time.Hour)
	t.settle()
	t.want(t.got(yes, moved) == 1, "who said yes is told once what came")
	t.want(t.got(silent, moved) == 0, "who did not is not")
	var feed struct {
		Items []struct {
			Company, Purpose, Country, Data string
			Since                           *time.Time
		}
	}
	if a := t.page("/subprocessors.json"); t.err == nil {
		t.must(json.Unmarshal(a.Body, &feed))
	}
	found := false
	for _, one := range feed.Items {
		found = found || one.Company == moved && one.Purpose != "" && one.Country != "" && one.Data != "" && one.Since != nil
	}
	t.want(found, "programs read the same list, with since when each is on it")

	stop := ""
	for _, l := range t.letters(yes) {
		if m := stopHeader.FindStringSubmatch(l); m != nil && strings.Contains(l, "List-Unsubscribe-Post: List-Unsubscribe=One-Click") {
			stop = m[1]
		}
	}
	t.want(stop != "" && t.presses(stop) == http.StatusOK, "every such letter names a link that ends it with one press")
	again := "Again " + canary()
	t.profile("hosting", again)
	t.advance(2 * time.Hour)
	t.settle()
	t.want(t.got(yes, again) == 0, "then none comes any more")
}
