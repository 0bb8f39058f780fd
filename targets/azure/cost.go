package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// Cost counts private endpoints, the private DNS zones that are made for them and DNS inbound endpoints.
// What a workspace costs depends on the data that it takes in.
func Cost(p *plan.Plan) cost.Counted {
	parts, ok := p.Parts[Name].(*Parts)
	if !ok {
		return cost.Counted{}
	}
	prices := cost.PricesOf(p, schema.AzurePrices())
	var lines cost.Lines
	regions := map[string]string{}
	for _, e := range parts.PrivateEndpoints {
		network, backend := hostingOf(e.Name)
		regions[backend+"_"+network] = e.Location
		lines.Add(network, backend, prices.Rate("private-endpoint-hour", e.Location), 1)
	}
	for _, z := range parts.Zones {
		network, backend := hostingOf(z.Name)
		lines.Add(network, backend, prices.Rate("private-zone-month", regions[backend+"_"+network]), 1)
	}
	for _, e := range parts.InboundEndpoints {
		network := strings.SplitN(e.Name, "_", 3)[1]
		lines.Add(network, "", prices.Rate("inbound-endpoint-month", e.Location), 1)
	}
	return cost.Counted{Lines: lines.All()}
}

// hostingOf is the network and the backend in the name of an endpoint or a zone of one:
// endpoint_<backend>_<network>.
func hostingOf(name string) (network, backend string) {
	steps := strings.SplitN(name, "_", 4)
	return steps[2], steps[1]
}
