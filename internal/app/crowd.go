package app

import (
	"net"
	"net/netip"
	"sync"
)

// maxOpen is how many connections one address may hold open, each of them a
// stream, a request or a wait: an office behind one address needs far fewer, and
// whoever opens more to hold them idle does not take them from anybody else.
const maxOpen = 512

// crowd is a listener that closes what one address opens beyond a limit, before
// a byte of it is read.
type crowd struct {
	net.Listener
	most int
	free func(netip.Addr) bool // whom nothing is counted of: proxies, and this machine

	mu   sync.Mutex
	open map[netip.Prefix]int
}

func newCrowd(l net.Listener, most int, free func(netip.Addr) bool) *crowd {
	return &crowd{Listener: l, most: most, free: free, open: map[netip.Prefix]int{}}
}

// unbounded are proxies, which carry many people, and what runs on this machine.
func unbounded(proxies []netip.Prefix) func(netip.Addr) bool {
	return func(a netip.Addr) bool {
		for _, p := range proxies {
			if p.Contains(a) {
				return true
			}
		}
		return a.IsLoopback()
	}
}

// Accept implements net.Listener.
func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, counted := c.from(conn)
		if !counted {
			return conn, nil
		}
		if c.enter(from) {
			return &guest{Conn: conn, leave: sync.OnceFunc(func() { c.leave(from) })}, nil
		}
		_ = conn.Close() // nothing was said on it
	}
}

// from is the network a connection counts for: an address, of IPv6 the /64 that
// one line has.
func (c *crowd) from(conn net.Conn) (netip.Prefix, bool) {
	at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return netip.Prefix{}, false // a socket of this machine
	}
	ip := at.Addr().Unmap().WithZone("")
	if c.free(ip) {
		return netip.Prefix{}, false
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, err := ip.Prefix(bits)
	return p, err == nil
}

func (c *crowd) enter(from netip.Prefix) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[from] >= c.most {
		return false
	}
	c.open[from]++
	return true
}

func (c *crowd) leave(from netip.Prefix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[from]--; c.open[from] <= 0 {
		delete(c.open, from)
	}
}

// guest is a connection that is counted until it is closed.
type guest struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}
