package api

import (
	"context"

	"parley/internal/desk"
	"parley/internal/live"
	"parley/internal/store"
)

// AuditLog is the workspace's record of who did what.
type AuditLog interface {
	// List pages backwards from a number (0 = the newest).
	List(ctx context.Context, ws desk.ID, before int64, limit int) ([]AuditEntry, error)
	// Add records an act in the transaction that does it.
	Add(tx *store.Tx, by desk.Actor, action string, object desk.ID) error
}

// Frame says that somebody writes in a conversation, or stopped.
type Frame struct {
	Conversation desk.ID
	Who          desk.Author
	On           bool
}

// TypingFrames shows who is writing on every open screen: it is what
// inbox.Frames asks for.
type TypingFrames struct{ Live *live.Hub }

// Typing says that somebody began or stopped writing; nobody misses a frame
// that could not be sent.
func (t TypingFrames) Typing(ws, conversation desk.ID, who desk.Author, on bool) {
	_ = SayTyping(t.Live, ws, Frame{Conversation: conversation, Who: who, On: on})
}
