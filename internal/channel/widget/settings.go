package widget

import (
	"bytes"
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/desk"
)

// Settings is what a workspace decides about one website chat.
type Settings struct {
	Domains    []string          `json:"domains"` // origins; "https://*.example.com" for subdomains; empty = this machine only
	Consent    string            `json:"consent"` // required, ask, granted or auto
	EraseAfter int               `json:"erase_after_hours"`
	Locale     string            `json:"locale_default"` // auto, en or tr
	Position   string            `json:"position"`       // end or start
	Colour     string            `json:"brand_colour"`   // #rrggbb
	Title      map[string]string `json:"title"`          // by language
	Greeting   map[string]string `json:"greeting"`
	Prompt     map[string]string `json:"prompt"`
	AskName    bool              `json:"ask_name"`
	AskEmail   bool              `json:"ask_email"`
}

// Limits of settings.
const (
	maxDomains = 50
	maxText    = 300
)

// Defaults are the settings of a new website chat.
func Defaults() Settings {
	return Settings{Domains: []string{}, Consent: "ask", EraseAfter: 24, Locale: "auto", Position: "end", Colour: "#0f5c55",
		Title: map[string]string{}, Greeting: map[string]string{}, Prompt: map[string]string{}}
}

// CheckSettings fills in defaults and refuses what is out of bounds with a
// desk.Invalid error that names the field.
func (Channel) CheckSettings(raw json.RawMessage) (json.RawMessage, error) {
	s := Defaults()
	if len(raw) > 0 {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&s); err != nil {
			return nil, bad("settings", "the settings are not understood")
		}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return json.Marshal(s)
}

func bad(field, text string) error { return desk.Fail(desk.Invalid, "settings."+field, text) }

func (s *Settings) check() error {
	if len(s.Domains) > maxDomains {
		return bad("domains", "list at most 50 domains")
	}
	domains := []string{}
	for _, d := range s.Domains {
		clean, ok := domain(d)
		if !ok {
			return bad("domains", "a domain looks like https://shop.example.com or https://*.example.com")
		}
		if !slices.Contains(domains, clean) {
			domains = append(domains, clean)
		}
	}
	s.Domains = domains
	switch {
	case !slices.Contains([]string{"required", "ask", "granted", "auto"}, s.Consent):
		return bad("consent", "consent is required, ask, granted or auto")
	case s.EraseAfter < 1 || s.EraseAfter > 72:
		return bad("erase_after_hours", "an unsaved chat is erased after 1 to 72 hours")
	case !slices.Contains([]string{"auto", "en", "tr"}, s.Locale):
		return bad("locale_default", "the language is auto, en or tr")
	case s.Position != "end" && s.Position != "start":
		return bad("position", "the position is end or start")
	case !colour(s.Colour):
		return bad("brand_colour", "the colour looks like #0f5c55 and is dark or light enough for readable text")
	}
	for name, texts := range map[string]map[string]string{"title": s.Title, "greeting": s.Greeting, "prompt": s.Prompt} {
		if !shortTexts(texts) {
			return bad(name, "texts are for en and tr and have at most 300 characters")
		}
	}
	return nil
}

func shortTexts(texts map[string]string) bool {
	for lang, text := range texts {
		if lang != "en" && lang != "tr" || utf8.RuneCountInString(text) > maxText || strings.ContainsRune(text, 0) {
			return false
		}
	}
	return true
}

// domain brings an origin into its one form; without a scheme https is meant.
func domain(raw string) (string, bool) {
	raw = strings.ToLower(strings.TrimSpace(raw))
	if raw == "" || len(raw) > 253 || strings.ContainsAny(raw, " ;,'\"\\") {
		return "", false
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(strings.TrimSuffix(raw, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", false
	}
	host := u.Hostname()
	plain := strings.TrimPrefix(host, "*.")
	if plain == "" || strings.Contains(plain, "*") || plain != host && !strings.Contains(plain, ".") {
		return "", false // "*." alone, a star inside, or a whole top-level domain
	}
	return u.Scheme + "://" + u.Host, true
}

// colour reports whether white or near-black text on a colour reaches the 4.5
// to 1 that WCAG asks for.
func colour(hex string) bool {
	if len(hex) != 7 || hex[0] != '#' {
		return false
	}
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return false
	}
	l := 0.2126*linear(v>>16&255) + 0.7152*linear(v>>8&255) + 0.0722*linear(v&255)
	const ink = 0.0088 // of #15201d
	return 1.05/(l+0.05) >= 4.5 || (l+0.05)/(ink+0.05) >= 4.5
}

func linear(c uint64) float64 {
	x := float64(c) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

// form is the settings as JSON schema.
func form() json.RawMessage {
	return json.RawMessage(`{"type":"object","additionalProperties":false,"properties":{
"domains":{"type":"array","maxItems":50,"items":{"type":"string","maxLength":253}},
"consent":{"enum":["required","ask","granted","auto"]},
"erase_after_hours":{"type":"integer","minimum":1,"maximum":72},
"locale_default":{"enum":["auto","en","tr"]},
"position":{"enum":["end","start"]},
"brand_colour":{"type":"string","pattern":"^#[0-9a-fA-F]{6}$"},
"title":{"$ref":"#/$defs/texts"},"greeting":{"$ref":"#/$defs/texts"},"prompt":{"$ref":"#/$defs/texts"},
"ask_name":{"type":"boolean"},"ask_email":{"type":"boolean"}},
"$defs":{"texts":{"type":"object","additionalProperties":false,"properties":{"en":{"type":"string","maxLength":300},"tr":{"type":"string","maxLength":300}}}}}`)
}
