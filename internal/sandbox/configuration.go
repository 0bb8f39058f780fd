package sandbox

import (
	"context"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func (p *provider) CheckConfig(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: r.GetNews()}, nil
}

// DiffConfig: pulumi-aws replaces the provider, and with it every resource, when the region changes (recalled); azure-native
// replaces nothing.
func (p *provider) DiffConfig(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	olds, news := decode(r.GetOlds()), decode(r.GetNews())
	if r.GetOldInputs() != nil {
		olds = decode(r.GetOldInputs())
	}
	return difference(olds, news, []string{"region"}, nil), nil
}

func (p *provider) Configure(ctx context.Context, r *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	who, err := configure(p.cloud, bareMap(decode(r.GetArgs())))
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	c := connectionOf(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.who, c.configured = who, true
	return &pulumirpc.ConfigureResponse{AcceptSecrets: true, AcceptResources: true, SupportsPreview: true}, nil
}

func (p *provider) identity(ctx context.Context) (identity, error) {
	c := connectionOf(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.configured {
		return identity{}, status.Error(codes.FailedPrecondition, no("not-configured").Error())
	}
	return c.who, nil
}
