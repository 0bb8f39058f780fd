package azure

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// Cost counts private endpoints and the private DNS zones that are made for them. What a workspace costs depends on the data that
// it takes in.
func Cost(p *plan.Plan) cost.Counted {
	parts, ok := p.Parts[Name].(*Parts)
	if !ok {
		return cost.Counted{}
	}
	prices := cost.PricesOf(p, schema.AzurePrices())
	var lines cost.Lines
	regions := map[string]string{}
	for _, e := range parts.PrivateEndpoints {
		regions[e.Name] = e.Location
		network, backend := hostingOf(e.Name)
		lines.Add(network, backend, prices.Rate("private-endpoint-hour", e.Location), 1)
	}
	for _, g := range parts.ZoneGroups {
		network, backend := hostingOf(g.Endpoint)
		created := slices.DeleteFunc(slices.Clone(g.Zones), func(z ZoneGroupMember) bool { return z.Zone.Existing != "" })
		if len(created) > 0 {
			lines.Add(network, backend, prices.Rate("private-zone-month", regions[g.Endpoint]), len(created))
		}
	}
	return cost.Counted{Lines: lines.All()}
}

// hostingOf is the network and the backend in the name of an endpoint: endpoint_<backend>_<network>.
func hostingOf(name string) (network, backend string) {
	steps := strings.SplitN(name, "_", 3)
	return steps[2], steps[1]
}
