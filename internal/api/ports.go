package api

import (
	"parley/internal/desk"
	"parley/internal/live"
)

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
