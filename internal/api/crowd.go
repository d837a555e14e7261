package api

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"parley/internal/desk"
)

const (
	maxStreams = 12 // that one person, key or visitor holds open
	// maxFrom is how many one address holds open, of whomever: below what the
	// listener lets it connect, so that a crowd is told and the rest of its requests
	// get through, and the same behind a proxy, where no connection tells whose it is.
	maxFrom = 384
)

// streams counts the streams and waits that are open, per holder and address.
type streams struct {
	mu   sync.Mutex
	open map[string]int
}

// enter counts a stream of the caller until leave. Errors: desk.TooMany
// "too_many_streams".
func (a *API) enter(c *call, who string) (leave func(), err error) {
	keys := []string{who}
	if a.counted(c.addr) {
		keys = append(keys, "address "+c.addr)
	}
	return a.streams.enter(keys...)
}

// counted reports whether an address is of somebody outside: a proxy that does
// not say whom it carries stands for many, and this machine is its owner's.
func (a *API) counted(addr string) bool {
	if net, err := netip.ParsePrefix(addr); err == nil {
		return !net.Contains(netip.IPv6Loopback()) && !slices.ContainsFunc(a.Config.TrustedProxies, net.Overlaps)
	}
	ip, err := netip.ParseAddr(addr)
	return err == nil && !ip.IsLoopback() && !a.trusted(ip)
}

// enter counts a stream of a holder, and of an address where one is named.
func (s *streams) enter(keys ...string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, most := range []int{maxStreams, maxFrom}[:len(keys)] {
		if s.open[keys[i]] >= most {
			whose := []string{"you have", "your address has"}[i]
			return nil, desk.Fail(desk.TooMany, "too_many_streams", fmt.Sprintf("%s %d event streams open already; close one", whose, most))
		}
	}
	for _, k := range keys {
		s.open[k]++
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, k := range keys {
			if s.open[k]--; s.open[k] == 0 {
				delete(s.open, k)
			}
		}
	}, nil
}
