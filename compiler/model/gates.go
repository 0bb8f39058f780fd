package model

import (
	"cmp"
	"fmt"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
)

// culprit is the rule that dropped the packet, else the filter that lacks one, else who has the
// filter.
func (v *verdict) culprit(owner plan.Origin) plan.Origin {
	if v.denied != nil {
		return v.denied.Origin
	}
	if v.filter != nil && v.filter.Origin != (plan.Origin{}) {
		return v.filter.Origin
	}
	return owner
}

// does says what the filter does: it drops by a rule, or has no rule that passes.
func (v *verdict) does() string {
	switch {
	case v.filter == nil:
		return "is not known and so does not pass"
	case v.denied != nil:
		return "has a rule that drops"
	default:
		return "does not pass"
	}
}

func portNames(ports [2]int) string {
	if ports[0] == ports[1] {
		return fmt.Sprintf("port %d", ports[0])
	}
	return fmt.Sprintf("ports %d-%d", ports[0], ports[1])
}

// filterOut says that the client's own filter keeps it in.
func (w *walk) filterOut(v *verdict, n *network, group *plan.Client) *Break {
	b := &Break{
		Reason: FilterOut, Culprit: v.culprit(group.Origin),
		Text: fmt.Sprintf("the egress of client %q of network %q %s %s %s", group.Name, n.Name, v.does(), w.span(v.peer), portNames(v.ports)),
		Mend: fmt.Sprintf("add %q %s to networks.%s.clients.%s.egress", w.span(v.peer), portNames(v.ports), n.Name, group.Name),
	}
	if group.SecurityGroup != "" {
		b.Mend += fmt.Sprintf(", or name it in the link (clients: %s: {}), and obslink adds the rule", diag.Label(group.Name))
	}
	return b
}

// filterIn says that what stands before the server keeps the client out.
func (w *walk) filterIn(v *verdict, server plan.Origin) *Break {
	return &Break{
		Reason: FilterIn, Culprit: v.culprit(server),
		Text: fmt.Sprintf("filter %q before %s %s %s to %s", v.name, w.to.Name, v.does(), w.span(v.peer), portNames(v.ports)),
		Mend: fmt.Sprintf("let %s in to %s in %q", w.span(v.peer), portNames(v.ports), v.name),
	}
}

// subnetFilter is filterIn and filterOut for a filter that a subnet gives each of its hosts.
func (w *walk) subnetFilter(r Reason, v *verdict, n *network, s *plan.Subnet) *Break {
	way := "from"
	if !v.ingress {
		way = "to"
	}
	return &Break{
		Reason: r, Culprit: v.culprit(s.Origin),
		Text: fmt.Sprintf("filter %q of subnet %q of network %q %s what goes %s %s on %s", v.name, s.Name, n.Name, v.does(), way, w.span(v.peer), portNames(v.ports)),
		Mend: fmt.Sprintf("let %s %s pass in networks.%s.subnets.%s.networkACL", w.span(v.peer), portNames(v.ports), n.Name, s.Name),
	}
}

// acl says that a subnet's edge drops a packet. Answers need the whole range of ports that a client
// may ask from.
func (w *walk) acl(r Reason, v *verdict, n *network, s *plan.Subnet) *Break {
	way, field := "out to", "egress"
	if v.ingress {
		way, field = "in from", "ingress"
	}
	what := cmp.Or(map[Reason]string{ACLBackOut: "answers ", ACLBackIn: "answers "}[r], "")
	return &Break{
		Reason: r, Culprit: v.culprit(s.Origin),
		Text: fmt.Sprintf("the network ACL of subnet %q of network %q %s %s%s %s on %s", s.Name, n.Name, v.does(), what, way, w.span(v.peer), portNames(v.ports)),
		Mend: fmt.Sprintf("let %s %s pass in networks.%s.subnets.%s.networkACL.%s", w.span(v.peer), portNames(v.ports), n.Name, s.Name, field),
	}
}

// edge is the assumption that what stands before the servers of an existing network, which nobody
// declared, passes the connection.
func (w *walk) edge(n *network) Assumption {
	return Assumption{
		Text:    fmt.Sprintf("the security groups and network ACLs of existing network %q let its servers out to %d and the answers in", n.Name, w.port),
		Origin:  n.Origin,
		Declare: fmt.Sprintf("declare the servers in networks.%s.clients with their egress, and their subnets' networkACL", n.Name),
	}
}
