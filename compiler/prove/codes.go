package prove

import (
	"slices"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/model"
)

var assumedPath = diag.Code{
	ID: "OBS640", Severity: diag.Error, Title: "a path rests on existing state that the topology does not declare",
	Cause:   "obslink follows packets through what it builds and what is declared. What already exists and is not declared may drop them; with --strict that is an error.",
	Example: `networks: tokyo: {cidrs: ["10.0.0.0/16"], existing: {vpc: "vpc-0a1b"}}`,
	Mend:    `networks: tokyo: clients: web: {cidr: "10.0.1.0/24", egress: ["192.168.0.0/20"]}`,
}

// groups says which code stands for which reasons.
var groups = []struct {
	code    diag.Code
	reasons []model.Reason
}{
	{diag.Code{
		ID: "OBS601", Severity: diag.Error, Title: "a name resolves to a public address",
		Cause:   "A client that is not told otherwise gets the public address and sends its telemetry to the internet, or nowhere. An endpoint's own names work inside its network only (AWS PrivateLink guide p. 20); elsewhere a private zone or an exported file must answer.",
		Example: `sites: home: dns: resolver: "public"`,
		Mend:    `sites: home: dns: resolver: "exported"`,
	}, []model.Reason{model.PublicAnswer}},
	{diag.Code{
		ID: "OBS602", Severity: diag.Error, Title: "a private zone answers that a name does not exist",
		Cause:   "The most specific private zone answers alone: a name that it lacks does not exist for its networks, even where public DNS knows it (Route 53 developer guide).",
		Example: `zones: dd: {domain: "datadoghq.com", existing: "Z0123456789", networks: ["tokyo"], records: {}}`,
		Mend:    `take the network off the zone, or give the zone every name that its servers ask for`,
	}, []model.Reason{model.NXDOMAIN}},
	{diag.Code{
		ID: "OBS603", Severity: diag.Error, Title: "private DNS is off in a network",
		Cause:   "Private zones and private endpoint names need both enableDnsSupport and enableDnsHostnames of the VPC; the second is off in VPCs that the console did not make (AWS PrivateLink guide p. 58, VPC guide).",
		Example: `networks: tokyo: existing: {vpc: "vpc-0a1b", dnsHostnames: false}`,
		Mend:    `networks: tokyo: existing: {vpc: "vpc-0a1b", dnsHostnames: true}`,
	}, []model.Reason{model.DNSAttributesOff}},
	{diag.Code{
		ID: "OBS604", Severity: diag.Error, Title: "a DNS server cannot be asked",
		Cause:   "A forwarded question is a packet like any other: it needs a way to the server's port 53 and back, and a server there. Only a resolver's inbound endpoint can be asked from outside of its network (Route 53 developer guide; Azure DNS Private Resolver overview).",
		Example: `sites: home: dns: forward: "datadoghq.com": "10.0.0.10"`,
		Mend:    `networks: hub: existing: resolvers: ["10.0.0.10"]`,
	}, []model.Reason{model.ResolverUnreachable}},
	{diag.Code{
		ID: "OBS605", Severity: diag.Error, Title: "a name resolves to the wrong endpoint",
		Cause:   "One resolver gives one answer: two backends, or a zone that was there before, cannot answer the same name for the same client.",
		Example: `links: {a: {from: "home", to: "dd1", via: endpoint: network: "hub"}, b: {from: "home", to: "dd2", via: endpoint: network: "hub"}}`,
		Mend:    `links: a: {from: "home", to: "dd1", via: endpoint: network: "hub"}`,
	}, []model.Reason{model.WrongEndpoint}},
	{diag.Code{
		ID: "OBS606", Severity: diag.Error, Title: "there is no route to an endpoint",
		Cause:   "Each subnet uses one route table, and the most specific route counts. A peering or attachment without a route in the client's table carries nothing (AWS VPC peering guide).",
		Example: `networks: tokyo: subnets: web: {cidr: "10.0.1.0/24", routeTable: "other"}`,
		Mend:    `networks: tokyo: subnets: web: {cidr: "10.0.1.0/24", routeTable: "private"}`,
	}, []model.Reason{model.NoRoute, model.Blackhole, model.DanglingRoute, model.NoAttachmentTable}},
	{diag.Code{
		ID: "OBS607", Severity: diag.Error, Title: "there is no route back",
		Cause:   "Answers are routed like any packet: the table of the endpoint's subnet must lead to the client, over the connection that the client uses.",
		Example: `sites: home: wireguard: gateway: existing: "192.168.2.4"`,
		Mend:    `sites: home: wireguard: gateway: {existing: "192.168.2.4", interface: "eni-0a1b"}`,
	}, []model.Reason{model.NoReturnRoute}},
	{diag.Code{
		ID: "OBS608", Severity: diag.Error, Title: "a network does not pass packets on",
		Cause:   "A peering, an attachment or a VPN delivers into one network and no further: a site behind one network does not reach an endpoint in another one that is peered with it (AWS VPC peering guide, \"edge to edge\").",
		Example: `sites: home: wireguard: {network: "spoke", snat: false}`,
		Mend:    `sites: home: wireguard: {network: "hub", snat: true}`,
	}, []model.Reason{model.PeeringPassesNothingOn, model.NetworkPassesNothingOn}},
	{diag.Code{
		ID: "OBS609", Severity: diag.Error, Title: "a tunnel does not carry packets to an endpoint",
		Cause:   "A WireGuard peer sends into its tunnel what its AllowedIPs list, and accepts from it only what comes from there (wireguard.com, cryptokey routing); the rest goes to the internet.",
		Example: `sites: home: wireguard: allowedIPs: ["192.168.64.0/20"]`,
		Mend:    `sites: home: wireguard: allowedIPs: ["192.168.64.0/20", "192.168.0.0/20"]`,
	}, []model.Reason{model.NoTunnel, model.TunnelOut, model.TunnelIn}},
	{diag.Code{
		ID: "OBS610", Severity: diag.Error, Title: "a tunnel does not carry answers",
		Cause:   "The gateway's end of a tunnel must list the site's ranges, and the site's end those that answer.",
		Example: `sites: home: {cidrs: ["192.168.1.0/24"], wireguard: gateway: allowedIPs: ["192.168.9.0/24"]}`,
		Mend:    `sites: home: {cidrs: ["192.168.1.0/24"], wireguard: gateway: allowedIPs: ["192.168.1.0/24"]}`,
	}, []model.Reason{model.TunnelBackOut, model.TunnelBackIn}},
	{diag.Code{
		ID: "OBS611", Severity: diag.Error, Title: "a security group drops packets",
		Cause:   "Port 443 must be open out of the client and into the endpoint; an endpoint whose group does not admit the client swallows its packets silently (AWS PrivateLink guide p. 58).",
		Example: `networks: tokyo: clients: web: {cidr: "10.0.1.0/24", egress: ["10.0.0.0/16"]}`,
		Mend:    `networks: tokyo: clients: web: {cidr: "10.0.1.0/24", egress: ["10.0.0.0/16", "192.168.0.0/20"]}`,
	}, []model.Reason{model.FilterOut, model.FilterIn}},
	{diag.Code{
		ID: "OBS612", Severity: diag.Error, Title: "a network ACL drops packets",
		Cause:   "A network ACL keeps no state: answers need rules of their own, to and from the whole range of ports that clients ask from, 1024-65535 (AWS VPC guide, ephemeral ports).",
		Example: `networkACL: {ingress: [{cidr: "192.168.0.0/20", ports: "443"}], egress: [{cidr: "0.0.0.0/0"}]}`,
		Mend:    `networkACL: {ingress: [{cidr: "192.168.0.0/20", ports: "1024-65535"}], egress: [{cidr: "0.0.0.0/0"}]}`,
	}, []model.Reason{model.ACLOut, model.ACLIn, model.ACLBackOut, model.ACLBackIn}},
	{diag.Code{
		ID: "OBS613", Severity: diag.Error, Title: "a client speaks another IP version than the endpoint",
		Cause:   "Endpoints have IPv4 addresses here; a host with an IPv6 address only cannot open a connection to one.",
		Example: `sites: home: cidrs: ["fd00:1::/64"]`,
		Mend:    `sites: home: cidrs: ["192.168.1.0/24"]`,
	}, []model.Reason{model.AddressFamily}},
	{diag.Code{
		ID: "OBS614", Severity: diag.Error, Title: "packets or questions go round in a circle",
		Cause:   "Routers that send a destination to each other, or DNS servers that forward a name to each other, never deliver it.",
		Example: `two routers, each with a default route to the other`,
		Mend:    `let one of them route the endpoint's range to its network`,
	}, []model.Reason{model.Loop}},
	{diag.Code{
		ID: "OBS615", Severity: diag.Error, Title: "a packet ends in another network with the same addresses",
		Cause:   "Of two networks with one range only the nearer one is reached; a network's own range is always nearer than a route to it.",
		Example: `networks: {tokyo: cidrs: ["10.0.0.0/16"], hub: cidrs: ["10.0.0.0/16"]}`,
		Mend:    `networks: {tokyo: cidrs: ["10.0.0.0/16"], hub: cidrs: ["10.1.0.0/16"]}`,
	}, []model.Reason{model.WrongNetwork}},
	{diag.Code{
		ID: "OBS616", Severity: diag.Error, Title: "a path has no beginning or no end",
		Cause:   "The client has no addresses, or the endpoint stands in no network, so nothing can be proved.",
		Example: `sites: home: cidrs: []`,
		Mend:    `sites: home: cidrs: ["192.168.1.0/24"]`,
	}, []model.Reason{model.Missing}},
}

// Codes are what a proof can find.
var Codes = allCodes()

// allCodes are judgements: there is a plan, and a topology may know better and say why.
func allCodes() []diag.Code {
	all := make([]diag.Code, 0, len(groups)+1)
	for _, g := range groups {
		all = append(all, g.code)
	}
	all = append(all, assumedPath)
	for i := range all {
		all[i].Judgement = true
	}
	return all
}

// CodeOf is the code that stands for a reason.
func CodeOf(r model.Reason) diag.Code {
	for _, g := range groups {
		if slices.Contains(g.reasons, r) {
			return g.code
		}
	}
	panic("the reason " + string(r) + " has no code; this is a bug in obslink")
}
