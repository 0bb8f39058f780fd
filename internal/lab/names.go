package lab

import (
	"hash/fnv"
	"net/netip"
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// directory is public DNS: a name is another one's alias, or has an address of publicRange. Every
// name exists, since the lab cannot know which do not.
type directory struct {
	aliases  map[string]string
	patterns []pattern
	names    []plan.Name
}

type pattern struct {
	match  *regexp.Regexp
	target string
}

func newDirectory(names []plan.Name) *directory {
	d := &directory{aliases: map[string]string{}, names: names}
	for _, n := range names {
		fqdn := literal(n.FQDN)
		if c := literal(n.Canonical); c != "" && c != fqdn {
			d.alias(fqdn, c)
		}
		for _, a := range n.Aliases {
			d.alias(literal(a), fqdn)
		}
		if n.Versioned != "" {
			parts := strings.SplitN(literal(n.Versioned), "%s", 2)
			if len(parts) == 2 {
				match := regexp.MustCompile("^" + regexp.QuoteMeta(parts[0]) + "[0-9a-z-]+" + regexp.QuoteMeta(parts[1]) + "$")
				d.patterns = append(d.patterns, pattern{match, fqdn})
			}
		}
	}
	return d
}

// alias keeps a name's target. "*.example.net" is every name below.
func (d *directory) alias(name, target string) {
	if below, ok := strings.CutPrefix(name, "*."); ok {
		d.patterns = append(d.patterns, pattern{regexp.MustCompile(`\.` + regexp.QuoteMeta(below) + "$"), target})
		return
	}
	if name != target {
		d.aliases[name] = target
	}
}

// look answers one step: an alias is not followed, so that a resolver asks for its target itself and
// may find that one in a private zone.
func (d *directory) look(name string) (cname string, address netip.Addr) {
	if target, found := d.aliases[name]; found {
		return target, netip.Addr{}
	}
	for _, p := range d.patterns {
		if p.target != name && p.match.MatchString(name) {
			return strings.TrimPrefix(p.target, "*."), netip.Addr{}
		}
	}
	return "", publicAddress(name)
}

func publicAddress(name string) netip.Addr {
	h := fnv.New32a()
	h.Write([]byte(name))
	bytes := publicRange.Addr().As4()
	bytes[3] = byte(1 + h.Sum32()%253)
	return netip.AddrFrom4(bytes)
}

// exported are the names that a site's hosts files hold, and whose addresses they give.
func (d *directory) exported(site string) map[string]string {
	held := map[string]string{}
	for _, n := range d.names {
		for _, client := range n.Clients {
			if client != site {
				continue
			}
			for _, name := range append([]string{n.FQDN}, n.Aliases...) {
				held[literal(name)] = n.Endpoint
			}
		}
	}
	return held
}
