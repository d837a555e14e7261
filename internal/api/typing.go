package api

import (
	"encoding/json"

	"parley/internal/desk"
	"parley/internal/live"
)

const typingFrame = "typing"

// wireFrame is a Frame on its way between nodes.
type wireFrame struct {
	Kind desk.AuthorKind `json:"k"`
	ID   desk.ID         `json:"i"`
	Name string          `json:"n"`
	On   bool            `json:"o"`
}

// SayTyping shows the open streams of a workspace that somebody writes, or
// stopped.
func SayTyping(hub *live.Hub, ws desk.ID, f Frame) error {
	name := []rune(f.Who.Name)
	data, err := json.Marshal(wireFrame{f.Who.Kind, f.Who.ID, string(name[:min(len(name), 30)]), f.On})
	if err != nil {
		return err
	}
	return hub.Publish(ws, live.Frame{Conversation: f.Conversation, Kind: typingFrame, Data: string(data)})
}

// ReadTyping reads what SayTyping wrote; ok is false for other frames.
func ReadTyping(f live.Frame) (typing Frame, ok bool) {
	var w wireFrame
	if f.Kind != typingFrame || json.Unmarshal([]byte(f.Data), &w) != nil {
		return Frame{}, false
	}
	return Frame{Conversation: f.Conversation, Who: desk.Author{Kind: w.Kind, ID: w.ID, Name: w.Name}, On: w.On}, true
}
