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
	return hostings(t, func(network string) bool { return t.Kind(network) == target })
}

func hostings(t *topology.Topology, counts func(network string) bool) []*Hosting {
	var all []*Hosting
	by := map[[2]string]*Hosting{}
	for key, link := range topology.Sorted(t.Links) {
		network, _ := link.Via.Network()
		if !counts(network) {
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

// Groups are, by client, the groups of servers that alone use the hosting; a client that a link is for as
// a whole has none.
func (h *Hosting) Groups(t *topology.Topology) map[string][]string {
	groups, whole := map[string][]string{}, map[string]bool{}
	for _, key := range h.Links {
		l := t.Links[key]
		groups[l.From] = append(groups[l.From], l.Groups()...)
		whole[l.From] = whole[l.From] || l.Clients == nil || t.Networks[l.From] == nil
	}
	for client, all := range groups {
		slices.Sort(all)
		if groups[client] = slices.Compact(all); whole[client] {
			delete(groups, client)
		}
	}
	return groups
}

// Decode reads a body that the schema has passed into a target's own type.
func Decode[T any](body json.RawMessage) T {
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		panic("a checked value does not decode: " + err.Error() + "; this is a bug in obslink")
	}
	return v
}
