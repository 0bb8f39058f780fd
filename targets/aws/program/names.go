package program

import (
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// registerZones lists the VPCs of the zone's own account in the zone, which makes it private.
func (r *Run) registerZones() error {
	for _, z := range r.parts.Zones {
		zone, err := route53.NewZone(r.Ctx, z.Name, &route53.ZoneArgs{
			Name: pulumi.String(z.Domain),
			Vpcs: r.zoneVPCs(z.VPCs),
			Tags: r.tags(z.Name),
		}, r.Options(z.Part, r.zoneOptions(z)...))
		if err != nil {
			return err
		}
		r.Keep(z.Name, zone)
	}
	return nil
}

func (r *Run) zoneVPCs(vpcs []aws.ZoneVPC) route53.ZoneVpcArray {
	var args route53.ZoneVpcArray
	for _, v := range vpcs {
		args = append(args, route53.ZoneVpcArgs{VpcId: r.ID(v.VPC), VpcRegion: pulumi.String(v.Region)})
	}
	return args
}

// zoneOptions are those of a zone that VPCs of other accounts see too. Route 53 reports them among the
// zone's own VPCs, so changes of the list are ignored; but then a replaced VPC would leave the zone on
// a deleted one and every name dead (DESIGN §5.7), and a VPC of the zone's own account that comes later
// would never see it. So another list of the account's own VPCs replaces the zone.
func (r *Run) zoneOptions(z aws.Zone) []pulumi.ResourceOption {
	if !z.Shared {
		return nil
	}
	var own pulumi.Array
	for _, v := range z.VPCs {
		own = append(own, r.ID(v.VPC))
	}
	return []pulumi.ResourceOption{
		pulumi.IgnoreChanges([]string{"vpcs"}),
		pulumi.ReplacementTrigger(own),
		pulumi.DeleteBeforeReplace(true),
	}
}

func (r *Run) registerZoneAuthorizations() error {
	for _, a := range r.parts.ZoneAuthorizations {
		if r.Served(a.Name) {
			continue
		}
		authorization, err := route53.NewVpcAssociationAuthorization(r.Ctx, a.Name, &route53.VpcAssociationAuthorizationArgs{
			ZoneId:    r.Resource(a.Zone).ID(),
			VpcId:     r.ID(a.VPC.VPC),
			VpcRegion: pulumi.String(a.VPC.Region),
		}, r.Options(a.Part))
		if err != nil {
			return err
		}
		r.Keep(a.Name, authorization)
	}
	return nil
}

// registerZoneAssociations runs with the VPC owner's provider, after the zone owner's authorization.
func (r *Run) registerZoneAssociations() error {
	for _, a := range r.parts.ZoneAssociations {
		options := []pulumi.ResourceOption{}
		if !r.Served(a.Authorization) {
			options = append(options, r.DependsOn(a.Authorization))
		}
		association, err := route53.NewZoneAssociation(r.Ctx, a.Name, &route53.ZoneAssociationArgs{
			ZoneId:    r.Resource(a.Zone).ID(),
			VpcId:     r.ID(a.VPC.VPC),
			VpcRegion: pulumi.String(a.VPC.Region),
		}, r.Options(a.Part, options...))
		if err != nil {
			return err
		}
		r.Keep(a.Name, association)
	}
	return nil
}

// registerRecords points each name at the endpoint's first DNS entry, the regional one, which answers
// with every zone's healthy address (AWS PrivateLink guide p. 19), or at the addresses of an endpoint
// that is there already.
func (r *Run) registerRecords() error {
	for _, record := range r.parts.Records {
		args := &route53.RecordArgs{ZoneId: r.ID(record.Zone), Name: pulumi.String(record.Domain), Type: pulumi.String("A")}
		if record.Endpoint == "" {
			args.Records, args.Ttl = addressList(record.Addresses), pulumi.Int(recordTTL)
		} else {
			regional := register.Get[*ec2.VpcEndpoint](r.Book, record.Endpoint).DnsEntries.Index(pulumi.Int(0))
			args.Aliases = route53.RecordAliasArray{route53.RecordAliasArgs{
				Name:                 regional.DnsName().Elem(),
				ZoneId:               regional.HostedZoneId().Elem(),
				EvaluateTargetHealth: pulumi.Bool(false),
			}}
		}
		registered, err := route53.NewRecord(r.Ctx, record.Name, args, r.Options(record.Part))
		if err != nil {
			return err
		}
		r.Keep(record.Name, registered)
	}
	return nil
}

// recordTTL is how long a client may keep an answer; AWS's own answers for endpoints are as short (recalled).
const recordTTL = 60

func addressList(all []netip.Addr) pulumi.StringArray {
	var texts pulumi.StringArray
	for _, a := range all {
		texts = append(texts, pulumi.String(a.String()))
	}
	return texts
}
