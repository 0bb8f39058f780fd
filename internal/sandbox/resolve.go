package sandbox

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

var (
	// ErrPublic: no private zone speaks for the name, so the answer is the public one.
	ErrPublic = errors.New("public")
	// ErrNXDomain: a private zone speaks for the name and does not have it.
	ErrNXDomain = errors.New("NXDOMAIN")
)

// publicAliases are the CNAMEs of Azure's public DNS that lead into Azure Monitor's names (facts/azure.md §2.2, confirmed rows;
// of Azure Government the names are public and where they lead is inferred).
var publicAliases = map[string]string{
	"api.loganalytics.io":                  "api.monitor.azure.com",
	"dc.services.visualstudio.com":         "global.in.ai.monitor.azure.com",
	"dc.applicationinsights.microsoft.com": "global.in.ai.monitor.azure.com",
	"dc.applicationinsights.azure.com":     "global.in.ai.monitor.azure.com",
	"api.loganalytics.us":                  "api.monitor.azure.us",
	"dc.applicationinsights.us":            "global.in.ai.monitor.azure.us",
}

// Resolve gives what the cloud's own resolver answers inside a network: a VPC id (or account/region/vpc-…, where an id exists twice)
// or the resource id of a VNet. The error wraps ErrPublic or ErrNXDomain where one of them is the answer.
func (c *Clouds) Resolve(network, name string) ([]netip.Addr, error) {
	r := &call{tx: &tx{db: c.db}}
	name = domain(name)
	if strings.HasPrefix(strings.ToLower(network), "/subscriptions/") {
		vnet := r.arm(networkToken, network)
		if vnet == nil {
			return nil, fmt.Errorf("no virtual network %q", network)
		}
		return r.inVNet(vnet, name)
	}
	vpc, err := r.anyVPC(network)
	if err != nil {
		return nil, err
	}
	return r.inVPC(vpc, name, 8)
}

func (c *call) anyVPC(id string) (*Object, error) {
	parts := strings.Split(id, "/")
	found := c.everywhere(vpcToken, parts[len(parts)-1])
	if len(parts) == 3 {
		found = slices.DeleteFunc(found, func(o *Object) bool { return o.Account != parts[0] || o.Region != parts[1] })
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("no VPC %q", id)
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("VPC %q is in several accounts or regions; say which as account/region/%s", id, id)
}

// inVPC: an endpoint's own names are public and lead to private addresses; then the most specific of the private zones and the
// endpoints' hidden zones decides alone (facts/datadog_aws.md §4.2, 4.6, 4.18).
func (c *call) inVPC(vpc *Object, name string, depth int) ([]netip.Addr, error) {
	if e := c.endpointNamed(name); e != nil && strings.HasSuffix(name, ".vpce.amazonaws.com") {
		return c.endpointAddresses(e, name), nil
	}
	if !flag(vpc.Attributes, "enableDnsSupport") {
		return nil, fmt.Errorf("%s: VPC %s has no resolver (enableDnsSupport is false)", name, vpc.ID)
	}
	if !flag(vpc.Attributes, "enableDnsHostnames") { // private zones need both attributes
		return nil, fmt.Errorf("%s: %w (private zones need enableDnsHostnames in VPC %s)", name, ErrPublic, vpc.ID)
	}
	var best *Object // a zone or an endpoint
	length := -1
	for _, z := range c.zonesOn(vpc) {
		if n := z.attr("name"); covers(n, name) && len(n) > length {
			best, length = z, len(n)
		}
	}
	for _, e := range c.of(vpc, endpointToken) {
		for _, n := range strs(e.Attributes, "_privateNames") {
			if n = strings.TrimPrefix(n, "*."); covers(n, name) && len(n) > length {
				best, length = e, len(n)
			}
		}
	}
	switch {
	case best == nil:
		return nil, fmt.Errorf("%s: %w", name, ErrPublic)
	case best.Type == endpointToken:
		for _, n := range strs(best.Attributes, "_privateNames") {
			if n == name || strings.HasPrefix(n, "*.") && covers(n[2:], name) && n[2:] != name {
				return c.endpointAddresses(best, name), nil
			}
		}
		return nil, fmt.Errorf("%s: %w in the private DNS of %s", name, ErrNXDomain, best.ID)
	}
	return c.inZone(vpc, best, name, depth)
}

func covers(zone, name string) bool { return name == zone || strings.HasSuffix(name, "."+zone) }

func (c *call) inZone(vpc, zone *Object, name string, depth int) ([]netip.Addr, error) {
	record := c.bestRecord(zone, name)
	if record == nil {
		return nil, fmt.Errorf("%s: %w in private zone %s (%s)", name, ErrNXDomain, zone.attr("name"), zone.ID)
	}
	values := strs(record.Attributes, "_values")
	switch target := record.attr("_alias"); {
	case target != "":
		if e := c.endpointNamed(target); e != nil {
			return c.endpointAddresses(e, target), nil
		}
		if r := c.bestRecord(zone, target); r != nil && r != record && depth > 0 {
			return c.inZone(vpc, zone, target, depth-1)
		}
		return nil, fmt.Errorf("%s: the alias target %s is gone", name, target)
	case record.attr("_type") == "CNAME" && len(values) == 1 && depth > 0:
		return c.inVPC(vpc, domain(values[0]), depth-1)
	case record.attr("_type") == "A":
		return parsed(values), nil
	}
	return nil, fmt.Errorf("%s: no A record in private zone %s", name, zone.attr("name"))
}

// bestRecord prefers the name itself to a wildcard, and a long wildcard to a short one; A records to others.
func (c *call) bestRecord(zone *Object, name string) *Object {
	var best *Object
	length := -1
	for _, r := range c.of(zone, recordToken) {
		n, score := r.attr("fqdn"), -1
		if n == name {
			score = 2 * len(n)
		} else if rest, ok := strings.CutPrefix(n, "*."); ok && covers(rest, name) && rest != name {
			score = len(rest)
		}
		if score >= 0 && r.attr("_type") == "A" {
			score++
		}
		if score > length {
			best, length = r, score
		}
	}
	if length < 0 {
		return nil
	}
	return best
}

// endpointAddresses: a zonal name leads to its zone's interface, every other name to all of them.
func (c *call) endpointAddresses(e *Object, name string) []netip.Addr {
	var all, zonal []string
	for _, nic := range c.of(e, interfaceToken) {
		all = append(all, nic.attr("privateIp"))
		if strings.HasPrefix(name, e.ID+"-"+e.attr("_hash")+"-"+nic.attr("availabilityZone")+".") {
			zonal = append(zonal, nic.attr("privateIp"))
		}
	}
	if len(zonal) > 0 {
		return parsed(zonal)
	}
	return parsed(all)
}

func parsed(addresses []string) []netip.Addr {
	var out []netip.Addr
	for _, s := range addresses {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, netip.Addr.Compare)
	return out
}

// inVNet: Azure Monitor's public names always lead to a privatelink name (facts/azure.md §1.19), which the linked private zone answers.
func (c *call) inVNet(vnet *Object, name string) ([]netip.Addr, error) {
	asked := name
	if target, ok := publicAliases[name]; ok {
		name = target
	}
	for _, suffix := range []string{".com", ".us"} {
		if host, ok := strings.CutSuffix(name, ".in.applicationinsights.azure"+suffix); ok {
			name = host + ".in.ai.monitor.azure" + suffix
		}
	}
	if addresses, err := c.inLinkedZone(vnet, name); !errors.Is(err, ErrPublic) {
		return addresses, err
	}
	record, zone, ok := privateLinkName(name)
	if !ok || (strings.HasPrefix(zone, "privatelink.blob.core.") && record != "scadvisorcontentpl") { // other accounts have no such CNAME
		return nil, fmt.Errorf("%s: %w", asked, ErrPublic)
	}
	return c.inLinkedZone(vnet, record+"."+zone)
}

func (c *call) inLinkedZone(vnet *Object, name string) ([]netip.Addr, error) {
	var best, bestLink *Object
	for _, l := range c.of(vnet, linkToken) {
		zone := c.arm(privateZoneToken, parentOf(l.ID))
		if zone != nil && covers(strings.ToLower(zone.Name), name) && (best == nil || len(zone.Name) > len(best.Name)) {
			best, bestLink = zone, l
		}
	}
	if best == nil {
		return nil, fmt.Errorf("%s: %w", name, ErrPublic)
	}
	var wildcard *Object
	for _, r := range c.of(best, recordSetToken) {
		if strings.EqualFold(r.attr("fqdn"), name) {
			return parsed(strs(r.Attributes, "_addresses")), nil
		}
		if r.Name == "*" {
			wildcard = r
		}
	}
	if wildcard != nil && !strings.EqualFold(best.Name, name) {
		return parsed(strs(wildcard.Attributes, "_addresses")), nil
	}
	if bestLink.attr("_policy") == "NxDomainRedirect" {
		return nil, fmt.Errorf("%s: %w (zone %s does not have it and falls through)", name, ErrPublic, best.Name)
	}
	return nil, fmt.Errorf("%s: %w in private zone %s", name, ErrNXDomain, best.Name)
}
