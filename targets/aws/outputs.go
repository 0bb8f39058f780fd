package aws

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

// EndpointOutputs turns the exports of the program, one list of subnet configurations an endpoint,
// into addresses. It answers for all endpoints or for none: an endpoint with a missing address is an
// error, since a hosts file made from the rest would look complete. Endpoints that were there before are
// looked up to have the addresses that are declared.
func EndpointOutputs(p *Parts, raw map[string]any) ([]plan.EndpointOutput, error) {
	outputs := make([]plan.EndpointOutput, 0, len(p.Endpoints))
	for _, e := range p.Endpoints {
		members, err := endpointMembers(raw[e.Name])
		if err != nil {
			return nil, fmt.Errorf("output %q: %w", e.Name, err)
		}
		if len(members) != len(e.Subnets) {
			return nil, fmt.Errorf("output %q: the endpoint has %d addresses, one for each of %d subnets was expected", e.Name, len(members), len(e.Subnets))
		}
		outputs = append(outputs, plan.EndpointOutput{Endpoint: e.Name, Addresses: members})
	}
	for _, e := range p.ExistingEndpoints {
		x := plan.EndpointOutput{Endpoint: e.Name}
		for _, a := range e.Addresses {
			x.Addresses = append(x.Addresses, plan.EndpointMember{Address: a})
		}
		outputs = append(outputs, x)
	}
	return outputs, nil
}

// endpointMembers reads [{ipv4, subnetId}…]. AWS gives them as a set, so they are put in order here.
func endpointMembers(raw any) ([]plan.EndpointMember, error) {
	configurations, ok := raw.([]any)
	if !ok {
		return nil, fmt.Errorf("a list of subnet configurations was expected, got %v", raw)
	}
	members := make([]plan.EndpointMember, 0, len(configurations))
	for i, configuration := range configurations {
		fields, _ := configuration.(map[string]any)
		text, _ := fields["ipv4"].(string)
		address, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("[%d].ipv4: %q is no address", i, text)
		}
		members = append(members, plan.EndpointMember{Address: address})
	}
	slices.SortFunc(members, func(a, b plan.EndpointMember) int { return a.Address.Compare(b.Address) })
	return members, nil
}
