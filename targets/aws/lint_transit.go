package aws

import (
	"maps"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
)

// transitRules are the traps of transit gateways.
var transitRules = []manifest.Rule{
	{Name: "aws-transit-defaults", Source: "pulumi-aws TransitGateway: association and propagation are on by default, a full mesh", AsOf: "6.83.2", Check: lintTransitDefaults},
	{Name: "aws-transit-attachment-defaults", Source: "pulumi-aws VpcAttachment: both defaults are true, against an association of its own", AsOf: "6.83.2", Check: lintTransitAttachment},
	{Name: "aws-transit-accepted", Source: "AWS transit gateway peering: accepted in the other region and account", AsOf: "2026-08", Check: lintTransitAccepted},
	{Name: "aws-transit-after-accepter", Source: "EC2 refuses to associate or route to a peering attachment that is not available", AsOf: "2026-08", Check: lintTransitAfterAccepter},
	{Name: "aws-transit-propagation", Source: "AWS transit gateway peering: static routes only", AsOf: "2026-08", Check: lintTransitPropagation},
	{Name: "aws-route-after-attachment", Source: "EC2 CreateRoute refuses a transit gateway that the VPC is not attached to", AsOf: "2026-08", Check: lintRouteAfterAttachment},
	{Name: "aws-transit-shared", Source: "AWS RAM: a gateway is another account's own once its share is there, and accepted where it invites", AsOf: "2026-11", Check: lintTransitShared},
	{Name: "aws-transit-replace", Source: "EC2: one attachment of a VPC, one association of an attachment, one route to a prefix", AsOf: "2026-08", Check: lintTransitReplacement},
}

func lintTransitDefaults(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(transitType) {
		for _, input := range []string{"defaultRouteTableAssociation", "defaultRouteTablePropagation"} {
			if r.Text(input) != "disable" {
				report(r, input, "is not disabled: all that is attached would be routed to all")
			}
		}
	}
}

func lintTransitAttachment(v *manifest.View, report manifest.Report) {
	associated := map[*manifest.Resource]bool{}
	for _, a := range v.OfType(transitAssociationType) {
		associated[v.Referred(a.Inputs["transitGatewayAttachmentId"])] = true
	}
	takers := acceptedBy(v, transitVPCAccepterType)
	for _, r := range slices.Concat(v.OfType(transitVPCType), v.OfType(transitVPCAccepterType)) {
		of := r
		if r.Type == transitVPCAccepterType {
			of = v.Referred(r.Inputs["transitGatewayAttachmentId"])
		} else if takers[r] != nil {
			continue // its accepter says them
		}
		for _, input := range []string{"transitGatewayDefaultRouteTableAssociation", "transitGatewayDefaultRouteTablePropagation"} {
			switch {
			case !r.Has(input):
				report(r, input, "is not said, and would be true")
			case r.Inputs[input] == true && associated[of]:
				report(r, input, "is true beside an association of its own")
			}
		}
	}
}

// acceptedBy are the attachments that something accepts, with what accepts them.
func acceptedBy(v *manifest.View, accepterType string) map[*manifest.Resource]*manifest.Resource {
	accepted := map[*manifest.Resource]*manifest.Resource{}
	for _, accepter := range v.OfType(accepterType) {
		if peering := v.Referred(accepter.Inputs["transitGatewayAttachmentId"]); peering != nil {
			accepted[peering] = accepter
		}
	}
	return accepted
}

func lintTransitAccepted(v *manifest.View, report manifest.Report) {
	accepted := acceptedBy(v, transitAccepterType)
	for _, r := range v.OfType(transitPeerType) {
		peer := placeOf(v, r)
		if account := r.Text("peerAccountId"); account != "" {
			peer.account = account
		}
		peer.region = r.Text("peerRegion")
		switch accepter := accepted[r]; {
		case accepter == nil:
			report(r, "", "goes to %v and nothing accepts it", peer)
		case placeOf(v, accepter) != peer:
			report(accepter, "", "works in %v, the peering is to be accepted in %v", placeOf(v, accepter), peer)
		}
	}
}

func lintTransitAfterAccepter(v *manifest.View, report manifest.Report) {
	accepted := acceptedBy(v, transitAccepterType)
	maps.Copy(accepted, acceptedBy(v, transitVPCAccepterType))
	for _, r := range slices.Concat(v.OfType(transitAssociationType), v.OfType(transitPropagationType), v.OfType(transitRouteType)) {
		accepter := accepted[v.Referred(r.Inputs["transitGatewayAttachmentId"])]
		if accepter != nil && !slices.Contains(r.DependsOn, accepter.Name) {
			report(r, "", "does not wait for %s", accepter.Name)
		}
	}
}

func lintTransitPropagation(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(transitPropagationType) {
		of := v.Referred(r.Inputs["transitGatewayAttachmentId"])
		if of != nil && (of.Type == transitPeerType || of.Type == transitAccepterType) {
			report(r, "transitGatewayAttachmentId", "%s is a peering, over which nothing is propagated", of.Name)
		}
	}
}

// lintTransitShared wants an attachment to another account's gateway to wait for all of its share.
func lintTransitShared(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(transitVPCType) {
		for _, inside := range v.OfType(sharedType) {
			gateway := v.Referred(r.Inputs["transitGatewayId"])
			if gateway == nil || v.Referred(inside.Inputs["resourceArn"]) != gateway || placeOf(v, gateway).account == placeOf(v, r).account {
				continue
			}
			last := sharePrincipalType
			if share := v.Referred(inside.Inputs["resourceShareArn"]); share != nil && share.Inputs["allowExternalPrincipals"] == true {
				last = shareAccepterType
			}
			waits := func(token string) bool {
				return slices.ContainsFunc(r.DependsOn, func(name string) bool { return v.Named(name) != nil && v.Named(name).Type == token })
			}
			if !slices.Contains(r.DependsOn, inside.Name) || !waits(last) {
				report(r, "", "does not wait for all of the share of %s", gateway.Name)
			}
		}
	}
}

// lintRouteAfterAttachment wants a VPC's route to a transit gateway to wait for an attachment to it.
func lintRouteAfterAttachment(v *manifest.View, report manifest.Report) {
	takers := acceptedBy(v, transitVPCAccepterType)
	for _, route := range v.OfType(routeType) {
		if !route.Has("transitGatewayId") {
			continue
		}
		waits := slices.ContainsFunc(route.DependsOn, func(name string) bool {
			r := v.Named(name)
			return r != nil && r.Type == transitVPCType && r.Inputs["transitGatewayId"] == route.Inputs["transitGatewayId"] &&
				(takers[r] == nil || slices.Contains(route.DependsOn, takers[r].Name))
		})
		if !waits {
			report(route, "", "does not wait for an attachment to the transit gateway")
		}
	}
}

func lintTransitReplacement(v *manifest.View, report manifest.Report) {
	for _, r := range slices.Concat(v.OfType(transitVPCType), v.OfType(transitAssociationType), v.OfType(transitRouteType)) {
		if !r.DeleteBeforeReplace {
			report(r, "", "would be created a second time before it is deleted")
		}
	}
}
