package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/obslink/obslink/schema"
)

// world is what exists before obslink creates anything: the parts of real clouds that a topology calls existing.
type world struct {
	Version int          `json:"version"`
	AWS     []awsWorld   `json:"aws"`
	Azure   []azureWorld `json:"azure"`
	// Organization are the AWS accounts of one organization, in which sharing needs no invitation.
	Organization []string `json:"organization"`
	// Quotas are those of AWS that were raised, by their keys in schema/catalogue/aws_limits.json.
	Quotas map[string]int `json:"quotas"`
}

type awsWorld struct {
	Account          string         `json:"account"`
	Region           string         `json:"region"`
	VPCs             []worldVPC     `json:"vpcs"`
	TransitGateways  []worldGateway `json:"transitGateways"`
	Peerings         []worldPeering `json:"peerings"`
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
	Endpoints         []worldEndpoint  `json:"endpoints"`
	VPNGateway        *worldVPNGateway `json:"vpnGateway"`
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
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Ingress []string `json:"ingress"` // prefixes that reach port 443
	Egress  []string `json:"egress"`  // prefixes whose port 443 is reached
}

type worldInterface struct {
	ID      string `json:"id"`
	Subnet  string `json:"subnet"`
	Address string `json:"address"`
	// SourceDestCheck is on if left out, as AWS makes them.
	SourceDestCheck *bool    `json:"sourceDestCheck"`
	SecurityGroups  []string `json:"securityGroups"`
}

type worldVPNGateway struct {
	ID  string `json:"id"`
	ASN int    `json:"asn"` // 64512 if left out
}

type worldZone struct {
	ID   string   `json:"id"`
	Name string   `json:"name"`
	VPCs []string `json:"vpcs"`
	// Shared are VPCs of other accounts that see it.
	Shared []string `json:"shared"`
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
	Name            string               `json:"name"`
	Location        string               `json:"location"`
	VirtualNetworks []worldNetwork       `json:"virtualNetworks"`
	SecurityGroups  []worldNetworkFilter `json:"securityGroups"`
	Workspaces      []worldWorkspace     `json:"workspaces"`
	ArcScopes       []worldArcScope      `json:"arcScopes"`
	MonitorScopes   []worldScope         `json:"monitorScopes"`
	// Components and DataCollectionEndpoints have a stamp and a host of the sandbox's choice if left out.
	Components              []worldMonitored `json:"components"`
	DataCollectionEndpoints []worldMonitored `json:"dataCollectionEndpoints"`
	PrometheusWorkspaces    []worldMonitored `json:"prometheusWorkspaces"`
	PrivateZones            []worldPrivate   `json:"privateZones"`
	Machines                []worldMachine   `json:"machines"`
	// VPNGateways are route-based, each in the GatewaySubnet of its network.
	VPNGateways []worldVNetGateway `json:"vpnGateways"`
}

// worldVNetGateway is a VPN gateway of a network of the same resource group.
type worldVNetGateway struct {
	Name    string `json:"name"`
	Network string `json:"network"`
	BGP     bool   `json:"bgp"`
	ASN     int    `json:"asn"` // 65515 if left out
}

// worldMachine is a server that is connected to Arc.
type worldMachine struct {
	Name     string `json:"name"`
	Location string `json:"location"` // the group's if left out
	OS       string `json:"os"`
}

type worldScope struct {
	Name      string `json:"name"`
	Ingestion string `json:"ingestion"` // Open or PrivateOnly, as query
	Query     string `json:"query"`
}

type worldArcScope struct {
	Name     string `json:"name"`
	Location string `json:"location"` // the group's if left out
}

type worldNetwork struct {
	Name     string            `json:"name"`
	Location string            `json:"location"` // the group's if left out
	CIDRs    []string          `json:"cidrs"`
	Subnets  []worldVnetSubnet `json:"subnets"`
	// NetworkInterfaces are those of VMs.
	NetworkInterfaces []worldNIC `json:"networkInterfaces"`
	// Peerings are its halves of peerings; the other network has the other half.
	Peerings []worldHalf `json:"peerings"`
}

// worldNIC is the network interface of a VM in a subnet of its network, in the network's resource group.
type worldNIC struct {
	Name          string `json:"name"`
	Subnet        string `json:"subnet"`
	Address       string `json:"address"`
	IPForwarding  bool   `json:"ipForwarding"`
	SecurityGroup string `json:"securityGroup"` // of the same resource group
}

// worldNetworkFilter is a network security group.
type worldNetworkFilter struct {
	Name  string              `json:"name"`
	Rules []worldSecurityRule `json:"rules"`
}

// worldSecurityRule is a rule for what comes in; what is left out is "*", for TCP and UDP.
type worldSecurityRule struct {
	Name     string `json:"name"`
	Priority int    `json:"priority"`
	Deny     bool   `json:"deny"`
	Protocol string `json:"protocol"`
	From     string `json:"from"`
	Ports    string `json:"ports"`
}

// worldHalf is the half of a peering with another network: one of the same resource group by its name, or any
// by its id.
type worldHalf struct {
	Name    string   `json:"name"`
	Network string   `json:"network"`
	CIDRs   []string `json:"cidrs"` // the other network's when the half was synced; as they are if left out
	Closed  bool     `json:"closed"`
	Offers  bool     `json:"offersGateway"`
	Uses    bool     `json:"usesGateway"`
}

type worldVnetSubnet struct {
	Name          string `json:"name"`
	CIDR          string `json:"cidr"`
	UsedAddresses int    `json:"usedAddresses"` // this many, from the lowest on, are taken
	Delegation    string `json:"delegation"`    // to a service, such as Microsoft.Network/dnsResolvers
	SecurityGroup string `json:"securityGroup"` // of the same resource group
}

type worldWorkspace struct {
	Name       string `json:"name"`
	Location   string `json:"location"`
	CustomerID string `json:"customerId"`
	// Tables are its own, for lines of text: their names end in _CL.
	Tables []string `json:"tables"`
}

// worldMonitored is an Application Insights component or a data collection endpoint. Host is a component's
// stamp, such as japaneast-1, or what the hosts of an endpoint begin with, such as dce-a1b2.japaneast-1.
type worldMonitored struct {
	Name      string `json:"name"`
	Location  string `json:"location"`
	Host      string `json:"host"`
	Workspace string `json:"workspace"` // of a component: its name in the same resource group
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
	for _, key := range sortedKeys(w.Quotas) {
		if _, known := schema.AWS().Quotas[key]; !known {
			return nil, fmt.Errorf("the world file is wrong: no quota is called %q; write one of %s", key, strings.Join(sortedKeys(schema.AWS().Quotas), ", "))
		}
	}
	if _, err := w.objects(); err != nil {
		return nil, fmt.Errorf("the world file is wrong: %w", err)
	}
	return w, nil
}

// exist puts the world into the database, in place of what an older world.json had put there.
func (d *db) exist(w *world) {
	d.raised, d.organization = w.Quotas, w.Organization
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
		c := &call{tx: t, who: identity{cloud: "aws", account: a.Account, region: a.Region}, row: &resourceType{token: vpcToken}, in: map[string]any{}}
		if err := a.build(c); err != nil {
			return nil, fmt.Errorf("aws[%d]: %w", i, err)
		}
	}
	for i, a := range w.AWS { // after all VPCs and services
		c := &call{tx: t, who: identity{cloud: "aws", account: a.Account, region: a.Region}, row: &resourceType{token: vpcToken}, in: map[string]any{}}
		if err := a.buildExisting(c); err != nil {
			return nil, fmt.Errorf("aws[%d]: %w", i, err)
		}
	}
	for i, a := range w.AWS { // after all VPCs, as a zone spans regions
		c := &call{tx: t, who: identity{cloud: "aws", account: a.Account, region: a.Region}, row: &resourceType{token: zoneToken, global: true}}
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
	for i, a := range w.Azure { // after all virtual networks
		c := &call{tx: t, who: identity{cloud: "azure", account: a.Subscription}}
		if err := a.buildPeerings(c); err != nil {
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

// quota is how many of a thing there may be.
func (d *db) quota(key string) int {
	if n, ok := d.raised[key]; ok {
		return n
	}
	return schema.AWS().Quotas[key].Default
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
