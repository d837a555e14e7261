package meta

import (
	"net/http"
	"strings"
	"time"
)

// facebookToken is GET /oauth/access_token: a code or a short-lived token for a
// longer one, or the app's own token (reference 1.2, 1.4).
func (c *call) facebookToken() (obj, *fault) {
	s, in := c.s, c.in
	id := in.need("client_id")
	secret := in.need("client_secret")
	grant := in.str("grant_type")
	if in.first != nil {
		return nil, in.first
	}
	if id != s.opt.AppID || secret != s.opt.AppSecret {
		return nil, &fault{status: http.StatusBadRequest, code: 1, message: "Error validating client secret."}
	}
	switch grant {
	case "client_credentials":
		return o("access_token", s.opt.AppID+"|"+s.opt.AppSecret, "token_type", "bearer"), c.done()
	case "fb_exchange_token":
		return c.lengthen()
	case "", "authorization_code":
	default:
		return nil, invalid("Unsupported grant_type %s", grant)
	}
	value, redirect := in.need("code"), in.str("redirect_uri")
	if f := c.done(); f != nil {
		return nil, f
	}
	k := s.codes[value]
	switch {
	case k == nil || k.ig != nil:
		return nil, &fault{status: http.StatusBadRequest, code: 100, message: "Invalid verification code format."}
	case s.clk.Now().After(k.ends):
		delete(s.codes, value)
		return nil, &fault{status: http.StatusBadRequest, code: 100, sub: 36007, message: "This authorization code has expired."}
	case redirect != k.redirect && (!k.signup || redirect != ""):
		return nil, &fault{status: http.StatusBadRequest, code: 100, sub: 36008, message: "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"}
	}
	delete(s.codes, value)
	if k.signup {
		t := s.mint(&token{kind: "SYSTEM_USER", person: k.person, waba: k.waba, scopes: k.scopes, long: true, ends: s.clk.Now().Add(longLife)})
		return tokenAnswer(t, s.clk.Now()), nil
	}
	t := s.mint(&token{kind: "USER", person: k.person, scopes: k.scopes, targets: k.targets, ends: s.clk.Now().Add(shortLife)})
	return tokenAnswer(t, s.clk.Now()), nil
}

func tokenAnswer(t *token, now time.Time) obj {
	return o("access_token", t.value, "token_type", "bearer", "expires_in", when(!t.ends.IsZero(), int64(t.ends.Sub(now).Seconds())))
}

// lengthen gives a long-lived user token for a living one.
func (c *call) lengthen() (obj, *fault) {
	t := c.s.tokens[c.in.need("fb_exchange_token")]
	if f := c.done(); f != nil {
		return nil, f
	}
	if t == nil || t.kind != "USER" {
		return nil, &fault{status: http.StatusBadRequest, code: 190, message: "Invalid OAuth access token - Cannot parse access token"}
	}
	if f := c.s.dead(t); f != nil {
		return nil, f
	}
	long := c.s.mint(&token{kind: "USER", person: t.person, scopes: t.scopes, targets: t.targets, long: true, ends: c.s.clk.Now().Add(longLife)})
	return tokenAnswer(long, c.s.clk.Now()), nil
}

// instagramCode is POST api.instagram.com/oauth/access_token (reference 1.3).
func (c *call) instagramCode() (obj, *fault) {
	s, in := c.s, c.in
	id, secret := in.need("client_id"), in.need("client_secret")
	in.oneOf("grant_type", "authorization_code")
	redirect, value := in.need("redirect_uri"), in.need("code")
	if f := c.done(); f != nil {
		return nil, &fault{status: http.StatusBadRequest, message: strings.TrimPrefix(f.message, "(#100) ")}
	}
	k := s.codes[value]
	switch {
	case id != s.opt.InstagramAppID || secret != s.opt.InstagramAppSecret:
		return nil, &fault{status: http.StatusBadRequest, message: "Invalid platform app"}
	case k == nil || k.ig == nil || s.clk.Now().After(k.ends):
		return nil, &fault{status: http.StatusBadRequest, message: "Matching code was not found or was already used"}
	case redirect != k.redirect:
		return nil, &fault{status: http.StatusBadRequest, message: "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"}
	}
	delete(s.codes, value)
	t := s.mint(&token{kind: "INSTAGRAM", person: k.person, ig: k.ig, scopes: k.scopes, ends: s.clk.Now().Add(instagramLife)})
	return o("data", []any{o("access_token", t.value, "user_id", k.ig.ID, "permissions", strings.Join(k.scopes, ","))}), nil
}

// instagramExchange is GET graph.instagram.com/access_token.
func (c *call) instagramExchange() (obj, *fault) {
	if !c.get() {
		return nil, unsupportedMethod()
	}
	c.in.oneOf("grant_type", "ig_exchange_token")
	secret := c.in.need("client_secret")
	t, f := c.instagramToken()
	if f != nil {
		return nil, f
	}
	if secret != c.s.opt.InstagramAppSecret {
		return nil, &fault{status: http.StatusBadRequest, code: 101, kind: "IGApiException", message: "Error validating application. Invalid client secret."}
	}
	if t.long {
		return nil, &fault{status: http.StatusBadRequest, code: 452, kind: "IGApiException", message: "Session key invalid. This could be because the token is not short-lived."}
	}
	long := c.s.mint(&token{kind: "INSTAGRAM", person: t.person, ig: t.ig, scopes: t.scopes, long: true, ends: c.s.clk.Now().Add(longLife)})
	return tokenAnswer(long, c.s.clk.Now()), nil
}

// instagramRefresh is GET graph.instagram.com/refresh_access_token: another
// sixty days, for a token that is at least a day old. The string may stay the
// same, so it does every other time.
func (c *call) instagramRefresh() (obj, *fault) {
	if !c.get() {
		return nil, unsupportedMethod()
	}
	c.in.oneOf("grant_type", "ig_refresh_token")
	t, f := c.instagramToken()
	if f != nil {
		return nil, f
	}
	now := c.s.clk.Now()
	born := t.made
	if t.refreshed.After(born) {
		born = t.refreshed
	}
	switch {
	case !t.long:
		return nil, &fault{status: http.StatusBadRequest, code: 452, kind: "IGApiException", message: "Only a long-lived token can be refreshed."}
	case now.Sub(born) < refreshAge:
		return nil, &fault{status: http.StatusBadRequest, code: 100, kind: "IGApiException", message: "(#100) The token is younger than 24 hours and cannot be refreshed yet."}
	case !t.may("instagram_business_basic"):
		return nil, refuse(http.StatusForbidden, 10, 0, "Application does not have permission for this action")
	}
	if t.refreshed.IsZero() {
		t.refreshed, t.ends = now, now.Add(longLife)
		return tokenAnswer(t, now), nil
	}
	again := c.s.mint(&token{kind: "INSTAGRAM", person: t.person, ig: t.ig, scopes: t.scopes, long: true, ends: now.Add(longLife)})
	again.refreshed = now
	return tokenAnswer(again, now), nil
}

// instagramToken reads the token that an exchange is about.
func (c *call) instagramToken() (*token, *fault) {
	value := or(c.in.str("access_token"), bearer(c.r))
	if value == "" {
		c.in.need("access_token")
	}
	if f := c.done(); f != nil {
		return nil, f
	}
	t := c.s.tokens[value]
	if t == nil || t.kind != "INSTAGRAM" {
		return nil, &fault{status: http.StatusBadRequest, code: 190, kind: "IGApiException", message: "Invalid OAuth access token - Cannot parse access token"}
	}
	if f := c.s.dead(t); f != nil {
		f.kind = "IGApiException"
		return nil, f
	}
	return t, nil
}
