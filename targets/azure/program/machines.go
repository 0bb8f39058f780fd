package program

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

const (
	arcMemberType = "azure-native:hybridcompute:PrivateLinkScopedResource"
	extensionType = "azure-native:hybridcompute:MachineExtension"
	getMachine    = "azure-native:hybridcompute:getMachine"
)

// agentPublisher is that of the Azure Monitor Agent's extensions.
const agentPublisher = "Microsoft.Azure.Monitor"

// registerArcMembers puts machines that are there into the scope. A machine that is connected anew names
// its scope itself (`azcmagent connect --private-link-scope`).
func (r *Run) registerArcMembers() error {
	for _, m := range r.parts.ArcMembers {
		err := r.untyped(arcMemberType, m.Name, pulumi.Map{
			"resourceGroupName": r.group(m.ResourceGroup),
			"scopeName":         r.arcScopeName(m.Scope),
			"name":              pulumi.String(m.ResourceName),
			"linkedResourceId":  pulumi.String(m.Machine),
		}, r.options(m.Part))
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Run) arcScopeName(ref plan.Ref) pulumi.StringInput {
	if ref.Existing != "" {
		return pulumi.String(ref.Existing)
	}
	return register.Get[*untyped](r.Book, ref.Part).Name
}

// registerAgents keeps the level "properties". The extension signs in as the machine, so it holds no key.
func (r *Run) registerAgents() error {
	for _, a := range r.parts.Agents {
		err := r.untyped(extensionType, a.Name, pulumi.Map{
			"resourceGroupName": pulumi.String(a.ResourceGroup),
			"machineName":       pulumi.String(a.Machine),
			"extensionName":     pulumi.String(a.Type),
			"location":          pulumi.String(a.Location),
			"properties": pulumi.Map{
				"publisher":              pulumi.String(agentPublisher),
				"type":                   pulumi.String(a.Type),
				"enableAutomaticUpgrade": pulumi.Bool(true),
			},
			"tags": r.tags(),
		}, r.options(a.Part))
		if err != nil {
			return err
		}
	}
	return nil
}

type machineArgs struct {
	ResourceGroupName string `pulumi:"resourceGroupName"`
	MachineName       string `pulumi:"machineName"`
}

// foundMachine are the outputs that are read.
type foundMachine struct {
	Location string `pulumi:"location"`
	OSType   string `pulumi:"osType"`
}

func (r *Run) lookUpMachine(m azure.ExistingMachine) diag.List {
	what := fmt.Sprintf("Arc machine %q", m.Name)
	var got foundMachine
	if err := r.ask(getMachine, &machineArgs{ResourceGroupName: m.ResourceGroup, MachineName: m.Name}, &got, m.Provider); err != nil {
		return register.Failed(m.Origin, what, r.place(m.ResourceGroup, m.Provider), err)
	}
	var found diag.List
	if !sameLocation(got.Location, m.Location) {
		found = append(found, differs(m.Origin, "%s is in %q, the topology says %q", what, got.Location, m.Location).WithHint("write region: %q", got.Location))
	}
	if !strings.EqualFold(got.OSType, m.OS) {
		found = append(found, differs(m.Origin, "%s runs %q, the topology says %q", what, got.OSType, m.OS).WithHint("write os: %q", strings.ToLower(got.OSType)))
	}
	return found
}
