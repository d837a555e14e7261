package api_test

import (
	"bytes"
	"context"
	"encoding/json"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// chat is a channel that lives on the business's own pages.
type chat struct{}

func (chat) Info() channel.Info {
	return channel.Info{Name: "widget", Skills: desk.Skills{TextLimit: 4000, TextUnit: "characters", Buttons: true, Receipts: true, Typing: true,
		Media: []desk.MediaRule{{Kind: desk.MediaImage, Mimes: []string{"image/jpeg", "image/png"}, Max: 1 << 20}, {Kind: desk.MediaFile, Max: 1 << 20}}}}
}

func (chat) VerifyRaw([]secret.Text, channel.Raw) error { return nil }

func (chat) Split(channel.Raw) ([]channel.Part, error) { return nil, nil }

func (chat) Parse(channel.Account, channel.Part) ([]desk.Arrival, error) { return nil, nil }

func (chat) Send(context.Context, channel.Account, desk.Outgoing) (desk.Sent, error) {
	return desk.Sent{Status: desk.StatusSent}, nil
}

func (chat) CheckSettings(raw json.RawMessage) (json.RawMessage, error) {
	s := struct {
		Domains []string `json:"domains"`
		Colour  string   `json:"brand_colour"`
	}{Domains: []string{}, Colour: "#123456"}
	if len(raw) > 0 {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&s); err != nil {
			return nil, desk.Fail(desk.Invalid, "settings", "the settings are not understood")
		}
	}
	return json.Marshal(s)
}
