package checks

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// figureChecks look at counts, and at what the keeping of accounts rests on.
func figureChecks() []entry {
	return []entry{
		{"improvement-without-names", countsOnly},
		{"counts-name-nobody", countsLast},
		{"ground-contract", groundContract},
		{"security-interest", securityInterest},
		{"ground-security-logs", groundSecurity},
	}
}

// figures are all counts that the workspace is shown.
func (t *trial) figures() (all string) {
	for _, path := range []string{"/api/v1/ai/numbers", "/api/v1/ai/confidence", "/api/v1/ai/bias", "/api/v1/ai/spend", "/api/v1/usage", "/api/v1/privacy/case-figures", "/api/v1/privacy/reports", "/api/v1/conversations/counts"} {
		var raw json.RawMessage
		t.owner(http.MethodGet, path, nil, &raw)
		all += string(raw) + "\n"
	}
	return all
}

// counted has somebody ask the model something and a member look for it, and gives
// what would name them.
func (t *trial) counted() (c talk, marks []string) {
	word := canary()
	t.withModel(func() { t.says("messenger", "Counted "+word, asked+" ("+word+")") })
	c = t.talkOf(word)
	t.found(word, c)
	t.restart() // what waits to be written is
	return c, []string{word, "Counted", c.ID, c.Contact.ID}
}

func countsOnly(t *trial) {
	_, marks := t.counted()
	all := t.figures()
	t.want(strings.ContainsAny(all, "123456789"), "there are counts")
	for _, mark := range marks {
		t.want(!strings.Contains(all, mark), "none of them holds words, a name or a number of somebody")
	}
	t.seen = slices.Compact(t.seen)
}

// countsLast: who is erased leaves the counts as they are, so nobody is in them.
func countsLast(t *trial) {
	c, marks := t.counted()
	runs := func() string {
		var raw json.RawMessage
		t.owner(http.MethodGet, "/api/v1/ai/numbers", nil, &raw)
		return string(raw)
	}
	before := runs()
	var gone struct{ Confirm string }
	t.owner(http.MethodPost, "/api/v1/contacts/"+c.Contact.ID+"/erase", map[string]any{}, &gone)
	t.owner(http.MethodPost, "/api/v1/contacts/"+c.Contact.ID+"/erase", map[string]any{"confirm": gone.Confirm}, nil)
	t.settle()
	t.want(before == runs() && strings.ContainsAny(before, "123456789"), "the counts are the same after the person was erased")
	all := t.figures()
	for _, mark := range marks {
		t.want(!strings.Contains(all, mark), "nothing in them leads to somebody")
	}
	t.seen = slices.Compact(t.seen)
}

func groundContract(t *trial) {
	said := t.words("/privacy")
	t.want(strings.Contains(said, "rest on our contract"), "the page says what rests on the contract")
	b := t.fresh("agent")
	t.want(b.in() && b.me().Member.Email != "", "an account is run for whoever joined by it")
	all, _ := b.wishes()
	t.want(len(all) > 0 && !slices.ContainsFunc(all, func(w wish) bool { return w.Allowed }), "what does not belong to it waits for a consent of its own")
}

// guesses tries passwords on a member's account.
func (t *trial) guesses(address string, times int) (last int) {
	b := t.browser()
	for range times {
		last = b.ask(http.MethodPost, "/api/v1/session", map[string]string{"email": address, "password": canary()}, nil)
	}
	return last
}

func securityInterest(t *trial) {
	t.want(strings.Contains(t.words("/privacy"), "Keeping networks and accounts safe"), "the page names the interest")
	address, _ := t.invited("agent")
	password := canary() + " boats"
	b, _ := t.joins(address, password)
	t.guesses(address, 30)
	other := t.browser()
	t.want(other.ask(http.MethodPost, "/api/v1/session", map[string]string{"email": address, "password": password}, nil) >= 400, "who keeps guessing at an account is stopped, even at the right word")
	t.want(b.in(), "who was signed in stays in")
}

func groundSecurity(t *trial) {
	t.want(strings.Contains(t.words("/privacy"), "Records of sign-ins and refusals rest on our interest in security"), "the page names the ground")
	b := t.reader()
	raw := json.RawMessage{}
	b.good(http.MethodGet, "/api/v1/my-data", nil, &raw)
	t.want(strings.Contains(string(raw), `"sign_ins"`) && strings.Contains(string(raw), "Firefox"), "a sign-in is on record, and its member reads it")
	_, token, _ := strings.Cut(b.cookie, "=")
	for _, secret := range []string{b.password, token} {
		t.want(secret != "" && !strings.Contains(string(raw), secret), "no password or token is")
		_, hits := t.atRest(secret)
		t.want(hits == 0, "what was typed or held is readable nowhere")
	}
}
