package meta

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/internal/channel"
	"parley/internal/desk"
)

// Subscribe turns deliveries on for a page, an Instagram account or a WhatsApp
// business account, with the first list of fields that is taken: names differ
// between edges and pages of the documentation (1.2, 1.3). No list means an
// edge without fields. Meta replaces what was subscribed, so the fields that
// another channel of the same page wanted are named again.
func (g *Graph) Subscribe(ctx context.Context, acct channel.Account, of string, lists ...[]string) error {
	if len(lists) == 0 {
		return g.subscribe(ctx, acct, of, nil)
	}
	have, err := g.subscribed(ctx, acct, of)
	if err != nil {
		return err
	}
	for _, fields := range lists {
		err = g.subscribe(ctx, acct, of, union(fields, have.fields))
		var refused *desk.Error
		if err == nil || !errors.As(err, &refused) || refused.Reason != "bad_request" {
			return err
		}
	}
	return err
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, f := range b {
		if !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

func (g *Graph) subscribe(ctx context.Context, acct channel.Account, of string, fields []string) error {
	r := Request{Account: acct, Method: http.MethodPost, Path: Path(of, "subscribed_apps")}
	if len(fields) > 0 {
		r.Query = url.Values{"subscribed_fields": {strings.Join(fields, ",")}}
	}
	var done Done
	if err := g.Call(ctx, r, &done); err != nil {
		return err
	}
	if !done.Success {
		return failed(refusal{reason: "not_subscribed", as: down, retry: true}, nil, 0)
	}
	return nil
}

// Unsubscribe turns deliveries off. With a token that is dead nobody can be
// told, and the error says so: whoever prints a certificate must know.
func (g *Graph) Unsubscribe(ctx context.Context, acct channel.Account, of string) error {
	return g.Call(ctx, Request{Account: acct, Method: http.MethodDelete, Path: Path(of, "subscribed_apps")}, nil)
}

// subscription is what an edge says of this app.
type subscription struct {
	on     bool
	fields []string
}

// Subscribed reports whether deliveries are on.
func (g *Graph) Subscribed(ctx context.Context, acct channel.Account, of string) (bool, error) {
	s, err := g.subscribed(ctx, acct, of)
	return s.on, err
}

func (g *Graph) subscribed(ctx context.Context, acct channel.Account, of string) (subscription, error) {
	var a struct {
		Data List `json:"data"`
	}
	if err := g.Call(ctx, Request{Account: acct, Path: Path(of, "subscribed_apps")}, &a); err != nil {
		return subscription{}, err
	}
	for _, app := range All[struct {
		ID       Str  `json:"id"`
		Fields   List `json:"subscribed_fields"`
		WhatsApp Opt[struct {
			ID Str `json:"id"`
		}] `json:"whatsapp_business_api_data"`
	}](a.Data) {
		id := first(app.ID.ID(), app.WhatsApp.V.ID.ID())
		if acct.Details.Pasted || id == "" || id == g.App.ID || id == g.App.InstagramID {
			return subscription{true, Strings(app.Fields)}, nil
		}
	}
	return subscription{}, nil
}

// Found is a line of a health check from what a call said.
func Found(name string, err error) channel.Finding {
	if err == nil {
		return channel.Finding{Name: name, OK: true}
	}
	reason := "unreachable"
	var e *desk.Error
	if errors.As(err, &e) && e.Reason != "" {
		reason = e.Reason
	}
	return channel.Finding{Name: name, Reason: reason}
}

// TokenFindings tells how an account's token is, by Meta's own word where the
// token is this app's.
func (g *Graph) TokenFindings(ctx context.Context, acct channel.Account, scopes []channel.Scope) ([]channel.Finding, Token) {
	t, err := g.Inspect(ctx, acct.Secrets[channel.SecretToken])
	if err != nil {
		return []channel.Finding{Found("token", err)}, t
	}
	if !t.Valid {
		return []channel.Finding{{Name: "token", Reason: t.Reason}}, t
	}
	all := []channel.Finding{{Name: "token", OK: true}}
	missing, _ := Missing(scopes, t.Scopes)
	if len(missing) > 0 {
		return append(all, channel.Finding{Name: "permissions", Reason: "permission_missing", Detail: strings.Join(missing, ", ")}), t
	}
	return append(all, channel.Finding{Name: "permissions", OK: true}), t
}
