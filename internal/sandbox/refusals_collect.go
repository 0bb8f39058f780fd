package sandbox

// collectRefusals are those of data collection rules. ARM answers InvalidPayload with details; which words
// it has for each rule is known of one (hashicorp/terraform-provider-azurerm#28709).
var collectRefusals = []refusal{
	{"azure-table-name", "Code=\"InvalidParameter\" Message=\"'tableName' %s is not valid: a custom table's name ends with _CL\"", "create-custom-table; text inferred", "2024", "OBS844"},
	{"azure-table-schema", "Code=\"InvalidParameter\" Message=\"The schema of table %s must have its name and at least one column\"", "create-custom-table; text inferred", "2024", ""},
	{"azure-rule-region", "Code=\"InvalidPayload\" Message=\"Data collection rule is invalid: workspace %s is in %s; data collection rule %s is in %s\"", "data-collection-rule-overview; that ARM refuses is inferred", "2025", "OBS836"},
	{"azure-rule-endpoint-region", "Code=\"InvalidPayload\" Message=\"Data collection rule is invalid: data collection endpoint %s is in %s; data collection rule %s is in %s\"", inAzure + " §3; that ARM refuses is inferred", "2026-01", "OBS834"},
	{"azure-rule-limit", "Code=\"InvalidPayload\" Message=\"Data collection rule is invalid: %s has %d %s; the limit is %d\"", "limits: MicrosoftDocs/azure-docs service-limits; text inferred", "2023-05", "OBS845"},
	{"azure-rule-source-name", "Code=\"InvalidPayload\" Message=\"Data collection rule is invalid: %s has more than one data source %s\"", "ARM schema of Microsoft.Insights 2022-06-01 (\"should be unique\"); text inferred", "2026-08", ""},
	{"azure-rule-stream", "Code=\"InvalidPayload\" Message=\"Data collection rule is invalid: a flow of %s takes stream %s, which no data source sends or which is not declared\"", "data-collection-rule-structure; text inferred", "2025", ""},
	{"azure-rule-destination", "Code=\"InvalidPayload\" Message=\"Data collection rule is invalid: a flow of %s goes to %s, which is no destination\"", "data-collection-rule-structure; text inferred", "2025", ""},
	{"azure-rule-table", "Code=\"InvalidPayload\" Message=\"Data collection rule is invalid: InvalidOutputTable: Table for output stream '%s' is not available for destination '%s'.\"", "hashicorp/terraform-provider-azurerm#28709", "2025-02", ""},
	{"azure-rule-in-use", "Code=\"Conflict\" Message=\"Data collection rule %s cannot be deleted while it has association %s\"", "REST dataCollectionRules: delete has deleteAssociations; text inferred", "2023-03", ""},
	{"azure-association", "Code=\"InvalidPayload\" Message=\"Association %s must have a data collection rule, or, under the name configurationAccessEndpoint, a data collection endpoint\"", inAzure + " §3; text inferred", "2026-01", ""},
	{"azure-association-region", "Code=\"InvalidPayload\" Message=\"Data collection endpoint %s is in %s; machine %s is in %s\"", inAzure + " §3; that ARM refuses is inferred", "2026-02", "OBS835"},
}
