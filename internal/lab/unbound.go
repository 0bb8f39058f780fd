package lab

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// Addresses of DNS. The first is that of Amazon's resolver, at which every host of every network
// finds its own; the others are inside the resolver's namespace.
const (
	resolverAddress  = "169.254.169.253"
	publicAuthority  = "127.0.0.2"
	privateAuthority = "127.0.0.3"
)

// unbound is what one resolver is told.
type unbound struct {
	listen string
	// zones are asked of the private authority, everything else of the public one.
	zones []string
	// forwards are asked of servers, by domain.
	forwards map[string][]netip.Addr
	// held names are answered with addresses (a site's hosts files).
	held map[string][]netip.Addr
}

// unboundBase takes out all that stands between a query and its answer: caches, validation, special
// names, minimised queries, limits. It waits longer for a relay than the relay does for its servers. It has few ports to send from, since it shuffles them all with a
// system call each before it starts (70,000 calls, 20 ms).
const unboundBase = `server:
  interface: %s
  access-control: 0.0.0.0/0 allow
  do-daemonize: no
  use-syslog: no
  verbosity: 0
  chroot: ""
  username: ""
  directory: ""
  pidfile: ""
  module-config: "iterator"
  num-threads: 1
  so-reuseport: no
  outgoing-range: 64
  outgoing-port-avoid: "0-65535"
  outgoing-port-permit: "32768-33791"
  num-queries-per-thread: 128
  msg-cache-size: 64k
  rrset-cache-size: 64k
  key-cache-size: 16k
  neg-cache-size: 16k
  infra-cache-numhosts: 64
  infra-host-ttl: 0
  infra-keep-probing: yes
  unknown-server-time-limit: 4000
  do-ip6: no
  do-not-query-localhost: no
  qname-minimisation: no
  aggressive-nsec: no
  harden-glue: no
  harden-dnssec-stripped: no
  harden-below-nxdomain: no
  harden-referral-path: no
  use-caps-for-id: no
  minimal-responses: yes
  rrset-roundrobin: no
  prefetch: no
  serve-expired: no
  target-fetch-policy: "0 0 0 0 0"
  unblock-lan-zones: yes
  insecure-lan-zones: yes
  ratelimit: 0
  ip-ratelimit: 0
`

// ordinary are names that Unbound answers itself unless told that they are ordinary.
var ordinary = []string{"test.", "invalid.", "onion.", "home.arpa."}

func (u unbound) config() string {
	var b strings.Builder
	fmt.Fprintf(&b, unboundBase, u.listen)
	for _, name := range ordinary {
		fmt.Fprintf(&b, "  local-zone: %q nodefault\n", name)
	}
	for _, name := range slices.Sorted(maps.Keys(u.held)) {
		fmt.Fprintf(&b, "  local-zone: %q typetransparent\n", name+".")
		for _, a := range u.held[name] {
			fmt.Fprintf(&b, "  local-data: \"%s. 60 IN A %s\"\n", name, a)
		}
	}
	b.WriteString("remote-control:\n  control-enable: no\n")
	fmt.Fprintf(&b, "stub-zone:\n  name: \".\"\n  stub-addr: %s\n  stub-prime: no\n", publicAuthority)
	for _, z := range u.zones {
		if _, forwarded := u.forwards[z]; !forwarded {
			fmt.Fprintf(&b, "stub-zone:\n  name: %q\n  stub-addr: %s\n  stub-prime: no\n", z+".", privateAuthority)
		}
	}
	for _, domain := range slices.Sorted(maps.Keys(u.forwards)) {
		fmt.Fprintf(&b, "forward-zone:\n  name: %q\n  forward-first: no\n", domain+".")
		for _, a := range u.forwards[domain] {
			fmt.Fprintf(&b, "  forward-addr: %s\n", a)
		}
	}
	return b.String()
}

// forwarded reports whether a name is at or below a forwarded domain.
func (u unbound) forwarded(name string) bool {
	for domain := range u.forwards {
		if name == domain || strings.HasSuffix(name, "."+domain) {
			return true
		}
	}
	return false
}
