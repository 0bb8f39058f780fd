package lab

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// space is one network namespace. It has no name in the file system: it lives as long as its file is
// open or a process is in it, so a killed run leaves none behind.
type space struct {
	name string
	file *os.File
	home *os.File
	nl   *netlink.Handle
	// firewall collects nft text, loaded once.
	firewall string
	rules    int
	devices  map[string]netlink.Link
}

// device finds a device by its name, once.
func (s *space) device(name string) (netlink.Link, error) {
	if link, found := s.devices[name]; found {
		return link, nil
	}
	link, err := s.nl.LinkByName(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", s.name, name, err)
	}
	s.devices[name] = link
	return link, nil
}

// within runs f on a thread that is in the namespace, so that sockets and processes made there are.
func within(file, home *os.File, f func() error) error {
	runtime.LockOSThread()
	if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("enter a network namespace: %w", err)
	}
	err := f()
	if back := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); back != nil {
		// The thread stays locked and ends with its goroutine: nobody else may find it elsewhere.
		return fmt.Errorf("leave a network namespace: %w", back)
	}
	runtime.UnlockOSThread()
	return err
}

func (s *space) do(f func() error) error { return within(s.file, s.home, f) }

// sysctls make a namespace pass packets on between cables, silently and without IPv6.
var sysctls = []struct{ path, value string }{
	{"/proc/sys/net/ipv6/conf/all/disable_ipv6", "1"},
	{"/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"},
	{"/proc/sys/net/ipv4/ip_forward", "1"},
	{"/proc/sys/net/ipv4/conf/all/rp_filter", "0"},
	{"/proc/sys/net/ipv4/conf/default/rp_filter", "0"},
	{"/proc/sys/net/ipv4/conf/all/send_redirects", "0"},
	{"/proc/sys/net/ipv4/conf/default/send_redirects", "0"},
	{"/proc/sys/net/ipv4/icmp_ratemask", "0"},
}

func newSpace(name string, home *os.File) (*space, error) {
	s := &space{name: name, home: home, devices: map[string]netlink.Link{}}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("make a network namespace: %w", err)
	}
	defer unix.Setns(int(home.Fd()), unix.CLONE_NEWNET)
	for _, c := range sysctls {
		if err := os.WriteFile(c.path, []byte(c.value), 0o644); err != nil && !os.IsNotExist(err) {
			return nil, err
		}
	}
	file, err := os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
	if err != nil {
		return nil, err
	}
	s.file = file
	// Opened here, the socket belongs to the namespace.
	if s.nl, err = netlink.NewHandle(unix.NETLINK_ROUTE); err != nil {
		return nil, err
	}
	lo, err := s.nl.LinkByName("lo")
	if err == nil {
		err = s.nl.LinkSetUp(lo)
	}
	return s, err
}

func (s *space) close() {
	if s.nl != nil {
		s.nl.Close()
	}
	if s.file != nil {
		s.file.Close()
	}
}

// sameMAC is the address of both ends of every cable: a cable has two ends, so nobody need ask who
// has an address (NOARP), and a packet can be sent into it without a next hop.
var sameMAC = net.HardwareAddr{2, 0, 0, 0, 0, 1}

// cableMTU leaves room for WireGuard around it.
const cableMTU = 1400

// cable joins two namespaces.
func cable(a, b *space, nameA, nameB string, mtu int) error {
	attrs := netlink.NewLinkAttrs()
	attrs.Name, attrs.MTU, attrs.HardwareAddr = nameA, mtu, sameMAC
	veth := &netlink.Veth{LinkAttrs: attrs, PeerName: nameB, PeerHardwareAddr: sameMAC, PeerNamespace: netlink.NsFd(int(b.file.Fd())), PeerMTU: uint32(mtu)}
	if err := a.nl.LinkAdd(veth); err != nil {
		return fmt.Errorf("cable %s-%s: %w", a.name, b.name, err)
	}
	for _, e := range []struct {
		s    *space
		name string
	}{{a, nameA}, {b, nameB}} {
		link, err := e.s.device(e.name)
		if err == nil {
			err = e.s.nl.LinkSetARPOff(link)
		}
		if err == nil {
			err = e.s.nl.LinkSetUp(link)
		}
		if err != nil {
			return fmt.Errorf("cable %s-%s: %w", a.name, b.name, err)
		}
	}
	return nil
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

// address gives a device an address of its own.
func (s *space) address(device string, a netip.Addr) error {
	link, err := s.device(device)
	if err != nil {
		return err
	}
	return s.nl.AddrAdd(link, &netlink.Addr{IPNet: ipNet(netip.PrefixFrom(a, 32))})
}

// mainTable is the kernel's number of the table that is asked last.
const mainTable = unix.RT_TABLE_MAIN

// send routes a prefix into a device.
func (s *space) send(table int, to netip.Prefix, device string) error {
	link, err := s.device(device)
	if err != nil {
		return err
	}
	return s.route(table, netlink.Route{Dst: ipNet(to), LinkIndex: link.Attrs().Index, Scope: netlink.SCOPE_LINK})
}

// stop routes a prefix to nowhere: unix.RTN_UNREACHABLE, or unix.RTN_THROW for the next table.
func (s *space) stop(table int, to netip.Prefix, kind int) error {
	return s.route(table, netlink.Route{Dst: ipNet(to), Type: kind})
}

func (s *space) route(table int, r netlink.Route) error {
	r.Table, r.Family = table, unix.AF_INET
	if err := s.nl.RouteAdd(&r); err != nil {
		return fmt.Errorf("%s: route %s in table %d: %w", s.name, r.Dst, table, err)
	}
	return nil
}

// look says in which table packets from a device are looked up, after those said before.
func (s *space) look(device string, table int) error {
	rule := netlink.NewRule()
	s.rules++
	rule.IifName, rule.Table, rule.Priority, rule.Family = device, table, 100+s.rules, unix.AF_INET
	if err := s.nl.RuleAdd(rule); err != nil {
		return fmt.Errorf("%s: rule for %s: %w", s.name, device, err)
	}
	return nil
}

// loadFirewall gives nft what was collected.
func (s *space) loadFirewall() error {
	if s.firewall == "" {
		return nil
	}
	cmd := exec.Command("nft", "-f", "-")
	cmd.Stdin = bytes.NewBufferString(s.firewall)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := s.do(cmd.Start); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s: nft: %w\n%s\n%s", s.name, err, out.String(), s.firewall)
	}
	return nil
}

// daemon is a process in a namespace that ends with the lab, and with this process.
type daemon struct {
	cmd  *exec.Cmd
	out  bytes.Buffer
	done chan struct{}
	once sync.Once
}

func (s *space) daemon(env []string, name string, args ...string) (*daemon, error) {
	d := &daemon{cmd: exec.Command(name, args...), done: make(chan struct{})}
	d.cmd.Env = append(os.Environ(), env...)
	d.cmd.Stdout, d.cmd.Stderr = &d.out, &d.out
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.do(d.cmd.Start); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	go func() {
		d.cmd.Wait()
		close(d.done)
	}()
	return d, nil
}

// stop kills the process and waits until it is gone.
func (d *daemon) stop() {
	d.once.Do(func() { d.cmd.Process.Kill() })
	<-d.done
}

// ended says that the process is gone, and what it wrote.
func (d *daemon) ended() error {
	select {
	case <-d.done:
		return fmt.Errorf("%s ended: %s", d.cmd.Path, d.out.String())
	default:
		return nil
	}
}
