package desk

import (
	"testing"
	"time"
)

// covers A-4.5-02, A-14.1-04, A-14.1-06, A-14.1-07, A-14.2-06, H-86, decision 8: what a
// person asked for holds for every use there is.
func TestWhatAPersonAskedForHoldsForEveryUse(t *testing.T) {
	t.Parallel()
	all := []Purpose{ForReply, ForProfile, ForImprove, ForReport}
	for name, c := range map[string]struct {
		contact Contact
		may     [4]bool // in the order above
		ai      Speaker
		stored  bool
	}{
		"nothing":         {Contact{}, [4]bool{true, true, true, true}, SpeakAI, false},
		"restricted":      {Contact{Restricted: true}, [4]bool{}, SpeakMember, true},
		"frozen":          {Contact{Frozen: true}, [4]bool{}, SpeakMember, true},
		"no automation":   {Contact{NoAutomation: true}, [4]bool{true, true, true, true}, SpeakMember, false},
		"limited":         {Contact{Limited: true}, [4]bool{true, false, false, false}, SpeakAI, false},
		"objected":        {Contact{Objected: true}, [4]bool{true, false, false, false}, SpeakMember, false},
		"limit sensitive": {Contact{Sensitive: true}, [4]bool{true, false, false, true}, SpeakAI, false},
	} {
		for i, p := range all {
			if err := MayUse(p, Workspace{}, c.contact); (err == nil) != c.may[i] {
				t.Errorf("%s for %s: %v", name, p, err)
			}
		}
		who, why := WhoSpeaks(Conversation{State: Open, Owner: Owner{Kind: OwnedByAI}}, Policy{Workspace: Workspace{Mode: ModeAutopilot}, Account: Account{State: AccountActive},
			Contact: c.contact}, time.Unix(1, 0))
		if who != c.ai || c.contact.Stored() != c.stored || c.contact.Silent() != (c.ai != SpeakAI) {
			t.Errorf("%s: %s speaks (%s), stored %v", name, who, why, c.contact.Stored())
		}
	}
}
