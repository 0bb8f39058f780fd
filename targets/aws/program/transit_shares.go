package program

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2transitgateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ram"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/targets/register"
)

// registerTransitShares shares transit gateways with the accounts whose VPCs are to be attached.
func (r *Run) registerTransitShares() error {
	for _, step := range []func() error{r.shares, r.shared, r.sharePrincipals, r.shareAccepters} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (r *Run) shares() error {
	for _, s := range r.parts.TransitShares {
		share, err := ram.NewResourceShare(r.Ctx, s.Name, &ram.ResourceShareArgs{
			Name:                    pulumi.String(r.Stack + "-" + s.Name),
			AllowExternalPrincipals: pulumi.Bool(s.Invites),
			Tags:                    r.tags(s.Name),
		}, r.Options(s.Part))
		if err != nil {
			return err
		}
		r.Keep(s.Name, share)
	}
	return nil
}

func (r *Run) shareARN(name string) pulumi.StringOutput {
	return register.Get[*ram.ResourceShare](r.Book, name).Arn
}

func (r *Run) shared() error {
	for _, s := range r.parts.TransitShared {
		args := &ram.ResourceAssociationArgs{ResourceShareArn: r.shareARN(s.Share), ResourceArn: pulumi.String(s.ARN)}
		if s.ARN == "" {
			args.ResourceArn = register.Get[*ec2transitgateway.TransitGateway](r.Book, s.TransitGateway.Part).Arn
		}
		shared, err := ram.NewResourceAssociation(r.Ctx, s.Name, args, r.Options(s.Part))
		if err != nil {
			return err
		}
		r.Keep(s.Name, shared)
	}
	return nil
}

func (r *Run) sharePrincipals() error {
	for _, p := range r.parts.TransitSharePrincipals {
		principal, err := ram.NewPrincipalAssociation(r.Ctx, p.Name, &ram.PrincipalAssociationArgs{
			Principal: pulumi.String(p.AccountID), ResourceShareArn: r.shareARN(p.Share),
		}, r.Options(p.Part))
		if err != nil {
			return err
		}
		r.Keep(p.Name, principal)
	}
	return nil
}

// shareAccepters run with the invited account's provider, after the invitation.
func (r *Run) shareAccepters() error {
	for _, a := range r.parts.TransitShareAccepters {
		accepter, err := ram.NewResourceShareAccepter(r.Ctx, a.Name, &ram.ResourceShareAccepterArgs{
			ShareArn: r.shareARN(a.Share),
		}, r.Options(a.Part, r.DependsOn(a.After)))
		if err != nil {
			return err
		}
		r.Keep(a.Name, accepter)
	}
	return nil
}

// registerTransitAttachmentAccepters says what the gateway does with the attachment, which its VPC's
// account cannot.
func (r *Run) registerTransitAttachmentAccepters() error {
	for _, a := range r.parts.TransitAttachmentAccepters {
		accepter, err := ec2transitgateway.NewVpcAttachmentAccepter(r.Ctx, a.Name, &ec2transitgateway.VpcAttachmentAccepterArgs{
			TransitGatewayAttachmentId:                 r.Resource(a.Attachment).ID(),
			TransitGatewayDefaultRouteTableAssociation: pulumi.Bool(a.Defaults),
			TransitGatewayDefaultRouteTablePropagation: pulumi.Bool(a.Defaults),
			Tags: r.tags(a.Attachment),
		}, r.Options(a.Part))
		if err != nil {
			return err
		}
		r.Keep(a.Name, accepter)
	}
	return nil
}
