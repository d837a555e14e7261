package meta

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"parley/internal/channel"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// LoginURL is Instagram's own sign-in (1.3).
func (g *Graph) LoginURL(redirect, state string, scopes []channel.Scope) (string, error) {
	if g.App.InstagramID == "" || g.App.InstagramSecret.IsZero() {
		return "", noApp("PARLEY_INSTAGRAM_APP_ID and PARLEY_INSTAGRAM_APP_SECRET")
	}
	q := url.Values{"client_id": {g.App.InstagramID}, "redirect_uri": {redirect}, "state": {state}, "response_type": {"code"}, "scope": {ScopeNames(scopes)}}
	return g.App.login() + "/oauth/authorize?" + q.Encode(), nil
}

// igToken is what the code exchange answers, in the shapes it was seen in.
type igToken struct {
	Token       Str             `json:"access_token"`
	User        Str             `json:"user_id"`
	Permissions json.RawMessage `json:"permissions"`
}

func (t igToken) scopes() []string {
	var list List
	if list.UnmarshalJSON(t.Permissions) == nil && len(list) > 0 {
		return Strings(list)
	}
	var s Str
	if s.UnmarshalJSON(t.Permissions) == nil && s != "" {
		return strings.Split(strings.ReplaceAll(string(s), " ", ""), ",")
	}
	return nil
}

// InstagramLogin finishes Instagram's sign-in: one account, with a token of
// sixty days.
func (g *Graph) InstagramLogin(ctx context.Context, redirect, code string) (channel.Candidate, error) {
	code = strings.TrimSuffix(code, "#_")
	form := url.Values{"client_id": {g.App.InstagramID}, "client_secret": {g.App.InstagramSecret.Reveal()}, "grant_type": {"authorization_code"},
		"redirect_uri": {redirect}, "code": {code}}
	var a struct {
		igToken
		Data List `json:"data"`
	}
	if err := g.Call(ctx, Request{Base: g.App.exchange(), Bare: true, Path: "oauth/access_token", Form: form}, &a); err != nil {
		return channel.Candidate{}, err
	}
	short := a.igToken
	if all := All[igToken](a.Data); len(all) > 0 {
		short = all[0]
	}
	if short.Token == "" {
		return channel.Candidate{}, failed(refusal{reason: "token_invalid", as: token}, nil, 0)
	}
	now := g.clk.Now()
	var long tokenAnswer
	q := url.Values{"grant_type": {"ig_exchange_token"}, "client_secret": {g.App.InstagramSecret.Reveal()}, "access_token": {string(short.Token)}}
	if err := g.Call(ctx, Request{Base: g.App.instagram(), Bare: true, Path: "access_token", Query: q}, &long); err != nil {
		return channel.Candidate{}, err
	}
	c, err := g.InstagramSelf(ctx, channel.Account{Details: desk.AccountDetails{Login: LoginInstagram},
		Secrets: map[string]secret.Text{channel.SecretToken: secret.New(string(long.Token))}})
	if err != nil {
		return c, err
	}
	c.Details.Scopes, c.Details.TokenAt, c.Details.TokenUntil = short.scopes(), now, long.until(now)
	c.Details.AppUser = short.User.ID()
	return c, nil
}

// InstagramSelf asks whose token an account of Instagram Login has. The id that
// deliveries use is user_id; id is another one (lessons 3.24).
func (g *Graph) InstagramSelf(ctx context.Context, acct channel.Account) (channel.Candidate, error) {
	type self struct {
		User      Str `json:"user_id"`
		ID        Str `json:"id"`
		Username  Str `json:"username"`
		Name      Str `json:"name"`
		Type      Str `json:"account_type"`
		Picture   Str `json:"profile_picture_url"`
		Followers Str `json:"followers_count"`
	}
	var a struct {
		self
		Data List `json:"data"`
	}
	q := url.Values{"fields": {"user_id,id,username,name,account_type,profile_picture_url,followers_count"}}
	if err := g.Call(ctx, Request{Account: acct, Path: "me", Query: q}, &a); err != nil {
		return channel.Candidate{}, err
	}
	me := a.self
	if all := All[self](a.Data); len(all) > 0 {
		me = all[0]
	}
	id := me.User.ID()
	if id == "" {
		return channel.Candidate{}, failed(refusal{reason: "account_unreadable", as: down, retry: true}, nil, 0)
	}
	d := acct.Details
	d.InstagramID, d.ScopedID, d.Username, d.DisplayName = id, me.ID.ID(), me.Username.Line(), me.Name.Line()
	d.AccountType, d.Picture, d.Followers = me.Type.Line(), me.Picture.Link(), me.Followers.Int()
	return channel.Candidate{OutsideID: id, Name: first(d.Username, d.DisplayName, id), Details: d, Secrets: acct.Secrets}, nil
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// Terms of a token of Instagram Login (1.3).
const (
	renewAge   = 24 * time.Hour      // younger ones are not renewed
	renewAhead = 30 * 24 * time.Hour // of its end
)

// RenewAt is when a token of Instagram Login should be renewed; others are
// not renewed by a call.
func RenewAt(d desk.AccountDetails) time.Time {
	if d.Login != LoginInstagram || d.TokenUntil.IsZero() {
		return time.Time{}
	}
	at := d.TokenUntil.Add(-renewAhead)
	if young := d.TokenAt.Add(renewAge); at.Before(young) {
		return young
	}
	return at
}

// Renew asks for another sixty days. The answer may hold the same token
// (lessons 3.22): its new end is what counts.
func (g *Graph) Renew(ctx context.Context, acct channel.Account) (channel.Renewed, error) {
	if acct.Details.Login != LoginInstagram {
		return channel.Renewed{}, desk.Fail(desk.Invalid, "not_renewable", "this token is not renewed by a call")
	}
	var a tokenAnswer
	q := url.Values{"grant_type": {"ig_refresh_token"}, "access_token": {acct.Secrets[channel.SecretToken].Reveal()}}
	now := g.clk.Now()
	if err := g.Call(ctx, Request{Base: g.App.instagram(), Bare: true, Path: "refresh_access_token", Query: q, Account: channel.Account{Account: acct.Account}}, &a); err != nil {
		return channel.Renewed{}, err
	}
	if a.Token == "" {
		return channel.Renewed{}, failed(refusal{reason: "token_invalid", as: token}, nil, 0)
	}
	return channel.Renewed{Token: secret.New(string(a.Token)), Until: a.until(now)}, nil
}
