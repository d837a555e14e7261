package widget

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/mileusna/useragent"

	"parley/internal/channel"
	"parley/internal/desk"
)

// Bounds of one part.
const (
	maxItems = 50
	maxField = 2048
)

// Envelope is one part: what a visitor did, for the account with that key.
type Envelope struct {
	Key   string            `json:"key"`
	Items []json.RawMessage `json:"items"` // each a desk.Arrival
}

// Split reads the key of an envelope.
func (Channel) Split(raw channel.Raw) ([]channel.Part, error) {
	var e Envelope
	if err := json.Unmarshal(raw.Body, &e); err != nil {
		return nil, errNotEnvelope
	}
	if e.Key == "" || len(e.Key) > 100 {
		return nil, nil
	}
	return []channel.Part{{OutsideID: e.Key, Body: raw.Body}}, nil
}

var errNotEnvelope = desk.Fail(desk.Invalid, "bad_part", "the part is not an envelope of the website chat")

// Parse reads what a visitor did. An item that is none of the known kinds, or
// is out of bounds, is left out; its neighbours stay.
func (Channel) Parse(_ channel.Account, p channel.Part) ([]desk.Arrival, error) {
	var e Envelope
	if err := json.Unmarshal(p.Body, &e); err != nil {
		return nil, errNotEnvelope
	}
	if len(e.Items) > maxItems {
		return nil, desk.Fail(desk.Invalid, "too_many_items", "a part has at most 50 items")
	}
	var all []desk.Arrival
	for _, raw := range e.Items {
		if a, err := item(raw); err == nil {
			all = append(all, a)
		}
	}
	return all, nil
}

var errBadItem = errors.New("not an item of the website chat")

func item(raw json.RawMessage) (desk.Arrival, error) {
	var a desk.Arrival
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&a); err != nil {
		return a, errBadItem
	}
	if a.Sender.Kind != Visitor || a.Sender.Value == "" || !inBounds(a) {
		return a, errBadItem
	}
	switch a.Kind {
	case desk.ArrivedMessage:
		if a.Text == "" || a.ExternalID == "" || utf8.RuneCountInString(string(a.Text)) > TextLimit {
			return a, errBadItem
		}
		a.MsgKind = desk.KindText
	case desk.ArrivedReceipt, desk.ArrivedPerson, desk.ArrivedEnd, desk.ArrivedProfile, desk.ArrivedConsent:
	default:
		return a, errBadItem
	}
	a.Session = allowed(a.Session)
	return a, nil
}

func inBounds(a desk.Arrival) bool {
	for _, s := range []string{a.ExternalID, a.Sender.Value, a.Choice, a.ReplyTo, a.Language, a.Name, a.Email} {
		if len(s) > maxField || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return false
		}
	}
	return utf8.ValidString(string(a.Text)) && !strings.ContainsRune(string(a.Text), 0)
}

// allowed cuts a visit down to what the visitor's consent allows (decision 12):
// granted keeps all fields, anything else only the page's origin.
func allowed(s *desk.Session) *desk.Session {
	if s == nil {
		return nil
	}
	kept := desk.Session{ID: s.ID, Consent: s.Consent, StartedAt: s.StartedAt, SeenAt: s.SeenAt, PageURL: originOf(s.PageURL)}
	if s.Consent != desk.ConsentGranted {
		return &kept
	}
	ua := useragent.Parse(cut(s.UserAgent))
	kept.Browser, kept.OS, kept.Device = strings.TrimSpace(ua.Name+" "+ua.Version), strings.TrimSpace(ua.OS+" "+ua.OSVersion), device(ua)
	kept.PageURL, kept.Referrer = WithoutSecrets(s.PageURL), WithoutSecrets(s.Referrer)
	kept.Locale, kept.IP = cut(s.Locale), cut(s.IP)
	return &kept
}

func device(ua useragent.UserAgent) string {
	switch {
	case ua.Tablet:
		return "tablet"
	case ua.Mobile:
		return "mobile"
	case ua.Desktop:
		return "desktop"
	}
	return ""
}

func cut(s string) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) > 512 {
		s = strings.ToValidUTF8(s[:512], "")
	}
	return s
}

// harmless are the query parameters of a page that say where a visitor came
// from and carry nothing of the person; every other one goes.
const harmless = " utm_source utm_medium utm_campaign lang page p q category color size "

// WithoutSecrets keeps scheme, host, path and the harmless query parameters of
// an http address (clause A-3.3-06); anything else is "".
func WithoutSecrets(raw string) string {
	u, err := url.Parse(cut(raw))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	clean := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	keep := url.Values{}
	for name, values := range u.Query() {
		if strings.Contains(harmless, " "+strings.ToLower(name)+" ") {
			keep[name] = values
		}
	}
	clean.RawQuery = keep.Encode()
	return clean.String()
}

func originOf(raw string) string {
	u, err := url.Parse(cut(raw))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
