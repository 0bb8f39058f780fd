package azure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/lift"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// Lift adds to g what the manifest's Azure resources make of the network, read from their types and
// inputs alone: neither parts nor a plan, so that a proof on the lifted graph speaks of what will be
// deployed (DESIGN §5.10). It returns what it could not understand or what Azure would not do; such a
// resource is left out of the graph.
func Lift(v *manifest.View, g *plan.Graph) []string {
	l := &lifting{
		Reader: lift.Reader{View: v}, g: g, networks: map[string]int{}, subnets: map[string]spot{}, locations: map[string]string{},
		groups: map[string]*securityGroup{}, tables: map[string][]userRoute{}, used: map[spot]*edge{}, zones: map[string]*zone{}, records: map[string]string{},
		arcRegions: map[string]string{}, gateways: map[string]int{}, groupsThere: map[string]bool{}, hosts: map[string]bool{}, known: map[string]naming{}, scopes: map[string]bool{}, aliases: map[string]string{}, led: map[string]bool{},
	}
	l.index()
	l.indexArc()
	for i := range v.Resources {
		if r := &v.Resources[i]; r.Package() == language.Package && !r.IsProvider() && r.Type != resourceGroupType && silentTypes[r.Type] == "" {
			l.home(r) // what is kept in no group of its subscription is a problem, whatever it is
		}
	}
	language.Read(&l.Reader, l)
	l.finish()
	return l.Problems
}

// lifting holds the graph while it is made.
type lifting struct {
	lift.Reader
	g *plan.Graph
	// networks and subnets find a thing of the graph by the resource or id that it is.
	networks map[string]int
	subnets  map[string]spot
	// locations are those of existing networks, as they are looked up.
	locations map[string]string
	groups    map[string]*securityGroup // by resource
	tables    map[string][]userRoute    // by resource
	used      map[spot]*edge            // what a created subnet says of its edge
	zones     map[string]*zone          // by resource
	records   map[string]string         // an endpoint's zone group
	// arcRegions are those of Arc scopes, by resource or id.
	arcRegions map[string]string
	// scopes are the ids of existing scopes, and known existing resources of scopes, by id.
	scopes map[string]bool
	known  map[string]naming
	// groupsThere are the ids of security groups that are looked up, and hosts the addresses of tunnels' hosts.
	groupsThere, hosts map[string]bool
	// gateways are the networks of VPN gateways, by resource or id.
	gateways  map[string]int
	endpoints []privateEndpoint
	halves    []half
	led       map[string]bool   // scopes that an endpoint leads to
	aliases   map[string]string // an endpoint's service of others
}

// spot is a subnet's place in the graph.
type spot struct{ network, subnet int }

// key names what a reference is: ARM does not tell ids apart by case.
func key(ref plan.Ref) string {
	if ref.Part != "" {
		return "${" + ref.Part + "}"
	}
	return strings.ToLower(ref.Existing)
}

func (l *lifting) index() {
	for i := range l.g.Networks {
		n := &l.g.Networks[i]
		l.networks[key(n.Ref)] = i
		for j, s := range n.Subnets {
			l.subnets[key(s.Ref)] = spot{i, j}
		}
	}
	l.indexZones()
	for _, c := range l.g.Connections {
		l.hosts[c.B.Gateway.String()] = c.B.Gateway.IsValid()
	}
	for _, a := range l.View.Assumptions {
		l.indexGroup(a)
		l.indexMonitored(a)
		l.indexGateway(a)
		l.indexScope(a)
		if a.Function != "azure-native:network:getVirtualNetwork" {
			continue
		}
		group, _ := a.Args["resourceGroupName"].(string)
		name, _ := a.Args["virtualNetworkName"].(string)
		location, _ := a.Expected["location"].(string)
		l.locations[armID(l.subscription(&manifest.Resource{Provider: a.Provider})+"/"+group, "virtualNetworks", name)] = plainLocation(location)
	}
}

// finish makes what can be said only when all resources are known.
func (l *lifting) finish() {
	l.joinPeerings()
	l.makeTables()
	l.makeFilters()
	l.placeEndpoints()
	l.lonelyArc()
	l.makeZones()
	for i := range l.g.Networks {
		for _, t := range l.g.Networks[i].RouteTables {
			slices.SortStableFunc(t.Routes, func(a, b plan.Route) int {
				return cmp.Or(a.Destination.Compare(b.Destination), cmp.Compare(a.Target, b.Target))
			})
		}
	}
}

func (l *lifting) name(network int) string { return l.g.Networks[network].Name }

func (l *lifting) subnetAt(s spot) *plan.Subnet { return &l.g.Networks[s.network].Subnets[s.subnet] }

// inner is a field of an input that is an object.
func inner(fields map[string]any, input, name string) any {
	object, _ := fields[input].(map[string]any)
	return object[name]
}
