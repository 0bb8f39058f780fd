package azure

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/topology"
)

// monitor is the body of a backend of kind azureMonitor.
type monitor struct {
	Existing   string                         `json:"existing"`
	Ingestion  string                         `json:"ingestion"`
	Query      string                         `json:"query"`
	Exclusions map[string]modes               `json:"exclusions"`
	Pin        bool                           `json:"pin"`
	Account    string                         `json:"account"`
	Region     string                         `json:"region"`
	Workspaces map[string]workspace           `json:"workspaces"`
	Components map[string]component           `json:"components"`
	Collectors map[string]collectionEndpoint  `json:"dataCollectionEndpoints"`
	Rules      map[string]rule                `json:"dataCollectionRules"`
	Prometheus map[string]prometheusWorkspace `json:"prometheusWorkspaces"`
	monitorDNS
}

// modes are the access modes of one endpoint; an empty one is the scope's.
type modes struct {
	Ingestion string `json:"ingestion"`
	Query     string `json:"query"`
}

// modesIn are the access modes of the endpoint in a network.
func (m *monitor) modesIn(network string) modes {
	own := m.Exclusions[network]
	return modes{cmp.Or(own.Ingestion, m.Ingestion), cmp.Or(own.Query, m.Query)}
}

// resource is what every resource of a scope may say.
type resource struct {
	Account string `json:"account"`
	Region  string `json:"region"`
	Was     string `json:"was"`
}

type workspace struct {
	resource
	Existing *struct {
		ID         string `json:"id"`
		CustomerID string `json:"customerId"`
	} `json:"existing"`
	RetentionDays int    `json:"retentionDays"`
	Public        Access `json:"publicNetworkAccess"`
}

type component struct {
	resource
	Existing *struct {
		ID    string `json:"id"`
		Stamp string `json:"stamp"`
	} `json:"existing"`
	Workspace string `json:"workspace"`
	Kind      string `json:"kind"`
	Public    Access `json:"publicNetworkAccess"`
}

type collectionEndpoint struct {
	resource
	Existing *struct {
		ID   string `json:"id"`
		Host string `json:"host"`
	} `json:"existing"`
	Public string `json:"publicNetworkAccess"`
}

// monitored is one resource of a scope, of whichever kind.
type monitored struct {
	resource
	kind, key string
	// path is where it is declared, below the backend.
	path string
	// existing is the ARM id, and host what only Azure knows of its names; empty where it is created.
	existing, host string
	public         Access
}

// fields are the lists of a backend that declare each kind.
var fields = map[string]string{kindWorkspace: "workspaces", kindComponent: "components", kindCollector: "dataCollectionEndpoints", kindPrometheus: "prometheusWorkspaces"}

// all lists the resources of a scope: workspaces, components, data collection endpoints, each by key.
func (m *monitor) all() []monitored {
	var all []monitored
	add := func(kind, key string, r resource, public Access) *monitored {
		all = append(all, monitored{resource: r, kind: kind, key: key, path: fields[kind] + "." + key, public: public})
		return &all[len(all)-1]
	}
	for key, w := range topology.Sorted(m.Workspaces) {
		if x := add(kindWorkspace, key, w.resource, w.Public); w.Existing != nil {
			x.existing, x.host = w.Existing.ID, strings.ToLower(w.Existing.CustomerID)
		}
	}
	for key, c := range topology.Sorted(m.Components) {
		if x := add(kindComponent, key, c.resource, c.Public); c.Existing != nil {
			x.existing, x.host = c.Existing.ID, strings.ToLower(c.Existing.Stamp)
		}
	}
	for key, e := range topology.Sorted(m.Collectors) {
		if x := add(kindCollector, key, e.resource, Access{Ingestion: e.Public}); e.Existing != nil {
			x.existing, x.host = e.Existing.ID, strings.ToLower(e.Existing.Host)
		}
	}
	return all
}

// created are the resources that obslink creates for a backend, in the scope and beside it.
func (m *monitor) created() []monitored {
	return slices.DeleteFunc(slices.Concat(m.all(), m.queried()), func(r monitored) bool { return r.existing != "" })
}

// workspaceOf is the key of the workspace that keeps a component's data: the one that it names, else the
// only one.
func (m *monitor) workspaceOf(c component) string {
	if c.Workspace == "" && len(m.Workspaces) == 1 {
		for key := range m.Workspaces {
			return key
		}
	}
	return c.Workspace
}

// closed is the public access of a created resource: what the topology says, else no ingestion, since
// the scope's own mode does not hold it back (private-link-design, 2026-01), and queries as the mode is.
func (m *monitor) closed(said Access) Access {
	query := "Disabled"
	if m.Query == "Open" {
		query = "Enabled"
	}
	return Access{Ingestion: cmp.Or(said.Ingestion, "Disabled"), Query: cmp.Or(said.Query, query)}
}

// monitoredID takes an ARM id of a resource of a scope apart.
var monitoredID = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/(Microsoft\.[A-Za-z]+/[A-Za-z]+)/([^/]+)$`)

// stampShape, collectorShape and queryHostShape are the hosts that Azure chose (facts: ampls_dns.json).
var (
	stampShape     = regexp.MustCompile(`^[a-z0-9]+-[0-9]+$`)
	collectorShape = regexp.MustCompile(`^[a-z0-9-]+\.[a-z0-9]+-[0-9]+$`)
	queryHostShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
)

// armKinds are the ARM types of what may be in a scope, or is asked beside it (private-link-security, 2026-01).
var armKinds = map[string]string{
	kindWorkspace:  "Microsoft.OperationalInsights/workspaces",
	kindComponent:  "Microsoft.Insights/components",
	kindCollector:  "Microsoft.Insights/dataCollectionEndpoints",
	kindPrometheus: "Microsoft.Monitor/accounts",
}
