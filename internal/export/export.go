// Package export writes what an on-prem server needs to find the private endpoints and to reach them: a hosts
// file block, a DNS server's configuration, or the site's end of its tunnel. A format is one file of this package and one line of the
// table below.
//
// A format takes over only the names that it lists: no parent, sibling or child of a name may
// resolve in another way because of it. It writes text and nothing else: no file, no clock, no look-up.
package export

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// Input is what a format writes: the names of one site, as plan.Resolve gives them.
type Input struct {
	Stack, Site string
	// Sandbox says that the addresses are those of the simulated clouds.
	Sandbox bool
	// Planned says that nothing was read from a cloud: the addresses are those that the plan pins.
	Planned    bool
	PlanDigest string
	Names      []plan.ResolvedName
	// Unknown are names without an address; a format lists them as comments.
	Unknown []plan.Unknown
	// ForwardTo is the network that answers the site's DNS server in place of records; empty where none
	// does. Forwards are then all that the server forwards.
	ForwardTo string
	Forwards  []plan.Forward
	// WireGuard is the site's tunnel; nil where it has none.
	WireGuard *WireGuard
}

// Format is one kind of file.
type Format struct {
	Name string
	// File is the customary name of the file.
	File  string
	About string // one line
	// Forwards says that the format writes forwarders, and no records, for a site that has some.
	Forwards bool
	// Tunnel says that the format writes the site's end of its tunnel and no names: nothing of it is known by
	// the cloud alone.
	Tunnel bool
	Write  func(io.Writer, Input) error
}

// Formats lists every format, in the order of their names.
func Formats() []Format {
	return []Format{hosts, unbound, wireGuard}
}

// Find returns the format of that name.
func Find(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// head is the comment that every file starts with, one line a string.
func head(in Input) []string {
	lines := []string{
		fmt.Sprintf("Written by obslink for stack %q, site %q. Changes made here are lost.", in.Stack, in.Site),
		"plan " + in.PlanDigest,
	}
	if in.ForwardTo != "" {
		lines = append(lines, fmt.Sprintf("The site's DNS server forwards to network %q (sites.%s.dns.forwardTo).", in.ForwardTo, in.Site))
	}
	if in.Planned {
		lines = append(lines, "PLANNED: these are the addresses that the plan fixes; nothing was asked of the cloud.")
	}
	if in.Sandbox {
		lines = append(lines, "SANDBOX: these addresses are of the simulated clouds and lead nowhere.")
	}
	return lines
}

// unknownLines says which names are left out and why, one comment a string.
func unknownLines(unknown []plan.Unknown) []string {
	lines := make([]string, 0, len(unknown)+1)
	for _, u := range unknown {
		lines = append(lines, u.FQDN+": "+u.Why)
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	if len(lines) > 0 {
		lines = slices.Insert(lines, 0, "These names have no address yet and still resolve in public DNS:")
	}
	return lines
}

// comments writes each text as a comment; a line break in a text cannot end the comment.
func comments(b *strings.Builder, texts []string) {
	for _, text := range texts {
		b.WriteString("# " + strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), " ") + "\n")
	}
}

// answer is one name and the addresses it must resolve to, sorted.
type answer struct {
	name      string
	addresses []netip.Addr
}

// answers lists the names once each, sorted. A name that two endpoints answer has the addresses of
// both. Names below privatelink are left out: clients never ask for them, since no certificate
// carries them (MicrosoftDocs/azure-docs#43475).
func answers(in Input) ([]answer, error) {
	by := map[string][]netip.Addr{}
	for _, n := range in.Names {
		name := strings.ToLower(strings.TrimSuffix(n.FQDN, "."))
		if err := checkName(name); err != nil {
			return nil, err
		}
		if slices.Contains(strings.Split(name, "."), "privatelink") {
			continue
		}
		if len(n.Addresses) == 0 {
			return nil, fmt.Errorf("%q has no address", name)
		}
		for _, a := range n.Addresses {
			if !a.IsValid() || a.Zone() != "" {
				return nil, fmt.Errorf("%q has an address that DNS cannot answer: %q", name, a)
			}
			by[name] = append(by[name], a.Unmap())
		}
	}
	all := make([]answer, 0, len(by))
	for name, addresses := range by {
		slices.SortFunc(addresses, netip.Addr.Compare)
		all = append(all, answer{name, slices.Compact(addresses)})
	}
	slices.SortFunc(all, func(a, b answer) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

// checkName refuses what is not a host name: a name can come from a cloud's answer, and anything
// else could end a line or a string of the file that it is written to.
func checkName(name string) error {
	if len(name) > 253 {
		return fmt.Errorf("%.40q… is too long for a host name", name)
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notInLabel) {
			return fmt.Errorf("%q is not a host name", name)
		}
	}
	return nil
}

func notInLabel(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
}
