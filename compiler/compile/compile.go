// Package compile runs the passes in order: load, check, choose, lower, prove. It is the one entry that turns a
// stack's files into a plan; it does no work of its own beyond joining what the targets return, and
// it knows the targets only as the list it is given.
package compile

import (
	"cmp"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/capture"
	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/choose"
	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/load"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/prove"
	"github.com/obslink/obslink/compiler/severity"
	"github.com/obslink/obslink/compiler/topology"
)

// Target is one cloud: the kind of account that it serves, its checks, and its lowering.
type Target struct {
	Name string
	// Package is the Pulumi package of the target's resources.
	Package string
	Checks  []check.Check
	// Lower turns the part of a topology that stands in the target's accounts into plan elements.
	// It runs on topologies without errors only.
	Lower func(stack string, t *topology.Topology) Lowered
	// Choose offers a mechanism for the links that leave theirs open, by the network that would hold the
	// endpoints.
	Choose choose.Offerer
	// Lock lists the addresses that a topology uses, for addresses.lock.json; nil where the cloud
	// does not let obslink choose addresses.
	Lock func(t *topology.Topology) map[string]string
	// Pin lists the members of endpoints that a topology pins, for addresses.lock.json: as the outputs of the deployed
	// stack say them, else (nil) as they are locked already. Nil where the cloud has no members.
	Pin func(t *topology.Topology, outputs *plan.Outputs) (map[string]topology.Pinned, error)
	// Cost counts what the target's parts of a plan cost.
	Cost func(p *plan.Plan) cost.Counted
	// Lift adds to a graph what the target's resources of a manifest make of the network, and returns
	// what it could not understand.
	Lift func(v *manifest.View, g *plan.Graph) []string
}

// Lowered is what a target adds to a plan.
type Lowered struct {
	// Parts is the target's own type; nil where the topology has nothing of the target.
	Parts       any
	Refs        map[string]plan.Ref          // of networks, and of subnets as network/subnet
	RouteTables map[string][]plan.RouteTable // by network
	SubnetTable map[string]string            // route table by network/subnet
	Routers     []plan.Router
	Connections []plan.Connection
	Endpoints   []plan.Endpoint
	Filters     []plan.Filter
	Zones       []plan.Zone
	Records     []ZoneRecord // into zones that are there already
	Resolvers   []plan.Resolver
	// Forwards are, by endpoint, the domains that a DNS server elsewhere must ask a network's resolver
	// for, so that the endpoint's names are answered as they are in the network.
	Forwards map[string][]string
	Names    []plan.Name
	// Rules go to filters of groups of servers, which are there already.
	Rules []FilterRule
	// Prerequisites are in the order of their texts.
	Prerequisites []plan.Prerequisite
	Found         diag.List
}

// ZoneRecord is a record that a target adds to an existing zone, by the zone's id.
type ZoneRecord struct {
	Zone string
	plan.Record
}

// FilterRule is a rule that a target adds to the filter of a group of servers, by its name.
type FilterRule struct {
	Filter  string
	Ingress bool
	plan.Rule
}

// Result is a compiled stack. Plan is nil where the errors in Found leave none; a plan that the proof
// or the analysis of captures finds fault with is there, for those who want to look at it, and must
// not be built while Found has errors.
type Result struct {
	Stack    string
	Topology *topology.Topology
	Plan     *plan.Plan
	Proof    prove.Proof
	Found    diag.List
}

// Stack compiles the stack at name, a slash-separated path in fsys.
func Stack(fsys fs.FS, name string, targets []Target) Result {
	r := Result{Stack: StackName(name)}
	r.Topology, r.Found = load.Stack(fsys, name)
	if r.Topology == nil {
		return r
	}
	codes := Codes(targets)
	fields := check.Topology(r.Topology, check.Fields)
	r.Found = slices.Concat(r.Found, fields, check.Topology(r.Topology, check.Relations))
	if !fields.HasErrors() {
		offers := map[string]choose.Offerer{}
		for _, target := range targets {
			offers[target.Name] = target.Choose
		}
		var found diag.List
		r.Topology, found = choose.Mechanisms(r.Topology, offers)
		r.Found = append(r.Found, found...)
		for _, target := range targets {
			r.Found = append(r.Found, check.Topology(r.Topology, target.Checks)...)
		}
	}
	r.Found = append(r.Found, severity.Check(r.Topology, codes)...)
	if !r.Found.HasErrors() {
		r.Plan, r.Found = lower(r.Stack, r.Topology, targets, r.Found)
	}
	if r.Plan != nil {
		r.Proof = prove.Plan(r.Plan)
		r.Found = slices.Concat(r.Found, r.Proof.Found, capture.Found(r.Topology, r.Plan))
	}
	// Last, so that a warning which counts as an error here hides nothing that comes after it.
	r.Found = severity.Apply(r.Topology, r.Found, codes).Sorted()
	return r
}

// Codes are what compiling a stack can find: those that `severities` may name.
func Codes(targets []Target) []diag.Code {
	codes := slices.Concat(load.Codes, choose.Codes, severity.Codes)
	tables := [][]check.Check{check.All}
	for _, target := range targets {
		tables = append(tables, target.Checks)
	}
	for _, c := range slices.Concat(tables...) {
		codes = append(codes, c.Codes...)
	}
	return slices.Concat(codes, prove.Codes, capture.Codes)
}

// StackName is the name of the stack at a path: the folder's or file's name without its ending.
func StackName(name string) string {
	base := path.Base(name)
	return strings.TrimSuffix(base, path.Ext(base))
}

// lower joins what the targets make of a topology.
func lower(stack string, t *topology.Topology, targets []Target, found diag.List) (*plan.Plan, diag.List) {
	p := &plan.Plan{
		Version: plan.Version, Stack: stack, Environment: t.Environment, Protect: t.Protect,
		Parts: map[string]any{}, Names: []plan.Name{}, Graph: nodes(t), Links: links(t), Secrets: secrets(t), Prices: prices(t),
	}
	domains := map[string][]string{}
	for _, target := range targets {
		l := target.Lower(stack, t)
		found = append(found, l.Found...)
		maps.Copy(domains, l.Forwards)
		if l.Parts != nil {
			p.Parts[target.Name] = l.Parts
		}
		for i := range p.Graph.Networks {
			n := &p.Graph.Networks[i]
			if ref, ok := l.Refs[n.Name]; ok {
				n.Ref = ref
			}
			n.RouteTables = append(n.RouteTables, l.RouteTables[n.Name]...)
			for j := range n.Subnets {
				if ref, ok := l.Refs[n.Name+"/"+n.Subnets[j].Name]; ok {
					n.Subnets[j].Ref = ref
				}
				if table := l.SubnetTable[n.Name+"/"+n.Subnets[j].Name]; table != "" {
					n.Subnets[j].RouteTable = table
				}
			}
		}
		p.Graph.Routers = append(p.Graph.Routers, l.Routers...)
		p.Graph.Connections = append(p.Graph.Connections, l.Connections...)
		p.Graph.Endpoints = append(p.Graph.Endpoints, l.Endpoints...)
		p.Graph.Filters = append(p.Graph.Filters, l.Filters...)
		p.Graph.Zones = append(p.Graph.Zones, l.Zones...)
		p.Graph.Resolvers = append(p.Graph.Resolvers, l.Resolvers...)
		p.Names = append(p.Names, l.Names...)
		p.Prerequisites = append(p.Prerequisites, l.Prerequisites...)
		addRules(p, l.Rules)
		for _, r := range l.Records {
			for i := range p.Graph.Zones {
				if z := &p.Graph.Zones[i]; z.Ref.Existing == r.Zone {
					z.Records = append(z.Records, r.Record)
				}
			}
		}
	}
	if found.HasErrors() {
		return nil, found
	}
	p.Graph.UseDevices()
	p.Graph.Sort()
	groups(t, p)
	forwards(t, p, domains)
	slices.SortStableFunc(p.Names, func(a, b plan.Name) int {
		return cmp.Or(cmp.Compare(a.FQDN, b.FQDN), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return p, found
}
