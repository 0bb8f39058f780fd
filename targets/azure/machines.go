package azure

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// machine is the body of a machine of a site.
type machine struct {
	Arc    string `json:"arc"`
	Region string `json:"region"`
	OS     string `json:"os"`
	Agent  string `json:"agent"`
	// Collector is a data collection endpoint of the backend that the site is linked to.
	Collector string `json:"dataCollectionEndpoint"`
	Was       string `json:"was"`
}

// sends reports whether obslink installs the Azure Monitor Agent.
func (m machine) sends() bool { return cmp.Or(m.Agent, agentMonitor) == agentMonitor }

// What sends a machine's data; "" is agentMonitor.
const (
	agentMonitor      = "azureMonitor"
	agentLogAnalytics = "logAnalytics"
)

var machineID = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.HybridCompute/machines/([^/]+)$`)

// machines lowers the Arc-enabled servers of the sites: each is looked up, put into its site's Arc scope
// and given the agent.
func (l *lowering) machines(scopes map[string]*monitorLowering) {
	for site, s := range topology.Sorted(l.t.Sites) {
		for key, raw := range topology.Sorted(s.Machines) {
			l.machine(site, key, compile.Decode[machine](raw), scopes[site])
		}
	}
}

func (l *lowering) machine(site, key string, body machine, scope *monitorLowering) {
	id := machineID.FindStringSubmatch(body.Arc)
	origin := l.origin("sites." + site + ".machines." + key)
	provider := l.provider(l.subscriptions[strings.ToLower(id[1])])
	keys := []plan.Key{{Now: site, Was: l.t.Sites[site].Was}, {Now: key, Was: body.Was}}
	l.parts.ExistingMachines = append(l.parts.ExistingMachines, ExistingMachine{
		Provider: provider, ResourceGroup: id[2], Name: id[3], Location: body.Region, OS: body.OS, Origin: l.origin(origin.Path + ".arc"),
	})
	if scope != nil {
		part := plan.Named("arcmember", scope.provider, origin, append([]plan.Key{scope.key}, keys...)...)
		in, ref := In{scope.in, l.cloudName(keys...)}, scope.scopeRef
		if id := arcScopeID.FindStringSubmatch(ref.Existing); id != nil {
			in.ResourceGroup, ref = plan.Ref{Existing: id[2]}, plan.Ref{Existing: id[3]}
		}
		l.parts.ArcMembers = append(l.parts.ArcMembers, ArcMember{Part: part, In: in, Scope: ref, Machine: body.Arc})
	}
	if body.sends() {
		l.parts.Agents = append(l.parts.Agents, Agent{
			Part: plan.Named("agent", provider, origin, keys...), ResourceGroup: id[2], Machine: id[3], Location: body.Region, Type: agentTypes[body.OS],
		})
	}
}

// agentTypes are the extensions that install the Azure Monitor Agent; an extension is named by its type.
var agentTypes = map[string]string{"linux": "AzureMonitorLinuxAgent", "windows": "AzureMonitorWindowsAgent"}
