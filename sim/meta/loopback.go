package meta

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// loopbackOnly is a client that cannot leave this machine: a simulator must
// never post a made-up event to somebody's server.
func loopbackOnly() *http.Client {
	d := &net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			MaxIdleConnsPerHost: 16,
			IdleConnTimeout:     time.Minute,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				host, port, err := net.SplitHostPort(addr)
				if err != nil {
					return nil, err
				}
				if !Loopback(host) {
					return nil, fmt.Errorf("meta: %s is not this machine; the simulator talks to loopback addresses only", host)
				}
				if host == "localhost" {
					host = "127.0.0.1"
				}
				return d.DialContext(ctx, network, net.JoinHostPort(host, port))
			},
		},
	}
}

// Loopback reports whether a host name or address is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
