package sandbox

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/schema"
)

const (
	collectTableToken = "azure-native:operationalinsights:Table"
	ruleToken         = "azure-native:insights:DataCollectionRule"
	associationToken  = "azure-native:insights:DataCollectionRuleAssociation"
	ruleKind          = "Microsoft.Insights/dataCollectionRules"
	associationKind   = "Microsoft.Insights/dataCollectionRuleAssociations"
)

// azureCollectTypes say what agents collect.
func azureCollectTypes() []resourceType {
	return []resourceType{
		{
			token:    collectTableToken,
			required: []string{"resourceGroupName", "workspaceName"},
			inputs:   []string{"tableName", "schema", "plan", "retentionInDays", "totalRetentionInDays"},
			autoname: "tableName",
			replace:  []string{"resourceGroupName", "workspaceName", "tableName"},
			hidden:   []string{"resourceGroupName", "workspaceName", "tableName"},
			computed: []string{"name", "type", "provisioningState"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), workspaceType+"/tables", c.str("workspaceName"), c.str("tableName"))
			},
			create: createTable,
		},
		{
			token:    ruleToken,
			required: []string{"resourceGroupName"},
			inputs: []string{"dataCollectionRuleName", "location", "dataCollectionEndpointId", "dataSources", "dataFlows", "destinations", "streamDeclarations",
				"kind", "description", "tags"},
			autoname: "dataCollectionRuleName", naming: eightHex,
			replace:  []string{"resourceGroupName", "dataCollectionRuleName", "location"},
			hidden:   []string{"resourceGroupName", "dataCollectionRuleName"},
			computed: []string{"name", "type", "etag", "immutableId", "provisioningState", "systemData"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), ruleKind, c.str("dataCollectionRuleName"))
			},
			create: createCollectionRule,
			update: func(c *call) (*Object, error) {
				o := c.old.with(nil)
				return o, c.collects(o)
			},
			remove: removeCollectionRule,
		},
		{
			token:    associationToken,
			required: []string{"resourceUri"},
			inputs:   []string{"associationName", "dataCollectionRuleId", "dataCollectionEndpointId", "description"},
			autoname: "associationName", naming: eightHex,
			replace:  []string{"resourceUri", "associationName"},
			hidden:   []string{"resourceUri", "associationName"},
			computed: []string{"name", "type", "etag", "provisioningState", "systemData"},
			id: func(c *call) string {
				return c.str("resourceUri") + "/providers/" + associationKind + "/" + c.str("associationName")
			},
			create: createAssociation,
			update: func(c *call) (*Object, error) {
				o := c.old.with(nil)
				machine := c.arm(machineToken, machineOf(o.ID))
				o.Refs = keysOf([]*Object{machine})
				return o, c.associates(o, machine)
			},
		},
	}
}

// createTable: the name of a table of one's own ends in _CL (MicrosoftDocs/azure-docs create-custom-table, 2024).
func createTable(c *call) (*Object, error) {
	name := c.str("tableName")
	if !strings.HasSuffix(name, "_CL") {
		return nil, no("azure-table-name", name)
	}
	if text := sub(c.in, "schema"); !strings.EqualFold(str(text, "name"), name) || len(maps(text, "columns")) == 0 {
		return nil, no("azure-table-schema", name)
	}
	return c.armObject(workspaceType+"/tables", nowhere, nil, c.arm(workspaceToken, parentOf(c.row.id(c))))
}

func createCollectionRule(c *call) (*Object, error) {
	unique := c.unique()
	o, err := c.armObject(ruleKind, regional, map[string]any{"etag": etag(unique[0]), "immutableId": "dcr-" + digest(unique...)[:32]})
	if err != nil {
		return nil, err
	}
	return o, c.collects(o)
}

// removeCollectionRule: a rule that machines follow stays (REST dataCollectionRules: delete has deleteAssociations).
func removeCollectionRule(c *call) error {
	for _, a := range c.of(c.old, associationToken) {
		return no("azure-rule-in-use", c.old.Name, a.ID)
	}
	return nil
}

// collects judges a rule's body, and notes what it refers to.
func (c *call) collects(o *Object) error {
	o.Refs = slices.DeleteFunc(slices.Clone(o.Refs), func(k string) bool {
		x := c.objects[k]
		return x != nil && (x.Type == workspaceToken || x.Type == collectorToken || x.Type == prometheusToken)
	})
	if id := c.str("dataCollectionEndpointId"); id != "" {
		endpoint := c.arm(collectorToken, id)
		if endpoint == nil {
			return no("azure-reference", id, o.ID)
		}
		if endpoint.Region != o.Region {
			return no("azure-rule-endpoint-region", endpoint.Name, endpoint.Region, o.Name, o.Region)
		}
		o.Refs = append(o.Refs, endpoint.key())
	}
	destinations, err := c.ruleDestinations(o)
	if err != nil {
		return err
	}
	streams, err := c.ruleSources(o)
	if err != nil {
		return err
	}
	return c.ruleFlows(o, streams, destinations)
}

// ruleDestinations are a rule's workspaces, by the names that it gives them.
func (c *call) ruleDestinations(o *Object) (map[string]*Object, error) {
	all := map[string]*Object{}
	list := maps(sub(c.in, "destinations"), "logAnalytics")
	if limit := ruleLimit("workspaces"); len(list) > limit {
		return nil, no("azure-rule-limit", o.Name, len(list), "workspaces", limit)
	}
	for _, d := range list {
		workspace := c.arm(workspaceToken, str(d, "workspaceResourceId"))
		if workspace == nil {
			return nil, no("azure-reference", str(d, "workspaceResourceId"), o.ID)
		}
		if workspace.Region != o.Region {
			return nil, no("azure-rule-region", workspace.Name, workspace.Region, o.Name, o.Region)
		}
		all[str(d, "name")] = workspace
		o.Refs = append(o.Refs, workspace.key())
	}
	for _, d := range maps(sub(c.in, "destinations"), "monitoringAccounts") {
		id := str(d, "accountResourceId")
		account := c.arm(prometheusToken, id)
		switch {
		case account == nil:
			return nil, no("azure-reference", id, o.ID)
		case account.Region != o.Region: // metrics go in where they are kept (facts/azure.md §3)
			return nil, no("azure-rule-region", account.Name, account.Region, o.Name, o.Region)
		}
		all[str(d, "name")] = account
		o.Refs = append(o.Refs, account.key())
	}
	return all, nil
}

// ruleSources judges the data sources, and gives the streams that they send to.
func (c *call) ruleSources(o *Object) (map[string]bool, error) {
	sources, streams, names := sub(c.in, "dataSources"), map[string]bool{}, map[string]bool{}
	counted := map[string]struct{ field, what string }{
		"performanceCounters": {"counterSpecifiers", "counters"}, "syslog": {"facilityNames", "facilities"}, "windowsEventLogs": {"xPathQueries", "queries"}, "logFiles": {}, "prometheusForwarder": {},
	}
	for _, kind := range sortedKeys(counted) {
		for _, s := range maps(sources, kind) {
			if name := str(s, "name"); names[name] {
				return nil, no("azure-rule-source-name", o.Name, name)
			}
			names[str(s, "name")] = true
			if x := counted[kind]; x.what != "" && len(strs(s, x.field)) > ruleLimit(x.what) {
				return nil, no("azure-rule-limit", o.Name, len(strs(s, x.field)), x.what, ruleLimit(x.what))
			}
			for _, stream := range strs(s, "streams") {
				streams[stream] = true
			}
		}
	}
	if limit := ruleLimit("sources"); len(names) > limit {
		return nil, no("azure-rule-limit", o.Name, len(names), "sources", limit)
	}
	return streams, nil
}

// ruleFlows: each flow takes streams that are sent or declared to workspaces that the rule names, and its
// table is there.
func (c *call) ruleFlows(o *Object, streams map[string]bool, destinations map[string]*Object) error {
	declared := sub(c.in, "streamDeclarations")
	for _, f := range maps(c.in, "dataFlows") {
		for _, stream := range strs(f, "streams") {
			if own := strings.HasPrefix(stream, "Custom-"); !streams[stream] || own && declared[stream] == nil {
				return no("azure-rule-stream", o.Name, stream)
			}
		}
		for _, name := range strs(f, "destinations") {
			workspace := destinations[name]
			if workspace == nil {
				return no("azure-rule-destination", o.Name, name)
			}
			table, own := strings.CutPrefix(str(f, "outputStream"), "Custom-")
			if own && c.arm(collectTableToken, workspace.ID+"/tables/"+table) == nil {
				return no("azure-rule-table", "Custom-"+table, name)
			}
		}
	}
	return nil
}

func ruleLimit(what string) int { return schema.Azure().RuleLimits[what].Max }

// machineOf is the machine whose association an id names.
func machineOf(id string) string { return id[:strings.LastIndex(id, "/providers/")] }

// createAssociation: an association belongs to the machine, wherever the rule stands.
func createAssociation(c *call) (*Object, error) {
	id := c.row.id(c)
	machine := c.arm(machineToken, c.str("resourceUri"))
	switch {
	case machine == nil:
		return nil, no("azure-parent-missing", associationKind, c.str("resourceUri"))
	case c.objects[azureKey(id)] != nil:
		return nil, no("azure-exists", id)
	}
	unique := c.unique()
	o := c.object(id, c.str("associationName"), map[string]any{"name": c.str("associationName"), "type": associationKind, "provisioningState": "Succeeded", "etag": etag(unique[0])}, machine)
	o.Region = machine.Region
	return o, c.associates(o, machine)
}

// associates: an endpoint is associated under one name, which no rule may have (facts/azure.md §3).
func (c *call) associates(o, machine *Object) error {
	rule, endpoint := c.str("dataCollectionRuleId"), c.str("dataCollectionEndpointId")
	if (rule == "") == (endpoint == "") || (endpoint != "") != (o.Name == "configurationAccessEndpoint") {
		return no("azure-association", o.Name)
	}
	token, id := ruleToken, rule
	if endpoint != "" {
		token, id = collectorToken, endpoint
	}
	target := c.arm(token, id)
	if target == nil {
		return no("azure-reference", id, o.ID)
	}
	if endpoint != "" && target.Region != machine.Region {
		return no("azure-association-region", target.Name, target.Region, machine.Name, machine.Region)
	}
	o.Refs = append(o.Refs, target.key())
	return nil
}
