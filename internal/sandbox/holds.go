package sandbox

import (
	"sync"
	"time"
)

// Some cloud objects refuse a second change while a first one is running. A hold is such a running change; it lasts a few
// milliseconds, long enough that two creates which the engine starts together do meet.
type holds struct {
	mu   *sync.Mutex
	held map[string]bool
}

const holdFor = 15 * time.Millisecond

func newHolds() holds { return holds{&sync.Mutex{}, map[string]bool{}} }

// take holds the private link scope that a scoped resource belongs to (terraform-provider-azurerm#22236).
func (h holds) take(c *call, inputs map[string]any) (func(), error) {
	if c.row.token != scopedResourceToken {
		return func() {}, nil
	}
	in := bareMap(inputs)
	key := azureKey(armID(c.who.account, str(in, "resourceGroupName"), "Microsoft.Insights/privateLinkScopes", str(in, "scopeName")))
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held[key] {
		return nil, no("azure-scope-busy")
	}
	h.held[key] = true
	return func() {
		time.Sleep(holdFor)
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.held, key)
	}, nil
}
