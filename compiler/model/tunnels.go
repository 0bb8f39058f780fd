package model

import (
	"fmt"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// originOf is where an end of a connection was declared.
func originOf(c *plan.Connection, e *plan.End) plan.Origin {
	if e.Origin != (plan.Origin{}) {
		return e.Origin
	}
	return c.Origin
}

// siteOf is the site that a connection joins, or "".
func (m *Model) siteOf(c *plan.Connection) string {
	for _, e := range []*plan.End{&c.A, &c.B} {
		if m.sites[e.Node] != nil {
			return e.Node
		}
	}
	return ""
}

// allowedField is the field of the topology that lists what an end sends into its connection.
func (m *Model) allowedField(c *plan.Connection, e *plan.End) string {
	for _, field := range []string{".allowedIPs", ".carries"} {
		if strings.HasSuffix(e.Origin.Path, field) {
			return e.Origin.Path
		}
	}
	site := m.siteOf(c)
	switch {
	case m.sites[site] != nil && m.sites[site].Device != nil:
		return "sites." + site + ".vpn.carries"
	case c.Kind != plan.KindWireGuard:
		return "sites." + site + ".existing.carries"
	case e.Node == site:
		return "sites." + site + ".wireguard.allowedIPs"
	default:
		return "sites." + site + ".wireguard.gateway.allowedIPs"
	}
}

func (w *walk) noTunnel(s *site) *Break {
	return &Break{
		Reason: NoTunnel, Culprit: s.Origin,
		Text: fmt.Sprintf("site %q has no connection to any network", s.Name),
		Mend: fmt.Sprintf("write sites.%s.wireguard, sites.%s.vpn or sites.%s.existing with network: %q", s.Name, s.Name, s.Name, w.to.Network),
	}
}

// notCarried says that nothing carries the packet off, so that it goes to the internet. Of several
// connections the one that ends in the server's network is meant.
func (w *walk) notCarried(s *site) *Break {
	c := s.connections[0]
	for _, other := range s.connections {
		if endAt(other, w.to.Network) != nil {
			c = other
			break
		}
	}
	p := packet{dst: w.to.Address, src: w.from.Address}
	return w.notSent(p, c, endAt(c, s.Name))
}

// notSent says that an end does not send into its connection what it does not list.
func (w *walk) notSent(p packet, c *plan.Connection, e *plan.End) *Break {
	site := w.m.siteOf(c)
	b := w.unlisted(p.pick(TunnelOut, TunnelBackOut), c, e, w.span(p.dst).String())
	if e.Node == site {
		b.Text = fmt.Sprintf("the tunnel of site %q does not carry %s", site, w.span(p.dst))
	} else {
		b.Text = fmt.Sprintf("network %q does not send %s into the tunnel of site %q", e.Node, w.span(p.dst), site)
	}
	return b
}

// notAccepted says that an end drops what comes from a source that it does not list.
func (w *walk) notAccepted(p packet, c *plan.Connection, e *plan.End) *Break {
	site := w.m.siteOf(c)
	b := w.unlisted(p.pick(TunnelIn, TunnelBackIn), c, e, w.span(p.src).String())
	if e.Node == site {
		b.Text = fmt.Sprintf("site %q does not accept %s from its tunnel %s", site, w.span(p.src), c.Name)
	} else {
		b.Text = fmt.Sprintf("the gateway of site %q in network %q does not accept %s from the tunnel", site, e.Node, w.span(p.src))
	}
	return b
}

func (w *walk) unlisted(r Reason, c *plan.Connection, e *plan.End, prefix string) *Break {
	return &Break{Reason: r, Culprit: originOf(c, e), Mend: fmt.Sprintf("add %q to %s", prefix, w.m.allowedField(c, e))}
}

// otherTunnel says that the answer comes back over another connection than the one that the packet
// left by: the site's end has never seen the connection and drops it.
func (w *walk) otherTunnel(p packet, c *plan.Connection) *Break {
	return &Break{
		Reason: NoReturnRoute, Culprit: c.Origin,
		Text: fmt.Sprintf("answers to %s leave by %s and not by %s, through which site %q asks", w.span(p.dst), c.Name, p.tunnel.Name, w.from.Node),
		Mend: fmt.Sprintf("route %s to %s, or let site %q ask through %s", w.span(p.dst), p.tunnel.Name, w.from.Node, c.Name),
	}
}

// declareConnection says what to write so that nothing is assumed of a connection.
func (m *Model) declareConnection(c *plan.Connection) string {
	switch site := m.siteOf(c); {
	case site != "" && c.Existing && c.A.Allowed != nil:
		return fmt.Sprintf("let obslink make the connection: sites.%s.vpn", site)
	case site != "" && c.Existing:
		return fmt.Sprintf("write sites.%s.existing.carries: the prefixes that the site routes into it", site)
	case m.routers[c.B.Node] != nil:
		return "let obslink create it: then all its routes are known"
	}
	return "declare what it carries"
}
