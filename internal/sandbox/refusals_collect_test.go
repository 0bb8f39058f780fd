package sandbox

// collectProvocations provoke the rows of refusals_collect.go.
var collectProvocations = []provocation{
	{"azure-table-name", func(l lab) error { return fails(l.site().collecting().try(collectTableToken, "t", tableInputs("App"))) }},
	{"azure-table-schema", func(l lab) error {
		return fails(l.site().collecting().try(collectTableToken, "t", merged(tableInputs("App_CL"), props{"schema": props{"name": "App_CL"}})))
	}},
	{"azure-rule-region", func(l lab) error {
		c := l.site().collecting()
		return fails(c.try(ruleToken, "r", c.ruleInputs(props{"location": "japaneast", "dataCollectionEndpointId": nil})))
	}},
	{"azure-rule-endpoint-region", func(l lab) error {
		c := l.site().collecting()
		return fails(c.try(ruleToken, "r", c.ruleInputs(props{"location": "japaneast"})))
	}},
	{"azure-rule-limit", func(l lab) error {
		c := l.site().collecting()
		return fails(c.try(ruleToken, "r", c.ruleInputs(props{"dataSources": props{"windowsEventLogs": list(props{"name": "e", "streams": list("Microsoft-Event"), "xPathQueries": list("System!*")},
			props{"name": "f", "streams": list("Microsoft-Event"), "xPathQueries": many(101)})}})))
	}},
	{"azure-rule-source-name", func(l lab) error {
		c := l.site().collecting()
		source := props{"name": "syslog", "streams": list("Microsoft-Syslog"), "facilityNames": list("auth"), "logLevels": list("*")}
		return fails(c.try(ruleToken, "r", c.ruleInputs(props{"dataSources": props{"syslog": list(source, source)}})))
	}},
	{"azure-rule-stream", func(l lab) error {
		c := l.site().collecting()
		return fails(c.try(ruleToken, "r", c.ruleInputs(props{"dataSources": props{}})))
	}},
	{"azure-rule-stream", func(l lab) error {
		c := l.site().collecting()
		c.create(collectTableToken, "App_CL", tableInputs("App_CL"))
		return fails(c.try(ruleToken, "r", c.lines(props{"streamDeclarations": props{}})))
	}},
	{"azure-rule-destination", func(l lab) error {
		c := l.site().collecting()
		return fails(c.try(ruleToken, "r", c.ruleInputs(props{"destinations": props{}})))
	}},
	{"azure-rule-table", func(l lab) error {
		c := l.site().collecting()
		return fails(c.try(ruleToken, "r", c.lines(nil)))
	}},
	{"azure-rule-in-use", func(l lab) error {
		c := l.site().collecting()
		rule := c.create(ruleToken, "rule", c.ruleInputs(nil))
		c.create(associationToken, "a", props{"resourceUri": c.machine.id, "associationName": "a", "dataCollectionRuleId": rule.id})
		return c.remove(rule)
	}},
	{"azure-association", func(l lab) error {
		c := l.site().collecting()
		return fails(c.try(associationToken, "a", props{"resourceUri": c.machine.id, "associationName": "dce", "dataCollectionEndpointId": c.endpoint.id}))
	}},
	{"azure-association", func(l lab) error {
		c := l.site().collecting()
		return fails(c.try(associationToken, "a", props{"resourceUri": c.machine.id, "associationName": "none"}))
	}},
	{"azure-association-region", func(l lab) error {
		c := l.site().collecting()
		far := c.site.machine("far", "japaneast")
		return fails(c.try(associationToken, "a", props{"resourceUri": far.id, "associationName": "configurationAccessEndpoint", "dataCollectionEndpointId": c.endpoint.id}))
	}},
}

func many(n int) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = "System!*"
	}
	return all
}
