package truth

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// What a client hears of a name.
const (
	private  = "private"
	public   = "public"
	nxdomain = "nxdomain"
	silence  = "timeout"
)

var kinds = map[model.Kind]string{model.Private: private, model.Public: public, model.NoSuchName: nxdomain, model.Unreachable: silence}

// Prediction is what the model says of a pair.
type Prediction struct {
	DNS       string
	Addresses []netip.Addr
	// Reached are the addresses that answer on 443, and Endpoint whose they are. Where the cloud
	// chooses an endpoint's address, neither list holds it, and Connected alone counts.
	Reached   []netip.Addr
	Endpoint  string
	Connected bool
	// Reason is why the client does not get the name's endpoint; empty where it does.
	Reason model.Reason
	Trace  string
}

// Oracle predicts the pairs of one world.
type Oracle struct {
	graph *plan.Graph
	names []plan.Name
	model *model.Model
}

// NewOracle asks the model about a graph.
func NewOracle(g *plan.Graph, names []plan.Name) *Oracle {
	return &Oracle{g, names, model.New(g, names)}
}

// Predict predicts one pair.
func (o *Oracle) Predict(pair Pair) Prediction {
	h := model.Host{Node: pair.Host.Node, Address: pair.Host.Address}
	a := o.model.Resolve(h, pair.FQDN)
	p := Prediction{DNS: kinds[a.Kind], Addresses: sorted(a.Addresses)}
	var trace strings.Builder
	for _, s := range a.Steps {
		fmt.Fprintf(&trace, "  %s\n", s.Text)
	}
	wanted := o.name(pair)
	if wanted != nil {
		if b := o.model.Expect(h, wanted, pair.FQDN, a); b != nil {
			p.Reason = b.Reason
			fmt.Fprintf(&trace, "  %s: %s\n", b.Reason, b.Text)
		}
	}
	if a.Kind == model.Private {
		o.connect(h, a, &p, &trace)
	}
	p.Trace = trace.String()
	return p
}

// name is the name that a pair asks for: of two backends' the one that the host is a client of.
func (o *Oracle) name(pair Pair) *plan.Name {
	var found *plan.Name
	for i := range o.names {
		n := &o.names[i]
		if n.FQDN != pair.FQDN && !slices.Contains(n.Aliases, pair.FQDN) {
			continue
		}
		if slices.Contains(n.Clients, pair.Host.Node) {
			return n
		}
		if found == nil {
			found = n
		}
	}
	return found
}

// connect tries every address of an answer.
func (o *Oracle) connect(h model.Host, a model.Answer, p *Prediction, trace *strings.Builder) {
	try := func(s model.Server) bool {
		path := o.model.Connect(h, s, 443)
		for _, step := range slices.Concat(path.Out, path.Back) {
			fmt.Fprintf(trace, "  %s: %s\n", s.Address, step.Text)
		}
		for _, assumed := range path.Assumptions {
			fmt.Fprintf(trace, "  %s: assumed: %s\n", s.Address, assumed.Text)
		}
		if path.Break == nil {
			p.Connected, p.Endpoint = true, s.Name
			return true
		}
		fmt.Fprintf(trace, "  %s: %s: %s\n", s.Address, path.Break.Reason, path.Break.Text)
		if p.Reason == "" {
			p.Reason = path.Break.Reason
		}
		return false
	}
	if len(a.Addresses) == 0 {
		if s, ok := o.somewhere(a.Endpoint); ok {
			try(s)
		}
		return
	}
	for _, address := range p.Addresses {
		s, ok := o.server(a.Endpoint, address)
		if ok && try(s) {
			p.Reached = append(p.Reached, address)
		}
	}
	if p.Connected && p.Reason != model.WrongEndpoint {
		p.Reason = ""
	}
}

// server is the endpoint at an address; name is "" where the record holds addresses alone.
func (o *Oracle) server(name string, address netip.Addr) (model.Server, bool) {
	if name == "" {
		for _, e := range o.graph.Endpoints {
			if slices.Contains(e.Addresses, address) {
				name = e.Name
			}
		}
	}
	return o.model.Endpoint(name, address)
}

// somewhere stands for an address that the cloud will choose in the endpoint's subnet.
func (o *Oracle) somewhere(endpoint string) (model.Server, bool) {
	for _, e := range o.graph.Endpoints {
		for _, n := range o.graph.Networks {
			for _, s := range n.Subnets {
				if e.Name == endpoint && n.Name == e.Network && s.Name == e.Subnet {
					address := s.CIDR.Masked().Addr()
					for range 4 {
						address = address.Next()
					}
					return o.model.Endpoint(endpoint, address)
				}
			}
		}
	}
	return model.Server{}, false
}

func sorted(all []netip.Addr) []netip.Addr {
	s := slices.Clone(all)
	slices.SortFunc(s, netip.Addr.Compare)
	return slices.Compact(s)
}
