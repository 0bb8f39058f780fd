package topologytest

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"

	"github.com/obslink/obslink/schema"
)

// Random makes a legal topology: it compiles without a finding. Every key is used once in the
// whole topology, so that a key in a name says which element the name is of.
func Random(r *rand.Rand) Doc {
	m := &maker{r: r, d: Doc{"environment": "test"}, used: map[string]bool{}, peered: map[string]bool{}, created: map[string]int{}, gateways: map[string]string{}, sites: map[string]string{}, answers: map[string]bool{}, asked: map[string]bool{}}
	if m.chance(2) {
		m.d["protect"] = m.chance(2)
	}
	if m.chance(3) {
		where := pick(r, []string{"*", "eu-west-2"})
		m.d.At("prices", "endpoint-hour")[where] = map[string]any{"usd": 1, "source": "an invoice"}
	}
	for range 1 + r.Intn(3) {
		m.awsAccount()
	}
	for range 1 + r.Intn(3) {
		m.hub()
	}
	if m.chance(2) {
		m.client(m.key()) // a network that no link uses
	}
	if m.chance(2) {
		m.awsAccount() // one that nothing stands in
	}
	if m.nets%2 == 0 {
		m.d["zoneAuthorizations"] = []string{"kept", "removed"}[m.nets/2%2]
	}
	if m.chance(3) {
		return m.d
	}
	for range 1 + r.Intn(2) {
		m.azureAccount()
	}
	gov := m.chance(4)
	for range 1 + r.Intn(2) {
		m.vnet(gov)
	}
	if gov {
		m.government()
	}
	return m.d
}

// maker holds what is used up while a topology is made.
type maker struct {
	r    *rand.Rand
	d    Doc
	used map[string]bool
	// peered are hubs that are a client of another.
	peered map[string]bool
	// created counts the VPCs of an account and region: AWS takes five by default.
	created map[string]int
	// gateways are transit gateways by account and region.
	gateways map[string]string
	aws      []string // accounts
	azure    []string
	hubs     []string
	sites    map[string]string // Datadog site by hub
	// answers are networks with DNS inbound endpoints, asked those that a site forwards to.
	answers, asked map[string]bool
	ids            int
	nets           int // /16s given to networks
	rooms          int // /24s given to sites
}

func (m *maker) chance(oneIn int) bool { return m.r.Intn(oneIn) == 0 }

func pick[T any](r *rand.Rand, from []T) T { return from[r.Intn(len(from))] }

// key makes a key that nothing else has.
func (m *maker) key() string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for {
		b := []byte{letters[m.r.Intn(26)], letters[m.r.Intn(26)], letters[m.r.Intn(26)]}
		if m.chance(3) {
			b = append(b, '-')
		}
		k := string(b) + fmt.Sprint(m.r.Intn(100))
		if !m.used[k] {
			m.used[k] = true
			return k
		}
	}
}

// Key makes a key that d does not have.
func (d Doc) Key(r *rand.Rand) string {
	m := &maker{r: r, used: map[string]bool{}}
	for _, section := range Sections {
		for _, k := range d.Keys(section) {
			m.used[k] = true
		}
	}
	return "x" + m.key()
}

// id makes the tail of a cloud id.
func (m *maker) id() string {
	m.ids++
	return fmt.Sprintf("%08x%09x", m.r.Uint32(), m.ids)
}

func (m *maker) net() (cidr string, second int) {
	m.nets++
	return fmt.Sprintf("10.%d.0.0/16", m.nets), m.nets
}

func (m *maker) awsAccount() {
	key := m.key()
	id := fmt.Sprintf("%012d", m.r.Int63n(1e12))
	account := map[string]any{"id": id}
	if m.chance(2) {
		account["assumeRole"] = "arn:aws:iam::" + id + ":role/obslink"
	}
	m.d.At("accounts")[key] = map[string]any{"aws": account}
	m.aws = append(m.aws, key)
}

func (m *maker) link(from, to string, via map[string]any) {
	key := m.key()
	m.d.At("links")[key] = map[string]any{"from": from, "to": to}
	m.groups(key, from, to)
	if via != nil {
		m.d.At("links", key)["via"] = via
	}
}

// peering reaches the endpoints of a hub from another network.
func (m *maker) peering(hub string) map[string]any {
	return map[string]any{"peering": m.across(hub, map[string]any{"endpoints": hub})}
}

// endpoint reaches the endpoints of the client's own network, or leaves it to be chosen.
func (m *maker) endpoint(network string) map[string]any {
	if m.chance(4) {
		return nil
	}
	return map[string]any{"endpoint": m.across(network, map[string]any{"network": network})}
}

// across says where a hub's endpoints are of another region than the hub.
func (m *maker) across(hub string, via map[string]any) map[string]any {
	if site, ok := schema.Datadog().Sites[m.sites[hub]]; ok && m.d.text("networks", hub, "region") != site.HomeRegion {
		via["crossRegion"] = true
	}
	return via
}

// hub makes a network in the home region of a Datadog site or in another one, or in any with AWS's own
// services, one or two backends of that kind, and networks and sites that reach them.
func (m *maker) hub() {
	if m.chance(4) {
		hub, region := m.key(), pick(m.r, []string{"us-east-1", "ap-northeast-1", "eu-west-2"})
		m.sites[hub] = region
		m.hubOf(hub, region, m.ownServices(region))
		return
	}
	sites := schema.Datadog().Sites
	site := pick(m.r, slices.Sorted(maps.Keys(sites)))
	hub := m.key()
	backends := m.datadogs(site)
	region := sites[site].HomeRegion
	if m.chance(3) {
		region = pick(m.r, []string{"us-east-1", "ap-northeast-1", "ap-northeast-2", "eu-west-2"})
	}
	m.sites[hub] = site
	m.hubOf(hub, region, backends)
}

// hubOf makes a network that holds the endpoints of backends.
func (m *maker) hubOf(hub, region string, backends []string) {
	m.hubNetwork(hub, region, backends)
	clients := m.clients(hub)
	vias := map[string]map[string]any{}
	for _, c := range clients {
		vias[c] = m.peering(hub)
		if m.chance(2) {
			vias[c] = m.transit(c, hub)
		}
	}
	for _, b := range backends {
		linked := false
		for _, c := range clients {
			if m.chance(2) || !linked {
				m.link(c, b, vias[c])
				linked = true
			}
		}
		if m.chance(3) || !linked {
			m.link(hub, b, m.endpoint(hub))
		} else if m.d.Has("networks", hub, "existing") {
			m.acknowledge(hub, b)
		}
	}
	count := m.r.Intn(3)
	if count > 0 {
		m.inbound(hub)
	}
	for range count {
		m.site(hub, pick(m.r, backends))
	}
	m.hubs = append(m.hubs, hub)
}

// acknowledge accepts that names of a backend move for the servers of a network that is there already.
func (m *maker) acknowledge(network, backend string) {
	m.d.At("networks", network, "acknowledge", backend)["reason"] = "tried"
}

// clients makes the networks that are peered with a hub; an older hub can be one of them.
func (m *maker) clients(hub string) []string {
	var clients []string
	for range m.r.Intn(3) {
		clients = append(clients, m.client(m.key()))
	}
	for _, other := range m.hubs {
		// Hubs for one Datadog site may answer the same names, which one network cannot hold twice.
		if m.chance(3) && m.sites[other] != m.sites[hub] && m.tables(other) && !m.peered[other] {
			clients = append(clients, other)
			m.peered[other] = true
			break
		}
	}
	if len(clients) > 0 && !m.tables(hub) {
		return nil
	}
	return clients
}

// routes reports whether obslink can route answers back to a site behind a gateway of a network.
func (m *maker) routes(network string) bool {
	return m.d.Has("accounts", m.d.text("networks", network, "account"), "aws") && m.tables(network)
}

// tables reports whether a network can be peered: an existing one must name its route tables.
func (m *maker) tables(network string) bool {
	return !m.d.Has("networks", network, "existing") || m.d.Has("networks", network, "existing", "routeTables")
}

// datadogs makes one or two backends of a site that have no endpoint service in common.
func (m *maker) datadogs(site string) []string {
	row := schema.Datadog().Sites[site]
	all := append(slices.Sorted(maps.Keys(row.Services)), slices.Sorted(maps.Keys(row.Anchors))...)
	m.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	owner := map[string]string{} // backend by endpoint service
	backends := []string{m.key()}
	if m.chance(3) {
		backends = append(backends, m.key())
	}
	for i, service := range all[:len(backends)+m.r.Intn(8)] {
		s, _ := row.Service(service)
		b := owner[s.ServiceName]
		if b == "" {
			b = backends[i%len(backends)]
			owner[s.ServiceName] = b
		}
		m.d.At("backends", b, "datadog", "services", service)
		if m.chance(6) {
			m.override(site, service)
		}
	}
	return slices.DeleteFunc(backends, func(b string) bool {
		if m.d.Has("backends", b) {
			m.d.At("backends", b, "datadog")["site"] = site
			return false
		}
		return true
	})
}

// override gives a service, and all that share its endpoint, another id.
func (m *maker) override(site, service string) {
	sites := schema.Datadog().Sites
	row, _ := sites[site].Service(service)
	for _, key := range m.d.Keys("catalogue", "datadog", site, "services") {
		if other, _ := sites[site].Service(key); other.ServiceName == row.ServiceName {
			return
		}
	}
	m.d.At("catalogue", "datadog", site, "services")[service] = map[string]any{
		"serviceName": "com.amazonaws.vpce." + sites[site].HomeRegion + ".vpce-svc-" + m.id(), "source": "a test", "asOf": "2026-11",
	}
}

// ownServices makes one or two backends of AWS's own services that have none in common: those that
// check has nothing to say of, and that fit into a small subnet.
func (m *maker) ownServices(region string) []string {
	var all []string
	for key, row := range schema.AWSServiceCatalogue().Services {
		if row.Others == "" && len(row.Needs) == 0 && row.Place < 20 {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	m.r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	backends := []string{m.key()}
	if m.chance(3) {
		backends = append(backends, m.key())
	}
	for i, key := range all[:len(backends)+m.r.Intn(5)] {
		b := backends[i%len(backends)]
		service := m.d.At("backends", b, "awsServices", "services", key)
		if m.chance(3) {
			service["policy"] = map[string]any{"Statement": []any{map[string]any{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}}
		}
		if m.chance(3) {
			m.d.At("backends", b, "awsServices")["region"] = region
		}
	}
	return backends
}

func (m *maker) hubNetwork(hub, region string, backends []string) {
	cidr, second := m.net()
	n := m.d.At("networks", hub)
	n["account"], n["region"], n["cidrs"] = pick(m.r, m.aws), region, []any{cidr}
	existing := m.chance(3) || m.full(n)
	if existing {
		n["existing"] = m.existingVPC()
	}
	// Two subnets hold endpoints at least: one would be warned of.
	for i := range 2 + m.r.Intn(3) {
		zone := zones(region)[i]
		s := map[string]any{"cidr": fmt.Sprintf("10.%d.%d.0/%d", second, i*16, pick(m.r, []int{20, 24, 27})), "zone": zone}
		if i > 1 && m.chance(2) {
			s["endpoints"] = false
		}
		if existing && m.chance(2) {
			s["existing"] = "subnet-" + m.id()
		}
		m.d.At("networks", hub, "subnets")[m.key()] = s
		if s["endpoints"] == nil && (s["existing"] != nil || m.chance(4)) {
			m.fix(s, second, i, backends)
		}
	}
}

// zones are ids of zones of a region in which every endpoint can stand.
func zones(region string) []string {
	var all []string
	for i := 1; len(all) < 4; i++ {
		if zone := fmt.Sprintf("%s-az%d", schema.AWS().Regions[region].Zones, i); !slices.Contains(schema.AWS().ZonesWithoutCrossRegion, zone) {
			all = append(all, zone)
		}
	}
	return all
}

// fix names the address of every service in a subnet; services that share an endpoint share it.
func (m *maker) fix(subnet map[string]any, second, i int, backends []string) {
	of := map[string]string{} // address by endpoint service
	all := map[string]any{}
	for _, b := range backends {
		fixed := map[string]any{}
		names := m.endpoints(b)
		for _, key := range slices.Sorted(maps.Keys(names)) {
			name := names[key]
			if of[name] == "" {
				of[name] = fmt.Sprintf("10.%d.%d.%d", second, i*16, 4+len(of))
			}
			fixed[key] = of[name]
		}
		all[b] = fixed
	}
	subnet["addresses"] = all
}

// endpoints are the endpoint services of a backend, by the keys of its services.
func (m *maker) endpoints(backend string) map[string]string {
	names := map[string]string{}
	for _, key := range m.d.Keys("backends", backend, "awsServices", "services") {
		names[key] = key
	}
	site := schema.Datadog().Sites[m.d.text("backends", backend, "datadog", "site")]
	for _, key := range m.d.Keys("backends", backend, "datadog", "services") {
		row, _ := site.Service(key)
		names[key] = row.ServiceName
	}
	return names
}

// full reports whether a network cannot be created in its account and region, and counts it if it can.
func (m *maker) full(network map[string]any) bool {
	id := fmt.Sprint(network["account"], network["region"])
	if m.created[id] == schema.AWS().Quotas["vpcsPerRegion"].Default {
		return true
	}
	m.created[id]++
	return false
}

func (m *maker) existingVPC() map[string]any {
	e := map[string]any{"vpc": "vpc-" + m.id()}
	tables := map[string]any{}
	for range m.r.Intn(3) {
		tables[m.key()] = "rtb-" + m.id()
	}
	if len(tables) > 0 {
		e["routeTables"] = tables
	}
	return e
}

// client makes a network with servers in it.
func (m *maker) client(key string) string {
	cidr, second := m.net()
	n := m.d.At("networks", key)
	n["account"], n["region"], n["cidrs"] = pick(m.r, m.aws), pick(m.r, []string{"us-east-1", "ap-northeast-1", "eu-west-2"}), []any{cidr}
	if m.chance(2) || m.full(n) {
		n["existing"] = map[string]any{"vpc": "vpc-" + m.id(), "routeTables": map[string]any{m.key(): "rtb-" + m.id()}}
		if m.chance(2) {
			more, _ := m.net()
			n["cidrs"] = []any{cidr, more}
		}
		m.servers(key, second)
	} else if m.chance(2) {
		m.d.At("networks", key, "subnets", m.key())["cidr"] = fmt.Sprintf("10.%d.8.0/24", second)
	}
	return key
}

// site makes an on-prem location that reaches a backend in the network its connection ends in.
func (m *maker) site(network, backend string) {
	m.rooms++
	key := m.key()
	s := m.d.At("sites", key)
	s["cidrs"] = []any{fmt.Sprintf("172.16.%d.0/24", m.rooms)}
	if m.chance(2) {
		s["agentVersions"] = []any{"7.70.1", "7.49.0"}
	}
	if m.rooms%3 == 0 && m.routes(network) { // which draws nothing, so that other seeds stay as they were
		m.vpn(key, network)
	} else if m.chance(2) {
		s["existing"] = map[string]any{"network": network, "over": pick(m.r, []string{"vpn", "openvpn", "expressroute", "directconnect"})}
	} else {
		second := m.second(network)
		gateway := map[string]any{"existing": fmt.Sprintf("10.%d.255.%d", second, 1+m.r.Intn(3))}
		w := map[string]any{
			"network": network, "gateway": gateway, "endpoint": "vpn.example.net:51820",
			"publicKey": "b2JzbGluay1leGFtcGxlLXB1YmxpYy1rZXktMDAwMDE=",
		}
		if m.chance(2) {
			w["privateKey"] = map[string]any{"secret": m.key()}
		}
		if m.chance(2) || !m.routes(network) {
			w["snat"] = true
		} else {
			gateway["interface"] = "eni-" + m.id()
		}
		s["wireguard"] = w
	}
	m.azureEnd(key, network)
	m.forward(s, network)
	m.link(key, backend, m.endpoint(network))
}
