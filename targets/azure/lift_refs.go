package azure

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// ours is object for what must be of this manifest: one that was there before has parts that nobody
// knows.
func (l *lifting) ours(r *manifest.Resource, path string, value any, token string) (string, bool) {
	ref, ok := l.Object(r, path, value, token)
	if ok && ref.Part == "" {
		l.Problem(r, path, "%s is not of this manifest", ref.Existing)
	}
	return ref.Part, ok && ref.Part != ""
}

// subscription is the one that a resource's provider works in.
func (l *lifting) subscription(r *manifest.Resource) string {
	if provider := l.View.Named(r.Provider); provider != nil {
		return strings.ToLower(provider.Text("subscriptionId"))
	}
	return ""
}

// home is the subscription and group that a resource is kept in; ARM finds a parent by its name in
// the child's own.
func (l *lifting) home(r *manifest.Resource) string {
	const input = "resourceGroupName"
	text := r.Text(input)
	if strings.Contains(text, "${") {
		name, ok := l.Named(text, "name")
		if !ok || l.View.Named(name).Type != resourceGroupType {
			l.Problem(r, input, "%s is not the name of a resource group that is there", text)
			return ""
		}
		group := l.View.Named(name)
		if has, is := l.subscription(r), l.subscription(group); has != is {
			l.Problem(r, input, "is in subscription %s, the resource in %s", is, has)
			return ""
		}
		text = group.Text(input)
	}
	return l.subscription(r) + "/" + strings.ToLower(text)
}

// armID is the id of a resource of Microsoft.Network.
func armID(home, kind, name string) string { return providerID(home, "Microsoft.Network", kind, name) }

// providerID is the id of a resource that a resource provider keeps.
func providerID(home, provider, kind, name string) string {
	subscription, group, _ := strings.Cut(home, "/")
	return strings.ToLower("/subscriptions/" + subscription + "/resourceGroups/" + group + "/providers/" + provider + "/" + kind + "/" + name)
}

// parent is the resource that an input names: by reference, or by its plain name; nil with an id if
// there is none of this manifest.
func (l *lifting) parent(r *manifest.Resource, input, token, kind string) (*manifest.Resource, string) {
	text, home := r.Text(input), l.home(r)
	if text == "" {
		l.Problem(r, input, "is not given")
		return nil, ""
	}
	if !strings.Contains(text, "${") {
		i := slices.IndexFunc(l.View.OfType(token), func(p *manifest.Resource) bool {
			return strings.EqualFold(p.Text(input), text) && l.home(p) == home
		})
		if i >= 0 {
			return l.View.OfType(token)[i], ""
		}
		return nil, armID(home, kind, text)
	}
	name, ok := l.Named(text, "name")
	switch {
	case !ok:
		l.Problem(r, input, "%s is not the name of a resource that is there", text)
	case l.View.Named(name).Type != token:
		l.Problem(r, input, "%s is a %s, not a %s", text, l.View.Named(name).Type, token)
	case l.home(l.View.Named(name)) != home:
		l.Problem(r, input, "%s is in %s, the resource in %s", text, l.home(l.View.Named(name)), home)
	default:
		return l.View.Named(name), ""
	}
	return nil, ""
}

// ourParent is parent where only one of this manifest will do.
func (l *lifting) ourParent(r *manifest.Resource, input, token, kind string) *manifest.Resource {
	p, id := l.parent(r, input, token, kind)
	if id != "" {
		l.Problem(r, input, "%s is not of this manifest", id)
	}
	return p
}

// network is the network that an input refers to by id.
func (l *lifting) network(r *manifest.Resource, path string, value any) (int, bool) {
	ref, ok := l.Object(r, path, value, vnetType)
	if !ok {
		return 0, false
	}
	at, ok := l.networks[key(ref)]
	if !ok {
		l.Problem(r, path, "network %s is not declared", ref.Part+ref.Existing)
	}
	return at, ok
}

// networkByName is the network that an input names inside the resource's own group.
func (l *lifting) networkByName(r *manifest.Resource) (int, bool) {
	p, id := l.parent(r, "virtualNetworkName", vnetType, "virtualNetworks")
	if p != nil {
		id = key(plan.Ref{Part: p.Name})
	}
	at, ok := l.networks[id]
	if !ok && id != "" {
		l.Problem(r, "virtualNetworkName", "network %s is not declared", id)
	}
	return at, ok
}

// subnetOf is the subnet that an input refers to by id.
func (l *lifting) subnetOf(r *manifest.Resource, path string, value any) (spot, bool) {
	ref, ok := l.Object(r, path, value, subnetType)
	if !ok {
		return spot{}, false
	}
	at, ok := l.subnets[key(ref)]
	if !ok {
		l.Problem(r, path, "subnet %s is not declared", ref.Part+ref.Existing)
	}
	return at, ok
}

// plainLocation spells a location as ARM compares it: "Japan East" is "japaneast".
func plainLocation(location string) string {
	return strings.ToLower(strings.ReplaceAll(location, " ", ""))
}

// beside reports whether a resource is in the region of a network, as endpoints and resolvers must be
// (learn: private-endpoint-overview; dns-private-resolver-overview).
func (l *lifting) beside(r *manifest.Resource, network int) bool {
	ref := l.g.Networks[network].Ref
	is := l.locations[key(ref)]
	if ref.Part != "" && l.View.Named(ref.Part) != nil {
		is = plainLocation(l.View.Named(ref.Part).Text("location"))
	}
	if has := plainLocation(r.Text("location")); is != "" && has != is {
		l.Problem(r, "location", "is %q, network %q is in %q", has, l.name(network), is)
		return false
	}
	return true
}

// global reports whether a resource says that it has no region, as ARM wants it of zones and scopes.
func (l *lifting) global(r *manifest.Resource) bool {
	if plainLocation(r.Text("location")) != "global" {
		l.Problem(r, "location", "is %q, and must be global", r.Text("location"))
		return false
	}
	return true
}
