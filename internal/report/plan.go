package report

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/obslink/obslink/compiler/plan"
)

// Plan prints what a plan builds: networks, connections, and each name with its address.
func Plan(w io.Writer, p *plan.Plan, style Style) {
	fmt.Fprintf(w, "%s: environment %q, plan %s\n\n", style.Paint(Bold, p.Stack), p.Environment, shortDigest(p.Digest()))
	nodes := newTable(w, "network or site", "CIDRs", "", "joined by")
	for _, n := range p.Graph.Networks {
		state := "created"
		if n.Existing() {
			state = "existing"
		}
		nodes.AppendRow(table.Row{n.Name, cidrs(n.CIDRs), state, joinedBy(p, n.Name)})
	}
	for _, s := range p.Graph.Sites {
		nodes.AppendRow(table.Row{s.Name, cidrs(s.CIDRs), "site", joinedBy(p, s.Name)})
	}
	nodes.Render()
	fmt.Fprintln(w)
	if len(p.Links) > 0 {
		links := newTable(w, "link", "mechanism", "why")
		for _, l := range p.Links {
			links.AppendRow(table.Row{whose(l.From, l.Clients) + " to " + l.To, l.Mechanism + " in " + l.Network, l.Why})
		}
		links.Render()
		fmt.Fprintln(w)
	}
	Names(w, p, nil)
	Needs(w, p, style)
}

// Needs prints what a person sees to before the plan is built, behind an empty line.
func Needs(w io.Writer, p *plan.Plan, style Style) {
	if len(p.Prerequisites) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", style.Paint(Bold, "needs"))
	for _, n := range p.Prerequisites {
		fmt.Fprintf(w, "  %s\n", n.Text)
	}
}

// whose names a client, with the groups of servers that alone are meant.
func whose(client string, groups []string) string {
	if len(groups) == 0 {
		return client
	}
	return client + " (" + strings.Join(groups, ", ") + ")"
}

// Names prints every name with its address and the clients that use it.
func Names(w io.Writer, p *plan.Plan, outputs *plan.Outputs) {
	names, unknown := plan.Resolve(p, outputs, "", nil)
	clients := map[string][]string{}
	for _, n := range p.Names {
		for _, client := range n.Clients {
			if who := whose(client, n.Groups[client]); !slices.Contains(clients[n.Endpoint], who) {
				clients[n.Endpoint] = append(clients[n.Endpoint], who)
			}
		}
	}
	t := newTable(w, "name", "address", "endpoint", "for")
	for _, n := range names {
		t.AppendRow(table.Row{n.FQDN, addresses(n.Addresses), n.Endpoint, strings.Join(clients[n.Endpoint], " ")})
	}
	for _, u := range unknown {
		t.AppendRow(table.Row{u.FQDN, "known after up", u.Endpoint, strings.Join(clients[u.Endpoint], " ")})
	}
	t.Render()
	if outputs != nil {
		pending(w, outputs)
	}
}

// pending names the endpoints that the owner of their service has not approved.
func pending(w io.Writer, outputs *plan.Outputs) {
	for _, e := range outputs.Endpoints {
		if e.State != "" && e.State != "Approved" {
			fmt.Fprintf(w, "\n%s: %s: nobody answers until the owner of the service approves the connection\n", e.Endpoint, e.State)
		}
	}
}

// newTable is a table without borders, as command-line tools print them.
func newTable(w io.Writer, header ...string) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = 0
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	t.SetStyle(style)
	row := make(table.Row, len(header))
	for i, h := range header {
		row[i] = h
	}
	t.AppendHeader(row)
	t.SuppressTrailingSpaces()
	return t
}

func joinedBy(p *plan.Plan, node string) string {
	var joined []string
	for _, c := range p.Graph.Connections {
		switch node {
		case c.A.Node:
			joined = append(joined, c.Kind+" to "+c.B.Node)
		case c.B.Node:
			joined = append(joined, c.Kind+" from "+c.A.Node)
		}
	}
	slices.Sort(joined)
	return strings.Join(joined, ", ")
}

func cidrs(prefixes []netip.Prefix) string {
	s := make([]string, len(prefixes))
	for i, p := range prefixes {
		s[i] = p.String()
	}
	return strings.Join(s, " ")
}

func addresses(all []netip.Addr) string {
	s := make([]string, len(all))
	for i, a := range all {
		s[i] = a.String()
	}
	return strings.Join(s, " ")
}

// shortDigest is enough of a digest to tell two plans apart by eye.
func shortDigest(digest string) string {
	_, sum, _ := strings.Cut(digest, ":")
	return sum[:min(12, len(sum))]
}
