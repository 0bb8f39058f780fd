package azure

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// Kinds of backends that this target offers.
const (
	kindMonitor = "azureMonitor"
	kindArc     = "azureArc"
)

// arc is the body of a backend of kind azureArc.
type arc struct {
	Region              string `json:"region"`
	Account             string `json:"account"`
	Existing            string `json:"existing"`
	PublicNetworkAccess string `json:"publicNetworkAccess"`
	Kubernetes          bool   `json:"kubernetes"`
}

var arcScopeID = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.HybridCompute/privateLinkScopes/([^/]+)$`)

// arcFacts is what is known of Arc's endpoints in a cloud.
func arcFacts(cloud string) schema.AzureArcCloud { return schema.AzureArc().Clouds[cloud] }

// hostArc lowers one Arc private link scope with its private endpoint in one network. Every name of it
// is closed: machines outside of the scope are refused (private-link-security of Arc, 2026-05).
func (l *lowering) hostArc(h *compile.Hosting) *monitorLowering {
	body := compile.Decode[arc](l.t.Backends[h.Backend].Body)
	m := &monitorLowering{
		lowering: l, backend: h.Backend, region: body.Region, account: cmp.Or(body.Account, l.t.Networks[h.Network].Account), groups: map[string]plan.Ref{},
		path: "backends." + h.Backend + "." + kindArc, key: l.backendKey(h.Backend), facts: arcFacts(cloudOf(l.t, l.t.Networks[h.Network].Account)).In(body.Region, body.Kubernetes), closed: true,
	}
	m.provider, m.origin = l.provider(m.account), l.origin(m.path)
	m.arcScope(body)
	m.endpointFor(h)
	return m
}

// arcScope makes the scope, which unlike one of Azure Monitor stands in a region.
func (m *monitorLowering) arcScope(body arc) {
	if id := arcScopeID.FindStringSubmatch(body.Existing); id != nil {
		m.parts.ExistingArc = append(m.parts.ExistingArc, ExistingArc{
			Provider: m.provider, ResourceGroup: id[2], Name: id[3], Location: body.Region, Origin: m.lowering.origin(m.path + ".existing"),
		})
		m.scopeRef = plan.Ref{Existing: body.Existing}
		return
	}
	part := m.named("arcscope")
	m.in = m.group("")
	m.parts.ArcScopes = append(m.parts.ArcScopes, ArcScope{
		Part: part, In: In{m.in, m.cloudName(m.key)}, Location: body.Region, PublicNetworkAccess: cmp.Or(body.PublicNetworkAccess, "Disabled"),
	})
	m.scopeRef = plan.Ref{Part: part.Name}
}

// regionCode puts the endpoint's output into a name for the short name of a region, which no document
// lists.
func regionCode(fqdn, endpoint string) string {
	return strings.ReplaceAll(fqdn, "{code}", "${"+endpoint+".regionCode}")
}
