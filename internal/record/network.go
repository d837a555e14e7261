package record

import (
	"net/netip"
	"strings"
)

// Network is the part of an address that is kept: the first 24 bits, of IPv6 the
// first 48; "" for what is no address.
func Network(address string) string {
	bare, _, _ := strings.Cut(address, "/")
	ip, err := netip.ParseAddr(bare)
	if err != nil {
		return ""
	}
	ip = ip.Unmap().WithZone("")
	bits := 48
	if ip.Is4() {
		bits = 24
	}
	net, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return net.String()
}
