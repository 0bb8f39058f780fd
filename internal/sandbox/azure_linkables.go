package sandbox

import "strings"

// linkable is a kind of resource that a private endpoint leads to.
type linkable struct {
	kind, token, group string
	second             string // the refusal where a network is connected to another of the kind; "" where it may be
	// members are those of an endpoint there.
	members func(c *call, o *Object, place string) []member
}

// linkables are all that is simulated.
func linkables() []linkable {
	return []linkable{
		{scopeType, scopeToken, "azuremonitor", "azure-second-scope", (*call).members},
		{arcScopeType, arcScopeToken, "hybridcompute", "azure-second-arc-scope", arcMembers},
		{prometheusType, prometheusToken, "prometheusMetrics", "", prometheusMembers},
	}
}

// linkableOf is the kind of the resource of an id.
func linkableOf(id string) (linkable, bool) {
	for _, l := range linkables() {
		if strings.Contains(strings.ToLower(id), "/providers/"+strings.ToLower(l.kind)+"/") {
			return l, true
		}
	}
	return linkable{}, false
}

// alone refuses an endpoint where its network is connected to another resource of a kind that must be the only one there.
func (c *call) alone(network, to *Object) error {
	kind, _ := linkableOf(to.ID)
	for _, e := range c.of(network, endpointTypeToken) {
		if other, ok := linkableOf(e.attr("_scope")); ok && other.token == kind.token && kind.second != "" && !strings.EqualFold(e.attr("_scope"), to.ID) {
			return no(kind.second, network.Name, e.attr("_scope"))
		}
	}
	return nil
}
