package api_test

import (
	"testing"
	"time"

	"parley/internal/api"
	"parley/internal/audit"
	"parley/internal/desk"
	"parley/internal/flow"
	"parley/internal/privacy"
)

// erasing makes what erases people and clears channels.
func (w *world) erasing(work *flow.Flow) *privacy.Eraser {
	eraser := privacy.NewEraser(w.DB, w.Keys, audit.NewLog(w.DB))
	w.clearing = privacy.NewClearing(eraser, work)
	return eraser
}

// covers A-16.5-02: who may erase people deletes all conversations of a channel
// after having seen what goes; the channel stays, and whoever looks on sees how far
// it came.
func TestAllConversationsOfAChannelAreDeletedAfterALook(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/api/v1/channels/" + w.a.channel.String() + "/clearing"
		w.Fake.Jump(time.Second)
		type clearing struct {
			api.Clearing
			Certificate api.Certificate `json:"certificate"`
		}
		var seen, begun, done clearing
		w.want(t, 404, ask{method: "POST", path: at, cookie: w.b.cookie})
		w.want(t, 404, ask{method: "GET", path: at, cookie: w.b.cookie})
		w.want(t, 200, ask{method: "POST", path: at, cookie: w.a.cookie}).into(t, &seen)
		if seen.State != "idle" || seen.Confirm == "" || seen.Goes.Conversations == 0 || seen.Goes.Messages == 0 || seen.Goes.People == 0 {
			t.Fatalf("the preview says %+v", seen)
		}
		talk := "/api/v1/conversations/" + w.a.conversation.String()
		w.want(t, 200, ask{method: "GET", path: talk, cookie: w.a.cookie})
		var other api.Erasure // of one conversation: another act
		w.want(t, 200, ask{method: "POST", path: talk + "/delete", cookie: w.a.cookie}).into(t, &other)
		w.want(t, 409, ask{method: "POST", path: at, body: `{"confirm":"` + other.Confirm + `"}`, cookie: w.a.cookie})
		w.want(t, 200, ask{method: "POST", path: at, body: `{"confirm":"` + seen.Confirm + `"}`, cookie: w.a.cookie}).into(t, &begun)
		if begun.State != "working" || begun.Goes != seen.Goes || begun.Certificate.State != "working" {
			t.Fatalf("begun %+v", begun)
		}
		must(t, w.clearing.Carry(t.Context(), w.a.ws.ID, begun.Certificate.ID))
		w.want(t, 200, ask{method: "GET", path: at, cookie: w.a.cookie}).into(t, &done)
		if done.State != "done" || len(done.Certificate.Proof) == 0 {
			t.Errorf("done %+v", done)
		}
		w.want(t, 404, ask{method: "GET", path: talk, cookie: w.a.cookie})
		w.want(t, 200, ask{method: "GET", path: "/api/v1/channels/" + w.a.channel.String(), cookie: w.a.cookie})
		var kept api.Page[api.Certificate]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/certificates", cookie: w.a.cookie}).into(t, &kept)
		if len(kept.Items) != 1 || kept.Items[0].Kind != "clearing" || kept.Items[0].State != "done" || len(kept.Items[0].Remains) < 4 {
			t.Errorf("kept is %+v", kept.Items)
		}
		if desk.Can(desk.RoleAgent, desk.EraseContacts) {
			t.Error("who only answers people may delete what they said")
		}
	})
}
