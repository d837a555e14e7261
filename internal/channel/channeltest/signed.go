package channeltest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/kit/text"
)

// Door is where Signed listens; Header carries "sha256=" and the hex HMAC.
const (
	Door   = "/hooks/test"
	Header = "x-signature"
	Kind   = "test"
)

// Signed is a channel without a provider: what is sent stays in its outbox.
type Signed struct {
	Skills desk.Skills
	// Answer decides what a send does; nil takes everything.
	Answer func(ctx context.Context, out desk.Outgoing) (desk.Sent, error)

	mu  sync.Mutex
	out []desk.Outgoing
}

// NewSigned is a channel like the Meta ones: a window of 24 hours, no mark of
// its own, receipts, and a send that must not be repeated blindly.
func NewSigned() *Signed {
	return &Signed{Skills: desk.Skills{Window: 24 * time.Hour, TextLimit: 1000, TextUnit: "characters", Buttons: true, Receipts: true}}
}

// Entry is one account's part of a delivery.
type Entry struct {
	Account string            `json:"account"`
	Items   []json.RawMessage `json:"items"`
}

// Item is one thing that happened, as a delivery carries it.
type Item struct {
	Type   string   `json:"type"` // message, receipt, person, end, profile, consent; others are unknown
	ID     string   `json:"id,omitempty"`
	From   string   `json:"from"`
	Text   string   `json:"text,omitempty"`
	Choice string   `json:"choice,omitempty"`
	AtMS   int64    `json:"at,omitempty"`
	Name   string   `json:"name,omitempty"`
	Email  string   `json:"email,omitempty"`
	State  string   `json:"state,omitempty"` // of a receipt or a consent
	IDs    []string `json:"ids,omitempty"`
	UpTo   int64    `json:"up_to,omitempty"`
	Ref    string   `json:"ref,omitempty"` // of a receipt: desk.Outgoing.Ref as it comes back
	As     string   `json:"as,omitempty"`  // kind of identity; "" = "test_user"
}

// Delivery signs one account's items.
func Delivery(key secret.Text, account string, items ...Item) channel.Raw {
	e := Entry{Account: account}
	for _, it := range items {
		raw, err := json.Marshal(it)
		if err != nil {
			continue // Items always marshal
		}
		e.Items = append(e.Items, raw)
	}
	return Deliver(key, e)
}

// Deliver signs a whole delivery.
func Deliver(key secret.Text, entries ...Entry) channel.Raw {
	body, err := json.Marshal(map[string][]Entry{"entries": entries})
	if err != nil {
		body = nil
	}
	return Sign(key, body)
}

// Sign puts the signature of a body beside it.
func Sign(key secret.Text, body []byte) channel.Raw {
	return channel.Raw{Header: map[string]string{Header: "sha256=" + hex.EncodeToString(sum(key, body))}, Body: body}
}

func sum(key secret.Text, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	mac.Write(body)
	return mac.Sum(nil)
}

// Info implements channel.Channel.
func (s *Signed) Info() channel.Info {
	return channel.Info{Name: Kind, Icon: "flask", Door: Door, Headers: []string{Header}, Skills: s.Skills, Form: json.RawMessage(`{"type":"object"}`)}
}

// VerifyRaw implements channel.Channel.
func (s *Signed) VerifyRaw(secrets []secret.Text, raw channel.Raw) error {
	given, err := hex.DecodeString(strings.TrimPrefix(raw.Header[Header], "sha256="))
	ok := false
	for _, key := range secrets {
		// Every secret is tried, so that the time tells nothing about which fits.
		ok = hmac.Equal(given, sum(key, raw.Body)) && !key.IsZero() || ok
	}
	if err != nil || !ok || len(raw.Body) == 0 {
		return desk.Fail(desk.Unauthenticated, "bad_signature", "the signature does not fit the body")
	}
	return nil
}

// Split implements channel.Channel.
func (s *Signed) Split(raw channel.Raw) ([]channel.Part, error) {
	var d struct {
		Entries []Entry `json:"entries"`
	}
	if err := json.Unmarshal(raw.Body, &d); err != nil {
		return nil, desk.Fail(desk.Invalid, "not_json", "the delivery is not the JSON this channel expects")
	}
	var parts []channel.Part
	for _, e := range d.Entries {
		if len(parts) == channel.MaxParts {
			return nil, desk.Fail(desk.Invalid, "too_many_parts", "a delivery has at most "+strconv.Itoa(channel.MaxParts)+" parts")
		}
		body, err := json.Marshal(e.Items)
		if err == nil && e.Account != "" {
			parts = append(parts, channel.Part{OutsideID: e.Account, Body: body})
		}
	}
	return parts, nil
}

// Parse implements channel.Channel.
func (s *Signed) Parse(_ channel.Account, p channel.Part) ([]desk.Arrival, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(p.Body, &items); err != nil {
		return nil, desk.Fail(desk.Invalid, "not_json", "the part is not the JSON this channel expects")
	}
	all := make([]desk.Arrival, 0, len(items))
	for n, raw := range items {
		all = append(all, parseItem(raw, n))
	}
	return all, nil
}

func parseItem(raw json.RawMessage, n int) desk.Arrival {
	var it Item
	if err := json.Unmarshal(raw, &it); err != nil || it.From == "" {
		return fallback(raw, n)
	}
	as := it.As
	if as == "" {
		as = "test_user"
	}
	a := desk.Arrival{ExternalID: it.ID, Sender: desk.IdentityHint{Kind: as, Value: it.From}, Name: it.Name, Email: it.Email,
		Text: desk.Body(text.Normalise(it.Text, desk.MaxBody)), MsgKind: desk.KindText, Choice: it.Choice}
	if it.AtMS > 0 {
		a.At = time.UnixMilli(it.AtMS).UTC()
	}
	if it.Choice != "" {
		a.MsgKind = desk.KindChoice
	}
	switch it.Type {
	case "message":
		if it.ID == "" {
			return fallback(raw, n)
		}
		a.Kind = desk.ArrivedMessage
		a.Consent = desk.ConsentState(it.State)
	case "receipt":
		a.Kind = desk.ArrivedReceipt
		a.Receipt = desk.Receipt{Status: desk.Status(it.State), ExternalIDs: it.IDs, UpTo: it.UpTo, Ref: it.Ref}
	case "person":
		a.Kind = desk.ArrivedPerson
	case "end":
		a.Kind = desk.ArrivedEnd
	case "profile":
		a.Kind = desk.ArrivedProfile
	case "consent":
		a.Kind, a.Consent = desk.ArrivedConsent, desk.ConsentState(it.State)
	default:
		return fallback(raw, n)
	}
	return a
}

// fallback keeps what is not understood, as the contract asks.
func fallback(raw json.RawMessage, n int) desk.Arrival {
	h := sha256.Sum256(append(bytes.Clone(raw), byte(n)))
	return desk.Arrival{Kind: desk.ArrivedMessage, ExternalID: "unknown-" + hex.EncodeToString(h[:8]), MsgKind: "unknown",
		Sender: desk.IdentityHint{Kind: "test_user", Value: "unknown"}, Text: "[a message of a kind Parley does not know]"}
}

// Send implements channel.Channel.
func (s *Signed) Send(ctx context.Context, _ channel.Account, out desk.Outgoing) (desk.Sent, error) {
	if s.Answer != nil {
		sent, err := s.Answer(ctx, out)
		if err != nil {
			return sent, err
		}
		s.keep(out)
		return sent, nil
	}
	s.keep(out)
	return desk.Sent{ExternalID: "out-" + out.Message.ID.String(), Status: desk.StatusSent}, nil
}

func (s *Signed) keep(out desk.Outgoing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = append(s.out, out)
}

// Outbox is what was sent, in order.
func (s *Signed) Outbox() []desk.Outgoing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]desk.Outgoing(nil), s.out...)
}
