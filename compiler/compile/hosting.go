package compile

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/obslink/obslink/compiler/topology"
)

// Hosting is one network that holds the endpoints of one backend, and the links that use them.
type Hosting struct {
	Network, Backend string
	Links            []string // keys, sorted
}

// Hostings lists the networks of one target that hold endpoints, by network and backend.
func Hostings(t *topology.Topology, target string) []*Hosting {
	var all []*Hosting
	by := map[[2]string]*Hosting{}
	for key, link := range topology.Sorted(t.Links) {
		network, _ := link.Via.Network()
		if t.Kind(network) != target {
			continue
		}
		id := [2]string{network, link.To}
		h := by[id]
		if h == nil {
			h = &Hosting{Network: network, Backend: link.To}
			by[id] = h
			all = append(all, h)
		}
		h.Links = append(h.Links, key)
	}
	slices.SortFunc(all, func(a, b *Hosting) int {
		return cmp.Or(cmp.Compare(a.Network, b.Network), cmp.Compare(a.Backend, b.Backend))
	})
	return all
}

// Decode reads a body that the schema has passed into a target's own type.
func Decode[T any](body json.RawMessage) T {
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		panic("a checked value does not decode: " + err.Error() + "; this is a bug in obslink")
	}
	return v
}
