package messenger

import (
	"context"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// scopes is the manifest (1.2).
func scopes() []channel.Scope {
	return []channel.Scope{
		{Name: "pages_show_list", Feature: "list", Needed: true},
		{Name: "pages_messaging", Feature: "send", Needed: true},
		{Name: "pages_manage_metadata", Feature: "receive", Needed: true},
		{Name: "pages_read_engagement", Feature: "profile"},
	}
}

func ways() []channel.Way {
	return []channel.Way{
		{ID: meta.LoginFacebook, Scopes: scopes()},
		{ID: meta.LoginPaste, Fields: []channel.Field{{Name: "page_id"}, {Name: "page_token", Secret: true}, {Name: "app_secret", Secret: true}}},
	}
}

// fields are what a page is subscribed to (1.2); the second list is for pages
// and apps that refuse one of the newer names.
func fields() [][]string {
	return [][]string{
		{"messages", "message_echoes", "message_edits", "message_reads", "message_deliveries", "message_reactions", "messaging_postbacks",
			"messaging_referrals", "messaging_optins", "messaging_handovers", "standby", "messaging_policy_enforcement"},
		{"messages", "message_echoes", "message_reads", "message_deliveries", "message_reactions", "messaging_postbacks", "messaging_referrals"},
	}
}

// AuthURL is where the person signs in.
func (c *Channel) AuthURL(way, redirect, state string) (string, error) {
	if way != meta.LoginFacebook {
		return "", meta.Bad(desk.Invalid, "unknown_way")
	}
	return c.graph.DialogURL(redirect, state, c.graph.App.LoginConfig, scopes())
}

// Exchange offers the pages the person may act for.
func (c *Channel) Exchange(ctx context.Context, way, redirect, code string) ([]channel.Candidate, error) {
	if way != meta.LoginFacebook {
		return nil, meta.Bad(desk.Invalid, "unknown_way")
	}
	s, err := c.graph.FacebookLogin(ctx, redirect, code)
	if err != nil {
		return nil, err
	}
	missing, needed := meta.Missing(scopes(), s.Token.Scopes)
	var all []channel.Candidate
	for _, p := range s.Pages {
		d := s.Details()
		d.PageID, d.DisplayName, d.Category, d.InstagramID = p.ID, p.Name, p.Category, p.Instagram
		one := channel.Candidate{Kind: Name, OutsideID: p.ID, Name: p.Name, Details: d, Missing: missing, Blocked: p.Blocked(),
			Secrets: map[string]secret.Text{channel.SecretToken: p.Token}}
		if needed && one.Blocked == "" {
			one.Blocked = "permission_missing"
		}
		all = append(all, one)
	}
	return all, nil
}

// Check offers the page of a pasted token.
func (c *Channel) Check(ctx context.Context, way string, given map[string]secret.Text) ([]channel.Candidate, error) {
	id, token := given["page_id"].Reveal(), given["page_token"]
	switch {
	case way != meta.LoginPaste:
		return nil, meta.Bad(desk.Invalid, "unknown_way")
	case id == "" || token.IsZero():
		return nil, meta.Bad(desk.Invalid, "field_missing")
	}
	acct := c.graph.Pasted(ctx, desk.AccountDetails{Login: meta.LoginFacebook, PageID: id}, token, given["app_secret"])
	acct.OutsideID, acct.Kind = id, Name
	d, err := c.graph.AboutPage(ctx, acct)
	if err != nil {
		return nil, err
	}
	return []channel.Candidate{{Kind: Name, OutsideID: id, Name: d.DisplayName, Details: d, Secrets: acct.Secrets}}, nil
}

// Subscription is the page's, which a linked Instagram account shares.
func (c *Channel) Subscription(acct channel.Account) string { return "page:" + acct.OutsideID }

// Subscribe turns deliveries for the page on.
func (c *Channel) Subscribe(ctx context.Context, acct channel.Account) error {
	return c.graph.Subscribe(ctx, acct, acct.OutsideID, fields()...)
}

// Unsubscribe turns them off: for the linked Instagram account too.
func (c *Channel) Unsubscribe(ctx context.Context, acct channel.Account) error {
	return c.graph.Unsubscribe(ctx, acct, acct.OutsideID)
}

// Probe asks Meta how the account is.
func (c *Channel) Probe(ctx context.Context, acct channel.Account) (channel.Health, error) {
	h := channel.Health{Details: acct.Details}
	d, err := c.graph.AboutPage(ctx, acct)
	h.Findings = append(h.Findings, meta.Found("reach", err))
	if err == nil {
		h.Details = d
	}
	h = c.graph.ProbeToken(ctx, acct, scopes(), h)
	return c.graph.ProbeSubscription(ctx, acct, acct.OutsideID, h), nil
}
