package api_test

import (
	"strings"
	"testing"

	"parley/internal/api"
)

// covers A-23.1-01: a person is made nameless after a look, by a confirmation that
// is for this act alone; nothing of them is left, and the record says who did it.
func TestAPersonIsMadeNamelessAfterALook(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := "/api/v1/contacts/" + w.a.contact.String()
		var seen, other, done api.Erasure
		w.want(t, 404, ask{method: "POST", path: at + "/anonymise", cookie: w.b.cookie})
		w.want(t, 200, ask{method: "POST", path: at + "/anonymise", cookie: w.a.cookie}).into(t, &seen)
		if seen.Erased || seen.Confirm == "" || seen.Counts.Messages == 0 {
			t.Fatalf("the preview says %+v", seen)
		}
		w.want(t, 200, ask{method: "POST", path: at + "/erase", cookie: w.a.cookie}).into(t, &other)
		w.want(t, 409, ask{method: "POST", path: at + "/anonymise", body: `{"confirm":"` + other.Confirm + `"}`, cookie: w.a.cookie})
		w.want(t, 200, ask{method: "POST", path: at + "/anonymise", body: `{"confirm":"` + seen.Confirm + `"}`, cookie: w.a.cookie}).into(t, &done)
		if !done.Erased || done.Counts != seen.Counts || !strings.Contains(string(done.Certificate), `"anonymisation"`) {
			t.Errorf("made nameless %+v", done)
		}
		w.want(t, 404, ask{method: "GET", path: at, cookie: w.a.cookie})
		var kept api.Page[api.Certificate]
		w.want(t, 200, ask{method: "GET", path: "/api/v1/privacy/certificates", cookie: w.a.cookie}).into(t, &kept)
		if len(kept.Items) != 1 || kept.Items[0].Kind != "anonymisation" || !strings.HasPrefix(kept.Items[0].Remains[1], "Sums of days") {
			t.Errorf("kept is %+v", kept.Items)
		}
		var record struct{ Items []api.AuditEntry }
		w.want(t, 200, ask{method: "GET", path: "/api/v1/audit?action=contact.anonymise", cookie: w.a.cookie}).into(t, &record)
		if len(record.Items) != 1 || record.Items[0].Verb != "erase" {
			t.Errorf("the record says %+v", record.Items)
		}
	})
}
