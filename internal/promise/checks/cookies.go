package checks

import (
	"net/http"
	"slices"
	"strings"

	"parley/internal/promise"
)

func cookieChecks() []entry {
	return []entry{
		{"one-session-cookie", oneCookie},
		{"panel-no-analytics-cookies", oneCookie},
		{"no-foreign-requests", noForeignRequests},
		{"passages-sent", passagesSent},
		{"instructions-sent", instructionsSent},
	}
}

// oneCookie signs in, looks around, and counts the cookies that came.
func oneCookie(t *trial) {
	b := t.browser()
	for _, path := range []string{"/", "/sign-in", "/inbox"} {
		b.ask(http.MethodGet, path, nil, nil)
	}
	t.want(len(b.names) == 0, "who is not signed in is given no cookie")
	b.good(http.MethodPost, "/api/v1/session", map[string]string{"email": t.w.Place().MemberMail, "password": t.w.Place().MemberPassword}, nil)
	for _, path := range []string{"/", "/inbox", "/settings", "/api/v1/session", "/api/v1/conversations", "/api/v1/my-letters"} {
		b.ask(http.MethodGet, path, nil, nil)
	}
	names := slices.Compact(slices.Sorted(slices.Values(b.names)))
	t.want(len(names) == 1 && strings.HasSuffix(names[0], "session"), "one cookie came, which is that of the session")
	t.want(b.in(), "it says who is signed in")
	b.cookie = ""
	t.want(!b.in(), "without it nobody is")
}

// noForeignRequests reads what a browser is allowed to load for the dashboard.
func noForeignRequests(t *trial) {
	for _, path := range []string{"/", "/inbox", "/settings"} {
		a := t.page(path)
		policy := a.Header.Get("Content-Security-Policy")
		t.want(a.Status == http.StatusOK && strings.Contains(policy, "default-src 'none'"), "the dashboard says what may be loaded, and that is nothing unless named")
		t.want(!strings.Contains(policy, "http:") && !strings.Contains(policy, "https:") && !strings.Contains(policy, "*") && !strings.Contains(policy, "//"), "what is named is its own server alone")
		t.want(!strings.Contains(string(a.Body), `src="http`) && !strings.Contains(string(a.Body), `src="//`), "its page asks for nothing else")
	}
}

// asksModel asks a model with more settings than the others, and gives the call.
func (t *trial) asksModel(instructions string) (sent []promise.Call) {
	before := len(t.left("models", ""))
	t.withModel(func() {
		var state struct{ Settings map[string]any }
		t.owner(http.MethodGet, "/api/v1/ai", nil, &state)
		if t.err != nil {
			return
		}
		was := state.Settings["instructions"]
		state.Settings["instructions"] = instructions
		t.owner(http.MethodPut, "/api/v1/ai", state.Settings, nil)
		t.after(func() {
			t.owner(http.MethodGet, "/api/v1/ai", nil, &state)
			if t.err == nil {
				state.Settings["instructions"] = was
				t.owner(http.MethodPut, "/api/v1/ai", state.Settings, nil)
			}
		})
		t.says("messenger", "Model "+canary(), asked)
	})
	all := t.left("models", "")
	return all[min(before, len(all)):]
}

func passagesSent(t *trial) {
	other := canary()
	t.knows("Who founded the "+other+"?", "The "+other+" was founded by nobody.")
	sent := t.asksModel("")
	t.want(len(sent) > 0, "a model is asked")
	for _, c := range sent {
		t.want(strings.Contains(string(c.Body), "Shipping to Germany costs 6.90 EUR"), "the passage that was found goes along")
		t.want(!strings.Contains(string(c.Body), other), "knowledge that has nothing to do with it does not")
	}
}

func instructionsSent(t *trial) {
	word := canary()
	sent := t.asksModel("Always be friendly about " + word)
	t.want(len(sent) > 0, "a model is asked")
	for _, c := range sent {
		t.want(strings.Contains(string(c.Body), word), "the business's instructions go along")
	}
}
