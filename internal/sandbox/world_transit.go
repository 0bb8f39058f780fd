package sandbox

import (
	"errors"
	"fmt"
)

// worldGateway is a transit gateway. Both defaults are on, as AWS makes them, unless defaults is false.
type worldGateway struct {
	ID          string              `json:"id"`
	ASN         int                 `json:"asn"`
	Defaults    *bool               `json:"defaults"`
	RouteTables []worldGatewayTable `json:"routeTables"`
	// SharedWith are accounts that have it by AWS RAM, and AutoAccept takes in what they attach.
	SharedWith []string `json:"sharedWith"`
	AutoAccept bool     `json:"autoAccept"`
}

type worldGatewayTable struct {
	ID      string `json:"id"`
	Default bool   `json:"default"`
	// Routes are prefixes that it has static routes to.
	Routes []string `json:"routes"`
}

func (g worldGateway) build(c *call) error {
	if g.ID == "" {
		return errors.New("write id")
	}
	on, table := g.Defaults == nil || *g.Defaults, awsID("tgw-rtb", g.ID)
	for _, t := range g.RouteTables {
		if t.Default {
			table = t.ID
		}
	}
	gateway := makeGateway(c, g.ID, on, on, table)
	gateway.Inputs = map[string]any{"amazonSideAsn": g.ASN, "autoAcceptSharedAttachments": "disable"}
	gateway.Attributes["_sharedWith"] = list(g.SharedWith...)
	if g.AutoAccept {
		gateway.Inputs["autoAcceptSharedAttachments"] = "enable"
	}
	if g.ASN == 0 {
		gateway.Inputs["amazonSideAsn"] = 64512
	}
	for _, t := range g.RouteTables {
		if t.ID == "" || t.Default && !on {
			return fmt.Errorf("route table %q; write an id, and a default one only where defaults are on", t.ID)
		}
		if c.aws(gatewayTableToken, t.ID) == nil {
			c.put(c.part(gatewayTableToken, c.who.region, t.ID, "", tableAttributes(c, t.ID, g.ID, false, false), gateway))
		}
		for _, prefix := range t.Routes {
			id := t.ID + "_" + prefix
			c.put(c.part(transitRouteToken, c.who.region, id, "", map[string]any{"id": id, "destinationCidrBlock": prefix}, c.aws(gatewayTableToken, t.ID)))
		}
	}
	return nil
}
