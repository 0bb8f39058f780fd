package lab

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// filter is a security group, a network security group or a network ACL. The first rule that matches
// decides; what none matches is dropped.
type filter struct {
	name      string
	stateless bool
	// azure filters end with Azure's default rules: in from the virtual network, out to everywhere.
	azure   bool
	in, out []rule
}

type rule struct {
	order int
	// far is the other end, near our own. A near end that says nothing is anybody.
	far, near matcher
	proto     string // "tcp", "udp", "icmp", "any", or "both" of the first two
	ports     [2]int
	deny      bool
}

// matcher is a set of prefixes, and whether Azure's tag VirtualNetwork is in it.
type matcher struct {
	prefixes []netip.Prefix
	vnet     bool
}

func (m matcher) with(vnet []netip.Prefix) []netip.Prefix {
	if m.vnet {
		return append(slices.Clone(m.prefixes), vnet...)
	}
	return m.prefixes
}

// afterAll is the order of Azure's default rules.
const afterAll = 65000

var anywhere = netip.MustParsePrefix("0.0.0.0/0")

func (f *filter) ingress() []rule {
	if f.azure {
		return append(slices.Clone(f.in), rule{order: afterAll, far: matcher{vnet: true}, proto: "any", ports: allPorts})
	}
	return f.in
}

func (f *filter) egress() []rule {
	if f.azure {
		return append(slices.Clone(f.out), rule{order: afterAll, far: matcher{prefixes: []netip.Prefix{anywhere}}, proto: "any", ports: allPorts})
	}
	return f.out
}

var allPorts = [2]int{0, 65535}

// protocol names a protocol as the clouds write it. Others carry nothing that is tried.
func protocol(text string) (string, bool) {
	switch strings.ToLower(text) {
	case "tcp", "6":
		return "tcp", true
	case "udp", "17":
		return "udp", true
	case "-1", "all", "*":
		return "any", true
	case "icmp", "1":
		return "icmp", true
	}
	return "", false
}

// nft writes a rule; far is the header field of the far end. A rule for nobody is nothing.
func (r rule) nft(far string, vnet []netip.Prefix) string {
	ends, own := r.far.with(vnet), r.near.with(vnet)
	if len(ends) == 0 {
		return ""
	}
	text := "ip " + far + " " + set(ends) + " "
	if len(own) > 0 {
		text += "ip " + map[string]string{"saddr": "daddr", "daddr": "saddr"}[far] + " " + set(own) + " "
	}
	switch r.proto {
	case "both":
		text += "meta l4proto { tcp, udp } "
	case "any":
	default:
		text += "meta l4proto " + r.proto + " "
	}
	if (r.proto == "tcp" || r.proto == "udp" || r.proto == "both") && r.ports != allPorts {
		text += fmt.Sprintf("th dport %d-%d ", r.ports[0], r.ports[1])
	}
	if r.proto == "any" && r.ports != allPorts {
		text += fmt.Sprintf("meta l4proto { tcp, udp } th dport %d-%d ", r.ports[0], r.ports[1])
	}
	if r.deny {
		return text + "drop\n"
	}
	return text + "return\n"
}

// set writes prefixes. nft refuses overlaps, so what lies in a wider one is left out.
func set(prefixes []netip.Prefix) string {
	var kept []string
	for _, p := range prefixes {
		wider := func(q netip.Prefix) bool { return q.Bits() < p.Bits() && q.Contains(p.Addr()) }
		if text := p.Masked().String(); !slices.ContainsFunc(prefixes, wider) && !slices.Contains(kept, text) {
			kept = append(kept, text)
		}
	}
	return "{ " + strings.Join(kept, ", ") + " }"
}

// chain writes rules, in their order, as a chain that returns to its caller what it lets through.
func chain(name, far string, rules []rule, vnet []netip.Prefix) string {
	sorted := slices.Clone(rules)
	slices.SortStableFunc(sorted, func(a, b rule) int { return a.order - b.order })
	text := "chain " + name + " {\n"
	for _, r := range sorted {
		text += r.nft(far, vnet)
	}
	return text + "drop\n}\n"
}

// hostRules are the stateful rules before one host; every gate must let a packet through. The cloud's
// own resolver is beyond them. vnet is what the tag VirtualNetwork means there.
func hostRules(gates []gate, vnet []netip.Prefix) string {
	if len(gates) == 0 {
		return ""
	}
	var chains, in, out string
	for i, g := range gates {
		var ingress, egress []rule
		for _, f := range g {
			ingress, egress = append(ingress, f.ingress()...), append(egress, f.egress()...)
		}
		chains += chain(fmt.Sprintf("in%d", i), "saddr", ingress, vnet) + chain(fmt.Sprintf("out%d", i), "daddr", egress, vnet)
		in += fmt.Sprintf("jump in%d\n", i)
		out += fmt.Sprintf("jump out%d\n", i)
	}
	const hook = "chain %s {\ntype filter hook %s priority 0\nct state established,related accept\n%s lo accept\nip %s " + resolverAddress + " accept\n%s}\n"
	return "table ip host {\n" + chains +
		fmt.Sprintf(hook, "input", "input", "iifname", "saddr", in) + fmt.Sprintf(hook, "output", "output", "oifname", "daddr", out) + "}\n"
}

// edgeRules are the stateless rules at the edges of subnets, each with the devices of its hosts.
// Inside one subnet nothing is looked at.
func edgeRules(devices map[*subnet][]string, subnets []*subnet) string {
	var chains, inside, out, in string
	for i, s := range subnets {
		if len(s.edge) == 0 || len(devices[s]) == 0 {
			continue
		}
		all := "{ " + strings.Join(devices[s], ", ") + " }"
		inside += fmt.Sprintf("iifname %s oifname %s accept\n", all, all)
		for j, f := range s.edge {
			name := fmt.Sprintf("%d_%d", i, j)
			chains += chain("in"+name, "saddr", f.in, nil) + chain("out"+name, "daddr", f.out, nil)
			out += fmt.Sprintf("iifname %s jump out%s\n", all, name)
			in += fmt.Sprintf("oifname %s jump in%s\n", all, name)
		}
	}
	if chains == "" {
		return ""
	}
	return "table ip edge {\n" + chains + "chain forward {\ntype filter hook forward priority 0\n" + inside + out + in + "}\n}\n"
}

// sendRules drop what an end of a VPN may not send, by device.
func sendRules(device string, allowed []netip.Prefix) string {
	if allowed == nil {
		return ""
	}
	match := "ip daddr != " + set(allowed) + " "
	if len(allowed) == 0 {
		match = ""
	}
	return "table ip send_" + device + " {\nchain forward {\ntype filter hook forward priority 1\noifname " + device + " " + match + "drop\n}\n}\n"
}

// sourceRules give what comes from a device an address as its source when it leaves. A packet's
// origin is not known on its way out, so it is marked.
func sourceRules(device string, a netip.Addr) string {
	return "table ip source_" + device + " {\n" +
		"chain mark_in {\ntype filter hook forward priority 0\niifname " + device + " meta mark set 1\n}\n" +
		"chain source {\ntype nat hook postrouting priority 100\nmeta mark 1 snat to " + a.String() + "\n}\n}\n"
}
