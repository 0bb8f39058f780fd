package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Lab is a built world.
type Lab struct {
	// Timeout is how long Try waits for DNS, and again for TCP and TLS.
	Timeout time.Duration

	bp     *blueprint
	name   string
	short  string
	dir    string
	home   *os.File
	spaces []*space
	nodes  map[node]*space
	// clients are the hosts that try.
	clients   map[Host]*caller
	hosts     []*host
	servers   []server
	inbounds  []*host
	outbounds map[*outbound]*host
	internet  *space
	count     int

	mu      sync.Mutex
	closers []io.Closer
	daemons []*daemon
}

// caller is a host that tries: where it is, and whom it asks.
type caller struct {
	space    *space
	host     *host
	resolver string
}

// server is an endpoint at one of its addresses.
type server struct {
	endpoint *endpoint
	host     *host
}

var labs atomic.Int64

// Usable says why this machine cannot build labs, or nil.
func Usable() error {
	if os.Geteuid() != 0 {
		return errors.New("lab: network namespaces need root")
	}
	for _, program := range []string{"nft", "unbound", "wireguard-go"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("lab: %w", err)
		}
	}
	return nil
}

// Build builds a world with the clients that will try. What it made is removed if it fails.
func Build(ctx context.Context, w World, hosts []Host) (*Lab, error) {
	bp, err := read(w, hosts)
	if err != nil {
		return nil, err
	}
	l := &Lab{Timeout: DefaultTimeout, bp: bp, nodes: map[node]*space{}, clients: map[Host]*caller{}}
	if err := l.build(ctx, hosts); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func (l *Lab) build(ctx context.Context, hosts []Host) (err error) {
	number := labs.Add(1)
	l.name = fmt.Sprintf("%s%d-%d", prefix, os.Getpid(), number)
	l.short = shortPID(os.Getpid()) + "x" + strconv.FormatInt(number, 36)
	if l.dir, err = os.MkdirTemp("", l.name+"-"); err != nil {
		return err
	}
	if l.home, err = os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid())); err != nil {
		return err
	}
	for _, step := range []func() error{
		l.makeNodes, l.makeLinks, l.makeGateways,
		func() error { return l.makeHosts(hosts) },
		l.makeRoutes,
		func() error { return l.loadFirewalls(ctx) },
		func() error { return l.startServices(ctx, hosts) },
	} {
		if err := step(); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// space makes a namespace that ends with the lab.
func (l *Lab) space(name string) (*space, error) {
	s, err := newSpace(name, l.home)
	if s != nil {
		l.spaces = append(l.spaces, s)
	}
	return s, err
}

// device is a new name of a device; kernel names have at most 15 letters.
func (l *Lab) device(kind string) string {
	l.count++
	return fmt.Sprintf("%s%d", kind, l.count)
}

func (l *Lab) makeNodes() error {
	var all []node
	for _, n := range l.bp.networks {
		all = append(all, n)
	}
	for _, s := range l.bp.sites {
		all = append(all, s)
	}
	for _, r := range l.bp.routers {
		all = append(all, r)
	}
	for _, n := range all {
		s, err := l.space(n.label())
		if err != nil {
			return err
		}
		l.nodes[n] = s
	}
	return nil
}

// makeLinks lays the cables of the links that are up.
func (l *Lab) makeLinks() error {
	for _, link := range l.bp.links {
		if link.down {
			continue
		}
		a, b := l.nodes[link.a.node], l.nodes[link.b.node]
		link.a.device, link.b.device = l.device("l"), l.device("l")
		if err := cable(a, b, link.a.device, link.b.device, cableMTU); err != nil {
			return err
		}
		a.firewall += sendRules(link.a.device, link.a.allowed)
		b.firewall += sendRules(link.b.device, link.b.allowed)
	}
	return nil
}

// each runs f for all at once and returns every error.
func each[T any](all []T, f func(T) error) error {
	failed := make([]error, len(all))
	var wait sync.WaitGroup
	for i, x := range all {
		wait.Go(func() { failed[i] = f(x) })
	}
	wait.Wait()
	return errors.Join(failed...)
}

func (l *Lab) loadFirewalls(context.Context) error {
	return each(l.spaces, (*space).loadFirewall)
}

// prefix begins everything that a lab leaves on the file system.
const prefix = "obslink-lab-"

// shortPID is a process's number as it stands in the names of devices.
func shortPID(pid int) string { return strconv.FormatInt(int64(pid), 36) }

// daemon starts a process that ends with the lab.
func (l *Lab) daemon(s *space, env []string, name string, args ...string) (*daemon, error) {
	d, err := s.daemon(env, name, args...)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.daemons = append(l.daemons, d)
	l.mu.Unlock()
	// Sweep reads it.
	line := strings.Join(d.cmd.Args, "\x00") + "\x00"
	return d, os.WriteFile(filepath.Join(l.dir, strconv.Itoa(d.cmd.Process.Pid)+".pid"), []byte(line), 0o600)
}

// keep closes something with the lab.
func (l *Lab) keep(c io.Closer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closers = append(l.closers, c)
}

// Close removes everything that the lab made. It may be called twice.
func (l *Lab) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	// Processes first: a socket's file may be removed only when nobody makes it any more.
	for _, d := range l.daemons {
		d.stop()
	}
	for _, c := range l.closers {
		_ = c.Close()
	}
	for _, s := range l.spaces {
		s.close()
	}
	if l.home != nil {
		l.home.Close()
	}
	if l.dir != "" {
		os.RemoveAll(l.dir)
	}
	l.closers, l.daemons, l.spaces, l.home, l.dir = nil, nil, nil, nil, ""
}

// prefixOf is an address alone.
func prefixOf(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, a.BitLen()) }
