package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// Cost counts private endpoints, the private DNS zones that are made for them, DNS inbound endpoints, and
// VPN gateways with their addresses and what they have of tunnels beyond those in their price. What a
// workspace costs depends on the data that it takes in.
func Cost(p *plan.Plan) cost.Counted {
	parts, ok := p.Parts[Name].(*Parts)
	if !ok {
		return cost.Counted{}
	}
	prices := cost.PricesOf(p, schema.AzurePrices())
	rate := func(item, location string) cost.Rate {
		if cloud, name := schema.Azure().CloudOf(location); name != "" && cloud != schema.AzurePublic {
			return prices.DeclaredRate(item, location) // those of the catalogue are the public cloud's
		}
		return prices.Rate(item, location)
	}
	var lines cost.Lines
	regions := map[string]string{}
	for _, e := range parts.PrivateEndpoints {
		network, backend := hostingOf(e.Name)
		regions[backend+"_"+network] = e.Location
		lines.Add(network, backend, rate("private-endpoint-hour", e.Location), 1)
	}
	for _, z := range parts.Zones {
		network, backend := hostingOf(z.Name)
		lines.Add(network, backend, rate("private-zone-month", regions[backend+"_"+network]), 1)
	}
	for _, e := range parts.InboundEndpoints {
		network := strings.SplitN(e.Name, "_", 3)[1]
		lines.Add(network, "", rate("inbound-endpoint-month", e.Location), 1)
	}
	tunnels := map[plan.Ref]int{}
	for _, c := range parts.VPNConnections {
		tunnels[c.Gateway]++
	}
	for _, g := range parts.VPNGateways {
		network := strings.TrimPrefix(g.Name, "vpngateway_")
		lines.Add(network, "", rate(strings.ToLower(g.SKU)+"-hour", g.Location), 1)
		lines.Add(network, "", rate("public-ip-hour", g.Location), 1)
		if more := tunnels[plan.Ref{Part: g.Name}] - tunnelsIncluded; more > 0 {
			lines.Add(network, "", rate("vpn-tunnel-hour", g.Location), more)
		}
	}
	return cost.Counted{Lines: lines.All()}
}

// tunnelsIncluded are in the price of a VPN gateway (recalled, 2026-11).
const tunnelsIncluded = 10

// hostingOf is the network and the backend in the name of an endpoint or a zone of one:
// endpoint_<backend>_<network>.
func hostingOf(name string) (network, backend string) {
	steps := strings.SplitN(name, "_", 4)
	return steps[2], steps[1]
}
