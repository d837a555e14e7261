package checks

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"parley/internal/promise"
)

// leaveChecks take channels away; what runs after them has them no more.
func leaveChecks() []entry {
	return []entry{
		{"disconnect-deletes", disconnectDeletes},
		{"disconnect-and-holds", disconnectAndHolds},
	}
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
