package azure

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// EndpointOutputs turns the exports of the program, one list of IP configurations an endpoint's
// network interface, into addresses and the public names that each answers. It answers for all
// endpoints or for none: a hosts file made from a part would look complete.
func EndpointOutputs(p *Parts, raw map[string]any) ([]plan.EndpointOutput, error) {
	outputs := make([]plan.EndpointOutput, 0, len(p.PrivateEndpoints))
	for _, e := range p.PrivateEndpoints {
		members, err := endpointMembers(raw[e.Name], e.Alias == "")
		if err != nil {
			return nil, fmt.Errorf("output %q: %w", e.Name, err)
		}
		if len(members) == 0 {
			return nil, fmt.Errorf("output %q: the endpoint has no address", e.Name)
		}
		state := ""
		if e.Alias != "" {
			if state, err = connectionState(raw[ConnectionOutput(e.Name)]); err != nil {
				return nil, fmt.Errorf("output %q: %w", ConnectionOutput(e.Name), err)
			}
		}
		outputs = append(outputs, plan.EndpointOutput{Endpoint: e.Name, Addresses: members, State: state})
	}
	return outputs, nil
}

// ConnectionOutput is the name of the export that holds an endpoint's connection to a service of others.
func ConnectionOutput(endpoint string) string { return endpoint + "_connection" }

// connectionState reads [{privateLinkServiceConnectionState: {status}}].
func connectionState(raw any) (string, error) {
	connections, _ := raw.([]any)
	if len(connections) != 1 {
		return "", fmt.Errorf("one connection was expected, got %v", raw)
	}
	fields, _ := connections[0].(map[string]any)
	state, _ := fields["privateLinkServiceConnectionState"].(map[string]any)
	status, _ := state["status"].(string)
	if status == "" {
		return "", fmt.Errorf("the connection has no state")
	}
	return status, nil
}

// Values are what only the deployed resources know of their names, by ${…} reference: the stamps of
// components and the hosts of data collection endpoints.
func Values(p *Parts, raw map[string]any) (map[string]string, error) {
	values := map[string]string{}
	read := func(kind, part string, host string, err error) error {
		if err != nil {
			return fmt.Errorf("output %q: %w", part, err)
		}
		values[strings.TrimSuffix(strings.TrimPrefix(unknownHost(kind, part), "${"), "}")] = host
		return nil
	}
	for _, c := range p.Components {
		text, _ := raw[c.Name].(string)
		stamp, err := StampOf(text)
		if err := read(kindComponent, c.Name, stamp, err); err != nil {
			return nil, err
		}
	}
	for _, e := range p.DataCollectionEndpoints {
		fields, _ := raw[e.Name].(map[string]any)
		text, _ := fields["endpoint"].(string)
		host, err := CollectorHost(text)
		if err := read(kindCollector, e.Name, host, err); err != nil {
			return nil, err
		}
	}
	for _, w := range p.PrometheusWorkspaces {
		fields, _ := raw[w.Name].(map[string]any)
		text, _ := fields["prometheusQueryEndpoint"].(string)
		host, err := QueryHost(text, w.Location)
		if err := read(kindPrometheus, w.Name, host, err); err != nil {
			return nil, err
		}
	}
	return values, remoteWrites(p, raw, values)
}

// remoteWriteVersion is the one of the API that takes Prometheus metrics in (prometheus-remote-write, 2025).
const remoteWriteVersion = "2023-04-24"

// remoteWrites adds the URLs that Prometheus writes to: rule.remoteWrite.
func remoteWrites(p *Parts, raw map[string]any, values map[string]string) error {
	for _, d := range p.DataCollectionRules {
		if d.Forwarder == "" {
			continue
		}
		id, _ := raw[d.Name].(string)
		host := values[d.Endpoint.Part+".host"]
		for _, m := range p.ExistingMonitored {
			if m.Kind == kindCollector && strings.EqualFold(m.ResourceGroup+"/providers/"+armKinds[kindCollector]+"/"+m.Name, afterGroup(d.Endpoint.Existing)) {
				host = m.Host
			}
		}
		if id == "" || host == "" {
			return fmt.Errorf("output %q: the rule's immutable id was expected, got %v", d.Name, raw[d.Name])
		}
		values[d.Name+".remoteWrite"] = "https://" + host + ".metrics." + domainIn(collectorDomains, schema.AzurePublic) + "/dataCollectionRules/" + id +
			"/streams/" + streamPrometheus + "/api/v1/write?api-version=" + remoteWriteVersion
	}
	return nil
}

// afterGroup is the part of an ARM id that begins with its resource group's name.
func afterGroup(id string) string {
	if steps := strings.SplitN(id, "/", 5); len(steps) == 5 {
		return steps[4]
	}
	return ""
}

// endpointMembers reads [{privateIPAddress, privateLinkConnectionProperties: {fqdns}}…].
func endpointMembers(raw any, named bool) ([]plan.EndpointMember, error) {
	configurations, ok := raw.([]any)
	if !ok {
		return nil, fmt.Errorf("a list of IP configurations was expected, got %v", raw)
	}
	members := make([]plan.EndpointMember, 0, len(configurations))
	for i, configuration := range configurations {
		fields, _ := configuration.(map[string]any)
		text, _ := fields["privateIPAddress"].(string)
		address, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("[%d].privateIPAddress: %q is no address", i, text)
		}
		var names []string
		member := ""
		if named {
			properties, _ := fields["privateLinkConnectionProperties"].(map[string]any)
			member, _ = properties["requiredMemberName"].(string)
			if names, err = publicNames(fields["privateLinkConnectionProperties"]); err != nil {
				return nil, fmt.Errorf("[%d].privateLinkConnectionProperties: %w", i, err)
			}
		}
		members = append(members, plan.EndpointMember{Address: address, FQDNs: names, Member: member})
	}
	slices.SortFunc(members, func(a, b plan.EndpointMember) int {
		return cmp.Or(a.Address.Compare(b.Address), slices.Compare(a.FQDNs, b.FQDNs))
	})
	return members, nil
}

// publicNames are the names of a member as clients ask for them. Azure says the public ones; a private
// zone's name differs by one label, which is taken out should it be there: a certificate never bears it.
func publicNames(raw any) ([]string, error) {
	properties, _ := raw.(map[string]any)
	fqdns, ok := properties["fqdns"].([]any)
	if !ok || len(fqdns) == 0 {
		return nil, fmt.Errorf("a list of fqdns was expected, got %v", raw)
	}
	var names []string
	for _, fqdn := range fqdns {
		name, _ := fqdn.(string)
		name = strings.ToLower(strings.TrimSuffix(name, "."))
		if name == "" {
			return nil, fmt.Errorf("%v is no name", fqdn)
		}
		names = append(names, withoutLabel(name, "privatelink"))
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func withoutLabel(name, label string) string {
	labels := strings.Split(name, ".")
	return strings.Join(slices.DeleteFunc(labels, func(l string) bool { return l == label }), ".")
}
