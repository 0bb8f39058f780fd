package sandbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// env is one sandbox as a test sees it: its server, and the engine's side of as many providers as it wants.
type env struct {
	t      *testing.T
	state  string
	server *Server
}

func start(t *testing.T, c Config) *env {
	t.Helper()
	if c.StateFile == "" {
		c.StateFile = filepath.Join(t.TempDir(), "clouds.json")
	}
	s, err := Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return &env{t, c.StateFile, s}
}

func (e *env) restart(c Config) *env {
	e.t.Helper()
	if err := e.server.Close(); err != nil {
		e.t.Fatal(err)
	}
	c.StateFile = e.state
	return start(e.t, c)
}

func (e *env) clouds() *Clouds {
	e.t.Helper()
	c, err := Open(e.state)
	if err != nil {
		e.t.Fatal(err)
	}
	return c
}

// client is one configured connection.
type client struct {
	t   *testing.T
	rpc pulumirpc.ResourceProviderClient
}

func (e *env) dial(provider string) *client {
	e.t.Helper()
	for pair := range strings.SplitSeq(e.server.Env()["PULUMI_DEBUG_PROVIDERS"], ",") {
		if port, ok := strings.CutPrefix(pair, provider+":"); ok {
			conn, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()))
			if err != nil {
				e.t.Fatal(err)
			}
			e.t.Cleanup(func() { _ = conn.Close() })
			return &client{e.t, pulumirpc.NewResourceProviderClient(conn)}
		}
	}
	e.t.Fatalf("no port for %s", provider)
	return nil
}

func (e *env) aws(account, region string) *client {
	e.t.Helper()
	c := e.dial("aws")
	c.must(c.rpc.Configure(e.t.Context(), &pulumirpc.ConfigureRequest{Args: encode(map[string]any{
		"region": region, "allowedAccountIds": fmt.Sprintf(`[%q]`, account),
	})}))
	return c
}

func (e *env) azure(subscription string) *client {
	e.t.Helper()
	c := e.dial("azure-native")
	c.must(c.rpc.Configure(e.t.Context(), &pulumirpc.ConfigureRequest{Args: encode(map[string]any{"subscriptionId": subscription})}))
	return c
}

func (c *client) must(_ any, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func urnOf(token, name string) string {
	return "urn:pulumi:test::obslink::" + token + "::" + name
}

type props = map[string]any

// thing is a created resource.
type thing struct {
	token, name, id string
	inputs, out     props
}

func (x thing) str(path string) string {
	var v any = x.out
	for p := range strings.SplitSeq(path, ".") {
		switch w := v.(type) {
		case map[string]any:
			v = w[p]
		case []any:
			i := 0
			_, _ = fmt.Sscan(p, &i)
			if i >= len(w) {
				return ""
			}
			v = w[i]
		}
	}
	s, _ := v.(string)
	return s
}

// check runs Check and gives the inputs, or the failures as one error.
func (c *client) check(token, name string, olds, in props) (props, error) {
	c.t.Helper()
	r, err := c.rpc.Check(c.t.Context(), &pulumirpc.CheckRequest{Urn: urnOf(token, name), Olds: encode(olds), News: encode(in), RandomSeed: []byte("seed")})
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, f := range r.GetFailures() {
		texts = append(texts, f.GetProperty()+": "+f.GetReason())
	}
	if len(texts) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(texts, "\n"))
	}
	return decode(r.GetInputs()), nil
}

// try creates as the engine does: Check, then Create.
func (c *client) try(token, name string, in props) (thing, error) {
	c.t.Helper()
	checked, err := c.check(token, name, nil, in)
	if err != nil {
		return thing{}, err
	}
	r, err := c.rpc.Create(c.t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(token, name), Properties: encode(checked)})
	if err != nil {
		return thing{}, err
	}
	return thing{token, name, r.GetId(), checked, decode(r.GetProperties())}, nil
}

func (c *client) create(token, name string, in props) thing {
	c.t.Helper()
	x, err := c.try(token, name, in)
	if err != nil {
		c.t.Fatal(err)
	}
	return x
}

func (c *client) diff(x thing, in props) *pulumirpc.DiffResponse {
	c.t.Helper()
	checked, err := c.check(x.token, x.name, x.inputs, in)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := c.rpc.Diff(c.t.Context(), &pulumirpc.DiffRequest{Urn: urnOf(x.token, x.name), Id: x.id, Olds: encode(x.out), OldInputs: encode(x.inputs), News: encode(checked)})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *client) update(x thing, in props) (thing, error) {
	c.t.Helper()
	checked, err := c.check(x.token, x.name, x.inputs, in)
	if err != nil {
		return x, err
	}
	r, err := c.rpc.Update(c.t.Context(), &pulumirpc.UpdateRequest{Urn: urnOf(x.token, x.name), Id: x.id, Olds: encode(x.out), OldInputs: encode(x.inputs), News: encode(checked)})
	if err != nil {
		return x, err
	}
	x.inputs, x.out = checked, decode(r.GetProperties())
	return x, nil
}

func (c *client) read(x thing) thing {
	c.t.Helper()
	r, err := c.rpc.Read(c.t.Context(), &pulumirpc.ReadRequest{Urn: urnOf(x.token, x.name), Id: x.id, Properties: encode(x.out), Inputs: encode(x.inputs)})
	if err != nil {
		c.t.Fatal(err)
	}
	return thing{x.token, x.name, r.GetId(), decode(r.GetInputs()), decode(r.GetProperties())}
}

func (c *client) remove(x thing) error {
	_, err := c.rpc.Delete(c.t.Context(), &pulumirpc.DeleteRequest{Urn: urnOf(x.token, x.name), Id: x.id, Properties: encode(x.out), OldInputs: encode(x.inputs)})
	return err
}

func (c *client) invoke(token string, args props) (props, error) {
	r, err := c.rpc.Invoke(c.t.Context(), &pulumirpc.InvokeRequest{Tok: token, Args: encode(args)})
	if err != nil {
		return nil, err
	}
	if f := r.GetFailures(); len(f) > 0 {
		return nil, fmt.Errorf("%s: %s", f[0].GetProperty(), f[0].GetReason())
	}
	return decode(r.GetReturn()), nil
}

func wantError(t *testing.T, err error, part string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), part) {
		t.Fatalf("got error %v, want one with %q", err, part)
	}
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if text(got) != text(want) {
		t.Fatalf("got  %s\nwant %s", text(got), text(want))
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 200 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal(what)
}

func TestMain(m *testing.M) {
	if os.Getenv("SANDBOX_CHILD") != "" {
		childMain()
		return
	}
	os.Exit(m.Run())
}

// childMain is a sandbox in a process of its own, for the faults that kill it.
func childMain() {
	s, err := Start(context.Background(), Config{StateFile: os.Getenv("SANDBOX_CHILD"), Faults: []byte(os.Getenv("SANDBOX_FAULTS"))})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println(s.Env()["PULUMI_DEBUG_PROVIDERS"])
	_, _ = os.Stdin.Read(make([]byte, 1)) // until the parent ends
	_ = s.Close()
}
