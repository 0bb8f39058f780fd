package lab

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// underlay is where the two ends of tunnels see each other: the internet.
var underlay = netip.MustParsePrefix("198.51.100.0/24")

const (
	underlayMTU    = 1500
	underlayDevice = "inet"
	wireguardPort  = 51820
	socketDir      = "/var/run/wireguard/"
)

// makeGateways makes the hosts on which tunnels end, and the tunnels, with real WireGuard at both ends.
func (l *Lab) makeGateways() error {
	if len(l.bp.gateways) == 0 {
		return nil
	}
	var err error
	if l.internet, err = l.space("internet"); err != nil {
		return err
	}
	next := underlay.Addr()
	sites := map[*site]netip.Addr{}
	var all []*pair
	for _, g := range l.bp.gateways {
		h, err := l.addHost(g.network, g.address)
		if err != nil {
			return err
		}
		g.device = h.device
		next = next.Next()
		public := next
		if err := l.connect(h.space, public); err != nil {
			return err
		}
		for i, t := range g.tunnels {
			s := l.nodes[t.site]
			if !sites[t.site].IsValid() {
				next = next.Next()
				sites[t.site] = next
				if err := l.connect(s, next); err != nil {
					return err
				}
			}
			t.siteDevice, t.gatewayDevice = l.tunnelDevice(), l.tunnelDevice()
			all = append(all, &pair{tunnel: t, site: s, gateway: h.space, public: netip.AddrPortFrom(public, uint16(wireguardPort+i))})
		}
	}
	if err := each(all, l.startTunnel); err != nil {
		return err
	}
	for _, g := range l.bp.gateways {
		if err := l.gatewayRoutes(g); err != nil {
			return err
		}
	}
	return nil
}

// connect gives a namespace a public address.
func (l *Lab) connect(s *space, a netip.Addr) error {
	device := l.device("i")
	if err := cable(l.internet, s, device, underlayDevice, underlayMTU); err != nil {
		return err
	}
	if err := s.address(underlayDevice, a); err != nil {
		return err
	}
	if err := s.send(mainTable, underlay, underlayDevice); err != nil {
		return err
	}
	return l.internet.send(mainTable, prefixOf(a), device)
}

// tunnelDevice is a name that no other lab of this machine uses: WireGuard's sockets are files.
func (l *Lab) tunnelDevice() string {
	l.count++
	return fmt.Sprintf("ob%sx%d", l.short, l.count)
}

// pair is a tunnel with the namespaces of its two ends.
type pair struct {
	*tunnel
	site, gateway *space
	public        netip.AddrPort
}

// startTunnel starts both ends. The site calls, as its address may not be known to the gateway.
func (l *Lab) startTunnel(p *pair) error {
	siteKey, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	gatewayKey, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	ends := []struct {
		s      *space
		device string
		config string
	}{
		{p.gateway, p.gatewayDevice, peer(gatewayKey, siteKey, p.in, fmt.Sprintf("listen_port=%d\n", p.public.Port()), "")},
		{p.site, p.siteDevice, peer(siteKey, gatewayKey, p.out, "", fmt.Sprintf("endpoint=%s\npersistent_keepalive_interval=25\n", p.public))},
	}
	started := make([]*daemon, len(ends))
	for i, e := range ends {
		if started[i], err = l.daemon(e.s, []string{"WG_PROCESS_FOREGROUND=1", "LOG_LEVEL=error"}, "wireguard-go", "-f", e.device); err != nil {
			return err
		}
		l.keep(socket(e.device))
	}
	for i, e := range ends {
		if err := e.s.startWireGuard(started[i], e.device, e.config); err != nil {
			return fmt.Errorf("tunnel %s: %w", p.name, err)
		}
		if i == 0 {
			if err := e.s.listening(p.public.Port()); err != nil {
				return fmt.Errorf("tunnel %s: %w", p.name, err)
			}
		}
	}
	return p.wait()
}

// listening waits until a UDP port is open: a first call that nobody hears is repeated only after
// five seconds.
func (s *space) listening(port uint16) error {
	wanted := fmt.Sprintf(":%04X ", port)
	for range 2500 {
		var open []byte
		if err := s.do(func() (err error) {
			open, err = os.ReadFile("/proc/thread-self/net/udp")
			return err
		}); err != nil {
			return err
		}
		if strings.Contains(string(open), wanted) {
			return nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	return fmt.Errorf("nothing listens at UDP port %d", port)
}

// wait returns when the ends have shaken hands; a call that was lost is repeated after five seconds.
func (p *pair) wait() error {
	for range 3000 {
		state, err := uapi(p.siteDevice, "get=1\n\n")
		if err != nil {
			return err
		}
		if strings.Contains(state, "last_handshake_time_sec=") && !strings.Contains(state, "last_handshake_time_sec=0\n") {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("tunnel %s: the ends did not shake hands", p.name)
}

// peer writes one end's configuration in WireGuard's own protocol.
func peer(own, other *ecdh.PrivateKey, allowed []netip.Prefix, device, more string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "set=1\nprivate_key=%s\n%spublic_key=%s\n%s", hex.EncodeToString(own.Bytes()), device, hex.EncodeToString(other.PublicKey().Bytes()), more)
	for _, p := range allowed {
		fmt.Fprintf(&b, "allowed_ip=%s\n", p.Masked())
	}
	return b.String() + "\n"
}

func (s *space) startWireGuard(d *daemon, device, config string) error {
	for range 2000 {
		if err := d.ended(); err != nil {
			return err
		}
		// The file is there before anybody listens.
		if conn, err := net.Dial("unix", socketDir+device+".sock"); err == nil {
			conn.Close()
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	if answer, err := uapi(device, config); err != nil || !strings.Contains(answer, "errno=0") {
		return fmt.Errorf("configure %s: %w %s", device, err, answer)
	}
	link, err := s.nl.LinkByName(device)
	if err != nil {
		return err
	}
	return s.nl.LinkSetUp(link)
}

// uapi says something to WireGuard and returns its answer.
func uapi(device, text string) (string, error) {
	conn, err := net.Dial("unix", socketDir+device+".sock")
	if err != nil {
		return "", err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		return "", err
	}
	var all []byte
	buffer := make([]byte, 4096)
	for !strings.HasSuffix(string(all), "\n\n") {
		n, err := conn.Read(buffer)
		if err != nil {
			return string(all), err
		}
		all = append(all, buffer[:n]...)
	}
	return string(all), nil
}

// Tables of a gateway host.
const (
	fromTunnels = 200
	intoTunnels = 201
)

// gatewayRoutes let a gateway host pass packets between its tunnels and its network, with its own
// address as their source where the tunnel says so.
func (l *Lab) gatewayRoutes(g *gateway) error {
	var s *space
	for _, h := range l.hosts {
		if h.device == g.device {
			s = h.space
		}
	}
	if err := s.send(fromTunnels, anywhere, hostDevice); err != nil {
		return err
	}
	if err := s.stop(intoTunnels, anywhere, unix.RTN_UNREACHABLE); err != nil {
		return err
	}
	if err := s.look(hostDevice, intoTunnels); err != nil {
		return err
	}
	into := settled{}
	for _, t := range g.tunnels {
		if err := s.look(t.gatewayDevice, fromTunnels); err != nil {
			return err
		}
		for _, p := range t.in {
			into.put(p.Masked(), t, rankUser)
		}
		if t.snat {
			s.firewall += sourceRules(t.gatewayDevice, g.address)
		}
		if t.snatSite.IsValid() {
			l.nodes[t.site].firewall += sourceRules(t.siteDevice, t.snatSite)
		}
	}
	for _, h := range into.hops() {
		if h.to != anywhere {
			if err := s.send(intoTunnels, h.to, h.target.(*tunnel).gatewayDevice); err != nil {
				return err
			}
		}
	}
	return nil
}

// socket is the file that a killed wireguard-go leaves.
type socket string

// Close removes it.
func (s socket) Close() error { return os.Remove(socketDir + string(s) + ".sock") }
