package truth

import (
	"fmt"
	"math/rand"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// maker holds a world while it is made: what is in it, in terms in which links are easily drawn.
type maker struct {
	*rand.Rand
	w     *World
	vpcs  []*vpc
	sites []*site
	hubs  []*hub
	tgws  []*router
	// peered holds the names of the networks that are peered, by both.
	peered map[string]bool
	// seen are the zones that each network sees.
	seen map[string][]string
}

// Random makes the world of a seed.
func Random(seed int64) *World {
	m := &maker{
		Rand: rand.New(rand.NewSource(seed)), peered: map[string]bool{}, seen: map[string][]string{},
		w: &World{Seed: seed, Manifest: &manifest.Manifest{Version: manifest.Version, Project: "truth", Stack: "t"}},
	}
	clouds := m.Intn(10)
	if clouds < 8 {
		m.aws()
	}
	if clouds > 5 {
		m.azure()
	}
	m.hosts()
	m.questions()
	m.breakSome()
	return m.w.Clone() // as read from JSON
}

func (m *maker) chance(percent int) bool { return m.Intn(100) < percent }

func pick[T any](m *maker, from []T) T { return from[m.Intn(len(from))] }

// add registers a resource and returns its reference, ${name.id}.
func (m *maker) add(token, name, provider string, inputs map[string]any) string {
	for key, value := range inputs {
		if value == nil || value == "" {
			delete(inputs, key)
		}
	}
	m.w.Manifest.Resources = append(m.w.Manifest.Resources, manifest.Resource{Type: token, Name: name, Provider: provider, Inputs: inputs})
	return "${" + name + ".id}"
}

// last is the resource that was added last.
func (m *maker) last() *manifest.Resource {
	return &m.w.Manifest.Resources[len(m.w.Manifest.Resources)-1]
}

// provider registers a provider once.
func (m *maker) provider(kind, account, region string) string {
	name := kind + "_" + account + "_" + region
	if slices.ContainsFunc(m.w.Manifest.Resources, func(r manifest.Resource) bool { return r.Name == name }) {
		return name
	}
	inputs := map[string]any{"region": region, "allowedAccountIds": []any{account}}
	token := "pulumi:providers:aws"
	if kind == "azure" {
		token, inputs = "pulumi:providers:azure-native", map[string]any{"subscriptionId": account}
	}
	m.add(token, name, "", inputs)
	return name
}

func prefix(format string, args ...any) netip.Prefix {
	return netip.MustParsePrefix(fmt.Sprintf(format, args...))
}

func addr(format string, args ...any) netip.Addr {
	return netip.MustParseAddr(fmt.Sprintf(format, args...))
}

// slug makes a prefix a part of a name.
func slug(p netip.Prefix) string { return plan.Slug(p.String()) }

// inSubnet is an address of a /24.
func inSubnet(p netip.Prefix, last int) netip.Addr {
	b := p.Masked().Addr().As4()
	b[3] = byte(last)
	return netip.AddrFrom4(b)
}

// origin says of a declaration which it is.
func origin(path ...string) plan.Origin { return plan.Origin{Path: strings.Join(path, ".")} }

// hosts picks the clients: mostly those that something was meant for.
func (m *maker) hosts() {
	add := func(node string, a netip.Addr) {
		h := Host{node, a}
		if !slices.Contains(m.w.Hosts, h) {
			m.w.Hosts = append(m.w.Hosts, h)
		}
	}
	for _, v := range m.vpcs {
		for i, s := range v.subnets {
			last := 100 + m.Intn(100)
			if v.ruled { // in one half of the subnet with its resolver
				last = 60 + last%60
			}
			if i == 0 || m.chance(35) {
				add(v.key, inSubnet(s.cidr, last))
			}
		}
	}
	for _, s := range m.sites {
		add(s.key, inSubnet(s.cidr, 20+m.Intn(200)))
	}
	for len(m.w.Hosts) < 2 {
		v := pick(m, m.vpcs)
		add(v.key, inSubnet(pick(m, v.subnets).cidr, 100+m.Intn(100)))
	}
	m.Shuffle(len(m.w.Hosts), func(i, j int) { m.w.Hosts[i], m.w.Hosts[j] = m.w.Hosts[j], m.w.Hosts[i] })
	m.w.Hosts = m.w.Hosts[:min(len(m.w.Hosts), 6)]
}

// questions are the names, their aliases and now and then one that nobody claims.
func (m *maker) questions() {
	add := func(q string) {
		if !slices.Contains(m.w.Questions, q) {
			m.w.Questions = append(m.w.Questions, q)
		}
	}
	for _, n := range m.w.Names {
		add(n.FQDN)
		for _, a := range n.Aliases {
			if m.chance(25) {
				add(a)
			}
		}
	}
	m.Shuffle(len(m.w.Questions), func(i, j int) {
		m.w.Questions[i], m.w.Questions[j] = m.w.Questions[j], m.w.Questions[i]
	})
	m.w.Questions = m.w.Questions[:min(len(m.w.Questions), 8)]
}
