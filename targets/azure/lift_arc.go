package azure

import (
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// arcScope stands in a region, of which its endpoint answers names.
func (l *lifting) arcScope(r *manifest.Resource) {
	if location := plainLocation(r.Text("location")); location == "" || location == "global" {
		l.Problem(r, "location", "is %q, and must be a region", r.Text("location"))
		return
	}
	l.arcRegions[key(plan.Ref{Part: r.Name})] = plainLocation(r.Text("location"))
}

// indexArc notes the regions of scopes that are looked up.
func (l *lifting) indexArc() {
	for _, a := range l.View.Assumptions {
		if a.Function != "azure-native:hybridcompute:getPrivateLinkScope" {
			continue
		}
		group, _ := a.Args["resourceGroupName"].(string)
		name, _ := a.Args["scopeName"].(string)
		location, _ := a.Expected["location"].(string)
		l.arcRegions[providerID(l.subscription(&manifest.Resource{Provider: a.Provider})+"/"+group, "Microsoft.HybridCompute", "privateLinkScopes", name)] = plainLocation(location)
	}
}

// arcNames are those that a zone group writes for an Arc endpoint: all that the catalogue has for the
// zone, of the scope's region. The zone of Kubernetes is there where its names are wanted.
func (l *lifting) arcNames(cloud string, scope plan.Ref, endpoint string) func(zone string) []string {
	facts := arcFacts(cloud).In(l.arcRegions[key(scope)], true)
	return func(zone string) []string {
		var all []string
		for _, m := range facts.Members {
			if m.Zone == zone {
				all = append(all, canonical(memberName{member: m, fqdn: regionCode(m.FQDN, endpoint)}))
			}
		}
		return all
	}
}

// lonelyArc finds scopes without an endpoint: what is in one is cut off, as it lets nobody in from elsewhere.
func (l *lifting) lonelyArc() {
	for _, r := range l.View.OfType(arcScopeType) {
		if !l.led[r.Name] {
			l.Problem(r, "scopeName", "no endpoint leads to it")
		}
	}
}
