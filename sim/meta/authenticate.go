package meta

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"
)

// authenticate finds the token and checks the proof. Endpoints that need no
// token check their own credentials. The lock is held.
func (c *call) authenticate() *fault {
	value, given := c.in.str("access_token"), bearer(c.r)
	if value == "" {
		value = given
	}
	proof := c.in.str("appsecret_proof")
	c.in.ignore("appsecret_time", "format", "pretty", "debug", "locale", "method")
	if value == "" || c.open() {
		return nil
	}
	if value == c.s.opt.AppID+"|"+c.s.opt.AppSecret {
		c.appTok = true
		return nil
	}
	t := c.s.tokens[value]
	if t == nil || (t.kind == "INSTAGRAM") != (c.host == "graph.instagram.com") {
		return c.tokenStatus(&fault{status: http.StatusBadRequest, code: 190, message: "Invalid OAuth access token - Cannot parse access token"})
	}
	if f := c.s.dead(t); f != nil {
		return c.tokenStatus(f)
	}
	if f := c.prove(value, proof); f != nil {
		return f
	}
	c.tok = t
	return nil
}

// open endpoints read access_token as their own argument.
func (c *call) open() bool {
	last := c.path[len(c.path)-1]
	return last == "access_token" || last == "refresh_access_token"
}

func (c *call) tokenStatus(f *fault) *fault {
	if c.host == "graph.instagram.com" {
		f.kind = "IGApiException"
	}
	if c.s.numbers[c.path[0]] != nil || c.s.wabas[c.path[0]] != nil || c.s.media[c.path[0]] != nil {
		f.status = http.StatusUnauthorized
	}
	return f
}

// Proof is appsecret_proof for a token.
func Proof(secret, token string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(token))
	return hex.EncodeToString(m.Sum(nil))
}

func (c *call) prove(value, proof string) *fault {
	secret := c.s.opt.AppSecret
	if c.host == "graph.instagram.com" {
		secret = c.s.opt.InstagramAppSecret
	}
	switch {
	case proof == "" && c.s.opt.RequireProof:
		return &fault{status: http.StatusBadRequest, code: 100, kind: "GraphMethodException", message: "API calls from the server require an appsecret_proof argument"}
	case proof != "" && proof != Proof(secret, value):
		return &fault{status: http.StatusBadRequest, code: 100, kind: "GraphMethodException", message: "Invalid appsecret_proof provided in the API argument"}
	}
	return nil
}

// needToken refuses a call without any.
func (c *call) needToken() *fault {
	if c.tok != nil {
		return nil
	}
	f := &fault{status: http.StatusBadRequest, code: 2500, message: "An active access token must be used to query information about the current user."}
	if c.path[0] != "me" {
		f = &fault{status: http.StatusBadRequest, code: 104, message: "An access token is required to request this resource."}
	}
	if c.s.numbers[c.path[0]] != nil || c.s.wabas[c.path[0]] != nil || c.s.media[c.path[0]] != nil {
		f = whatsappFault(0, "Authentication Error", "no access token")
	}
	return f
}

// needScope refuses a token without a permission.
func (c *call) needScope(scope string) *fault {
	if f := c.needToken(); f != nil {
		return f
	}
	if !c.tok.may(scope) {
		return refuse(http.StatusForbidden, 200, 0, "Requires %s permission to manage the object", scope)
	}
	return nil
}

func (c *call) usage(f *fault) {
	wait := time.Duration(0)
	if f != nil {
		wait = f.retryAfter
	}
	c.s.usageHeaders(c.header, c, f != nil && f.retryAfter > 0, wait)
	if f != nil && f.status == http.StatusTooManyRequests {
		c.header.Set("Retry-After", fmt.Sprint(int(max(wait.Seconds(), 1))))
	}
	if c.version != 0 {
		c.header.Set("Facebook-Api-Version", fmt.Sprintf("v%d.0", c.version))
	}
}

// useCase is the object and kind that a call counts for.
func (c *call) useCase() (id, kind string) {
	if len(c.path) == 0 {
		return "", ""
	}
	switch {
	case c.s.numbers[c.path[0]] != nil:
		return c.s.numbers[c.path[0]].WABA.ID, "whatsapp"
	case c.s.wabas[c.path[0]] != nil:
		return c.path[0], "whatsapp_business_management"
	case c.tok != nil && c.tok.page != nil:
		return c.tok.page.ID, "messenger"
	case c.tok != nil && c.tok.ig != nil:
		return c.tok.ig.ID, "instagram"
	}
	return "", ""
}
