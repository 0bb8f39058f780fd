package program

import (
	"net/netip"
	"path"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// assumeVNet expects a VNet with the halves of the peerings that links name. Those that the plan makes may
// be there or not.
func assumeVNet(v azure.ExistingVNet) manifest.Assumption {
	expected := map[string]any{"name": v.Name, "location": v.Location, "addressSpace": addressSpace(v.CIDRs)}
	var halves []any
	for _, h := range v.Halves {
		if h.Made {
			continue
		}
		half := map[string]any{
			"remoteVirtualNetwork": map[string]any{"id": h.Remote}, "remoteAddressSpace": addressSpace(h.CIDRs),
			"peeringState": "Connected", "peeringSyncLevel": "FullyInSync", "allowVirtualNetworkAccess": true,
		}
		if h.Name != "" {
			half["name"] = h.Name
		}
		if h.Offers {
			half["allowGatewayTransit"] = true
		}
		if h.Uses {
			half["useRemoteGateways"] = true
		}
		halves = append(halves, half)
	}
	if len(halves) > 0 {
		expected["virtualNetworkPeerings"] = halves
	}
	return assume("azure-native:network:getVirtualNetwork", v.Provider, v.Origin,
		map[string]any{"resourceGroupName": v.ResourceGroup, "virtualNetworkName": v.Name}, expected)
}

func addressSpace(cidrs []netip.Prefix) map[string]any {
	prefixes := make([]any, len(cidrs))
	for i, cidr := range cidrs {
		prefixes[i] = cidr.String()
	}
	return map[string]any{"addressPrefixes": prefixes}
}

// judgeHalf compares the half of a peering with what is there: a VNet has one to each other VNet.
func judgeHalf(vnet string, h azure.ExistingHalf, all []network.VirtualNetworkPeeringResponse) diag.List {
	remote := path.Base(h.Remote)
	for _, half := range all {
		if half.RemoteVirtualNetwork == nil || !strings.EqualFold(half.RemoteVirtualNetwork.Id, h.Remote) {
			continue
		}
		switch name := value(half.Name); {
		case h.Made && strings.EqualFold(name, h.Name):
			return nil
		case h.Made:
			return diag.List{differs(h.Origin, "%s is peered with VNet %q already: %q", vnet, remote, name).WithHint("write existing: %q", value(half.Id))}
		case h.Name != "" && !strings.EqualFold(name, h.Name):
			return diag.List{differs(h.Origin, "the peering of %s with VNet %q is %q, the topology says %q", vnet, remote, name, h.Name).WithHint("write existing: %q", value(half.Id))}
		}
		return judgePeering(vnet, remote, h, half)
	}
	if h.Made {
		return nil
	}
	return diag.List{differs(h.Origin, "%s has no peering with VNet %q", vnet, remote).WithHint("remove existing to have both halves created, or have the VNet's owner add its half")}
}

// judgePeering compares an existing half with what the links need of it. A half that says nothing of a
// thing is as the API has it by default: open, and with no gateway shared.
func judgePeering(vnet, remote string, h azure.ExistingHalf, half network.VirtualNetworkPeeringResponse) diag.List {
	var found diag.List
	what := vnet + " with VNet \"" + remote + "\""
	set := "az network vnet peering update --ids " + value(half.Id) + " --set "
	if state := value(half.PeeringState); state != "Connected" {
		found = append(found, differs(h.Origin, "the peering of %s is %q, not Connected", what, state).
			WithHint("both halves must be there: add the other one, or delete this one and remove existing to have both created"))
	}
	var says []string
	if space := half.RemoteAddressSpace; space != nil {
		says = space.AddressPrefixes
	}
	if level, has, want := value(half.PeeringSyncLevel), register.Quoted(says), register.QuotedPrefixes(h.CIDRs); level != "FullyInSync" || has != want {
		found = append(found, differs(h.Origin, "the peering of %s is %q and leads to %s, not in sync with %s", what, level, has, want).
			WithHint("az network vnet peering sync --ids %s", value(half.Id)))
	}
	if open := half.AllowVirtualNetworkAccess; open != nil && !*open {
		found = append(found, differs(h.Origin, "the peering of %s lets nothing through", what).WithHint("%sallowVirtualNetworkAccess=true", set))
	}
	if h.Offers && !isTrue(half.AllowGatewayTransit) {
		found = append(found, differs(h.Origin, "the peering of %s does not offer the VNet's gateway", what).WithHint("%sallowGatewayTransit=true, or remove gatewayTransit", set))
	}
	if h.Uses && !isTrue(half.UseRemoteGateways) {
		found = append(found, differs(h.Origin, "the peering of %s does not use the other VNet's gateway", what).WithHint("%suseRemoteGateways=true, or remove gatewayTransit", set))
	}
	return found
}

func isTrue(b *bool) bool { return b != nil && *b }
