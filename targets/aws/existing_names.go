package aws

import (
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// zoneProvider is the provider that writes into a zone that is there already: of its own account, in the
// region of the first network that sees it.
func (l *lowering) zoneProvider(z *topology.Zone) string {
	n := l.t.Networks[z.Networks[0]]
	if z.Account != "" {
		return l.providerIn(z.Account, n.Region)
	}
	return l.provider(z.Networks[0])
}

// existingZones lists the zones that are there already.
func (l *lowering) existingZones() {
	for key, z := range topology.Sorted(l.t.Zones) {
		if len(z.Networks) == 0 || l.t.Kind(z.Networks[0]) != Name {
			continue
		}
		x := ExistingZone{Provider: l.zoneProvider(z), ID: z.Existing, Domain: z.Domain, Origin: l.origin("zones." + key)}
		for _, network := range slices.Compact(slices.Sorted(slices.Values(z.Networks))) {
			if id := l.vpc(network).Existing; id != "" { // a created VPC does not see it yet
				x.VPCs = append(x.VPCs, id)
			}
		}
		l.parts.ExistingZones = append(l.parts.ExistingZones, x)
	}
}

// mustBeFree sees to it that nothing answers the name of a zone in the existing VPCs of some networks: a
// zone there is found in the VPC's account only.
func (l *lowering) mustBeFree(h *compile.Hosting, s *service, domain string, networks []string) {
	for _, network := range networks {
		n := l.t.Networks[network]
		if n.Existing == nil {
			continue
		}
		provider := l.provider(network)
		id := provider + " " + domain
		i, known := l.free[id]
		if !known {
			i = len(l.parts.FreeNames)
			l.free[id] = i
			l.parts.FreeNames = append(l.parts.FreeNames, FreeName{Provider: provider, Domain: domain, Service: s.name, Origin: l.origin(s.path(h.Backend))})
		}
		f := &l.parts.FreeNames[i]
		if vpc := n.Existing.VPC; !slices.Contains(f.VPCs, vpc) {
			f.VPCs = append(f.VPCs, vpc)
		}
	}
}

// recordKeys tell the records of a zone apart: its own name and the wildcard below it.
func recordKeys(keys []plan.Key, i int) []plan.Key {
	if i == 0 {
		return keys
	}
	return append(slices.Clip(keys), plan.K("all"))
}
