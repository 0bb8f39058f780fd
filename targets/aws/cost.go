package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// Cost counts what AWS asks money for: endpoints by zone and hour, DNS inbound endpoints by address and
// hour, private hosted zones, the attachments of transit gateways, and the VPNs of sites by the hour.
// VPCs, subnets, route tables, security groups, VPN gateways and peerings are free; data is not in the sum.
func Cost(p *plan.Plan) cost.Counted {
	parts, ok := p.Parts[Name].(*Parts)
	if !ok {
		return cost.Counted{}
	}
	c := newCounter(p, parts)
	for _, e := range parts.Endpoints {
		network, backend := hostingOf(e.Name)
		c.lines.Add(network, backend, c.prices.Rate("endpoint-hour", c.regions[network]), len(e.Subnets))
	}
	for _, z := range parts.Zones {
		network, backend := hostingOf(z.Name)
		c.lines.Add(network, backend, c.prices.Rate("zone-month", c.regions[network]), 1)
	}
	c.vpns(parts)
	c.routers(p)
	for _, e := range parts.InboundEndpoints {
		network := strings.TrimPrefix(e.Name, "inboundendpoint_")
		c.lines.Add(network, "", c.prices.Rate("resolver-hour", c.regions[network]), len(e.Subnets))
	}
	counted := cost.Counted{Lines: c.lines.All()}
	for _, l := range p.Links {
		if link, ok := c.link(l); ok {
			counted.Links = append(counted.Links, link)
		}
	}
	return counted
}

// vpns counts the VPNs of sites, which serve every backend.
func (c *counter) vpns(parts *Parts) {
	for _, v := range parts.VPNConnections {
		_, site, _ := strings.Cut(v.Name, "_")
		c.lines.Add(site, "", c.prices.Rate("vpn-hour", c.providers[v.Provider]), 1)
		if v.TransitGateway != (plan.Ref{}) {
			c.lines.Add(site, "", c.prices.Rate("transit-hour", c.providers[v.Provider]), 1)
		}
	}
}

// routers counts the attachments of transit gateways: each VPC's, and both ends of a peering of two
// gateways, each in its own region (each end is billed; recalled).
func (c *counter) routers(p *plan.Plan) {
	parts := p.Parts[Name].(*Parts)
	attached := map[string]string{} // network by attachment
	for _, link := range p.Graph.Connections {
		attached[link.Name] = link.A.Node
	}
	for _, a := range parts.TransitAttachments {
		network := attached[a.Name]
		c.lines.Add(network, "", c.prices.Rate("transit-hour", c.regions[network]), 1)
	}
	for _, a := range parts.TransitPeerings {
		near, far := hostingOf(a.Name) // the keys of two gateways
		c.lines.Add(near, "", c.prices.Rate("transit-hour", c.providers[a.Provider]), 1)
		c.lines.Add(far, "", c.prices.Rate("transit-hour", a.AccepterRegion), 1)
	}
}

// hostingOf is the network and the backend in the name of a part of a hosting, which is of keys joined
// by "_" behind the kind.
func hostingOf(name string) (network, backend string) {
	steps := strings.SplitN(name, "_", 4)
	return steps[1], steps[2]
}

// set is the endpoints of one backend in one network.
type set struct {
	services  int
	addresses int
	zones     int
	// home is where the services answer; private says that they are somebody's endpoint services, which
	// can be reached from other regions.
	home    string
	private bool
	links   int
}

type counter struct {
	prices  *cost.Prices
	lines   cost.Lines
	regions map[string]string // of networks
	// providers are regions by the provider's name.
	providers map[string]string
	sets      map[[2]string]*set
}

func newCounter(p *plan.Plan, parts *Parts) *counter {
	c := &counter{prices: cost.PricesOf(p, schema.AWSPrices()), regions: map[string]string{}, sets: map[[2]string]*set{}}
	providers := map[string]string{} // region by name
	for _, provider := range parts.Providers {
		providers[provider.Name] = provider.Region
	}
	c.providers = providers
	vpcs := map[plan.Ref]string{}
	for _, v := range parts.VPCs {
		vpcs[plan.Ref{Part: v.Name}] = providers[v.Provider]
	}
	for _, v := range parts.ExistingVPCs {
		vpcs[plan.Ref{Existing: v.ID}] = providers[v.Provider]
	}
	for _, n := range p.Graph.Networks {
		if region := vpcs[n.Ref]; region != "" {
			c.regions[n.Name] = region
		}
	}
	for _, e := range parts.Endpoints {
		network, backend := hostingOf(e.Name)
		s := c.set(network, backend)
		s.services++
		s.addresses += len(e.Subnets)
		s.home = cmp.Or(e.ServiceRegion, c.regions[network])
		s.private = strings.HasPrefix(e.ServiceName, "com.amazonaws.vpce.")
	}
	for _, z := range parts.Zones {
		c.set(hostingOf(z.Name)).zones++
	}
	for _, l := range p.Links {
		c.set(l.Network, l.To).links++
	}
	return c
}

func (c *counter) set(network, backend string) *set {
	id := [2]string{network, backend}
	if c.sets[id] == nil {
		c.sets[id] = &set{}
	}
	return c.sets[id]
}

// link compares the ways of a link. A site has one: where its connection ends is given, and nothing is
// passed on from there through a peering.
func (c *counter) link(l plan.Link) (cost.Link, bool) {
	s := c.set(l.Network, l.To)
	if c.regions[l.Network] == "" || s.services == 0 {
		return cost.Link{}, false
	}
	link := cost.Link{Name: l.Name, From: l.From, To: l.To, Network: l.Network, Shared: s.links}
	for _, w := range c.ways(l, s) {
		w.Used = w.Mechanism == l.Mechanism
		if region := c.regions[l.From]; w.Used || region != "" && s.private {
			link.Ways = append(link.Ways, w)
		}
	}
	slices.SortStableFunc(link.Ways, func(a, b cost.Way) int {
		return cmp.Or(-compare(a.Used, b.Used), cmp.Compare(len(a.Monthly.Unknown), len(b.Monthly.Unknown)), cmp.Compare(a.Monthly.USD, b.Monthly.USD))
	})
	return link, true
}

func compare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// ways are the mechanisms by which a client of one region reaches services that answer in another one,
// or in the same. The endpoints are as many, in as many zones, as the plan has.
func (c *counter) ways(l plan.Link, s *set) []cost.Way {
	from := cmp.Or(c.regions[l.From], c.regions[l.Network])
	zones := s.zones
	if zones == 0 {
		zones = s.services
	}
	hour := func(region string) cost.Sum { return c.prices.Rate("endpoint-hour", region).Monthly(s.addresses) }
	perGB := func(item, region string) cost.Sum { return c.prices.Rate(item, region).Monthly(1) }
	named := c.prices.Rate("zone-month", s.home).Monthly(zones)
	travel := func(from, to string) cost.Sum { // of a gigabyte between regions
		if from == to {
			return cost.Sum{}
		}
		return perGB("region-gb", from)
	}
	there := travel(from, s.home).Plus(perGB("endpoint-gb", s.home))
	attachments := c.prices.Rate("transit-hour", from).Monthly(2)
	if from != s.home { // a VPC and a peering at either end
		attachments = attachments.Plus(c.prices.Rate("transit-hour", s.home).Monthly(2))
	}
	ways := []cost.Way{
		{Mechanism: "peering", Monthly: hour(s.home).Plus(named), PerGB: there},
		{Mechanism: "transit gateway", Monthly: hour(s.home).Plus(named).Plus(attachments), PerGB: there.Plus(perGB("transit-gb", from))},
	}
	own := "cross-region endpoint"
	if from == s.home {
		own = "endpoint"
	}
	ways = append(ways, cost.Way{Mechanism: own, Monthly: hour(from), PerGB: travel(from, s.home).Plus(perGB("endpoint-gb", from))})
	hub := from
	if l.Mechanism == acrossPeering {
		hub = c.regions[l.Network]
	}
	if hub != s.home {
		ways = append(ways, cost.Way{
			Mechanism: acrossPeering, Monthly: hour(hub).Plus(named),
			PerGB: travel(from, hub).Plus(travel(hub, s.home)).Plus(perGB("endpoint-gb", hub)),
		})
	}
	if hub = c.regions[l.Network]; l.Mechanism == acrossTransit {
		routers := c.prices.Rate("transit-hour", from).Monthly(2)
		if from != hub {
			routers = routers.Plus(c.prices.Rate("transit-hour", hub).Monthly(2))
		}
		ways = append(ways, cost.Way{
			Mechanism: acrossTransit, Monthly: hour(hub).Plus(named).Plus(routers),
			PerGB: travel(from, hub).Plus(travel(hub, s.home)).Plus(perGB("endpoint-gb", hub)).Plus(perGB("transit-gb", from)),
		})
	}
	return ways
}

// Hubs in another region than the services.
const (
	acrossPeering = "peering with a cross-region endpoint"
	acrossTransit = "transit gateway with a cross-region endpoint"
)
