package deploy

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/azure"
)

// The plans of this file are written by hand, in the shape of the seeds, so that these tests say what
// programs do with parts whatever lowering makes of a topology.

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func at(path string, line int) plan.Origin {
	return plan.Origin{Path: path, Pos: diag.Pos{File: "stacks/prod/main.cue", Line: line, Column: 3}}
}

func part(provider, name string, line int) plan.Part {
	return plan.Part{Name: name, Provider: provider, Origin: at(name, line)}
}

func created(name string) plan.Ref { return plan.Ref{Part: name} }

func existing(id string) plan.Ref { return plan.Ref{Existing: id} }

// seedPlan is both seeds in one stack: Datadog from Tokyo by peering to us-east-1 (seed 000), and
// Azure Monitor from an on-prem site by an existing VNet (seeds 003 and 004).
func seedPlan() *plan.Plan {
	return &plan.Plan{
		Version: plan.Version, Stack: "prod", Environment: "prod",
		Parts: map[string]any{aws.Name: datadogParts(), azure.Name: monitorParts()},
	}
}

const (
	virginia = "provider-aws_main_us-east-1"
	tokyo    = "provider-aws_main_ap-northeast-1"
)

func datadogParts() *aws.Parts {
	hub, jp := created("vpc_hub"), existing("vpc-0a1b")
	p := &aws.Parts{
		Providers: []aws.Provider{
			{Part: plan.Part{Name: tokyo, Origin: at("accounts.main", 3)}, AccountID: "123456789012", Region: "ap-northeast-1", AssumeRole: "arn:aws:iam::123456789012:role/obslink"},
			{Part: plan.Part{Name: virginia, Origin: at("accounts.main", 3)}, AccountID: "123456789012", Region: "us-east-1", AssumeRole: "arn:aws:iam::123456789012:role/obslink"},
		},
		ExistingVPCs:        []aws.ExistingVPC{{Provider: tokyo, ID: "vpc-0a1b", CIDRs: []netip.Prefix{prefix("10.0.0.0/16")}, Origin: at("networks.tokyo.existing.vpc", 10)}},
		ExistingSubnets:     []aws.ExistingSubnet{{Provider: tokyo, ID: "subnet-1", VPC: "vpc-0a1b", CIDR: prefix("10.0.1.0/24"), ZoneID: "apne1-az4", Origin: at("networks.tokyo.subnets.app", 11)}},
		ExistingRouteTables: []aws.ExistingRouteTable{{Provider: tokyo, ID: "rtb-1", VPC: "vpc-0a1b", Adds: []netip.Prefix{prefix("192.168.0.0/16")}, Interfaces: []string{"eni-gateway"}, Origin: at("networks.tokyo.existing.routeTables.private", 12)}},
		VPCs:                []aws.VPC{{Part: part(virginia, "vpc_hub", 15), CIDR: prefix("192.168.0.0/16")}},
		Subnets:             []aws.Subnet{{Part: part(virginia, "subnet_hub_endpoints", 16), VPC: hub, CIDR: prefix("192.168.0.0/20"), ZoneID: "use1-az6"}},
		RouteTables:         []aws.RouteTable{{Part: part(virginia, "route-table_hub_endpoints", 16), VPC: hub}},
		RouteTableAssociations: []aws.RouteTableAssociation{{
			Part: part(virginia, "route-table-association_hub_endpoints", 16), Subnet: created("subnet_hub_endpoints"), RouteTable: created("route-table_hub_endpoints"),
		}},
		Peerings: []aws.Peering{{
			Part: part(virginia, "peering_hub_tokyo", 30), Requester: hub, Accepter: jp, AccepterRegion: "ap-northeast-1", AccepterAccount: "123456789012",
		}},
		PeeringAccepters: []aws.PeeringAccepter{{Part: part(tokyo, "peering-accepter_hub_tokyo", 30), Peering: "peering_hub_tokyo"}},
		Routes: []aws.Route{
			{Part: part(virginia, "route_hub_endpoints_tokyo", 30), RouteTable: created("route-table_hub_endpoints"), Destination: prefix("10.0.0.0/16"), Peering: "peering_hub_tokyo", Accepter: "peering-accepter_hub_tokyo"},
			{Part: part(tokyo, "route_tokyo_private_hub", 30), RouteTable: existing("rtb-1"), Destination: prefix("192.168.0.0/16"), Peering: "peering_hub_tokyo", Accepter: "peering-accepter_hub_tokyo"},
		},
		SecurityGroups: []aws.SecurityGroup{{Part: part(virginia, "security-group_hub_dd", 25), VPC: hub, Description: "obslink: clients of dd"}},
		IngressRules: []aws.IngressRule{{
			Part: part(virginia, "ingress_hub_dd_tokyo", 25), SecurityGroup: "security-group_hub_dd", From: prefix("10.0.0.0/16"), Port: 443, Description: "tokyo",
		}},
	}
	for i, service := range []struct{ name, domain, id string }{
		{"logs-agent", "agent-http-intake.logs.datadoghq.com", "025a56b9187ac1f63"},
		{"metrics", "metrics.agent.datadoghq.com", "09a8006e245d1e7b8"},
	} {
		endpoint, zone := "endpoint_hub_dd_"+service.name, "zone_hub_dd_"+service.name
		p.Endpoints = append(p.Endpoints, aws.Endpoint{
			Part: part(virginia, endpoint, 26+i), VPC: hub, ServiceName: "com.amazonaws.vpce.us-east-1.vpce-svc-" + service.id,
			Subnets:       []aws.EndpointSubnet{{Subnet: created("subnet_hub_endpoints"), Address: netip.AddrFrom4([4]byte{192, 168, 0, byte(10 + i)})}},
			SecurityGroup: "security-group_hub_dd",
		})
		p.Zones = append(p.Zones, aws.Zone{
			Part: part(virginia, zone, 26+i), Domain: service.domain,
			VPCs: []aws.ZoneVPC{{VPC: hub, Region: "us-east-1"}, {VPC: jp, Region: "ap-northeast-1"}},
		})
		p.Records = append(p.Records, aws.Record{Part: part(virginia, "record_hub_dd_"+service.name, 26+i), Zone: created(zone), Domain: service.domain, Endpoint: endpoint})
	}
	return p
}

// shareZones adds a VPC of another account to every zone.
func shareZones(p *aws.Parts) {
	other := "provider-aws_other_us-east-1"
	p.Providers = append(p.Providers, aws.Provider{Part: plan.Part{Name: other, Origin: at("accounts.other", 4)}, AccountID: "210987654321", Region: "us-east-1", Profile: "other"})
	theirs := aws.ZoneVPC{VPC: existing("vpc-0c2d"), Region: "us-east-1"}
	for i := range p.Zones {
		z := &p.Zones[i]
		z.Shared = true
		authorization := "zone-authorization_" + z.Name
		p.ZoneAuthorizations = append(p.ZoneAuthorizations, aws.ZoneAuthorization{Part: part(virginia, authorization, 31), Zone: z.Name, VPC: theirs})
		p.ZoneAssociations = append(p.ZoneAssociations, aws.ZoneAssociation{
			Part: part(other, "zone-association_"+z.Name, 31), Zone: z.Name, VPC: theirs, Authorization: authorization,
		})
	}
}

const azureProvider = "provider-azure_jp"

const vnetID = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-japan"

func monitorParts() *azure.Parts {
	closed := azure.Access{Ingestion: "Disabled", Query: "Disabled"}
	in := func(name string) azure.In {
		return azure.In{ResourceGroup: created("resource-group_japan"), ResourceName: name}
	}
	p := &azure.Parts{
		Providers: []azure.Provider{{Part: plan.Part{Name: azureProvider, Origin: at("accounts.jp", 5)}, Subscription: "00000000-0000-0000-0000-000000000000"}},
		ExistingVNets: []azure.ExistingVNet{{
			Provider: azureProvider, ResourceGroup: "rg-net", Name: "vnet-japan", Location: "japaneast", CIDRs: []netip.Prefix{prefix("192.168.2.0/24")}, Origin: at("networks.japan.existing", 40),
		}},
		ExistingSubnets: []azure.ExistingSubnet{{
			Provider: azureProvider, ResourceGroup: "rg-net", VNet: "vnet-japan", Name: "gateway", CIDR: prefix("192.168.2.0/27"), Origin: at("networks.japan.subnets.gateway", 41),
		}},
		ResourceGroups: []azure.ResourceGroup{{Part: part(azureProvider, "resource-group_japan", 40), ResourceName: "obslink-prod-japan", Location: "japaneast"}},
		Subnets: []azure.Subnet{
			{Part: part(azureProvider, "subnet_japan_endpoints", 42), In: azure.In{ResourceGroup: existing("rg-net"), ResourceName: "endpoints"}, VNet: existing("vnet-japan"), CIDR: prefix("192.168.2.64/27")},
			{Part: part(azureProvider, "subnet_japan_resolver", 43), In: azure.In{ResourceGroup: existing("rg-net"), ResourceName: "resolver"}, VNet: existing("vnet-japan"), CIDR: prefix("192.168.2.96/28")},
		},
		Workspaces: []azure.Workspace{
			{Part: part(azureProvider, "workspace_logs_audit", 50), In: in("obslink-prod-audit"), Location: "japaneast", RetentionDays: 90, Public: closed},
			{Part: part(azureProvider, "workspace_logs_main", 51), In: in("obslink-prod-main"), Location: "japaneast", RetentionDays: 30, Public: azure.Access{Ingestion: "Disabled", Query: "Enabled"}},
		},
		Scopes: []azure.Scope{{Part: part(azureProvider, "scope_logs", 49), In: in("obslink-prod-logs"), Ingestion: "PrivateOnly", Query: "Open"}},
		ScopedResources: []azure.ScopedResource{
			{Part: part(azureProvider, "scoped-resource_logs_audit", 50), In: in("obslink-audit"), Scope: created("scope_logs"), Target: created("workspace_logs_audit")},
			{Part: part(azureProvider, "scoped-resource_logs_main", 51), In: in("obslink-main"), Scope: created("scope_logs"), Target: created("workspace_logs_main"), After: "scoped-resource_logs_audit"},
		},
		PrivateEndpoints: []azure.PrivateEndpoint{{
			Part: part(azureProvider, "endpoint_japan_logs", 60), In: in("obslink-prod-logs-endpoint"), Location: "japaneast", Subnet: created("subnet_japan_endpoints"),
			Scope: created("scope_logs"), GroupID: "azuremonitor", NIC: "obslink-prod-logs-nic", ScopedResources: []string{"scoped-resource_logs_audit", "scoped-resource_logs_main"},
		}},
	}
	group := azure.ZoneGroup{Part: part(azureProvider, "zone-group_japan_logs", 60), In: in("default"), Endpoint: "endpoint_japan_logs"}
	for i, domain := range []string{
		"privatelink.agentsvc.azure-automation.net", "privatelink.blob.core.windows.net", "privatelink.monitor.azure.com",
		"privatelink.ods.opinsights.azure.com", "privatelink.oms.opinsights.azure.com",
	} {
		key := strings.ReplaceAll(domain, ".", "-")
		zone, link := "zone_japan_"+key, "zone-link_japan_"+key
		p.Zones = append(p.Zones, azure.Zone{Part: part(azureProvider, zone, 60), In: in(domain), Domain: domain})
		p.ZoneLinks = append(p.ZoneLinks, azure.ZoneLink{Part: part(azureProvider, link, 60), In: in("obslink-prod-japan"), Zone: created(zone), VNet: existing(vnetID), Redirect: true})
		group.Zones = append(group.Zones, azure.ZoneGroupMember{ConfigName: fmt.Sprintf("config%d", i+1), Zone: created(zone)})
		group.Links = append(group.Links, link)
	}
	p.ZoneGroups = []azure.ZoneGroup{group}
	return p
}

// manyEndpoints is a plan of n VPCs with ten endpoints each, and all that belongs to them.
func manyEndpoints(n int) *plan.Plan {
	p := &aws.Parts{Providers: []aws.Provider{{Part: plan.Part{Name: virginia}, AccountID: "123456789012", Region: "us-east-1"}}}
	for v := range n {
		key := fmt.Sprintf("n%03d", v)
		vpc, subnet, group := "vpc_"+key, "subnet_"+key, "security-group_"+key
		p.VPCs = append(p.VPCs, aws.VPC{Part: part(virginia, vpc, v), CIDR: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(v), 0, 0}), 16)})
		p.Subnets = append(p.Subnets, aws.Subnet{Part: part(virginia, subnet, v), VPC: created(vpc), CIDR: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(v), 0, 0}), 20), ZoneID: "use1-az6"})
		p.SecurityGroups = append(p.SecurityGroups, aws.SecurityGroup{Part: part(virginia, group, v), VPC: created(vpc), Description: key})
		p.IngressRules = append(p.IngressRules, aws.IngressRule{Part: part(virginia, "ingress_"+key, v), SecurityGroup: group, From: prefix("10.0.0.0/8"), Port: 443, Description: key})
		for e := range 10 {
			key := fmt.Sprintf("%s_s%d", key, e)
			domain := fmt.Sprintf("s%d.n%d.example.com", e, v)
			p.Endpoints = append(p.Endpoints, aws.Endpoint{
				Part: part(virginia, "endpoint_"+key, v), VPC: created(vpc), ServiceName: "com.amazonaws.vpce.us-east-1.vpce-svc-" + key, SecurityGroup: group,
				Subnets: []aws.EndpointSubnet{{Subnet: created(subnet), Address: netip.AddrFrom4([4]byte{10, byte(v), 0, byte(10 + e)})}},
			})
			p.Zones = append(p.Zones, aws.Zone{Part: part(virginia, "zone_"+key, v), Domain: domain, VPCs: []aws.ZoneVPC{{VPC: created(vpc), Region: "us-east-1"}}})
			p.Records = append(p.Records, aws.Record{Part: part(virginia, "record_"+key, v), Zone: created("zone_" + key), Domain: domain, Endpoint: "endpoint_" + key})
		}
	}
	return &plan.Plan{Version: plan.Version, Stack: "bench", Parts: map[string]any{aws.Name: p}}
}
