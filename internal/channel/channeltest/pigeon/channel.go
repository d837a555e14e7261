package pigeon

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Name and Door of the channel.
const (
	Name = "pigeon"
	Door = "/hooks/pigeon"
)

// sealHeader carries the wax seal of a basket of letters.
const sealHeader = "x-wax-seal"

// Channel is carrier pigeon. Sent letters stay in its loft.
type Channel struct {
	mu   sync.Mutex
	Loft []desk.Outgoing
}

// New returns the channel.
func New() *Channel { return &Channel{} }

// Info implements channel.Channel.
func (*Channel) Info() channel.Info {
	return channel.Info{Name: Name, Icon: "bird", Door: Door, Headers: []string{sealHeader}, Form: json.RawMessage(`{"type":"object"}`),
		Skills: desk.Skills{Window: 30 * 24 * time.Hour, TextLimit: 200, TextUnit: "characters", ReplyTo: true, Caption: 50,
			Media: []desk.MediaRule{{Kind: desk.MediaFile, Max: 20}}}, // a pigeon carries grams
		Ways: []channel.Way{{ID: "ring"}}}
}

// Seal closes a basket.
func Seal(wax secret.Text, body []byte) channel.Raw {
	m := hmac.New(sha256.New, []byte(wax.Reveal()))
	m.Write(body)
	return channel.Raw{Header: map[string]string{sealHeader: hex.EncodeToString(m.Sum(nil))}, Body: body}
}

// VerifyRaw implements channel.Channel.
func (*Channel) VerifyRaw(waxes []secret.Text, raw channel.Raw) error {
	ok := false
	for _, wax := range waxes {
		ok = secret.Equal(raw.Header[sealHeader], Seal(wax, raw.Body).Header[sealHeader]) && !wax.IsZero() || ok
	}
	if !ok || len(raw.Body) == 0 {
		return desk.Fail(desk.Unauthenticated, "bad_seal", "the seal is broken")
	}
	return nil
}

// Split implements channel.Channel: a line is a letter, "loft|bird|number|text".
func (*Channel) Split(raw channel.Raw) ([]channel.Part, error) {
	byLoft := map[string]string{}
	var order []string
	for line := range strings.Lines(string(raw.Body)) {
		loft, rest, ok := strings.Cut(strings.ToValidUTF8(strings.TrimSpace(line), ""), "|")
		if !ok || loft == "" || len(loft) > 100 || len(order) == channel.MaxParts {
			continue
		}
		if _, seen := byLoft[loft]; !seen {
			order = append(order, loft)
		}
		byLoft[loft] += rest + "\n"
	}
	var parts []channel.Part
	for _, loft := range order {
		parts = append(parts, channel.Part{OutsideID: loft, Body: []byte(byLoft[loft])})
	}
	return parts, nil
}

// Parse implements channel.Channel.
func (*Channel) Parse(_ channel.Account, p channel.Part) ([]desk.Arrival, error) {
	var all []desk.Arrival
	for line := range strings.Lines(string(p.Body)) {
		f := strings.SplitN(strings.ToValidUTF8(strings.TrimSpace(line), ""), "|", 3)
		if len(f) < 3 || f[0] == "" || f[1] == "" || len(line) > 500 || strings.ContainsRune(line, 0) {
			all = append(all, desk.Arrival{Kind: desk.ArrivedCounted, Notice: &desk.Notice{What: "unreadable"}})
			continue
		}
		a := desk.Arrival{Kind: desk.ArrivedMessage, ExternalID: f[1], Sender: desk.IdentityHint{Kind: "bird", Value: f[0]}, MsgKind: desk.KindText, Text: desk.Body(f[2])}
		if f[2] == "*" {
			a.Kind, a.MsgKind, a.Text, a.Target, a.Reaction = desk.ArrivedReaction, "", "", f[1], &desk.Reaction{Name: "coo"}
		}
		all = append(all, a)
	}
	return all, nil
}

// Send implements channel.Channel.
func (c *Channel) Send(_ context.Context, _ channel.Account, out desk.Outgoing) (desk.Sent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Loft = append(c.Loft, out)
	return desk.Sent{ExternalID: "flown-" + out.Ref, Status: desk.StatusSent}, nil
}

// Signal implements channel.Signaller: a bird cannot show that somebody types,
// but that a letter was seen.
func (*Channel) Signal(context.Context, channel.Account, desk.Signal) error { return nil }

// Fetch implements channel.Fetcher: what a bird carries is in the reference
// itself.
func (*Channel) Fetch(_ context.Context, _ channel.Account, ref desk.MediaRef, max int64, w io.Writer) (desk.Fetched, error) {
	if int64(len(ref.ID)) > max {
		return desk.Fetched{}, desk.Fail(desk.Invalid, "media_too_large", "too heavy for a bird")
	}
	n, err := io.WriteString(w, ref.ID)
	return desk.Fetched{Mime: "text/plain", Size: int64(n)}, err
}

// Check implements channel.Checker: a ring names its loft.
func (*Channel) Check(_ context.Context, _ string, given map[string]secret.Text) ([]channel.Candidate, error) {
	ring := given["ring"]
	if ring.IsZero() {
		return nil, desk.Fail(desk.Invalid, "field_missing", "a bird needs a ring")
	}
	return []channel.Candidate{{Kind: Name, OutsideID: "loft-" + ring.Reveal(), Name: "Loft", Secrets: map[string]secret.Text{channel.SecretToken: ring}}}, nil
}
