package program

import (
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/targets/azure"
)

// registerServiceEndpoints asks owners of private link services for a connection: it is Pending until
// they approve. The address is fixed, so that records can be made meanwhile; a service of others has
// neither groups nor members, whose names stay empty (learn: private-endpoint-static-ip, recalled).
func (r *Run) registerServiceEndpoints() error {
	for _, e := range r.parts.PrivateEndpoints {
		if e.Alias == "" {
			continue
		}
		endpoint, err := network.NewPrivateEndpoint(r.Ctx, e.Name, &network.PrivateEndpointArgs{
			ResourceGroupName:          r.group(e.ResourceGroup),
			PrivateEndpointName:        pulumi.String(e.ResourceName),
			Location:                   pulumi.String(e.Location),
			Subnet:                     network.SubnetTypeArgs{Id: r.ID(e.Subnet)},
			CustomNetworkInterfaceName: pulumi.String(e.NIC),
			IpConfigurations: network.PrivateEndpointIPConfigurationArray{
				network.PrivateEndpointIPConfigurationArgs{
					Name:             pulumi.String("address"),
					GroupId:          pulumi.String(""),
					MemberName:       pulumi.String(""),
					PrivateIPAddress: pulumi.String(e.Address.String()),
				},
			},
			ManualPrivateLinkServiceConnections: network.PrivateLinkServiceConnectionArray{
				network.PrivateLinkServiceConnectionArgs{
					Name:                 pulumi.String(e.ResourceName),
					PrivateLinkServiceId: pulumi.String(e.Alias),
					RequestMessage:       pulumi.String(e.RequestMessage),
				},
			},
			Tags: r.tags(),
		}, r.options(e.Part))
		if err != nil {
			return err
		}
		r.Keep(e.Name, endpoint)
	}
	return nil
}

// registerRecords waits for the endpoint that has the address.
func (r *Run) registerRecords() error {
	for _, x := range r.parts.Records {
		record, err := network.NewPrivateRecordSet(r.Ctx, x.Name, &network.PrivateRecordSetArgs{
			ResourceGroupName:     r.group(x.ResourceGroup),
			PrivateZoneName:       r.zoneName(x.Zone),
			RecordType:            pulumi.String("A"),
			RelativeRecordSetName: pulumi.String(x.ResourceName),
			ARecords:              network.ARecordArray{network.ARecordArgs{Ipv4Address: pulumi.String(x.Address.String())}},
			Ttl:                   pulumi.Float64(recordTTL),
		}, r.options(x.Part, r.DependsOn(x.Endpoint)))
		if err != nil {
			return err
		}
		r.Keep(x.Name, record)
	}
	return nil
}

// recordTTL is that of a zone group's records (facts/azure.md 2.2).
const recordTTL = 10

// exportConnection reads what the owner of the service says of the connection, on every run: approval
// changes no input.
func (r *Run) exportConnection(e azure.PrivateEndpoint) {
	got := network.LookupPrivateEndpointOutput(r.Ctx, network.LookupPrivateEndpointOutputArgs{
		ResourceGroupName:   r.group(e.ResourceGroup),
		PrivateEndpointName: pulumi.String(e.ResourceName),
	}, r.Through(e.Provider), r.DependsOn(e.Name))
	r.Ctx.Export(azure.ConnectionOutput(e.Name), got.ManualPrivateLinkServiceConnections())
}
