package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

func TestPreviewKnowsOnlyWhatIsKnown(t *testing.T) {
	e := start(t, Config{})
	c := e.aws(acct1, "us-east-1")
	preview := func(token, name string, in props) props {
		t.Helper()
		checked, err := c.check(token, name, nil, in)
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.rpc.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(token, name), Properties: encode(checked), Preview: true})
		if err != nil || r.GetId() != "" {
			t.Fatal(r.GetId(), err)
		}
		return decode(r.GetProperties())
	}
	vpc := preview(vpcToken, "v", props{"cidrBlock": "10.0.0.0/16", "tags": props{"a": "b"}})
	wantEqual(t, []any{vpc["cidrBlock"], vpc["tagsAll"], hasUnknown(vpc["id"]), hasUnknown(vpc["mainRouteTableId"])}, []any{"10.0.0.0/16", props{"a": "b"}, true, true})
	ep := preview(endpointToken, "e", props{"vpcId": unknown{}, "serviceName": metricsService, "vpcEndpointType": "Interface",
		"subnetIds": list[any](unknown{}), "subnetConfigurations": list(props{"subnetId": unknown{}, "ipv4": "10.0.0.9"})})
	for _, k := range []string{"id", "vpcId", "dnsEntries", "networkInterfaceIds"} {
		if !hasUnknown(ep[k]) {
			t.Errorf("%s is %v", k, ep[k])
		}
	}
	wantEqual(t, maps(ep, "subnetConfigurations")[0]["ipv4"], "10.0.0.9")
	if n := len(e.clouds().Objects()); n > 0 {
		t.Fatalf("a preview made %d objects", n)
	}
	_, err := c.check(subnetToken, "s", nil, props{"vpcId": unknown{}, "cidrBlock": unknown{}})
	if err != nil {
		t.Fatal("unknown inputs are not missing ones:", err)
	}
	// an update's preview keeps what stays
	h := makeHub(c, "hub", "10.0.0.0/16", "10.0.0.0/24")
	x := h.create(endpointToken, "e", h.endpointInputs(nil))
	checked, _ := c.check(endpointToken, "e", x.inputs, h.endpointInputs(props{"tags": props{"a": "b"}}))
	r, err := c.rpc.Update(t.Context(), &pulumirpc.UpdateRequest{Urn: urnOf(endpointToken, "e"), Id: x.id, Olds: encode(x.out), News: encode(checked), Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	out := decode(r.GetProperties())
	if out["arn"] != x.out["arn"] || !hasUnknown(out["dnsEntries"]) || hasUnknown(out["state"]) {
		t.Fatalf("%v", out)
	}
}

func TestDiff(t *testing.T) {
	e := start(t, Config{})
	h := makeHub(e.aws(acct1, "us-east-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
	x := h.create(endpointToken, "e", h.endpointInputs(props{"tags": props{"a": "1"}, "securityGroupIds": list(h.group.id, h.vpc.str("defaultSecurityGroupId"))}))
	for _, c := range []struct {
		name string
		in   props
		want string
	}{
		{"nothing", x.inputs, "[] [] "},
		{"another order", merged(x.inputs, props{"securityGroupIds": list(h.vpc.str("defaultSecurityGroupId"), h.group.id)}), "[] [] "},
		{"an empty list is none", merged(x.inputs, props{"subnetConfigurations": []any{}}), "[] [] "},
		{"a tag", merged(x.inputs, props{"tags": props{"a": "2", "b.c": "1"}}), `[tags] [] tags.a=UPDATE tags["b.c"]=ADD`},
		{"a list", merged(x.inputs, props{"securityGroupIds": list(h.group.id)}), "[securityGroupIds] [] securityGroupIds[1]=DELETE"},
		{"the service", merged(x.inputs, props{"serviceName": logsService}), "[serviceName] [serviceName] serviceName=UPDATE_REPLACE"},
		{"not known yet", merged(x.inputs, props{"vpcId": unknown{}}), "[vpcId] [vpcId] vpcId=UPDATE_REPLACE"},
	} {
		d := h.diff(x, c.in)
		var paths []string
		for _, p := range sortedKeys(d.GetDetailedDiff()) {
			paths = append(paths, p+"="+d.GetDetailedDiff()[p].GetKind().String())
		}
		got := fmt.Sprint(d.GetDiffs(), " ", d.GetReplaces(), " ", strings.Join(paths, " "))
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if (d.GetChanges() == pulumirpc.DiffResponse_DIFF_SOME) != (len(d.GetDiffs()) > 0) {
			t.Errorf("%s: changes is %v", c.name, d.GetChanges())
		}
	}
	az := makeSite(e.azure(sub1))
	if d := az.diff(az.workspace, merged(az.workspace.inputs, props{"location": "japanwest"})); !d.GetDeleteBeforeReplace() {
		t.Error("a replacement under the same id must delete first")
	}
	if d := az.diff(az.workspace, merged(az.workspace.inputs, props{"workspaceName": "other"})); d.GetDeleteBeforeReplace() {
		t.Error("a new name can come first")
	}
}

func TestProviderReplacement(t *testing.T) {
	c := start(t, Config{}).dial("aws")
	d, err := c.rpc.DiffConfig(t.Context(), &pulumirpc.DiffRequest{Olds: encode(props{"region": "us-east-1"}), News: encode(props{"region": "us-east-2"})})
	if err != nil || !slices.Equal(d.GetReplaces(), []string{"region"}) {
		t.Fatal(d, err)
	}
}

func TestRefreshAndImport(t *testing.T) {
	e := start(t, Config{World: []byte(exampleWorld)})
	c := e.aws(acct1, "ap-northeast-1")
	for token, id := range map[string]string{vpcToken: "vpc-0a1b", subnetToken: "subnet-1", routeTableToken: "rtb-1", zoneToken: "Z1"} {
		x := c.read(thing{token: token, name: "imported", id: id})
		if x.id != id {
			t.Fatalf("import of %s gives %q", id, x.id)
		}
		d := c.diff(x, x.inputs)
		if len(d.GetDiffs()) > 0 {
			t.Errorf("%s differs from its own import: %v", id, d.GetDiffs())
		}
	}
	if x := c.read(thing{token: vpcToken, name: "gone", id: "vpc-9"}); x.id != "" {
		t.Fatalf("reads %q", x.id)
	}
	az := e.azure(sub1)
	for token, id := range map[string]string{
		networkToken: armID(sub1, "old", networkType, "hub"), workspaceToken: armID(sub1, "OLD", workspaceType, "Logs"),
		linkToken: armID(sub1, "old", privateZoneType+"/virtualNetworkLinks", "privatelink.blob.core.windows.net", "link-hub"),
	} {
		x := az.read(thing{token: token, name: "imported", id: id})
		if !strings.EqualFold(x.id, id) {
			t.Fatalf("import of %s gives %q", id, x.id)
		}
		if d := az.diff(x, x.inputs); len(d.GetDiffs()) > 0 {
			t.Errorf("%s differs from its own import: %v", id, d.GetDiffs())
		}
	}
}

func TestDeleteOfWhatIsGone(t *testing.T) {
	e := start(t, Config{})
	c := e.aws(acct1, "us-east-1")
	x := c.create(vpcToken, "v", props{"cidrBlock": "10.0.0.0/16"})
	for range 2 {
		if err := c.remove(x); err != nil {
			t.Fatal(err)
		}
	}
	if left := e.clouds().Objects(); len(left) > 0 {
		t.Fatal(left)
	}
}

// The rule of lifecycle.go, case by case.
func TestRepeatedCreate(t *testing.T) {
	vpc := props{"cidrBlock": "10.0.0.0/16"}
	count := func(e *env, token string) int {
		n := 0
		for _, o := range e.clouds().Objects() {
			if o.Type == token {
				n++
			}
		}
		return n
	}
	t.Run("same inputs give the same object", func(t *testing.T) {
		e := start(t, Config{})
		a := e.aws(acct1, "us-east-1").create(vpcToken, "v", vpc)
		e = e.restart(Config{})
		b := e.aws(acct1, "us-east-1").create(vpcToken, "v", vpc)
		wantEqual(t, []any{b.id, count(e, vpcToken)}, []any{a.id, 1})
		wantEqual(t, b.out, a.out)
	})
	t.Run("other inputs replace the orphan", func(t *testing.T) {
		e := start(t, Config{})
		a := e.aws(acct1, "us-east-1").create(vpcToken, "v", vpc)
		e = e.restart(Config{})
		b := e.aws(acct1, "us-east-1").create(vpcToken, "v", props{"cidrBlock": "10.1.0.0/16"})
		if a.id == b.id || count(e, vpcToken) != 1 || count(e, routeTableToken) != 1 {
			t.Fatalf("%s %s %v", a.id, b.id, e.clouds().Objects())
		}
	})
	t.Run("another provider configuration is another object", func(t *testing.T) {
		e := start(t, Config{})
		a := e.aws(acct1, "us-east-1").create(vpcToken, "v", vpc)
		b := e.aws(acct1, "us-east-2").create(vpcToken, "v", vpc)
		wantEqual(t, []any{a.id == b.id, count(e, vpcToken)}, []any{false, 2})
	})
	acknowledgements := map[string]func(*client, thing){
		"diff":             func(c *client, x thing) { c.diff(x, x.inputs) },
		"read":             func(c *client, x thing) { c.read(x) },
		"check with olds":  func(c *client, x thing) { _, _ = c.check(x.token, x.name, x.inputs, x.inputs) },
		"update":           func(c *client, x thing) { _, _ = c.update(x, x.inputs) },
		"used by an other": func(c *client, x thing) { c.create(subnetToken, "s", props{"vpcId": x.id, "cidrBlock": "10.0.0.0/24"}) },
	}
	for name, acknowledge := range acknowledgements {
		t.Run("not after "+name, func(t *testing.T) { // then a create is a replacement with the same inputs
			e := start(t, Config{})
			c := e.aws(acct1, "us-east-1")
			a := c.create(vpcToken, "v", vpc)
			acknowledge(c, a)
			e = e.restart(Config{})
			b := e.aws(acct1, "us-east-1").create(vpcToken, "v", vpc)
			wantEqual(t, []any{a.id == b.id, count(e, vpcToken)}, []any{false, 2})
		})
	}
	t.Run("azure does not say that it exists", func(t *testing.T) {
		e := start(t, Config{})
		s := makeSite(e.azure(sub1)) // the group's parts name it, which shows nothing: names are known beforehand
		again := s.create(groupTypeToken, "rg", props{"resourceGroupName": "rg", "location": "Japan East"})
		wantEqual(t, again.id, s.group.id)
		s.read(again)
		_, err := s.try(groupTypeToken, "rg", props{"resourceGroupName": "rg", "location": "Japan East"})
		wantError(t, err, "cannot create already existing resource")
	})
}

func TestSecretsAreHashed(t *testing.T) {
	e := start(t, Config{})
	c := e.aws(acct1, "us-east-1")
	in := props{"cidrBlock": "10.0.0.0/16", "tags": props{"password": "canary-1", "plain": secret{"canary-2"}}}
	x := c.create(vpcToken, "v", in)
	if _, ok := x.out["tags"].(props)["plain"].(secret); !ok {
		t.Fatalf("the output is no secret any more: %v", x.out["tags"])
	}
	r := c.read(x)
	if d := c.diff(r, in); len(d.GetDiffs()) > 0 {
		t.Fatalf("differs after a refresh: %v", d.GetDetailedDiff())
	}
	if s, ok := r.out["tags"].(props)["plain"].(secret); !ok || s.value != "canary-2" {
		t.Fatalf("refresh gives %v", r.out["tags"])
	}
	if err := e.server.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(e.state)
	if err != nil || strings.Contains(string(data), "canary") {
		t.Fatalf("%v\n%s", err, data)
	}
}

func TestDamagedStateFile(t *testing.T) {
	e := start(t, Config{})
	e.aws(acct1, "us-east-1").create(vpcToken, "v", props{"cidrBlock": "10.0.0.0/16"})
	if err := e.server.Close(); err != nil {
		t.Fatal(err)
	}
	good, _ := os.ReadFile(e.state)
	lines := strings.SplitAfter(string(good), "\n")
	for name, bad := range map[string]string{
		"empty":              "",
		"not ours":           "{\"a\":1}\n",
		"another version":    strings.Replace(string(good), `"version":1`, `"version":9`, 1),
		"broken line":        lines[0] + "{\"put\":[}\n" + lines[1],
		"half an object":     lines[0] + `{"put":[{"cloud":"aws"}]}` + "\n",
		"binary":             "\x00\x01\x02",
		"torn in the header": lines[0][:10],
	} {
		if err := os.WriteFile(e.state, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Start(t.Context(), Config{StateFile: e.state})
		if err == nil || !strings.Contains(err.Error(), "sandbox state file") || !strings.Contains(err.Error(), "line") {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(e.state); string(after) != bad {
			t.Errorf("%s: the file was changed", name)
		}
	}
	torn := string(good) + `{"put":[{"cloud":"aws","acc`
	if err := os.WriteFile(e.state, []byte(torn), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Start(t.Context(), Config{StateFile: e.state})
	if err != nil {
		t.Fatalf("a torn last line is what a crash leaves: %v", err)
	}
	_, err = Start(t.Context(), Config{StateFile: e.state})
	wantError(t, err, "in use by another process")
	_ = s.Close()
}

func TestWorldFile(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"unknown field":  {"{\"version\":1,\n\"awz\":[]}", `the world file is wrong at line 2, offset 14: unknown field "awz"; remove the field or correct its name`},
		"syntax":         {"{\"version\":1,\n}", "at line 2"},
		"wrong kind":     {`{"version":"1"}`, "write a JSON int"},
		"ends early":     {`{"version":1`, "the file ends too early"},
		"more text":      {`{"version":1} x`, "the closing brace"},
		"version":        {`{"version":2}`, `write "version": 1`},
		"no region":      {`{"version":1,"aws":[{"account":"1"}]}`, "write both"},
		"no cidr":        {`{"version":1,"aws":[{"account":"1","region":"us-east-1","vpcs":[{"id":"vpc-1"}]}]}`, `vpc "vpc-1": write id and cidrs`},
		"subnet outside": {`{"version":1,"aws":[{"account":"1","region":"us-east-1","vpcs":[{"id":"vpc-1","cidrs":["10.0.0.0/16"],"subnets":[{"id":"s","cidr":"10.1.0.0/24"}]}]}]}`, "inside the VPC's"},
		"unknown vpc":    {`{"version":1,"aws":[{"account":"1","region":"us-east-1","zones":[{"id":"Z1","name":"a","vpcs":["vpc-1"]}]}]}`, `vpc "vpc-1" is not in account 1`},
		"azure overlap":  {`{"version":1,"azure":[{"subscription":"s","resourceGroups":[{"name":"g","location":"japaneast","virtualNetworks":[{"name":"n","cidrs":["10.0.0.0/16"],"subnets":[{"name":"a","cidr":"10.0.0.0/24"},{"name":"b","cidr":"10.0.0.0/24"}]}]}]}]}`, "NetcfgSubnetRangesOverlap"},
	} {
		state := filepath.Join(t.TempDir(), "s")
		_, err := Start(t.Context(), Config{StateFile: state, World: []byte(c.file)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		if _, err := os.Stat(state); err == nil {
			t.Errorf("%s: a state file was made", name)
		}
	}
}

// A topology that believes in another world than world.json is told by the look-ups, before anything is made.
func TestWorldDisagrees(t *testing.T) {
	e := start(t, Config{World: []byte(exampleWorld)})
	c := e.aws(acct1, "ap-northeast-1")
	_, err := c.invoke("aws:ec2/getVpc:getVpc", props{"id": "vpc-0ffff"})
	wantError(t, err, "InvalidVpcID.NotFound: The vpc ID 'vpc-0ffff' does not exist")
	_, err = e.aws(acct2, "ap-northeast-1").invoke("aws:ec2/getVpc:getVpc", props{"id": "vpc-0a1b"})
	wantError(t, err, "InvalidVpcID.NotFound")
	_, err = c.invoke("aws:ec2/getRouteTable:getRouteTable", props{"routeTableId": "rtb-9"})
	wantError(t, err, "InvalidRouteTableID.NotFound")
	_, err = e.azure(sub2).invoke("azure-native:network:getVirtualNetwork", props{"resourceGroupName": "old", "virtualNetworkName": "hub"})
	wantError(t, err, "ResourceGroupNotFound")
	if n := len(e.restart(Config{}).clouds().Objects()); n > 0 {
		t.Fatalf("%d objects of a world that is no more", n)
	}
}

func TestFaultsFile(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"unknown field": {`{"version":1,"faults":[{"typ":"x"}]}`, `the faults file is wrong at line 1, offset 24: unknown field "typ"`},
		"action":        {`{"version":1,"faults":[{"action":"explode"}]}`, "write fail, slow, hang, die or die-after"},
		"operation":     {`{"version":1,"faults":[{"operation":"make","action":"fail"}]}`, "write check, create"},
		"both counts":   {`{"version":1,"faults":[{"onOperation":1,"type":"x","action":"die"}]}`, "onOperation counts all"},
		"negative":      {`{"version":1,"faults":[{"nth":-1,"action":"die"}]}`, "counts begin at 1"},
		"version":       {`{"faults":[]}`, `write "version": 1`},
	} {
		_, err := Start(t.Context(), Config{StateFile: filepath.Join(t.TempDir(), "s"), Faults: []byte(c.file)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestFaults(t *testing.T) {
	e := start(t, Config{Faults: []byte(`{"version":1,"faults":[
		{"type":"aws:ec2/vpc:Vpc","operation":"create","name":"second","nth":2,"action":"fail","error":"RequestLimitExceeded: slow down"},
		{"type":"aws:ec2/vpc:Vpc","operation":"update","action":"slow","milliseconds":80},
		{"operation":"read","action":"hang"},
		{"operation":"invoke","action":"fail"},
		{"operation":"check","name":"bad","action":"fail","error":"AuthFailure"}]}`)})
	c := e.aws(acct1, "us-east-1")
	in := props{"cidrBlock": "10.0.0.0/16"}
	c.create(vpcToken, "first", in)
	x := c.create(vpcToken, "second", in)
	c.read2(x, 50*time.Millisecond)
	_, err := c.try(vpcToken, "second", props{"cidrBlock": "10.1.0.0/16"})
	wantError(t, err, "SANDBOX: creating aws:ec2/vpc:Vpc (second): RequestLimitExceeded: slow down")
	begin := time.Now()
	if _, err := c.update(x, props{"cidrBlock": "10.0.0.0/16", "tags": props{"a": "b"}}); err != nil || time.Since(begin) < 80*time.Millisecond {
		t.Fatal(err, time.Since(begin))
	}
	_, err = c.invoke("aws:ec2/getVpc:getVpc", props{"id": x.id})
	wantError(t, err, "InternalError")
	_, err = c.try(vpcToken, "bad", in)
	wantError(t, err, "AuthFailure")
	// Cancel ends what hangs
	done := make(chan error, 1)
	go func() {
		_, err := c.rpc.Read(context.Background(), &pulumirpc.ReadRequest{Urn: urnOf(vpcToken, "first"), Id: x.id})
		done <- err
	}()
	eventually(t, "the hanging read was not cancelled", func() bool {
		_, _ = c.rpc.Cancel(t.Context(), &emptypb.Empty{})
		select {
		case err := <-done:
			return err != nil && strings.Contains(err.Error(), "cancelled")
		default:
			return false
		}
	})
}

// read2 reads for a while only.
func (c *client) read2(x thing, d time.Duration) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), d)
	defer cancel()
	if _, err := c.rpc.Read(ctx, &pulumirpc.ReadRequest{Urn: urnOf(x.token, x.name), Id: x.id}); err == nil {
		c.t.Fatal("the read did not hang")
	}
}

// child runs a sandbox in a process that a fault may kill.
func child(t *testing.T, state, faults string) (*env, func() error) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "SANDBOX_CHILD="+state, "SANDBOX_FAULTS="+faults)
	stdin, _ := cmd.StdinPipe()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	stop := func() error { _ = stdin.Close(); return cmd.Wait() }
	return &env{t, state, &Server{env: strings.TrimSpace(line)}}, stop
}

// Killed at every operation in turn, before it takes effect and after, the next run ends where an undisturbed one ends.
func TestKilledAtEachOperation(t *testing.T) {
	type memory map[string]thing // the engine's state: what it has been told about
	make := func(c *client, known memory, token, name string, in props) (thing, error) {
		if x, ok := known[name]; ok {
			c.diff(x, in)
			return x, nil
		}
		x, err := c.try(token, name, in)
		if err == nil {
			known[name] = x
		}
		return x, err
	}
	program := func(c *client, known memory) error {
		vpc, err := make(c, known, vpcToken, "v", props{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true})
		if err != nil {
			return err
		}
		subnet, err := make(c, known, subnetToken, "s", props{"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
		if err != nil {
			return err
		}
		_, err = make(c, known, endpointToken, "e", props{"vpcId": vpc.id, "serviceName": metricsService, "vpcEndpointType": "Interface", "subnetIds": list(subnet.id),
			"privateDnsEnabled": true, "subnetConfigurations": list(props{"subnetId": subnet.id, "ipv4": "10.0.0.9"})})
		return err
	}
	objects := func(state string) string {
		view, err := Open(state)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, o := range view.Objects() {
			ids = append(ids, o.Type+" "+o.ID)
		}
		return strings.Join(ids, "\n")
	}
	undisturbed := start(t, Config{})
	if err := program(undisturbed.aws(acct1, "us-east-1"), memory{}); err != nil {
		t.Fatal(err)
	}
	want := objects(undisturbed.state)
	for _, action := range []string{"die", "die-after"} {
		for n := 1; n <= 3; n++ {
			t.Run(fmt.Sprintf("%s-%d", action, n), func(t *testing.T) {
				state := filepath.Join(t.TempDir(), "clouds")
				dying, wait := child(t, state, fmt.Sprintf(`{"version":1,"faults":[{"onOperation":%d,"action":%q}]}`, n, action))
				known := memory{}
				if err := program(dying.aws(acct1, "us-east-1"), known); err == nil {
					t.Fatal("the process did not die")
				}
				if err := wait(); err == nil || !strings.Contains(err.Error(), "killed") {
					t.Fatal(err)
				}
				if made := strings.Count(objects(state), vpcToken); made != map[bool]int{true: 0, false: 1}[action == "die" && n == 1] {
					t.Fatalf("%d VPCs at the time of death", made)
				}
				next, stop := child(t, state, "")
				if err := program(next.aws(acct1, "us-east-1"), known); err != nil {
					t.Fatal(err)
				}
				if err := stop(); err != nil {
					t.Fatal(err)
				}
				wantEqual(t, objects(state), want)
			})
		}
	}
}
