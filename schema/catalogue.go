package schema

import (
	"embed"
	"encoding/json"
	"sync"
)

//go:embed catalogue/*.json
var catalogueFiles embed.FS

// DatadogCatalogue is what is known about Datadog's private connectivity.
type DatadogCatalogue struct {
	Version int    `json:"version"`
	AsOf    string `json:"asOf"` // year and month of the newest source
	// Sources spells out the short names that rows use.
	Sources map[string]string      `json:"sources"`
	Sites   map[string]DatadogSite `json:"sites"`
	// WithoutPrivateLink are the sites that AWS PrivateLink does not reach.
	WithoutPrivateLink map[string]OtherSite `json:"withoutPrivateLink"`
	// AzureSites are the sites that Azure Private Link reaches.
	AzureSites map[string]DatadogAzureSite `json:"azureSites"`
	// Products are what Datadog sells, by the hosts that each contacts.
	Products map[string]DatadogProduct `json:"products"`
}

// DatadogSite is a site that AWS PrivateLink reaches.
type DatadogSite struct {
	Domain     string                    `json:"domain"`
	HomeRegion string                    `json:"homeRegion"`
	Services   map[string]DatadogService `json:"services"`
	// Anchors are endpoints for further intakes, by colour.
	Anchors map[string]DatadogService `json:"anchors"`
	// Retired are service ids of former generations.
	Retired map[string]RetiredService `json:"retired"`
	// Excluded are endpoint services that exist and are not to be used.
	Excluded map[string]DatadogService `json:"excluded"`
}

// DatadogService is one endpoint service.
type DatadogService struct {
	// ServiceName is com.amazonaws.vpce.<region>.vpce-svc-<id>.
	ServiceName string `json:"serviceName"`
	// PrivateDNSName is the name that a private zone must answer. For an anchor it is the colour's
	// name, which the names that clients ask for point at by public CNAMEs.
	PrivateDNSName string `json:"privateDnsName"`
	// Hosts are the names that clients ask for; one that starts with "*." is a wildcard.
	Hosts []string `json:"hosts"`
	// VersionedHost holds %s for an Agent version such as 7-70-1.
	VersionedHost string `json:"versionedHost"`
	// Anchor is the colour of a two-level name.
	Anchor string `json:"anchor"`
	// Place is the service's place among those of its site, from which addresses are chosen: rows that
	// share an endpoint share it, and it never changes.
	Place  int    `json:"place"`
	Source string `json:"source"`
	AsOf   string `json:"asOf"`
	// Status says how sure the row is: confirmed (read in the source) or inferred.
	Status string `json:"status"`
	// Why says why a row is excluded.
	Why string `json:"why"`
	// Overridden says that a topology made the row what it is.
	Overridden bool `json:"overridden,omitempty"`
}

// DatadogAzureSite is a site that Azure Private Link reaches.
type DatadogAzureSite struct {
	Domain     string                         `json:"domain"`
	HomeRegion string                         `json:"homeRegion"`
	Approval   string                         `json:"approval"`
	Services   map[string]DatadogAzureService `json:"services"`
}

// DatadogAzureService is one intake of such a site.
type DatadogAzureService struct {
	// Alias names the private link service; services with one alias share the endpoint that Endpoint
	// names.
	Alias    string `json:"alias"`
	Endpoint string `json:"endpoint"`
	// Host is the name that clients ask for, and Wildcard says that those below it are meant too.
	Host     string `json:"host"`
	Wildcard bool   `json:"wildcard,omitempty"`
	// VersionedHost holds %s for an Agent version such as 7-70-1.
	VersionedHost string `json:"versionedHost,omitempty"`
	// Place is the endpoint's place among those of its site, from which its address is chosen.
	Place  int    `json:"place"`
	Source string `json:"source"`
	AsOf   string `json:"asOf"`
	Status string `json:"status"`
}

// RetiredService is a service id of a former generation: it answers no longer, or soon will not.
type RetiredService struct {
	Service    string `json:"service"`
	Generation string `json:"generation"`
	Source     string `json:"source"`
}

// OtherSite is a site without AWS PrivateLink and what it offers instead, "" if nothing.
type OtherSite struct {
	Domain string `json:"domain"`
	Offers string `json:"offers"`
	Source string `json:"source"`
	AsOf   string `json:"asOf"`
	Status string `json:"status"`
}

// Service finds a service or an anchor of the site by its key in a topology.
func (s DatadogSite) Service(key string) (DatadogService, bool) {
	if row, ok := s.Services[key]; ok {
		return row, true
	}
	row, ok := s.Anchors[key]
	row.Anchor = key
	return row, ok
}

// AzureMonitorCatalogue is what is known about an Azure Monitor Private Link Scope's endpoint: in the
// public cloud, and how other clouds differ.
type AzureMonitorCatalogue struct {
	Version int               `json:"version"`
	AsOf    string            `json:"asOf"`
	Sources map[string]string `json:"sources"`
	AzurePrivateLink
	// OtherClouds are by cloud as azure-native calls it; In reads them.
	OtherClouds map[string]AzureOtherCloud `json:"otherClouds"`
}

// AzurePrivateLink is what a private endpoint to one kind of resource answers.
type AzurePrivateLink struct {
	GroupID string `json:"groupId"`
	// Zones are the private DNS zones of the endpoint, all of which its zone group needs.
	Zones   []AzureZone   `json:"zones"`
	Members []AzureMember `json:"members"`
}

// AzureZone is one private DNS zone and the public zones that on-prem servers forward for it.
type AzureZone struct {
	Domain   string   `json:"domain"`
	Forwards []string `json:"forwards"`
	// InCloudOnly says why sites do not forward the zone's names; empty where they do.
	InCloudOnly string `json:"inCloudOnly,omitempty"`
}

// AzureMember is one name of the endpoint. FQDN may hold {workspaceId}, {dce}, {region} and {n}.
type AzureMember struct {
	ID      string   `json:"id"`
	FQDN    string   `json:"fqdn"`
	Zone    string   `json:"zone"`
	Per     string   `json:"per"` // global, workspace, dataCollectionEndpoint, component; of Arc: region, kubernetes
	Member  string   `json:"member"`
	Aliases []string `json:"aliases"`
	// Mode is the access mode of the scope, "ingestion" or "query", that decides whether this name still
	// reaches resources outside of the scope; empty where none does (Microsoft Learn, "Design your Azure
	// Monitor private link setup", 2026-01: queries and Application Insights share their endpoints).
	Mode string `json:"mode"`
	// Optional says that real endpoints were seen without it.
	Optional bool   `json:"optional"`
	Source   string `json:"source"`
}

// Datadog returns the Datadog catalogue.
var Datadog = sync.OnceValue(func() *DatadogCatalogue { return read[DatadogCatalogue]("datadog") })

// AzureMonitor returns the Azure Monitor catalogue.
var AzureMonitor = sync.OnceValue(func() *AzureMonitorCatalogue { return read[AzureMonitorCatalogue]("azure") })

func read[T any](name string) *T {
	raw, err := catalogueFiles.ReadFile("catalogue/" + name + ".json")
	v := new(T)
	if err == nil {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		panic("the catalogue does not read: " + err.Error() + "; this is a bug in obslink")
	}
	return v
}
