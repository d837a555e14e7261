package httpx

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Purpose says why calls of a rule leave the machine.
type Purpose string

// The purposes of architecture section 7.
const (
	// Subprocessor: a company on the register that works with personal data for
	// us. Rule.Ready holds the register's word.
	Subprocessor Purpose = "subprocessor"
	// Directed: an address that a workspace typed. Only public hosts, on the
	// usual ports.
	Directed Purpose = "directed"
	// Infrastructure: what the operator set up: mail, storage, sign-in.
	Infrastructure Purpose = "infrastructure"
)

// Limits where a rule says nothing.
const (
	defaultMax     = 1 << 20
	defaultTimeout = 10 * time.Second
)

// Rule is one line of the register.
type Rule struct {
	Name    string // what a Call names, e.g. "meta"
	Purpose Purpose
	// Hosts are public: "graph.facebook.com", or "*.fbcdn.net" for everything
	// below; https only. A Directed rule without any host means every public
	// one, there plain http is allowed too.
	Hosts []string
	// Private are hosts, with port where it is not the scheme's, that may be on
	// this machine or network and may speak plain http: stand-ins and hosts of
	// the operator's own network that the operator configured. An address that
	// somebody typed leads inside only there.
	Private []string
	// Sockets are hosts with port, or paths of Unix sockets, that Dial reaches and
	// that do not speak http, such as a mail server. The operator named them, so they may be inside.
	Sockets []string
	// Ready is asked before every call; its error is the refusal. nil = ready.
	Ready   func(context.Context) error
	Max     int64         // bytes of an answer; 0 = 1 MiB
	Timeout time.Duration // of a whole call; 0 = 10 s
}

// Add puts the host of a configured address into the rule: as a private one
// where the operator points at plain http, at this machine or at a private
// network.
func (r *Rule) Add(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return fmt.Errorf("httpx: %s: an address looks like https://host or http://127.0.0.1:8080", r.Name)
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if u.Scheme == "http" || u.Port() != "" || err == nil && !public(ip) || u.Hostname() == "localhost" {
		r.Private = append(r.Private, strings.ToLower(u.Host))
		return nil
	}
	r.Hosts = append(r.Hosts, strings.ToLower(u.Host))
	return nil
}

func (r *Rule) check() error {
	switch {
	case r.Name == "":
		return errors.New("httpx: a rule needs a name")
	case r.Purpose != Subprocessor && r.Purpose != Directed && r.Purpose != Infrastructure:
		return fmt.Errorf("httpx: rule %s: the purpose is subprocessor, directed or infrastructure", r.Name)
	case r.Purpose != Directed && len(r.Hosts)+len(r.Private)+len(r.Sockets) == 0:
		return fmt.Errorf("httpx: rule %s names no host", r.Name)
	}
	return nil
}

// admits decides about one address: whether it may be called, and whether its
// host is a private one.
func (r *Rule) admits(u *url.URL) (private bool, err error) {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return false, errors.New("only plain http and https addresses are called")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for _, p := range r.Private {
		if strings.ToLower(u.Host) == p {
			return true, nil
		}
	}
	if r.Purpose == Directed && len(r.Hosts) == 0 {
		if port := u.Port(); port != "" && port != "80" && port != "443" {
			return false, errors.New("only the ports 80 and 443 are called")
		}
		return false, typed(host)
	}
	if u.Scheme != "https" || u.Port() != "" && u.Port() != "443" {
		return false, errors.New("the register allows https only")
	}
	for _, h := range r.Hosts {
		below, star := strings.CutPrefix(h, "*")
		if host == h || star && strings.HasSuffix(host, below) && len(host) > len(below) {
			return false, nil
		}
	}
	return false, errors.New("the host is not in the register")
}

// typed refuses a host, in small letters, that no public website has, before
// anybody is asked for its address: what some resolvers take for a number, and
// names that mean something inside a network alone. What a name leads to is
// checked when it is dialled.
func typed(host string) error {
	if ip, err := netip.ParseAddr(host); err == nil {
		if !public(ip) {
			return errInside
		}
		return nil
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	for _, l := range labels {
		if l == "" || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return errors.New("this is no name of a host")
		}
	}
	if len(labels) == 1 || strings.ContainsAny(last[:1], "0123456789") || slices.Contains(local, last) {
		return errInside
	}
	return nil
}

// local are endings of names that no public host has.
var local = []string{"localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "home", "corp", "arpa", "onion", "invalid", "test", "example"}

// public reports whether an address is one of the public internet.
func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Zone() != "" {
		return false
	}
	for _, p := range inside {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.Is4() || global6.Contains(ip)
}

var global6 = netip.MustParsePrefix("2000::/3")

// inside are ranges that look public and are not: shared and test networks, and
// forms that carry another address within.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("168.63.129.16/32"), // a cloud's own door, at an address that looks public
}

// guard refuses an address when it is dialled.
func guard(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return errInside
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !public(ip) {
		return errInside
	}
	return nil
}

var errInside = errors.New("the address lies inside this network")
