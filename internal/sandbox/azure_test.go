package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const sub1, sub2 = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"

// interfaceOf asks for the endpoint's network interface, as programs do to learn names and addresses.
func (s site) interfaceOf(endpoint thing) []map[string]any {
	s.t.Helper()
	out, err := s.invoke("azure-native:network:getNetworkInterface", props{"resourceGroupName": "rg", "networkInterfaceName": baseOf(endpoint.str("networkInterfaces.0.id"))})
	if err != nil {
		s.t.Fatal(err)
	}
	return maps(out, "ipConfigurations")
}

func memberNames(configurations []map[string]any) []string {
	var out []string
	for _, c := range configurations {
		out = append(out, str(sub(c, "privateLinkConnectionProperties"), "requiredMemberName"))
	}
	return out
}

func TestMonitorEndpoint(t *testing.T) {
	e := start(t, Config{})
	s := makeSite(e.azure(sub1))
	s.join("w", s.workspace)
	pe := s.endpoint("pe", props{"customNetworkInterfaceName": "pe-nic"})
	if !strings.HasSuffix(pe.str("networkInterfaces.0.id"), "/networkInterfaces/pe-nic") {
		t.Fatal(pe.out)
	}
	ips := s.interfaceOf(pe)
	wantEqual(t, memberNames(ips), []string{"api", "global.in.ai", "profiler", "live", "diagservicesquery", "snapshot", "dce-global",
		"agentsolutionpackstore", "oms-japaneast", "ods-japaneast", "agent-japaneast"})
	customer := s.workspace.str("customerId")
	wantEqual(t, ips[9]["privateLinkConnectionProperties"], props{"groupId": "azuremonitor", "requiredMemberName": "ods-japaneast", "fqdns": list(customer + ".ods.opinsights.azure.com")})
	wantEqual(t, ips[0]["privateIPAddress"], "192.168.2.68")
	wantEqual(t, len(maps(pe.out, "customDnsConfigs")), 11)
	wantEqual(t, pe.str("privateLinkServiceConnections.0.privateLinkServiceConnectionState.status"), "Approved")

	// with a zone group, the endpoint's own list empties and the zones fill
	group := s.create(zoneGroupToken, "default", s.groupInputs("pe", 5))
	wantEqual(t, s.read(pe).out["customDnsConfigs"], []any{})
	wantEqual(t, len(maps(maps(group.out, "privateDnsZoneConfigs")[0], "recordSets")), 7)
	for _, z := range s.zones[1:] {
		s.create(linkPolicyToken, "link-"+z.name, merged(lab{e}.linkInputs("vnet"), props{"privateZoneName": z.name, "resolutionPolicy": "NxDomainRedirect"}))
	}
	for name, want := range map[string]string{
		"api.monitor.azure.com":                    "192.168.2.68",
		"api.loganalytics.io":                      "192.168.2.68",
		customer + ".ods.opinsights.azure.com":     "192.168.2.77",
		"scadvisorcontentpl.blob.core.windows.net": "192.168.2.75",
	} {
		got, err := e.clouds().Resolve(s.vnet.id, name)
		if err != nil || len(got) != 1 || got[0].String() != want {
			t.Errorf("%s: %v, %v; want %s", name, got, err, want)
		}
	}
	for _, name := range []string{"unknown.ods.opinsights.azure.com", "account.blob.core.windows.net", "example.org"} {
		if _, err := e.clouds().Resolve(s.vnet.id, name); !errors.Is(err, ErrPublic) {
			t.Errorf("%s: %v", name, err)
		}
	}

	// another scoped resource changes the endpoint and its records; what was there keeps its address
	dce := s.create(collectorToken, "dce", props{"resourceGroupName": "rg", "networkAcls": props{"publicNetworkAccess": "Disabled"}})
	joined := s.join("d", dce)
	more := s.interfaceOf(pe)
	wantEqual(t, len(more), 14)
	wantEqual(t, more[:11], ips)
	host := strings.TrimPrefix(dce.str("logsIngestion.endpoint"), "https://")
	if _, err := e.clouds().Resolve(s.vnet.id, host); err != nil {
		t.Fatal(err)
	}
	component := s.create(componentToken, "app", props{"resourceGroupName": "rg", "kind": "web", "workspaceResourceId": s.workspace.id})
	s.join("a", component)
	wantEqual(t, len(s.interfaceOf(pe)), 16)
	if err := s.remove(joined); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, len(s.interfaceOf(pe)), 13)
	if _, err := e.clouds().Resolve(s.vnet.id, host); !errors.Is(err, ErrPublic) {
		t.Fatal(err)
	}
	// the scope tells about its connection
	scope, err := s.invoke("azure-native:insights:getPrivateLinkScope", props{"resourceGroupName": "rg", "scopeName": "scope"})
	if err != nil || len(maps(scope, "privateEndpointConnections")) != 1 || str(sub(scope, "accessModeSettings"), "queryAccessMode") != "Open" {
		t.Fatal(scope, err)
	}
	if err := s.remove(group); err != nil {
		t.Fatal(err)
	}
	for _, o := range e.clouds().Objects() {
		if o.Type == recordSetToken {
			t.Fatalf("%s is left", o.ID)
		}
	}
	wantEqual(t, len(maps(s.read(pe).out, "customDnsConfigs")), 13)
}

// Without NxDomainRedirect a linked zone swallows every name below it that it does not have (facts/azure.md §1.19).
func TestEmptyZoneBreaksPublicNames(t *testing.T) {
	e := start(t, Config{})
	s := makeSite(e.azure(sub1))
	s.create(linkToken, "l", merged(lab{e}.linkInputs("vnet"), props{"privateZoneName": "privatelink.monitor.azure.com"}))
	if _, err := e.clouds().Resolve(s.vnet.id, "api.monitor.azure.com"); !errors.Is(err, ErrNXDomain) {
		t.Fatal(err)
	}
}

// Two endpoints in the same zones: only the last one written is in effect (facts/azure.md §1.8).
func TestSharedZones(t *testing.T) {
	e := start(t, Config{})
	s := makeSite(e.azure(sub1))
	s.endpoint("pe", nil)
	first := s.create(zoneGroupToken, "default", s.groupInputs("pe", 5))
	s.network("v2", "10.0.0.0/16")
	subnet := s.create(vnetSubnetToken, "v2-s", props{"resourceGroupName": "rg", "virtualNetworkName": "v2", "addressPrefix": "10.0.0.0/24"})
	other := s.create(scopeToken, "other", props{"resourceGroupName": "rg", "location": "global", "accessModeSettings": openModes})
	s.endpoint("pe2", props{"subnet": props{"id": subnet.id}, "privateLinkServiceConnections": list(
		props{"name": "c", "privateLinkServiceId": other.id, "groupIds": list("azuremonitor")})})
	second := s.create(zoneGroupToken, "default2", s.groupInputs("pe2", 5))
	s.create(linkToken, "l", merged(lab{e}.linkInputs("vnet"), props{"privateZoneName": "privatelink.monitor.azure.com"}))
	got, err := e.clouds().Resolve(s.vnet.id, "api.monitor.azure.com")
	wantEqual(t, fmt.Sprint(got, err), "[10.0.0.4] <nil>")
	for _, config := range maps(s.read(first).out, "privateDnsZoneConfigs") {
		wantEqual(t, config["recordSets"], []any{})
	}
	if err := s.remove(first); err != nil { // its records are the other's now
		t.Fatal(err)
	}
	got, err = e.clouds().Resolve(s.vnet.id, "api.monitor.azure.com")
	wantEqual(t, fmt.Sprint(got, err), "[10.0.0.4] <nil>")
	if err := s.remove(second); err != nil {
		t.Fatal(err)
	}
	if _, err = e.clouds().Resolve(s.vnet.id, "api.monitor.azure.com"); !errors.Is(err, ErrNXDomain) {
		t.Fatal(err)
	}
}

func TestSubnetTooSmallSaysHowManyAreFree(t *testing.T) {
	e := start(t, Config{World: []byte(exampleWorld)})
	s := makeSite(e.azure(sub1))
	s.join("w", s.workspace)
	dce := s.create(collectorToken, "dce", props{"resourceGroupName": "rg"})
	s.join("d", dce)
	small := props{"subnet": props{"id": armID(sub1, "old", networkType+"/subnets", "hub", "small")}}
	_, err := s.try(endpointTypeToken, "pe", merged(s.endpointInputs(), small))
	wantError(t, err, "Subnet small with address prefix 192.168.1.0/28 does not have enough capacity for 14 IP addresses.\" (11 are free)")
	// an existing subnet's used addresses are not given out
	pe := s.create(endpointTypeToken, "pe", merged(s.endpointInputs(), props{"subnet": props{"id": armID(sub1, "old", networkType+"/subnets", "hub", "default")}}))
	wantEqual(t, s.interfaceOf(pe)[0]["privateIPAddress"], "192.168.0.7")
	// growing into a full subnet fails in the scoped resource, and changes nothing
	if err := s.remove(pe); err != nil {
		t.Fatal(err)
	}
	for _, x := range []thing{{token: scopedResourceToken, name: "d", id: armID(sub1, "rg", scopeType+"/scopedResources", "scope", "d"), inputs: s.joinInputs(dce)}} {
		if err := s.remove(x); err != nil {
			t.Fatal(err)
		}
	}
	pe = s.create(endpointTypeToken, "pe", merged(s.endpointInputs(), small))
	_, err = s.try(scopedResourceToken, "d", s.joinInputs(dce))
	wantError(t, err, "does not have enough capacity for 3 IP addresses.\" (0 are free)")
	wantEqual(t, len(s.interfaceOf(pe)), 11)
}

// pin fixes a member's address in the site's subnet, and pinnedFrom those of all global members from one on.
func pin(member string, last int) props {
	return props{"name": member, "groupId": "azuremonitor", "memberName": member, "privateIPAddress": fmt.Sprintf("192.168.2.%d", last)}
}

func pinnedFrom(last int) []any {
	var ips []any
	for i, m := range baseMembers {
		ips = append(ips, pin(m.name, last+i))
	}
	return ips
}

// An endpoint is made with fixed addresses, or has those fixed that Azure chose, all at once; then no resource comes into the scope
// until it is let go.
func TestPinnedEndpoint(t *testing.T) {
	e := start(t, Config{})
	s := makeSite(e.azure(sub1))
	pe := s.endpoint("pe", props{"ipConfigurations": pinnedFrom(80)})
	got := s.interfaceOf(pe)
	wantEqual(t, []any{len(got), got[0]["privateIPAddress"], got[7]["privateIPAddress"], got[0]["privateIPAllocationMethod"]}, []any{8, "192.168.2.80", "192.168.2.87", "Static"})
	dce := s.create(collectorToken, "dce", props{"resourceGroupName": "rg", "dataCollectionEndpointName": "dce", "location": "japanwest"})
	scoped := props{"resourceGroupName": "rg", "scopeName": "scope", "name": "dce", "linkedResourceId": dce.id}
	wantError(t, fails(s.try(scopedResourceToken, "dce", scoped)), "PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps")
	dynamic, err := s.update(pe, merged(s.endpointInputs(), props{"privateEndpointName": "pe"}))
	if err != nil {
		t.Fatal(err)
	}
	s.create(scopedResourceToken, "dce", scoped)
	wantEqual(t, len(s.interfaceOf(dynamic)), 11)
}

func TestVnetPeeringNeedsBothSides(t *testing.T) {
	s := makeSite(start(t, Config{}).azure(sub1))
	other := s.network("v2", "10.0.0.0/16")
	there := s.create(vnetPeeringToken, "there", s.peeringTo(other))
	wantEqual(t, there.out["peeringState"], "Initiated")
	back := s.create(vnetPeeringToken, "back", props{"resourceGroupName": "rg", "virtualNetworkName": "v2", "remoteVirtualNetwork": props{"id": s.vnet.id}})
	wantEqual(t, back.out["peeringState"], "Connected")
	wantEqual(t, s.read(there).out["peeringState"], "Connected")
	if err := s.remove(back); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, s.read(there).out["peeringState"], "Initiated")
}

func TestSubscriptionsNeverMeet(t *testing.T) {
	e := start(t, Config{})
	a, b := makeSite(e.azure(sub1)), makeSite(e.azure(sub2))
	if a.vnet.id == b.vnet.id || a.workspace.str("customerId") == b.workspace.str("customerId") {
		t.Fatal(a.vnet.id, b.vnet.id)
	}
	if err := a.remove(a.workspace); err != nil {
		t.Fatal(err)
	}
	if x := b.read(b.workspace); x.id == "" {
		t.Fatal("a delete in one subscription reached another")
	}
	_, err := a.invoke("azure-native:operationalinsights:getWorkspace", props{"resourceGroupName": "rg", "workspaceName": "logs"})
	wantError(t, err, "ResourceNotFound")
}

func TestResourceGroupTakesEverythingAlong(t *testing.T) {
	e := start(t, Config{})
	s := makeSite(e.azure(sub1))
	s.join("w", s.workspace)
	s.endpoint("pe", nil)
	s.create(zoneGroupToken, "default", s.groupInputs("pe", 5))
	if err := s.remove(s.group); err != nil {
		t.Fatal(err)
	}
	if left := e.clouds().Objects(); len(left) > 0 {
		t.Fatal(left)
	}
}

func TestAzureNamesAndLocations(t *testing.T) {
	s := makeSite(start(t, Config{}).azure(sub1))
	wantEqual(t, []any{s.group.out["location"], s.vnet.out["location"], s.scope.out["location"], s.zones[0].out["location"]},
		[]any{"japaneast", "japaneast", "global", "global"})
	if _, ok := s.vnet.out["resourceGroupName"]; ok {
		t.Fatal("azure-native has no such output")
	}
	x := s.create(workspaceToken, "logs", props{"resourceGroupName": "rg"})
	if !strings.HasPrefix(x.str("name"), "logs") || len(x.str("name")) != len("logs")+8 {
		t.Fatal(x.str("name"))
	}
	if y := s.create(workspaceToken, "w", props{"resourceGroupName": "rg", "workspaceName": "third", "location": "japanwest"}); y.str("customerId") == x.str("customerId") {
		t.Fatal("two workspaces with one customer id")
	}
	for _, f := range []struct {
		token string
		args  props
	}{
		{"azure-native:resources:getResourceGroup", props{"resourceGroupName": "rg"}},
		{"azure-native:network:getSubnet", props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": "endpoints"}},
		{"azure-native:network:getPrivateZone", props{"resourceGroupName": "rg", "privateZoneName": s.zones[1].name}},
		{"azure-native:network:getVirtualNetwork", props{"resourceGroupName": "RG", "virtualNetworkName": "VNET"}},
	} {
		out, err := s.invoke(f.token, f.args)
		if err != nil || str(out, "id") == "" {
			t.Errorf("%s: %v %v", f.token, out, err)
		}
	}
	_, err := s.invoke("azure-native:network:getPrivateEndpoint", props{"resourceGroupName": "rg", "privateEndpointName": "none"})
	wantError(t, err, "ResourceNotFound")
}

// Scoped resources made one after another do not meet; parallel ones do (provoked in refusals_test.go).
func TestScopedResourcesInSequence(t *testing.T) {
	s := makeSite(start(t, Config{}).azure(sub1))
	for i := range 5 {
		w := s.create(workspaceToken, fmt.Sprint("w", i), props{"resourceGroupName": "rg"})
		s.join(fmt.Sprint("j", i), w)
	}
	r := s.read(s.workspace)
	wantEqual(t, r.out["privateLinkScopedResources"], []any{})
}

func TestTables(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range resourceTypes() {
		if seen[r.token] || r.create == nil || (r.cloud() == "azure") != (r.id != nil) || (r.cloud() == "aws") != (r.missing != "") {
			t.Errorf("the row of %s is not whole", r.token)
		}
		seen[r.token] = true
		for _, k := range slices.Concat(r.replace, r.sets, r.hidden, sortedKeys(r.defaults), []string{r.autoname}) {
			if k != "" && !r.accepts(k) {
				t.Errorf("%s: %q is not one of its inputs", r.token, k)
			}
		}
	}
	for _, f := range functions() {
		if seen[f.token] || f.run == nil {
			t.Errorf("the row of %s is not whole", f.token)
		}
		seen[f.token] = true
	}
}
