package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"parley/internal/desk"
	"parley/internal/kit/clock"
	"parley/internal/kit/httpx"
	"parley/internal/kit/picture"
	"parley/internal/kit/secret"
)

// Issuer is an account provider that the operator configured.
type Issuer struct {
	Way    string // its name in addresses: google, oidc
	Name   string // what people read
	URL    string
	Client string
	Secret secret.Text
}

// Rule is the register's name for calls to an issuer.
func (i Issuer) Rule() string { return "signin." + i.Way }

// Limits of what is believed, and how long.
const (
	maxSubject  = 255 // by the specification
	maxEmail    = 254
	maxToken    = 32 << 10
	maxCode     = 4 << 10
	knownFor    = time.Hour // what an issuer says of itself
	ahead       = time.Minute
	defaultTime = 20 * time.Second
)

// Parts is what Outside is made of.
type Parts struct {
	Out     *httpx.Client
	Clock   clock.Clock
	Issuers []Issuer
	// Home is this install's address, without a slash at its end.
	Home  string
	Limit time.Duration // of one step; 0 = 20 s
}

// Outside asks the configured issuers.
type Outside struct {
	Parts
	mu    sync.Mutex
	known map[string]discovered

	drawer *picture.Redrawer
}

type discovered struct {
	p      *oidc.Provider
	saysIt bool // its answer names the issuer
	at     time.Time
}

// New makes an Outside; it calls nobody yet.
func New(p Parts) *Outside {
	if p.Limit <= 0 {
		p.Limit = defaultTime
	}
	return &Outside{Parts: p, known: map[string]discovered{}, drawer: picture.NewRedrawer(drawMemory)}
}

// Trip is one sign-in on its way. Each value is a secret of this sign-in alone.
type Trip struct {
	Way      string
	State    string
	Nonce    string
	Verifier string // of PKCE
	// Since asks for a proof and not for a sign-in: the person has to show the
	// issuer who they are after this moment. Zero = a session there is enough.
	Since time.Time
}

// Person is who the issuer says somebody is.
type Person struct {
	Issuer, Subject string // together their key: an address may change its owner
	Email           string
	Verified        bool // the issuer says that the address is theirs
	Name            string
	Picture         string // where their picture is, as the issuer says; nobody looked there yet
}

// Ways lists the issuers, without their secrets.
func (o *Outside) Ways() []Issuer {
	all := make([]Issuer, 0, len(o.Issuers))
	for _, i := range o.Issuers {
		i.Secret = secret.Text{}
		all = append(all, i)
	}
	return all
}

func (o *Outside) issuer(way string) (Issuer, error) {
	for _, i := range o.Issuers {
		if i.Way == way {
			return i, nil
		}
	}
	return Issuer{}, desk.Fail(desk.NotFound, "way_unknown", "this install has no such way to sign in")
}

// refused says that the issuer's word does not hold. at is the step; a provider's
// own words are not repeated: they may hold a token.
func refused(at string) error {
	return desk.Fail(desk.Forbidden, "outside_refused", "the account provider's answer cannot be trusted ("+at+"); begin again")
}

func unreachable() error {
	return desk.Fail(desk.Unavailable, "outside_unreachable", "the account provider does not answer at this moment; try again, or sign in another way")
}

// failed tells a provider that does not answer from one whose answer is wrong.
func failed(ctx context.Context, err error, at string) error {
	var e *httpx.Error
	if errors.As(err, &e) && e.Kind != httpx.Refused && e.Kind != httpx.TooLarge || ctx.Err() != nil {
		return unreachable()
	}
	return refused(at)
}

// provider is what an issuer says of itself, asked for once an hour.
func (o *Outside) provider(ctx context.Context, i Issuer) (discovered, error) {
	o.mu.Lock()
	d, ok := o.known[i.Way]
	o.mu.Unlock()
	if ok && o.Clock.Now().Sub(d.at) < knownFor {
		return d, nil
	}
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, o.Out.Plain(i.Rule())), i.URL)
	if err != nil {
		return d, failed(ctx, err, "discovery")
	}
	var more struct {
		Says bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := p.Claims(&more); err != nil || !safe(p.Endpoint().AuthURL, i.URL) {
		return d, refused("discovery")
	}
	d = discovered{p, more.Says, o.Clock.Now()}
	o.mu.Lock()
	o.known[i.Way] = d
	o.mu.Unlock()
	return d, nil
}

// safe: a browser is sent to https, or to the very host that the operator named.
func safe(to, issuer string) bool {
	t, e1 := url.Parse(to)
	i, e2 := url.Parse(issuer)
	return e1 == nil && e2 == nil && t.Hostname() != "" && t.User == nil && (t.Scheme == "https" || t.Scheme == i.Scheme && t.Host == i.Host)
}

// Return is the address of ours a provider sends the browser back to. Each issuer
// has its own, so that one's answer is never taken for another's.
func (o *Outside) Return(way string) string { return o.Home + "/sign-in/" + way }

func (o *Outside) client(i Issuer, p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: i.Client, ClientSecret: i.Secret.Reveal(), Endpoint: p.Endpoint(), RedirectURL: o.Return(i.Way),
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
}

// Ask is where the browser goes to sign in. Errors: desk.NotFound "way_unknown",
// desk.Unavailable "outside_unreachable", desk.Forbidden "outside_refused".
func (o *Outside) Ask(ctx context.Context, t Trip) (string, error) {
	i, err := o.issuer(t.Way)
	if err != nil {
		return "", err
	}
	ctx, cancel := clock.WithTimeout(ctx, o.Clock, o.Limit)
	defer cancel()
	d, err := o.provider(ctx, i)
	if err != nil {
		return "", err
	}
	ask := []oauth2.AuthCodeOption{oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier), oauth2.SetAuthURLParam("prompt", "select_account")}
	if !t.Since.IsZero() {
		ask = append(ask, oauth2.SetAuthURLParam("prompt", i.again()), oauth2.SetAuthURLParam("max_age", "0"),
			oauth2.SetAuthURLParam("claims", `{"id_token":{"auth_time":{"essential":true}}}`))
	}
	return o.client(i, d.p).AuthCodeURL(t.State, ask...), nil
}

// google is the issuer of Google accounts.
const google = "https://accounts.google.com"

// again is the prompt by which an issuer asks somebody who has a session there to
// prove once more who they are. Google lists no such value; its auth_time says
// whether it asked.
func (i Issuer) again() string {
	if i.URL == google {
		return "select_account"
	}
	return "login"
}

// proved holds a token to the moment its owner proved who they are; what does not
// say when proves nothing.
func (o *Outside) proved(t Trip, at json.RawMessage) error {
	if t.Since.IsZero() {
		return nil
	}
	var when float64
	if err := json.Unmarshal(at, &when); err != nil || when <= 0 {
		return desk.Fail(desk.Forbidden, "outside_unproved", "the account provider does not say when you proved who you are; sign out and in again, or add a passkey or a password")
	}
	if when < float64(t.Since.Add(-ahead).Unix()) || when > float64(o.Clock.Now().Add(ahead).Unix()) {
		return desk.Fail(desk.Forbidden, "outside_stale", "the account provider did not ask you once more who you are; sign out there and try again, or sign out and in again here")
	}
	return nil
}

// Answer is what the browser brought back.
type Answer struct {
	Code   string
	Issuer string // "" = the answer did not say
}

// Who spends the code and says who came. Errors as Ask; of a trip with Since also
// desk.Forbidden "outside_unproved" and "outside_stale".
func (o *Outside) Who(ctx context.Context, t Trip, a Answer) (Person, error) {
	i, err := o.issuer(t.Way)
	if err != nil {
		return Person{}, err
	}
	ctx, cancel := clock.WithTimeout(ctx, o.Clock, o.Limit)
	defer cancel()
	d, err := o.provider(ctx, i)
	if err != nil {
		return Person{}, err
	}
	if a.Issuer != i.URL && (a.Issuer != "" || d.saysIt) {
		return Person{}, refused("answer of another provider")
	}
	if a.Code == "" || len(a.Code) > maxCode {
		return Person{}, refused("code")
	}
	ctx = oidc.ClientContext(ctx, o.Out.Plain(i.Rule()))
	tokens, err := o.client(i, d.p).Exchange(ctx, a.Code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return Person{}, failed(ctx, err, "token")
	}
	raw, _ := tokens.Extra("id_token").(string)
	if raw == "" || len(raw) > maxToken {
		return Person{}, refused("no identity")
	}
	p, err := o.read(ctx, d.p, i, raw)
	if err != nil {
		return Person{}, err
	}
	if !secret.Equal(p.nonce, t.Nonce) {
		return Person{}, refused("nonce")
	}
	if err := o.proved(t, p.authTime); err != nil {
		return Person{}, err
	}
	if p.Email == "" {
		if err := o.ask(ctx, d.p, tokens, &p.Person); err != nil {
			return Person{}, err
		}
	}
	return p.Person, nil
}

// said is a person with what their token is held to beyond the library's checks.
type said struct {
	Person
	nonce    string
	authTime json.RawMessage // when they last proved who they are; nil = it does not say
}

// read checks a token's signature and claims.
func (o *Outside) read(ctx context.Context, p *oidc.Provider, i Issuer, raw string) (said, error) {
	v := p.VerifierContext(ctx, &oidc.Config{ClientID: i.Client, Now: o.Clock.Now,
		SupportedSigningAlgs: []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}})
	token, err := v.Verify(ctx, raw)
	if err != nil {
		return said{}, failed(ctx, err, "identity")
	}
	var c struct {
		Azp      string          `json:"azp"`
		Nbf      float64         `json:"nbf"`
		Email    string          `json:"email"`
		Verified json.RawMessage `json:"email_verified"`
		Name     string          `json:"name"`
		Picture  json.RawMessage `json:"picture"`
		AuthTime json.RawMessage `json:"auth_time"`
	}
	if err := token.Claims(&c); err != nil {
		return said{}, refused("claims")
	}
	soon := o.Clock.Now().Add(ahead)
	switch {
	case token.Subject == "" || len(token.Subject) > maxSubject:
		return said{}, refused("subject")
	case len(token.Audience) > 1 && c.Azp == "", c.Azp != "" && c.Azp != i.Client:
		return said{}, refused("client")
	case token.IssuedAt.After(soon), c.Nbf > float64(soon.Unix()):
		return said{}, refused("not yet")
	case token.Nonce == "":
		return said{}, refused("nonce")
	}
	out := said{Person: Person{Issuer: i.URL, Subject: token.Subject, Name: c.Name, Picture: address(c.Picture)}, nonce: token.Nonce, authTime: c.AuthTime}
	out.address(c.Email, string(c.Verified))
	return out, nil
}

// address takes an e-mail address; verified is the raw claim, of which only the
// word true counts.
func (p *Person) address(email, verified string) {
	if email = strings.TrimSpace(email); len(email) <= maxEmail {
		p.Email, p.Verified = email, email != "" && verified == "true"
	}
}

// ask reads the address where the token has none: some issuers say it only there.
func (o *Outside) ask(ctx context.Context, p *oidc.Provider, tokens *oauth2.Token, who *Person) error {
	if p.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return failed(ctx, err, "person")
	}
	var c struct {
		Verified json.RawMessage `json:"email_verified"`
		Name     string          `json:"name"`
		Picture  json.RawMessage `json:"picture"`
	}
	if err := info.Claims(&c); err != nil || info.Subject != who.Subject {
		return refused("person")
	}
	if who.Name == "" {
		who.Name = c.Name
	}
	if who.Picture == "" {
		who.Picture = address(c.Picture)
	}
	who.address(info.Email, string(c.Verified))
	return nil
}
