package program

import (
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// registerPublicIPs makes addresses of the only kind that is left (public-ip-basic-upgrade-guidance, 2025-09).
func (r *Run) registerPublicIPs() error {
	for _, a := range r.parts.PublicIPs {
		address, err := network.NewPublicIPAddress(r.Ctx, a.Name, &network.PublicIPAddressArgs{
			ResourceGroupName: r.group(a.ResourceGroup), PublicIpAddressName: pulumi.String(a.ResourceName), Location: pulumi.String(a.Location),
			Sku:                      network.PublicIPAddressSkuArgs{Name: pulumi.String("Standard")},
			PublicIPAllocationMethod: pulumi.String("Static"),
			Zones:                    pulumi.ToStringArray(a.Zones),
			Tags:                     r.tags(),
		}, r.options(a.Part))
		if err != nil {
			return err
		}
		r.Keep(a.Name, address)
	}
	return nil
}

func (r *Run) registerVPNGateways() error {
	for _, g := range r.parts.VPNGateways {
		args := &network.VirtualNetworkGatewayArgs{
			ResourceGroupName: r.group(g.ResourceGroup), VirtualNetworkGatewayName: pulumi.String(g.ResourceName), Location: pulumi.String(g.Location),
			GatewayType: pulumi.String("Vpn"), VpnType: pulumi.String("RouteBased"), EnableBgp: pulumi.Bool(g.BGP),
			Sku: network.VirtualNetworkGatewaySkuArgs{Name: pulumi.String(g.SKU), Tier: pulumi.String(g.SKU)},
			IpConfigurations: network.VirtualNetworkGatewayIPConfigurationArray{network.VirtualNetworkGatewayIPConfigurationArgs{
				Name: pulumi.String("default"), PrivateIPAllocationMethod: pulumi.String("Dynamic"),
				Subnet:          network.SubResourceArgs{Id: r.ID(g.Subnet)},
				PublicIPAddress: network.SubResourceArgs{Id: r.Resource(g.PublicIP).ID()},
			}},
			Tags: r.tags(),
		}
		if g.ASN != 0 {
			args.BgpSettings = network.BgpSettingsArgs{Asn: pulumi.Float64(float64(g.ASN))}
		}
		var after []string
		if g.After != "" {
			after = append(after, g.After)
		}
		gateway, err := network.NewVirtualNetworkGateway(r.Ctx, g.Name, args, r.options(g.Part, r.DependsOn(after...)))
		if err != nil {
			return err
		}
		r.Keep(g.Name, gateway)
	}
	return nil
}

func (r *Run) registerLocalGateways() error {
	for _, g := range r.parts.LocalGateways {
		var prefixes []string
		for _, p := range g.Prefixes {
			prefixes = append(prefixes, p.String())
		}
		args := &network.LocalNetworkGatewayArgs{
			ResourceGroupName: r.group(g.ResourceGroup), LocalNetworkGatewayName: pulumi.String(g.ResourceName), Location: pulumi.String(g.Location),
			LocalNetworkAddressSpace: network.AddressSpaceArgs{AddressPrefixes: pulumi.ToStringArray(prefixes)},
			Tags:                     r.tags(),
		}
		if g.FQDN != "" {
			args.Fqdn = pulumi.String(g.FQDN)
		} else {
			args.GatewayIpAddress = pulumi.String(g.Address.String())
		}
		if g.ASN != 0 {
			args.BgpSettings = network.BgpSettingsArgs{Asn: pulumi.Float64(float64(g.ASN)), BgpPeeringAddress: pulumi.String(g.BGPAddress.String())}
		}
		gateway, err := network.NewLocalNetworkGateway(r.Ctx, g.Name, args, r.options(g.Part))
		if err != nil {
			return err
		}
		r.Keep(g.Name, gateway)
	}
	return nil
}

// registerVPNConnections passes the key on. ARM gives it back to whoever may read the connection, so the
// output is a secret of the state too.
func (r *Run) registerVPNConnections() error {
	for _, c := range r.parts.VPNConnections {
		key, err := r.Secret(c.Secret)
		if err != nil {
			return err
		}
		connection, err := network.NewVirtualNetworkGatewayConnection(r.Ctx, c.Name, &network.VirtualNetworkGatewayConnectionArgs{
			ResourceGroupName: r.group(c.ResourceGroup), VirtualNetworkGatewayConnectionName: pulumi.String(c.ResourceName), Location: pulumi.String(c.Location),
			ConnectionType: pulumi.String("IPsec"), ConnectionProtocol: pulumi.String("IKEv2"), EnableBgp: pulumi.Bool(c.BGP), SharedKey: key,
			VirtualNetworkGateway1: network.VirtualNetworkGatewayTypeArgs{Id: r.ID(c.Gateway)},
			LocalNetworkGateway2:   network.LocalNetworkGatewayTypeArgs{Id: r.Resource(c.LocalGateway).ID()},
			Tags:                   r.tags(),
		}, r.options(c.Part, pulumi.AdditionalSecretOutputs([]string{"sharedKey"})))
		if err != nil {
			return err
		}
		r.Keep(c.Name, connection)
	}
	return nil
}
