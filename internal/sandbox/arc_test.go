package sandbox

import (
	"errors"
	"testing"
)

func (s site) arcScope(name string) thing {
	s.t.Helper()
	return s.create(arcScopeToken, name, props{"resourceGroupName": "rg", "scopeName": name, "location": "japanwest", "properties": props{"publicNetworkAccess": "Disabled"}})
}

func (s site) arcEndpointInputs(scope thing) props {
	return merged(s.endpointInputs(), props{"privateLinkServiceConnections": list(
		props{"name": "c", "privateLinkServiceId": scope.id, "groupIds": list("hybridcompute")})})
}

func (s site) arcEndpoint(name string, scope thing) thing {
	s.t.Helper()
	return s.create(endpointTypeToken, name, merged(s.arcEndpointInputs(scope), props{"privateEndpointName": name, "customNetworkInterfaceName": name + "-nic"}))
}

// An Arc scope stands beside one of Azure Monitor in the same VNet; its names are those of its region, and the level "properties" is kept.
func TestArcScope(t *testing.T) {
	e := start(t, Config{})
	s := makeSite(e.azure(sub1))
	s.endpoint("monitor", nil)
	scope := s.arcScope("arc")
	pe := s.arcEndpoint("pe", scope)
	var names []string
	for _, ip := range s.interfaceOf(pe) {
		names = append(names, strs(sub(ip, "privateLinkConnectionProperties"), "fqdns")...)
	}
	wantEqual(t, names, []string{"gbl.his.arc.azure.com", "jat.his.arc.azure.com", "agentserviceapi.guestconfiguration.azure.com",
		"japanwest-gas.guestconfiguration.azure.com", "japanwest.dp.kubernetesconfiguration.azure.com"})
	wantEqual(t, s.read(scope).str("properties.publicNetworkAccess"), "Disabled")
	wantEqual(t, s.read(scope).str("properties.privateEndpointConnections.0.name"), "pe")
	opened, err := s.update(scope, props{"resourceGroupName": "rg", "scopeName": "arc", "location": "japanwest", "properties": props{"publicNetworkAccess": "Enabled"}})
	if err != nil || opened.str("properties.publicNetworkAccess") != "Enabled" {
		t.Fatal(opened.out, err)
	}
	zone := "privatelink.his.arc.azure.com"
	s.create(zoneGroupToken, "default", props{"resourceGroupName": "rg", "privateEndpointName": "pe", "privateDnsZoneConfigs": list(
		props{"name": "his", "privateDnsZoneId": armID(sub1, "rg", privateZoneType, zone)})})
	s.create(linkPolicyToken, "link", merged(lab{e}.linkInputs("vnet"), props{"privateZoneName": zone, "resolutionPolicy": "NxDomainRedirect"}))
	if got, err := e.clouds().Resolve(s.vnet.id, "gbl.his.arc.azure.com"); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if _, err := e.clouds().Resolve(s.vnet.id, "agentserviceapi.guestconfiguration.azure.com"); !errors.Is(err, ErrPublic) {
		t.Fatal(err)
	}
	seen, err := s.invoke("azure-native:hybridcompute:getPrivateLinkScope", props{"resourceGroupName": "rg", "scopeName": "arc"})
	if err != nil || seen["location"] != "japanwest" {
		t.Fatal(seen, err)
	}
}

// machine is an Arc-enabled server that runs Linux.
func (s site) machine(name, region string) thing {
	s.t.Helper()
	return s.create(machineToken, name, props{"resourceGroupName": "rg", "machineName": name, "location": region, "osType": "linux"})
}

func (s site) memberInputs(scope, machine string) props {
	return props{"resourceGroupName": "rg", "scopeName": scope, "linkedResourceId": armID(sub1, "rg", machineType, machine)}
}

var agentInputs = props{"resourceGroupName": "rg", "machineName": "web", "extensionName": "AzureMonitorLinuxAgent", "location": "japaneast",
	"properties": props{"publisher": "Microsoft.Azure.Monitor", "type": "AzureMonitorLinuxAgent"}}

// A scope with machines in it stays; a machine with an agent and a membership loses both.
func TestMachines(t *testing.T) {
	e := start(t, Config{})
	s := makeSite(e.azure(sub1))
	s.machine("web", "japanwest")
	scope := s.arcScope("arc")
	member := s.create(arcMemberToken, "m", s.memberInputs("arc", "web"))
	agent := s.create(extensionToken, "agent", merged(agentInputs, props{"location": "japanwest"}))
	seen, err := s.invoke("azure-native:hybridcompute:getMachine", props{"resourceGroupName": "rg", "machineName": "web"})
	if err != nil || seen["osType"] != "linux" || seen["location"] != "japanwest" {
		t.Fatal(seen, err)
	}
	wantError(t, s.remove(scope), "cannot be deleted")
	for _, x := range []thing{agent, member, scope} {
		if err := s.remove(x); err != nil {
			t.Fatal(err)
		}
	}
}
