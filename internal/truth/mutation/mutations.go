package mutation

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/truth"
)

// Mutation is a world with one declaration deleted or changed.
type Mutation struct {
	Name  string
	World *truth.World
	// Culprits are words one of which a right finding has: the object, or the nodes that it is of.
	Culprits []string
}

// kept are types that are not deleted: all that stands on them would go too, and the names with it.
var kept = []string{
	"pulumi:providers", ":Vpc", ":Subnet", ":VpcEndpoint", ":SecurityGroup", ":PrivateEndpoint", ":VirtualNetwork", ":ResourceGroup",
	":PrivateLinkScope", ":PrivateLinkScopedResource", ":Workspace", ":Component", ":DataCollectionEndpoint", "ec2/routeTable:RouteTable",
	"network:RouteTable", ":VpcPeeringConnection", ":NetworkAcl", ":PublicIPAddress",
}

// Mutations are all that is deleted and changed in a case, one at a time.
func (c *Case) Mutations() []Mutation {
	lifted, _ := c.World.Lift()
	m := &list{c: c, lifted: lifted}
	for _, r := range c.World.Manifest.Resources {
		m.resource(r)
	}
	d := c.World.Declared
	for i := range d.Connections {
		m.connection(i)
	}
	for i := range d.Networks {
		m.network(i)
	}
	for i := range d.Filters {
		m.filter(i)
	}
	for i := range d.Sites {
		m.site(i)
	}
	for i := range d.Zones {
		m.zone(i)
	}
	for i := range d.Resolvers {
		words := []string{d.Resolvers[i].Name, d.Resolvers[i].Network}
		for _, a := range d.Resolvers[i].Addresses {
			words = append(words, a.String())
		}
		m.change("resolver "+d.Resolvers[i].Name+" moved", words, func(g *plan.Graph) {
			g.Resolvers[i].Addresses = []netip.Addr{netip.MustParseAddr("10.251.0.53")}
		})
	}
	return m.all
}

type list struct {
	c      *Case
	lifted plan.Graph
	all    []Mutation
}

// change mutates what is declared.
func (m *list) change(name string, culprits []string, f func(*plan.Graph)) {
	w := m.c.World.Clone()
	f(&w.Declared)
	m.all = append(m.all, Mutation{name, w, culprits})
}

// set mutates an input of a resource.
func (m *list) set(r manifest.Resource, what string, f func(inputs map[string]any)) {
	w := m.c.World.Clone()
	i := slices.IndexFunc(w.Manifest.Resources, func(x manifest.Resource) bool { return x.Type == r.Type && x.Name == r.Name })
	f(w.Manifest.Resources[i].Inputs)
	m.all = append(m.all, Mutation{r.Name + ": " + what, w, m.words(r)})
}

func (m *list) resource(r manifest.Resource) {
	if !slices.ContainsFunc(kept, func(k string) bool { return strings.HasSuffix(r.Type, k) || strings.HasPrefix(r.Type, k) }) {
		m.all = append(m.all, Mutation{"without " + r.Name, m.c.World.Without(r.Name), m.words(r)})
	}
	for _, field := range []string{"destinationCidrBlock", "cidrIpv4"} {
		if p, err := netip.ParsePrefix(r.Text(field)); err == nil && p.Bits() < 32 {
			m.set(r, field+" halved", func(in map[string]any) { in[field] = netip.PrefixFrom(p.Addr(), p.Bits()+1).String() })
			m.set(r, field+" widened", func(in map[string]any) { in[field] = netip.PrefixFrom(p.Addr(), p.Bits()-1).Masked().String() })
		}
	}
	switch short := r.Type[strings.LastIndexByte(r.Type, ':')+1:]; short {
	case "SecurityGroupEgressRule":
		m.set(r, "another port", func(in map[string]any) { in["fromPort"], in["toPort"] = 8443.0, 8443.0 })
		m.set(r, "to nobody", func(in map[string]any) { in["cidrIpv4"] = "10.251.0.1/32" })
	case "SecurityGroupIngressRule":
		m.set(r, "another port", func(in map[string]any) { in["fromPort"], in["toPort"] = 8443.0, 8443.0 })
		m.set(r, "more ports", func(in map[string]any) { in["fromPort"], in["toPort"] = 400.0, 500.0 })
	case "Vpc":
		for _, attribute := range []string{"enableDnsSupport", "enableDnsHostnames"} {
			m.set(r, attribute+" off", func(in map[string]any) { in[attribute] = false })
		}
	case "VpcPeeringConnectionAccepter":
		m.set(r, "does not accept", func(in map[string]any) { in["autoAccept"] = false })
	case "VpcEndpoint":
		if r.Inputs["privateDnsEnabled"] == true {
			m.set(r, "without private DNS", func(in map[string]any) { in["privateDnsEnabled"] = false })
		}
	case "Zone", "PrivateZone":
		m.zoneResource(r)
	case "Record":
		m.set(r, "another name", func(in map[string]any) { in["name"] = "other." + r.Text("name") })
		m.set(r, "plain addresses", func(in map[string]any) {
			delete(in, "aliases")
			in["records"], in["ttl"] = []any{"10.251.0.1"}, 60.0
		})
	case "RouteTable":
		for i := range r.List("routes") {
			m.set(r, fmt.Sprintf("without route %d", i), func(in map[string]any) {
				in["routes"] = slices.Delete(slices.Clone(r.List("routes")), i, i+1)
			})
		}
	case "LocalNetworkGateway":
		m.set(r, "routes elsewhere", func(in map[string]any) {
			in["localNetworkAddressSpace"] = map[string]any{"addressPrefixes": []any{nowhere.String()}}
		})
	case "VirtualNetworkLink":
		m.set(r, "default policy", func(in map[string]any) { in["resolutionPolicy"] = "Default" })
	case "PrivateDnsZoneGroup":
		for i := range r.List("privateDnsZoneConfigs") {
			m.set(r, fmt.Sprintf("without zone %d", i), func(in map[string]any) {
				in["privateDnsZoneConfigs"] = slices.Delete(slices.Clone(r.List("privateDnsZoneConfigs")), i, i+1)
			})
		}
	case "Subnet":
		if r.Has("privateEndpointNetworkPolicies") {
			m.set(r, "policies on", func(in map[string]any) { in["privateEndpointNetworkPolicies"] = "Enabled" })
		}
	}
}

func (m *list) zoneResource(r manifest.Resource) {
	field := "name"
	if r.Has("privateZoneName") {
		field = "privateZoneName"
	}
	m.set(r, "another name", func(in map[string]any) { in[field] = "other." + r.Text(field) })
	for i := range r.List("vpcs") {
		if len(r.List("vpcs")) > 1 {
			m.set(r, fmt.Sprintf("not for network %d", i), func(in map[string]any) {
				in["vpcs"] = slices.Delete(slices.Clone(r.List("vpcs")), i, i+1)
			})
		}
	}
}

// behind are the groups of servers that a security group which is there already stands before.
func (m *list) behind(id string) (words []string) {
	for _, n := range m.c.World.Declared.Networks {
		for _, c := range n.Clients {
			if id != "" && c.SecurityGroup == id {
				words = append(words, fmt.Sprintf("client %q of network %q", c.Name, n.Name))
			}
		}
	}
	return words
}

// words are those by which a finding can name a resource: its own name, what it refers to, the
// networks and sites that it is of, and the domain or prefix that it is for.
func (m *list) words(r manifest.Resource) []string {
	words := append([]string{r.Name}, m.behind(r.Text("securityGroupId"))...)
	view := manifest.NewView(m.c.World.Manifest)
	text := m.text(r)
	near := []manifest.Resource{r}
	for i := 0; i < len(near) && i < 20; i++ { // what it refers to, and what that refers to
		for _, ref := range manifest.References("", near[i].Inputs) {
			x := view.Resolve(ref.Text)
			if x == nil || slices.ContainsFunc(near, func(y manifest.Resource) bool { return y.Name == x.Name }) {
				continue
			}
			near = append(near, *x)
			words = append(words, x.Name)
			if domain := x.Text("privateZoneName"); domain != "" { // a record's zone
				words = append(words, domain)
			}
			text += m.text(*x) + x.Name
		}
	}
	if strings.HasSuffix(r.Type, "one") { // a zone is also of those that see it
		for _, x := range m.c.World.Manifest.Resources {
			for _, ref := range manifest.References("", x.Inputs) {
				if of := view.Resolve(ref.Text); of != nil && of.Name == r.Name {
					text += m.text(x)
				}
			}
		}
	}
	if strings.HasPrefix(r.Type, "aws:ram/") || strings.HasSuffix(r.Type, ":TransitGateway") { // and a gateway is of all that is attached
		for _, x := range view.OfType("aws:ec2transitgateway/vpcAttachment:VpcAttachment") {
			text += m.text(*x)
		}
	}
	for _, field := range []string{"name", "privateZoneName", "destinationCidrBlock", "cidrIpv4"} {
		if t := r.Text(field); t != "" {
			words = append(words, t)
		}
	}
	for _, n := range m.c.World.Declared.Networks {
		if r.Name == n.Ref.Part || n.Ref.Existing != "" && strings.Contains(text, n.Ref.Existing) || n.Ref.Part != "" && strings.Contains(text, n.Ref.Part) {
			words = append(words, `"`+n.Name+`"`)
		}
	}
	for _, s := range m.c.World.Declared.Sites {
		if s.Device != nil && strings.Contains(text, `"`+s.Device.Address+`"`) {
			words = append(words, `"`+s.Name+`"`)
		}
	}
	for _, x := range m.lifted.Resolvers { // where nobody answers any more
		if stands := view.Named(x.Ref.Part); stands != nil && (x.Ref.Part == r.Name || strings.Contains(m.text(*stands), "${"+r.Name+".")) {
			for _, a := range x.Addresses {
				words = append(words, a.String())
			}
		}
	}
	for _, c := range m.c.World.Declared.Connections {
		if id := c.B.Interface; id != "" && strings.Contains(text, id) || c.B.Gateway.IsValid() && strings.Contains(text, c.B.Gateway.String()) {
			words = append(words, `"`+c.A.Node+`"`)
		}
	}
	return words
}

func (m *list) text(r manifest.Resource) string {
	raw, err := json.Marshal(r.Inputs)
	if err != nil {
		panic("inputs do not marshal: " + err.Error())
	}
	return string(raw)
}
