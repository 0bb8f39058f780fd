package aws

import (
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
)

// shareWith shares a gateway with another account by AWS RAM, once for each account, and returns what an
// attachment of its VPCs waits for; nothing where the gateway is shared already.
func (l *lowering) shareWith(x *gateway, account string) []string {
	g, path := l.t.TransitGateways[x.key.Now], "transitGateways."+x.key.Now+".share"
	if g.Share == "existing" {
		return nil
	}
	origin := l.origin(path)
	shared := plan.Named("transitshared", x.provider, origin, x.key)
	if x.share == "" {
		share := plan.Named("transitshare", x.provider, origin, x.key)
		x.share = share.Name
		l.parts.TransitShares = append(l.parts.TransitShares, TransitShare{Part: share, Invites: g.Share == "invitation"})
		inside := TransitShared{Part: shared, Share: share.Name, TransitGateway: x.ref}
		if id := x.ref.Existing; id != "" {
			inside.ARN = "arn:aws:ec2:" + g.Region + ":" + l.accountID(g.Account) + ":transit-gateway/" + id
		}
		l.parts.TransitShared = append(l.parts.TransitShared, inside)
	}
	keys := []plan.Key{x.key, {Now: account, Was: l.t.Accounts[account].Was}}
	principal := plan.Named("transitshareprincipal", x.provider, origin, keys...)
	last := principal.Name
	known := x.accounts[account]
	x.accounts[account] = true
	if !known {
		l.parts.TransitSharePrincipals = append(l.parts.TransitSharePrincipals, TransitSharePrincipal{Part: principal, Share: x.share, AccountID: l.accountID(account)})
	}
	if g.Share == "invitation" {
		accepter := plan.Named("transitshareaccepter", l.providerIn(account, g.Region), origin, keys...)
		last = accepter.Name
		if !known {
			l.parts.TransitShareAccepters = append(l.parts.TransitShareAccepters, TransitShareAccepter{Part: accepter, Share: x.share, After: principal.Name})
		}
	}
	return []string{shared.Name, last}
}

func (l *lowering) accountID(key string) string {
	return compile.Decode[account](l.t.Accounts[key].Body).ID
}

// takesOthers reports whether networks of other accounts are attached to a gateway.
func (l *lowering) takesOthers(gateway string) bool {
	for _, n := range l.t.Networks {
		if n.Attach != nil && n.Attach.TransitGateway == gateway && n.Account != l.t.TransitGateways[gateway].Account {
			return true
		}
	}
	return false
}

// acceptAttachment accepts the attachment of another account's VPC.
func (l *lowering) acceptAttachment(x *gateway, attachment plan.Part, keys []plan.Key, defaults bool) string {
	part := plan.Named("transitaccepter", x.provider, attachment.Origin, keys...)
	l.attachmentAccepters[keys[0].Now] = part.Name
	l.parts.TransitAttachmentAccepters = append(l.parts.TransitAttachmentAccepters, TransitAttachmentAccepter{Part: part, Attachment: attachment.Name, Defaults: defaults})
	return part.Name
}
