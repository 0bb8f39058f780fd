package sandbox

import "testing"

const aliasOfMetrics = "metrics-agent-pl-1.77764c37-633a-4c24-ac9b-0069ce5cd344.westus2.azure.privatelinkservice"

// serviceInputs are those of an endpoint to a service of others.
func (s site) serviceInputs(alias, message string) props {
	in := merged(s.endpointInputs(), props{"customNetworkInterfaceName": "service-nic",
		"ipConfigurations":                    list(props{"name": "a", "groupId": "", "memberName": "", "privateIPAddress": "192.168.2.90"}),
		"manualPrivateLinkServiceConnections": list(props{"name": "c", "privateLinkServiceId": alias, "requestMessage": message})})
	delete(in, "privateLinkServiceConnections")
	return in
}

// An endpoint to a service of others waits for its owner, and has its address and records meanwhile.
func TestServiceEndpoint(t *testing.T) {
	e := start(t, Config{})
	s := makeSite(e.azure(sub1))
	pe := s.create(endpointTypeToken, "pe", s.serviceInputs(aliasOfMetrics, "please"))
	if got := pe.str("manualPrivateLinkServiceConnections.0.privateLinkServiceConnectionState.status"); got != "Pending" {
		t.Errorf("the connection is %q", got)
	}
	s.create(privateZoneToken, "zone", props{"resourceGroupName": "rg", "privateZoneName": "agent.us3.datadoghq.com", "location": "Global"})
	s.create(linkPolicyToken, "link", merged(lab{e}.linkInputs("vnet"), props{"privateZoneName": "agent.us3.datadoghq.com", "resolutionPolicy": "Default"}))
	for _, name := range []string{"@", "*"} {
		s.create(recordSetToken, "r-"+name, props{"resourceGroupName": "rg", "privateZoneName": "agent.us3.datadoghq.com", "recordType": "A",
			"relativeRecordSetName": name, "aRecords": list(props{"ipv4Address": "192.168.2.90"})})
	}
	for _, name := range []string{"agent.us3.datadoghq.com", "7-70-1-app.agent.us3.datadoghq.com"} {
		if got, err := e.clouds().Resolve(s.vnet.id, name); err != nil || len(got) != 1 || got[0].String() != "192.168.2.90" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
