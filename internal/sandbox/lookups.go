package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func (p *provider) Invoke(ctx context.Context, r *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	f := p.functions[r.GetTok()]
	if f == nil {
		return nil, status.Error(codes.Unimplemented, no("unknown-function", r.GetTok(), strings.Join(sortedKeys(p.functions), ", ")).Error())
	}
	who, err := p.identity(ctx)
	if err != nil {
		return nil, err
	}
	args := public(decode(r.GetArgs()))
	if _, err := p.faults.before(ctx, p.ctx, f.token, "invoke", "", false); err != nil {
		return nil, err
	}
	resp := &pulumirpc.InvokeResponse{}
	fail := func(property string, err error) {
		resp.Failures = append(resp.Failures, &pulumirpc.CheckFailure{Property: property, Reason: err.Error()})
	}
	for _, k := range f.required {
		if args[k] == nil {
			fail(k, no("function-missing-input", k, f.token))
		}
	}
	known := slices.Concat(f.required, f.inputs)
	for _, k := range sortedKeys(args) {
		if !slices.Contains(known, k) {
			fail(k, no("unknown-input", k, f.token, strings.Join(known, ", ")))
		}
	}
	if len(resp.Failures) > 0 {
		return resp, nil
	}
	var out map[string]any
	err = p.db.view(func(t *tx) (err error) {
		out, err = f.run(&call{tx: t, who: who, in: bareMap(args), row: &resourceType{token: f.token}})
		return err
	})
	if err != nil {
		return nil, status.Error(codes.NotFound, fmt.Sprintf("invoking %s: %s", f.token, err))
	}
	resp.Return = encode(out)
	return resp, nil
}
