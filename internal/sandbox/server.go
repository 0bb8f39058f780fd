// Package sandbox holds simulated clouds: the Pulumi resource providers "aws" and "azure-native", served over gRPC from
// this process. The real Pulumi engine dials them because its environment says so (Server.Env), so programs, plans,
// state and diffs are the real ones, and only the clouds are not.
//
// The clouds know what clouds know: which ids exist in which account and region, which addresses are free, what a VPC's
// resolver answers, what is refused and in which words (refusals.go). They must not know what a plan hopes for, and they never
// say "fine" about what they do not simulate.
//
// A create that was written down but whose answer was lost (a killed process, a broken connection) is recognised when it is
// asked for again, as EC2 does with a client token: see lifecycle.go.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"
)

// Config says where the sandbox keeps its clouds and what exists in them before obslink creates anything.
type Config struct {
	StateFile string // every object, one JSON line each; made if missing, an unreadable one is left alone
	World     []byte // contents of the stack's world.json (existing objects), may be empty
	Faults    []byte // contents of a faults file, may be empty
}

// Server serves both clouds until it is closed.
type Server struct {
	db      *db
	stop    context.CancelFunc
	servers []*grpc.Server
	env     string
	closing sync.Once
	closed  error
}

// Start reads the state file, the world and the faults, and listens on ports of 127.0.0.1 that the system chooses. It
// stops when ctx is cancelled or when Close is called.
func Start(ctx context.Context, c Config) (*Server, error) {
	w, err := parseWorld(c.World)
	if err != nil {
		return nil, err
	}
	f, err := parseFaults(c.Faults)
	if err != nil {
		return nil, err
	}
	d, err := openDB(c.StateFile)
	if err != nil {
		return nil, err
	}
	d.exist(w)
	if err := d.compact(); err != nil {
		return nil, errors.Join(err, d.journal.lock.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Server{db: d, stop: cancel}
	told := &notice{engines: map[string]bool{}}
	for _, cloud := range []struct{ provider, name, version string }{
		{"aws", "aws", "6.83.2"},
		{"azure-native", "azure", "2.90.0"},
	} {
		port, err := s.serve(newProvider(ctx, d, f, told, cloud.name, cloud.version))
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		if s.env != "" {
			s.env += ","
		}
		s.env += fmt.Sprintf("%s:%d", cloud.provider, port)
	}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return s, nil
}

func (s *Server) serve(p *provider) (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("the sandbox cannot listen on 127.0.0.1: %w", err)
	}
	g := grpc.NewServer(grpc.StatsHandler(perConnection{}), grpc.MaxRecvMsgSize(400<<20))
	pulumirpc.RegisterResourceProviderServer(g, p)
	s.servers = append(s.servers, g)
	go func() { _ = g.Serve(l) }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Env is what the engine's environment needs so that it uses the sandbox.
func (s *Server) Env() map[string]string {
	return map[string]string{"PULUMI_DEBUG_PROVIDERS": s.env}
}

// Close stops serving and writes the state file in its short form.
func (s *Server) Close() error {
	s.closing.Do(func() {
		s.stop()
		for _, g := range s.servers {
			g.Stop()
		}
		s.closed = s.db.close()
	})
	return s.closed
}

// connection is one of the engine's connections. The engine dials once for each explicit provider and configures that connection;
// nothing in a later request says which account or region is meant (DESIGN §5.4), so the connection must.
type connection struct {
	mu         sync.Mutex
	who        identity
	configured bool
}

type connectionKey struct{}

// perConnection gives each connection a place for its configuration.
type perConnection struct{}

func (perConnection) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{})
}
func (perConnection) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }
func (perConnection) HandleRPC(context.Context, stats.RPCStats)                       {}
func (perConnection) HandleConn(context.Context, stats.ConnStats)                     {}

func connectionOf(ctx context.Context) *connection {
	c, _ := ctx.Value(connectionKey{}).(*connection)
	if c == nil {
		panic("sandbox: a request without a connection; this is a bug in obslink")
	}
	return c
}
