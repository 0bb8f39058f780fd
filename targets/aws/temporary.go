package aws

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/obslink/obslink/compiler/plan"
)

// Temporary are the authorizations that are to go once their VPCs are associated, which AWS advises
// (Route 53 developer guide, 2023). An association outlives its authorization; one that is made anew,
// because its zone or its VPC is, needs an authorization again.
func Temporary(p *plan.Plan) map[string]plan.Temporary {
	parts, _ := p.Parts[Name].(*Parts)
	if parts == nil {
		return nil
	}
	removed := map[string]bool{}
	for _, a := range parts.ZoneAuthorizations {
		removed[a.Name] = a.Removed
	}
	all := map[string]plan.Temporary{}
	f := foundations{vpcs: map[string]string{}, zones: map[string]string{}, providers: map[string]string{}}
	for _, a := range parts.ZoneAssociations {
		if !removed[a.Authorization] {
			continue
		}
		if len(f.zones) == 0 {
			f.read(parts)
		}
		all[a.Authorization] = plan.Temporary{For: a.Name, Digest: digest(a, f.zones[a.Zone], f.vpcs[a.VPC.VPC.Part], f.providers[a.Provider])}
	}
	return all
}

// foundations are digests of what associations stand on, each with all below it: a change of any may
// make an association anew.
type foundations struct{ providers, vpcs, zones map[string]string }

func (f *foundations) read(parts *Parts) {
	for _, p := range parts.Providers {
		f.providers[p.Name] = digest(p)
	}
	for _, v := range parts.VPCs {
		f.vpcs[v.Name] = digest(v, f.providers[v.Provider])
	}
	for _, z := range parts.Zones {
		below := []any{z, f.providers[z.Provider]}
		for _, v := range z.VPCs {
			below = append(below, f.vpcs[v.VPC.Part])
		}
		f.zones[z.Name] = digest(below...)
	}
}

func digest(of ...any) string {
	sum := sha256.Sum256(plan.WithoutOrigins(of))
	return hex.EncodeToString(sum[:8])
}
