package export

import (
	"cmp"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
)

var hosts = Format{
	Name: "hosts", File: "hosts",
	About: "a block for /etc/hosts; each name with and without its final dot",
	Write: writeHosts,
}

// HostsMarkers are the first and last line of a stack's block in a hosts file. What stands outside
// of them is not obslink's.
func HostsMarkers(stack, site string) (begin, end string) {
	return fmt.Sprintf("# BEGIN obslink %s %s", stack, site), fmt.Sprintf("# END obslink %s %s", stack, site)
}

// writeHosts writes one line for each name and address. The Datadog Agent from 7.67 on asks for
// names with a final dot, and glibc matches a name of a hosts file only as it is written there
// (measured with glibc 2.36), so each line has both. A hosts file does not follow CNAMEs, so every
// alias has its own line, and it knows no wildcard.
func writeHosts(w io.Writer, in Input) error {
	all, err := answers(in)
	if err != nil {
		return err
	}
	begin, end := HostsMarkers(in.Stack, in.Site)
	if strings.ContainsAny(begin, "\r\n") {
		return fmt.Errorf("stack %q or site %q cannot be named in a hosts file", in.Stack, in.Site)
	}
	var b strings.Builder
	b.WriteString(begin + "\n")
	comments(&b, head(in))
	if in.ForwardTo != "" {
		comments(&b, []string{"Hosts that ask it need none of these lines: they are for hosts that do not, and go stale when an address changes."})
	}
	for _, l := range hostsLines(all) {
		fmt.Fprintf(&b, "%s %s %s.\n", l.address, l.name, l.name)
	}
	comments(&b, unknownLines(in.Unknown))
	b.WriteString(end + "\n")
	_, err = io.WriteString(w, b.String())
	return err
}

type hostsLine struct {
	address netip.Addr
	name    string
}

// hostsLines are sorted by address, then name.
func hostsLines(all []answer) []hostsLine {
	var lines []hostsLine
	for _, a := range all {
		for _, address := range a.addresses {
			lines = append(lines, hostsLine{address, a.name})
		}
	}
	slices.SortFunc(lines, func(a, b hostsLine) int {
		return cmp.Or(a.address.Compare(b.address), cmp.Compare(a.name, b.name))
	})
	return lines
}
