package azure

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// Type tokens that the rules read.
const (
	vnetType           = "azure-native:network:VirtualNetwork"
	subnetType         = "azure-native:network:Subnet"
	scopeType          = "azure-native:insights:PrivateLinkScope"
	scopedResourceType = "azure-native:insights:PrivateLinkScopedResource"
	arcScopeType       = "azure-native:hybridcompute:PrivateLinkScope"
	endpointType       = "azure-native:network:PrivateEndpoint"
	zoneType           = "azure-native:network:PrivateZone"
	linkType           = "azure-native:network/v20240601:VirtualNetworkLink"
	oldLinkType        = "azure-native:network:VirtualNetworkLink"
	zoneGroupType      = "azure-native:network:PrivateDnsZoneGroup"
)

// LintRules are the traps of Azure and of azure-native.
var LintRules = slices.Concat([]manifest.Rule{
	{Name: "azure-arm-schema", Source: "Azure/azure-resource-manager-schemas", AsOf: "2026-08", Check: lintARM},
	{Name: "azure-global-location", Source: "azure-monitor-docs private-link-configure; Azure Private DNS", AsOf: "2026-01", Check: lintLocation},
	{Name: "azure-explicit-name", Source: "azure-native names what has no name at random", AsOf: "2.90.0", Check: lintName},
	{Name: "azure-access-modes", Source: "ARM schema of Microsoft.Insights 2021-07-01-preview", AsOf: "2026-08", Check: lintAccessModes},
	{Name: "azure-scoped-resources-serial", Source: "hashicorp/terraform-provider-azurerm#22236: 409 in parallel", AsOf: "2023", Check: lintScopedSerial},
	{Name: "azure-endpoint-after-scoped-resources", Source: "Azure/bicep#13851: Mismatching RequiredMembers", AsOf: "2024", Check: lintEndpointWaits},
	{Name: "azure-endpoint-nic", Source: "pulumi-azure-native#1707: addresses are read from the interface, by name", AsOf: "2.90.0", Check: lintNIC},
	{Name: "azure-endpoint-pins", Source: "bicep-registry-modules#1389: each member once, by its group and name", AsOf: "2024", Check: lintPins},
	{Name: "azure-zone-group-size", Source: "private-endpoint-dns-integration: five zones a group, one group an endpoint", AsOf: "2023-11", Check: lintZoneGroupSize},
	{Name: "azure-zone-group-config-name", Source: "pulumi/pulumi#14241; no dots", AsOf: "2023", Check: lintZoneGroupNames},
	{Name: "azure-zone-group-after-links", Source: "DESIGN: no record before it can be asked for", AsOf: "2026-11", Check: lintZoneGroupWaits},
	{Name: "azure-nx-domain-redirect", Source: "learn: private-dns-fallback, API 2024-06-01", AsOf: "2025", Check: lintRedirect},
	{Name: "azure-inline-subnets", Source: "azure-native VirtualNetwork: not with Subnet resources", AsOf: "2.90.0", Check: lintInlineSubnets},
	{Name: "azure-subnets-serial", Source: "ARM: 409 AnotherOperationInProgress on one VNet", AsOf: "2024", Check: lintSubnetsSerial},
	{Name: "azure-peerings-serial", Source: "ARM: 409 AnotherOperationInProgress, ReferencedResourceNotProvisioned; a peering writes both VNets", AsOf: "2024, recalled", Check: lintPeeringsSerial},
	{Name: "azure-peering-halves", Source: "learn: virtual-network-peering-overview: Initiated until the other network has one back", AsOf: "2024", Check: lintPeeringHalves},
	{Name: "azure-tag-key", Source: "hashicorp/terraform-provider-azurerm#6129; tag-resources: limitations", AsOf: "2020", Check: lintTagKeys},
	{Name: "azure-arc-scope-region", Source: "Arc: private-link-security, a scope stands in the region of its machines", AsOf: "2026-05", Check: lintArcScope},
	{Name: "azure-zone-parent", Source: "DESIGN §5.11: NXDOMAIN for the other names", AsOf: "2026-11", Check: lintZoneParent},
}, resolverRules, vpnRules, securityRules, collectRules, prometheusRules)

func lintLocation(v *manifest.View, report manifest.Report) {
	for _, token := range []string{scopeType, zoneType, linkType, oldLinkType} {
		for _, r := range v.OfType(token) {
			if !strings.EqualFold(r.Text("location"), "global") {
				report(r, "location", "is %q, only global is accepted", r.Text("location"))
			}
		}
	}
}

// lintArcScope: the twin of Azure Monitor is global, so the slip is near.
func lintArcScope(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(arcScopeType) {
		if l := r.Text("location"); l == "" || strings.EqualFold(l, "global") {
			report(r, "location", "is %q, a region is wanted", l)
		}
	}
}

// lintName wants a literal: a name is what a second run, and a person in the portal, finds it by.
func lintName(v *manifest.View, report manifest.Report) {
	for i := range v.Resources {
		r := &v.Resources[i]
		t, found := readARM().Types[r.Type]
		if found && (r.Text(t.Name) == "" || strings.Contains(r.Text(t.Name), "${")) {
			report(r, t.Name, "is not given")
		}
	}
}

func lintAccessModes(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(scopeType) {
		for _, mode := range []string{"ingestionAccessMode", "queryAccessMode"} {
			if _, found := r.Object("accessModeSettings")[mode]; !found {
				report(r, "accessModeSettings."+mode, "is not said")
			}
		}
	}
}

// inSerial reports those of the resources that may run beside another: a chain of n resources is n long.
func inSerial(v *manifest.View, resources []*manifest.Resource, report func(*manifest.Resource)) {
	position, among := map[string]int{}, map[*manifest.Resource]bool{}
	for _, r := range resources {
		among[r] = true
	}
	var place func(r *manifest.Resource) int
	place = func(r *manifest.Resource) int {
		if at, known := position[r.Name]; known {
			return at
		}
		position[r.Name] = 1
		at := 1
		for _, name := range r.DependsOn {
			if before := v.Named(name); before != nil && among[before] {
				at = max(at, place(before)+1)
			}
		}
		position[r.Name] = at
		return at
	}
	taken := map[int]bool{}
	for _, r := range resources {
		if at := place(r); taken[at] {
			report(r)
		} else {
			taken[at] = true
		}
	}
}

// grouped sorts resources by the value of one input.
func grouped(resources []*manifest.Resource, input string) [][]*manifest.Resource {
	index := map[string]int{}
	var groups [][]*manifest.Resource
	for _, r := range resources {
		key := r.Text(input)
		i, found := index[key]
		if !found {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	return groups
}

func lintScopedSerial(v *manifest.View, report manifest.Report) {
	for _, scoped := range grouped(v.OfType(scopedResourceType), "scopeName") {
		inSerial(v, scoped, func(r *manifest.Resource) {
			report(r, "", "may be scoped at the same time as another of its scope")
		})
		slices.SortStableFunc(scoped, func(a, b *manifest.Resource) int { return cmp.Compare(len(a.DependsOn), len(b.DependsOn)) })
		for i, r := range scoped {
			if len(r.DependsOn) < min(i, MostWaitedFor) {
				report(r, "", "does not wait for all former ones of its scope, and may be deleted at the same time as one")
			}
		}
	}
}

func lintSubnetsSerial(v *manifest.View, report manifest.Report) {
	for _, subnets := range grouped(v.OfType(subnetType), "virtualNetworkName") {
		inSerial(v, subnets, func(r *manifest.Resource) {
			report(r, "", "may be written at the same time as another of its VNet")
		})
	}
}

func lintEndpointWaits(v *manifest.View, report manifest.Report) {
	for _, endpoint := range v.OfType(endpointType) {
		for _, scope := range scopesOf(v, endpoint) {
			for _, scoped := range v.OfType(scopedResourceType) {
				if v.Referred(scoped.Inputs["scopeName"]) == scope && !slices.Contains(endpoint.DependsOn, scoped.Name) {
					report(endpoint, "", "does not wait for %s", scoped.Name)
				}
			}
		}
	}
}

func scopesOf(v *manifest.View, endpoint *manifest.Resource) []*manifest.Resource {
	var scopes []*manifest.Resource
	for _, connection := range endpoint.List("privateLinkServiceConnections") {
		fields, _ := connection.(map[string]any)
		if scope := v.Referred(fields["privateLinkServiceId"]); scope != nil {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

func lintNIC(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		if r.Text("customNetworkInterfaceName") == "" {
			report(r, "customNetworkInterfaceName", "is not given, so its addresses cannot be read")
		}
	}
}

// lintPins wants each fixed address of a scope's endpoint to say which member has it.
func lintPins(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		if r.Has("manualPrivateLinkServiceConnections") {
			continue // a service of others has no members
		}
		seen := map[any]bool{}
		for _, fields := range objects(r.Inputs["ipConfigurations"]) {
			for _, field := range []string{"groupId", "memberName", "privateIPAddress"} {
				if value := fields[field]; value == nil || value == "" || field != "groupId" && seen[value] {
					report(r, "ipConfigurations", "have the %s %v, which is nothing or there twice", field, value)
				}
			}
			seen[fields["memberName"]], seen[fields["privateIPAddress"]] = true, true
		}
	}
}

// configs are the zones of a group, by config name.
func configs(group *manifest.Resource) []map[string]any {
	var list []map[string]any
	for _, config := range group.List("privateDnsZoneConfigs") {
		fields, _ := config.(map[string]any)
		list = append(list, fields)
	}
	return list
}

func lintZoneGroupSize(v *manifest.View, report manifest.Report) {
	for _, group := range v.OfType(zoneGroupType) {
		if n := len(configs(group)); n > 5 {
			report(group, "privateDnsZoneConfigs", "are %d, at most 5 are accepted", n)
		}
	}
	for _, groups := range grouped(v.OfType(zoneGroupType), "privateEndpointName") {
		for _, group := range groups[1:] {
			report(group, "privateEndpointName", "has a group already, %s", groups[0].Name)
		}
	}
}

func lintZoneGroupNames(v *manifest.View, report manifest.Report) {
	for _, group := range v.OfType(zoneGroupType) {
		seen := map[string]bool{}
		for _, config := range configs(group) {
			name, _ := config["name"].(string)
			if name == "" || strings.Contains(name, ".") || seen[name] {
				report(group, "privateDnsZoneConfigs", "config name %q is empty, has a dot or is taken", name)
			}
			seen[name] = true
		}
	}
}

func lintZoneGroupWaits(v *manifest.View, report manifest.Report) {
	for _, group := range v.OfType(zoneGroupType) {
		for _, config := range configs(group) {
			zone := v.Referred(config["privateDnsZoneId"])
			for _, link := range v.OfType(linkType) {
				if zone != nil && v.Referred(link.Inputs["privateZoneName"]) == zone && !slices.Contains(group.DependsOn, link.Name) {
					report(group, "", "does not wait for %s", link.Name)
				}
			}
		}
	}
}

func lintRedirect(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(oldLinkType) {
		report(r, "", "is of an API version without resolutionPolicy")
	}
	for _, r := range v.OfType(linkType) {
		zone := r.Text("privateZoneName")
		if z := v.Referred(r.Inputs["privateZoneName"]); z != nil {
			zone = z.Text("privateZoneName")
		}
		isPrivateLink := strings.HasPrefix(strings.ToLower(zone), "privatelink.")
		if isPrivateLink && r.Text("resolutionPolicy") != "NxDomainRedirect" {
			report(r, "resolutionPolicy", "is %q: names that the zone does not hold would not exist", r.Text("resolutionPolicy"))
		}
	}
}

func lintInlineSubnets(v *manifest.View, report manifest.Report) {
	for _, subnet := range v.OfType(subnetType) {
		if vnet := v.Referred(subnet.Inputs["virtualNetworkName"]); vnet != nil && vnet.Has("subnets") {
			report(vnet, "subnets", "are in line, and %s is a subnet of its own", subnet.Name)
		}
	}
}

var tagKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// lintTagKeys refuses what a private DNS zone drops without a word.
func lintTagKeys(v *manifest.View, report manifest.Report) {
	for _, token := range []string{zoneType, linkType, oldLinkType} {
		for _, r := range v.OfType(token) {
			for key := range r.Object("tags") {
				if !tagKey.MatchString(key) {
					report(r, "tags", "key %q is not kept by Azure DNS", key)
				}
			}
		}
	}
}

// parents are public domains that hold the names of many services or customers. Their privatelink
// twins are made to be taken over, and their links fall through (lintRedirect).
var parents = []string{
	"azure.com", "monitor.azure.com", "opinsights.azure.com", "oms.opinsights.azure.com", "ods.opinsights.azure.com",
	"azure-automation.net", "agentsvc.azure-automation.net", "windows.net", "core.windows.net", "blob.core.windows.net",
	"services.visualstudio.com", "applicationinsights.azure.com", "datadoghq.com", "agent.datadoghq.com",
	"his.arc.azure.com", "guestconfiguration.azure.com", "dp.kubernetesconfiguration.azure.com",
	"us3.datadoghq.com", "agent.us3.datadoghq.com", "logs.us3.datadoghq.com",
	"azure.us", "monitor.azure.us", "adx.monitor.azure.us", "opinsights.azure.us", "oms.opinsights.azure.us", "ods.opinsights.azure.us",
	"azure-automation.us", "agentsvc.azure-automation.us", "usgovcloudapi.net", "core.usgovcloudapi.net", "blob.core.usgovcloudapi.net",
	"applicationinsights.us", "loganalytics.us", "his.arc.azure.us", "guestconfiguration.azure.us",
}

// answersAll reports whether a zone has a wildcard, which serves every child.
func answersAll(v *manifest.View, zone *manifest.Resource) bool {
	return slices.ContainsFunc(v.OfType(recordType), func(r *manifest.Resource) bool {
		return r.Text("relativeRecordSetName") == "*" && v.Referred(r.Inputs["privateZoneName"]) == zone
	})
}

func lintZoneParent(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(zoneType) {
		if name := strings.ToLower(r.Text("privateZoneName")); slices.Contains(parents, name) && !answersAll(v, r) {
			report(r, "privateZoneName", "%s holds names of others, and the zone would answer that they do not exist", name)
		}
	}
}
