package aws

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
)

func TestLintTransit(t *testing.T) {
	const (
		gateway     = "transitgateway_core"
		attachment  = "transitattachment_hub_core"
		accepter    = "transitpeeringaccepter_core_east"
		propagation = "transitpropagation_hub_core"
		static      = "transitroute_core_tokyo"
		route       = "route_tokyo_private_core"
	)
	type resource = *manifest.Resource
	tryRules(t, recordedAs("every"), transitRules, []lintCase{
		{"a full mesh", "aws-transit-defaults", gateway, func(r resource) { delete(r.Inputs, "defaultRouteTableAssociation") }},
		{"all is propagated", "aws-transit-defaults", gateway, func(r resource) { r.Inputs["defaultRouteTablePropagation"] = "enable" }},
		{"a default not said", "aws-transit-attachment-defaults", attachment, func(r resource) { delete(r.Inputs, "transitGatewayDefaultRouteTablePropagation") }},
		{"two associations", "aws-transit-attachment-defaults", attachment, func(r resource) { r.Inputs["transitGatewayDefaultRouteTableAssociation"] = true }},
		{"accepted elsewhere", "aws-transit-accepted", accepter, func(r resource) { r.Provider = "provider-aws_main_us-east-1" }},
		{"another's accepter", "aws-transit-accepted", accepter, func(r resource) { r.Inputs["transitGatewayAttachmentId"] = "tgw-attach-1" }},
		{"before it is accepted", "aws-transit-after-accepter", static, func(r resource) { r.DependsOn = nil }},
		{"a peering that propagates", "aws-transit-propagation", propagation, func(r resource) { r.Inputs["transitGatewayAttachmentId"] = "${" + accepter + ".id}" }},
		{"before it is attached", "aws-route-after-attachment", route, func(r resource) { r.DependsOn = nil }},
		{"attached to another", "aws-route-after-attachment", route, func(r resource) { r.Inputs["transitGatewayId"] = "tgw-2" }},
		{"a default of another account not said", "aws-transit-attachment-defaults", "transitaccepter_shop_core", func(r resource) { delete(r.Inputs, "transitGatewayDefaultRouteTableAssociation") }},
		{"associated before it is accepted", "aws-transit-after-accepter", "transitassociation_shop_core", func(r resource) { r.DependsOn = nil }},
		{"propagated before it is accepted", "aws-transit-after-accepter", "transitpropagation_shop_core", func(r resource) { r.DependsOn = nil }},
		{"attached before it is shared", "aws-transit-shared", "transitattachment_shop_core", func(r resource) { r.DependsOn = []string{"transitshareaccepter_core_other"} }},
		{"attached before the share is accepted", "aws-transit-shared", "transitattachment_shop_core", func(r resource) { r.DependsOn = []string{"transitshared_core"} }},
		{"created before deleted", "aws-transit-replace", attachment, func(r resource) { r.DeleteBeforeReplace = false }},
		{"a route to a peering", "", route, func(r resource) {
			delete(r.Inputs, "transitGatewayId")
			r.Inputs["vpcPeeringConnectionId"], r.DependsOn = "pcx-1", nil
		}},
	})
}
