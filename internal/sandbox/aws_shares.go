package sandbox

import (
	"regexp"
	"slices"
	"strings"
)

const (
	shareToken            = "aws:ram/resourceShare:ResourceShare"
	sharedToken           = "aws:ram/resourceAssociation:ResourceAssociation"
	principalToken        = "aws:ram/principalAssociation:PrincipalAssociation"
	shareAcceptToken      = "aws:ram/resourceShareAccepter:ResourceShareAccepter"
	attachmentAcceptToken = "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter"

	// invitation is what a principal outside of the organization has until it accepts a share.
	invitation = "_invitation"
)

var accountForm = regexp.MustCompile(`^\d{12}$`)

// awsShareTypes are those of AWS RAM, and what accepts an attachment that a share made possible.
func awsShareTypes() []resourceType {
	return []resourceType{
		{
			token: shareToken, missing: "aws-share-not-found",
			inputs:   []string{"name", "allowExternalPrincipals", "tags"},
			defaults: map[string]any{"allowExternalPrincipals": false},
			autoname: "name", naming: dashAndSeven,
			computed: []string{"id", "arn"},
			create:   createShare,
			remove:   removeShare,
		},
		{
			token: sharedToken, missing: "aws-share-not-found",
			required: []string{"resourceArn", "resourceShareArn"}, replace: []string{"resourceArn", "resourceShareArn"},
			computed: []string{"id"},
			create:   createShared,
		},
		{
			token: principalToken, missing: "aws-share-not-found",
			required: []string{"principal", "resourceShareArn"}, replace: []string{"principal", "resourceShareArn"},
			computed: []string{"id"},
			create:   createPrincipal,
		},
		{
			token: shareAcceptToken, missing: "aws-share-not-found",
			required: []string{"shareArn"}, replace: []string{"shareArn"},
			computed: []string{"id", "receiverAccountId", "senderAccountId", "status"},
			create:   createShareAccepter,
			remove:   removeShareAccepter,
		},
		{
			token: attachmentAcceptToken, missing: "aws-transit-attachment-not-found",
			required: []string{"transitGatewayAttachmentId"},
			inputs:   []string{defaultAssociation, defaultPropagation, "tags"},
			defaults: map[string]any{defaultAssociation: true, defaultPropagation: true},
			replace:  []string{"transitGatewayAttachmentId"},
			computed: []string{"id", "transitGatewayId", "vpcId", "vpcOwnerId"},
			create:   createAttachmentAccepter,
			remove:   removeAttachmentAccepter,
		},
	}
}

func createShare(c *call) (*Object, error) {
	arn := "arn:aws:ram:" + c.who.region + ":" + c.who.account + ":resource-share/" + guid(c.unique()...)
	return c.object(arn, c.str("name"), map[string]any{"id": arn, "arn": arn}), nil
}

// removeShare: what is in the share and who has it go with it.
func removeShare(c *call) error {
	for _, token := range []string{sharedToken, principalToken} {
		for _, o := range c.of(c.old, token) {
			c.drop(o)
		}
	}
	return nil
}

func (c *call) share() (*Object, error) {
	if o := c.aws(shareToken, c.str("resourceShareArn")); o != nil {
		return o, nil
	}
	return nil, no("aws-share-not-found", c.str("resourceShareArn"))
}

// createShared puts a transit gateway of the account into a share.
func createShared(c *call) (*Object, error) {
	share, err := c.share()
	if err != nil {
		return nil, err
	}
	arn := c.str("resourceArn")
	gateway := c.aws(gatewayToken, arn[strings.LastIndex(arn, "/")+1:])
	if gateway == nil || gateway.attr("arn") != arn {
		return nil, no("aws-share-resource", arn)
	}
	id := share.ID + "," + arn
	return c.object(id, c.name, map[string]any{"id": id}, share, gateway), nil
}

// createPrincipal gives a share to an account. One of the same organization has it at once; another one
// is invited, where the share allows it.
func createPrincipal(c *call) (*Object, error) {
	share, err := c.share()
	if err != nil {
		return nil, err
	}
	account := c.str("principal")
	inside := slices.Contains(c.organization, account) && slices.Contains(c.organization, c.who.account)
	switch {
	case !accountForm.MatchString(account):
		return nil, no("aws-share-principal", account)
	case !inside && !flag(share.Inputs, "allowExternalPrincipals"):
		return nil, no("aws-share-external", account)
	}
	id := share.ID + "," + account
	return c.object(id, c.name, map[string]any{"id": id, "_account": account, invitation: !inside}, share), nil
}

func createShareAccepter(c *call) (*Object, error) {
	arn := c.str("shareArn")
	for _, share := range c.everywhere(shareToken, arn) {
		for _, p := range c.of(share, principalToken) {
			if p.attr("_account") == c.who.account && flag(p.Attributes, invitation) {
				c.put(p.with(map[string]any{invitation: false}))
				return c.object(arn, c.name, map[string]any{"id": arn, "receiverAccountId": c.who.account, "senderAccountId": share.Account, "status": "ACTIVE"}, p), nil
			}
		}
	}
	return nil, no("aws-share-invitation", arn)
}

// removeShareAccepter leaves the share.
func removeShareAccepter(c *call) error {
	for _, share := range c.everywhere(shareToken, c.old.ID) {
		for _, p := range c.of(share, principalToken) {
			if p.attr("_account") == c.who.account {
				c.put(p.with(map[string]any{invitation: true}))
			}
		}
	}
	return nil
}

// reachable finds a transit gateway of the region that is the account's own or shared with it.
func (c *call) reachable(id string) (*Object, error) {
	if own := c.aws(gatewayToken, id); own != nil {
		return own, nil
	}
	for _, o := range c.everywhere(gatewayToken, id) {
		if o.Region == c.who.region && c.sharedWith(o) {
			return o, nil
		}
	}
	return nil, no("aws-transit-not-found", id)
}

func (c *call) sharedWith(gateway *Object) bool {
	if slices.Contains(strs(gateway.Attributes, "_sharedWith"), c.who.account) {
		return true
	}
	for _, s := range c.of(gateway, sharedToken) {
		for _, share := range c.everywhere(shareToken, str(s.Inputs, "resourceShareArn")) {
			for _, p := range c.of(share, principalToken) {
				if p.attr("_account") == c.who.account && !flag(p.Attributes, invitation) {
					return true
				}
			}
		}
	}
	return false
}

// refreshAttachment: of a shared gateway the provider cannot read what its tables do, and says that both
// defaults are on (terraform-provider-aws, recalled 2026-11).
func refreshAttachment(c *call, o *Object) (map[string]any, map[string]any) {
	if c.aws(gatewayToken, o.attr("transitGatewayId")) != nil {
		return nil, nil
	}
	return map[string]any{defaultAssociation: true, defaultPropagation: true}, nil
}

// createAttachmentAccepter lets the VPC of another account in; with it come the gateway's defaults.
func createAttachmentAccepter(c *call) (*Object, error) {
	id := c.str("transitGatewayAttachmentId")
	a := c.attachmentOf(id)
	switch {
	case a == nil || a.Type != vpcAttachmentToken || c.aws(gatewayToken, a.attr("transitGatewayId")) == nil:
		return nil, no("aws-transit-attachment-not-found", id)
	case a.attr("_status") != "pendingAcceptance":
		return nil, no("aws-transit-unavailable", id)
	}
	a = a.with(map[string]any{"_status": "available"})
	c.put(a)
	c.useDefaults(a, c.aws(gatewayToken, a.attr("transitGatewayId")))
	return c.object(id, c.name, map[string]any{"id": id, "transitGatewayId": a.attr("transitGatewayId"), "vpcId": a.attr("vpcId"), "vpcOwnerId": a.Account}, a), nil
}

// removeAttachmentAccepter deletes the attachment, as the provider does (terraform-provider-aws, recalled 2026-11).
func removeAttachmentAccepter(c *call) error {
	for _, a := range c.everywhere(vpcAttachmentToken, c.old.ID) {
		c.dropAttached(a)
		c.drop(a)
	}
	return nil
}
