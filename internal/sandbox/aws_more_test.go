package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAccountsAndRegionsNeverMeet(t *testing.T) {
	e := start(t, Config{})
	places := []struct{ account, region string }{{acct1, "us-east-1"}, {acct1, "ap-northeast-1"}, {acct2, "us-east-1"}}
	var hubs []hub
	for _, p := range places { // the same logical names everywhere
		hubs = append(hubs, makeHub(e.aws(p.account, p.region), "hub", "10.0.0.0/16", "10.0.0.0/24"))
	}
	for i, h := range hubs {
		for j, other := range hubs {
			_, err := h.invoke("aws:ec2/getVpc:getVpc", props{"id": other.vpc.id})
			if i == j && err != nil {
				t.Fatal(err)
			}
			if i != j {
				wantError(t, err, "InvalidVpcID.NotFound: The vpc ID '"+other.vpc.id+"' does not exist")
				if x := h.read(other.subnet); x.id != "" {
					t.Fatalf("%v reads %s of %v", places[i], x.id, places[j])
				}
				wantError(t, fails(h.try(endpointToken, "e", h.endpointInputs(props{"subnetIds": list(other.subnet.id)}))), "")
			}
			if i != j && h.vpc.id == other.vpc.id {
				t.Fatalf("%s twice", h.vpc.id)
			}
		}
	}
	if err := hubs[0].remove(hubs[1].vpc); err != nil { // gone already, as far as this region knows
		t.Fatal(err)
	}
	if x := hubs[1].read(hubs[1].vpc); x.id == "" {
		t.Fatal("a delete in one region reached another")
	}
}

func TestIDsDoNotDependOnTheRun(t *testing.T) {
	run := func() []string {
		e := start(t, Config{})
		h := makeHub(e.aws(acct1, "us-east-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
		a := h.create(endpointToken, "e", h.endpointInputs(nil))
		if err := h.remove(a); err != nil {
			t.Fatal(err)
		}
		b := h.create(endpointToken, "e", h.endpointInputs(nil))
		if a.id == b.id {
			t.Fatal("a new incarnation has the old id")
		}
		var ids []string
		for _, o := range e.clouds().Objects() {
			ids = append(ids, o.ID+text(o.Attributes))
		}
		return ids
	}
	wantEqual(t, run(), run())
}

func TestEndpointOutputs(t *testing.T) {
	e := start(t, Config{})
	h := makeHub(e.aws(acct1, "us-east-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
	second := h.create(subnetToken, "second", props{"vpcId": h.vpc.id, "cidrBlock": "10.0.1.0/24",
		"availabilityZoneId": map[bool]string{true: "use1-az1", false: "use1-az2"}[h.subnet.str("availabilityZoneId") == "use1-az2"]})
	x := h.create(endpointToken, "e", h.endpointInputs(props{"privateDnsEnabled": true, "subnetIds": list(second.id, h.subnet.id),
		"subnetConfigurations": list(props{"subnetId": second.id, "ipv4": "10.0.1.77"})}))
	if got := x.str("dnsEntries.0.dnsName"); !strings.HasPrefix(got, x.id+"-") || !strings.HasSuffix(got, ".vpce-svc-09a8006e245d1e7b8.us-east-1.vpce.amazonaws.com") {
		t.Fatal(got)
	}
	wantEqual(t, x.str("dnsEntries.0.hostedZoneId"), endpointZone("us-east-1"))
	wantEqual(t, len(maps(x.out, "dnsEntries")), 4) // regional, two zones, the private name
	wantEqual(t, x.str("dnsEntries.3.dnsName"), "metrics.agent.datadoghq.com")
	configs := maps(x.out, "subnetConfigurations")
	wantEqual(t, len(configs), 2)
	for i, nic := range strs(x.out, "networkInterfaceIds") {
		got, err := h.invoke("aws:ec2/getNetworkInterface:getNetworkInterface", props{"id": nic})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, got["privateIp"], configs[i]["ipv4"])
		wantEqual(t, got["subnetId"], configs[i]["subnetId"])
		if str(configs[i], "subnetId") == second.id {
			wantEqual(t, configs[i]["ipv4"], "10.0.1.77")
		}
	}
	wantEqual(t, x.out["state"], "available")

	// addresses stay through an update that keeps the subnet, and go with a subnet that leaves
	before := text(configs)
	y, err := h.update(x, h.endpointInputs(props{"privateDnsEnabled": false, "subnetIds": list(h.subnet.id, second.id),
		"subnetConfigurations": list(props{"subnetId": second.id, "ipv4": "10.0.1.77"})}))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, text(maps(y.out, "subnetConfigurations")), before)
	unpinned, err := h.update(y, h.endpointInputs(props{"subnetIds": list(h.subnet.id, second.id)})) // an address is for life
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, text(maps(unpinned.out, "subnetConfigurations")), before)
	z, err := h.update(unpinned, h.endpointInputs(nil))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, len(maps(z.out, "subnetConfigurations")), 1)
	if err := h.remove(z); err != nil {
		t.Fatal(err)
	}
	for _, o := range e.clouds().Objects() {
		if o.Type == interfaceToken {
			t.Fatalf("%s is left", o.ID)
		}
	}
}

func TestCrossRegionEndpoint(t *testing.T) {
	e := start(t, Config{})
	h := makeHub(e.aws(acct1, "ap-northeast-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
	s := h.create(subnetToken, "ok", props{"vpcId": h.vpc.id, "cidrBlock": "10.0.1.0/24", "availabilityZoneId": "apne1-az1"})
	x := h.create(endpointToken, "e", h.endpointInputs(props{"serviceRegion": "us-east-1", "subnetIds": list(s.id)}))
	wantEqual(t, len(maps(x.out, "dnsEntries")), 1) // no zonal names across regions
	wantEqual(t, x.out["serviceRegion"], "us-east-1")
}

func TestZonesAcrossAccounts(t *testing.T) {
	e := start(t, Config{})
	h := makeHub(e.aws(acct1, "us-east-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
	o := makeHub(e.aws(acct2, "eu-west-2"), "other", "10.1.0.0/16", "10.1.0.0/24")
	z := h.zone("z", "a.example")
	h.create(recordToken, "r", props{"zoneId": z.id, "name": "*", "type": "A", "ttl": 60, "records": list("10.0.0.9")})
	h.create(authorizationToken, "auth", props{"zoneId": z.id, "vpcId": o.vpc.id, "vpcRegion": "eu-west-2"})
	a := o.create(zoneAssociationToken, "assoc", props{"zoneId": z.id, "vpcId": o.vpc.id})
	wantEqual(t, a.out["owningAccount"], acct1)
	got, err := e.clouds().Resolve(o.vpc.id, "x.a.example")
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	// the in-line list shows it after a refresh, which is the perpetual difference that users meet
	if r := h.read(z); len(maps(r.inputs, "vpcs")) != 2 {
		t.Fatalf("refreshed vpcs: %v", r.inputs["vpcs"])
	}
	wantEqual(t, o.read(a).id, a.id)
	// the declared VPCs of the zone change: the association of the other account stays
	third := h.create(vpcToken, "third", props{"cidrBlock": "10.2.0.0/16"})
	if _, err := h.update(z, props{"name": "a.example", "vpcs": list(props{"vpcId": third.id})}); err != nil {
		t.Fatal(err)
	}
	_, err = e.clouds().Resolve(o.vpc.id, "x.a.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.remove(a); err != nil {
		t.Fatal(err)
	}
	_, err = e.clouds().Resolve(o.vpc.id, "x.a.example")
	wantError(t, err, "public")
}

// A deleted VPC stays in the zone's list (DESIGN §5.7), and every name of a recreated VPC is dead until the list is right.
func TestZoneOnADeletedVPC(t *testing.T) {
	e := start(t, Config{})
	c := e.aws(acct1, "us-east-1")
	vpc := c.create(vpcToken, "v", props{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true})
	z := c.create(zoneToken, "z", props{"name": "a.example", "vpcs": list(props{"vpcId": vpc.id})})
	if err := c.remove(vpc); err != nil {
		t.Fatal(err)
	}
	again := c.create(vpcToken, "v", props{"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": true})
	_, err := e.clouds().Resolve(again.id, "a.example")
	wantError(t, err, "public")
	wantEqual(t, len(maps(c.read(z).inputs, "vpcs")), 1)
	if _, err := c.update(z, props{"name": "a.example", "vpcs": list(props{"vpcId": again.id})}); err != nil {
		t.Fatal(err)
	}
	_, err = e.clouds().Resolve(again.id, "a.example")
	wantError(t, err, "NXDOMAIN")
}

func TestResolver(t *testing.T) {
	e := start(t, Config{})
	h := makeHub(e.aws(acct1, "us-east-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
	parent, child := h.zone("parent", "example"), h.zone("child", "sub.example")
	set := func(name string, z thing, in props) {
		t.Helper()
		h.create(recordToken, name, merged(props{"zoneId": z.id, "ttl": 60, "type": "A"}, in))
	}
	set("a", parent, props{"name": "a.example", "records": list("10.0.0.1")})
	set("b", parent, props{"name": "b.sub.example", "records": list("10.0.0.2")})
	set("c", child, props{"name": "c", "records": list("10.0.0.3", "10.0.0.2")})
	set("d", child, props{"name": "d", "type": "CNAME", "records": list("a.example.")})
	set("w", child, props{"name": "*.w", "records": list("10.0.0.4")})
	set("x", child, props{"name": "x.w", "records": list("10.0.0.5")})
	ep := h.create(endpointToken, "logs", h.endpointInputs(props{"serviceName": "com.amazonaws.us-east-1.ecr.dkr", "privateDnsEnabled": true}))
	addr := str(maps(ep.out, "subnetConfigurations")[0], "ipv4")
	view := e.clouds()
	for _, c := range []struct{ name, want string }{
		{"a.example", "10.0.0.1"},
		{"A.Example.", "10.0.0.1"},
		{"b.sub.example", "NXDOMAIN"}, // the more specific zone wins, and does not have it
		{"c.sub.example", "10.0.0.2 10.0.0.3"},
		{"d.sub.example", "10.0.0.1"},
		{"y.w.sub.example", "10.0.0.4"},
		{"x.w.sub.example", "10.0.0.5"},
		{"w.sub.example", "NXDOMAIN"},
		{"example.org", "public"},
		{"123.dkr.ecr.us-east-1.amazonaws.com", addr},
		{"ecr.us-east-1.amazonaws.com", "public"},
		{ep.str("dnsEntries.0.dnsName"), addr},
		{ep.str("dnsEntries.1.dnsName"), addr},
	} {
		got, err := view.Resolve(h.vpc.id, c.name)
		var texts []string
		for _, a := range got {
			texts = append(texts, a.String())
		}
		if err != nil && !strings.Contains(err.Error(), c.want) || err == nil && strings.Join(texts, " ") != c.want {
			t.Errorf("%s: got %v, %v; want %s", c.name, texts, err, c.want)
		}
	}
	if _, err := h.update(h.vpc, props{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": false}); err != nil {
		t.Fatal(err)
	}
	_, err := e.clouds().Resolve(h.vpc.id, "a.example")
	wantError(t, err, "public")
}

func TestPeeringAskedTwice(t *testing.T) {
	e := start(t, Config{})
	h := makeHub(e.aws(acct1, "us-east-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
	o := h.create(vpcToken, "o", props{"cidrBlock": "10.1.0.0/16"})
	a := h.create(peeringToken, "a", props{"vpcId": h.vpc.id, "peerVpcId": o.id})
	b := h.create(peeringToken, "b", props{"vpcId": o.id, "peerVpcId": h.vpc.id})
	wantEqual(t, a.id, b.id)
	wantEqual(t, a.out["acceptStatus"], "pending-acceptance")
	a, err := h.update(a, props{"vpcId": h.vpc.id, "peerVpcId": o.id, "autoAccept": true})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, a.out["acceptStatus"], "active")
}

func TestPeeringFromBothSides(t *testing.T) {
	e := start(t, Config{})
	h := makeHub(e.aws(acct1, "us-east-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
	far := e.aws(acct1, "eu-west-2")
	vpc := far.create(vpcToken, "far", props{"cidrBlock": "10.1.0.0/16"})
	p := h.create(peeringToken, "p", props{"vpcId": h.vpc.id, "peerVpcId": vpc.id, "peerRegion": "eu-west-2", "tags": props{"side": "requester"}})
	far.create(accepterToken, "a", props{"vpcPeeringConnectionId": p.id, "autoAccept": true, "tags": props{"side": "accepter"}})
	for side, c := range map[string]*client{"requester": h.client, "accepter": far} {
		out, err := c.invoke("aws:ec2/getVpcPeeringConnection:getVpcPeeringConnection", props{"id": p.id})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, []any{sub(out, "tags")["side"], out["status"], out["cidrBlock"], out["peerCidrBlock"]}, []any{side, "active", "10.0.0.0/16", "10.1.0.0/16"})
	}
	_, err := e.aws(acct1, "us-west-2").invoke("aws:ec2/getVpcPeeringConnection:getVpcPeeringConnection", props{"id": p.id})
	wantError(t, err, "InvalidVpcPeeringConnectionID.NotFound")
}

// The worlds of the repository's own stacks are understood.
func TestWorldsOfTheStacks(t *testing.T) {
	files, _ := filepath.Glob("../../stacks/*/world.json")
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseWorld(data); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func TestLookups(t *testing.T) {
	e := start(t, Config{World: []byte(exampleWorld)})
	c := e.aws(acct1, "ap-northeast-1")
	for _, q := range []struct {
		token string
		args  props
		want  string
	}{
		{"aws:index/getCallerIdentity:getCallerIdentity", props{}, `"accountId":"111111111111"`},
		{"aws:ec2/getVpc:getVpc", props{"id": "vpc-0a1b"}, `"cidrBlockAssociations":[{"associationId":`},
		{"aws:ec2/getVpc:getVpc", props{"id": "vpc-0a1b"}, `"enableDnsHostnames":true,"enableDnsSupport":true`},
		{"aws:ec2/getSubnet:getSubnet", props{"id": "subnet-1"}, `"availabilityZoneId":"apne1-az1","availableIpAddressCount":250`},
		{"aws:ec2/getRouteTable:getRouteTable", props{"routeTableId": "rtb-1"}, `"cidrBlock":"0.0.0.0/0"`},
		{"aws:ec2/getRouteTable:getRouteTable", props{"subnetId": "subnet-1"}, `"routeTableId":"rtb-1"`},
		{"aws:ec2/getRouteTable:getRouteTable", props{"subnetId": "subnet-2"}, `"main":true`},
		{"aws:ec2/getSecurityGroup:getSecurityGroup", props{"id": "sg-1"}, `"vpcId":"vpc-0a1b"`},
		{"aws:ec2/getSecurityGroup:getSecurityGroup", props{"name": "web", "vpcId": "vpc-0a1b"}, `"id":"sg-1"`},
		{"aws:ec2/getNetworkInterface:getNetworkInterface", props{"id": "eni-1"}, `"privateIp":"10.0.1.9"`},
		{"aws:route53/getZone:getZone", props{"zoneId": "Z1"}, `"privateZone":true`},
		{"aws:route53/getZone:getZone", props{"name": "corp.example.", "vpcId": "vpc-0a1b"}, `"zoneId":"Z1"`},
	} {
		out, err := c.invoke(q.token, q.args)
		if err != nil || !strings.Contains(text(out), q.want) {
			t.Errorf("%s %v: %v, %s; want %s", q.token, q.args, err, text(out), q.want)
		}
	}
	_, err := c.invoke("aws:ec2/getVpc:getVpc", props{"id": "vpc-0a1b", "filters": list(props{})})
	wantError(t, err, `does not simulate "filters"`)
}

func TestZoneNames(t *testing.T) {
	for region, want := range map[string]string{"us-east-1": "use1", "ap-northeast-1": "apne1", "ap-southeast-2": "apse2", "eu-west-2": "euw2",
		"us-gov-west-1": "usgw1", "ca-central-1": "cac1", "eu-north-1": "eun1", "eu-south-2": "eus2", "ap-south-1": "aps1"} {
		wantEqual(t, zonePrefix(region), want)
	}
}

func TestAutoNames(t *testing.T) {
	e := start(t, Config{})
	h := makeHub(e.aws(acct1, "us-east-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
	name := h.group.str("name")
	if !strings.HasPrefix(name, "hub-clients-") || len(name) != len("hub-clients-")+7 {
		t.Fatal(name)
	}
	if d := h.diff(h.group, props{"vpcId": h.vpc.id}); len(d.GetDiffs()) > 0 {
		t.Fatalf("a second check gives another name: %v", d.GetDiffs())
	}
	if d := h.diff(h.group, props{"vpcId": "vpc-1"}); d.GetDeleteBeforeReplace() || !slices.Equal(d.GetReplaces(), []string{"vpcId"}) {
		t.Fatalf("%v", d)
	}
	named := h.create(groupToken, "named", props{"vpcId": h.vpc.id, "name": "chosen"})
	if d := h.diff(named, props{"vpcId": "vpc-1", "name": "chosen"}); !d.GetDeleteBeforeReplace() {
		t.Fatalf("%v", d)
	}
}

func TestManyVPCsStayLinear(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	e := start(t, Config{})
	c := e.aws(acct1, "us-east-1")
	for i := range 200 {
		vpc := c.create(vpcToken, fmt.Sprint("v", i), props{"cidrBlock": "10.0.0.0/16"})
		c.create(subnetToken, fmt.Sprint("s", i), props{"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
	}
}

const exampleWorld = `{"version": 1,
 "aws": [{"account": "111111111111", "region": "ap-northeast-1",
  "vpcs": [{"id": "vpc-0a1b", "cidrs": ["10.0.0.0/16", "10.1.0.0/16"], "dnsSupport": true, "dnsHostnames": true,
    "subnets": [{"id": "subnet-1", "cidr": "10.0.1.0/24", "zone": "apne1-az1"}, {"id": "subnet-2", "cidr": "10.1.1.0/24"}],
    "routeTables": [{"id": "rtb-1", "subnets": ["subnet-1"], "routes": [{"cidr": "0.0.0.0/0", "target": "nat-1"}]}, {"id": "rtb-0", "main": true}],
    "securityGroups": [{"id": "sg-1", "name": "web"}],
    "networkInterfaces": [{"id": "eni-1", "subnet": "subnet-1", "address": "10.0.1.9"}]}],
  "zones": [{"id": "Z1", "name": "corp.example", "vpcs": ["vpc-0a1b"]}],
  "endpointServices": [{"name": "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0", "privateDnsNames": ["svc.example"]}]}],
 "azure": [{"subscription": "11111111-1111-1111-1111-111111111111", "resourceGroups": [{"name": "old", "location": "japaneast",
  "virtualNetworks": [{"name": "hub", "cidrs": ["192.168.0.0/20"], "subnets": [{"name": "default", "cidr": "192.168.0.0/24", "usedAddresses": 3},
    {"name": "small", "cidr": "192.168.1.0/28"}]}],
  "workspaces": [{"name": "logs", "customerId": "99999999-9999-9999-9999-999999999999"}],
  "privateZones": [{"name": "privatelink.blob.core.windows.net", "links": ["hub"]}]}]}]}`
