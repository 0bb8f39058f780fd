package capture

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// httpsPort is where what is asked for is reached.
const httpsPort = 443

// outcome is what some servers get when they ask for a name.
type outcome struct {
	text, through, why, backend string
	exclusive                   bool
}

// ask asks the plan a question.
func (v *view) ask(q question) outcome {
	n := v.networks[q.node]
	if (n == nil || len(n.CIDRs) == 0) && v.sites[q.node] == nil {
		return outcome{text: "not there yet", through: Unknown}
	}
	host := model.Host{Node: q.node, Address: q.host, Client: q.client}
	a := v.model.Resolve(host, q.name)
	switch a.Kind {
	case model.Public:
		// What is public is reached as it was before: obslink neither opens nor closes that way.
		return outcome{text: "a public address", through: Yes}
	case model.NoSuchName:
		return outcome{text: "no such name (NXDOMAIN)", through: No, why: "the private zone does not hold it"}
	case model.Unreachable:
		return outcome{text: "no answer", through: No, why: a.Break.Text}
	case model.Private:
		return v.private(q, host, a)
	}
	panic("an answer of kind " + string(a.Kind) + " is not known; this is a bug in obslink")
}

// private is the outcome where a private address answers.
func (v *view) private(q question, host model.Host, a model.Answer) outcome {
	o := outcome{text: told(a), through: Yes}
	e := v.ends[a.Endpoint]
	if e == nil {
		return o // a record of an existing zone, which leads where it always led
	}
	for _, n := range v.names[e.Name] {
		o.backend = n.Backend
		if n.FQDN == q.name || slices.Contains(n.Aliases, q.name) || n.Canonical == a.Name {
			o.exclusive = n.Exclusive
			break
		}
	}
	if q.who == Others {
		o.through = Unknown
		return o
	}
	for _, address := range v.addresses(e) {
		server, _ := v.model.Endpoint(e.Name, address)
		if broken, _ := v.model.Reaches(host, server, httpsPort); broken != nil {
			o.through, o.why = No, broken.Text
			break
		}
	}
	return o
}

// addresses are those of an endpoint, or one of its subnet's where the cloud chooses.
func (v *view) addresses(e *plan.Endpoint) []netip.Addr {
	if len(e.Addresses) > 0 {
		return e.Addresses
	}
	for _, s := range v.networks[e.Network].Subnets {
		if s.Name == e.Subnet {
			return []netip.Addr{inside(s.CIDR)}
		}
	}
	return nil
}

// told is a private answer in words.
func told(a model.Answer) string {
	addresses := make([]string, len(a.Addresses))
	for i, address := range a.Addresses {
		addresses[i] = address.String()
	}
	at := strings.Join(addresses, " ")
	switch {
	case a.Endpoint == "":
		return at
	case at == "":
		return a.Endpoint
	default:
		return a.Endpoint + " " + at
	}
}
