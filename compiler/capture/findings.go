package capture

import (
	"fmt"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	undeclared = diag.Code{
		ID: "OBS651", Severity: diag.Error, Judgement: true, Title: "names move for servers that nobody declared",
		Cause: "A private zone, or an endpoint's private DNS, answers for every server of a network, not only for those that a link is for " +
			"(AWS PrivateLink guide p. 20–21; Azure private DNS). In a network that was there before, other servers may use the same names today: " +
			"from the next `up` on they are sent to the endpoint, which does not admit them, and nothing says so.",
		Example: `networks: hub: existing: vpc: "vpc-0a1b"
links: "tokyo-datadog": {from: "tokyo", to: "dd", via: peering: endpoints: "hub"}`,
		Mend: `networks: hub: acknowledge: dd: reason: "no server of this VPC sends to Datadog"
// or list them: networks: hub: clients: web: {cidr: "10.0.8.0/24", uses: ["metrics.agent.datadoghq.com"]}
// or link them: links: "hub-datadog": {from: "hub", to: "dd", via: endpoint: network: "hub"}`,
	}
	cutOff = diag.Code{
		ID: "OBS652", Severity: diag.Error, Judgement: true, Title: "servers are cut off from a name that they use",
		Cause:   "The name is declared under clients, so it is in use today. A zone or an endpoint of this topology takes it over, and the servers cannot reach what answers then.",
		Example: `networks: hub: clients: zabbix: {cidr: "192.168.40.0/24", uses: ["metrics.agent.datadoghq.com"]}`,
		Mend:    `links: "hub-datadog": {from: "hub", to: "dd", via: endpoint: network: "hub"}`,
	}
	refused = diag.Code{
		ID: "OBS653", Severity: diag.Error, Judgement: true, Title: "servers reach an endpoint that refuses what they ask for",
		Cause: "A PrivateOnly Azure Monitor Private Link Scope answers for its own resources only, and every network that shares its DNS is sent to it, " +
			"across subscriptions and tenants (Microsoft Learn, Azure Monitor private link security and design, 2026-01). " +
			"What these servers reach by this name today is refused unless it is in the scope.",
		Example: `networks: japan: clients: web: {cidr: "192.168.2.128/25", uses: ["api.monitor.azure.com"]}
backends: logs: azureMonitor: {ingestion: "PrivateOnly", query: "PrivateOnly"}`,
		Mend: `backends: logs: azureMonitor: {ingestion: "PrivateOnly", query: "Open"}
// or: networks: japan: acknowledge: logs: reason: "the servers query this workspace only"`,
	}
	nothingMoves = diag.Code{
		ID: "OBS654", Severity: diag.Warning, Title: "an acknowledgement of nothing",
		Cause:   "An acknowledgement that is not needed hides the day on which it is.",
		Example: `networks: tokyo: acknowledge: dd: reason: "…" // and tokyo sees no zone of dd`,
		Mend:    "remove it",
	}
)

// Codes are what Found reports.
var Codes = []diag.Code{undeclared, cutOff, refused, nothingMoves}

// Found judges what a plan moves for servers that no link is for.
func Found(t *topology.Topology, p *plan.Plan) diag.List {
	if !slices.ContainsFunc(p.Graph.Networks, func(n plan.Network) bool { return n.Existing() || len(n.Clients) > 0 }) {
		return unneeded(t, nil) // nobody was there before
	}
	moves := between(newView(unbuilt(p)), newView(p), func(q question) bool {
		return q.who == Others || strings.HasPrefix(q.who, "clients ")
	})
	var found diag.List
	used := map[[2]string]bool{} // acknowledgements, by network and backend
	others := map[[2]string][]Move{}
	for _, m := range moves {
		id := [2]string{m.Node, m.Backend}
		_, acknowledged := t.Networks[m.Node].Acknowledge[m.Backend]
		switch {
		case m.Who == Others:
			used[id] = true
			if !acknowledged {
				others[id] = append(others[id], m)
			}
		case m.Through != Yes:
			found = append(found, cutOff.At(m.Origin.Pos, m.Origin.Path, "%s of %q use %s, which becomes %s: %s", m.Who, m.Node, m.Name, m.After, m.Why).
				WithHint("link network %q to backend %q, or give the name up", m.Node, m.Backend))
		case m.exclusive:
			used[id] = true
			if !acknowledged {
				found = append(found, refused.At(m.Origin.Pos, m.Origin.Path, "%s of %q use %s, and backend %q answers for its own resources only", m.Who, m.Node, m.Name, m.Backend).
					WithHint("set the backend's access mode to Open, or accept it: networks: %s: acknowledge: %s: reason: \"…\"", diag.Label(m.Node), diag.Label(m.Backend)))
			}
		}
	}
	for _, id := range sortedKeys(others) {
		found = append(found, unlisted(others[id]))
	}
	return append(found, unneeded(t, used)...)
}

// Acknowledged says, with each move that a topology accepts, why.
func Acknowledged(t *topology.Topology, moves []Move) {
	for i := range moves {
		n := t.Networks[moves[i].Node]
		if n == nil || moves[i].Who != Others {
			continue
		}
		if a, ok := n.Acknowledge[moves[i].Backend]; ok {
			moves[i].Why = "acknowledged: " + a.Reason
		}
	}
}

// unlisted is the finding of one network and one backend.
func unlisted(moves []Move) diag.Diagnostic {
	m := moves[0]
	names := m.Name
	if more := len(moves) - 1; more > 0 {
		names = fmt.Sprintf("%s and %d more", names, more)
	}
	d := undeclared.At(m.Origin.Pos, m.Origin.Path, "servers of %q that no link is for will be sent to backend %q when they ask for %s", m.Node, m.Backend, names)
	if i := slices.IndexFunc(moves, func(m Move) bool { return m.exclusive }); i >= 0 {
		d = d.WithNote(m.Origin.Pos, "what they reach by %s is then refused unless it belongs to %q (PrivateOnly)", moves[i].Name, m.Backend)
	}
	return d.WithHint("list them under the network's clients, link it, or accept it: networks: %s: acknowledge: %s: reason: \"…\"", diag.Label(m.Node), diag.Label(m.Backend))
}

// unneeded warns of acknowledgements that accept nothing.
func unneeded(t *topology.Topology, used map[[2]string]bool) (found diag.List) {
	for key, n := range topology.Sorted(t.Networks) {
		for backend := range topology.Sorted(n.Acknowledge) {
			if !used[[2]string{key, backend}] {
				path := "networks." + key + ".acknowledge." + backend
				found = append(found, nothingMoves.At(t.At(path), path, "no name of backend %q moves for undeclared servers of %q", backend, key).WithHint("remove it"))
			}
		}
	}
	return found
}

func sortedKeys(m map[[2]string][]Move) [][2]string {
	keys := make([][2]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return strings.Compare(a[0]+"\x00"+a[1], b[0]+"\x00"+b[1]) })
	return keys
}
