package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"parley/internal/desk"
	"parley/internal/kit/secret"
	"parley/internal/member"
)

// Names of the session cookie. A __Host- cookie is dropped by browsers on plain
// http, so a loopback install has one of its own name.
const (
	cookieSecure = "__Host-session"
	cookieLocal  = "session"
)

// arrived gathers what is known about a caller before any check.
func (a *API) arrived(w http.ResponseWriter, r *http.Request) *call {
	addr, https := a.origin(r)
	c := &call{addr: addr, https: https, header: w.Header(), agent: r.UserAgent(), host: strings.ToLower(r.Host), ws: a.Store.In(0)}
	c.local = !https && loopbackHost(r.Host)
	c.locale = language(c, r)
	return c
}

// origin is the caller's address and whether the way to us was encrypted; what
// a proxy says counts only when the proxy is trusted. An IPv6 caller is their
// network of 64 bits, which is what one person has.
func (a *API) origin(r *http.Request) (addr string, https bool) {
	https = r.TLS != nil
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "unknown", https
	}
	ip := remote.Addr().Unmap()
	if a.trusted(ip) {
		https = https || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			if ip = hop.Unmap(); !a.trusted(ip) {
				break
			}
		}
	}
	if ip.Is6() {
		if net, err := ip.WithZone("").Prefix(64); err == nil {
			return net.String(), https
		}
	}
	return ip.String(), https
}

func (a *API) trusted(ip netip.Addr) bool {
	for _, p := range a.Config.TrustedProxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// loopbackHost reports whether the browser's address bar names this machine.
func loopbackHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if strings.EqualFold(name, "localhost") || strings.HasSuffix(strings.ToLower(name), ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && ip.IsLoopback()
}

// identify finds out who calls: a key in the Authorization header, or the
// session cookie, whose writes must come from our own pages.
func (a *API) identify(c *call, r *http.Request) error {
	open := a.Members.Session
	if header := r.Header.Get("Authorization"); header != "" {
		token, ok := strings.CutPrefix(header, "Bearer ")
		if !ok {
			return desk.Fail(desk.Unauthenticated, "credentials", "send Authorization: Bearer and an API key")
		}
		c.token, open = token, a.Members.Key
	} else {
		if c.token = sessionCookie(c, r); c.token == "" {
			return desk.Fail(desk.Unauthenticated, "signed_out", "sign in, or send an API key")
		}
		if err := a.sameSite(r, true); err != nil {
			return err
		}
	}
	if err := a.limits.take(limitToken, string(secret.Hash(c.token))); err != nil {
		return err
	}
	who, err := open(r.Context(), c.token)
	c.Who = who
	if desk.CodeOf(err) == desk.Unauthenticated {
		if slow := a.limits.take(limitBad, "address "+c.addr); slow != nil {
			return slow
		}
		return err
	}
	if err != nil {
		return err
	}
	c.ws = a.Store.In(c.Workspace.ID)
	c.locale = language(c, r)
	return nil
}

func sessionCookie(c *call, r *http.Request) string {
	name := cookieSecure
	if !c.https {
		if !c.local {
			return ""
		}
		name = cookieLocal
	}
	if cookie, err := r.Cookie(name); err == nil {
		return cookie.Value
	}
	return ""
}

// sameSite refuses a write that another site's page caused. With a cookie one
// of the two headers that every browser sends must be there (strict).
func (a *API) sameSite(r *http.Request, strict bool) error {
	foreign := desk.Fail(desk.Forbidden, "cross_site", "a page of another site asked for this")
	if err := a.cross.Check(r); err != nil {
		return foreign
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		if strict && elsewhere(r.Header) {
			return foreign
		}
		return nil
	}
	if strict && r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return desk.Fail(desk.Forbidden, "cross_site", "a browser says where a write comes from; programs use an API key")
	}
	return nil
}

// elsewhere reports whether a page of another site loads something into itself: a
// picture, a frame, a script. Opening a link of another site is no such thing.
func elsewhere(h http.Header) bool {
	switch h.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return h.Get("Sec-Fetch-Mode") != "navigate" || h.Get("Sec-Fetch-Dest") != "document"
	}
	return false
}

// setCookie opens or (token "") ends the browser's session.
func (c *call) setCookie(token string, maxAge int) {
	cookie := http.Cookie{Name: cookieSecure, Value: token, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if !c.https {
		cookie.Name, cookie.Secure = cookieLocal, false
	}
	c.header.Add("Set-Cookie", cookie.String())
}

// again identifies a caller of an open stream once more, without counting it as
// something they did.
func (c *call) again(ctx context.Context, a *API) (member.Who, error) {
	if c.Actor.Kind == desk.ByKey {
		return a.Members.Key(ctx, c.token)
	}
	return a.Members.Still(ctx, c.token)
}
