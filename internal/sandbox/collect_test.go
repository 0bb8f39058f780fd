package sandbox

import "testing"

// collecting is a site with a workspace, a data collection endpoint and a machine in one region.
type collecting struct {
	site
	workspace, endpoint, machine thing
}

func (s site) collecting() collecting {
	s.t.Helper()
	return collecting{s,
		s.create(workspaceToken, "law", props{"resourceGroupName": "rg", "workspaceName": "law", "location": "japanwest"}),
		s.create(collectorToken, "dce", props{"resourceGroupName": "rg", "dataCollectionEndpointName": "dce", "location": "japanwest"}),
		s.machine("web", "japanwest")}
}

// ruleInputs are those of a rule with one source, with some of them changed.
func (c collecting) ruleInputs(change props) props {
	return merged(props{
		"resourceGroupName": "rg", "dataCollectionRuleName": "rule", "location": "japanwest", "dataCollectionEndpointId": c.endpoint.id,
		"dataSources":  props{"syslog": list(props{"name": "syslog", "streams": list("Microsoft-Syslog"), "facilityNames": list("auth"), "logLevels": list("*")})},
		"destinations": props{"logAnalytics": list(props{"name": "law", "workspaceResourceId": c.workspace.id})},
		"dataFlows":    list(props{"streams": list("Microsoft-Syslog"), "destinations": list("law")}),
	}, change)
}

// lines are inputs of a rule for lines of text.
func (c collecting) lines(change props) props {
	return c.ruleInputs(merged(props{
		"dataSources":        props{"logFiles": list(props{"name": "app", "streams": list("Custom-app"), "filePatterns": list("/var/log/*.log"), "format": "text"})},
		"streamDeclarations": props{"Custom-app": props{"columns": list(props{"name": "RawData", "type": "string"})}},
		"dataFlows":          list(props{"streams": list("Custom-app"), "destinations": list("law"), "transformKql": "source", "outputStream": "Custom-App_CL"}),
	}, change))
}

func tableInputs(name string) props {
	return props{"resourceGroupName": "rg", "workspaceName": "law", "tableName": name, "schema": props{"name": name, "columns": list(props{"name": "RawData", "type": "string"})}}
}

// A rule with a table is followed by a machine, which fetches its settings at an endpoint; each goes only
// after what refers to it.
func TestCollection(t *testing.T) {
	e := start(t, Config{})
	c := makeSite(e.azure(sub1)).collecting()
	table := c.create(collectTableToken, "App_CL", tableInputs("App_CL"))
	rule := c.create(ruleToken, "rule", c.lines(nil))
	follows := c.create(associationToken, "rule", props{"resourceUri": c.machine.id, "associationName": "rule", "dataCollectionRuleId": rule.id})
	fetches := c.create(associationToken, "fetches", props{"resourceUri": c.machine.id, "associationName": "configurationAccessEndpoint", "dataCollectionEndpointId": c.endpoint.id})
	if want := c.machine.id + "/providers/Microsoft.Insights/dataCollectionRuleAssociations/rule"; follows.id != want {
		t.Errorf("got %s, want %s", follows.id, want)
	}
	if _, err := c.update(rule, c.lines(props{"dataSources": props{}})); err == nil {
		t.Error("a flow takes a stream that no source sends any more")
	}
	wantError(t, c.remove(rule), "cannot be deleted")
	seen, err := c.invoke("azure-native:operationalinsights:getTable", props{"resourceGroupName": "rg", "workspaceName": "law", "tableName": "App_CL"})
	if err != nil || seen["name"] != "App_CL" {
		t.Error(seen, err)
	}
	for _, x := range []thing{fetches, follows, rule, table, c.endpoint, c.workspace} {
		if err := c.remove(x); err != nil {
			t.Fatal(err)
		}
	}
}
