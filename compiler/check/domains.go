package check

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var badDomain = diag.Code{
	ID: "OBS233", Severity: diag.Error, Title: "not a domain name",
	Cause:   "A name that a client asks for has labels of letters, digits, hyphens and underscores with dots between, no scheme, no path and no dot at the end (RFC 1035; 253 characters, 63 a label). Only what a client uses and a record may begin with `*.`.",
	Example: `clients: web: uses: ["https://sts.amazonaws.com/"]`,
	Mend:    `clients: web: uses: ["sts.amazonaws.com"]`,
}

var domainPattern = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// isDomain reports whether text is a domain name of at least so many labels.
func isDomain(text string, labels int) bool {
	return len(text) <= 253 && strings.Count(text, ".") >= labels-1 && domainPattern.MatchString(text)
}

// domains checks every value and key that is a name of DNS.
func domains(t *topology.Topology) diag.List {
	d := &domainChecker{t: t}
	for key, n := range topology.Sorted(t.Networks) {
		for name, c := range topology.Sorted(n.Clients) {
			for i, use := range c.Uses {
				d.wild(fmt.Sprintf("networks.%s.clients.%s.uses[%d]", key, name, i), use, 2)
			}
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		for domain := range topology.Sorted(s.DNS.Forward) {
			d.one("sites."+key+".dns.forward."+strconv.Quote(domain), domain, 1)
		}
	}
	for key, z := range topology.Sorted(t.Zones) {
		d.one("zones."+key+".domain", z.Domain, 1)
		for name := range topology.Sorted(z.Records) {
			d.wild("zones."+key+".records."+strconv.Quote(name), name, 1)
		}
	}
	return d.found
}

type domainChecker struct {
	t     *topology.Topology
	found diag.List
}

// wild checks a name that may begin with "*.".
func (d *domainChecker) wild(path, value string, labels int) {
	if below, isWildcard := strings.CutPrefix(value, "*."); !isWildcard || !isDomain(below, labels) {
		d.one(path, value, labels)
	}
}

// one checks a name of at least so many labels.
func (d *domainChecker) one(path, value string, labels int) {
	if isDomain(value, labels) {
		return
	}
	found := badDomain.At(d.t.At(path), path, "%q is not a domain name", value)
	if meant := domainIn(value); meant != "" {
		found = found.WithHint("write %q", meant)
	} else {
		found = found.WithHint(`write a name such as "intake.example.net"`)
	}
	d.found = append(d.found, found)
}

// domainIn is the domain name that a URL, a name with a dot at its end or a wildcard holds, or "".
func domainIn(value string) string {
	if _, rest, ok := strings.Cut(value, "://"); ok {
		value = rest
	}
	value, _, _ = strings.Cut(value, "/")
	value, _, _ = strings.Cut(value, ":")
	value = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(value), "*."), ".")
	if !isDomain(value, 2) {
		return ""
	}
	return value
}
