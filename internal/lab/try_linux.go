package lab

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// Try lets a client resolve a name and connect to what it was told. It may be called from many
// goroutines at once.
func (l *Lab) Try(from Host, fqdn string) Observation { return l.TryWithin(from, fqdn, l.Timeout) }

// TryWithin is Try with another timeout, for a caller that doubts a failure on a loaded machine.
func (l *Lab) TryWithin(from Host, fqdn string, timeout time.Duration) Observation {
	c := l.clients[from]
	if c == nil {
		return Observation{Err: fmt.Errorf("lab: %s %s is not one of the lab's hosts", from.Node, from.Address)}
	}
	o := c.resolve(literal(fqdn), timeout)
	if len(o.Addresses) > 0 {
		c.connect(&o, timeout)
	}
	return o
}

func (c *caller) resolve(name string, timeout time.Duration) Observation {
	m, err := ask(c.space, c.resolver, name, timeout)
	switch {
	case err != nil:
		return Observation{DNS: Timeout, Err: err}
	case m.Rcode == dns.RcodeNameError:
		return Observation{DNS: NXDomain}
	case m.Rcode != dns.RcodeSuccess:
		return Observation{DNS: Timeout, Err: fmt.Errorf("lab: DNS answers %s", dns.RcodeToString[m.Rcode])}
	}
	o := Observation{DNS: NXDomain}
	for _, rr := range m.Answer {
		if a, ok := rr.(*dns.A); ok {
			address, _ := netip.AddrFromSlice(a.A.To4())
			o.Addresses = append(o.Addresses, address)
			o.DNS = Private
			if publicRange.Contains(address) {
				o.DNS = Public
			}
		}
	}
	return o
}

// connect tries every address at once, so that what only some of them reach is seen.
func (c *caller) connect(o *Observation, timeout time.Duration) {
	names, failed := make([]string, len(o.Addresses)), make([]error, len(o.Addresses))
	var wait sync.WaitGroup
	for i, a := range o.Addresses {
		wait.Go(func() { names[i], failed[i] = c.dial(a, timeout) })
	}
	wait.Wait()
	for i, a := range o.Addresses {
		if failed[i] == nil {
			o.Reached, o.Endpoint, o.Connected = append(o.Reached, a), names[i], true
		}
	}
	o.Err = errors.Join(failed...)
}

// dial shakes hands at port 443 and returns the name in the certificate.
func (c *caller) dial(a netip.Addr, timeout time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	var conn net.Conn
	if err := c.space.do(func() (err error) {
		conn, err = new(net.Dialer).DialContext(ctx, "tcp4", netip.AddrPortFrom(a, 443).String())
		return err
	}); err != nil {
		return "", err
	}
	defer conn.Close()
	// No name is checked: whose certificate it is, is the question.
	t := tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	if err := t.HandshakeContext(ctx); err != nil {
		return "", err
	}
	return t.ConnectionState().PeerCertificates[0].Subject.CommonName, nil
}
