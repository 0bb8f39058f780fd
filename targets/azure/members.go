package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// naming is what the names of one resource of a scope are made of.
type naming struct {
	kind string
	// host is what Azure chose: a workspace's customer id, a component's stamp, what the hosts of a data
	// collection endpoint begin with; or ${…} where it is known only once the resource is there.
	host   string
	region string
	origin plan.Origin
}

// unknownHost stands for a host that is known only once the resource is there.
func unknownHost(kind, part string) string {
	return "${" + part + "." + map[string]string{kindWorkspace: "customerId", kindComponent: "stamp", kindCollector: "host", kindPrometheus: "query"}[kind] + "}"
}

// per names the rows of the catalogue that each kind has.
var per = map[string]string{kindWorkspace: "workspace", kindComponent: "component", kindCollector: "dataCollectionEndpoint", kindPrometheus: "prometheusWorkspace"}

// spell fills a row's name in. A component's own region comes after its stamp, which holds one.
func (n naming) spell(row string) string {
	switch n.kind {
	case kindWorkspace:
		return strings.ReplaceAll(row, "{workspaceId}", n.host)
	case kindComponent:
		return strings.ReplaceAll(strings.ReplaceAll(row, "{region}-{n}", n.host), "{region}", n.region)
	case kindPrometheus:
		return strings.ReplaceAll(row, "{monitorWorkspace}", n.host)
	default:
		return strings.ReplaceAll(row, "{dce}.{region}-{n}", n.host)
	}
}

// membersOf lists the names of an endpoint whose scope holds these resources, each name once: two
// components of a region share its live host.
func membersOf(members []schema.AzureMember, resources []naming, origin plan.Origin) []memberName {
	var all []memberName
	seen := map[string]bool{}
	add := func(member schema.AzureMember, fqdn string, aliases []string, origin plan.Origin) {
		if !seen[fqdn] {
			seen[fqdn] = true
			all = append(all, memberName{member, fqdn, aliases, origin})
		}
	}
	for _, member := range members {
		switch member.Per {
		case "global", "region", "kubernetes":
			add(member, member.FQDN, member.Aliases, origin)
			continue
		}
		for _, r := range resources {
			if per[r.kind] != member.Per {
				continue
			}
			var aliases []string
			for _, alias := range member.Aliases {
				aliases = append(aliases, r.spell(alias))
			}
			add(member, r.spell(member.FQDN), aliases, r.origin)
		}
	}
	return all
}
