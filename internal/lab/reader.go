package lab

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// reader turns a world into a blueprint. Objects are kept under every name that others may use for
// them: the resource's logical name, the cloud's id, the declared name.
type reader struct {
	view *manifest.View
	bp   *blueprint

	networks  map[string]*network
	subnets   map[string]*subnet
	tables    map[string]*table
	filters   map[string]*filter
	routers   map[string]*router
	links     map[string]*link
	gateways  map[string]*gateway
	endpoints map[string]*endpoint
	zones     map[string]*zone
	outbounds map[string]*outbound
	forwards  map[string]*forward
	devices   map[string]*device
	vpnEnds   map[string]*vpnEnd
	dnsNodes  map[string]*network // DNS resolvers of Azure and their networks

	// owner is the network of a table, which routes into it are looked up for.
	owner map[*table]*network
	// later is what waits for the end of the stage.
	later []func()
	// final is what waits for everything: routes to what other resources declare.
	final  []func()
	errors []error
}

// read makes a blueprint of a world. All that is wrong is reported at once.
func read(w World, hosts []Host) (*blueprint, error) {
	m := w.Manifest
	if m == nil {
		m = &manifest.Manifest{}
	}
	r := &reader{
		view: manifest.NewView(m), bp: &blueprint{public: newDirectory(w.Names)},
		networks: map[string]*network{}, subnets: map[string]*subnet{}, tables: map[string]*table{},
		filters: map[string]*filter{}, routers: map[string]*router{}, links: map[string]*link{},
		gateways: map[string]*gateway{}, endpoints: map[string]*endpoint{}, zones: map[string]*zone{},
		outbounds: map[string]*outbound{}, forwards: map[string]*forward{}, devices: map[string]*device{}, vpnEnds: map[string]*vpnEnd{}, dnsNodes: map[string]*network{},
		owner: map[*table]*network{},
	}
	r.bp.named = r.networks
	r.refuseUnknown()
	r.declaredNodes(w.Declared)
	r.resources(before)
	r.settle()
	r.existingVPNEnds()
	r.declaredConnections(w.Declared)
	r.declaredServices(w.Declared)
	r.resources(after)
	r.declaredRoutes(w.Declared)
	r.settle()
	r.nameEndpoints(w.Names)
	r.resources(last)
	r.later = r.final
	r.settle()
	r.chooseAddresses(hosts)
	r.checkZones()
	return r.bp, errors.Join(r.errors...)
}

// settle does what waited for the stage to end.
func (r *reader) settle() {
	waiting := r.later
	r.later = nil
	for _, f := range waiting {
		f()
	}
}

func (r *reader) fail(format string, args ...any) {
	r.errors = append(r.errors, fmt.Errorf("lab: "+format, args...))
}

// key is what an input refers to: a resource's logical name, or the literal.
func (r *reader) key(value any) string {
	if found := r.view.Referred(value); found != nil {
		return found.Name
	}
	text, _ := value.(string)
	return id(text)
}

// id is a cloud's id in one spelling; Azure's do not tell capitals from small letters.
func id(text string) string {
	if strings.HasPrefix(text, "/") {
		return strings.ToLower(text)
	}
	return text
}

// find looks an object up that an input names, and says so if it is nowhere.
func find[T any](r *reader, all map[string]*T, res *manifest.Resource, what string, value any) *T {
	key := r.key(value)
	if found := all[key]; found != nil {
		return found
	}
	r.fail("%s %s: the world holds no %s %q", res.Type, res.Name, what, key)
	return nil
}

// add keeps an object under several names.
func add[T any](all map[string]*T, object *T, keys ...string) {
	for _, key := range keys {
		if key != "" {
			all[id(key)] = object
		}
	}
}

// inObject is a field of an input that is an object: {id: …}.
func inObject(res *manifest.Resource, input, field string) any { return res.Object(input)[field] }

func (r *reader) prefix(res *manifest.Resource, value any) netip.Prefix {
	text, _ := value.(string)
	p, err := netip.ParsePrefix(text)
	if err != nil {
		if a, err := netip.ParseAddr(text); err == nil {
			return netip.PrefixFrom(a, a.BitLen())
		}
		r.fail("%s %s: %q is no prefix", res.Type, res.Name, text)
	}
	return p.Masked()
}

func (r *reader) address(res *manifest.Resource, value any) netip.Addr {
	text, _ := value.(string)
	if text == "" {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		r.fail("%s %s: %q is no address", res.Type, res.Name, text)
	}
	return a
}

// number is an input that is a number in any of JSON's or Go's forms.
func number(value any) int {
	switch v := value.(type) {
	case int:
		return v
	case float64:
		return int(v)
	case int64:
		return int(v)
	}
	return 0
}

// boolean is such an input, or what the provider takes if it is not given.
func boolean(res *manifest.Resource, name string, otherwise bool) bool {
	if b, ok := res.Inputs[name].(bool); ok {
		return b
	}
	return otherwise
}

// port is a number in text.
func (r *reader) port(res *manifest.Resource, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		r.fail("%s %s: %q is no port", res.Type, res.Name, text)
	}
	return n
}

// account is the account of a resource's provider; "" where it is not said.
func (r *reader) account(res *manifest.Resource) string {
	provider := r.view.Named(res.Provider)
	if provider == nil {
		return ""
	}
	if ids := provider.List("allowedAccountIds"); len(ids) == 1 {
		text, _ := ids[0].(string)
		return text
	}
	return provider.Text("subscriptionId")
}

// foreign reports whether two accounts are known and not the same.
func foreign(a, b string) bool { return a != "" && b != "" && a != b }

var placeholder = regexp.MustCompile(`\$\{([^}]*)\}`)

// literal is a name with what only the cloud knows (${part.output}) replaced by one label.
func literal(name string) string {
	name = placeholder.ReplaceAllStringFunc(name, func(text string) string {
		return "only-the-cloud-knows-" + regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(strings.Trim(text, "${}"), "-")
	})
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// nameEndpoints gives endpoints the names that they answer: what public DNS ends its chains with.
func (r *reader) nameEndpoints(names []plan.Name) {
	for _, n := range names {
		e := r.endpoints[n.Endpoint]
		if e == nil {
			continue
		}
		name := n.Canonical
		if name == "" {
			name = n.FQDN
		}
		if name = literal(name); !slices.Contains(e.names, name) {
			e.names = append(e.names, name)
		}
	}
}

// chooseAddresses gives every home without an address the first free one of its subnet, after the
// four that clouds keep.
func (r *reader) chooseAddresses(hosts []Host) {
	taken := map[*network]map[netip.Addr]bool{}
	for _, n := range r.bp.networks {
		taken[n] = map[netip.Addr]bool{}
	}
	for _, h := range hosts {
		if n := r.networks[id(h.Node)]; n != nil {
			taken[n][h.Address] = true
		}
	}
	for _, g := range r.bp.gateways {
		taken[g.network][g.address] = true
	}
	var homes []*home
	for _, e := range r.bp.endpoints {
		for i := range e.homes {
			homes = append(homes, &e.homes[i])
		}
	}
	for _, in := range r.bp.resolvers {
		for i := range in.homes {
			homes = append(homes, &in.homes[i])
		}
	}
	for _, f := range r.bp.forwards {
		if f.from != nil && f.from.home.subnet != nil {
			homes = append(homes, &f.from.home)
		}
	}
	// What stands in no known subnet has been reported.
	homes = slices.DeleteFunc(homes, func(h *home) bool { return h.subnet == nil })
	for _, h := range homes {
		if h.address.IsValid() {
			taken[h.subnet.network][h.address] = true
		}
	}
	for _, h := range homes {
		if !h.address.IsValid() {
			h.address = firstFree(h.subnet.cidr, taken[h.subnet.network])
		}
		if !h.address.IsValid() {
			r.fail("subnet %s has no free address", h.subnet.name)
		}
	}
}

func firstFree(in netip.Prefix, taken map[netip.Addr]bool) netip.Addr {
	a := in.Masked().Addr()
	for range 4 {
		a = a.Next()
	}
	for ; in.Contains(a); a = a.Next() {
		if !taken[a] {
			taken[a] = true
			return a
		}
	}
	return netip.Addr{}
}

// checkZones refuses what the clouds refuse: two zones of one name, or a zone and an endpoint's own
// name, in one network (ConflictingDomainExists).
func (r *reader) checkZones() {
	for _, n := range r.bp.networks {
		seen := map[string]string{}
		note := func(name, what string) {
			if before, found := seen[name]; found {
				r.fail("network %s sees %s twice: %s and %s", n.name, name, before, what)
			}
			seen[name] = what
		}
		for _, z := range r.bp.zones {
			if _, sees := z.networks[n]; sees {
				note(z.name, "a zone")
			}
		}
		for _, e := range r.bp.endpoints {
			for _, name := range e.names {
				if e.own && e.network == n {
					note(zoneOfName(name), "endpoint "+e.name)
				}
			}
		}
	}
}

// zoneOfName is the zone in which an endpoint's own name is answered: the name, without "*.".
func zoneOfName(name string) string { return strings.TrimPrefix(name, "*.") }
