package desk_test

import (
	"errors"
	"testing"

	"parley/internal/desk"
)

// covers A-9.2-01: limited data use leaves the conversation alone and nothing
// else, whether the contact or the workspace asks for it.
func TestLimitedDataUseServesTheConversationOnly(t *testing.T) {
	t.Parallel()
	all := []desk.Purpose{desk.ForReply, desk.ForProfile, desk.ForImprove, desk.ForReport}
	for name, c := range map[string]struct {
		ws      desk.Workspace
		contact desk.Contact
		may     map[desk.Purpose]bool
		reason  string
	}{
		"nobody asked":          {may: map[desk.Purpose]bool{desk.ForReply: true, desk.ForProfile: true, desk.ForImprove: true, desk.ForReport: true}},
		"limited":               {contact: desk.Contact{Limited: true}, may: map[desk.Purpose]bool{desk.ForReply: true}, reason: "limited_data_use"},
		"the workspace limits":  {ws: desk.Workspace{Limited: true}, may: map[desk.Purpose]bool{desk.ForReply: true}, reason: "limited_data_use"},
		"restricted":            {contact: desk.Contact{Restricted: true, Limited: true}, reason: "restricted"},
		"objected to the robot": {contact: desk.Contact{NoAutomation: true}, may: map[desk.Purpose]bool{desk.ForReply: true, desk.ForProfile: true, desk.ForImprove: true, desk.ForReport: true}},
	} {
		for _, p := range all {
			err := desk.MayUse(p, c.ws, c.contact)
			var e *desk.Error
			if (err == nil) != c.may[p] || err != nil && (!errors.As(err, &e) || e.Reason != c.reason) {
				t.Errorf("%s for %s: %v", name, p, err)
			}
		}
	}
}
