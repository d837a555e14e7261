package answer

import (
	"slices"
	"strings"

	"parley/internal/desk"
	"parley/internal/store"
)

// missed tells who looks after the knowledge that a turn found no answer, or that
// none of the choices offered before was taken. Whether anything may be learned
// from it is theirs to decide.
func (a *Answer) missed(tx *store.Tx, t *turn, run desk.Run) error {
	offered := slices.ContainsFunc(t.asked, func(b desk.Button) bool { return strings.HasPrefix(b.ID, passageChoice) })
	if run.Decision != desk.DecideHandOver && (!offered || t.choice() != 0) {
		return nil
	}
	return a.Flow.Emit(tx, desk.Event{Kind: desk.QuestionOpen, Conversation: run.Conversation, Message: run.Trigger, Object: run.ID})
}
