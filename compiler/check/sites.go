package check

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"regexp"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badAgentVersion = diag.Code{
		ID: "OBS215", Severity: diag.Error, Title: "not a Datadog Agent version",
		Cause:   "The Agent asks for <major>-<minor>-<patch>-app.agent.<site>, so the version must have three numbers.",
		Example: `agentVersions: ["7.70"]`,
		Mend:    `agentVersions: ["7.70.1"]`,
	}
	badWireGuardKey = diag.Code{
		ID: "OBS216", Severity: diag.Error, Title: "not a WireGuard public key",
		Cause:   "A WireGuard key is 32 bytes in base64: 44 characters, the last of them `=`.",
		Example: `publicKey: "abc"`,
		Mend:    `publicKey: "the output of: wg pubkey < private.key"`,
	}
	badGateway = diag.Code{
		ID: "OBS217", Severity: diag.Error, Title: "the gateway's address is not in its network",
		Cause:   "The gateway is a host of the network that the tunnel ends in; its private address lies in one of the network's CIDRs.",
		Example: `wireguard: {network: "japan", gateway: existing: "10.9.9.9"}`,
		Mend:    `wireguard: {network: "japan", gateway: existing: "192.168.2.4"}`,
	}
)

var agentVersion = regexp.MustCompile(`^\d+\.\d+\.\d+$`)

// sites checks the values that only sites have.
func sites(t *topology.Topology) diag.List {
	var found diag.List
	for key, s := range topology.Sorted(t.Sites) {
		path := "sites." + key
		for i, v := range s.AgentVersions {
			if !agentVersion.MatchString(v) {
				at := fmt.Sprintf("%s.agentVersions[%d]", path, i)
				found = append(found, badAgentVersion.At(t.At(at), at, "%q is not an Agent version", v).WithHint(`write three numbers, such as "7.70.1"`))
			}
		}
		if s.WireGuard != nil {
			found = append(found, wireGuard(t, path+".wireguard", s.WireGuard)...)
		}
		if u := s.Existing; u != nil && u.SNAT != "" {
			found = append(found, gatewayAddress(t, path+".existing.snat", u.SNAT, u.Network)...)
		}
	}
	return found
}

func wireGuard(t *topology.Topology, path string, w *topology.WireGuard) diag.List {
	var found diag.List
	if raw, err := base64.StdEncoding.DecodeString(w.PublicKey); err != nil || len(raw) != 32 {
		// The value is not repeated: it may be a private key in the wrong place.
		found = append(found, badWireGuardKey.At(t.At(path+".publicKey"), path+".publicKey", "publicKey is not a WireGuard key (44 characters of base64)").
			WithHint("paste the output of `wg pubkey`"))
	}
	if w.PeerAddress != "" && !isPublic(w.PeerAddress) {
		at := path + ".peerAddress"
		found = append(found, badDevice.At(t.At(at), at, "%q is not a public IPv4 address", w.PeerAddress).
			WithHint("write the address that the site has in the internet"))
	}
	return append(found, gatewayAddress(t, path+".gateway.existing", w.Gateway.Existing, w.Network)...)
}

// gatewayAddress checks an address that a host of a network must have.
func gatewayAddress(t *topology.Topology, at, value, network string) diag.List {
	a, err := netip.ParseAddr(value)
	n := t.Networks[network]
	switch {
	case network == "":
		return diag.List{badGateway.At(t.At(at), at, "a site at a transit gateway is not hidden behind %q", value).WithHint("remove snat")}
	case n == nil:
		return nil
	case err != nil:
		return diag.List{badGateway.At(t.At(at), at, "%q is not an address", value).WithHint("write the gateway's private IPv4 address")}
	}
	for _, v := range n.CIDRs {
		if p, err := netip.ParsePrefix(v); err == nil && p.Contains(a) {
			return nil
		}
	}
	return diag.List{badGateway.At(t.At(at), at, "%s is not in network %q", a, network).
		WithNote(t.At("networks."+network+".cidrs"), "the network's CIDRs").
		WithHint("write the gateway's private address in %q", network)}
}
