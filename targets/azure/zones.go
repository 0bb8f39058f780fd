package azure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// What `dns` of a backend says of the zones; "" is created.
const (
	dnsExisting = "existing"
	dnsNone     = "none"
)

// monitorDNS is the part of a backend that says where its names are kept.
type monitorDNS struct {
	DNS      string              `json:"dns"`
	LeaveOut map[string]leftZone `json:"leaveOut"`
}

// leftZone says why a zone is left out.
type leftZone struct {
	Reason string `json:"reason"`
}

// leavesOut reports whether the topology does without a zone.
func (d monitorDNS) leavesOut(domain string) bool {
	_, left := d.LeaveOut[leaveOutKey(domain)]
	return left
}

// leaveOutKey is the word by which `leaveOut` names a zone: the first label of its public domain.
func leaveOutKey(domain string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(domain, "privatelink."), ".")
	return first
}

// zoneKey is the short name of a private DNS zone in resource names: the domain without its
// privatelink label and with hyphens for dots, as config names of zone groups need.
func zoneKey(z schema.AzureZone) string {
	return plan.Slug(strings.TrimPrefix(z.Domain, "privatelink."))
}

// zoneIndex finds declared zones.
type zoneIndex struct {
	seen map[zoneView][]string
	free map[string][]string // by domain: those that no network sees yet
}

type zoneView struct{ network, domain string }

func indexZones(t *topology.Topology) zoneIndex {
	x := zoneIndex{seen: map[zoneView][]string{}, free: map[string][]string{}}
	for key, z := range topology.Sorted(t.Zones) {
		domain := strings.ToLower(z.Domain)
		if z.Networks == nil {
			x.free[domain] = append(x.free[domain], key)
		}
		for _, network := range z.Networks {
			x.seen[zoneView{network, domain}] = append(x.seen[zoneView{network, domain}], key)
		}
	}
	return x
}

// find lists the declared zones of a domain that concern an endpoint: those that one of its viewers
// sees, or else those that no network sees yet. The first is the one that the endpoint's records go
// into; a second is one too many (checkDNS).
func (x zoneIndex) find(viewers []string, domain string) []string {
	var found []string
	for _, v := range viewers {
		found = append(found, x.seen[zoneView{v, domain}]...)
	}
	if len(found) == 0 {
		return x.free[domain]
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// zoneSet is what the zones of one private endpoint are made of.
type zoneSet struct {
	h        *compile.Hosting
	provider string // of the zones that are created
	region   string // of their resource group
	backend  plan.Key
	origin   plan.Origin
	in       plan.Ref // the endpoint's resource group
	endpoint string
	zones    []schema.AzureZone
	// records are those of a domain that the endpoint answers.
	records func(domain string) []plan.Record
}

// zoneSet lowers the zones of one endpoint with their links and the group that writes its records.
func (l *lowering) zoneSet(s zoneSet) {
	network := l.networkKey(s.h.Network)
	group := ZoneGroup{
		Part: plan.Named("zonegroup", s.provider, s.origin, s.backend, network), In: In{s.in, "default"}, Endpoint: s.endpoint,
	}
	zones := slices.Clone(s.zones)
	slices.SortFunc(zones, func(a, b schema.AzureZone) int { return cmp.Compare(zoneKey(a), zoneKey(b)) })
	for _, z := range zones {
		ref, links := l.zone(s, z)
		group.Zones = append(group.Zones, ZoneGroupMember{ConfigName: plan.Slug(z.Domain), Zone: ref})
		group.Links = append(group.Links, links...)
	}
	l.parts.ZoneGroups = append(l.parts.ZoneGroups, group)
}

// zone takes or makes one zone, and links it to the viewers that do not see it yet.
func (l *lowering) zone(s zoneSet, z schema.AzureZone) (ref plan.Ref, links []string) {
	seenBy := viewers(l.t, s.h)
	redirect := strings.HasPrefix(z.Domain, "privatelink.")
	link := ZoneLink{Part: plan.Part{Provider: s.provider}, Redirect: redirect}
	node := plan.Zone{Name: z.Domain, FallThrough: redirect, Networks: seenBy, Records: s.records(z.Domain), Origin: s.origin}
	if len(node.Records) == 0 {
		node.WrittenBy = s.endpoint
	}
	if keys := l.zones.find(seenBy, z.Domain); len(keys) > 0 {
		existing := l.t.Zones[keys[0]]
		part := l.existingZone(keys[0])
		link.Provider, link.In.ResourceGroup = part.Provider, plan.Ref{Existing: part.ResourceGroup}
		node.Ref, node.Added = plan.Ref{Existing: existing.Existing}, true
		node.Networks = slices.DeleteFunc(slices.Clone(seenBy), func(n string) bool { return slices.Contains(existing.Networks, n) })
		for _, r := range node.Records {
			l.out.Records = append(l.out.Records, compile.ZoneRecord{Zone: existing.Existing, Record: r})
		}
		node.Records = compile.Records(existing)
	} else {
		part := plan.Named("zone", s.provider, s.origin, s.backend, l.networkKey(s.h.Network), plan.K(zoneKey(z)))
		group := l.zoneGroupOfResources(s)
		l.parts.Zones = append(l.parts.Zones, Zone{Part: part, In: In{group, z.Domain}, Domain: z.Domain})
		link.In.ResourceGroup, node.Ref = group, plan.Ref{Part: part.Name}
	}
	for _, viewer := range node.Networks {
		one := link
		one.Part = plan.Named("zonelink", link.Provider, s.origin, s.backend, l.networkKey(s.h.Network), plan.K(zoneKey(z)), l.networkKey(viewer))
		one.ResourceName, one.Zone, one.VNet = l.cloudName(l.networkKey(viewer)), node.Ref, l.vnetID(viewer)
		l.parts.ZoneLinks = append(l.parts.ZoneLinks, one)
		links = append(links, one.Name)
	}
	if len(node.Networks) > 0 {
		l.out.Zones = append(l.out.Zones, node)
	}
	return node.Ref, links
}

// zoneGroupOfResources is the resource group of the zones of one endpoint: several endpoints have zones
// of the same names, which no group holds twice.
func (l *lowering) zoneGroupOfResources(s zoneSet) plan.Ref {
	network := l.networkKey(s.h.Network)
	part := plan.Named("resourcegroup", s.provider, s.origin, plan.K("zones"), s.backend, network)
	if !slices.ContainsFunc(l.parts.ResourceGroups, func(g ResourceGroup) bool { return g.Name == part.Name }) {
		l.parts.ResourceGroups = append(l.parts.ResourceGroups, ResourceGroup{
			Part: part, ResourceName: l.cloudName(plan.K("zones"), s.backend, network), Location: s.region,
		})
	}
	return plan.Ref{Part: part.Name}
}

// existingZone is the look-up of a declared zone, listed once.
func (l *lowering) existingZone(key string) ExistingZone {
	z := l.t.Zones[key]
	id, _ := parseZoneID(z.Existing)
	part := ExistingZone{
		Provider: l.provider(l.subscriptions[strings.ToLower(id.subscription)]), ResourceGroup: id.group, Domain: id.domain, MinLinks: len(z.Networks),
		Origin: l.origin("zones." + key + ".existing"),
	}
	for network, name := range topology.Sorted(z.Links) {
		if l.t.Networks[network].Existing != nil {
			part.Links = append(part.Links, ExistingLink{
				Name: name, VNet: l.vnetID(network).Existing, Redirect: z.FallThrough, Origin: l.origin("zones." + key + ".links." + network),
			})
		}
	}
	if !slices.ContainsFunc(l.parts.ExistingZones, func(other ExistingZone) bool { return other.Origin == part.Origin }) {
		l.parts.ExistingZones = append(l.parts.ExistingZones, part)
	}
	return part
}

// subscriptions finds the account of each subscription, in lower case.
func subscriptions(t *topology.Topology) map[string]string {
	accounts := map[string]string{}
	for key, a := range topology.Sorted(t.Accounts) {
		if a.Kind == Name {
			accounts[strings.ToLower(compile.Decode[account](a.Body).Subscription)] = key
		}
	}
	return accounts
}
