package checks

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

const day = 24 * time.Hour

// termChecks wait for what ends.
func termChecks() []entry {
	return []entry{
		{"visitor-chats-stay", visitorChatsStay},
		{"thirty-days-notice", thirtyDaysNotice},
		{"visits-emptied", visitsEmptied},
		{"letters-logged", lettersLogged},
		{"sessions-listed", sessionsListed},
		{"knowledge-deleted", knowledgeDeleted},
		{"ai-logs-end", aiLogsEnd},
		{"errors-end", errorsEnd},
		{"errors-and-timings", errorsTimed},
	}
}

func visitorChatsStay(t *trial) {
	saved, unsaved := canary(), canary()
	t.visits("granted").says("Saved " + saved)
	t.visits("unknown").says("Unsaved " + unsaved)
	kept, gone := t.talkOf(saved), t.talkOf(unsaved)
	t.advance(23 * time.Hour)
	read := func(c talk) int {
		return t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/conversations/"+c.ID, nil, nil)
	}
	t.want(read(gone) == http.StatusOK, "an unsaved chat is there after 23 hours")
	t.advance(2 * time.Hour)
	t.want(read(gone) == http.StatusNotFound, "after 25 hours it ended by itself")
	t.want(read(kept) == http.StatusOK, "a saved one is there")
	_, hits := t.atRest(unsaved)
	t.want(hits == 0, "nothing of the unsaved one is readable at rest")
}

func thirtyDaysNotice(t *trial) {
	t.profile("representative", "Representatives "+canary())
	change := map[string]any{"material": true, "purpose": "", "reason": "a change that matters"}
	soon := map[string]any{"effective_at": t.w.Now().Add(29 * day).UTC().Format(time.RFC3339)}
	for k, v := range change {
		soon[k] = v
	}
	t.want(t.as(promise.As{Role: "operator"}, http.MethodPost, "/api/v1/instance/policies", soon, nil) >= 400, "29 days of notice are refused")
	var made struct {
		Number    int
		Published time.Time `json:"published_at"`
		Effective time.Time `json:"effective_at"`
		InForce   bool      `json:"in_force"`
	}
	t.operator(http.MethodPost, "/api/v1/instance/policies", change, &made)
	t.want(made.Effective.Sub(made.Published) >= 30*day-time.Minute && !made.InForce, "it takes effect 30 days after it was published")
	inForce := func() bool {
		var list struct {
			Items []struct {
				Number  int
				InForce bool `json:"in_force"`
			}
		}
		t.owner(http.MethodGet, "/api/v1/policies", nil, &list)
		return slices.ContainsFunc(list.Items, func(v struct {
			Number  int
			InForce bool `json:"in_force"`
		}) bool {
			return v.Number == made.Number && v.InForce
		})
	}
	t.advance(29 * day)
	t.want(!inForce(), "a day before it is not in force")
	t.advance(2 * day)
	t.want(inForce(), "a day after it is")
}

func visitsEmptied(t *trial) {
	word := canary()
	t.visits("granted").says("Visited " + word)
	c := t.talkOf(word)
	of := func() (v visit) {
		var shown struct{ Session *visit }
		t.owner(http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, &shown)
		if shown.Session != nil {
			v = *shown.Session
		}
		return v
	}
	t.want(of().Browser != "" && of().Device != "", "with consent browser and device are known")
	t.advance(89 * day)
	t.want(of().Browser != "", "they are after 89 days")
	t.advance(2 * day)
	t.want(of().Browser == "" && of().Device == "" && of().OS == "" && of().Referrer == "", "after 91 they are emptied")
	t.want(len(t.lines(c.ID)) > 0, "what was written is there")
}

func lettersLogged(t *trial) {
	address, _ := t.invited("agent")
	token := t.link(address, "/invitation")
	list := func() (raw json.RawMessage) {
		t.owner(http.MethodGet, "/api/v1/letters?limit=100", nil, &raw)
		return raw
	}
	var all struct {
		Items []struct{ ID, Kind, State string }
	}
	t.must(json.Unmarshal(list(), &all))
	t.want(len(all.Items) > 0 && all.Items[0].Kind == "invite" && all.Items[0].State == "sent", "the letter is noted with its kind and fate")
	t.want(!strings.Contains(string(list()), token) && !strings.Contains(string(list()), "you were invited"), "its text is not")
	_, hits := t.atRest(token)
	t.want(hits == 0, "nor is it at rest")
	if t.err != nil {
		return
	}
	t.advance(89 * day)
	t.want(strings.Contains(string(list()), `"`+all.Items[0].ID+`"`), "the note is there after 89 days")
	t.advance(2 * day)
	t.want(!strings.Contains(string(list()), `"`+all.Items[0].ID+`"`), "after 91 it is gone")
}

func sessionsListed(t *trial) {
	one, two := t.member(), t.member()
	var list struct {
		Items []struct {
			ID      string
			Current bool
		}
	}
	two.good(http.MethodGet, "/api/v1/sessions", nil, &list)
	t.want(len(list.Items) >= 2, "a member sees where they are signed in")
	for _, s := range list.Items {
		if !s.Current {
			t.want(two.ask(http.MethodDelete, "/api/v1/sessions/"+s.ID, nil, nil) < 300, "each is ended by itself")
		}
	}
	t.want(!one.in() && two.in(), "the one that was ended is out, the own one stays")
	t.advance(8 * day)
	t.want(!two.in(), "after a while it ends by itself")
	t.seen = slices.Compact(t.seen)
}
