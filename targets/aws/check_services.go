package aws

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	unknownOwn = diag.Code{
		ID: "OBS350", Severity: diag.Error, Title: "no such AWS service behind an interface endpoint",
		Cause:   "A service is named by the end of its name in AWS, which is not always its product's: kinesis-streams, ecr.dkr, elasticloadbalancing. The catalogue lists those whose private DNS names are known.",
		Example: `backends: cw: awsServices: services: cloudwatch: {}`,
		Mend:    `backends: cw: awsServices: services: monitoring: {}`,
	}
	noOwn = diag.Code{
		ID: "OBS701", Severity: diag.Error, Title: "a backend of AWS services without services",
		Cause:   "obslink makes an endpoint for each service; without one there is nothing to reach.",
		Example: `backends: cw: awsServices: services: {}`,
		Mend:    `backends: cw: awsServices: services: {logs: {}, monitoring: {}}`,
	}
	wildcardNames = diag.Code{
		ID: "OBS702", Severity: diag.Error, Title: "the names below a wildcard are not said, or are not below it",
		Cause:   "An endpoint of execute-api answers every name below execute-api.<region>.amazonaws.com. Which of them clients ask for decides what is proved and what a hosts file lists; no wildcard can be written there.",
		Example: `services: "execute-api": {}`,
		Mend:    `services: "execute-api": names: ["a1b2c3d4e5.execute-api.ap-northeast-1.amazonaws.com"]`,
	}
	badPolicy = diag.Code{
		ID: "OBS703", Severity: diag.Error, Title: "an endpoint policy that AWS refuses",
		Cause:   "A policy has Statements, each with Effect, Principal, Action and Resource, and at most 20,480 characters (AWS PrivateLink User Guide, 2026). Not every service takes one (VpcEndpointPolicySupported of DescribeVpcEndpointServices).",
		Example: `services: logs: policy: {Effect: "Allow", Action: "logs:PutLogEvents"}`,
		Mend:    `services: logs: policy: Statement: [{Effect: "Allow", Principal: "*", Action: "logs:PutLogEvents", Resource: "*"}]`,
	}
	notAcross = diag.Code{
		ID: "OBS708", Severity: diag.Error, Title: "an AWS service that no endpoint of another region reaches",
		Cause: "Few of AWS's own services take cross-region endpoints: S3, ECR, KMS, ECS, Lambda and Firehose among them, but not CloudWatch, STS or Secrets Manager (AWS PrivateLink User Guide p. 54 to 56, 2026).",
		Example: `backends: cw: awsServices: {region: "us-east-1", services: logs: {}}
links: a: {from: "tokyo", to: "cw", via: endpoint: {network: "tokyo", crossRegion: true}}`,
		Mend: `links: a: {from: "tokyo", to: "cw", via: peering: endpoints: "hub"}   // a network in us-east-1`,
	}
)

// checkOwn holds backends of AWS's own services against the catalogue.
func checkOwn(t *topology.Topology) diag.List {
	var found diag.List
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != ownKind {
			continue
		}
		path := "backends." + key + "." + ownKind + ".services"
		body := compile.Decode[awsServices](b.Body)
		if len(body.Services) == 0 {
			found = append(found, noOwn.At(t.At(path), path, "backend %q names no service", key).WithHint("add some of: logs, monitoring, sts, secretsmanager, ssm, kms"))
		}
		for name, said := range topology.Sorted(body.Services) {
			at := path + "." + diag.Step(name)
			row, known := schema.AWSServiceCatalogue().Services[name]
			if !known {
				found = append(found, ownFinding(t, at, name))
				continue
			}
			found = append(found, checkWildcard(t, at, name, row, said.Names)...)
			found = append(found, checkPolicy(t, at+".policy", name, row, said.Policy)...)
		}
	}
	return found
}

// productNames are the words that people know a service by, where AWS names the service otherwise.
var productNames = map[string]string{
	"cloudwatch": "monitoring", "cloudwatch-logs": "logs", "cloudwatchlogs": "logs", "secrets-manager": "secretsmanager", "ecr": "ecr.api",
	"kinesis": "kinesis-streams", "firehose": "kinesis-firehose", "elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing",
	"eventbridge": "events", "stepfunctions": "states", "apigateway": "execute-api", "api-gateway": "execute-api", "sagemaker": "sagemaker.api",
}

func ownFinding(t *topology.Topology, at, name string) diag.Diagnostic {
	c := schema.AWSServiceCatalogue()
	known := slices.Sorted(maps.Keys(c.Services))
	d := unknownOwn.At(t.At(at), at, "there is no AWS service %q that obslink can reach through an interface endpoint", name)
	other, elsewhere := c.Elsewhere[name]
	near := diag.DidYouMean(name, known)
	switch {
	case elsewhere:
		return d.WithHint("take it out: %s", other.Why)
	case productNames[strings.ToLower(name)] != "":
		return d.WithHint("write %q", productNames[strings.ToLower(name)])
	case near != "":
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint("one of: %s", strings.Join(known, ", "))
}

// checkWildcard wants the names below a wildcard, and none that the endpoint would not answer.
func checkWildcard(t *topology.Topology, at, name string, row schema.AWSService, said []string) diag.List {
	wild := slices.IndexFunc(row.Names, func(n string) bool { return strings.HasPrefix(n, "*.") })
	switch {
	case wild < 0 && len(said) > 0:
		return diag.List{wildcardNames.At(t.At(at+".names"), at+".names", "%q answers its own names only", name).WithHint("remove names")}
	case wild < 0:
		return nil
	case len(said) == 0 && len(row.Hosts) == 0:
		return diag.List{wildcardNames.At(t.At(at), at, "%q answers every name below %s; which do clients ask for?", name, shown(row.Names[wild][2:])).
			WithHint("add names: [%q]", shown(strings.Replace(row.Names[wild], "*", "…", 1)))}
	}
	var found diag.List
	before, after, _ := strings.Cut(row.Names[wild][1:], "{region}")
	for i, n := range said {
		rest, under := strings.CutSuffix(n, after)
		label, _, within := strings.Cut(rest, before)
		if path := compile.Index(at+".names", i); !under || !within || label == "" || strings.ContainsAny(label, "*.") || n != strings.ToLower(n) {
			found = append(found, wildcardNames.At(t.At(path), path, "%q is not a name below %s", n, shown(row.Names[wild][2:])).
				WithHint("write one label and %s, in lower case", shown(row.Names[wild][1:])))
		}
	}
	return found
}

// longestPolicy is how many characters an endpoint policy may have (AWS PrivateLink User Guide, 2026).
const longestPolicy = 20480

// checkPolicy checks what every IAM policy has. What an action may be is the service's to judge.
func checkPolicy(t *topology.Topology, at, name string, row schema.AWSService, raw json.RawMessage) diag.List {
	if len(raw) == 0 {
		return nil
	}
	refuse := func(format string, args ...any) diag.List {
		return diag.List{badPolicy.At(t.At(at), at, format, args...).
			WithHint(`write Statement: [{Effect: "Allow", Principal: "*", Action: "…", Resource: "*"}]`)}
	}
	if !row.Policies {
		return diag.List{badPolicy.At(t.At(at), at, "an endpoint of %q takes no policy", name).WithHint("remove policy, and narrow the callers' own permissions")}
	}
	if len(canonical(raw)) > longestPolicy {
		return refuse("the policy has %d characters; an endpoint takes %d", len(canonical(raw)), longestPolicy)
	}
	var policy map[string]json.RawMessage
	var statements []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &policy); err != nil {
		return refuse("the policy is not a struct")
	}
	if err := json.Unmarshal(policy["Statement"], &statements); err != nil || len(statements) == 0 {
		return refuse("the policy has no list of Statements")
	}
	for field := range topology.Sorted(policy) {
		if !slices.Contains([]string{"Version", "Id", "Statement"}, field) {
			return refuse("a policy has no field %q", field)
		}
	}
	for i, s := range statements {
		if missing := missingIn(s); missing != "" {
			path := compile.Index(at+".Statement", i)
			return diag.List{badPolicy.At(t.At(path), path, "the statement has no %s", missing).WithHint("add %s", missing)}
		}
		if effect := string(s["Effect"]); effect != `"Allow"` && effect != `"Deny"` {
			path := compile.Index(at+".Statement", i) + ".Effect"
			return diag.List{badPolicy.At(t.At(path), path, "Effect is %s", effect).WithHint(`write "Allow" or "Deny"`)}
		}
	}
	return nil
}

// missingIn is the first of the elements that a statement of an endpoint policy must have.
func missingIn(statement map[string]json.RawMessage) string {
	for _, either := range [][]string{{"Effect"}, {"Principal", "NotPrincipal"}, {"Action", "NotAction"}, {"Resource", "NotResource"}} {
		if !slices.ContainsFunc(either, func(field string) bool { return statement[field] != nil }) {
			return either[0]
		}
	}
	return ""
}

// shown is a name of the catalogue for a reader: which region it will be is not known here.
func shown(name string) string { return schema.Fill(name, "<region>", "<account>") }

// checkAcross checks that services of another region than their endpoints can be reached from there.
func checkAcross(t *topology.Topology) diag.List {
	var found diag.List
	for _, h := range compile.Hostings(t, Name) {
		home, region := homeRegion(t, h.Backend), t.Networks[h.Network].Region
		if b := t.Backends[h.Backend]; b == nil || b.Kind != ownKind || home == "" || home == region {
			continue
		}
		i := slices.IndexFunc(h.Links, func(key string) bool { crosses, _ := t.Links[key].Via.CrossRegion(); return crosses })
		if i < 0 {
			continue // reported as the wrong region
		}
		for _, name := range confined(t, h.Backend) {
			at := "backends." + h.Backend + "." + ownKind + ".services." + diag.Step(name)
			found = append(found, notAcross.At(t.At(at), at, "no endpoint in %s reaches %q of %s", region, name, home).
				WithNote(t.At("links."+h.Links[i]), "the link").
				WithHint("peer with a network in %s that holds the endpoint, or ask for the service of %s", home, region))
		}
	}
	return found
}

// confined are the services of a backend that no endpoint of another region reaches.
func confined(t *topology.Topology, backend string) []string {
	b := t.Backends[backend]
	if b.Kind != ownKind {
		return nil
	}
	var all []string
	for name := range topology.Sorted(compile.Decode[awsServices](b.Body).Services) {
		if row, known := schema.AWSServiceCatalogue().Services[name]; known && !row.CrossRegion {
			all = append(all, name)
		}
	}
	return all
}
