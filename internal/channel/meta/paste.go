package meta

import (
	"context"
	"errors"
	"net/url"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// Pasted makes an account of a pasted token. Where the token is one of this
// install's own app Meta tells its scopes and its end; of another app nothing
// but what it can do is known, and calls are proven with that app's secret
// where somebody gave it.
func (g *Graph) Pasted(ctx context.Context, d desk.AccountDetails, token, appSecret secret.Text) channel.Account {
	acct := channel.Account{Details: d, Secrets: map[string]secret.Text{channel.SecretToken: token}}
	acct.Details.Pasted = true
	if t, err := g.Inspect(ctx, token); err == nil && t.Valid && t.App == g.App.ID {
		acct.Details.Pasted = false
		acct.Details.Scopes, acct.Details.TokenAt, acct.Details.TokenUntil = t.Scopes, t.Issued, t.Until
		acct.Details.AccessUntil, acct.Details.AppUser = t.AccessUntil, t.User
		return acct
	}
	if !appSecret.IsZero() {
		acct.Secrets[SecretApp] = appSecret
	}
	return acct
}

// AboutPage asks a page what it is: the smallest live round trip. More than its
// name needs a permission that a person may have left off.
func (g *Graph) AboutPage(ctx context.Context, acct channel.Account) (desk.AccountDetails, error) {
	d, err := g.aboutPage(ctx, acct, "id,name,category,username,followers_count,picture{url}")
	var refused *desk.Error
	if errors.As(err, &refused) && (refused.Reason == "permission_missing" || refused.Reason == "bad_request") {
		return g.aboutPage(ctx, acct, "id,name,category")
	}
	return d, err
}

func (g *Graph) aboutPage(ctx context.Context, acct channel.Account, fields string) (desk.AccountDetails, error) {
	var a struct {
		Name      Str `json:"name"`
		Category  Str `json:"category"`
		Username  Str `json:"username"`
		Followers Str `json:"followers_count"`
		Picture   Opt[struct {
			Data struct {
				URL Str `json:"url"`
			} `json:"data"`
		}] `json:"picture"`
	}
	d := acct.Details
	of := d.PageID
	if of == "" {
		of = acct.OutsideID
	}
	if err := g.Call(ctx, Request{Account: acct, Path: Path(of), Query: url.Values{"fields": {fields}}}, &a); err != nil {
		return d, err
	}
	d.DisplayName, d.Category, d.Username = a.Name.Line(), a.Category.Line(), a.Username.Line()
	d.Followers, d.Picture = a.Followers.Int(), a.Picture.V.Data.URL.Link()
	return d, nil
}

// ProbeToken adds what Meta says of the account's token, where it may be asked.
func (g *Graph) ProbeToken(ctx context.Context, acct channel.Account, scopes []channel.Scope, h channel.Health) channel.Health {
	if acct.Details.Pasted || acct.Details.Login == LoginInstagram {
		return h // of another app, or of a kind that cannot be asked about (1.5)
	}
	found, t := g.TokenFindings(ctx, acct, scopes)
	h.Findings = append(h.Findings, found...)
	if t.Valid {
		h.Details.Scopes, h.Details.TokenUntil, h.Details.AccessUntil = t.Scopes, t.Until, t.AccessUntil
	}
	return h
}

// ProbeSubscription adds whether deliveries are on.
func (g *Graph) ProbeSubscription(ctx context.Context, acct channel.Account, of string, h channel.Health) channel.Health {
	on, err := g.Subscribed(ctx, acct, of)
	f := Found("subscription", err)
	if err == nil && !on {
		f = channel.Finding{Name: "subscription", Reason: "not_subscribed"}
	}
	h.Findings = append(h.Findings, f)
	return h
}
