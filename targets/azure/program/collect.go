package program

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/operationalinsights/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

const getTable = "azure-native:operationalinsights:getTable"

// lineColumns are those of a line of a text log: the agent fills exactly these (data-collection-log-text,
// 2025). A stream and a table spell one type differently (ARM schemas of Insights 2022-06-01 and
// OperationalInsights 2022-10-01).
var lineColumns = []struct{ name, stream, table string }{{"TimeGenerated", "datetime", "dateTime"}, {"RawData", "string", "string"}}

// registerTables makes the tables that rules send lines of text to: a rule whose table is not there is
// refused (hashicorp/terraform-provider-azurerm#28709).
func (r *Run) registerTables() error {
	var columns operationalinsights.ColumnArray
	for _, c := range lineColumns {
		columns = append(columns, operationalinsights.ColumnArgs{Name: pulumi.String(c.name), Type: pulumi.String(c.table)})
	}
	for _, t := range r.parts.Tables {
		table, err := operationalinsights.NewTable(r.Ctx, t.Name, &operationalinsights.TableArgs{
			ResourceGroupName: r.group(t.ResourceGroup),
			WorkspaceName:     register.Get[*operationalinsights.Workspace](r.Book, t.Workspace.Part).Name,
			TableName:         pulumi.String(t.ResourceName),
			Schema:            operationalinsights.SchemaArgs{Name: pulumi.String(t.ResourceName), Columns: columns},
		}, r.options(t.Part))
		if err != nil {
			return err
		}
		r.Keep(t.Name, table)
	}
	return nil
}

// registerRules waits for the tables.
func (r *Run) registerRules() error {
	for _, d := range r.parts.DataCollectionRules {
		args := &insights.DataCollectionRuleArgs{
			ResourceGroupName:        r.group(d.ResourceGroup),
			DataCollectionRuleName:   pulumi.String(d.ResourceName),
			Location:                 pulumi.String(d.Location),
			DataCollectionEndpointId: r.ID(d.Endpoint),
			DataSources:              dataSources(d),
			StreamDeclarations:       streams(d),
			Destinations:             insights.DataCollectionRuleDestinationsArgs{LogAnalytics: r.destinations(d)},
			DataFlows:                dataFlows(d),
			Tags:                     r.tags(),
		}
		if d.Forwarder != "" {
			r.forward(d, args)
		}
		rule, err := insights.NewDataCollectionRule(r.Ctx, d.Name, args, r.options(d.Part, r.DependsOn(d.Tables...)))
		if err != nil {
			return err
		}
		r.Keep(d.Name, rule)
		if d.Forwarder != "" {
			r.Ctx.Export(d.Name, rule.ImmutableId) // azure.Values reads it
		}
	}
	return nil
}

func texts(all ...string) pulumi.StringArray { return pulumi.ToStringArray(all) }

func dataSources(d azure.DataCollectionRule) insights.DataCollectionRuleDataSourcesArgs {
	var sources insights.DataCollectionRuleDataSourcesArgs
	var counters insights.PerfCounterDataSourceArray
	for _, c := range d.Counters {
		counters = append(counters, insights.PerfCounterDataSourceArgs{
			Name: pulumi.String(c.Name), Streams: texts(c.Stream), CounterSpecifiers: texts(c.Specifiers...), SamplingFrequencyInSeconds: pulumi.Int(c.Seconds),
		})
	}
	var syslog insights.SyslogDataSourceArray
	for _, s := range d.Syslog {
		syslog = append(syslog, insights.SyslogDataSourceArgs{
			Name: pulumi.String(s.Name), Streams: texts(s.Stream), FacilityNames: texts(s.Facilities...), LogLevels: texts(s.Levels...),
		})
	}
	var events insights.WindowsEventLogDataSourceArray
	for _, e := range d.Events {
		events = append(events, insights.WindowsEventLogDataSourceArgs{Name: pulumi.String(e.Name), Streams: texts(e.Stream), XPathQueries: texts(e.Queries...)})
	}
	var files insights.LogFilesDataSourceArray
	for _, l := range d.TextLogs {
		files = append(files, insights.LogFilesDataSourceArgs{
			Name: pulumi.String(l.Name), Streams: texts(l.Stream), FilePatterns: texts(l.Files...), Format: pulumi.String("text"),
		})
	}
	// An empty list is another input than none.
	if counters != nil {
		sources.PerformanceCounters = counters
	}
	if syslog != nil {
		sources.Syslog = syslog
	}
	if events != nil {
		sources.WindowsEventLogs = events
	}
	if files != nil {
		sources.LogFiles = files
	}
	return sources
}

// streams declares the streams that Azure does not know.
func streams(d azure.DataCollectionRule) insights.StreamDeclarationMapInput {
	if len(d.TextLogs) == 0 {
		return nil
	}
	var columns insights.ColumnDefinitionArray
	for _, c := range lineColumns {
		columns = append(columns, insights.ColumnDefinitionArgs{Name: pulumi.String(c.name), Type: pulumi.String(c.stream)})
	}
	declared := insights.StreamDeclarationMap{}
	for _, l := range d.TextLogs {
		declared[l.Stream] = insights.StreamDeclarationArgs{Columns: columns}
	}
	return declared
}

func (r *Run) destinations(d azure.DataCollectionRule) insights.LogAnalyticsDestinationArray {
	var all insights.LogAnalyticsDestinationArray
	for _, w := range d.Workspaces {
		all = append(all, insights.LogAnalyticsDestinationArgs{Name: pulumi.String(w.Name), WorkspaceResourceId: r.ID(w.Workspace)})
	}
	return all
}

// dataFlows says how a line becomes a row where the stream does not: as it is.
func dataFlows(d azure.DataCollectionRule) insights.DataFlowArray {
	var names []string
	for _, w := range slices.Concat(d.Workspaces, d.Accounts) {
		names = append(names, w.Name)
	}
	var all insights.DataFlowArray
	for _, f := range d.Flows {
		flow := insights.DataFlowArgs{Streams: texts(f.Stream), Destinations: texts(names...)}
		if f.Output != "" {
			flow.OutputStream, flow.TransformKql = pulumi.String(f.Output), pulumi.String("source")
		}
		all = append(all, flow)
	}
	return all
}

// registerAssociations joins machines with rules, and with the endpoint of their settings. Azure takes an
// association with an endpoint under one name only, which lowering chose.
func (r *Run) registerAssociations() error {
	for _, a := range r.parts.RuleAssociations {
		args := &insights.DataCollectionRuleAssociationArgs{AssociationName: pulumi.String(a.ResourceName), ResourceUri: pulumi.String(a.Machine)}
		if a.Rule.Part != "" {
			args.DataCollectionRuleId = r.ID(a.Rule)
		} else {
			args.DataCollectionEndpointId = r.ID(a.Endpoint)
		}
		association, err := insights.NewDataCollectionRuleAssociation(r.Ctx, a.Name, args, r.options(a.Part))
		if err != nil {
			return err
		}
		r.Keep(a.Name, association)
	}
	return nil
}

func (r *Run) lookUpTable(t azure.ExistingTable) diag.List {
	what := fmt.Sprintf("table %q of workspace %q", t.Name, t.Workspace)
	_, err := operationalinsights.LookupTable(r.Ctx, &operationalinsights.LookupTableArgs{
		ResourceGroupName: t.ResourceGroup, WorkspaceName: t.Workspace, TableName: t.Name,
	}, r.Through(t.Provider))
	if err != nil {
		return register.Failed(t.Origin, what, r.place(t.ResourceGroup, t.Provider), err)
	}
	return nil
}
