package deploy

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets"
)

// irrelevant are the inputs that may change without a packet or a question going another way, as
// regular expressions of "type path"; each with the reason. Everything else must be noticed.
var irrelevant = []struct{ inputs, why string }{
	{`:\w+ (tags\..*|description|comment)$`, "labels"},
	{`^pulumi:providers:aws (assumeRole\..*|profile|skip\w+)$`, "how to sign in; allowedAccountIds says where"},
	{`:(TransitGateway|VpnGateway) amazonSideAsn$|:CustomerGateway bgpAsn(Extended)?$|:VpnConnection staticRoutesOnly$`, "how the ends of a tunnel tell each other their prefixes; the graph holds the prefixes"},
	{`:VpnConnection tunnel[12]PresharedKey$|:(VpnConnection|CustomerGateway) type$`, "how a tunnel is sealed, not what it carries"},
	{`:ResourceShare name$`, "its name alone; what is shared with whom is said elsewhere"},
	{`ec2transitgateway.*:RouteTableAssociation replaceExistingAssociation$`, "how to create; the association is the same"},
	{`:Subnet availabilityZoneId$`, "a route does not ask for the zone"},
	{`^azure-native:.*:ResourceGroup (resourceGroupName|location)$`, "where ARM keeps things; references follow"},
	{`^azure-native:.*:VirtualNetwork (virtualNetworkName|enable\w+)$`, "the name, which references follow, and public addresses"},
	{`^azure-native:.* (subnetName|scopeName|name|virtualNetworkPeeringName|virtualNetworkLinkName|privateEndpointName|customNetworkInterfaceName|privateDnsZoneGroupName|privateDnsZoneConfigs.*\.name|privateLinkServiceConnections.*\.name)$`,
		"ARM's names, which references follow"},
	{`^azure-native:.* (\w+\.)?privateLinkServiceNetworkPolicies$`, "services that the network offers, not those it uses"},
	{`:VirtualNetworkPeering allowForwardedTraffic$`, "packets from beyond the other network, to which the graph lets none come back"},
	{`:PrivateEndpoint subnet\.privateEndpointNetworkPolicies$`, "written by the SDK; ARM reads the subnet's id (facts/azure.md §6)"},
	{`:Subnet delegations\[\d+\]\.name$`, "a label of the delegation"},
	{`:(DnsResolver dnsResolverName|InboundEndpoint inboundEndpointName)$`, "ARM's names, which references follow"},
	{`:Workspace (workspaceName|resourceGroupName|retentionInDays|location|sku\.name|publicNetworkAccess\w+)$`, "what the backend does once a packet has arrived"},
	{`insights:Component |insights:DataCollectionEndpoint (networkAcls\.publicNetworkAccess|dataCollectionEndpointName|resourceGroupName|location)$`, "what the backend does once a packet has arrived, and where ARM keeps it"},
	{`network:RouteTable (routeTableName|resourceGroupName|location|routes\[\d+\]\.name)$`, "ARM's names, which references follow, and where it keeps the table"},
	{`:PublicIPAddress |:VirtualNetworkGateway sku\.\w+$|:VirtualNetworkGateway ipConfigurations\[\d+\]\.(name|privateIPAllocationMethod)$`, "how large a gateway is, and the address of its tunnels in the internet"},
	{`:(VirtualNetworkGateway|LocalNetworkGateway|VirtualNetworkGatewayConnection) (\w+Name|bgpSettings\.asn|sharedKey|connectionProtocol)$`, "where ARM keeps them and what it calls them, and how the ends of a tunnel seal it and tell each other their prefixes; the graph holds the prefixes"},
	{`:VirtualNetworkGateway enableBgp$|:LocalNetworkGateway location$`, "read with the connections, which say whether there is BGP; a device may be kept in any region"},
	{`:VpcEndpoint policy$`, "what the service lets callers do once a packet has arrived"},
	{`hybridcompute:PrivateLinkScope resourceGroupName$`, "where ARM keeps the scope; references follow"},
	{`monitor:AzureMonitorWorkspace (azureMonitorWorkspaceName|resourceGroupName)$`, "where ARM keeps the workspace; references follow, and Azure makes up what it is asked by"},
	{`hybridcompute:PrivateLinkScope properties\.\w+$`, "what Arc says to packets from elsewhere"},
	{`:PrivateEndpoint (ipConfigurations.*|manualPrivateLinkServiceConnections.*)\.(name|requestMessage)$`, "labels, and what a person is told"},
	{`:(PrivateRecordSet|Record) ttl$`, "how long an answer is kept"},
	{`:PrivateLinkScope accessModeSettings\.(exclusions\[\d+\](\.\w+)?|\w+)$`, "what the backend says once a packet has arrived; it is in names and not in the graph"},
}

var irrelevantInputs = func() []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, x := range irrelevant {
		all = append(all, regexp.MustCompile(x.inputs))
	}
	return all
}()

func isIrrelevant(r *manifest.Resource, path string) bool {
	// Which of the subnet's addresses a member of a scope's endpoint has: the graph knows the subnet, and outputs say the rest.
	if strings.HasSuffix(r.Type, ":PrivateEndpoint") && strings.HasPrefix(path, "ipConfigurations") && !r.Has("manualPrivateLinkServiceConnections") {
		return true
	}
	return slices.ContainsFunc(irrelevantInputs, func(e *regexp.Regexp) bool { return e.MatchString(r.Type + " " + path) })
}

// tally counts what was tried on manifests.
type tally struct{ deleted, changed, irrelevant, unnoticed, moved, services int }

// TestLiftNotices deletes every resource of a manifest, and changes every input that matters to the
// network, one at a time: the lifted graph is another one, or there is a problem.
func TestLiftNotices(t *testing.T) {
	t.Parallel()
	plans := examples(t)
	for seed := range int64(mutatedLifts) {
		plans[fmt.Sprintf("random %d", seed)] = randomPlan(t, seed)
	}
	var sum tally
	for _, name := range slices.Sorted(maps.Keys(plans)) {
		x := &mutation{t: t, name: name, m: copyOf(t, record(t, plans[name])), declared: plans[name].Graph.Declared(), tally: &sum}
		lifted, _ := targets.Lift(x.m, x.declared)
		if x.graph = asText(t, lifted); originless(t, lifted) != originless(t, plans[name].Graph) {
			t.Fatalf("%s: the lifted graph is not the plan's", name)
		}
		x.values = x.valuesByInput()
		x.deleteEach()
		x.changeEach()
	}
	t.Logf("%d manifests: deleted %d, changed %d, unnoticed %d; not network-relevant %d, moved as a whole %d, services that no name of the graph leads to %d",
		len(plans), sum.deleted, sum.changed, sum.unnoticed, sum.irrelevant, sum.moved, sum.services)
	if sum.deleted < 1000 || sum.changed < 10_000 {
		t.Error("too little was tried")
	}
}

var noOrigins = strings.NewReplacer(`,"origin":""`, "", `"origin":"",`, "", `"origin":""`, "")

// originless is a graph as text, without origins.
func originless(t *testing.T, g plan.Graph) string {
	t.Helper()
	// Where an origin is left out of the JSON form, an empty one is none.
	return noOrigins.Replace(string(plan.WithoutOrigins(g)))
}

// asText is a graph as text; lifted graphs have the same origins, those of the declarations.
func asText(t *testing.T, g plan.Graph) string {
	t.Helper()
	raw, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// mutation is one manifest while it is changed and mended again.
type mutation struct {
	*tally
	t        *testing.T
	name     string
	m        *manifest.Manifest
	declared plan.Graph
	graph    string
	values   map[string][]string
}

func (x *mutation) noticed() bool {
	lifted, problems := targets.Lift(x.m, x.declared)
	return len(problems) > 0 || asText(x.t, lifted) != x.graph
}

func (x *mutation) want(format string, args ...any) {
	x.t.Helper()
	if !x.noticed() {
		x.unnoticed++
		x.t.Errorf("%s: unnoticed: "+format, append([]any{x.name}, args...)...)
	}
}

func (x *mutation) deleteEach() {
	all := x.m.Resources
	for i, r := range all {
		x.m.Resources = slices.Delete(slices.Clone(all), i, i+1)
		x.deleted++
		if onMachines(r.Type) || ofTunnel(r) {
			x.irrelevant++
			continue
		}
		x.want("%s %s is deleted", r.Type, r.Name)
	}
	x.m.Resources = all
}

func (x *mutation) changeEach() {
	for i := range x.m.Resources {
		r := &x.m.Resources[i]
		if ofTunnel(*r) || onMachines(r.Type) {
			x.irrelevant++
			continue
		}
		x.changeProvider(r)
		for _, input := range slices.Sorted(maps.Keys(r.Inputs)) {
			x.change(r, input, r.Inputs[input], func(v any) { r.Inputs[input] = v })
		}
	}
}

// ofTunnel reports whether a rule lets a tunnel's own packets in from the internet; the graph begins
// inside of tunnels.
func ofTunnel(r manifest.Resource) bool {
	return r.Type == "azure-native:network:SecurityRule" || r.Type == "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" && r.Inputs["ipProtocol"] == "udp" && fmt.Sprint(r.Inputs["fromPort"]) != "53"
}

// onMachines reports whether a type is what runs on a machine, what Arc lets it, or what it collects; no packet
// asks for it.
func onMachines(token string) bool {
	return slices.Contains([]string{"hybridcompute:MachineExtension", "hybridcompute:PrivateLinkScopedResource", "insights:DataCollectionRule", "insights:DataCollectionRuleAssociation",
		"operationalinsights:Table"}, strings.TrimPrefix(token, "azure-native:"))
}

// changeProvider lets each other provider of the cloud register a resource.
func (x *mutation) changeProvider(r *manifest.Resource) {
	has := r.Provider
	for _, other := range x.m.Resources {
		if !other.IsProvider() || other.Name == has || other.Package() != r.Package() || r.IsProvider() {
			continue
		}
		if strings.HasPrefix(r.Type, "aws:route53/") && fmt.Sprint(other.Inputs["allowedAccountIds"]) == fmt.Sprint(x.provider(has).Inputs["allowedAccountIds"]) {
			x.irrelevant++ // Route 53 is one service for all regions
			continue
		}
		if zone, _ := r.Inputs["zoneId"].(string); zone != "" && !strings.HasPrefix(zone, "${") {
			x.irrelevant++ // no manifest says whose an existing zone is
			continue
		}
		r.Provider = other.Name
		x.changed++
		x.want("%s %s has provider %s, not %s", r.Type, r.Name, other.Name, has)
	}
	r.Provider = has
}

func (x *mutation) provider(name string) *manifest.Resource {
	r := find(x.t, x.m, name)
	return &r
}

// change tries other values of an input, and of everything inside it.
func (x *mutation) change(r *manifest.Resource, path string, value any, set func(any)) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			x.change(r, path+"."+key, value[key], func(v any) { value[key] = v })
		}
		return
	case []any:
		for i := range value {
			x.change(r, fmt.Sprintf("%s[%d]", path, i), value[i], func(v any) { value[i] = v })
		}
		for i := range value {
			if isIrrelevant(r, fmt.Sprintf("%s[%d]", path, i)) {
				x.irrelevant++
				continue
			}
			set(slices.Delete(slices.Clone(value), i, i+1))
			x.changed++
			x.want("%s %s.%s[%d] is left out", r.Type, r.Name, path, i)
		}
		set(value)
		return
	}
	if isIrrelevant(r, path) {
		x.irrelevant++
		return
	}
	for _, other := range x.others(r, path, value) {
		set(other)
		x.changed++
		if !x.alike(r, path, other) {
			x.want("%s %s.%s is %v, not %v", r.Type, r.Name, path, other, value)
		}
	}
	set(value)
}

// places are the inputs of providers that say where all that they register is. The graph holds no
// accounts and regions: where everything still fits together elsewhere, no packet goes another way.
var places = regexp.MustCompile(`^pulumi:providers:\S+ (region|allowedAccountIds\[0\]|subscriptionId)$`)

// alike reports whether a change is one that leaves the graph as it is: a provider that works in
// another place that the manifest knows, a private endpoint or a VNet in another resource group where nothing
// refers to it, a VNet in another region that holds nothing which must be in its own, or two services of
// the catalogue that only a site's own names lead to, since the graph does not say which service an
// endpoint is of.
func (x *mutation) alike(r *manifest.Resource, path string, other any) bool {
	elsewhere := places.MatchString(r.Type+" "+path) && slices.Contains(x.values[inputKey(r, path)], fmt.Sprint(other)) ||
		(strings.HasSuffix(r.Type, ":PrivateEndpoint") || strings.HasSuffix(r.Type, ":VirtualNetwork")) && path == "resourceGroupName" && !x.refersTo(r.Name) ||
		strings.HasSuffix(r.Type, ":VirtualNetwork") && path == "location" && !strings.Contains(x.graph, `"network":"`+strings.TrimPrefix(r.Name, "vnet_")+`"`)
	service := strings.HasSuffix(r.Type, ":VpcEndpoint") && path == "serviceName" && slices.Contains(x.values[inputKey(r, path)], fmt.Sprint(other)) &&
		!strings.Contains(x.graph, `"endpoint":"`+r.Name+`"`) && r.Inputs["privateDnsEnabled"] == false
	if !elsewhere && !service || x.noticed() {
		return false
	}
	x.changed--
	if elsewhere {
		x.moved++
	} else {
		x.services++
	}
	return true
}

// refersTo reports whether a resource of the manifest refers to one.
func (x *mutation) refersTo(name string) bool {
	return slices.ContainsFunc(x.m.Resources, func(r manifest.Resource) bool { return strings.Contains(fmt.Sprint(r.Inputs), "${"+name+".") })
}

// others are values that an input does not have.
func (x *mutation) others(r *manifest.Resource, path string, value any) []any {
	switch value := value.(type) {
	case bool:
		return []any{!value}
	case float64:
		return []any{value + 1}
	case string:
		all := []any{value + "x"}
		if p, err := netip.ParsePrefix(value); err == nil {
			all = []any{netip.PrefixFrom(p.Addr(), p.Bits()+1).String(), netip.PrefixFrom(p.Addr(), p.Bits()-1).Masked().String()}
		} else if a, err := netip.ParseAddr(value); err == nil {
			all = []any{a.Next().String(), a.Prev().String()}
		} else if strings.HasPrefix(value, "${") {
			all = []any{strings.Replace(value, ".", "-gone.", 1), strings.Replace(value, "}", "x}", 1), "a-literal"}
		}
		for _, other := range x.values[inputKey(r, path)] {
			if other != value && len(all) < 5 {
				all = append(all, other)
			}
		}
		return all
	}
	x.t.Fatalf("%s %s.%s is a %T", r.Type, r.Name, path, value)
	return nil
}

var indices = regexp.MustCompile(`\[\d+\]`)

func inputKey(r *manifest.Resource, path string) string {
	return r.Type + " " + indices.ReplaceAllString(path, "")
}

// valuesByInput are the strings that an input has anywhere in the manifest: a wrong value is mostly
// another's right one.
func (x *mutation) valuesByInput() map[string][]string {
	all := map[string][]string{}
	var walk func(r *manifest.Resource, path string, value any)
	walk = func(r *manifest.Resource, path string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(value)) {
				walk(r, strings.TrimPrefix(path+"."+key, "."), value[key])
			}
		case []any:
			for _, element := range value {
				walk(r, path, element)
			}
		case string:
			if key := inputKey(r, path); !slices.Contains(all[key], value) {
				all[key] = append(all[key], value)
			}
		}
	}
	for i := range x.m.Resources {
		walk(&x.m.Resources[i], "", x.m.Resources[i].Inputs)
	}
	return all
}
