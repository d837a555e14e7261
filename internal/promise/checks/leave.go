package checks

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/promise"
)

// leaveChecks take channels away; what runs after them has them no more.
func leaveChecks() []entry {
	return []entry{
		{"app-removed", appRemoved},
		{"disconnect-deletes", disconnectDeletes},
		{"disconnect-and-holds", disconnectAndHolds},
		{"meta-data-no-longer", metaDataNoLonger},
	}
}

// appRemoved lets the person who connected the accounts take the app away at Meta,
// and connects them again afterwards.
func appRemoved(t *trial) {
	word, before := canary(), canary()
	t.says("messenger", "Stays "+word, word)
	c := t.talkOf(word)
	t.sends(c, before)
	sent := t.left("meta", before)
	t.want(len(sent) == 1, "an account is answered over, with the access that its owner gave")
	if t.err != nil {
		return
	}
	token := sent[0].Header.Get("Authorization")
	carried := func() (n int) {
		for _, call := range t.left("meta", "") {
			if call.Header.Get("Authorization") == token {
				n++
			}
		}
		return n
	}
	state := func(kind string) string {
		for _, one := range t.channels() {
			if one.Kind == kind {
				return one.State
			}
		}
		return ""
	}
	a, err := t.w.Removed(t.ctx)
	t.must(err)
	t.want(a.Status == http.StatusOK, "that the app was taken away is heard")
	t.settle()
	last := carried()
	for _, kind := range []string{"messenger", "instagram"} {
		t.want(state(kind) == "reconnect_needed", "what rested on it stops, such as %s", kind)
	}
	after := canary()
	t.as(promise.As{Role: "owner"}, http.MethodPost, "/api/v1/conversations/"+c.ID+"/messages", map[string]any{"body": after}, nil)
	t.advance(2 * time.Hour)
	t.want(len(t.left("meta", after)) == 0 && carried() == last, "no call bears that access any more")
	t.want(t.found(word, c), "the business keeps what was written")
	place := t.w.Place()
	t.connects("messenger", "facebook", promise.Grant{Accounts: []string{place.Page}})
	t.connects("instagram", "facebook", promise.Grant{Accounts: []string{place.Page, place.Instagram}})
	t.connects("whatsapp", "whatsapp", promise.Grant{})
	again := canary()
	t.sends(c, again)
	t.want(state("messenger") == "active" && len(t.left("meta", again)) == 1, "connected again, it works again")
}

type proofOfLeaving struct {
	ID, State, History string
	Deleted, Kept      []struct {
		Name  string
		Count int
	}
	Remains []string
	Proof   json.RawMessage
}

// leaves disconnects the account of a kind and waits for its certificate.
func (t *trial) leaves(kind, history string) (id string, p proofOfLeaving) {
	for _, c := range t.channels() {
		if c.Kind == kind {
			id = c.ID
			t.owner(http.MethodPost, "/api/v1/channels/"+c.ID+"/disconnect", map[string]any{"history": history}, &p)
		}
	}
	t.settle()
	t.owner(http.MethodGet, "/api/v1/privacy/certificates/"+p.ID, nil, &p)
	t.want(p.State == "done" && strings.Contains(string(p.Proof), `"signature"`), "a signed certificate says what went")
	return id, p
}

func disconnectDeletes(t *trial) {
	left, p := t.leaves("whatsapp", "keep")
	gone := map[string]int{}
	for _, d := range p.Deleted {
		gone[d.Name] = d.Count
	}
	t.want(gone["accounts"] == 1 && gone["tokens"] > 0 && gone["phone_numbers"] == 1, "account, tokens and phone number are deleted")
	there := slices.ContainsFunc(t.channels(), func(c channelShown) bool {
		return c.ID == left && (c.State != "gone" || strings.Contains(string(c.Details), t.w.Place().Number))
	})
	t.want(!there, "no number of it is shown any more")
}

// disconnectAndHolds: two people wrote, one is under a hold.
func disconnectAndHolds(t *trial) {
	free, held := canary(), canary()
	t.says("instagram", "Free "+free, free)
	t.says("instagram", "Held "+held, held)
	gone, stays := t.talkOf(free), t.talkOf(held)
	var hold struct{ ID string }
	t.owner(http.MethodPost, "/api/v1/privacy/holds", map[string]any{"contact_id": stays.Contact.ID, "reason": "a suit", "authority": "a court"}, &hold)
	_, p := t.leaves("instagram", "delete")
	t.want(slices.ContainsFunc(p.Remains, func(s string) bool { return strings.Contains(s, "legal hold") }) &&
		slices.ContainsFunc(p.Remains, func(s string) bool { return strings.Contains(s, "backups from before") }), "the certificate names the hold and the backups")
	kept := 0
	for _, k := range p.Kept {
		if k.Name == "conversations" {
			kept = k.Count
		}
	}
	t.want(kept == 1, "it counts the one conversation that stays")
	t.want(t.found(held, stays), "who is under a hold is still there")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/conversations/"+gone.ID, nil, nil) == http.StatusNotFound, "everybody else's is gone")
	t.owner(http.MethodPost, "/api/v1/privacy/holds/"+hold.ID+"/release", map[string]any{}, nil)
}

// metaDataNoLonger disconnects with the offer to delete what came by the account.
func metaDataNoLonger(t *trial) {
	word := canary()
	t.says("messenger", "Came "+word, word)
	c := t.talkOf(word)
	at := "/api/v1/channels/" + t.accountOf("messenger") + "/disconnect"
	t.want(t.as(promise.As{Role: "owner"}, http.MethodPost, at, map[string]any{"history": "whatever"}, nil) >= 400, "whoever disconnects says what becomes of what came by it")
	_, p := t.leaves("messenger", "delete")
	counted := map[string]int{}
	for _, d := range p.Deleted {
		counted[d.Name] = d.Count
	}
	t.want(counted["conversations"] > 0 && counted["tokens"] > 0, "it deletes what came, and the access")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/conversations/"+c.ID, nil, nil) == http.StatusNotFound, "a conversation of it is not there any more")
	t.want(t.as(promise.As{Role: "owner"}, http.MethodGet, "/api/v1/contacts/"+c.Contact.ID, nil, nil) == http.StatusNotFound, "nor is the person, whom nothing else is held of")
	_, hits := t.atRest(word)
	t.want(hits == 0, "no word of it is readable at rest")
}
