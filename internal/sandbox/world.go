package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// world is what exists before obslink creates anything: the parts of real clouds that a topology calls existing.
type world struct {
	Version int          `json:"version"`
	AWS     []awsWorld   `json:"aws"`
	Azure   []azureWorld `json:"azure"`
}

type awsWorld struct {
	Account          string         `json:"account"`
	Region           string         `json:"region"`
	VPCs             []worldVPC     `json:"vpcs"`
	Zones            []worldZone    `json:"zones"`
	EndpointServices []worldService `json:"endpointServices"`
}

type worldVPC struct {
	ID                string           `json:"id"`
	CIDRs             []string         `json:"cidrs"`
	DNSSupport        *bool            `json:"dnsSupport"`   // true if left out, as AWS makes them
	DNSHostnames      *bool            `json:"dnsHostnames"` // false if left out
	Subnets           []worldSubnet    `json:"subnets"`
	RouteTables       []worldTable     `json:"routeTables"`
	SecurityGroups    []worldGroup     `json:"securityGroups"`
	NetworkInterfaces []worldInterface `json:"networkInterfaces"`
}

type worldSubnet struct {
	ID   string `json:"id"`
	CIDR string `json:"cidr"`
	Zone string `json:"zone"` // availability zone id, such as use1-az6; chosen if left out
}

type worldTable struct {
	ID      string       `json:"id"`
	Main    bool         `json:"main"`
	Subnets []string     `json:"subnets"`
	Routes  []worldRoute `json:"routes"`
}

type worldRoute struct {
	CIDR   string `json:"cidr"`
	Target string `json:"target"` // an id: pcx-…, igw-…, nat-…, tgw-…, eni-…
}

type worldGroup struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type worldInterface struct {
	ID      string `json:"id"`
	Subnet  string `json:"subnet"`
	Address string `json:"address"`
}

type worldZone struct {
	ID   string   `json:"id"`
	Name string   `json:"name"`
	VPCs []string `json:"vpcs"`
}

// worldService is an endpoint service with other private DNS names than the ones that the sandbox knows.
type worldService struct {
	Name            string   `json:"name"`
	PrivateDNSNames []string `json:"privateDnsNames"`
}

type azureWorld struct {
	Subscription   string               `json:"subscription"`
	ResourceGroups []worldResourceGroup `json:"resourceGroups"`
}

type worldResourceGroup struct {
	Name            string           `json:"name"`
	Location        string           `json:"location"`
	VirtualNetworks []worldNetwork   `json:"virtualNetworks"`
	Workspaces      []worldWorkspace `json:"workspaces"`
	PrivateZones    []worldPrivate   `json:"privateZones"`
}

type worldNetwork struct {
	Name     string            `json:"name"`
	Location string            `json:"location"` // the group's if left out
	CIDRs    []string          `json:"cidrs"`
	Subnets  []worldVnetSubnet `json:"subnets"`
}

type worldVnetSubnet struct {
	Name          string `json:"name"`
	CIDR          string `json:"cidr"`
	UsedAddresses int    `json:"usedAddresses"` // this many, from the lowest on, are taken
}

type worldWorkspace struct {
	Name       string `json:"name"`
	Location   string `json:"location"`
	CustomerID string `json:"customerId"`
}

type worldPrivate struct {
	Name  string      `json:"name"`
	Links []worldLink `json:"links"`
}

// worldLink is a network's name in the same resource group or its id, alone or with a resolution policy.
type worldLink struct {
	Network          string `json:"network"`
	ResolutionPolicy string `json:"resolutionPolicy"`
}

func (l *worldLink) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &l.Network)
	}
	type plain worldLink
	return strict(data, (*plain)(l))
}

// parseFile reads a file of the user; every complaint says which file, where, and what to do.
func parseFile(file string, data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	offset := dec.InputOffset()
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = errors.New("text follows the closing brace")
		}
	}
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	hint := "correct it"
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
		hint = fmt.Sprintf("write a JSON %s", kind.Type.Kind())
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		offset, hint = int64(len(data)), "the file ends too early; complete it"
	case strings.Contains(err.Error(), "unknown field"):
		name := strings.Trim(err.Error()[strings.LastIndexByte(err.Error(), ' ')+1:], `"`)
		if i := bytes.Index(data, []byte(`"`+name+`"`)); i >= 0 {
			offset = int64(i)
		}
		hint = "remove the field or correct its name"
	}
	line := 1 + bytes.Count(data[:min(int(offset), len(data))], []byte("\n"))
	return fmt.Errorf("the %s is wrong at line %d, offset %d: %s; %s", file, line, offset, strings.TrimPrefix(err.Error(), "json: "), hint)
}

func parseWorld(data []byte) (*world, error) {
	w := &world{Version: 1}
	if len(bytes.TrimSpace(data)) == 0 {
		return w, nil
	}
	w.Version = 0
	if err := parseFile("world file", data, w); err != nil {
		return nil, err
	}
	if w.Version != 1 {
		return nil, fmt.Errorf(`the world file has version %d; write "version": 1`, w.Version)
	}
	if _, err := w.objects(); err != nil {
		return nil, fmt.Errorf("the world file is wrong: %w", err)
	}
	return w, nil
}

// exist puts the world into the database, in place of what an older world.json had put there.
func (d *db) exist(w *world) {
	for _, o := range d.objects {
		if o.Existing {
			d.unindex(o)
		}
	}
	objects, _ := w.objects() // judged by parseWorld
	for _, o := range objects {
		if d.objects[o.key()] == nil { // a program may have taken it over by an import
			d.index(o)
		}
	}
}

// objects builds the world in a database of its own, so that it has exactly the shape of what programs create.
func (w *world) objects() ([]*Object, error) {
	t := &tx{db: newDB(), touched: map[string]bool{}, count: map[string]int{}}
	for i, a := range w.AWS {
		c := &call{tx: t, who: identity{"aws", a.Account, a.Region}, row: &resourceType{token: vpcToken}, in: map[string]any{}}
		if err := a.build(c); err != nil {
			return nil, fmt.Errorf("aws[%d]: %w", i, err)
		}
	}
	for i, a := range w.AWS { // after all VPCs, as a zone spans regions
		c := &call{tx: t, who: identity{"aws", a.Account, a.Region}, row: &resourceType{token: zoneToken, global: true}}
		if err := a.buildZones(c); err != nil {
			return nil, fmt.Errorf("aws[%d]: %w", i, err)
		}
	}
	for i, a := range w.Azure {
		c := &call{tx: t, who: identity{cloud: "azure", account: a.Subscription}}
		if err := a.build(c); err != nil {
			return nil, fmt.Errorf("azure[%d]: %w", i, err)
		}
	}
	var out []*Object
	for _, key := range sortedKeys(t.objects) {
		o := t.objects[key]
		o.Existing, o.URN, o.By = true, "", ""
		out = append(out, o)
	}
	return out, nil
}

func (a awsWorld) build(c *call) error {
	if a.Account == "" || !regionForm.MatchString(a.Region) {
		return fmt.Errorf("account %q, region %q; write both", a.Account, a.Region)
	}
	for _, v := range a.VPCs {
		if err := v.build(c); err != nil {
			return fmt.Errorf("vpc %q: %w", v.ID, err)
		}
	}
	for _, s := range a.EndpointServices {
		if _, ok := parseService(s.Name); !ok {
			return fmt.Errorf("endpoint service %q; write com.amazonaws.vpce.REGION.vpce-svc-…", s.Name)
		}
		c.put(c.part(serviceToken, c.who.region, s.Name, s.Name, map[string]any{"privateDnsNames": list(s.PrivateDNSNames...)}))
	}
	return nil
}

func (v worldVPC) build(c *call) error {
	if v.ID == "" || len(v.CIDRs) == 0 {
		return errors.New("write id and cidrs")
	}
	for _, s := range v.CIDRs {
		if err := awsPrefix(s); err != nil {
			return err
		}
	}
	if c.aws(vpcToken, v.ID) != nil {
		return errors.New("the id is there twice in one account and region")
	}
	main, group := awsID("rtb", v.ID, "main"), awsID("sg", v.ID, "default")
	for _, t := range v.RouteTables {
		if t.Main {
			main = t.ID
		}
	}
	for _, g := range v.SecurityGroups {
		if g.Name == "default" {
			group = g.ID
		}
	}
	vpc := makeVPC(c, v.ID, v.CIDRs, v.DNSSupport == nil || *v.DNSSupport, v.DNSHostnames != nil && *v.DNSHostnames, main, group)
	vpc.Inputs = map[string]any{"cidrBlock": v.CIDRs[0], "enableDnsSupport": vpc.Attributes["enableDnsSupport"],
		"enableDnsHostnames": vpc.Attributes["enableDnsHostnames"], "instanceTenancy": "default"}
	for _, s := range v.Subnets {
		if err := s.build(c, vpc); err != nil {
			return fmt.Errorf("subnet %q: %w", s.ID, err)
		}
	}
	for _, t := range v.RouteTables {
		if err := t.build(c, vpc); err != nil {
			return fmt.Errorf("route table %q: %w", t.ID, err)
		}
	}
	for _, g := range v.SecurityGroups {
		if g.ID == "" {
			return errors.New("a security group without id")
		}
		if c.aws(groupToken, g.ID) == nil {
			o := c.part(groupToken, c.who.region, g.ID, g.Name, map[string]any{"id": g.ID, "arn": c.arn("security-group", g.ID), "name": g.Name,
				"vpcId": v.ID, "ownerId": c.who.account, "description": "existing"}, vpc)
			o.Inputs = map[string]any{"vpcId": v.ID, "name": g.Name, "description": "existing", "revokeRulesOnDelete": false}
			c.put(o)
		}
	}
	for _, n := range v.NetworkInterfaces {
		if err := n.build(c, vpc); err != nil {
			return fmt.Errorf("network interface %q: %w", n.ID, err)
		}
	}
	return nil
}

func (s worldSubnet) build(c *call, vpc *Object) error {
	c.in = map[string]any{"availabilityZoneId": s.Zone}
	defer func() { c.in = map[string]any{} }()
	zone, zoneID, err := chooseZone(c, []string{s.ID})
	if err != nil {
		return err
	}
	p, ok := parsePrefix(s.CIDR)
	if s.ID == "" || !ok || !within(p, prefixes(vpc)) {
		return fmt.Errorf("cidr %q; write an id, and a cidr inside the VPC's", s.CIDR)
	}
	o := makeSubnet(c, s.ID, vpc, s.CIDR, zone, zoneID)
	o.Inputs = map[string]any{"vpcId": vpc.ID, "cidrBlock": s.CIDR, "availabilityZoneId": zoneID, "mapPublicIpOnLaunch": false}
	c.put(o)
	return nil
}

func (t worldTable) build(c *call, vpc *Object) error {
	if t.ID == "" {
		return errors.New("write id")
	}
	table := c.aws(routeTableToken, t.ID)
	if table == nil {
		table = c.part(routeTableToken, c.who.region, t.ID, "", map[string]any{"id": t.ID, "arn": c.arn("route-table", t.ID), "vpcId": vpc.ID, "ownerId": c.who.account}, vpc)
		c.put(table)
	}
	table.Inputs = map[string]any{"vpcId": vpc.ID}
	for _, id := range t.Subnets {
		subnet := c.aws(subnetToken, id)
		if subnet == nil || subnet.attr("vpcId") != vpc.ID {
			return fmt.Errorf("subnet %q is not in this VPC", id)
		}
		o := makeTableAssociation(c, awsID("rtbassoc", t.ID, id), table, subnet)
		o.Inputs = map[string]any{"routeTableId": t.ID, "subnetId": id}
		c.put(o)
	}
	for _, r := range t.Routes {
		target, ok := targetOf(r.Target)
		if _, isPrefix := parsePrefix(r.CIDR); !ok || !isPrefix {
			return fmt.Errorf("route %q to %q; write a cidr, and pcx-…, igw-…, nat-…, tgw-… or eni-…", r.CIDR, r.Target)
		}
		c.put(c.part(routeToken, c.who.region, routeID(t.ID, r.CIDR), "", map[string]any{"id": routeID(t.ID, r.CIDR), "routeTableId": t.ID,
			"destinationCidrBlock": r.CIDR, target: r.Target, "origin": "CreateRoute"}, table))
	}
	return nil
}

func targetOf(id string) (string, bool) {
	for prefix, key := range map[string]string{"pcx-": "vpcPeeringConnectionId", "igw-": "gatewayId", "vgw-": "gatewayId", "nat-": "natGatewayId",
		"tgw-": "transitGatewayId", "eni-": "networkInterfaceId"} {
		if strings.HasPrefix(id, prefix) {
			return key, true
		}
	}
	return "", false
}

func (n worldInterface) build(c *call, vpc *Object) error {
	subnet := c.aws(subnetToken, n.Subnet)
	if n.ID == "" || subnet == nil {
		return fmt.Errorf("subnet %q; write an id, and a subnet of this VPC", n.Subnet)
	}
	if _, err := c.allocate(subnet, n.Address, n.ID); err != nil || n.Address == "" {
		return fmt.Errorf("address %q is not free in the subnet", n.Address)
	}
	c.put(c.part(interfaceToken, c.who.region, n.ID, "", map[string]any{"id": n.ID, "privateIp": n.Address, "privateIps": list(n.Address), "subnetId": n.Subnet,
		"vpcId": vpc.ID, "ownerId": c.who.account, "availabilityZone": subnet.attr("availabilityZone"), "interfaceType": "interface", "description": "",
		"securityGroups": []any{}}, subnet))
	return nil
}

func (a awsWorld) buildZones(c *call) error {
	for _, z := range a.Zones {
		if z.ID == "" || z.Name == "" {
			return errors.New("a zone without id or name")
		}
		zone := makeZone(c, z.ID, domain(z.Name))
		c.put(zone)
		vpcs := []any{}
		for _, id := range z.VPCs {
			var vpc *Object
			for _, v := range c.everywhere(vpcToken, id) {
				if v.Account == a.Account && (vpc == nil || v.Region == a.Region) {
					vpc = v
				}
			}
			if vpc == nil {
				return fmt.Errorf("zone %q: vpc %q is not in account %s", z.ID, id, a.Account)
			}
			association, err := c.association(zone, vpc)
			if err != nil {
				return fmt.Errorf("zone %q: %w", z.ID, err)
			}
			c.put(association)
			vpcs = append(vpcs, map[string]any{"vpcId": id, "vpcRegion": vpc.Region})
		}
		zone.Inputs = map[string]any{"name": z.Name, "vpcs": vpcs, "comment": "", "forceDestroy": false}
	}
	return nil
}

func (a azureWorld) build(c *call) error {
	if a.Subscription == "" {
		return errors.New("write subscription")
	}
	for _, g := range a.ResourceGroups {
		if err := g.build(c); err != nil {
			return fmt.Errorf("resource group %q: %w", g.Name, err)
		}
	}
	return nil
}

// make runs the row of a type, so an existing object is judged and shaped as a created one.
func (c *call) make(token string, in map[string]any) (*Object, error) {
	for _, row := range azureRows() {
		if row.token != token {
			continue
		}
		k := &call{tx: c.tx, who: c.who, row: &row}
		k.in = k.complete(nil, in, nil)
		o, err := row.create(k)
		if err != nil {
			return nil, err
		}
		o.Inputs = k.in
		c.put(o)
		return o, nil
	}
	panic("sandbox: no type " + token + "; this is a bug in obslink")
}

func (g worldResourceGroup) build(c *call) error {
	if g.Name == "" {
		return errors.New("write name")
	}
	if _, err := c.make(groupTypeToken, map[string]any{"resourceGroupName": g.Name, "location": g.Location}); err != nil {
		return err
	}
	for _, n := range g.VirtualNetworks {
		_, err := c.make(networkToken, map[string]any{"resourceGroupName": g.Name, "virtualNetworkName": n.Name, "location": or(n.Location, g.Location),
			"addressSpace": map[string]any{"addressPrefixes": list(n.CIDRs...)}})
		if err != nil {
			return err
		}
		for _, s := range n.Subnets {
			o, err := c.make(vnetSubnetToken, map[string]any{"resourceGroupName": g.Name, "virtualNetworkName": n.Name, "subnetName": s.Name, "addressPrefix": s.CIDR})
			if err != nil {
				return err
			}
			c.put(o.with(map[string]any{"_used": s.UsedAddresses}))
		}
	}
	for _, w := range g.Workspaces {
		o, err := c.make(workspaceToken, map[string]any{"resourceGroupName": g.Name, "workspaceName": w.Name, "location": or(w.Location, g.Location)})
		if err != nil {
			return err
		}
		if w.CustomerID != "" {
			c.put(o.with(map[string]any{"customerId": w.CustomerID}))
		}
	}
	for _, z := range g.PrivateZones {
		if err := g.buildZone(c, z); err != nil {
			return fmt.Errorf("private zone %q: %w", z.Name, err)
		}
	}
	return nil
}

func (g worldResourceGroup) buildZone(c *call, z worldPrivate) error {
	_, err := c.make(privateZoneToken, map[string]any{"resourceGroupName": g.Name, "privateZoneName": z.Name, "location": "global"})
	if err != nil {
		return err
	}
	for _, l := range z.Links {
		id := l.Network
		if !strings.HasPrefix(id, "/") {
			id = armID(c.who.account, g.Name, networkType, id)
		}
		in := map[string]any{"resourceGroupName": g.Name, "privateZoneName": z.Name, "virtualNetworkLinkName": "link-" + baseOf(id), "location": "global",
			"virtualNetwork": map[string]any{"id": id}, "registrationEnabled": false}
		if l.ResolutionPolicy != "" {
			in["resolutionPolicy"] = l.ResolutionPolicy
		}
		if _, err := c.make(linkPolicyToken, in); err != nil {
			return err
		}
	}
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
