package program

import (
	"path"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20240601"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

func (r *Run) registerZones() error {
	for _, z := range r.parts.Zones {
		zone, err := network.NewPrivateZone(r.Ctx, z.Name, &network.PrivateZoneArgs{
			ResourceGroupName: r.group(z.ResourceGroup),
			PrivateZoneName:   pulumi.String(z.Domain),
			Location:          pulumi.String("Global"),
			Tags:              r.tags(),
		}, r.options(z.Part))
		if err != nil {
			return err
		}
		r.Keep(z.Name, zone)
	}
	return nil
}

// registerZoneLinks uses the API version of 2024-06-01, the first with a resolution policy:
// NxDomainRedirect asks public DNS for the names that the zone does not hold, such as storage
// accounts with a private endpoint elsewhere (DESIGN §5.11).
func (r *Run) registerZoneLinks() error {
	for _, l := range r.parts.ZoneLinks {
		link, err := v20240601.NewVirtualNetworkLink(r.Ctx, l.Name, &v20240601.VirtualNetworkLinkArgs{
			ResourceGroupName:      r.group(l.ResourceGroup),
			PrivateZoneName:        r.zoneName(l.Zone),
			VirtualNetworkLinkName: pulumi.String(l.ResourceName),
			Location:               pulumi.String("Global"),
			VirtualNetwork:         v20240601.SubResourceArgs{Id: r.ID(l.VNet)},
			RegistrationEnabled:    pulumi.Bool(false),
			ResolutionPolicy:       pulumi.String(policy(l.Redirect)),
			Tags:                   r.tags(),
		}, r.options(l.Part))
		if err != nil {
			return err
		}
		r.Keep(l.Name, link)
	}
	return nil
}

// zoneName is the name of a zone; an existing one's is the end of its id.
func (r *Run) zoneName(ref plan.Ref) pulumi.StringInput {
	if ref.Existing != "" {
		return pulumi.String(path.Base(ref.Existing))
	}
	return register.Get[*network.PrivateZone](r.Book, ref.Part).Name
}

// registerZoneGroups waits for the links, so that no record is written before it can be asked for.
func (r *Run) registerZoneGroups() error {
	for _, g := range r.parts.ZoneGroups {
		group, err := network.NewPrivateDnsZoneGroup(r.Ctx, g.Name, &network.PrivateDnsZoneGroupArgs{
			ResourceGroupName:       r.group(g.ResourceGroup),
			PrivateEndpointName:     register.Get[*network.PrivateEndpoint](r.Book, g.Endpoint).Name,
			PrivateDnsZoneGroupName: pulumi.String(g.ResourceName),
			PrivateDnsZoneConfigs:   r.zoneConfigs(g.Zones),
		}, r.options(g.Part, r.DependsOn(g.Links...)))
		if err != nil {
			return err
		}
		r.Keep(g.Name, group)
	}
	return nil
}

func (r *Run) zoneConfigs(members []azure.ZoneGroupMember) network.PrivateDnsZoneConfigArray {
	var configs network.PrivateDnsZoneConfigArray
	for _, m := range members {
		configs = append(configs, network.PrivateDnsZoneConfigArgs{
			Name:             pulumi.String(m.ConfigName),
			PrivateDnsZoneId: r.ID(m.Zone),
		})
	}
	return configs
}
