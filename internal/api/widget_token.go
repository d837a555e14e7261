package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/vault"
)

// A visitor holds one token: a small record sealed under the workspace's key
// and bound to the widget, so that it needs no row before the first message and
// tells its holder nothing. It travels in a header only.

// Terms of tokens.
const (
	bootTerm    = 12 * time.Hour      // from the frame's page to its session
	keptTerm    = 90 * 24 * time.Hour // of a visitor who agreed; each session renews it
	unkeptTerm  = 72 * time.Hour      // of one who did not: no chat of theirs lives longer
	maxToken    = 4096
	maxPageURL  = 1024
	visitorSize = 16
)

// visit is what a token says.
type visit struct {
	Boot     bool              `json:"b,omitempty"` // only opens a session
	Visitor  string            `json:"v,omitempty"`
	Session  string            `json:"s,omitempty"`
	Thread   desk.ID           `json:"th,omitempty"` // of the conversation to be, so that its stream can wait for it
	Origin   string            `json:"o"`            // of the page around the frame
	Consent  desk.ConsentState `json:"c,omitempty"`
	PageURL  string            `json:"p,omitempty"` // only with consent
	Referrer string            `json:"r,omitempty"`
	Locale   string            `json:"l,omitempty"`
	Began    int64             `json:"t"` // unix seconds
	Ends     int64             `json:"e"`
}

func (a *API) tokenPlace(w widget) (vault.Ref, vault.AD) {
	return vault.Ref{Workspace: int64(w.Workspace), Kind: vault.Workspace},
		vault.AD{Workspace: int64(w.Workspace), Table: "widget_token", Column: "visit", Row: int64(w.ID)}
}

func (a *API) sealVisit(ctx context.Context, w widget, v visit) (string, error) {
	ref, ad := a.tokenPlace(w)
	key, err := a.Store.Vault().Key(ctx, ref)
	if err != nil {
		return "", err
	}
	clear, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(a.Store.Vault().Seal(key, ad, clear)), nil
}

var errToken = desk.Fail(desk.Unauthenticated, "visit_over", "this visit is over; open the chat again")

// openVisit reads a token of this widget, or fails with errToken when it was
// forged, is another widget's, or is over.
func (a *API) openVisit(ctx context.Context, w widget, token string, boot bool) (visit, error) {
	var v visit
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || token == "" || len(token) > maxToken {
		return v, errToken
	}
	_, ad := a.tokenPlace(w)
	clear, err := a.Store.Vault().Open(ctx, ad, raw)
	if errors.Is(err, vault.ErrTampered) || errors.Is(err, vault.ErrNoKey) || errors.Is(err, vault.ErrExpired) {
		return v, errToken
	}
	if err != nil {
		return v, err
	}
	if json.Unmarshal(clear, &v) != nil || v.Boot != boot || a.Clock.Now().Unix() >= v.Ends {
		return visit{}, errToken
	}
	return v, nil
}

// VisitIn is the head of every request of a visitor after the session began.
type VisitIn struct {
	Key           string `path:"key" maxLength:"64"`
	Authorization string `header:"Authorization"`
	Origin        string `header:"Origin"`
	FetchSite     string `header:"Sec-Fetch-Site"`
}

// visiting checks who a request of the chat is from: its token, that the page
// around the chat is still allowed, and that the request comes from the frame.
func (a *API) visiting(ctx context.Context, c *call, in VisitIn) (widget, visit, error) {
	w, err := a.widget(ctx, in.Key)
	if err != nil {
		return w, visit{}, err
	}
	own := ownOrigin(c)
	if err := fromFrame(in, own); err != nil {
		return w, visit{}, err
	}
	token, ok := strings.CutPrefix(in.Authorization, "Widget ")
	if !ok {
		return w, visit{}, desk.Fail(desk.Unauthenticated, "credentials", "send Authorization: Widget and the visit's token")
	}
	v, err := a.openVisit(ctx, w, token, false)
	if err != nil {
		return w, v, err
	}
	if !w.shows(v.Origin, own) {
		return w, v, errForeignPage
	}
	return w, v, a.limits.take(limitVisitor, "visitor "+v.Visitor)
}

// fromFrame refuses requests that another page's script makes.
func fromFrame(in VisitIn, own string) error {
	switch {
	case in.FetchSite != "" && in.FetchSite != "same-origin":
	case in.Origin != "" && !strings.EqualFold(in.Origin, own):
	default:
		return nil
	}
	return desk.Fail(desk.Forbidden, "cross_site", "this request must come from the chat's own frame")
}

func newVisitor() string { return base64.RawURLEncoding.EncodeToString(secret.Random(visitorSize)) }
