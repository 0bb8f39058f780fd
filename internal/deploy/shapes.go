package deploy

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// referenceMark begins every reference of a manifest.
const referenceMark = "${"

// placeholder stands for an output in a manifest.
func placeholder(name, property string) string { return referenceMark + name + "." + property + "}" }

// shape makes the placeholder outputs of one type. A list must have its elements: an accessor such as
// DnsEntries().Index(0) panics in a goroutine of the SDK where there is none.
type shape func(name string, inputs resource.PropertyMap) resource.PropertyMap

// shapes lists every type that programs register, with the outputs that they use besides the id.
var shapes = map[string]shape{
	"pulumi:providers:aws":          idOnly,
	"pulumi:providers:azure-native": idOnly,

	"aws:ec2/customerGateway:CustomerGateway":                                   idOnly,
	"aws:ec2/vpnConnection:VpnConnection":                                       vpnShape,
	"aws:ec2/vpnConnectionRoute:VpnConnectionRoute":                             idOnly,
	"aws:ec2/vpnGateway:VpnGateway":                                             idOnly,
	"aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation":             idOnly,
	"aws:ec2/route:Route":                                                       idOnly,
	"aws:ec2/routeTable:RouteTable":                                             idOnly,
	"aws:ec2/routeTableAssociation:RouteTableAssociation":                       idOnly,
	"aws:ec2/securityGroup:SecurityGroup":                                       idOnly,
	"aws:ec2/subnet:Subnet":                                                     idOnly,
	"aws:ec2/vpc:Vpc":                                                           idOnly,
	"aws:ec2/vpcEndpoint:VpcEndpoint":                                           endpointShape,
	"aws:ec2/vpcPeeringConnection:VpcPeeringConnection":                         idOnly,
	"aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter":         idOnly,
	"aws:ec2transitgateway/peeringAttachment:PeeringAttachment":                 idOnly,
	"aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": idOnly,
	"aws:ec2transitgateway/route:Route":                                         idOnly,
	"aws:ec2transitgateway/routeTable:RouteTable":                               idOnly,
	"aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation":         idOnly,
	"aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation":         idOnly,
	"aws:ec2transitgateway/transitGateway:TransitGateway":                       arnShape,
	"aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter":         idOnly,
	"aws:ram/principalAssociation:PrincipalAssociation":                         idOnly,
	"aws:ram/resourceAssociation:ResourceAssociation":                           idOnly,
	"aws:ram/resourceShare:ResourceShare":                                       arnShape,
	"aws:ram/resourceShareAccepter:ResourceShareAccepter":                       idOnly,
	"aws:ec2transitgateway/vpcAttachment:VpcAttachment":                         idOnly,
	"aws:route53/record:Record":                                                 idOnly,
	"aws:route53/resolverEndpoint:ResolverEndpoint":                             idOnly,
	"aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization":       idOnly,
	"aws:route53/zone:Zone":                                                     idOnly,
	"aws:route53/zoneAssociation:ZoneAssociation":                               idOnly,
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":                   idOnly,
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":                 idOnly,
	"azure-native:hybridcompute:MachineExtension":                               named,
	"azure-native:hybridcompute:PrivateLinkScope":                               named,
	"azure-native:insights:Component":                                           componentShape,
	"azure-native:insights:DataCollectionEndpoint":                              collectorShape,
	"azure-native:hybridcompute:PrivateLinkScopedResource":                      named,
	"azure-native:insights:DataCollectionRule":                                  ruleShape,
	"azure-native:insights:DataCollectionRuleAssociation":                       named,
	"azure-native:operationalinsights:Table":                                    named,
	"azure-native:insights:PrivateLinkScope":                                    named,
	"azure-native:insights:PrivateLinkScopedResource":                           named,
	"azure-native:network/v20240601:VirtualNetworkLink":                         named,
	"azure-native:network:DnsResolver":                                          named,
	"azure-native:network:InboundEndpoint":                                      named,
	"azure-native:network:PrivateDnsZoneGroup":                                  named,
	"azure-native:network:PrivateEndpoint":                                      named,
	"azure-native:network:PrivateRecordSet":                                     named,
	"azure-native:network:LocalNetworkGateway":                                  named,
	"azure-native:network:PublicIPAddress":                                      named,
	"azure-native:network:VirtualNetworkGateway":                                named,
	"azure-native:network:VirtualNetworkGatewayConnection":                      named,
	"azure-native:network:PrivateZone":                                          named,
	"azure-native:network:RouteTable":                                           named,
	"azure-native:network:SecurityRule":                                         named,
	"azure-native:network:Subnet":                                               named,
	"azure-native:network:VirtualNetwork":                                       named,
	"azure-native:network:VirtualNetworkPeering":                                named,
	"azure-native:monitor:AzureMonitorWorkspace":                                prometheusShape,
	"azure-native:operationalinsights:Workspace":                                workspaceShape,
	"azure-native:resources:ResourceGroup":                                      named,
}

func idOnly(string, resource.PropertyMap) resource.PropertyMap { return resource.PropertyMap{} }

func named(name string, _ resource.PropertyMap) resource.PropertyMap {
	return resource.PropertyMap{"name": text(placeholder(name, "name"))}
}

func arnShape(name string, _ resource.PropertyMap) resource.PropertyMap {
	return resource.PropertyMap{"arn": text(placeholder(name, "arn"))}
}

func vpnShape(name string, _ resource.PropertyMap) resource.PropertyMap {
	return resource.PropertyMap{"transitGatewayAttachmentId": text(placeholder(name, "transitGatewayAttachmentId"))}
}

func workspaceShape(name string, inputs resource.PropertyMap) resource.PropertyMap {
	outputs := named(name, inputs)
	outputs["customerId"] = text(placeholder(name, "customerId"))
	return outputs
}

func componentShape(name string, inputs resource.PropertyMap) resource.PropertyMap {
	outputs := named(name, inputs)
	outputs["connectionString"] = text(placeholder(name, "connectionString"))
	return outputs
}

func collectorShape(name string, inputs resource.PropertyMap) resource.PropertyMap {
	outputs := named(name, inputs)
	outputs["logsIngestion"] = resource.NewProperty(resource.PropertyMap{"endpoint": text(placeholder(name, "logsIngestion.endpoint"))})
	return outputs
}

func ruleShape(name string, inputs resource.PropertyMap) resource.PropertyMap {
	outputs := named(name, inputs)
	outputs["immutableId"] = text(placeholder(name, "immutableId"))
	return outputs
}

func prometheusShape(name string, inputs resource.PropertyMap) resource.PropertyMap {
	outputs := named(name, inputs)
	outputs["accountId"] = text(placeholder(name, "accountId"))
	outputs["metrics"] = resource.NewProperty(resource.PropertyMap{"prometheusQueryEndpoint": text(placeholder(name, "metrics.prometheusQueryEndpoint"))})
	return outputs
}

// endpointShape has one configuration a subnet, as the real provider returns.
func endpointShape(name string, inputs resource.PropertyMap) resource.PropertyMap {
	element := func(list string, i int, properties ...resource.PropertyKey) resource.PropertyValue {
		object := resource.PropertyMap{}
		for _, property := range properties {
			object[property] = text(placeholder(name, fmt.Sprintf("%s[%d].%s", list, i, property)))
		}
		return resource.NewProperty(object)
	}
	var configurations []resource.PropertyValue
	for i := range inputs["subnetConfigurations"].ArrayValue() {
		configurations = append(configurations, element("subnetConfigurations", i, "ipv4", "subnetId"))
	}
	return resource.PropertyMap{
		"dnsEntries":           resource.NewProperty([]resource.PropertyValue{element("dnsEntries", 0, "dnsName", "hostedZoneId")}),
		"subnetConfigurations": resource.NewProperty(configurations),
	}
}

func text(s string) resource.PropertyValue { return resource.NewProperty(s) }

// plainObject turns what the SDK sends into JSON data.
func plainObject(object resource.PropertyMap) (map[string]any, error) {
	plain := make(map[string]any, len(object))
	for key, value := range object {
		v, err := plainValue(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if v != nil {
			plain[string(key)] = v
		}
	}
	return plain, nil
}

func plainValue(value resource.PropertyValue) (any, error) {
	switch {
	case value.IsNull():
		return nil, nil
	case value.IsBool():
		return value.BoolValue(), nil
	case value.IsNumber():
		return value.NumberValue(), nil
	case value.IsString():
		return value.StringValue(), nil
	case value.IsArray():
		return plainArray(value.ArrayValue())
	case value.IsObject():
		return plainObject(value.ObjectValue())
	case value.IsSecret():
		return plainSecret(value.SecretValue().Element)
	default:
		return nil, fmt.Errorf("a %s has no place in a manifest", value.TypeString())
	}
}

func plainArray(values []resource.PropertyValue) (any, error) {
	plain := make([]any, len(values))
	for i, value := range values {
		v, err := plainValue(value)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		plain[i] = v
	}
	return plain, nil
}

// plainSecret lets only references pass: the stack's secrets are references already (secretConfig), and
// outputs that an SDK marks secret are placeholders.
func plainSecret(value resource.PropertyValue) (any, error) {
	if value.IsString() && strings.Contains(value.StringValue(), referenceMark) {
		return value.StringValue(), nil
	}
	return nil, fmt.Errorf("a secret is given as a value, not as a reference")
}
