package meta

import (
	"strings"
	"time"

	"parley/internal/kit/httpx"
	"parley/internal/kit/secret"
)

// Version is the Graph version that every call names (1.1).
const Version = "v26.0"

// Meta's own hosts.
const (
	graphURL     = "https://graph.facebook.com"
	instagramURL = "https://graph.instagram.com"
	dialogURL    = "https://www.facebook.com"
	loginURL     = "https://www.instagram.com"
	exchangeURL  = "https://api.instagram.com"
)

// Names of the rules in the register of outgoing calls.
const (
	RuleGraph = "meta"
	RuleMedia = "meta.media"
)

// App is what the operator set up at Meta.
type App struct {
	ID              string
	Secret          secret.Text
	InstagramID     string // of Instagram Login: another id and secret (1.3)
	InstagramSecret secret.Text
	VerifyToken     secret.Text
	GraphURL        string // "" = Meta's; anything else is a stand-in, dialogs included
	InstagramURL    string // "" = Meta's, or GraphURL's where that is a stand-in
	LoginConfig     string // config_id of Facebook Login for Business, "" = scopes
	SignupConfig    string // config_id of WhatsApp Embedded Signup
}

// Secrets are what deliveries may be signed with (2.2: for Instagram Login the
// sources do not say which, so all are tried).
func (a App) Secrets() []secret.Text {
	var all []secret.Text
	for _, s := range []secret.Text{a.Secret, a.InstagramSecret} {
		if !s.IsZero() {
			all = append(all, s)
		}
	}
	return all
}

func (a App) graph() string { return base(a.GraphURL, graphURL) }

func (a App) instagram() string {
	if a.InstagramURL == "" && a.GraphURL != "" {
		return a.graph()
	}
	return base(a.InstagramURL, instagramURL)
}

// dialog is where browsers go for Facebook's sign-in.
func (a App) dialog() string {
	if a.GraphURL != "" && a.graph() != graphURL {
		return a.graph()
	}
	return dialogURL
}

// login and exchange are where Instagram's sign-in lives.
func (a App) login() string    { return a.standIn(loginURL) }
func (a App) exchange() string { return a.standIn(exchangeURL) }

func (a App) standIn(own string) string {
	if at := a.instagram(); at != instagramURL {
		return at
	}
	return own
}

func base(set, own string) string {
	if set == "" {
		return own
	}
	return strings.TrimRight(set, "/")
}

// Rules are the lines of the register that the three channels call by; whoever
// owns the register adds Ready.
func (a App) Rules() ([]httpx.Rule, error) {
	calls := httpx.Rule{Name: RuleGraph, Purpose: httpx.Subprocessor, Max: 4 << 20, Timeout: 20 * time.Second}
	files := httpx.Rule{Name: RuleMedia, Purpose: httpx.Subprocessor, Max: 100 << 20, Timeout: 2 * time.Minute,
		Hosts: []string{"lookaside.fbsbx.com", "lookaside.instagram.com", "*.fbsbx.com", "*.fbcdn.net", "*.cdninstagram.com", "*.whatsapp.net"}}
	for _, at := range []string{a.graph(), a.instagram(), a.exchange()} {
		if err := calls.Add(at); err != nil {
			return nil, err
		}
	}
	for _, at := range []string{a.graph(), a.instagram()} {
		if at == graphURL || at == instagramURL {
			continue
		}
		if err := files.Add(at); err != nil {
			return nil, err
		}
	}
	return []httpx.Rule{calls, files}, nil
}
