package aws

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// vpnRules are the traps of VPNs.
var vpnRules = []manifest.Rule{
	{Name: "aws-vpn-replace", Source: "EC2: one VPN gateway of a VPC; a second request for the same VPN is answered with the first (CreateVpnConnection, recalled)", AsOf: "2026-11", Check: lintVPNReplacement},
	{Name: "aws-vpn-secret", Source: "DESIGN §5.12; pulumi-aws VpnConnection: without a key AWS makes one up, which only the state knows", AsOf: "6.83.2", Check: lintVPNSecret},
	{Name: "aws-vpn-routes", Source: "pulumi-aws VpnConnectionRoute: static VPNs at a VPN gateway only", AsOf: "6.83.2", Check: lintVPNRoutes},
	{Name: "aws-vpn-learned", Source: "Site-to-Site VPN user guide: without propagation no table of the VPC leads to the site", AsOf: "2023", Check: lintVPNLearned},
	{Name: "aws-vpn-associated", Source: "transit gateway guide: a VPN joins the default route table by itself", AsOf: "2026-08", Check: lintVPNAssociated},
}

func lintVPNReplacement(v *manifest.View, report manifest.Report) {
	for _, r := range slices.Concat(v.OfType(vpnGatewayType), v.OfType(vpnType), v.OfType(vpnRouteType)) {
		if !r.DeleteBeforeReplace {
			report(r, "", "would be created a second time before it is deleted")
		}
	}
}

func lintVPNSecret(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(vpnType) {
		for _, input := range []string{"tunnel1PresharedKey", "tunnel2PresharedKey"} {
			switch {
			case !r.Has(input):
				report(r, input, "is not given, and AWS would make one up")
			case !strings.HasPrefix(r.Text(input), "${secret:"):
				report(r, input, "is not a reference to a secret of the stack")
			}
		}
	}
}

func lintVPNRoutes(v *manifest.View, report manifest.Report) {
	routed := map[*manifest.Resource]bool{}
	for _, r := range v.OfType(vpnRouteType) {
		c := v.Referred(r.Inputs["vpnConnectionId"])
		routed[c] = true
		if c != nil && (c.Inputs["staticRoutesOnly"] != true || !c.Has("vpnGatewayId")) {
			report(r, "vpnConnectionId", "%s takes no static routes", c.Name)
		}
	}
	for _, c := range v.OfType(vpnType) {
		if c.Inputs["staticRoutesOnly"] == true && c.Has("vpnGatewayId") && !routed[c] {
			report(c, "staticRoutesOnly", "is on, and nothing routes to the site")
		}
	}
}

func lintVPNLearned(v *manifest.View, report manifest.Report) {
	learned := map[any]bool{}
	for _, p := range v.OfType(learningType) {
		learned[p.Inputs["vpnGatewayId"]] = true
	}
	for _, c := range v.OfType(vpnType) {
		if c.Has("vpnGatewayId") && !learned[c.Inputs["vpnGatewayId"]] {
			report(c, "vpnGatewayId", "%v tells no route table of its routes", c.Inputs["vpnGatewayId"])
		}
	}
}

func lintVPNAssociated(v *manifest.View, report manifest.Report) {
	for _, a := range v.OfType(transitAssociationType) {
		c := v.Referred(a.Inputs["transitGatewayAttachmentId"])
		if c != nil && c.Type == vpnType && v.Referred(c.Inputs["transitGatewayId"]) == nil && a.Inputs["replaceExistingAssociation"] != true {
			report(a, "replaceExistingAssociation", "is not on, and %s is associated with the existing gateway's default table", c.Name)
		}
	}
	for _, p := range v.OfType(transitPropagationType) {
		c := v.Referred(p.Inputs["transitGatewayAttachmentId"])
		if c != nil && c.Type == vpnType && c.Inputs["staticRoutesOnly"] == true {
			report(p, "transitGatewayAttachmentId", "%s has no BGP, so nothing is propagated", c.Name)
		}
	}
}
