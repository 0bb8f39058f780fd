package export

import (
	"fmt"
	"io"
	"strings"
)

var unbound = Format{
	Name: "unbound", File: "obslink.conf",
	About:    "local data or forward zones for Unbound; put it into /etc/unbound/unbound.conf.d/",
	Forwards: true,
	Write:    writeUnbound,
}

// ttl is how long a client may keep an answer, in seconds: short, since an address changes when an
// endpoint is made anew.
const ttl = 60

// writeUnbound makes a local zone of each exact name. The zone's type decides what else changes, so
// it is `transparent`: the name has the addresses below and no other record (AAAA and HTTPS get an
// empty answer, so that no public address gets through), while every name below or beside it is
// asked for as before. `typetransparent` would let the public AAAA and HTTPS records through, `static` would
// answer NXDOMAIN for names below, and `redirect` would answer them with these addresses.
// local-data-ptr is not written: the reverse zones are the user's.
func writeUnbound(w io.Writer, in Input) error {
	if in.ForwardTo != "" {
		return forwardUnbound(w, in)
	}
	all, err := answers(in)
	if err != nil {
		return err
	}
	var b strings.Builder
	comments(&b, head(in))
	b.WriteString("server:\n")
	for _, a := range all {
		fmt.Fprintf(&b, "    local-zone: \"%s.\" transparent\n", a.name)
		for _, address := range a.addresses {
			kind := "A"
			if address.Is6() {
				kind = "AAAA"
			}
			fmt.Fprintf(&b, "    local-data: \"%s. %d IN %s %s\"\n", a.name, ttl, kind, address)
		}
	}
	comments(&b, unknownLines(in.Unknown))
	_, err = io.WriteString(w, b.String())
	return err
}

// forwardUnbound makes a forward zone of each domain. Two options make Unbound take the answers as they
// are: what a network's own resolver says below a signed domain has no signature (domain-insecure), and
// where the user has Unbound strip private addresses from answers, these are meant (private-domain).
func forwardUnbound(w io.Writer, in Input) error {
	var b strings.Builder
	comments(&b, head(in))
	b.WriteString("server:\n")
	for _, f := range in.Forwards {
		domain := strings.ToLower(strings.TrimSuffix(f.Domain, "."))
		if err := checkName(domain); err != nil {
			return err
		}
		fmt.Fprintf(&b, "    domain-insecure: \"%s.\"\n    private-domain: \"%s.\"\n", domain, domain)
	}
	for _, f := range in.Forwards {
		if len(f.Servers) == 0 {
			return fmt.Errorf("%q is forwarded to no address", f.Domain)
		}
		fmt.Fprintf(&b, "forward-zone:\n    name: \"%s.\"\n", strings.ToLower(strings.TrimSuffix(f.Domain, ".")))
		for _, server := range f.Servers {
			if !server.IsValid() || server.Zone() != "" {
				return fmt.Errorf("%q is forwarded to %q, which is no address", f.Domain, server)
			}
			fmt.Fprintf(&b, "    forward-addr: %s\n", server.Unmap())
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
