// Package peer finds the source of a connection, bounds how many requests of a source are under way, and slows down
// sources whose logins fail.
//
// The decision you could not guess: sources are slowed down, never locked, and names not at all: a lock on a name would
// let strangers shut an office out.
package peer

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Source returns the network address a request came from, the zero Addr where there is none. X-Forwarded-For is
// believed only as far as proxies wrote it: the last address that is not one of them.
func Source(r *http.Request, proxies []netip.Prefix) netip.Addr {
	addr := Neighbour(r)
	if len(proxies) == 0 || !addr.IsValid() {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && Within(addr, proxies); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return addr
		}
		addr = hop.Unmap().WithZone("") // a zone is free text of whoever wrote the header
	}
	return addr
}

// Neighbour returns the address of the connection itself, which may be a proxy's.
func Neighbour(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// Within reports whether an address is in one of the networks.
func Within(a netip.Addr, networks []netip.Prefix) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}
