package lab

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// authority answers for public DNS, or for the private zones that one network sees. It follows no
// alias: the resolver asks for the target itself, and so may find that one in another zone.
type authority struct {
	public *directory
	// zones are nil for public DNS.
	zones map[string]*view
}

// view is a private zone as one network sees it.
type view struct {
	name        string
	fallThrough bool
	records     map[string]record
}

// views are the private zones of a network: those associated with it, and those that hide behind its
// endpoints' own names.
func (bp *blueprint) views(n *network) map[string]*view {
	all := map[string]*view{}
	if !n.private {
		return all
	}
	for _, z := range bp.zones {
		if fallThrough, sees := z.networks[n]; sees {
			v := &view{name: z.name, fallThrough: fallThrough, records: map[string]record{}}
			for _, r := range z.records {
				v.records[r.name] = r
			}
			all[z.name] = v
		}
	}
	for _, e := range bp.endpoints {
		for _, name := range e.names {
			if e.own && e.network == n {
				zone := zoneOfName(name)
				all[zone] = &view{name: zone, records: map[string]record{name: {name: name, endpoint: e}}}
			}
		}
	}
	return all
}

// ServeDNS answers one query.
func (a *authority) ServeDNS(w dns.ResponseWriter, q *dns.Msg) {
	m := new(dns.Msg)
	m.SetReply(q)
	m.Authoritative = true
	if len(q.Question) == 1 {
		name := strings.ToLower(strings.TrimSuffix(q.Question[0].Name, "."))
		if v := a.zoneOf(name); v != nil {
			a.private(m, v, name, q.Question[0].Qtype)
		} else {
			a.answerPublic(m, name, q.Question[0].Qtype)
		}
	}
	// A client that went away is none of our business.
	_ = w.WriteMsg(m)
}

// zoneOf is the narrowest zone that a name lies in.
func (a *authority) zoneOf(name string) *view {
	for {
		if v := a.zones[name]; v != nil {
			return v
		}
		_, parent, found := strings.Cut(name, ".")
		if !found {
			return nil
		}
		name = parent
	}
}

func (a *authority) answerPublic(m *dns.Msg, name string, kind uint16) {
	if name == "" {
		root(m)
		return
	}
	cname, address := a.public.look(name)
	answer(m, name, kind, record{cname: cname, addresses: []netip.Addr{address}})
}

func (a *authority) private(m *dns.Msg, v *view, name string, kind uint16) {
	r, exists, found := v.look(name)
	switch {
	case found:
		if r.endpoint != nil {
			r.addresses = r.endpoint.addresses()
		}
		answer(m, name, kind, r)
		return
	case exists || name == v.name:
	case v.fallThrough:
		a.answerPublic(m, name, kind)
		return
	default:
		m.Rcode = dns.RcodeNameError
	}
	m.Ns = append(m.Ns, &dns.SOA{
		Hdr: dns.RR_Header{Name: dns.Fqdn(v.name), Rrtype: dns.TypeSOA, Class: dns.ClassINET},
		Ns:  "ns." + dns.Fqdn(v.name), Mbox: "host." + dns.Fqdn(v.name), Serial: 1,
	})
}

// look finds a record as DNS does: a name that exists, even without records, hides the wildcards
// above it (RFC 4592).
func (v *view) look(name string) (r record, exists, found bool) {
	if r, found = v.records[name]; found {
		return r, true, true
	}
	if v.exists(name) {
		return r, true, false
	}
	for above := name; above != v.name; {
		_, parent, ok := strings.Cut(above, ".")
		if !ok {
			break
		}
		if r, found = v.records["*."+parent]; found {
			return r, true, true
		}
		if v.exists(parent) {
			break
		}
		above = parent
	}
	return r, false, false
}

// exists reports whether a record has the name or stands below it.
func (v *view) exists(name string) bool {
	for held := range v.records {
		if held == name || strings.HasSuffix(held, "."+name) {
			return true
		}
	}
	return false
}

func answer(m *dns.Msg, name string, kind uint16, r record) {
	header := dns.RR_Header{Name: dns.Fqdn(name), Class: dns.ClassINET}
	if r.cname != "" {
		header.Rrtype = dns.TypeCNAME
		m.Answer = append(m.Answer, &dns.CNAME{Hdr: header, Target: dns.Fqdn(r.cname)})
		return
	}
	header.Rrtype = dns.TypeA
	for _, a := range r.addresses {
		if kind == dns.TypeA {
			m.Answer = append(m.Answer, &dns.A{Hdr: header, A: a.AsSlice()})
		}
	}
}

// root says that this server is the root's, which a resolver asks for once. Nothing else that the lab
// answers may be kept.
func root(m *dns.Msg) {
	header := dns.RR_Header{Name: ".", Rrtype: dns.TypeNS, Class: dns.ClassINET, Ttl: 86400}
	m.Answer = append(m.Answer, &dns.NS{Hdr: header, Ns: rootName})
	header.Name, header.Rrtype = rootName, dns.TypeA
	m.Extra = append(m.Extra, &dns.A{Hdr: header, A: netip.MustParseAddr(publicAuthority).AsSlice()})
}

const rootName = "root.obslink.example."
