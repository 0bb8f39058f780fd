package main

import (
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/obslink/obslink/schema"
)

const (
	// sitesPerNetwork is how many sites reach each network of the site topologies.
	sitesPerNetwork = 10
	// networksPerAccount is what AWS lets an account create in a region without a request.
	networksPerAccount = 5
	// servicesPerVPC is how many endpoints each VPC of the VPC topologies holds.
	servicesPerVPC = 10
)

// shape is one topology to measure.
type shape struct {
	name  string // also the stack's name
	sites int
	text  string
	// judged is false where the process's start is most of what is measured.
	judged bool
	// guarded is true where the ratios are known to be missed.
	guarded bool
	// company is a topology that is held against figures of its own, not against cue's.
	company bool
	// chained are resources each of which names all former ones: the manifest costs more of each.
	chained bool
}

// sites makes a topology of n sites, ten to a network: each network is created, holds two Datadog
// endpoints, and knows the way back to each of its sites. Ranges touch and do not overlap.
func sites(n int) shape {
	var b strings.Builder
	networks := (n + sitesPerNetwork - 1) / sitesPerNetwork
	header(&b, networks, []string{"metrics", "logs-agent"})
	b.WriteString("\tnetworks: {\n")
	for i := range networks {
		network(&b, i)
	}
	b.WriteString("\t}\n\tsites: {\n")
	for i := range n {
		gateway := nth("10.0.0.0", uint32(i/sitesPerNetwork)<<8+200)
		fmt.Fprintf(&b, "\t\ts%d: {cidrs: [\"%s/26\"], wireguard: {network: \"n%d\", gateway: {existing: \"%s\", interface: \"eni-%017x\"}, endpoint: \"vpn%d.example.net:51820\", publicKey: \"b2JzbGluay1leGFtcGxlLXB1YmxpYy1rZXktMDAwMDE=\"}}\n",
			i, nth("172.16.0.0", uint32(i)<<6), i/sitesPerNetwork, gateway, i/sitesPerNetwork, i/sitesPerNetwork)
	}
	b.WriteString("\t}\n\tlinks: {\n")
	for i := range n {
		fmt.Fprintf(&b, "\t\tl%d: {from: \"s%d\", to: \"dd\", via: endpoint: network: \"n%d\"}\n", i, i, i/sitesPerNetwork)
	}
	b.WriteString("\t}\n}\n")
	return shape{name: fmt.Sprintf("sites-%d", n), sites: n, text: b.String(), judged: n >= 1_000}
}

// vpcs makes a topology of n VPCs that each reach ten Datadog services through endpoints of their own,
// each at an address that the topology says.
func vpcs(n int) shape {
	var b strings.Builder
	services := services()
	header(&b, n, services)
	b.WriteString("\tnetworks: {\n")
	for i := range n {
		network(&b, i, services...)
	}
	b.WriteString("\t}\n\tlinks: {\n")
	for i := range n {
		fmt.Fprintf(&b, "\t\tl%d: {from: \"n%d\", to: \"dd\", via: endpoint: network: \"n%d\"}\n", i, i, i)
	}
	b.WriteString("\t}\n}\n")
	return shape{name: fmt.Sprintf("vpcs-%d", n), text: b.String(), judged: true, guarded: true}
}

// landing makes the topology of a company: so many accounts, each with a transit gateway that is peered
// with the one of the account whose network holds ten endpoints, and so many networks in them that reach
// it. 299 and the endpoints' own are what one private zone takes.
func landing(accounts, clients int) shape {
	var b strings.Builder
	header(&b, accounts*networksPerAccount, services())
	b.WriteString("\tseverities: {for code in [\"OBS334\", \"OBS339\", \"OBS341\"] {(code): {level: \"acknowledged\", reason: \"raised\"}}}\n")
	b.WriteString("\ttransitGateways: {\n")
	for i := range accounts {
		peers := ""
		if i > 0 {
			peers = ", peers: g0: {}"
		}
		fmt.Fprintf(&b, "\t\tg%d: {account: \"a%d\", region: \"us-east-1\"%s}\n", i, i, peers)
	}
	b.WriteString("\t}\n\tnetworks: {\n\t\thub: {account: \"a0\", region: \"us-east-1\", cidrs: [\"192.168.0.0/16\"], attach: {transitGateway: \"g0\", subnets: [\"x\", \"y\"]}, subnets: {\n" +
		"\t\t\ta: {cidr: \"192.168.0.0/24\", zone: \"use1-az4\"}, b: {cidr: \"192.168.1.0/24\", zone: \"use1-az6\"}\n" +
		"\t\t\tx: {cidr: \"192.168.2.0/28\", zone: \"use1-az4\", endpoints: false}, y: {cidr: \"192.168.2.16/28\", zone: \"use1-az6\", endpoints: false}\n\t\t}}\n")
	for i := range clients {
		base := nth("10.0.0.0", uint32(i)<<8)
		fmt.Fprintf(&b, "\t\tn%d: {account: \"a%d\", region: \"us-east-1\", cidrs: [\"%s/24\"], attach: {transitGateway: \"g%d\", subnets: [\"s\"]}, subnets: s: {cidr: \"%s/28\", zone: \"use1-az4\"}}\n",
			i, i%accounts, base, i%accounts, base)
	}
	b.WriteString("\t}\n\tlinks: {\n")
	for i := range clients {
		fmt.Fprintf(&b, "\t\tl%d: {from: \"n%d\", to: \"dd\", via: transitGateway: endpoints: \"hub\"}\n", i, i)
	}
	b.WriteString("\t}\n}\n")
	return shape{name: fmt.Sprintf("accounts-%d", accounts), text: b.String(), company: true}
}

// monitored makes the topology of an Azure landing zone: a hub with the endpoint of one scope, so many
// VNets that use it, and in the scope so many workspaces in ten regions and data collection endpoints.
func monitored(vnets, workspaces, collectors int) shape {
	regions := []string{"japaneast", "japanwest", "westeurope", "northeurope", "eastus", "eastus2", "westus2", "southeastasia", "australiaeast", "uksouth"}
	var b strings.Builder
	b.WriteString("package stack\n\nimport \"obslink.dev/schema\"\n\nschema.#Topology & {\n\tenvironment: \"bench\"\n" +
		"\taccounts: jp: azure: subscription: \"00000000-0000-0000-0000-000000000000\"\n\tnetworks: {\n" +
		"\t\thub: {account: \"jp\", region: \"japaneast\", cidrs: [\"192.168.0.0/16\"], subnets: endpoints: cidr: \"192.168.0.0/24\"}\n")
	for i := range vnets {
		fmt.Fprintf(&b, "\t\tn%d: {account: \"jp\", region: %q, cidrs: [\"%s/24\"]}\n", i, regions[i%len(regions)], nth("10.0.0.0", uint32(i)<<8))
	}
	b.WriteString("\t}\n\tbackends: logs: azureMonitor: {ingestion: \"PrivateOnly\", query: \"PrivateOnly\", workspaces: {\n")
	for i := range workspaces {
		fmt.Fprintf(&b, "\t\tw%d: region: %q\n", i, regions[i%len(regions)])
	}
	b.WriteString("\t}, dataCollectionEndpoints: {\n")
	for i := range collectors {
		fmt.Fprintf(&b, "\t\td%d: region: %q\n", i, regions[i%len(regions)])
	}
	b.WriteString("\t}}\n\tlinks: {\n")
	for i := range vnets {
		fmt.Fprintf(&b, "\t\tl%d: {from: \"n%d\", to: \"logs\", via: peering: endpoints: \"hub\"}\n", i, i)
	}
	b.WriteString("\t}\n}\n")
	return shape{name: fmt.Sprintf("vnets-%d", vnets), text: b.String(), company: true, chained: true}
}

// services are as many of Datadog's as a VPC holds endpoints.
func services() []string {
	return slices.Sorted(maps.Keys(schema.Datadog().Sites["us1"].Services))[:servicesPerVPC]
}

// header opens a topology: accounts for so many networks, and one Datadog backend.
func header(b *strings.Builder, networks int, services []string) {
	b.WriteString("package stack\n\nimport \"obslink.dev/schema\"\n\nschema.#Topology & {\n\tenvironment: \"bench\"\n\taccounts: {\n")
	for i := range (networks + networksPerAccount - 1) / networksPerAccount {
		fmt.Fprintf(b, "\t\ta%d: aws: id: \"%012d\"\n", i, i+1)
	}
	b.WriteString("\t}\n\tbackends: dd: datadog: {site: \"us1\", services: {")
	for i, s := range services {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "%q: {}", s)
	}
	b.WriteString("}}\n")
}

// network writes one created VPC with two subnets for endpoints, in two availability zones, and, for
// each service, its addresses.
func network(b *strings.Builder, i int, services ...string) {
	base := uint32(i) << 8
	fmt.Fprintf(b, "\t\tn%d: {account: \"a%d\", region: \"us-east-1\", cidrs: [\"%s/24\"], subnets: {",
		i, i/networksPerAccount, nth("10.0.0.0", base))
	for j, zone := range []string{"use1-az4", "use1-az6"} {
		subnet := base + uint32(j)<<6
		fmt.Fprintf(b, "s%d: {cidr: \"%s/26\", zone: %q", j, nth("10.0.0.0", subnet), zone)
		if len(services) > 0 {
			b.WriteString(", addresses: dd: {")
			for k, s := range services {
				fmt.Fprintf(b, "%q: \"%s\", ", s, nth("10.0.0.0", subnet+10+uint32(k)))
			}
			b.WriteString("}")
		}
		b.WriteString("}, ")
	}
	b.WriteString("}}\n")
}

// nth is the address n after the first.
func nth(first string, n uint32) netip.Addr {
	a := netip.MustParseAddr(first).As4()
	n += uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

// writeProject writes the shape as a stack of a project that the stock cue reads too: the schema is
// vendored under cue.mod.
func writeProject(dir string, s shape) error {
	language, err := schema.Files.ReadFile(schema.TopologyFile)
	if err != nil {
		return err
	}
	files := map[string]string{
		"Pulumi.yaml":        "name: obslink\nruntime: go\n",
		"cue.mod/module.cue": "module: \"example.net/bench\"\nlanguage: version: \"v0.17.0\"\n",
		"cue.mod/pkg/" + schema.ImportPath + "/" + schema.TopologyFile: string(language),
		"stacks/" + s.name + "/topology.cue":                           s.text,
	}
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
