package sandbox

import (
	"context"
	"sync"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// noticeText is what a reader of the engine's output sees, so that nobody takes the result for real.
const noticeText = "SANDBOX: these clouds are simulated by obslink; nothing real is created, changed or deleted"

// notice tells each engine once, although it attaches once for each provider.
type notice struct {
	mu      sync.Mutex
	engines map[string]bool
}

func (n *notice) tell(ctx context.Context, engine string) {
	n.mu.Lock()
	told := n.engines[engine]
	n.engines[engine] = true
	n.mu.Unlock()
	if told || engine == "" {
		return
	}
	conn, err := grpc.NewClient(engine, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return // a notice that cannot be given must not stop the work: outputs and exports carry the mark as well
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, _ = pulumirpc.NewEngineClient(conn).Log(ctx, &pulumirpc.LogRequest{Severity: pulumirpc.LogSeverity_INFO, Message: noticeText})
}
