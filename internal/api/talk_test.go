package api_test

import (
	"strings"
	"testing"

	"parley/internal/api"
)

// covers A-11-03: who may erase people deletes one conversation after having seen
// what goes; everybody who looks on is told, and its person stays.
func TestOneConversationIsDeletedAfterALook(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/api/v1/conversations/" + w.a.conversation.String()
		var seen, done api.Erasure
		w.want(t, 404, ask{method: "POST", path: at + "/delete", cookie: w.b.cookie})
		w.want(t, 200, ask{method: "POST", path: at + "/delete", cookie: w.a.cookie}).into(t, &seen)
		if seen.Erased || seen.Confirm == "" || seen.Counts.Conversations != 1 || seen.Counts.Messages == 0 {
			t.Fatalf("the preview says %+v", seen)
		}
		w.want(t, 200, ask{method: "GET", path: at, cookie: w.a.cookie})
		var other api.Erasure // of the whole person: another act
		w.want(t, 200, ask{method: "POST", path: "/api/v1/contacts/" + w.a.contact.String() + "/erase", cookie: w.a.cookie}).into(t, &other)
		w.want(t, 409, ask{method: "POST", path: at + "/delete", body: `{"confirm":"` + other.Confirm + `"}`, cookie: w.a.cookie})
		var before api.Events
		w.want(t, 200, ask{method: "GET", path: "/api/v1/events", cookie: w.a.cookie}).into(t, &before)
		w.want(t, 200, ask{method: "POST", path: at + "/delete", body: `{"confirm":"` + seen.Confirm + `"}`, cookie: w.a.cookie}).into(t, &done)
		if !done.Erased || done.No == 0 || done.Counts != seen.Counts || !strings.Contains(string(done.Certificate), "last_data_backup_deleted_by") {
			t.Errorf("deleted %+v", done)
		}
		w.want(t, 404, ask{method: "GET", path: at, cookie: w.a.cookie})
		w.want(t, 404, ask{method: "POST", path: at + "/delete", cookie: w.a.cookie})
		w.want(t, 200, ask{method: "GET", path: "/api/v1/contacts/" + w.a.contact.String(), cookie: w.a.cookie})
		var told api.Events
		w.want(t, 200, ask{method: "GET", path: "/api/v1/events?after=" + before.Next, cookie: w.a.cookie}).into(t, &told)
		gone := false
		for _, e := range told.Items {
			gone = gone || e.Kind == "conversation.gone" && e.Conversation == w.a.conversation
		}
		if !gone {
			t.Errorf("who looks on is told %+v", told.Items)
		}
		var kept api.Page[api.Certificate]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/certificates", cookie: w.a.cookie}).into(t, &kept)
		if len(kept.Items) != 1 || kept.Items[0].Kind != "conversation" || kept.Items[0].State != "done" || len(kept.Items[0].Remains) < 4 {
			t.Errorf("kept is %+v", kept.Items)
		}
	})
}
