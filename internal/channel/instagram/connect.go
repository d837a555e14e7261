package instagram

import (
	"context"
	"errors"
	"net/url"
	"time"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// The manifests of the two sign-ins (1.2, 1.3).
func facebookScopes() []channel.Scope {
	return []channel.Scope{
		{Name: "instagram_basic", Feature: "profile", Needed: true},
		{Name: "instagram_manage_messages", Feature: "send", Needed: true},
		{Name: "pages_manage_metadata", Feature: "receive", Needed: true},
		{Name: "pages_show_list", Feature: "list", Needed: true},
		{Name: "pages_read_engagement", Feature: "profile"},
	}
}

func instagramScopes() []channel.Scope {
	return []channel.Scope{
		{Name: "instagram_business_basic", Feature: "profile", Needed: true},
		{Name: "instagram_business_manage_messages", Feature: "send", Needed: true},
	}
}

func ways() []channel.Way {
	return []channel.Way{
		{ID: meta.LoginInstagram, Scopes: instagramScopes()},
		{ID: meta.LoginFacebook, Scopes: facebookScopes()},
		{ID: meta.LoginPaste, Fields: []channel.Field{{Name: "instagram_token", Secret: true}, {Name: "app_secret", Secret: true}}},
	}
}

// fields are what an account of Instagram's sign-in is subscribed to; two pages
// of the documentation spell two names differently (1.3), so both are tried.
func fields() [][]string {
	return [][]string{
		{"messages", "messaging_postbacks", "messaging_seen", "message_reactions", "messaging_referral", "message_edit"},
		{"messages", "messaging_postbacks", "messaging_seen", "message_reactions", "messaging_referral"},
		{"messages", "messaging_postbacks", "messaging_seen", "messaging_reactions", "messaging_referrals"},
		{"messages", "messaging_postbacks"},
	}
}

// pageFields are the least a page must be subscribed to for its Instagram
// account's events to come (1.2).
func pageFields() [][]string {
	return [][]string{{"messages", "message_reactions", "messaging_postbacks", "messaging_referrals"}, {"messages"}}
}

// AuthURL is where the person signs in.
func (c *Channel) AuthURL(way, redirect, state string) (string, error) {
	switch way {
	case meta.LoginInstagram:
		return c.graph.LoginURL(redirect, state, instagramScopes())
	case meta.LoginFacebook:
		return c.graph.DialogURL(redirect, state, c.graph.App.LoginConfig, facebookScopes())
	}
	return "", meta.Bad(desk.Invalid, "unknown_way")
}

// Exchange offers the account of Instagram's sign-in, or those linked to the
// pages of Facebook's.
func (c *Channel) Exchange(ctx context.Context, way, redirect, code string) ([]channel.Candidate, error) {
	switch way {
	case meta.LoginInstagram:
		one, err := c.graph.InstagramLogin(ctx, redirect, code)
		if err != nil {
			return nil, err
		}
		return []channel.Candidate{granted(one, instagramScopes())}, nil
	case meta.LoginFacebook:
		return c.linked(ctx, redirect, code)
	}
	return nil, meta.Bad(desk.Invalid, "unknown_way")
}

// granted notes what a sign-in did not give. One that does not say what it gave
// is believed: the first call will tell.
func granted(one channel.Candidate, scopes []channel.Scope) channel.Candidate {
	one.Kind = Name
	if len(one.Details.Scopes) == 0 {
		return one
	}
	missing, needed := meta.Missing(scopes, one.Details.Scopes)
	one.Missing = missing
	if needed && one.Blocked == "" {
		one.Blocked = "permission_missing"
	}
	return one
}

func (c *Channel) linked(ctx context.Context, redirect, code string) ([]channel.Candidate, error) {
	s, err := c.graph.FacebookLogin(ctx, redirect, code)
	if err != nil {
		return nil, err
	}
	var all []channel.Candidate
	for _, p := range s.Pages {
		if p.Instagram == "" {
			continue
		}
		d := s.Details()
		d.PageID, d.InstagramID, d.Category = p.ID, p.Instagram, p.Category
		one := channel.Candidate{OutsideID: p.Instagram, Name: p.Name, Details: d, Blocked: p.Blocked(),
			Secrets: map[string]secret.Text{channel.SecretToken: p.Token}}
		if one.Blocked == "" {
			c.describe(ctx, &one)
		}
		all = append(all, granted(one, facebookScopes()))
	}
	return all, nil
}

// describe adds what Instagram tells of a linked account; without it the page's
// name stands.
func (c *Channel) describe(ctx context.Context, one *channel.Candidate) {
	d, err := c.about(ctx, channel.Account{Account: desk.Account{OutsideID: one.OutsideID}, Details: one.Details, Secrets: one.Secrets})
	if err != nil {
		return
	}
	one.Details = d
	if d.Username != "" {
		one.Name = d.Username
	}
}

func (c *Channel) about(ctx context.Context, acct channel.Account) (desk.AccountDetails, error) {
	if acct.Details.Login == meta.LoginInstagram {
		one, err := c.graph.InstagramSelf(ctx, acct)
		return one.Details, err
	}
	var a struct {
		Username  meta.Str `json:"username"`
		Name      meta.Str `json:"name"`
		Picture   meta.Str `json:"profile_picture_url"`
		Followers meta.Str `json:"followers_count"`
	}
	d := acct.Details
	q := url.Values{"fields": {"id,username,name,profile_picture_url,followers_count"}}
	if err := c.graph.Call(ctx, meta.Request{Account: acct, Path: meta.Path(acct.OutsideID), Query: q}, &a); err != nil {
		return d, err
	}
	d.Username, d.DisplayName, d.Picture, d.Followers = a.Username.Line(), a.Name.Line(), a.Picture.Link(), a.Followers.Int()
	return d, nil
}

// Check offers the account of a pasted token of Instagram's sign-in.
func (c *Channel) Check(ctx context.Context, way string, given map[string]secret.Text) ([]channel.Candidate, error) {
	token := given["instagram_token"]
	switch {
	case way != meta.LoginPaste:
		return nil, meta.Bad(desk.Invalid, "unknown_way")
	case token.IsZero():
		return nil, meta.Bad(desk.Invalid, "field_missing")
	}
	acct := channel.Account{Details: desk.AccountDetails{Login: meta.LoginInstagram, Pasted: true}, Secrets: map[string]secret.Text{channel.SecretToken: token}}
	if own := given["app_secret"]; !own.IsZero() {
		acct.Secrets[meta.SecretApp] = own
	}
	one, err := c.graph.InstagramSelf(ctx, acct)
	if err != nil {
		return nil, err
	}
	one.Kind = Name
	return []channel.Candidate{one}, nil
}

// Subscription is the account's own, or its page's, which Messenger shares.
func (c *Channel) Subscription(acct channel.Account) string {
	if acct.Details.Login == meta.LoginInstagram {
		return "instagram:" + acct.OutsideID
	}
	return "page:" + acct.Details.PageID
}

// Subscribe turns deliveries on.
func (c *Channel) Subscribe(ctx context.Context, acct channel.Account) error {
	if acct.Details.Login == meta.LoginInstagram {
		return c.graph.Subscribe(ctx, acct, acct.OutsideID, fields()...)
	}
	return c.graph.Subscribe(ctx, acct, from(acct), pageFields()...)
}

// Unsubscribe turns them off: with Facebook's sign-in for the whole page.
func (c *Channel) Unsubscribe(ctx context.Context, acct channel.Account) error {
	return c.graph.Unsubscribe(ctx, acct, from(acct))
}

// RenewAt says when the token is to be renewed: those of Instagram's sign-in
// live sixty days.
func (c *Channel) RenewAt(acct channel.Account) time.Time { return meta.RenewAt(acct.Details) }

// Renew asks for another sixty days.
func (c *Channel) Renew(ctx context.Context, acct channel.Account) (channel.Renewed, error) {
	return c.graph.Renew(ctx, acct)
}

// Probe asks Meta how the account is.
func (c *Channel) Probe(ctx context.Context, acct channel.Account) (channel.Health, error) {
	h := channel.Health{Details: acct.Details}
	d, err := c.about(ctx, acct)
	h.Findings = append(h.Findings, meta.Found("reach", err))
	if err == nil {
		h.Details = d
	}
	h = c.graph.ProbeToken(ctx, acct, facebookScopes(), h)
	h = c.graph.ProbeSubscription(ctx, acct, from(acct), h)
	if h.Findings[0].OK {
		h.Findings = append(h.Findings, c.probeMessages(ctx, acct))
	}
	return h, nil
}

// probeMessages asks for the id of one conversation, which Meta names as the way
// to see whether an account lets an app at its messages: the owner can switch
// that off in Instagram's own settings, and then nothing arrives. A pause that
// Meta asks for says nothing about it.
func (c *Channel) probeMessages(ctx context.Context, acct channel.Account) channel.Finding {
	q := url.Values{"platform": {"instagram"}, "fields": {"id"}, "limit": {"1"}}
	path := meta.Path(from(acct), "conversations")
	acct.OutsideID = "" // Meta allows two such calls a second; a pause for them must hold no message back
	err := c.graph.Call(ctx, meta.Request{Account: acct, Path: path, Query: q}, nil)
	var e *desk.Error
	if errors.As(err, &e) && e.Retry {
		err = nil
	}
	return meta.Found("messages", err)
}
