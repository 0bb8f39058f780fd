package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// provider is the plumbing between the engine's requests and the rows of the tables; it is the same for both clouds.
type provider struct {
	pulumirpc.UnimplementedResourceProviderServer

	ctx       context.Context // ends when the server does
	db        *db
	faults    *faults
	cloud     string
	version   string
	types     map[string]*resourceType
	functions map[string]*function
	holds     holds
	notice    *notice
}

func newProvider(ctx context.Context, d *db, f *faults, n *notice, cloud, version string) *provider {
	p := &provider{ctx: ctx, db: d, faults: f, notice: n, cloud: cloud, version: version,
		types: map[string]*resourceType{}, functions: map[string]*function{}, holds: newHolds()}
	for _, t := range resourceTypes() {
		if t.cloud() == cloud {
			p.types[t.token] = &t
		}
	}
	for _, f := range functions() {
		if cloudOf(f.token) == cloud {
			p.functions[f.token] = &f
		}
	}
	return p
}

func (p *provider) Handshake(context.Context, *pulumirpc.ProviderHandshakeRequest) (*pulumirpc.ProviderHandshakeResponse, error) {
	return &pulumirpc.ProviderHandshakeResponse{AcceptSecrets: true, AcceptResources: true}, nil
}

func (p *provider) Attach(ctx context.Context, r *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	p.notice.tell(ctx, r.GetAddress())
	return &emptypb.Empty{}, nil
}

func (p *provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: p.version}, nil
}

func (p *provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	p.faults.release()
	return &emptypb.Empty{}, nil
}

func (p *provider) GetMapping(context.Context, *pulumirpc.GetMappingRequest) (*pulumirpc.GetMappingResponse, error) {
	return &pulumirpc.GetMappingResponse{}, nil
}

func (p *provider) GetMappings(context.Context, *pulumirpc.GetMappingsRequest) (*pulumirpc.GetMappingsResponse, error) {
	return &pulumirpc.GetMappingsResponse{}, nil
}

func (p *provider) GetSchema(context.Context, *pulumirpc.GetSchemaRequest) (*pulumirpc.GetSchemaResponse, error) {
	return &pulumirpc.GetSchemaResponse{Schema: fmt.Sprintf(
		`{"name":%q,"version":%q,"description":"SANDBOX: simulated, nothing it makes is real"}`,
		map[string]string{"aws": "aws", "azure": "azure-native"}[p.cloud], p.version)}, nil
}

// row finds the table row of a request and starts the call; a type without a row is never a silent success.
func (p *provider) row(ctx context.Context, urn string) (*call, error) {
	token := urnType(urn)
	row := p.types[token]
	if row == nil {
		return nil, status.Error(codes.Unimplemented, no("unknown-type", token, strings.Join(sortedKeys(p.types), ", ")).Error())
	}
	who, err := p.identity(ctx)
	if err != nil {
		return nil, err
	}
	return &call{who: who, row: row, urn: urn, name: urnName(urn)}, nil
}

func (p *provider) Check(ctx context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	c, err := p.row(ctx, r.GetUrn())
	if err != nil {
		return nil, err
	}
	if _, err := p.faults.before(ctx, p.ctx, c.row.token, "check", c.name, false); err != nil {
		return nil, failure(c, "checking", err)
	}
	olds, news := decode(r.GetOlds()), decode(r.GetNews())
	inputs := c.complete(olds, news, r.GetRandomSeed())
	resp := &pulumirpc.CheckResponse{Inputs: encode(inputs)}
	for _, f := range c.problems(inputs) {
		resp.Failures = append(resp.Failures, &pulumirpc.CheckFailure{Property: f.property, Reason: f.err.Error()})
	}
	if len(olds) > 0 {
		p.db.acknowledge(c.urn, func(o *Object) bool { return same(o.Inputs, public(hidden(olds, c.urn).(map[string]any))) })
	}
	return resp, nil
}

func (p *provider) Diff(ctx context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	c, err := p.row(ctx, r.GetUrn())
	if err != nil {
		return nil, err
	}
	p.db.acknowledge(c.urn, func(o *Object) bool { return strings.EqualFold(o.ID, r.GetId()) })
	olds, news := decode(r.GetOldInputs()), decode(r.GetNews())
	if r.GetOldInputs() == nil {
		olds = decode(r.GetOlds())
		for k := range olds {
			if !c.row.accepts(k) {
				delete(olds, k)
			}
		}
	}
	d := difference(public(olds), public(news), c.row.replace, c.row.sets)
	d.DeleteBeforeReplace = len(d.Replaces) > 0 && c.mustDeleteFirst(olds, news)
	return d, nil
}

func (p *provider) Create(ctx context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	c, err := p.row(ctx, r.GetUrn())
	if err != nil {
		return nil, err
	}
	inputs := decode(r.GetProperties())
	if r.GetPreview() {
		return &pulumirpc.CreateResponse{Properties: encode(c.preview(inputs, nil, c.row.computed))}, nil
	}
	release, err := p.holds.take(c, inputs)
	if err != nil {
		return nil, failure(c, "creating", err)
	}
	defer release()
	var o *Object
	err = p.mutate(ctx, c, "create", func() (err error) {
		o, err = p.db.create(c, inputs)
		return err
	})
	if err != nil {
		return nil, failure(c, "creating", err)
	}
	var out map[string]any
	_ = p.db.view(func(t *tx) error { c.tx = t; out = c.outputs(o, inputs); return nil })
	return &pulumirpc.CreateResponse{Id: o.ID, Properties: encode(out)}, nil
}

func (p *provider) Read(ctx context.Context, r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	c, err := p.row(ctx, r.GetUrn())
	if err != nil {
		return nil, err
	}
	if _, err := p.faults.before(ctx, p.ctx, c.row.token, "read", c.name, false); err != nil {
		return nil, failure(c, "reading", err)
	}
	p.db.acknowledge(c.urn, func(o *Object) bool { return strings.EqualFold(o.ID, r.GetId()) })
	resp := &pulumirpc.ReadResponse{}
	err = p.db.view(func(t *tx) error {
		c.tx = t
		o := c.locate(r.GetId())
		if o == nil {
			return nil // gone: an empty id says so
		}
		inputs := c.currentInputs(o, decode(r.GetInputs()))
		resp.Id = o.ID
		resp.Inputs = encode(inputs)
		resp.Properties = encode(c.outputs(o, inputs))
		return nil
	})
	if err != nil {
		return nil, failure(c, "reading", err)
	}
	return resp, nil
}

func (p *provider) Update(ctx context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	c, err := p.row(ctx, r.GetUrn())
	if err != nil {
		return nil, err
	}
	inputs := decode(r.GetNews())
	if r.GetPreview() {
		return &pulumirpc.UpdateResponse{Properties: encode(c.preview(inputs, decode(r.GetOlds()), c.row.volatile))}, nil
	}
	release, err := p.holds.take(c, inputs)
	if err != nil {
		return nil, failure(c, "updating", err)
	}
	defer release()
	var o *Object
	err = p.mutate(ctx, c, "update", func() (err error) {
		o, err = p.db.change(c, r.GetId(), inputs)
		return err
	})
	if err != nil {
		return nil, failure(c, "updating", err)
	}
	var out map[string]any
	_ = p.db.view(func(t *tx) error { c.tx = t; out = c.outputs(o, inputs); return nil })
	return &pulumirpc.UpdateResponse{Properties: encode(out)}, nil
}

func (p *provider) Delete(ctx context.Context, r *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	c, err := p.row(ctx, r.GetUrn())
	if err != nil {
		return nil, err
	}
	release, err := p.holds.take(c, decode(r.GetOldInputs()))
	if err != nil {
		return nil, failure(c, "deleting", err)
	}
	defer release()
	if err := p.mutate(ctx, c, "delete", func() error { return p.db.delete(c, r.GetId()) }); err != nil {
		return nil, failure(c, "deleting", err)
	}
	return &emptypb.Empty{}, nil
}

// mutate runs one operation that changes a cloud, with the faults that a file asks for around it.
func (p *provider) mutate(ctx context.Context, c *call, operation string, run func() error) error {
	dieAfter, err := p.faults.before(ctx, p.ctx, c.row.token, operation, c.name, true)
	if err != nil {
		return err
	}
	err = run()
	if dieAfter {
		die()
	}
	return err
}

// failure words an error as a provider does, and says that the cloud is not a real one.
func failure(c *call, doing string, err error) error {
	var r refused
	code := codes.Unknown
	if errors.As(err, &r) {
		code = codes.FailedPrecondition
	}
	return status.Error(code, fmt.Sprintf("SANDBOX: %s %s (%s): %s", doing, c.row.token, c.name, err))
}
