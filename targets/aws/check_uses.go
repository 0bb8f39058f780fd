package aws

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	othersNames = diag.Code{
		ID: "OBS704", Severity: diag.Warning, Title: "an endpoint takes over names of others",
		Cause:   "The private DNS of some services is a wildcard. From then on every name below it leads to the endpoint, also those of other accounts: a public API of a partner then answers 403, since it does not know the endpoint (fortinet/fortigate-autoscale-aws#43).",
		Example: `backends: api: awsServices: services: "execute-api": names: ["a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com"]`,
		Mend:    `severities: OBS704: {level: "acknowledged", reason: "no server here calls APIs of others"}`,
	}
	notCovered = diag.Code{
		ID: "OBS705", Severity: diag.Warning, Title: "servers use a name of a service that its endpoint does not answer",
		Cause:   "An endpoint answers exactly its private DNS names. Global, legacy, dual-stack and FIPS names of the same service are mostly not among them (the catalogue says which): they stay public, and fail where there is no way out.",
		Example: `networks: tokyo: clients: web: {subnet: "servers", uses: ["sts.amazonaws.com"]}   // beside an endpoint for sts`,
		Mend:    `networks: tokyo: clients: web: {subnet: "servers", uses: ["sts.ap-northeast-1.amazonaws.com"]}   // AWS_STS_REGIONAL_ENDPOINTS=regional`,
	}
	needsMore = diag.Code{
		ID: "OBS706", Severity: diag.Warning, Title: "a service is of no use without another",
		Cause:   "An image is pulled from ecr.dkr with a token of ecr.api, and its layers come from S3 (Amazon ECR User Guide); the ECS agent also reports to ecs-telemetry. Without them the first works and the whole does not.",
		Example: `services: "ecr.dkr": {}`,
		Mend:    `services: {"ecr.dkr": {}, "ecr.api": {}}   // and an S3 gateway endpoint in the VPC: severities: OBS706: {level: "acknowledged", reason: "vpce-0a1b is there"}`,
	}
	noSecrets = diag.Code{
		ID: "OBS707", Severity: diag.Error, Title: "the API key's secret cannot be read",
		Cause:   "A Lambda extension with DD_API_KEY_SECRET_ARN reads its API key from Secrets Manager before it sends anything. In a VPC without way out that takes an endpoint for secretsmanager (Datadog's PrivateLink guide, 2026-08).",
		Example: `backends: dd: datadog: {site: "ap1", apiKeySecret: true, services: metrics: {}}`,
		Mend:    "backends: keys: awsServices: services: secretsmanager: {}\nlinks: \"tokyo-keys\": {from: \"tokyo\", to: \"keys\", via: endpoint: network: \"tokyo\"}",
	}
)

// access is which of AWS's own services a client reaches, and by what.
type access struct {
	client string
	// services are by key; the value is the backend.
	services map[string]string
	links    []string
}

// accesses lists what each client reaches of AWS's own services, in the order of clients.
func accesses(t *topology.Topology) []access {
	by := map[string]*access{}
	for key, l := range topology.Sorted(t.Links) {
		if b := t.Backends[l.To]; b == nil || b.Kind != ownKind {
			continue
		}
		r := by[l.From]
		if r == nil {
			r = &access{client: l.From, services: map[string]string{}}
			by[l.From] = r
		}
		r.links = append(r.links, key)
		for service := range compile.Decode[awsServices](t.Backends[l.To].Body).Services {
			r.services[service] = l.To
		}
	}
	var all []access
	for _, r := range topology.Sorted(by) {
		all = append(all, *r)
	}
	return all
}

// checkOthers warns of wildcards that hold names of others.
func checkOthers(t *topology.Topology) diag.List {
	var found diag.List
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != ownKind {
			continue
		}
		for name := range topology.Sorted(compile.Decode[awsServices](b.Body).Services) {
			row := schema.AWSServiceCatalogue().Services[name]
			if row.Others == "" {
				continue
			}
			at := "backends." + key + "." + ownKind + ".services." + diag.Step(name)
			found = append(found, othersNames.At(t.At(at), at, "an endpoint of %q takes over %s", name, row.Others).
				WithHint("accept it: severities: %s: {level: \"acknowledged\", reason: \"…\"}, or let clients call the endpoint's own name", othersNames.ID))
		}
	}
	return found
}

// checkUses warns where servers use a name of a service that the endpoints of their network do not
// answer.
func checkUses(t *topology.Topology) diag.List {
	var found diag.List
	services := servicesOf(t)
	seen := map[string]bool{}
	for _, h := range compile.Hostings(t, Name) {
		if b := t.Backends[h.Backend]; b == nil || b.Kind != ownKind {
			continue
		}
		where := placeIn(t, h.Network)
		where.region = cmp.Or(homeRegion(t, h.Backend), where.region)
		for _, network := range users(t, h) {
			for name, c := range topology.Sorted(t.Networks[network].Clients) {
				for i, use := range c.Uses {
					at := compile.Index("networks."+network+".clients."+name+".uses", i)
					why, instead := uncovered(services(h), use, where)
					if why == "" || seen[at] {
						continue
					}
					seen[at] = true
					found = append(found, notCovered.At(t.At(at), at, "%s stays public: %s", use, why).WithHint("%s", instead))
				}
			}
		}
	}
	return found
}

// users are the networks that see a hosting's endpoints.
func users(t *topology.Topology, h *compile.Hosting) []string {
	all := []string{h.Network}
	for _, key := range h.Links {
		if from := t.Links[key].From; t.Networks[from] != nil && !slices.Contains(all, from) {
			all = append(all, from)
		}
	}
	slices.Sort(all)
	return all
}

// uncovered says why the endpoints of services do not answer a name, if it is one of theirs at all,
// and what to ask for instead.
func uncovered(services []*service, use string, at place) (why, instead string) {
	c := schema.AWSServiceCatalogue()
	if slices.ContainsFunc(services, func(s *service) bool { return s.answering(use) != nil }) {
		return "", ""
	}
	for _, s := range services {
		for _, n := range c.Uncovered(s.keys[0]) {
			name := schema.Fill(n.Name, at.region, at.account)
			if below, wild := strings.CutPrefix(name, "*"); use != name && !(wild && strings.HasSuffix(use, below)) {
				continue
			}
			return fmt.Sprintf("the endpoint of %q does not answer %s", s.keys[0], n.Why), fmt.Sprintf("let the servers ask for %s", s.hosts[0])
		}
	}
	return "", ""
}

// checkNeeds warns of services without which another is of no use.
func checkNeeds(t *topology.Topology) diag.List {
	var found diag.List
	for _, r := range accesses(t) {
		for name, backend := range topology.Sorted(r.services) {
			var missing []string
			for _, need := range schema.AWSServiceCatalogue().Services[name].Needs {
				if _, reached := r.services[need]; !reached {
					missing = append(missing, need)
				}
			}
			if len(missing) == 0 {
				continue
			}
			at := "backends." + backend + "." + ownKind + ".services." + diag.Step(name)
			found = append(found, needsMore.At(t.At(at), at, "%q reaches %q, and not %s", r.client, name, strings.Join(missing, " and ")).
				WithNote(t.At("links."+r.links[0]), "the link").
				WithHint("name %s too; where S3 has a gateway endpoint already: severities: %s: {level: \"acknowledged\", reason: \"…\"}", missing[0], needsMore.ID))
		}
	}
	return found
}

// checkSecrets wants Secrets Manager for whoever reads an API key from it.
func checkSecrets(t *topology.Topology) diag.List {
	var found diag.List
	known := map[string]access{}
	for _, r := range accesses(t) {
		known[r.client] = r
	}
	reported := map[[2]string]bool{}
	for key, l := range topology.Sorted(t.Links) {
		b, id := t.Backends[l.To], [2]string{l.From, l.To}
		if b == nil || b.Kind != datadogKind || t.Networks[l.From] == nil || reported[id] || !compile.Decode[datadog](b.Body).APIKeySecret {
			continue
		}
		if _, reached := known[l.From].services["secretsmanager"]; reached {
			continue
		}
		reported[id] = true
		at := "links." + key
		found = append(found, noSecrets.At(t.At(at), at, "servers of %q read their API key from Secrets Manager, which no link of %q reaches", l.From, l.From).
			WithNote(t.At("backends."+l.To+".datadog.apiKeySecret"), "the API key is a secret").
			WithHint("link %q to a backend with awsServices: services: secretsmanager: {}", l.From))
	}
	return found
}
