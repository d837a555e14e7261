package checks

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"parley/internal/promise"
)

// ageChecks let the program look itself over after time went by; the same look
// says on an install how old what it holds is.
func ageChecks() []entry {
	return []entry{
		{"every-column-classed", everyColumn},
		{"addresses-have-terms", addressTerms},
		{"place-from-a-file", placeFromFile},
		{"use-becomes-counts", useToCounts},
		{"everything-has-a-term", everythingEnds},
	}
}

// looked is what the program says of a clause about what it holds itself.
func (t *trial) looked(clause string) (state string) {
	if t.err != nil {
		return ""
	}
	out, err := t.w.Command(t.ctx, nil, "prove", "--install", "--json")
	t.must(err)
	for line := range strings.Lines(string(out.Stdout)) {
		var row struct{ Clause, Install, Why string }
		t.must(json.Unmarshal([]byte(line), &row))
		if row.Clause == clause {
			state = row.Install
			t.want(state != string(promise.Failed), "the program says of itself: %s", row.Why)
		}
	}
	t.want(state != "", "the program looks itself over %s", firstLine(out.Stderr))
	return state
}

func everyColumn(t *trial) {
	t.want(t.looked("A-2-01") == string(promise.Proven), "every column that the database has is on the list of what tells about whom")
	said := t.words("/privacy")
	for _, kind := range []string{"conversation", "account", "sign-in"} {
		t.want(strings.Contains(strings.ToLower(said), kind), "the page names the kinds that the list makes of them")
	}
}

// addressTerms: a sign-in, and one that is refused, from somewhere.
func addressTerms(t *trial) {
	b := t.signedUp(false)
	t.guesses(b.me().Member.Email, 3)
	var list struct{ Items []struct{ Network string } }
	b.good(http.MethodGet, "/api/v1/sessions", nil, &list)
	t.want(len(list.Items) > 0 && strings.HasPrefix(list.Items[0].Network, "127.0.0.0"), "of a sign-in the first part of the address is held")
	t.restart() // what waits to be written is
	t.advance(89 * day)
	t.want(t.looked("H-48") == string(promise.Proven), "a refused try keeps where it came from for no longer than said")
	t.advance(3 * day)
	t.want(t.looked("H-48") == string(promise.Proven), "past the term it is gone")
}

// placeFromFile: the operator's file knows one place, in which every address of this
// machine lies.
func placeFromFile(t *trial) {
	before := len(t.left("", "127.0.0."))
	b := t.browser()
	b.good(http.MethodPost, "/api/v1/session", map[string]string{"email": t.w.Place().MemberMail, "password": t.w.Place().MemberPassword}, nil)
	asked := len(t.left("", "127.0.0.")) - before
	var list struct{ Items []struct{ Place string } }
	b.good(http.MethodGet, "/api/v1/sessions", nil, &list)
	t.want(len(list.Items) > 0 && list.Items[0].Place == "Canaryville, Northland", "a sign-in shows the city that the file on the machine names")
	t.want(asked == 0, "nobody was asked for it")
	_, hits := t.atRest("Canaryville")
	t.want(hits == 0, "it is readable in no file of the install")
}

func useToCounts(t *trial) {
	calls := func() string {
		a, err := t.w.HTTP(t.ctx, promise.Ask{As: promise.As{Role: "owner"}, Method: http.MethodGet, Path: "/api/v1/usage?days=1100"})
		t.must(err)
		return string(a.Body)
	}
	b := t.signedUp(false)
	b.uses(usePath, "")
	t.restart()
	t.want(strings.Contains(calls(), useName), "use is recorded")
	t.advance(200 * day)
	t.advance(190 * day)
	t.want(strings.Contains(calls(), useName), "a year later it still counts")
	t.want(t.looked("A-11-08") == string(promise.Proven), "and no record says any more whose it was")
}

// everythingEnds: whatever a day leaves, of people who write and of members, is
// gone with its term; what was begun and never finished, too.
func everythingEnds(t *trial) {
	word := canary()
	t.visits("granted").says(word)
	t.handed(t.talkOf(word).Contact.ID, map[string]any{})
	b := t.signedUp(false)
	t.guesses(b.me().Member.Email, 3)
	b.uses(usePath, "")
	left := t.browser()
	left.good(http.MethodPost, "/api/v1/session/outside", map[string]any{"way": "google"}, nil)
	t.restart() // what waits to be written is,
	t.advance(25 * time.Hour)
	t.want(t.looked("A-11-16") == string(promise.Proven), "nothing is older than its term")
	for _, by := range []time.Duration{4 * day, 90 * day, 300 * day, 800 * day} {
		t.advance(by)
		t.want(t.looked("A-11-16") == string(promise.Proven), "nothing is older than its term %d days later", by/day)
	}
}
