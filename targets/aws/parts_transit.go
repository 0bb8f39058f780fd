package aws

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
)

// ExistingTransitGateway is looked up: it must be the account's own and, where no route table is
// named, associate and propagate into its default one by itself. A route table must be the gateway's.
type ExistingTransitGateway struct {
	Provider   string `json:"provider"`
	ID         string `json:"id"`
	AccountID  string `json:"accountId"`
	RouteTable string `json:"routeTable,omitempty"`
	// Accepts says that VPCs of other accounts are attached, which obslink accepts one by one unless the
	// gateway does so by itself.
	Accepts     bool `json:"accepts,omitempty"`
	AutoAccepts bool `json:"autoAccepts,omitempty"`
	// Adds are what the plan routes in the route table, or in the default one: no other route may take
	// their packets.
	Adds   []TransitAdds `json:"adds,omitempty"`
	Origin plan.Origin   `json:"origin"`
}

// TransitAdds is a prefix that a route table gets a route to, static or propagated.
type TransitAdds struct {
	Destination netip.Prefix `json:"destination"`
	Static      bool         `json:"static,omitempty"`
	Origin      plan.Origin  `json:"origin"`
}

// TransitGateway is created with neither default association nor default propagation: only what the
// plan says is routed.
type TransitGateway struct {
	plan.Part
	ASN int64 `json:"asn,omitempty"`
}

// TransitRouteTable is a created gateway's one route table.
type TransitRouteTable struct {
	plan.Part
	TransitGateway plan.Ref `json:"transitGateway"`
}

// TransitAttachment attaches a VPC, with one subnet in each availability zone.
type TransitAttachment struct {
	plan.Part
	TransitGateway plan.Ref   `json:"transitGateway"`
	VPC            plan.Ref   `json:"vpc"`
	Subnets        []plan.Ref `json:"attachedSubnets"`
	// Accepter is what accepts it where the gateway is another account's, and After are those of its share
	// that must be done first. Its defaults are then the accepter's matter.
	Accepter string   `json:"accepter,omitempty"`
	After    []string `json:"after,omitempty"`
	// AutoAccepted says that the other account's gateway accepts it by itself, and does with it what it
	// does by default.
	AutoAccepted bool `json:"autoAccepted,omitempty"`
	// Defaults leave association and propagation to the gateway.
	Defaults bool `json:"defaults,omitempty"`
}

// TransitPeering is asked for by one gateway.
type TransitPeering struct {
	plan.Part
	Requester       plan.Ref `json:"requester"`
	Accepter        plan.Ref `json:"accepter"`
	AccepterRegion  string   `json:"accepterRegion"`
	AccepterAccount string   `json:"accepterAccount"`
}

// TransitPeeringAccepter accepts it with the other gateway's provider.
type TransitPeeringAccepter struct {
	plan.Part
	Peering string `json:"peering"`
}

// TransitAssociation says in which table packets are looked up that come over an attachment: that of a
// VPC, or one side of a peering.
type TransitAssociation struct {
	plan.Part
	// Attachment is a TransitAttachment or a TransitPeering. After must be done first.
	Attachment string   `json:"attachment"`
	After      string   `json:"after,omitempty"`
	RouteTable plan.Ref `json:"routeTable"`
	// Replace takes the attachment from the table with which an existing gateway associated it.
	Replace bool `json:"replace,omitempty"`
}

// TransitPropagation adds routes to a VPC's CIDRs to a table.
type TransitPropagation struct {
	plan.Part
	Attachment string `json:"attachment"`
	// After must be done first.
	After      string   `json:"after,omitempty"`
	RouteTable plan.Ref `json:"routeTable"`
}

// TransitRoute is a static route over a peering of gateways, to which nothing is propagated.
type TransitRoute struct {
	plan.Part
	RouteTable  plan.Ref     `json:"routeTable"`
	Destination netip.Prefix `json:"destination"`
	Attachment  string       `json:"attachment"`
	After       string       `json:"after,omitempty"`
}

// TransitShare is an AWS RAM share with a transit gateway in it.
type TransitShare struct {
	plan.Part
	// Invites says that accounts outside of the organization may have it.
	Invites bool `json:"invites,omitempty"`
}

// TransitShared puts a transit gateway into a share.
type TransitShared struct {
	plan.Part
	Share          string   `json:"share"`
	TransitGateway plan.Ref `json:"transitGateway"`
	// ARN is that of an existing gateway.
	ARN string `json:"arn,omitempty"`
}

// TransitSharePrincipal gives a share to an account.
type TransitSharePrincipal struct {
	plan.Part
	Share     string `json:"share"`
	AccountID string `json:"accountId"`
}

// TransitShareAccepter accepts an invitation to a share, with the invited account's provider.
type TransitShareAccepter struct {
	plan.Part
	Share string `json:"share"`
	After string `json:"after"`
}

// TransitAttachmentAccepter accepts the attachment of another account's VPC, with the provider of the
// gateway's owner.
type TransitAttachmentAccepter struct {
	plan.Part
	Attachment string `json:"attachment"`
	// Defaults leave association and propagation to the gateway.
	Defaults bool `json:"defaults,omitempty"`
}
