package whatsapp

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"parley/internal/channel"
	"parley/internal/channel/meta"
	"parley/internal/desk"
	"parley/internal/kit/secret"
)

// scopes is the manifest (1.4).
func scopes() []channel.Scope {
	return []channel.Scope{
		{Name: "whatsapp_business_management", Feature: "receive", Needed: true},
		{Name: "whatsapp_business_messaging", Feature: "send", Needed: true},
	}
}

func ways() []channel.Way {
	return []channel.Way{
		{ID: meta.LoginWhatsApp, Scopes: scopes()},
		{ID: meta.LoginPaste, Fields: []channel.Field{{Name: "system_user_token", Secret: true}, {Name: "phone_number_id"}, {Name: "waba_id"},
			{Name: "app_secret", Secret: true}}},
	}
}

// AuthURL is Embedded Signup as a redirect: its configuration says what is
// asked for. Without one the manifest is asked for by name, which lets a person
// share accounts they have, but not make new ones.
func (c *Channel) AuthURL(way, redirect, state string) (string, error) {
	if way != meta.LoginWhatsApp {
		return "", meta.Bad(desk.Invalid, "unknown_way")
	}
	return c.graph.DialogURL(redirect, state, c.graph.App.SignupConfig, scopes())
}

// Exchange offers the numbers of the business accounts that were granted. There
// is no list of a token's accounts but the one of its scopes (1.5).
func (c *Channel) Exchange(ctx context.Context, way, redirect, code string) ([]channel.Candidate, error) {
	if way != meta.LoginWhatsApp {
		return nil, meta.Bad(desk.Invalid, "unknown_way")
	}
	token, _, err := c.graph.ExchangeCode(ctx, redirect, code)
	if err != nil {
		return nil, err
	}
	t, err := c.graph.Inspect(ctx, token)
	if err == nil && t.Kind == "USER" { // without a configuration of Embedded Signup: it would live for hours
		if token, _, err = c.graph.LongLived(ctx, token); err == nil {
			t, err = c.graph.Inspect(ctx, token)
		}
	}
	if err != nil {
		return nil, err
	}
	missing, needed := meta.Missing(scopes(), t.Scopes)
	d := desk.AccountDetails{Login: meta.LoginWhatsApp, AppUser: t.User, Scopes: t.Scopes, TokenAt: t.Issued, TokenUntil: t.Until, AccessUntil: t.AccessUntil}
	accounts := slices.Concat(t.Targets["whatsapp_business_management"], t.Targets["whatsapp_business_messaging"])
	slices.Sort(accounts)
	var all []channel.Candidate
	for _, waba := range slices.Compact(accounts) {
		acct := channel.Account{Details: d, Secrets: map[string]secret.Text{channel.SecretToken: token}}
		acct.Details.WABA = waba
		numbers, err := c.numbers(ctx, acct)
		if err != nil {
			return nil, err
		}
		for _, one := range numbers {
			one.Missing = missing
			if needed {
				one.Blocked = "permission_missing"
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// number as Meta describes it.
type line struct {
	ID       meta.Str `json:"id"`
	Display  meta.Str `json:"display_phone_number"`
	Name     meta.Str `json:"verified_name"`
	Quality  meta.Str `json:"quality_rating"`
	Verified meta.Str `json:"code_verification_status"`
	NameIs   meta.Str `json:"name_status"`
	Status   meta.Str `json:"status"`
}

// lineFields are what is asked of a number (H-21…H-24).
const lineFields = "id,display_phone_number,verified_name,quality_rating,code_verification_status,name_status,status"

func (l line) describe(d desk.AccountDetails) desk.AccountDetails {
	d.PhoneNumberID, d.Phone, d.VerifiedName = l.ID.ID(), l.Display.Line(), l.Name.Line()
	d.Quality, d.PhoneVerified, d.DisplayName = l.Quality.Line(), l.Verified.Line(), l.Name.Line()
	return d
}

// numbers lists the numbers of one business account, each on offer by itself:
// nothing is connected that nobody ticked (H-59).
func (c *Channel) numbers(ctx context.Context, acct channel.Account) ([]channel.Candidate, error) {
	var a struct {
		Data meta.List `json:"data"`
	}
	r := meta.Request{Account: acct, Path: meta.Path(acct.Details.WABA, "phone_numbers"), Query: url.Values{"fields": {lineFields}}}
	if err := c.graph.Call(ctx, r, &a); err != nil {
		return nil, err
	}
	var all []channel.Candidate
	for _, l := range meta.All[line](a.Data) {
		if l.ID.ID() == "" {
			continue
		}
		name := l.Name.Line()
		if name == "" {
			name = l.Display.Line()
		}
		all = append(all, channel.Candidate{Kind: Name, OutsideID: l.ID.ID(), Name: name, Details: l.describe(acct.Details), Secrets: acct.Secrets})
	}
	return all, nil
}

// Check offers the number of a pasted token.
func (c *Channel) Check(ctx context.Context, way string, given map[string]secret.Text) ([]channel.Candidate, error) {
	token, number, waba := given["system_user_token"], given["phone_number_id"].Reveal(), given["waba_id"].Reveal()
	switch {
	case way != meta.LoginPaste:
		return nil, meta.Bad(desk.Invalid, "unknown_way")
	case token.IsZero() || number == "" || waba == "":
		return nil, meta.Bad(desk.Invalid, "field_missing")
	}
	acct := c.graph.Pasted(ctx, desk.AccountDetails{Login: meta.LoginWhatsApp, WABA: waba, PhoneNumberID: number}, token, given["app_secret"])
	numbers, err := c.numbers(ctx, acct)
	if err != nil {
		return nil, err
	}
	for _, one := range numbers {
		if one.OutsideID == number {
			return []channel.Candidate{one}, nil
		}
	}
	return nil, meta.Bad(desk.NotFound, "number_not_there")
}

// Subscription is the business account's, which its numbers share.
func (c *Channel) Subscription(acct channel.Account) string { return "waba:" + acct.Details.WABA }

// Subscribe turns deliveries of the number's business account on.
func (c *Channel) Subscribe(ctx context.Context, acct channel.Account) error {
	return c.graph.Subscribe(ctx, acct, acct.Details.WABA)
}

// Unsubscribe turns them off, for every number of the business account.
func (c *Channel) Unsubscribe(ctx context.Context, acct channel.Account) error {
	return c.graph.Unsubscribe(ctx, acct, acct.Details.WABA)
}

// Probe asks Meta how the number is.
func (c *Channel) Probe(ctx context.Context, acct channel.Account) (channel.Health, error) {
	h := channel.Health{Details: acct.Details}
	var l line
	err := c.graph.Call(ctx, meta.Request{Account: acct, Path: meta.Path(acct.OutsideID), Query: url.Values{"fields": {lineFields}}}, &l)
	h.Findings = append(h.Findings, meta.Found("reach", err))
	if err == nil {
		h.Details = l.describe(h.Details)
		h.Findings = append(h.Findings,
			state("number", l.Status, "CONNECTED", "not_registered"),
			state("quality", l.Quality, "GREEN YELLOW UNKNOWN NA", "quality_low"),
			state("name", l.NameIs, "APPROVED AVAILABLE_WITHOUT_REVIEW PENDING_REVIEW NONE", "name_unapproved"))
	}
	h = c.graph.ProbeToken(ctx, acct, scopes(), h)
	return c.graph.ProbeSubscription(ctx, acct, acct.Details.WABA, h), nil
}

// state is a finding about a word of Meta's; one that is not told is no fault.
func state(name string, is meta.Str, good, reason string) channel.Finding {
	f := channel.Finding{Name: name, OK: is == "" || slices.Contains(strings.Fields(good), is.Line()), Detail: is.Line()}
	if !f.OK {
		f.Reason = reason
	}
	return f
}

// Register brings the number into service (1.4); Meta allows ten tries in three
// days.
func (c *Channel) Register(ctx context.Context, acct channel.Account, pin secret.Text) error {
	if v := pin.Reveal(); len(v) != 6 || strings.Trim(v, "0123456789") != "" {
		return meta.Bad(desk.Invalid, "pin_wrong")
	}
	return c.graph.Call(ctx, meta.Request{Account: acct, Path: meta.Path(acct.OutsideID, "register"),
		JSON: map[string]any{"messaging_product": "whatsapp", "pin": pin.Reveal()}}, nil)
}
