package program

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// httpsPort is the port that rules for endpoints are about.
const httpsPort = 443

// endpointAssumptions are the look-ups of lookUpEndpoint with the answers that would please. The cloud
// chooses the ids of its network interfaces; here they say where they are.
func endpointAssumptions(e aws.ExistingEndpoint) []manifest.Assumption {
	ids := make([]any, len(e.Addresses))
	all := []manifest.Assumption{assume(endpointFunction, e.Provider, e.Origin, map[string]any{"id": e.ID}, map[string]any{
		"id": e.ID, "vpcId": e.VPC, "serviceName": e.ServiceName, "state": "available", "vpcEndpointType": "Interface",
		"privateDnsEnabled": e.PrivateDNS, "securityGroupIds": []any{e.SecurityGroup}, "networkInterfaceIds": ids,
	})}
	for i, a := range e.Addresses {
		ids[i] = e.ID + " " + a.String()
		all = append(all, assume("aws:ec2/getNetworkInterface:getNetworkInterface", e.Provider, e.Origin,
			map[string]any{"id": ids[i]}, map[string]any{"id": ids[i], "privateIp": a.String()}))
	}
	return all
}

func (r *Run) lookUpEndpoint(e aws.ExistingEndpoint) diag.List {
	what := fmt.Sprintf("VPC endpoint %q", e.ID)
	got, err := ec2.LookupVpcEndpoint(r.Ctx, &ec2.LookupVpcEndpointArgs{Id: &e.ID}, r.Through(e.Provider))
	if err != nil {
		return register.Failed(e.Origin, what, r.place(e.Provider), err)
	}
	var found diag.List
	differ := func(hint, format string, args ...any) {
		found = append(found, differs(e.Origin, format, args...).WithHint("%s", hint))
	}
	if got.VpcId != e.VPC {
		differ(fmt.Sprintf("declare it in the network that is %q", got.VpcId), "%s is in VPC %q, the topology says %q", what, got.VpcId, e.VPC)
	}
	if got.ServiceName != e.ServiceName {
		differ("declare it for the service that it is for, or write the id of another endpoint", "%s is for the service %q, the topology says %q", what, got.ServiceName, e.ServiceName)
	}
	if got.VpcEndpointType != "Interface" {
		differ("write the id of an interface endpoint", "%s is of type %q; only an interface endpoint has addresses", what, got.VpcEndpointType)
	}
	if !strings.EqualFold(got.State, "available") {
		differ("have the connection accepted by the owner of the service, or take the endpoint out of the topology", "%s is %q, not available", what, got.State)
	}
	if got.PrivateDnsEnabled != e.PrivateDNS {
		differ(fmt.Sprintf("write privateDNS: %t", got.PrivateDnsEnabled), "%s has private DNS %s, the topology says %s", what, onOff(got.PrivateDnsEnabled), onOff(e.PrivateDNS))
	}
	if !slices.Contains(got.SecurityGroupIds, e.SecurityGroup) {
		differ("name one of its groups", "%s has the security groups %s, the topology says %q", what, register.Quoted(got.SecurityGroupIds), e.SecurityGroup)
	}
	return append(found, r.lookUpAddresses(e, what, got.NetworkInterfaceIds)...)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// lookUpAddresses asks for each network interface of an endpoint: their addresses must be the declared ones.
func (r *Run) lookUpAddresses(e aws.ExistingEndpoint, what string, interfaces []string) diag.List {
	var has []string
	for _, id := range interfaces {
		got, err := ec2.LookupNetworkInterface(r.Ctx, &ec2.LookupNetworkInterfaceArgs{Id: &id}, r.Through(e.Provider))
		if err != nil {
			return register.Failed(e.Origin, fmt.Sprintf("network interface %q of %s", id, what), r.place(e.Provider), err)
		}
		has = append(has, got.PrivateIp)
	}
	var says []string
	for _, a := range e.Addresses {
		says = append(says, a.String())
	}
	if has, says := register.Quoted(has), register.Quoted(says); has != says {
		return diag.List{differs(e.Origin, "%s has the addresses %s, the topology says %s", what, has, says).WithHint("write addresses: [%s]", has)}
	}
	return nil
}
