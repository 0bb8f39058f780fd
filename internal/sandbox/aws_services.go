package sandbox

import (
	"slices"
	"strings"
)

// serviceNames gives the private DNS names that endpoint services offer. A service that is not listed, here or in world.json,
// exists as well, but offers none. Source: facts/datadog_privatelink.json (Datadog's private-link guide, 2026).
var serviceNames = map[string][]string{
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-002d904d5e69340ad": {"metrics.agent.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-008cd79a7a09e0a1e": {"api.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-00e15ab206f23b98c": {"config.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-03e139d1f2766685b": {"agent-http-intake.logs.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-03ffd8d552f0d957d": {"orchestrator.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-08799aabff1cfd8a3": {"http-intake.logs.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a5d94b2e8f6e70fc": {"trace.agent.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-0cc53180ae06bb977": {"dbm-metrics-intake.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-0d598057ecde10596": {"intake.profile.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-northeast-1.vpce-svc-0e86b29a0dc2c8a26": {"process.ap1.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-01911394f8bac8056": {"orange.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-01b61a61d21fc7273": {"aqua.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-01f8f80f4cb97bd10": {"violet.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-028e4348e80fa73f5": {"plum.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-031da3ffac78ef902": {"linen.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-04c61207a01a73496": {"brown.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-0545109555aa68e7e": {"indigo.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-06460db30a7cfdace": {"gold.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-06a30d6a016b746ff": {"beige.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-06ec78b291ce8020a": {"orchid.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-094469ee7a178f448": {"white.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-0c26ca335d93a68b5": {"bisque.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-0d936da0e6a30d3cd": {"cyan.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.ap-southeast-2.vpce-svc-0f3e01f4180b2ae09": {"lime.intake.ap2.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-01f4f12969c768c0c":      {"cyan.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-03e170925a2baa029":      {"white.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-03fb3a3dd752ef336":      {"gold.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-04fbf10021b0308cd":      {"plum.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-05399db7fb3b28c77":      {"orchid.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-058a9de2dbf6959f9":      {"beige.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-0682567dcbfd55a95":      {"orange.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-0755097b02a34f9e7":      {"violet.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-07f22a32140efaae5":      {"linen.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-08989912d1ef253f4":      {"lime.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-099b74a86151e7f91":      {"aqua.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-0d345b92b8a5e8743":      {"cornsilk.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-0d7e1e795a19787c9":      {"brown.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.eu-west-2.vpce-svc-0fe52c96bfb6c5d0e":      {"bisque.intake.uk1.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-00192e92115cbcc75":      {"brown.intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-01f21309e507e3b1d":      {"config.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-022ae36a7b2472029":      {"intake.profile.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-025a56b9187ac1f63":      {"agent-http-intake.logs.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-02bee2072b5c3c226":      {"azure.intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0355bb1880dfa09c2":      {"trace.agent.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-058a75ceea85a9175":      {"cornsilk.intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-05e3bfec4501e714d":      {"olive.intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-064ea718f8d0ead77":      {"api.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-07895350fd0109264":      {"orchid.intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-09a8006e245d1e7b8":      {"metrics.agent.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0a3b2d86676122d8d":      {"gray.intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0ad5fb9e71f85fe99":      {"orchestrator.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0b3292e3efce2a445":      {"cyan.intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0b67fd56f90bd3c41":      {"orange.intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0ce70d55ec4af8501":      {"dbm-metrics-intake.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0e36256cb6172439d":      {"http-intake.logs.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0ed1f789ac6b0bde1":      {"process.datadoghq.com"},
	"com.amazonaws.vpce.us-east-1.vpce-svc-0ee865cd1c0a7ba32":      {"lime.intake.datadoghq.com"},
}

// awsServiceNames gives the names of AWS's own services where they are not <service>.<region>.amazonaws.com
// (facts/datadog_aws.md §5); R stands for the region.
var awsServiceNames = map[string][]string{
	"monitoring":       {"monitoring.R.amazonaws.com", "monitoring.R.api.aws", "monitoring-fips.R.amazonaws.com", "monitoring-fips.R.api.aws"},
	"ecr.api":          {"api.ecr.R.amazonaws.com"},
	"ecr.dkr":          {"*.dkr.ecr.R.amazonaws.com"},
	"execute-api":      {"*.execute-api.R.amazonaws.com"},
	"kinesis-streams":  {"kinesis.R.amazonaws.com"},
	"kinesis-firehose": {"firehose.R.amazonaws.com"},
	"sagemaker.api":    {"api.sagemaker.R.amazonaws.com"},
	"kinesisvideo":     {"*.kinesisvideo.R.amazonaws.com"},
	"ecs-agent":        {"ecs-a.R.amazonaws.com"},
	"ecs-telemetry":    {"ecs-t.R.amazonaws.com"},
	"s3":               {"s3.R.amazonaws.com", "*.s3.R.amazonaws.com"},
}

// noPolicy are AWS's services whose endpoints take no policy (moto, VpcEndpointPolicySupported, 2026-08).
var noPolicy = []string{"cloudformation"}

// acrossRegions are AWS's own services that take cross-Region endpoints (facts/datadog_aws.md §5).
var acrossRegions = []string{"s3", "iam", "ecr.api", "ecr.dkr", "kms", "kms-fips", "ecs", "lambda", "kinesis-firehose", "kinesisanalytics", "route53"}

// endpointService is what a service name says.
type endpointService struct {
	region string   // the home region
	label  string   // its part of the endpoints' own DNS names: vpce-svc-…, or the service
	names  []string // private DNS names
	policy bool     // takes an endpoint policy: AWS's own do, those of others do not
}

const serviceToken = "aws:ec2/vpcEndpointService:VpcEndpointService" // from world.json only

func (c *call) service(name string) (endpointService, bool) {
	s, ok := parseService(name)
	for _, o := range c.everywhere(serviceToken, name) {
		s.names = strs(o.Attributes, "privateDnsNames")
	}
	return s, ok
}

func parseService(name string) (endpointService, bool) {
	if rest, ok := strings.CutPrefix(name, "com.amazonaws.vpce."); ok {
		region, id, ok := strings.Cut(rest, ".")
		return endpointService{region, id, serviceNames[name], false}, ok && regionForm.MatchString(region) && strings.HasPrefix(id, "vpce-svc-")
	}
	rest, ok := strings.CutPrefix(name, "com.amazonaws.")
	region, service, ok2 := strings.Cut(rest, ".")
	if !ok || !ok2 || service == "" || !regionForm.MatchString(region) {
		return endpointService{}, false
	}
	names := []string{service + "." + region + ".amazonaws.com"}
	if listed, ok := awsServiceNames[service]; ok {
		names = nil
		for _, n := range listed {
			names = append(names, strings.ReplaceAll(n, ".R.", "."+region+"."))
		}
	}
	return endpointService{region, service, names, !slices.Contains(noPolicy, service)}, true
}
