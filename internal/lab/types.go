package lab

import (
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// Stages: resources are read before, between and after what is declared, since each refers to others.
const (
	before = iota // networks, subnets, tables, filters, routers
	after         // links, associations, endpoints, zones
	last          // routes, which lead to links, and records of the endpoints' names
)

// resourceType is one row of what the lab reads.
type resourceType struct {
	token string
	// inputs are read; idle ones say nothing to a packet. Any other input is an error, so that the lab
	// never silently builds less than the manifest says.
	inputs, idle string
	stage        int
	read         func(*reader, *manifest.Resource)
}

// everywhere are inputs that say nothing to a packet in any type.
const everywhere = "tags description comment location resourceGroupName name"

// resourceTypes are in the order of reading.
func resourceTypes() []resourceType {
	return slices.Concat(awsNetworkTypes(), azureNetworkTypes(), vpnTypes(), awsFilterTypes(), awsTransitTypes(), awsNameTypes(), azureNameTypes(), awsShareTypes())
}

// idleTypes say nothing to a packet.
var idleTypes = []string{
	"aws:ec2/peeringConnectionOptions:PeeringConnectionOptions", // the names of EC2 hosts only
	"aws:ec2/tag:Tag",
	"aws:ec2/flowLog:FlowLog",
	"aws:cloudwatch/logGroup:LogGroup",
	"aws:iam/role:Role",
	"aws:iam/rolePolicy:RolePolicy",
	"azure-native:resources:ResourceGroup",
	"azure-native:network:PublicIPAddress", // of the internet, which packets of the tunnels never meet here
	"azure-native:insights:PrivateLinkScope",
	"azure-native:insights:PrivateLinkScopedResource",
	"azure-native:insights:Component",
	"azure-native:insights:DataCollectionEndpoint",
	"azure-native:insights:DataCollectionRule",
	"azure-native:insights:DataCollectionRuleAssociation",
	"azure-native:operationalinsights:Table",
	"azure-native:hybridcompute:PrivateLinkScope",
	"azure-native:hybridcompute:PrivateLinkScopedResource",
	"azure-native:hybridcompute:MachineExtension",
	"azure-native:monitor:AzureMonitorWorkspace",
	"azure-native:operationalinsights:Workspace",
	"azure-native:operationalinsights:Cluster",
	"azure-native:automation:AutomationAccount",
	"azure-native:storage:StorageAccount",
}

var apiVersion = regexp.MustCompile(`/v[0-9]{8}(preview|privatepreview)?:`)

// unversioned is a type without the API version that azure-native's tokens may hold.
func unversioned(token string) string { return apiVersion.ReplaceAllString(token, ":") }

func (r *reader) refuseUnknown() {
	known := map[string]resourceType{}
	for _, t := range resourceTypes() {
		known[t.token] = t
	}
	for i := range r.view.Resources {
		res := &r.view.Resources[i]
		token := unversioned(res.Type)
		t, found := known[token]
		switch {
		case res.IsProvider() || slices.Contains(idleTypes, token):
		case !found:
			r.fail("the lab cannot build %s (%s)", res.Type, res.Name)
		default:
			may := strings.Fields(t.inputs + " " + t.idle + " " + everywhere)
			for input := range res.Inputs {
				if !slices.Contains(may, input) {
					r.fail("%s %s: the lab does not read %s", res.Type, res.Name, input)
				}
			}
		}
	}
}

// resources reads those of one stage.
func (r *reader) resources(stage int) {
	for _, t := range resourceTypes() {
		if t.stage != stage {
			continue
		}
		for i := range r.view.Resources {
			if res := &r.view.Resources[i]; unversioned(res.Type) == t.token {
				t.read(r, res)
			}
		}
	}
}
