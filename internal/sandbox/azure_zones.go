package sandbox

import (
	"regexp"
	"slices"
	"strings"
)

const (
	privateZoneToken = "azure-native:network:PrivateZone"
	zoneGroupToken   = "azure-native:network:PrivateDnsZoneGroup"
	linkToken        = "azure-native:network:VirtualNetworkLink"
	linkPolicyToken  = "azure-native:network/v20240601:VirtualNetworkLink"
	recordSetToken   = "azure-native:network:PrivateRecordSet" // written by zone groups
	privateZoneType  = "Microsoft.Network/privateDnsZones"
)

func azureZoneTypes() []resourceType {
	link := resourceType{
		token:    linkToken,
		required: []string{"resourceGroupName", "privateZoneName"},
		inputs:   []string{"virtualNetworkLinkName", "location", "virtualNetwork", "registrationEnabled", "tags"},
		autoname: "virtualNetworkLinkName",
		replace:  []string{"resourceGroupName", "privateZoneName", "virtualNetworkLinkName"},
		hidden:   []string{"resourceGroupName", "privateZoneName", "virtualNetworkLinkName"},
		computed: []string{"name", "type", "etag", "provisioningState", "virtualNetworkLinkState"},
		id: func(c *call) string {
			return armID(c.who.account, c.str("resourceGroupName"), privateZoneType+"/virtualNetworkLinks", c.str("privateZoneName"), c.str("virtualNetworkLinkName"))
		},
		create: createLink,
		update: updateLink,
	}
	withPolicy := link
	withPolicy.token, withPolicy.as = linkPolicyToken, linkToken
	withPolicy.inputs = append([]string{"resolutionPolicy"}, link.inputs...)
	return []resourceType{
		{
			token:    privateZoneToken,
			required: []string{"resourceGroupName"},
			inputs:   []string{"privateZoneName", "location", "tags"},
			autoname: "privateZoneName", naming: eightHex,
			replace: []string{"resourceGroupName", "privateZoneName", "location"},
			hidden:  []string{"resourceGroupName", "privateZoneName"},
			computed: []string{"name", "type", "etag", "internalId", "provisioningState", "maxNumberOfRecordSets", "maxNumberOfVirtualNetworkLinks",
				"maxNumberOfVirtualNetworkLinksWithRegistration", "numberOfRecordSets", "numberOfVirtualNetworkLinks", "numberOfVirtualNetworkLinksWithRegistration"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), privateZoneType, c.str("privateZoneName"))
			},
			create:  createPrivateZone,
			remove:  removePrivateZone,
			refresh: refreshPrivateZone,
		},
		link, withPolicy,
		{
			token:    zoneGroupToken,
			required: []string{"resourceGroupName", "privateEndpointName"},
			inputs:   []string{"privateDnsZoneGroupName", "name", "privateDnsZoneConfigs"},
			autoname: "privateDnsZoneGroupName",
			replace:  []string{"resourceGroupName", "privateEndpointName", "privateDnsZoneGroupName"},
			hidden:   []string{"resourceGroupName", "privateEndpointName", "privateDnsZoneGroupName"},
			computed: []string{"name", "etag", "provisioningState", "privateDnsZoneConfigs"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", c.str("privateEndpointName"), c.str("privateDnsZoneGroupName"))
			},
			create:  createZoneGroup,
			update:  updateZoneGroup,
			remove:  func(c *call) error { c.dropRecords(c.old); return nil },
			refresh: refreshZoneGroup,
		},
	}
}

func createPrivateZone(c *call) (*Object, error) {
	return c.armObject(privateZoneType, global, map[string]any{"etag": etag(c.row.id(c)), "internalId": guid(c.row.id(c)),
		"maxNumberOfRecordSets": 25000, "maxNumberOfVirtualNetworkLinks": 1000, "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
		"numberOfVirtualNetworkLinksWithRegistration": 0})
}

func removePrivateZone(c *call) error {
	for _, l := range c.of(c.old, linkToken) {
		return no("azure-nested", l.ID)
	}
	for _, r := range c.of(c.old, recordSetToken) {
		c.drop(r)
	}
	return nil
}

func refreshPrivateZone(c *call, o *Object) (map[string]any, map[string]any) {
	return nil, map[string]any{"numberOfVirtualNetworkLinks": c.number(o, linkToken), "numberOfRecordSets": 1 + c.number(o, recordSetToken)}
}

func createLink(c *call) (*Object, error) {
	zone := c.arm(privateZoneToken, parentOf(c.row.id(c)))
	o, err := c.armObject(privateZoneType+"/virtualNetworkLinks", global, map[string]any{"etag": etag(c.row.id(c)), "virtualNetworkLinkState": "Completed"}, zone)
	if err != nil {
		return nil, err
	}
	network, err := c.reference(o, networkToken, refID(c.in, "virtualNetwork"), "")
	if err != nil {
		return nil, err
	}
	for _, l := range c.of(network, linkToken) {
		if other := baseOf(parentOf(l.ID)); strings.EqualFold(other, zone.Name) {
			return nil, no("azure-link-overlap", zone.Name, other)
		}
	}
	o.Refs = append(o.Refs, network.key())
	return c.linkFor(o.with(map[string]any{"_network": network.ID}), zone)
}

func updateLink(c *call) (*Object, error) {
	if !strings.EqualFold(refID(c.in, "virtualNetwork"), c.old.attr("_network")) {
		return nil, no("azure-link-network-change", c.old.Name)
	}
	return c.linkFor(c.old.with(nil), c.arm(privateZoneToken, parentOf(c.old.ID)))
}

// linkFor: only zones of private link know another policy than Default (learn: private-dns-fallback).
func (c *call) linkFor(o, zone *Object) (*Object, error) {
	policy := c.str("resolutionPolicy")
	if policy == "" {
		policy = "Default"
	}
	redirect := policy == "NxDomainRedirect" && strings.HasPrefix(strings.ToLower(zone.Name), "privatelink.")
	if policy != "Default" && !redirect {
		return nil, no("azure-link-policy", policy, zone.Name)
	}
	attributes := map[string]any{"_policy": policy}
	if c.row.token == linkPolicyToken {
		attributes["resolutionPolicy"] = policy
	}
	return o.with(attributes), nil
}

var configName = regexp.MustCompile(`^\w([\w-]{0,78}\w)?$`)

func createZoneGroup(c *call) (*Object, error) {
	endpoint := c.arm(endpointTypeToken, parentOf(c.row.id(c)))
	o, err := c.armObject("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", nowhere, map[string]any{"etag": etag(c.row.id(c))}, endpoint)
	if err != nil {
		return nil, err
	}
	o.Region = endpoint.Region
	for _, other := range c.of(endpoint, zoneGroupToken) {
		return nil, no("azure-second-group", endpoint.Name, other.Name)
	}
	return c.zoneGroupFor(o, endpoint)
}

func updateZoneGroup(c *call) (*Object, error) {
	c.dropRecords(c.old)
	return c.zoneGroupFor(c.old.with(nil), c.arm(endpointTypeToken, parentOf(c.old.ID)))
}

func (c *call) zoneGroupFor(o, endpoint *Object) (*Object, error) {
	configs := maps(c.in, "privateDnsZoneConfigs")
	if len(configs) > 5 {
		return nil, no("azure-group-zones", o.Name, len(configs))
	}
	refs := []*Object{endpoint, c.arm(groupTypeToken, groupID(o.Account, groupOf(o.ID)))}
	kept := []any{}
	for _, config := range configs {
		if !configName.MatchString(str(config, "name")) {
			return nil, no("azure-group-config-name", str(config, "name"))
		}
		zone, err := c.reference(o, privateZoneToken, str(config, "privateDnsZoneId"), "")
		if err != nil {
			return nil, err
		}
		refs = append(refs, zone)
		kept = append(kept, map[string]any{"name": str(config, "name"), "privateDnsZoneId": zone.ID})
	}
	o = o.with(map[string]any{"_configs": kept})
	o.Refs = keysOf(refs)
	c.put(o)
	for _, nic := range c.of(endpoint, nicToken) {
		c.writeRecords(o, nic)
	}
	return o, nil
}

// privateLinkDomains are the public parents of the three zones of Arc and the five of Azure Monitor; a zone is "privatelink." before
// the parent (facts/azure.md §2.2, §3).
var privateLinkDomains = []string{"his.arc.azure.com", "guestconfiguration.azure.com", "dp.kubernetesconfiguration.azure.com",
	"monitor.azure.com", "oms.opinsights.azure.com", "ods.opinsights.azure.com", "agentsvc.azure-automation.net", "blob.core.windows.net"}

// privateLinkName splits a public name into the record and the zone that Azure's public CNAME leads to.
func privateLinkName(fqdn string) (record, zone string, ok bool) {
	if r, d, found := strings.Cut(fqdn, "."); found && strings.HasSuffix(d, ".prometheus.monitor.azure.com") { // private-link-azure-monitor-workspace, 2025-08
		return r, "privatelink." + d, true
	}
	for _, d := range slices.Concat(privateLinkDomains, governmentLinkDomains) {
		if r, found := strings.CutSuffix(fqdn, "."+d); found {
			return r, "privatelink." + d, true
		}
	}
	return "", "", false
}

// writeRecords fills the zones of a group from the endpoint's interface. A record that another endpoint's group has written is
// overwritten: only the last one is in effect (facts/azure.md §1.8).
func (c *call) writeRecords(group, nic *Object) {
	c.dropRecords(group)
	for _, config := range maps(group.Attributes, "_configs") {
		zone := c.arm(privateZoneToken, str(config, "privateDnsZoneId"))
		if zone == nil {
			continue
		}
		for _, ip := range maps(nic.Attributes, "ipConfigurations") {
			for _, name := range strs(sub(ip, "privateLinkConnectionProperties"), "fqdns") {
				record, want, ok := privateLinkName(name)
				if !ok || !strings.EqualFold(want, zone.Name) {
					continue
				}
				c.put(c.recordSet(group, zone, record, str(ip, "privateIPAddress")))
			}
		}
	}
}

func (c *call) recordSet(group, zone *Object, record, address string) *Object {
	id := zone.ID + "/A/" + record
	o := c.part(recordSetToken, "global", id, record, map[string]any{"name": record, "fqdn": record + "." + zone.Name, "_addresses": list(address),
		"_owner": group.ID}, zone, group, c.arm(groupTypeToken, groupID(zone.Account, groupOf(zone.ID))))
	o.Account = zone.Account
	return o
}

// dropRecords removes a group's records: those that it still owns.
func (c *call) dropRecords(group *Object) {
	for _, r := range c.of(group, recordSetToken) {
		c.drop(r)
	}
}

func refreshZoneGroup(c *call, o *Object) (map[string]any, map[string]any) {
	configs := []any{}
	for _, config := range maps(o.Attributes, "_configs") {
		sets := []any{}
		if zone := c.arm(privateZoneToken, str(config, "privateDnsZoneId")); zone != nil {
			for _, r := range c.of(zone, recordSetToken) {
				if r.attr("_owner") == o.ID {
					sets = append(sets, map[string]any{"recordType": "A", "recordSetName": r.Name, "fqdn": r.attr("fqdn"), "ttl": 10,
						"ipAddresses": list(strs(r.Attributes, "_addresses")...), "provisioningState": "Succeeded"})
				}
			}
		}
		configs = append(configs, merged(config, map[string]any{"recordSets": sets}))
	}
	return nil, map[string]any{"privateDnsZoneConfigs": configs}
}
