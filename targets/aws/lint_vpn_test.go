package aws

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

func TestLintVPN(t *testing.T) {
	const (
		static      = "vpnconnection_home"
		attached    = "vpnconnection_lab"
		association = "transitassociation_large_usual"
	)
	type resource = *manifest.Resource
	linttest.Try(t, linttest.Recorded("every"), vpnRules, func(spoil linttest.Spoil) {
		spoil("created before deleted", "aws-vpn-replace", static, func(r resource) { r.DeleteBeforeReplace = false })
		spoil("a second VPN gateway first", "aws-vpn-replace", "vpngateway_hub", func(r resource) { r.DeleteBeforeReplace = false })
		spoil("a key of AWS's", "aws-vpn-secret", static, func(r resource) { delete(r.Inputs, "tunnel2PresharedKey") })
		spoil("a key in clear", "aws-vpn-secret", attached, func(r resource) { r.Inputs["tunnel1PresharedKey"] = "long.enough" })
		spoil("a route of a VPN with BGP", "aws-vpn-routes", "vpnroute_home_a", func(r resource) { r.Inputs["vpnConnectionId"] = "${" + attached + ".id}" })
		spoil("no route", "aws-vpn-routes", "vpnroute_home_a", func(r resource) { r.Inputs["vpnConnectionId"] = "vpn-1" })
		spoil("nothing learned", "aws-vpn-learned", "vpnpropagation_hub", func(r resource) { r.Inputs["vpnGatewayId"] = "vgw-1" })
		spoil("not replaced", "aws-vpn-associated", association, func(r resource) { delete(r.Inputs, "replaceExistingAssociation") })
		spoil("propagated without BGP", "aws-vpn-associated", "transitpropagation_lab_core", func(r resource) {
			r.Inputs["transitGatewayAttachmentId"] = "${" + static + ".transitGatewayAttachmentId}"
		})
		spoil("a VPN of the gateway's own", "", "transitassociation_lab_core", func(r resource) { r.Inputs["replaceExistingAssociation"] = true })
	})
}
