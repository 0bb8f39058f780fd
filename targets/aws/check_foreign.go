package aws

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var foreignField = diag.Code{
	ID: "OBS330", Severity: diag.Error, Title: "a field that means nothing in AWS",
	Cause:   "Resource groups, VNets, gatewayTransit, and the subnet and sku of a VPN gateway are Azure's: in a network of an AWS account they would be ignored in silence.",
	Example: `tokyo: {account: "main", existing: {vpc: "vpc-0a1b", resourceGroup: "rg-net"}}   // main is an AWS account`,
	Mend:    `tokyo: {account: "main", existing: vpc: "vpc-0a1b"}`,
}

// checkForeign finds fields that only another cloud reads.
func checkForeign(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name && n.VPNGateway != nil {
			fields := map[string]string{"subnet": n.VPNGateway.Subnet, "sku": n.VPNGateway.SKU}
			for field, value := range topology.Sorted(fields) {
				if at := "networks." + key + ".vpnGateway." + field; value != "" {
					found = append(found, foreignField.At(t.At(at), at, "network %q is in AWS; %s %q is that of a gateway in Azure", key, field, value).WithHint("remove %s", field))
				}
			}
		}
		if t.Kind(key) != Name || n.Existing == nil || n.Existing.VPC == "" {
			continue // without a VPC it is reported as not named
		}
		fields := map[string]string{"resourceGroup": n.Existing.ResourceGroup, "virtualNetwork": n.Existing.VirtualNetwork}
		for field, value := range topology.Sorted(fields) {
			if at := "networks." + key + ".existing." + field; value != "" {
				found = append(found, foreignField.At(t.At(at), at, "network %q is in AWS; %s %q is Azure's", key, field, value).WithHint("remove %s", field))
			}
		}
	}
	for key, l := range topology.Sorted(t.Links) {
		if p := l.Via.Peering; p != nil && p.GatewayTransit && t.Kind(p.Endpoints) == Name {
			at := "links." + key + ".via.peering.gatewayTransit"
			found = append(found, foreignField.At(t.At(at), at, "network %q is in AWS, where a peering passes nothing on; gatewayTransit is Azure's", p.Endpoints).
				WithHint("remove gatewayTransit, or join the networks and the site by a transit gateway"))
		}
	}
	return found
}
