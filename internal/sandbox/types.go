package sandbox

import (
	"slices"
	"strings"
)

// resourceType is one row of the table of what can be created. Adding a type is adding a row; what the row does not
// list as an input is refused, because a setting that is silently ignored would make the sandbox say "fine" where a cloud would not.
type resourceType struct {
	token    string
	as       string // the type that objects are kept under, where two tokens are one kind of thing
	global   bool   // AWS: belongs to no region
	required []string
	inputs   []string       // optional ones that are simulated
	defaults map[string]any // what the provider itself fills in
	autoname string         // the input that the provider makes up from the logical name
	naming   naming
	replace  []string // changing one of these replaces the resource
	oneName  bool     // AWS: a name that the user chose can exist once only, so a replacement must delete first
	sets     []string // lists whose order means nothing
	hidden   []string // inputs that are not outputs
	computed []string // outputs that are known only once it exists
	volatile []string // computed outputs that an update may change

	missing string // AWS: the refusal for an id that is not there

	check   func(*call) []problem                                // what the provider itself refuses, before the cloud is asked
	id      func(*call) string                                   // Azure: the id follows from the inputs
	create  func(*call) (*Object, error)                         // judges and makes
	update  func(*call) (*Object, error)                         // nil: nothing but tags and the like can change
	remove  func(*call) error                                    // what must hold before, and what goes with it
	find    func(*call, string) *Object                          // where the id alone does not say it
	refresh func(*call, *Object) (in, attributes map[string]any) // what has become different since it was made
}

type naming int

const (
	keepLogical  naming = iota // the logical name as it is
	dashAndSeven               // pulumi-aws: "-" and seven hex digits
	eightHex                   // azure-native: eight hex digits
)

// problem is a failure of Check: a property and what is wrong with it.
type problem struct {
	property string
	err      error
}

func (r *resourceType) kind() string {
	if r.as != "" {
		return r.as
	}
	return r.token
}

func (r *resourceType) cloud() string { return cloudOf(r.token) }

func cloudOf(token string) string {
	if strings.HasPrefix(token, "aws:") {
		return "aws"
	}
	return "azure"
}

func (r *resourceType) accepts(input string) bool {
	return slices.Contains(r.required, input) || slices.Contains(r.inputs, input)
}

// function is one row of the table of look-ups.
type function struct {
	token    string
	required []string
	inputs   []string
	run      func(*call) (map[string]any, error)
}

// resourceTypes and functions are the whole of what the sandbox simulates.
func resourceTypes() []resourceType {
	return slices.Concat(awsNetworkTypes(), awsRouteTypes(), awsFilterTypes(), awsPeeringTypes(), awsTransitTypes(), awsVPNTypes(), awsEndpointTypes(), awsResolverTypes(), awsZoneTypes(), azureRows())
}

func azureRows() []resourceType {
	return slices.Concat(azureNetworkTypes(), azureTableTypes(), azureSecurityTypes(), azureEndpointTypes(), azureGatewayTypes(), azureResolverTypes(), azureZoneTypes(), azureRecordTypes(), azureMonitorTypes(), azureSourceTypes(), azurePrometheusTypes(), azureArcTypes(), azureMachineTypes(), azureCollectTypes())
}

func functions() []function {
	return slices.Concat(awsFunctions(), existingFunctions(), azureFunctions())
}

// call is one request of the engine on one resource: who asks (the connection's account and region), for what, with which inputs.
type call struct {
	*tx
	who  identity
	row  *resourceType
	urn  string
	name string         // logical
	in   map[string]any // without secret wrappers
	old  *Object        // update and delete
}

// identity is what Configure said on a connection.
type identity struct {
	cloud   string
	account string // AWS account or Azure subscription
	region  string // AWS
	// environment is the Azure cloud that the provider asks; empty where what is there already is built.
	environment string
}

func (c *call) str(key string) string { return str(c.in, key) }

// home is the region that a row's objects lie in.
func (c *call) home() string {
	if c.row.global {
		return "global"
	}
	return c.who.region
}

// unique gives the words from which this object's ids are drawn: the same for every run, different for each re-creation.
func (c *call) unique() []string {
	identity := strings.Join([]string{c.who.account, c.home(), c.row.kind(), c.urn}, "|")
	n := c.incarnation(identity)
	return []string{identity, itoa(n)}
}

// object starts the object that a create makes.
func (c *call) object(id, name string, attributes map[string]any, refs ...*Object) *Object {
	o := &Object{Cloud: c.row.cloud(), Account: c.who.account, Region: c.home(), Type: c.row.kind(), ID: id, Name: name,
		URN: c.urn, Attributes: attributes}
	o.Refs = keysOf(refs)
	return o
}

// part is something that a cloud makes by itself along with an object: a network interface, a main route table.
func (c *call) part(token, region, id, name string, attributes map[string]any, refs ...*Object) *Object {
	cloud := c.row.cloud()
	return &Object{Cloud: cloud, Account: c.who.account, Region: region, Type: token, ID: id, Name: name, Attributes: attributes, Refs: keysOf(refs)}
}

func keysOf(objects []*Object) []string {
	var out []string
	for _, o := range objects {
		if o != nil && !slices.Contains(out, o.key()) {
			out = append(out, o.key())
		}
	}
	return out
}

// locate finds the object that an id of this row's type means to this connection.
func (c *call) locate(id string) *Object {
	if c.row.find != nil {
		return c.row.find(c, id)
	}
	if c.row.cloud() == "azure" {
		if o := c.objects[azureKey(id)]; o != nil && o.Type == c.row.kind() {
			return o
		}
		return nil
	}
	return c.objects[awsKey(c.who.account, c.home(), c.row.kind(), id)]
}
