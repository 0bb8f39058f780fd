package export

import (
	"fmt"
	"io"
	"strings"
)

var unbound = Format{
	Name: "unbound", File: "obslink.conf",
	About: "local data for Unbound; put it into /etc/unbound/unbound.conf.d/",
	Write: writeUnbound,
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
