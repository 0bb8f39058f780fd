package program

import (
	"strconv"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// registerTunnelRules adds rules to groups that are there already, one after another in each.
func (r *Run) registerTunnelRules() error {
	for _, rule := range r.parts.TunnelRules {
		var after []string
		if rule.After != "" {
			after = []string{rule.After}
		}
		registered, err := network.NewSecurityRule(r.Ctx, rule.Name, &network.SecurityRuleArgs{
			ResourceGroupName:        r.group(rule.ResourceGroup),
			NetworkSecurityGroupName: pulumi.String(rule.Group),
			SecurityRuleName:         pulumi.String(rule.ResourceName),
			Priority:                 pulumi.Int(rule.Priority),
			Direction:                pulumi.String("Inbound"),
			Access:                   pulumi.String("Allow"),
			Protocol:                 pulumi.String("Udp"),
			SourceAddressPrefix:      pulumi.String(rule.From.String()),
			SourcePortRange:          pulumi.String("*"),
			DestinationAddressPrefix: pulumi.String(rule.To.String()),
			DestinationPortRange:     pulumi.String(strconv.Itoa(rule.Port)),
			Description:              pulumi.String(rule.Description),
		}, r.options(rule.Part, r.DependsOn(after...)))
		if err != nil {
			return err
		}
		r.Keep(rule.Name, registered)
	}
	return nil
}
