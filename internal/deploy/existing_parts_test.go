package deploy

import (
	"net/netip"

	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/azure"
)

// existingParts adds what is there already and only looked up, and the records that Azure's zones need
// where no zone group writes them.
func existingParts(a *aws.Parts, z *azure.Parts) {
	const vpc, group = "vpc-0a1b", "sg-0a1b"
	client := []netip.Prefix{prefix("10.9.0.0/16")}
	a.ExistingEndpoints = []aws.ExistingEndpoint{{
		Name: "endpoint_tokyo_dd_logs", Provider: tokyo, ID: "vpce-0a1b", VPC: vpc, ServiceName: "com.amazonaws.ap-northeast-1.logs",
		Addresses: []netip.Addr{netip.MustParseAddr("10.0.1.10")}, PrivateDNS: true, SecurityGroup: group,
		Origin: at("networks.tokyo.existing.endpoints.dd.logs", 80),
	}}
	a.ExistingGroups = []aws.ExistingGroup{{Provider: tokyo, ID: group, VPC: vpc, Admits: client, Origin: at("networks.tokyo.existing.securityGroups.a", 81)}}
	a.ExistingGroups = append(a.ExistingGroups, aws.ExistingGroup{Provider: tokyo, ID: "sg-0e5f", LetsOut: client, AddsOut: []netip.Prefix{prefix("192.168.0.10/32")}, Origin: at("networks.tokyo.clients.web.securityGroup", 96)})
	a.EgressRules = []aws.EgressRule{{
		Part: part(tokyo, "clientegress_tokyo_sg-0e5f_hub_dd_metrics_endpoints", 97), ExistingGroup: "sg-0e5f", To: prefix("192.168.0.10/32"), Port: 443, Description: "dd in hub",
	}}
	a.ExistingPeerings = []aws.ExistingPeering{{Provider: tokyo, ID: "pcx-0a1b", VPCs: [2]string{vpc, "vpc-0c3d"}, Origin: at("links.a.via.peering.existing", 82)}}
	a.ExistingZones = []aws.ExistingZone{{Provider: tokyo, ID: "Z0A1B", Domain: "corp.example.net", VPCs: []string{vpc}, Origin: at("zones.corp", 83)}}
	a.FreeNames = []aws.FreeName{{
		Provider: tokyo, Domain: "logs.ap-northeast-1.amazonaws.com", Service: "com.amazonaws.ap-northeast-1.logs", VPCs: []string{vpc}, Origin: at("backends.dd", 84),
	}}
	z.ExistingScopes = []azure.ExistingScope{{
		Provider: azureProvider, ResourceGroup: "rg-logs", Name: "shared", Ingestion: "PrivateOnly", Query: "Open", Origin: at("backends.shared.azureMonitor.existing", 88),
	}}
	z.ExistingZones = []azure.ExistingZone{{
		Provider: azureProvider, ResourceGroup: "rg-dns", Domain: "privatelink.monitor.azure.com", MinLinks: 1, Origin: at("zones.monitor", 85),
		Links: []azure.ExistingLink{{Name: "hub", VNet: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-home/providers/Microsoft.Network/virtualNetworks/hub", Redirect: true, Origin: at("zones.monitor.links", 86)}},
	}}
	z.Records = []azure.Record{{
		Part: part(azureProvider, "record_japan_metrics", 87), In: azure.In{ResourceGroup: created("resource-group_japan"), ResourceName: "@"},
		Zone: created(z.Zones[0].Name), Address: netip.MustParseAddr("192.168.2.70"), Endpoint: "endpoint_japan_logs",
	}}
}
