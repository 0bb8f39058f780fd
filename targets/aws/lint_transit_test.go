package aws

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
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
	linttest.Try(t, linttest.Recorded("every"), transitRules, func(spoil linttest.Spoil) {
		spoil("a full mesh", "aws-transit-defaults", gateway, func(r resource) { delete(r.Inputs, "defaultRouteTableAssociation") })
		spoil("all is propagated", "aws-transit-defaults", gateway, func(r resource) { r.Inputs["defaultRouteTablePropagation"] = "enable" })
		spoil("a default not said", "aws-transit-attachment-defaults", attachment, func(r resource) { delete(r.Inputs, "transitGatewayDefaultRouteTablePropagation") })
		spoil("two associations", "aws-transit-attachment-defaults", attachment, func(r resource) { r.Inputs["transitGatewayDefaultRouteTableAssociation"] = true })
		spoil("accepted elsewhere", "aws-transit-accepted", accepter, func(r resource) { r.Provider = "provider-aws_main_us-east-1" })
		spoil("another's accepter", "aws-transit-accepted", accepter, func(r resource) { r.Inputs["transitGatewayAttachmentId"] = "tgw-attach-1" })
		spoil("before it is accepted", "aws-transit-after-accepter", static, func(r resource) { r.DependsOn = nil })
		spoil("a peering that propagates", "aws-transit-propagation", propagation, func(r resource) { r.Inputs["transitGatewayAttachmentId"] = "${" + accepter + ".id}" })
		spoil("before it is attached", "aws-route-after-attachment", route, func(r resource) { r.DependsOn = nil })
		spoil("attached to another", "aws-route-after-attachment", route, func(r resource) { r.Inputs["transitGatewayId"] = "tgw-2" })
		spoil("a default of another account not said", "aws-transit-attachment-defaults", "transitaccepter_shop_core", func(r resource) { delete(r.Inputs, "transitGatewayDefaultRouteTableAssociation") })
		spoil("associated before it is accepted", "aws-transit-after-accepter", "transitassociation_shop_core", func(r resource) { r.DependsOn = nil })
		spoil("propagated before it is accepted", "aws-transit-after-accepter", "transitpropagation_shop_core", func(r resource) { r.DependsOn = nil })
		spoil("attached before it is shared", "aws-transit-shared", "transitattachment_shop_core", func(r resource) { r.DependsOn = []string{"transitshareaccepter_core_other"} })
		spoil("attached before the share is accepted", "aws-transit-shared", "transitattachment_shop_core", func(r resource) { r.DependsOn = []string{"transitshared_core"} })
		spoil("created before deleted", "aws-transit-replace", attachment, func(r resource) { r.DeleteBeforeReplace = false })
		spoil("a route to a peering", "", route, func(r resource) {
			delete(r.Inputs, "transitGatewayId")
			r.Inputs["vpcPeeringConnectionId"], r.DependsOn = "pcx-1", nil
		})
	})
}
