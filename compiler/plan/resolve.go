package plan

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Unknown is a name whose address is not known, and why.
type Unknown struct {
	FQDN     string `json:"fqdn"`
	Endpoint string `json:"endpoint"`
	Why      string `json:"why"`
}

// Resolve says where each name must resolve. With outputs it uses the addresses that the cloud
// reports; without (nil), those that the plan pins. client limits the names to those of one network
// or site; "" means all. versions are the Datadog Agent versions to spell versioned names for.
func Resolve(p *Plan, outputs *Outputs, client string, versions []string) ([]ResolvedName, []Unknown) {
	r := &resolver{addresses: map[string][]netip.Addr{}, reported: map[string]map[string][]netip.Addr{}, why: map[string]string{}, alike: map[string]int{}, plain: map[string]bool{}}
	names := slices.Clone(p.Names)
	for i, n := range names {
		if outputs != nil {
			names[i] = n.filled(outputs.Values)
		}
		r.alike[names[i].pattern()]++
		if !strings.Contains(names[i].FQDN, "${") {
			r.plain[names[i].Endpoint+" "+names[i].FQDN] = true
		}
	}
	if outputs == nil {
		r.fromPlan(p)
	} else {
		r.fromOutputs(outputs)
	}
	for _, n := range names {
		if client == "" || slices.Contains(n.Clients, client) {
			r.name(n, versions)
		}
	}
	slices.SortFunc(r.names, func(a, b ResolvedName) int {
		return cmp.Or(cmp.Compare(a.FQDN, b.FQDN), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	slices.SortFunc(r.unknown, func(a, b Unknown) int {
		return cmp.Or(cmp.Compare(a.FQDN, b.FQDN), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	r.unknown = slices.Compact(r.unknown)
	return slices.CompactFunc(r.names, func(a, b ResolvedName) bool { return a.FQDN == b.FQDN && a.Endpoint == b.Endpoint }), r.unknown
}

type resolver struct {
	// addresses are those of an endpoint that answers all its names alike.
	addresses map[string][]netip.Addr
	// reported are an endpoint's addresses by the FQDN that the cloud says they answer.
	reported map[string]map[string][]netip.Addr
	why      map[string]string
	// alike counts the names of an endpoint that differ only in what the cloud fills in.
	alike map[string]int
	// plain are the names, after their endpoint's, that are known to the end: none of them is what a
	// template such as ${…}.his.arc.azure.com stands for.
	plain   map[string]bool
	names   []ResolvedName
	unknown []Unknown
}

func (r *resolver) fromPlan(p *Plan) {
	for _, e := range p.Graph.Endpoints {
		r.addresses[e.Name] = e.Addresses
		r.why[e.Name] = "the cloud chooses the address; it is known after `obslink up`"
	}
}

func (r *resolver) fromOutputs(o *Outputs) {
	for _, e := range o.Endpoints {
		byName := map[string][]netip.Addr{}
		for _, m := range e.Addresses {
			if len(m.FQDNs) == 0 {
				r.addresses[e.Endpoint] = append(r.addresses[e.Endpoint], m.Address)
			}
			for _, f := range m.FQDNs {
				byName[f] = append(byName[f], m.Address)
			}
		}
		r.reported[e.Endpoint] = byName
		r.why[e.Endpoint] = "the deployed endpoint does not answer this name"
	}
}

// name resolves one name, its aliases and its versioned forms.
func (r *resolver) name(n Name, versions []string) {
	fqdn, addresses := n.FQDN, r.addresses[n.Endpoint]
	// An alias that is not known to the end cannot be told from what the endpoint answers.
	open := slices.ContainsFunc(n.Aliases, func(alias string) bool { return strings.Contains(alias, "${") })
	if byName := r.reported[n.Endpoint]; len(byName) > 0 && !open {
		answered := matching(byName, n.FQDN)
		if strings.Contains(n.FQDN, "${") {
			answered = slices.DeleteFunc(answered, func(fqdn string) bool { return r.plain[n.Endpoint+" "+fqdn] })
		}
		if strings.Contains(n.FQDN, "${") && len(answered) > 0 && len(answered) < r.alike[n.pattern()] && !n.Optional {
			// Which one is missing cannot be told, so all of them are in doubt.
			r.unknown = append(r.unknown, Unknown{FQDN: n.FQDN, Endpoint: n.Endpoint, Why: fmt.Sprintf(
				"the deployed endpoint answers %d of %d names like this", len(answered), r.alike[n.pattern()])})
		}
		for _, found := range answered {
			r.add(n, found, "", byName[found])
			for _, alias := range n.Aliases {
				r.add(n, alias, found, byName[found])
			}
			fqdn = ""
		}
		if fqdn == "" || n.Optional {
			return
		}
	}
	spelled := slices.Clone(n.Aliases)
	if n.Versioned != "" {
		for _, v := range versions {
			spelled = append(spelled, fmt.Sprintf(n.Versioned, strings.ReplaceAll(v, ".", "-")))
		}
	}
	if len(addresses) == 0 {
		why := r.why[n.Endpoint]
		if why == "" {
			why = "the outputs hold nothing of this endpoint; run `obslink up`"
		}
		for _, f := range append([]string{fqdn}, spelled...) {
			r.unknown = append(r.unknown, Unknown{FQDN: f, Endpoint: n.Endpoint, Why: why})
		}
		return
	}
	r.add(n, fqdn, "", addresses)
	for _, alias := range spelled {
		r.add(n, alias, fqdn, addresses)
	}
}

func (r *resolver) add(n Name, fqdn, aliasOf string, addresses []netip.Addr) {
	sorted := slices.Clone(addresses)
	slices.SortFunc(sorted, netip.Addr.Compare)
	r.names = append(r.names, ResolvedName{FQDN: fqdn, Addresses: sorted, Endpoint: n.Endpoint, Backend: n.Backend, AliasOf: aliasOf})
}

// filled is the name with what the cloud has said in the place of ${…}.
func (n Name) filled(values map[string]string) Name {
	if len(values) == 0 || !strings.Contains(n.FQDN, "${") {
		return n
	}
	fill := func(text string) string {
		before, rest, _ := strings.Cut(text, "${")
		reference, after, _ := strings.Cut(rest, "}")
		if value, known := values[reference]; known {
			return before + value + after
		}
		return text
	}
	n.FQDN, n.Aliases = fill(n.FQDN), slices.Clone(n.Aliases)
	for i, alias := range n.Aliases {
		n.Aliases[i] = fill(alias)
	}
	return n
}

// pattern is what a name has in common with those that the cloud fills in differently.
func (n Name) pattern() string {
	before, rest, _ := strings.Cut(n.FQDN, "${")
	_, after, _ := strings.Cut(rest, "}")
	return n.Endpoint + " " + before + "${}" + after
}

// matching lists the reported names that a planned name stands for: itself, or where it holds
// ${…}, every name with the same beginning and end.
func matching(reported map[string][]netip.Addr, planned string) []string {
	before, rest, template := strings.Cut(planned, "${")
	if !template {
		if _, ok := reported[planned]; ok {
			return []string{planned}
		}
		return nil
	}
	_, after, _ := strings.Cut(rest, "}")
	var found []string
	for f := range reported {
		middle, ok := strings.CutSuffix(f, after)
		if ok && strings.HasPrefix(middle, before) && middle != before && !strings.Contains(middle[len(before):], ".") {
			found = append(found, f)
		}
	}
	slices.Sort(found)
	return found
}
