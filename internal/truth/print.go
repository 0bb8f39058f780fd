package truth

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// reference is ${name.id} and the like; the name says enough.
var reference = regexp.MustCompile(`\$\{([^.}]+)\.(?:id|name)\}`)

type manifestResource = manifest.Resource

// String prints a world so that a person can read it: a line for each thing.
func (w *World) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("world of seed %d", w.Seed)
	for _, broken := range w.Broken {
		line("broken: %s", broken)
	}
	for _, r := range w.sorted() {
		line("%s %s%s", short(r.Type), r.Name, inputs(r))
	}
	w.printDeclared(line)
	for _, n := range w.Names {
		text := fmt.Sprintf("name %s endpoint=%s clients=%v", n.FQDN, n.Endpoint, n.Clients)
		if n.Canonical != "" {
			text += " canonical=" + n.Canonical
		}
		if len(n.Aliases) > 0 {
			text += fmt.Sprintf(" aliases=%v", n.Aliases)
		}
		line("%s", text)
	}
	for _, h := range w.Hosts {
		line("host %s %s", h.Node, h.Address)
	}
	line("asks %s", strings.Join(w.Questions, " "))
	return b.String()
}

func (w *World) printDeclared(line func(string, ...any)) {
	for _, n := range w.Declared.Networks {
		line("network %s %s%s %v dns=%t%s", n.Name, n.Ref.Part, n.Ref.Existing, n.CIDRs, n.DNSAttributes, mode(n.DNS))
		for _, s := range n.Subnets {
			line("  subnet %s %s%s %v table=%s filters=%v", s.Name, s.Ref.Part, s.Ref.Existing, s.CIDR, s.RouteTable, s.Filters)
		}
		for _, t := range n.RouteTables {
			line("  table %s %s%s", t.Name, t.Ref.Part, t.Ref.Existing)
		}
		for _, c := range n.Clients {
			line("  client %s %s filter=%s", c.Name, c.CIDR, c.Filter)
		}
	}
	for _, s := range w.Declared.Sites {
		line("site %s %v%s", s.Name, s.CIDRs, mode(s.DNS))
	}
	for _, c := range w.Declared.Connections {
		line("%s %s %s - %s", c.Kind, c.Name, end(c.A), end(c.B))
	}
	for _, f := range w.Declared.Filters {
		line("filter %s stateless=%t in=%s out=%s", f.Name, f.Stateless, rules(f.Ingress), rules(f.Egress))
	}
	for _, z := range w.Declared.Zones {
		line("zone %s %s networks=%v fallThrough=%t records=%v", z.Name, z.Ref.Existing, z.Networks, z.FallThrough, z.Records)
	}
	for _, r := range w.Declared.Resolvers {
		line("resolver %s in %s at %v filters=%v", r.Name, r.Network, r.Addresses, r.Filters)
	}
}

// sorted is the manifest in the order of types and names, as a recorded one is.
func (w *World) sorted() []manifest.Resource {
	all := slices.Clone(w.Manifest.Resources)
	slices.SortFunc(all, func(a, b manifest.Resource) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func mode(d plan.DNS) string {
	text := ""
	if d.Mode != "" {
		text = " asks=" + d.Mode
	}
	for _, f := range d.Forwards {
		text += fmt.Sprintf(" forward=%s:%v", f.Domain, f.Servers)
	}
	return text
}

func end(e plan.End) string {
	text := e.Node
	if e.Gateway.IsValid() {
		text += "@" + e.Gateway.String() + " " + e.Interface
	}
	if e.SNAT {
		text += " snat"
	}
	if e.Table != "" {
		text += " table=" + e.Table
	}
	return text + fmt.Sprint(e.Allowed)
}

func rules(all []plan.Rule) string {
	texts := make([]string, len(all))
	for i, r := range all {
		texts[i] = fmt.Sprintf("%s:%d-%d", r.Prefix, r.Ports[0], r.Ports[1])
		if r.Deny {
			texts[i] = "not " + texts[i]
		}
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// short is the last part of a type.
func short(token string) string { return token[strings.LastIndexByte(token, ':')+1:] }

// inputs prints what says something to a packet.
func inputs(r manifest.Resource) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(r.Inputs)) {
		switch key {
		case "location", "resourceGroupName", "transitGatewayDefaultRouteTableAssociation", "transitGatewayDefaultRouteTablePropagation",
			"registrationEnabled", "virtualNetworkLinkName", "privateLinkServiceConnections", "customNetworkInterfaceName", "peerOwnerId",
			"privateDnsZoneGroupName", "virtualNetworkPeeringName", "autoAccept",
			"description", "serviceName", "vpcEndpointType", "vpcRegion", "peerRegion", "ttl", "evaluateTargetHealth":
			continue
		}
		fmt.Fprintf(&b, " %s=%s", key, value(r.Inputs[key]))
	}
	return b.String()
}

func value(v any) string {
	switch v := v.(type) {
	case string:
		if _, last, azure := strings.Cut(v, "/Microsoft.Network/"); azure {
			return last
		}
		return reference.ReplaceAllString(v, "$1")
	case []any:
		texts := make([]string, len(v))
		for i, e := range v {
			texts[i] = value(e)
		}
		return "[" + strings.Join(texts, " ") + "]"
	case map[string]any:
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key != "evaluateTargetHealth" && key != "zoneId" && key != "vpcRegion" {
				texts = append(texts, key+":"+value(v[key]))
			}
		}
		return "{" + strings.Join(texts, " ") + "}"
	case netip.Prefix:
		return v.String()
	}
	raw, _ := json.Marshal(v)
	return string(raw)
}
