package truth

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// TestRandom: references resolve, the seed decides everything, and what was not broken on purpose
// keeps the rules that obslink's own programs keep.
func TestRandom(t *testing.T) {
	pairs, whole := 0, 0
	made := map[string]int{}
	for seed := range int64(400) {
		w := Random(seed)
		if again := Random(seed); w.String() != again.String() {
			t.Fatalf("seed %d makes two worlds:\n%s\n%s", seed, w, again)
		}
		rules := slices.Clone(manifest.Rules)
		if len(w.Broken) == 0 {
			whole++
		}
		for kind, is := range variety {
			if is(w) {
				made[kind]++
			}
		}
		for _, f := range manifest.Lint(w.Manifest, rules) {
			if f.Rule != "aws-zone-parent" {
				t.Errorf("seed %d: %s", seed, f)
			}
		}
		pairs += len(w.Pairs())
	}
	t.Logf("%d pairs in 400 worlds, %d of them whole; worlds that have %v", pairs, whole, made)
	for kind := range variety {
		if made[kind] < 8 {
			t.Errorf("%d of 400 worlds have %s", made[kind], kind)
		}
	}
	if pairs < 400*17 {
		t.Errorf("%d pairs in 400 worlds are too few", pairs)
	}
}

// variety are what worlds are to have, each in some of them.
var variety = map[string]func(*World) bool{
	"an existing endpoint":         func(w *World) bool { return len(w.Declared.Endpoints) > 0 },
	"an existing peering":          func(w *World) bool { return connected(w, plan.KindPeering) },
	"an existing VPN":              func(w *World) bool { return connected(w, plan.KindVPN) },
	"a VPN of the stack's own":     func(w *World) bool { return has(w, "VpnConnection", "vpnGatewayId", "") },
	"an existing uplink":           func(w *World) bool { return connected(w, plan.KindAttachment) },
	"WireGuard":                    func(w *World) bool { return connected(w, plan.KindWireGuard) },
	"an existing zone":             func(w *World) bool { return len(w.Declared.Zones) > 0 },
	"an existing resolver":         func(w *World) bool { return len(w.Declared.Resolvers) > 0 },
	"a service of another region":  func(w *World) bool { return has(w, "VpcEndpoint", "serviceRegion", "-") },
	"a service of AWS":             func(w *World) bool { return has(w, "VpcEndpoint", "serviceName", "amazonaws.us-east-1.s") },
	"a peering":                    func(w *World) bool { return has(w, "VpcPeeringConnection", "peerVpcId", "") },
	"a transit gateway":            func(w *World) bool { return has(w, "VpcAttachment", "vpcId", "") },
	"transit gateways that peer":   func(w *World) bool { return has(w, "PeeringAttachment", "peerTransitGatewayId", "") },
	"a zone of another account":    func(w *World) bool { return has(w, "VpcAssociationAuthorization", "vpcId", "") },
	"an Azure Monitor endpoint":    func(w *World) bool { return has(w, "PrivateEndpoint", "privateEndpointName", "") },
	"an endpoint of Azure Arc":     func(w *World) bool { return has(w, "PrivateEndpoint", "privateEndpointName", "arc") },
	"an endpoint to Datadog us3":   func(w *World) bool { return has(w, "PrivateEndpoint", "manualPrivateLinkServiceConnections", "") },
	"one scope, several endpoints": func(w *World) bool { return count(w, "PrivateEndpoint", "privateEndpointName", "logs") > 1 },
	"Azure Government":             func(w *World) bool { return has(w, "azure-native", "environment", "usgovernment") },
	"a VPN gateway of a VNet":      func(w *World) bool { return has(w, "VirtualNetworkGateway", "gatewayType", "Vpn") },
	"a VPN of Azure":               func(w *World) bool { return has(w, "VirtualNetworkGatewayConnection", "connectionType", "IPsec") },
	"VNets that are peered already": func(w *World) bool {
		return slices.ContainsFunc(w.Declared.Connections, func(c plan.Connection) bool { return c.Kind == plan.KindPeering && strings.HasPrefix(c.Name, "vnet") })
	},
	"VNets that peer":                func(w *World) bool { return has(w, "VirtualNetworkPeering", "remoteVirtualNetwork", "") },
	"a rule of Route 53 Resolver":    func(w *World) bool { return has(w, "ResolverRule", "domainName", "") },
	"an inbound Route 53 endpoint":   func(w *World) bool { return has(w, "ResolverEndpoint", "direction", "INBOUND") },
	"a network ACL of obslink's own": func(w *World) bool { return has(w, "NetworkAcl", "vpcId", "") },
}

func connected(w *World, kind string) bool {
	return slices.ContainsFunc(w.Declared.Connections, func(c plan.Connection) bool { return c.Kind == kind })
}

func has(w *World, token, input, text string) bool { return count(w, token, input, text) > 0 }

func count(w *World, token, input, text string) int {
	n := 0
	for _, r := range w.Manifest.Resources {
		if strings.HasSuffix(r.Type, ":"+token) && r.Has(input) && strings.Contains(fmt.Sprint(r.Inputs[input]), text) {
			n++
		}
	}
	return n
}
