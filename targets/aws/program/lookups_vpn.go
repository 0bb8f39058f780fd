package program

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// interfaceFilter finds the instance that has a network interface (EC2 DescribeInstances, filters).
const interfaceFilter = "network-interface.network-interface-id"

// vpnAssumptions are the look-ups of lookUpVPNGateway and lookUpTunnelHost with the answers that would
// please.
func vpnAssumptions(p *aws.Parts) []manifest.Assumption {
	var all []manifest.Assumption
	for _, g := range p.ExistingVPNGateways {
		all = append(all, assume("aws:ec2/getVpnGateway:getVpnGateway", g.Provider, g.Origin,
			map[string]any{"id": g.ID}, map[string]any{"id": g.ID, "attachedVpcId": g.VPC}))
	}
	for _, h := range p.ExistingTunnelHosts {
		expected := map[string]any{"networkInterfaceId": h.Interface, "privateIp": h.Address.String(), "sourceDestCheck": false}
		if h.SecurityGroup != "" {
			expected["vpcSecurityGroupIds"] = []any{h.SecurityGroup}
		}
		all = append(all, assume("aws:ec2/getInstance:getInstance", h.Provider, h.Origin,
			map[string]any{"filters": []any{map[string]any{"name": interfaceFilter, "values": []any{h.Interface}}}}, expected))
	}
	return all
}

func (r *Run) lookUpVPNGateway(g aws.ExistingVPNGateway) diag.List {
	what := fmt.Sprintf("VPN gateway %q", g.ID)
	got, err := ec2.LookupVpnGateway(r.Ctx, &ec2.LookupVpnGatewayArgs{Id: &g.ID}, r.Through(g.Provider))
	if err != nil {
		return register.Failed(g.Origin, what, r.place(g.Provider), err)
	}
	var found diag.List
	if got.AttachedVpcId != g.VPC {
		found = append(found, differs(g.Origin, "%s is attached to VPC %q, the topology says %q", what, got.AttachedVpcId, g.VPC).
			WithHint("name the VPN gateway of %q, or attach it: aws ec2 attach-vpn-gateway --vpn-gateway-id %s --vpc-id %s", g.VPC, g.ID, g.VPC))
	}
	if asn, err := strconv.ParseInt(got.AmazonSideAsn, 10, 64); err == nil && slices.Contains(g.ASNs, asn) {
		found = append(found, differs(g.Origin, "%s has ASN %d, as one of its sites' devices", what, asn).WithHint("give the device another asn"))
	}
	return found
}

// lookUpTunnelHost looks at the instance that has the interface. What it says of the check and of the
// groups is of its first interface; of another one the plan's prerequisite is all there is.
func (r *Run) lookUpTunnelHost(h aws.ExistingTunnelHost) diag.List {
	what := fmt.Sprintf("the host of network interface %q", h.Interface)
	got, err := ec2.LookupInstance(r.Ctx, &ec2.LookupInstanceArgs{
		Filters: []ec2.GetInstanceFilter{{Name: interfaceFilter, Values: []string{h.Interface}}},
	}, r.Through(h.Provider))
	if err != nil {
		return register.Failed(h.Origin, what, r.place(h.Provider), err)
	}
	if got.NetworkInterfaceId != h.Interface {
		return nil
	}
	var found diag.List
	if address := h.Address.String(); got.PrivateIp != address && !slices.Contains(got.SecondaryPrivateIps, address) {
		found = append(found, differs(h.Origin, "%s has the address %q, the topology says %q", what, got.PrivateIp, address).
			WithHint("write existing: %q", got.PrivateIp))
	}
	if got.SourceDestCheck {
		found = append(found, differs(h.Origin, "%s drops what is not addressed to it: its source/destination check is on", what).
			WithHint("turn it off: aws ec2 modify-network-interface-attribute --network-interface-id %s --no-source-dest-check", h.Interface))
	}
	if h.SecurityGroup != "" && !slices.Contains(got.VpcSecurityGroupIds, h.SecurityGroup) {
		found = append(found, differs(h.Origin, "%s is not in security group %q", what, h.SecurityGroup).
			WithHint("write one of its groups: %s", register.Quoted(got.VpcSecurityGroupIds)))
	}
	return found
}

// ownVPNGateway reports whether a VPN gateway was made by an earlier run of this stack.
func (r *Run) ownVPNGateway(provider, id string) bool {
	got, err := ec2.LookupVpnGateway(r.Ctx, &ec2.LookupVpnGatewayArgs{Id: &id}, r.Through(provider))
	return err == nil && got.Tags[stackTag] == r.Stack
}
