package aws

import (
	"slices"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	fewAddresses = diag.Code{
		ID: "OBS750", Severity: diag.Error, Title: "a DNS inbound endpoint needs two addresses",
		Cause:   "Route 53 refuses a Resolver endpoint of one address (InvalidRequestException, RSLVR-00400; hashicorp/terraform-provider-aws#6563, 2019; API reference, CreateResolverEndpoint, 2026).",
		Example: `hub: inbound: a: subnet: "a"`,
		Mend:    `hub: inbound: {a: subnet: "a", b: subnet: "b"}   // in two availability zones`,
	}
	resolverZone = diag.Code{
		ID: "OBS751", Severity: diag.Warning, Title: "all addresses of a DNS inbound endpoint are in one availability zone",
		Cause:   "When that zone fails, the sites resolve none of the names that they forward. AWS asks for addresses in two zones and does not insist (Route 53 developer guide, resolver-choose-vpc, 2026).",
		Example: `subnets: a: zone: "use1-az6"` + "\n" + `inbound: {one: subnet: "a", two: subnet: "a"}`,
		Mend:    `subnets: {a: zone: "use1-az6", b: zone: "use1-az4"}` + "\n" + `inbound: {one: subnet: "a", two: subnet: "b"}`,
	}
	idleInbound = diag.Code{
		ID: "OBS752", Severity: diag.Warning, Title: "a DNS inbound endpoint that nobody may ask",
		Cause:   "Its security group admits the sites that forward to it and nobody else, so this one answers nobody, and costs as much as another.",
		Example: `hub: inbound: {a: subnet: "a", b: subnet: "b"}   // and no site forwards to hub`,
		Mend:    `sites: home: dns: forwardTo: "hub"`,
	}
	manyResolverAddresses = diag.Code{
		ID: "OBS753", Severity: diag.Warning, Title: "a DNS inbound endpoint has more addresses than one takes by default",
		Cause:   "A Resolver endpoint has 6 addresses unless the quota is raised; each answers up to 10,000 questions a second (Route 53 developer guide, DNSLimitations, 2023).",
		Example: `hub: inbound: {a: {…}, b: {…}, c: {…}, d: {…}, e: {…}, f: {…}, g: {…}}`,
		Mend:    `hub: inbound: {a: {…}, b: {…}}`,
	}
	manyResolvers = diag.Code{
		ID: "OBS754", Severity: diag.Warning, Title: "more Resolver endpoints than a region takes by default",
		Cause:   "An account has 4 Resolver endpoints in a region, outbound ones among them, unless the quota is raised (Route 53 developer guide, DNSLimitations, 2023). One network can answer the sites of all others whose zones it sees.",
		Example: `networks: {a: inbound: …, b: inbound: …, c: inbound: …, d: inbound: …, e: inbound: …}   // all in us-east-1`,
		Mend:    "let several sites forward to one network, or have the quota raised and acknowledge OBS754",
	}
)

// The fewest addresses of a Resolver endpoint.
const fewestAddresses = 2

// checkInbound checks the DNS inbound endpoints of AWS networks.
func checkInbound(t *topology.Topology) diag.List {
	var found diag.List
	type place struct{ account, region string }
	count := map[place]int{}
	q := schema.AWS().Quotas["resolverEndpointsPerRegion"]
	askers := askersOf(t)
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name || len(n.Inbound) == 0 {
			continue
		}
		at := "networks." + key + ".inbound"
		found = append(found, inboundAddresses(t, at, key, n)...)
		if len(askers[key]) == 0 {
			found = append(found, idleInbound.At(t.At(at), at, "no site forwards to network %q", key).
				WithHint("write sites: …: dns: forwardTo: %q, or remove inbound", key))
		}
		id := place{n.Account, n.Region}
		if count[id]++; count[id] == q.Default+1 {
			found = append(found, manyResolvers.At(t.At(at), at, "account %q would get a DNS inbound endpoint more than %d in %s", n.Account, q.Default, n.Region).
				WithHint("%s", raise(q, manyResolvers)))
		}
	}
	return found
}

// inboundAddresses checks how many addresses one network's endpoint has, and where.
func inboundAddresses(t *topology.Topology, at, network string, n *topology.Network) diag.List {
	var found diag.List
	q := schema.AWS().Quotas["addressesPerResolverEndpoint"]
	if len(n.Inbound) > q.Default {
		found = append(found, manyResolverAddresses.At(t.At(at), at, "the DNS inbound endpoint of network %q would have %d addresses; it has %d by default", network, len(n.Inbound), q.Default).
			WithHint("%s", raise(q, manyResolverAddresses)))
	}
	if len(n.Inbound) < fewestAddresses {
		return append(found, fewAddresses.At(t.At(at), at, "the DNS inbound endpoint of network %q has one address", network).
			WithHint("add another one, in a subnet of another availability zone"))
	}
	var zones []string
	for _, in := range topology.Sorted(n.Inbound) {
		s := n.Subnets[in.Subnet]
		zone := s.Zone
		if zone == "" && s.Existing != "" {
			return found // its zone is not declared
		}
		if !slices.Contains(zones, zone) {
			zones = append(zones, zone)
		}
	}
	if len(zones) == 1 {
		found = append(found, resolverZone.At(t.At(at), at, "all addresses of the DNS inbound endpoint of network %q are in one availability zone", network).
			WithHint("put one of them into a subnet of another zone"))
	}
	return found
}
