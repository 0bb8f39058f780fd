package lab

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/obslink/obslink/compiler/plan"
)

// ownResolver is where a site's hosts ask: each has a resolver of its own, so that forwarded queries
// have its address as their source.
const ownResolver = "127.0.0.1"

// relayTimeout is how long a relayed query waits; the client decides earlier.
const relayTimeout = 3 * time.Second

// makeOutbounds makes the hosts from which networks forward queries.
func (l *Lab) makeOutbounds() error {
	l.outbounds = map[*outbound]*host{}
	for _, f := range l.bp.forwards {
		o := f.from
		if o.home.subnet == nil || l.outbounds[o] != nil {
			continue
		}
		h, err := l.addHost(o.network, o.home.address)
		if err != nil {
			return err
		}
		l.guard(h, o.gates)
		l.outbounds[o] = h
	}
	return nil
}

// startServices starts TLS at endpoints, DNS at resolvers, and waits until all answer.
func (l *Lab) startServices(ctx context.Context, clients []Host) error {
	for _, s := range l.servers {
		c, err := certificate(s.endpoint.name)
		if err != nil {
			return err
		}
		var listener net.Listener
		if err := s.host.space.do(func() (err error) {
			listener, err = net.Listen("tcp4", netip.AddrPortFrom(s.host.address, 443).String())
			return err
		}); err != nil {
			return err
		}
		l.keep(listener)
		go serveTLS(listener, c)
	}
	asked := map[*network]bool{}
	for _, h := range l.inbounds {
		asked[h.node.(*network)] = true
		if err := l.serveDNS(h.space, h.address.String(), relay{h.space, []netip.Addr{netip.MustParseAddr(resolverAddress)}}); err != nil {
			return err
		}
	}
	var starts []func() error
	for _, c := range clients {
		h := l.clients[c].host
		switch at := h.node.(type) {
		case *network:
			asked[at] = true
		case *site:
			starts = append(starts, func() error { return l.siteResolver(ctx, h, at) })
		}
	}
	for n := range asked {
		starts = append(starts, func() error { return l.networkResolver(ctx, n) })
	}
	return each(starts, func(start func() error) error { return start() })
}

// networkResolver is what answers at resolverAddress in a network.
func (l *Lab) networkResolver(ctx context.Context, n *network) error {
	s := l.nodes[n]
	if err := s.address("lo", netip.MustParseAddr(resolverAddress)); err != nil {
		return err
	}
	views := l.bp.views(n)
	if err := l.serveDNS(s, privateAuthority, &authority{public: l.bp.public, zones: views}); err != nil {
		return err
	}
	u := unbound{listen: resolverAddress, zones: slices.Sorted(maps.Keys(views)), forwards: map[string][]netip.Addr{}}
	for _, f := range l.bp.forwards {
		if n.public || !slices.Contains(f.networks, n) {
			continue
		}
		from := s
		if h := l.outbounds[f.from]; h != nil {
			from = h.space
		}
		if err := l.forward(s, u, f.domain, relay{from, f.servers}); err != nil {
			return err
		}
	}
	return l.startUnbound(ctx, s, u)
}

// forward lets a resolver in a namespace ask a relay for a domain.
func (l *Lab) forward(s *space, u unbound, domain string, r relay) error {
	at := netip.AddrFrom4([4]byte{127, 0, 1, byte(len(u.forwards) + 1)})
	u.forwards[domain] = []netip.Addr{at}
	return l.serveDNS(s, at.String(), r)
}

// siteResolver is a site host's own: hosts files, conditional forwarders, public DNS.
func (l *Lab) siteResolver(ctx context.Context, h *host, at *site) error {
	u := unbound{listen: ownResolver, forwards: map[string][]netip.Addr{}, held: map[string][]netip.Addr{}}
	for _, f := range at.forwards {
		if err := l.forward(h.space, u, f.domain, relay{h.space, f.servers}); err != nil {
			return err
		}
	}
	if at.mode == plan.DNSExported {
		for name, owner := range l.bp.public.exported(at.name) {
			if u.forwarded(name) {
				continue // what is declared as forwarded is asked of the server
			}
			for _, e := range l.bp.endpoints {
				if e.name == owner && !strings.HasPrefix(name, "*") {
					u.held[name] = e.addresses()
				}
			}
		}
	}
	return l.startUnbound(ctx, h.space, u)
}

// startUnbound starts a resolver with public DNS beside it.
func (l *Lab) startUnbound(ctx context.Context, s *space, u unbound) error {
	if err := l.serveDNS(s, publicAuthority, &authority{public: l.bp.public}); err != nil {
		return err
	}
	file := filepath.Join(l.dir, strings.NewReplacer("/", "_", " ", "_").Replace(s.name)+".conf")
	if err := os.WriteFile(file, []byte(u.config()), 0o600); err != nil {
		return err
	}
	d, err := l.daemon(s, nil, "unbound", "-d", "-c", file)
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; {
		if err := d.ended(); err != nil {
			return err
		}
		if m, err := ask(s, u.listen, "ready.obslink.example", 100*time.Millisecond); err == nil && len(m.Answer) > 0 {
			return nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	return fmt.Errorf("%s: its resolver does not answer", s.name)
}

// serveDNS answers at port 53 of an address in a namespace.
func (l *Lab) serveDNS(s *space, address string, handler dns.Handler) error {
	var packets net.PacketConn
	var stream net.Listener
	if err := s.do(func() (err error) {
		if packets, err = net.ListenPacket("udp4", net.JoinHostPort(address, "53")); err != nil {
			return err
		}
		stream, err = net.Listen("tcp4", net.JoinHostPort(address, "53"))
		return err
	}); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: handler}, {Listener: stream, Handler: handler}} {
		go server.ActivateAndServe()
	}
	l.keep(packets)
	l.keep(stream)
	return nil
}

// relay passes queries on from a namespace, to one server after another. Without an answer it says
// nothing, and a server that does not answer over TCP too counts as none: long answers would be lost.
type relay struct {
	from    *space
	servers []netip.Addr
}

// ServeDNS passes on one query.
func (r relay) ServeDNS(w dns.ResponseWriter, q *dns.Msg) {
	for _, server := range r.servers {
		patience := relayTimeout / time.Duration(len(r.servers))
		m, err := exchange(r.from, "udp4", server.String(), q, patience)
		if err == nil {
			_, err = exchange(r.from, "tcp4", server.String(), q, patience)
		}
		if err == nil {
			// A client that went away is none of our business.
			_ = w.WriteMsg(m)
			return
		}
	}
}

// ask asks a server for a name's addresses, from a namespace.
func ask(s *space, server, name string, timeout time.Duration) (*dns.Msg, error) {
	q := new(dns.Msg)
	q.SetQuestion(dns.Fqdn(name), dns.TypeA)
	return exchange(s, "udp4", server, q, timeout)
}

func exchange(s *space, network, server string, q *dns.Msg, timeout time.Duration) (*dns.Msg, error) {
	dialer := net.Dialer{Timeout: timeout}
	var conn net.Conn
	if err := s.do(func() (err error) {
		conn, err = dialer.Dial(network, net.JoinHostPort(server, "53"))
		return err
	}); err != nil {
		return nil, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(timeout))
	c := &dns.Conn{Conn: conn}
	if err := c.WriteMsg(q); err != nil {
		return nil, err
	}
	for {
		m, err := c.ReadMsg()
		if err != nil || m.Id == q.Id {
			return m, err
		}
	}
}
