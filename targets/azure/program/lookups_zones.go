package program

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20240601"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// lookUpZone finds a private DNS zone and counts its links: no function of azure-native lists them.
func (r *Run) lookUpZone(z azure.ExistingZone) diag.List {
	what := fmt.Sprintf("private DNS zone %q", z.Domain)
	got, err := network.LookupPrivateZone(r.Ctx, &network.LookupPrivateZoneArgs{
		ResourceGroupName: z.ResourceGroup, PrivateZoneName: z.Domain,
	}, r.Through(z.Provider))
	if err != nil {
		return register.Failed(z.Origin, what, r.place(z.ResourceGroup, z.Provider), err)
	}
	if has := int(got.NumberOfVirtualNetworkLinks); has < z.MinLinks {
		return diag.List{differs(z.Origin, "%s has %d VNet links, the topology says that %d networks see it", what, has, z.MinLinks).
			WithHint("take the networks that do not see it out of `networks`: obslink links those that need it")}
	}
	return nil
}

// The resolution policies of a link.
const (
	redirect = "NxDomainRedirect"
	byZone   = "Default"
)

func policy(redirects bool) string {
	if redirects {
		return redirect
	}
	return byZone
}

// lookUpLink finds a VNet link by its name, and what it does.
func (r *Run) lookUpLink(z azure.ExistingZone, l azure.ExistingLink) diag.List {
	what := fmt.Sprintf("link %q of private DNS zone %q", l.Name, z.Domain)
	got, err := v20240601.LookupVirtualNetworkLink(r.Ctx, &v20240601.LookupVirtualNetworkLinkArgs{
		ResourceGroupName: z.ResourceGroup, PrivateZoneName: z.Domain, VirtualNetworkLinkName: l.Name,
	}, r.Through(z.Provider))
	if err != nil {
		return register.Failed(l.Origin, what, r.place(z.ResourceGroup, z.Provider), err)
	}
	var found diag.List
	if got.VirtualNetwork == nil || !strings.EqualFold(value(got.VirtualNetwork.Id), l.VNet) {
		found = append(found, differs(l.Origin, "%s does not lead to VNet %q", what, l.VNet).WithHint("write the name of the link that does"))
	}
	has := value(got.ResolutionPolicy)
	if has == "" {
		has = byZone
	}
	if says := policy(l.Redirect); has != says {
		found = append(found, differs(l.Origin, "%s has resolutionPolicy %q, the topology says %q", what, has, says).
			WithHint("write fallThrough: %t for this zone", !l.Redirect))
	}
	return found
}
