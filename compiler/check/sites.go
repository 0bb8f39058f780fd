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
	n := t.Networks[w.Network]
	if n == nil {
		return found
	}
	at := path + ".gateway.existing"
	a, err := netip.ParseAddr(w.Gateway.Existing)
	if err != nil {
		return append(found, badGateway.At(t.At(at), at, "%q is not an address", w.Gateway.Existing).WithHint("write the gateway's private IPv4 address"))
	}
	for _, v := range n.CIDRs {
		if p, err := netip.ParsePrefix(v); err == nil && p.Contains(a) {
			return found
		}
	}
	return append(found, badGateway.At(t.At(at), at, "%s is not in network %q", a, w.Network).
		WithNote(t.At("networks."+w.Network+".cidrs"), "the network's CIDRs").
		WithHint("write the gateway's private address in %q", w.Network))
}
