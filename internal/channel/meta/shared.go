package meta

import (
	"bytes"
	"encoding/json"
	"net/url"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Handshake answers Meta's question whether an address is ours (2.1): with the
// challenge, byte for byte.
func (g *Graph) Handshake(q url.Values) (challenge string, ok bool) {
	want := g.App.VerifyToken
	fits := secret.Equal(q.Get("hub.verify_token"), want.Reveal()) && !want.IsZero()
	if !fits || q.Get("hub.mode") != "subscribe" || q.Get("hub.challenge") == "" || len(q.Get("hub.challenge")) > 1024 {
		return "", false
	}
	return q.Get("hub.challenge"), true
}

// ReadRequest verifies a signed request with every configured secret.
func (g *Graph) ReadRequest(signed string, maxAge time.Duration) (channel.Request, error) {
	return ReadSigned(g.App.Secrets(), signed, g.clk.Now(), maxAge)
}

// settings of an account on a Meta channel.
type settings struct {
	HumanAgent bool `json:"human_agent,omitempty"` // Meta granted the feature of that name
}

// Form is the settings as JSON schema.
func Form(humanAgent bool) json.RawMessage {
	if !humanAgent {
		return json.RawMessage(`{"type":"object","additionalProperties":false,"properties":{}}`)
	}
	return json.RawMessage(`{"type":"object","additionalProperties":false,"properties":{"human_agent":{"type":"boolean"}}}`)
}

// HumanAgent reports whether an account may tag what members write after the
// window (decision 15).
func HumanAgent(raw json.RawMessage) bool {
	var s settings
	return json.Unmarshal(raw, &s) == nil && s.HumanAgent
}

// CheckSettings returns the settings to store.
func CheckSettings(raw json.RawMessage, humanAgent bool) (json.RawMessage, error) {
	var s settings
	if len(raw) > 0 {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&s); err != nil {
			return nil, desk.Fail(desk.Invalid, "settings.settings", "the settings are not understood")
		}
	}
	if s.HumanAgent && !humanAgent {
		return nil, desk.Fail(desk.Invalid, "settings.human_agent", "this channel has no human-agent tag")
	}
	return json.Marshal(s)
}
