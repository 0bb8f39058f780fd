package aws

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// resolverEndpoint answers questions in its VPC if it is inbound; an outbound one is how a VPC's own
// resolver asks others, which the graph does not hold.
func (l *lifting) resolverEndpoint(r *manifest.Resource) {
	resolver := plan.Resolver{Name: r.Name, Ref: plan.Ref{Part: r.Name}}
	network := -1
	for i, value := range r.List("ipAddresses") {
		fields, _ := value.(map[string]any)
		path := fmt.Sprintf("ipAddresses[%d].", i)
		at, ok := l.subnetOf(r, path+"subnetId", fields["subnetId"])
		address, valid := l.address(r, path+"ip", fields["ip"], at, ok)
		switch {
		case !ok || !valid:
			return
		case network >= 0 && at.at != network:
			l.Problem(r, path+"subnetId", "is of another VPC than the first")
			return
		}
		network = at.at
		resolver.Addresses = append(resolver.Addresses, address)
	}
	if len(resolver.Addresses) < fewestAddresses {
		l.Problem(r, "ipAddresses", "are %d, and must be two at least", len(resolver.Addresses))
		return
	}
	filters := l.groups(r, "securityGroupIds", network)
	switch r.Text("direction") {
	case "INBOUND":
		resolver.Network, resolver.Filters = l.name(network), filters
		l.g.Resolvers = append(l.g.Resolvers, resolver)
		l.inbounds = append(l.inbounds, r)
	case "OUTBOUND":
	default:
		l.Problem(r, "direction", "%q is neither INBOUND nor OUTBOUND", r.Text("direction"))
	}
}

// forward is a resolver rule, which counts once networks are associated with it.
type forward struct {
	ref plan.Ref
	plan.Forward
}

func (l *lifting) resolverRule(r *manifest.Resource) {
	f := forward{ref: plan.Ref{Part: r.Name}, Forward: plan.Forward{Domain: domain(r.Text("domainName"))}}
	if kind := r.Text("ruleType"); kind != "FORWARD" {
		l.Problem(r, "ruleType", "%q is not read: the graph holds rules that forward", kind)
		return
	}
	out, ok := l.near(r, "resolverEndpointId", r.Inputs["resolverEndpointId"], resolverEndpointType)
	if !ok {
		return
	}
	if out.Part != "" && l.View.Named(out.Part).Text("direction") != "OUTBOUND" {
		l.Problem(r, "resolverEndpointId", "%s asks nobody: it is inbound", out.Part)
		return
	}
	for i, value := range r.List("targetIps") {
		fields, _ := value.(map[string]any)
		path := fmt.Sprintf("targetIps[%d].", i)
		text, _ := fields["ip"].(string)
		server, err := netip.ParseAddr(text)
		if err != nil {
			l.Problem(r, path+"ip", "%v is no address", fields["ip"])
			return
		}
		if port, given := number(fields["port"]); fields["port"] != nil && (!given || port != 53) {
			l.Problem(r, path+"port", "%v is not 53", fields["port"])
			return
		}
		f.Servers = append(f.Servers, server)
	}
	l.forwards = append(l.forwards, f)
}

func (l *lifting) resolverRuleVPC(r *manifest.Resource) {
	at, ok := l.network(r, "vpcId", r.Inputs["vpcId"])
	ref, found := l.near(r, "resolverRuleId", r.Inputs["resolverRuleId"], resolverRuleType)
	if !ok || !found {
		return
	}
	i := slices.IndexFunc(l.forwards, func(f forward) bool { return f.ref == ref })
	if i < 0 {
		l.Problem(r, "resolverRuleId", "%s is no rule of this manifest", ref.Part+ref.Existing)
		return
	}
	l.forwards[i].Networks = append(l.forwards[i].Networks, l.name(at))
}

// useForwards adds the rules that networks ask by.
func (l *lifting) useForwards() {
	for _, f := range l.forwards {
		if len(f.Networks) > 0 {
			slices.Sort(f.Networks)
			l.g.Rules = append(l.g.Rules, f.Forward)
		}
	}
}

// overUDP notes a rule that admits packets over UDP. The graph holds TCP alone; whoever asks a resolver
// needs both, so that one rule stands for the two where they are the same.
func (l *lifting) overUDP(r *manifest.Resource, group string) {
	switch r.Inputs["ipProtocol"] {
	case "udp", "17", "-1", "all":
	default:
		return
	}
	fields := maps.Clone(r.Inputs)
	if fields["ipProtocol"] != "-1" && fields["ipProtocol"] != "all" {
		fields["ipProtocol"] = "tcp"
	}
	if rule, ok := l.rule(r, "", fields, "cidrIpv4", "cidrIpv6", "ipProtocol"); ok {
		l.udp[group] = append(l.udp[group], rule)
	}
}

// askedOverBoth reports inbound endpoints that may be asked over one of UDP and TCP alone: short answers
// would arrive and long ones not, or none (Route 53 resolver guide, 2023). For the graph they are not asked.
func (l *lifting) askedOverBoth() {
	for _, r := range l.inbounds {
		i := slices.IndexFunc(l.g.Resolvers, func(x plan.Resolver) bool { return x.Ref.Part == r.Name })
		for _, name := range l.g.Resolvers[i].Filters {
			f := l.filter(plan.Ref{Part: name})
			if f == nil {
				continue
			}
			if tcp, udp := askers(f.Ingress), askers(l.udp[name]); !slices.Equal(tcp, udp) {
				l.Problem(r, "securityGroupIds", "%s admits questions over TCP from %q, over UDP from %q", name, tcp, udp)
				f.Ingress = inBoth(f.Ingress, l.udp[name])
			}
		}
	}
}

// askers are the sources that rules admit to port 53, with the ports that they may use, sorted.
func askers(rules []plan.Rule) []string {
	var from []string
	for _, rule := range rules {
		if rule.Ports[0] <= dnsPort && dnsPort <= rule.Ports[1] {
			from = append(from, fmt.Sprintf("%s to %d-%d", rule.Prefix, rule.Ports[0], rule.Ports[1]))
		}
	}
	slices.Sort(from)
	return slices.Compact(from)
}

// inBoth are the rules over TCP, those for port 53 alone as far as UDP has them too.
func inBoth(tcp, udp []plan.Rule) []plan.Rule {
	var both []plan.Rule
	for _, t := range tcp {
		if t.Ports != [2]int{dnsPort, dnsPort} {
			both = append(both, t)
			continue
		}
		for _, u := range udp {
			switch {
			case u.Ports[0] > dnsPort || u.Ports[1] < dnsPort || !u.Prefix.Overlaps(t.Prefix):
			case u.Prefix.Bits() > t.Prefix.Bits():
				narrow := t
				narrow.Prefix = u.Prefix
				both = append(both, narrow)
			default:
				both = append(both, t)
			}
		}
	}
	return both
}
