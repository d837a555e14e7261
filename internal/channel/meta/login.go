package meta

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Bounds of what a sign-in offers.
const (
	maxPages    = 20 // of a list
	maxAccounts = 500
)

// DialogURL is Facebook's sign-in (1.2): with a configuration's id, or with
// exactly the scopes of the manifest.
func (g *Graph) DialogURL(redirect, state, config string, scopes []channel.Scope) (string, error) {
	if g.App.ID == "" || g.App.Secret.IsZero() {
		return "", noApp("PARLEY_META_APP_ID and PARLEY_META_APP_SECRET")
	}
	q := url.Values{"client_id": {g.App.ID}, "redirect_uri": {redirect}, "state": {state}, "response_type": {"code"}}
	if config != "" {
		q.Set("config_id", config)
	} else {
		q.Set("scope", ScopeNames(scopes))
	}
	return g.App.dialog() + "/" + Version + "/dialog/oauth?" + q.Encode(), nil
}

func noApp(names string) error {
	return &desk.Error{Code: desk.Unavailable, Reason: "app_missing", Text: "set " + names + " first"}
}

// ScopeNames are the scopes of a manifest as a sign-in wants them.
func ScopeNames(scopes []channel.Scope) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = s.Name
	}
	return strings.Join(names, ",")
}

// tokenAnswer is what every exchange answers.
type tokenAnswer struct {
	Token   Str `json:"access_token"`
	Expires Str `json:"expires_in"` // seconds
}

// until is the end of a token's term, zero = without end.
func (t tokenAnswer) until(now time.Time) time.Time {
	if s := t.Expires.Int(); s > 0 && s < 10*365*24*3600 {
		return now.Add(time.Duration(s) * time.Second)
	}
	return time.Time{}
}

// ExchangeCode trades a code of Facebook's sign-in for a token.
func (g *Graph) ExchangeCode(ctx context.Context, redirect, code string) (secret.Text, time.Time, error) {
	q := url.Values{"client_id": {g.App.ID}, "client_secret": {g.App.Secret.Reveal()}, "code": {code}}
	if redirect != "" {
		q.Set("redirect_uri", redirect)
	}
	return g.exchange(ctx, q)
}

// LongLived trades a user token for one of sixty days.
func (g *Graph) LongLived(ctx context.Context, short secret.Text) (secret.Text, time.Time, error) {
	return g.exchange(ctx, url.Values{"grant_type": {"fb_exchange_token"}, "client_id": {g.App.ID},
		"client_secret": {g.App.Secret.Reveal()}, "fb_exchange_token": {short.Reveal()}})
}

func (g *Graph) exchange(ctx context.Context, q url.Values) (secret.Text, time.Time, error) {
	var a tokenAnswer
	if err := g.Call(ctx, Request{Base: g.App.graph(), Path: "oauth/access_token", Query: q}, &a); err != nil {
		return secret.Text{}, time.Time{}, err
	}
	if a.Token == "" {
		return secret.Text{}, time.Time{}, failed(refusal{reason: "token_invalid", as: token}, nil, 0)
	}
	return secret.New(string(a.Token)), a.until(g.clk.Now()), nil
}

// Token is what Meta says of a token (1.5).
type Token struct {
	App         string
	Kind        string
	Valid       bool
	Reason      string // why it is not valid
	Issued      time.Time
	Until       time.Time // zero = without end
	AccessUntil time.Time
	Scopes      []string
	Targets     map[string][]string // of a scope: the ids it was granted for; none = all
	User        string
}

// Inspect asks Meta about a token of this install's own app.
func (g *Graph) Inspect(ctx context.Context, of secret.Text) (Token, error) {
	if g.App.ID == "" || g.App.Secret.IsZero() {
		return Token{}, noApp("PARLEY_META_APP_ID and PARLEY_META_APP_SECRET")
	}
	var a struct {
		Data struct {
			App      Str   `json:"app_id"`
			Type     Str   `json:"type"`
			Valid    Flag  `json:"is_valid"`
			Issued   Stamp `json:"issued_at"`
			Expires  Stamp `json:"expires_at"`
			Access   Stamp `json:"data_access_expires_at"`
			Scopes   List  `json:"scopes"`
			Granular List  `json:"granular_scopes"`
			User     Str   `json:"user_id"`
			Error    Opt[struct {
				Code Str `json:"code"`
				Sub  Str `json:"subcode"`
			}] `json:"error"`
		} `json:"data"`
	}
	own := secret.New(g.App.ID + "|" + g.App.Secret.Reveal())
	if err := g.Call(ctx, Request{Base: g.App.graph(), Token: own, Path: "debug_token", Query: url.Values{"input_token": {of.Reveal()}}}, &a); err != nil {
		return Token{}, err
	}
	d := a.Data
	t := Token{App: d.App.ID(), Kind: d.Type.Line(), Valid: bool(d.Valid), Issued: d.Issued.Time(), Until: d.Expires.Time(), AccessUntil: d.Access.Time(),
		Scopes: Strings(d.Scopes), User: d.User.ID(), Targets: map[string][]string{}}
	for _, s := range All[struct {
		Scope   Str  `json:"scope"`
		Targets List `json:"target_ids"`
	}](d.Granular) {
		t.Targets[s.Scope.Word()] = Strings(s.Targets)
	}
	if !t.Valid {
		t.Reason = "token_invalid"
		if d.Error.OK {
			t.Reason = ReasonOf(d.Error.V.Code.Int(), d.Error.V.Sub.Int())
		}
	}
	return t, nil
}

// Missing are the scopes of a manifest that were not granted; needed reports
// whether one of them is one nothing works without.
func Missing(scopes []channel.Scope, granted []string) (missing []string, needed bool) {
	for _, s := range scopes {
		if !slices.Contains(granted, s.Name) {
			missing = append(missing, s.Name)
			needed = needed || s.Needed
		}
	}
	return missing, needed
}

// Page is a page a person may act for, with its token.
type Page struct {
	ID        string
	Name      string
	Category  string
	Token     secret.Text
	Tasks     []string
	Instagram string // id of the linked professional account, "" none
}

// Pages lists the pages of a user token (1.2 step 4). Tokens made with a
// long-lived one have no end of their own.
func (g *Graph) Pages(ctx context.Context, user secret.Text) ([]Page, error) {
	var all []Page
	after := ""
	for range maxPages {
		q := url.Values{"fields": {"id,name,access_token,tasks,category,instagram_business_account"}, "limit": {"100"}}
		if after != "" {
			q.Set("after", after)
		}
		var a struct {
			Data   List `json:"data"`
			Paging struct {
				Cursors struct {
					After Str `json:"after"`
				} `json:"cursors"`
				Next Str `json:"next"`
			} `json:"paging"`
		}
		if err := g.Call(ctx, Request{Base: g.App.graph(), Token: user, Path: "me/accounts", Query: q}, &a); err != nil {
			return nil, err
		}
		for _, p := range All[struct {
			ID        Str  `json:"id"`
			Name      Str  `json:"name"`
			Category  Str  `json:"category"`
			Token     Str  `json:"access_token"`
			Tasks     List `json:"tasks"`
			Instagram Opt[struct {
				ID Str `json:"id"`
			}] `json:"instagram_business_account"`
		}](a.Data) {
			if p.ID.ID() == "" || len(all) == maxAccounts {
				continue
			}
			all = append(all, Page{ID: p.ID.ID(), Name: p.Name.Line(), Category: p.Category.Line(), Token: secret.New(string(p.Token)),
				Tasks: Strings(p.Tasks), Instagram: p.Instagram.V.ID.ID()})
		}
		next := a.Paging.Cursors.After.ID()
		if a.Paging.Next == "" || next == "" || next == after {
			break
		}
		after = next
	}
	return all, nil
}

// Signed is a finished sign-in with Facebook.
type Signed struct {
	Token Token
	Long  secret.Text
	Pages []Page
}

// FacebookLogin finishes Facebook's sign-in: code, long-lived token, what was
// granted, and the pages.
func (g *Graph) FacebookLogin(ctx context.Context, redirect, code string) (Signed, error) {
	short, _, err := g.ExchangeCode(ctx, redirect, code)
	if err != nil {
		return Signed{}, err
	}
	var s Signed
	if s.Long, _, err = g.LongLived(ctx, short); err != nil {
		return s, err
	}
	if s.Token, err = g.Inspect(ctx, s.Long); err != nil {
		return s, err
	}
	s.Pages, err = g.Pages(ctx, s.Long)
	return s, err
}

// Details are what a sign-in tells of every account it offers.
func (s Signed) Details() desk.AccountDetails {
	return desk.AccountDetails{Login: LoginFacebook, AppUser: s.Token.User, Scopes: s.Token.Scopes, AccessUntil: s.Token.AccessUntil, TokenAt: s.Token.Issued}
}

// Blocked is why a page cannot be connected, "" when it can: sending needs one
// task, subscribing another (1.2).
func (p Page) Blocked() string {
	switch {
	case p.Token.IsZero():
		return "page_token_missing"
	case !slices.Contains(p.Tasks, "MESSAGING") || !slices.Contains(p.Tasks, "MODERATE") && !slices.Contains(p.Tasks, "MANAGE"):
		return "page_task_missing"
	}
	return ""
}
