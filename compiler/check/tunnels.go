package check

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var badTunnelEnd = diag.Code{
	ID: "OBS240", Severity: diag.Error, Title: "not a host and a UDP port",
	Cause:   "WireGuard's Endpoint is a host, a colon and a port (wg(8)); an IPv6 address stands in brackets. 51820 is the usual port.",
	Example: `wireguard: endpoint: "vpn.example.net"`,
	Mend:    `wireguard: endpoint: "vpn.example.net:51820"`,
}

// tunnels checks where the sites' ends of tunnels send their packets.
func tunnels(t *topology.Topology) diag.List {
	var found diag.List
	for key, s := range topology.Sorted(t.Sites) {
		if s.WireGuard == nil || isHostPort(s.WireGuard.Endpoint) {
			continue
		}
		at := "sites." + key + ".wireguard.endpoint"
		d := badTunnelEnd.At(t.At(at), at, "%q is not a host and a port", s.WireGuard.Endpoint)
		if withPort := s.WireGuard.Endpoint + ":51820"; isHostPort(withPort) {
			d = d.WithHint("write %q, if that is the gateway's port", withPort)
		} else {
			d = d.WithHint(`write the gateway's public name or address and its port, such as "vpn.example.net:51820"`)
		}
		found = append(found, d)
	}
	return found
}

// isHostPort reports whether text is a name or an address, a colon and a port.
func isHostPort(text string) bool {
	if a, err := netip.ParseAddrPort(text); err == nil {
		return a.Port() > 0
	}
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return false
	}
	port, err := strconv.Atoi(text[i+1:])
	return err == nil && port > 0 && port < 65536 && isDomain(text[:i], 1)
}
