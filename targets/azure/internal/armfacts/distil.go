package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The result says for each type that programs register what its inputs may be called, which are
// required and which values they take. DIR holds the schema files of
// Azure/azure-resource-manager-schemas, named as files says. Those schemas leave out what is
// read-only, so a read-only name is simply unknown here.
const (
	source = "Azure/azure-resource-manager-schemas; ResourceGroup by hand from the SDK, as it has no deployment schema of its own"
	asOf   = "2026-08"
)

// wanted is one type: the schema that describes its body, and what azure-native takes from the path.
type wanted struct {
	token, file, definition string
	// name is the argument for the resource's own name; parents are those of what it stands in.
	name    string
	parents []string
	// nested says that azure-native keeps the level "properties", which it flattens elsewhere.
	nested bool
}

// The API versions are those of azure-native 2.90.0.
var types = []wanted{
	{"azure-native:hybridcompute:MachineExtension", "2022-12-27_Microsoft.HybridCompute.json", "machines_extensions", "extensionName", in("machineName"), true},
	{"azure-native:hybridcompute:PrivateLinkScope", "2022-12-27_Microsoft.HybridCompute.json", "privateLinkScopes", "scopeName", in(), true},
	{"azure-native:hybridcompute:PrivateLinkScopedResource", "2020-08-15-preview_Microsoft.HybridCompute.json", "privateLinkScopes_scopedResources", "name", in("scopeName"), false},
	{"azure-native:insights:Component", "2020-02-02_Microsoft.Insights.Application.json", "components", "resourceName", in(), false},
	{"azure-native:insights:DataCollectionEndpoint", "2022-06-01_Microsoft.Insights.json", "dataCollectionEndpoints", "dataCollectionEndpointName", in(), false},
	{"azure-native:insights:DataCollectionRule", "2022-06-01_Microsoft.Insights.json", "dataCollectionRules", "dataCollectionRuleName", in(), false},
	{"azure-native:insights:DataCollectionRuleAssociation", "2022-06-01_Microsoft.Insights.json", "dataCollectionRuleAssociations", "associationName", []string{"resourceUri"}, false},
	{"azure-native:insights:PrivateLinkScope", "2021-07-01-preview_Microsoft.Insights.json", "privateLinkScopes", "scopeName", in(), false},
	{"azure-native:insights:PrivateLinkScopedResource", "2021-07-01-preview_Microsoft.Insights.json", "privateLinkScopes_scopedResources", "name", in("scopeName"), false},
	{"azure-native:monitor:AzureMonitorWorkspace", "2023-04-03_Microsoft.Monitor.Accounts.json", "accounts", "azureMonitorWorkspaceName", in(), false},
	{"azure-native:network/v20240601:VirtualNetworkLink", "2024-06-01_Microsoft.Network.privateDns.json", "privateDnsZones_virtualNetworkLinks", "virtualNetworkLinkName", in("privateZoneName"), false},
	{"azure-native:network:LocalNetworkGateway", "2023-02-01_Microsoft.Network.NRP.json", "localNetworkGateways", "localNetworkGatewayName", in(), false},
	{"azure-native:network:NetworkSecurityGroup", "2023-02-01_Microsoft.Network.NRP.json", "networkSecurityGroups", "networkSecurityGroupName", in(), false},
	{"azure-native:network:DnsResolver", "2022-07-01_Microsoft.Network.DnsResolver.json", "dnsResolvers", "dnsResolverName", in(), false},
	{"azure-native:network:InboundEndpoint", "2022-07-01_Microsoft.Network.DnsResolver.json", "dnsResolvers_inboundEndpoints", "inboundEndpointName", in("dnsResolverName"), false},
	{"azure-native:network:PrivateDnsZoneGroup", "2023-02-01_Microsoft.Network.NRP.json", "privateEndpoints_privateDnsZoneGroups", "privateDnsZoneGroupName", in("privateEndpointName"), false},
	{"azure-native:network:PrivateEndpoint", "2023-02-01_Microsoft.Network.NRP.json", "privateEndpoints", "privateEndpointName", in(), false},
	{"azure-native:network:PrivateRecordSet", "2020-06-01_Microsoft.Network.privateDns.json", "privateDnsZones_A", "relativeRecordSetName", in("privateZoneName", "recordType"), false},
	{"azure-native:network:PrivateZone", "2020-06-01_Microsoft.Network.privateDns.json", "privateDnsZones", "privateZoneName", in(), false},
	{"azure-native:network:PublicIPAddress", "2023-02-01_Microsoft.Network.NRP.json", "publicIPAddresses", "publicIpAddressName", in(), false},
	{"azure-native:network:RouteTable", "2023-02-01_Microsoft.Network.NRP.json", "routeTables", "routeTableName", in(), false},
	{"azure-native:network:SecurityRule", "2023-02-01_Microsoft.Network.NRP.json", "networkSecurityGroups_securityRules", "securityRuleName", in("networkSecurityGroupName"), false},
	{"azure-native:network:Subnet", "2023-02-01_Microsoft.Network.NRP.json", "virtualNetworks_subnets", "subnetName", in("virtualNetworkName"), false},
	{"azure-native:network:VirtualNetwork", "2023-02-01_Microsoft.Network.NRP.json", "virtualNetworks", "virtualNetworkName", in(), false},
	{"azure-native:network:VirtualNetworkGateway", "2023-02-01_Microsoft.Network.NRP.json", "virtualNetworkGateways", "virtualNetworkGatewayName", in(), false},
	{"azure-native:network:VirtualNetworkGatewayConnection", "2023-02-01_Microsoft.Network.NRP.json", "connections", "virtualNetworkGatewayConnectionName", in(), false},
	{"azure-native:network:VirtualNetworkPeering", "2023-02-01_Microsoft.Network.NRP.json", "virtualNetworks_virtualNetworkPeerings", "virtualNetworkPeeringName", in("virtualNetworkName"), false},
	{"azure-native:operationalinsights:Table", "2022-10-01_Microsoft.OperationalInsights.json", "workspaces_tables", "tableName", in("workspaceName"), false},
	{"azure-native:operationalinsights:Workspace", "2022-10-01_Microsoft.OperationalInsights.json", "workspaces", "workspaceName", in(), false},
}

// open are lists of words that the schemas close and Azure does not: a rule's flows take its own streams,
// Custom-…, too (data-collection-rule-structure, 2025).
var open = []string{"Microsoft-Event,Microsoft-InsightsMetrics,Microsoft-Perf,Microsoft-Syslog,Microsoft-WindowsEvent"}

func in(parents ...string) []string { return append([]string{"resourceGroupName"}, parents...) }

// facts is the file that is written; targets/azure/arm.go reads it.
type facts struct {
	Source string             `json:"source"`
	AsOf   string             `json:"asOf"`
	Types  map[string]armType `json:"types"`
}

type armType struct {
	ARM  string `json:"arm"`
	API  string `json:"api"`
	Name string `json:"name"`
	node
}

// node is one value. An empty type says that anything may stand here.
type node struct {
	Type       string           `json:"type,omitempty"`
	Enum       []string         `json:"enum,omitempty"`
	Minimum    *float64         `json:"minimum,omitempty"`
	Maximum    *float64         `json:"maximum,omitempty"`
	Pattern    string           `json:"pattern,omitempty"`
	Required   []string         `json:"required,omitempty"`
	Properties map[string]*node `json:"properties,omitempty"`
	Items      *node            `json:"items,omitempty"`
}

func run(dir string, out io.Writer) error {
	all := facts{Source: source, AsOf: asOf, Types: map[string]armType{"azure-native:resources:ResourceGroup": resourceGroup()}}
	for _, w := range types {
		t, err := w.distil(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", w.token, err)
		}
		all.Types[w.token] = t
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(all)
}

func resourceGroup() armType {
	text := func() *node { return &node{Type: "string"} }
	return armType{ARM: "Microsoft.Resources/resourceGroups", API: "2022-09-01", Name: "resourceGroupName", node: node{
		Type: "object", Required: []string{"location", "resourceGroupName"},
		Properties: map[string]*node{"location": text(), "managedBy": text(), "resourceGroupName": text(), "tags": {Type: "object"}},
	}}
}

// schema is the part of JSON schema that ARM's files use.
type schema struct {
	Ref        string             `json:"$ref"`
	OneOf      []*schema          `json:"oneOf"`
	Type       string             `json:"type"`
	Enum       []any              `json:"enum"`
	Minimum    *float64           `json:"minimum"`
	Maximum    *float64           `json:"maximum"`
	Pattern    string             `json:"pattern"`
	Required   []string           `json:"required"`
	Properties map[string]*schema `json:"properties"`
	Items      *schema            `json:"items"`
}

type document struct {
	Resources   map[string]*schema `json:"resourceDefinitions"`
	Definitions map[string]*schema `json:"definitions"`
}

// maxDepth is how many objects deep a type is described. Network types refer to each other in circles;
// deeper than this stands what programs only refer to by id.
const maxDepth = 3

func (w wanted) distil(dir string) (armType, error) {
	text, err := os.ReadFile(filepath.Join(dir, w.file))
	if err != nil {
		return armType{}, err
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		return armType{}, err
	}
	body, found := doc.Resources[w.definition]
	if !found {
		return armType{}, fmt.Errorf("%s has no %s", w.file, w.definition)
	}
	t := armType{ARM: only(body.Properties["type"]), API: only(body.Properties["apiVersion"]), Name: w.name}
	t.node = *doc.object(body, 0, w.nested)
	// What says which resource it is comes from arguments of azure-native's own.
	for _, name := range []string{"apiVersion", "type", "resources", "etag", "name"} {
		delete(t.Properties, name)
	}
	t.Required = slices.DeleteFunc(t.Required, func(name string) bool {
		return name == "apiVersion" || name == "type" || name == "name"
	})
	for _, name := range append(w.parents, w.name) {
		t.Properties[name] = &node{Type: "string"}
		t.Required = append(t.Required, name)
	}
	slices.Sort(t.Required)
	t.Required = slices.Compact(t.Required)
	return t, nil
}

func only(s *schema) string {
	if s == nil || len(s.Enum) != 1 {
		return ""
	}
	return fmt.Sprint(s.Enum[0])
}

// deref follows a schema to what it really says, past "or an expression in a template".
func (d *document) deref(s *schema) *schema {
	for {
		switch {
		case len(s.OneOf) > 0:
			s = s.OneOf[0]
		case strings.HasPrefix(s.Ref, "#/definitions/"):
			s = d.Definitions[strings.TrimPrefix(s.Ref, "#/definitions/")]
		default:
			return s
		}
	}
}

func (d *document) node(s *schema, depth int) *node {
	s = d.deref(s)
	switch {
	case s.Items != nil:
		return &node{Type: "array", Items: d.node(s.Items, depth)}
	case s.Type == "object" && len(s.Properties) > 0 && depth < maxDepth:
		return d.object(s, depth, false)
	case s.Type == "object":
		return &node{Type: "object"}
	}
	n := &node{Type: s.Type, Minimum: s.Minimum, Maximum: s.Maximum, Pattern: s.Pattern}
	for _, value := range s.Enum {
		n.Enum = append(n.Enum, fmt.Sprint(value))
	}
	if slices.Contains(open, strings.Join(n.Enum, ",")) {
		n.Enum = nil
	}
	return n
}

// object describes an object, and lifts what stands under "properties" as azure-native does.
func (d *document) object(s *schema, depth int, nested bool) *node {
	n := &node{Type: "object", Properties: map[string]*node{}}
	for name, property := range s.Properties {
		if name != "properties" || nested {
			n.Properties[spelled(name)] = d.node(property, depth+1)
			continue
		}
		inner := d.deref(property)
		for name, property := range inner.Properties {
			n.Properties[spelled(name)] = d.node(property, depth+1)
		}
		for _, name := range inner.Required {
			n.Required = append(n.Required, spelled(name))
		}
	}
	for _, name := range s.Required {
		if name != "properties" || nested {
			n.Required = append(n.Required, spelled(name))
		}
	}
	slices.Sort(n.Required)
	n.Required = slices.Compact(n.Required)
	return n
}

// spelled is a name as azure-native has it: Application_Type is applicationType.
func spelled(name string) string {
	joined := strings.ReplaceAll(name, "_", "")
	if joined == "" {
		return name
	}
	return strings.ToLower(joined[:1]) + joined[1:]
}
