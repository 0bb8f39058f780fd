package load

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/obslink/obslink/compiler/topology"
)

// document is a topology as JSON.
type document struct {
	Environment string                                `json:"environment"`
	Protect     bool                                  `json:"protect"`
	Accounts    map[string]map[string]json.RawMessage `json:"accounts"`
	Networks    map[string]*topology.Network          `json:"networks"`
	Sites       map[string]*topology.Site             `json:"sites"`
	Backends    map[string]map[string]json.RawMessage `json:"backends"`
	Links       map[string]*topology.Link             `json:"links"`
	Zones       map[string]*topology.Zone             `json:"zones"`
	Catalogue   map[string]json.RawMessage            `json:"catalogue"`
	Severities  map[string]topology.Severity          `json:"severities"`
	Prices      map[string]map[string]topology.Price  `json:"prices"`

	TransitGateways    map[string]*topology.TransitGateway `json:"transitGateways"`
	ZoneAuthorizations string                              `json:"zoneAuthorizations"`
}

// decode turns JSON that fits the schema into a topology.
func decode(raw []byte) (*topology.Topology, error) {
	var doc document
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	t := &topology.Topology{
		Environment: doc.Environment,
		Protect:     doc.Protect,
		Accounts:    make(map[string]*topology.Account, len(doc.Accounts)),
		Networks:    doc.Networks,
		Sites:       doc.Sites,
		Backends:    make(map[string]*topology.Backend, len(doc.Backends)),
		Links:       doc.Links,
		Zones:       doc.Zones,
		Catalogue:   doc.Catalogue,
		Severities:  doc.Severities,
		Prices:      doc.Prices,

		TransitGateways:    doc.TransitGateways,
		ZoneAuthorizations: doc.ZoneAuthorizations,
	}
	for key, fields := range doc.Accounts {
		tag, was, err := tagged(fields)
		if err != nil {
			return nil, fmt.Errorf("accounts.%s: %w", key, err)
		}
		t.Accounts[key] = &topology.Account{Tagged: tag, Was: was}
	}
	for key, fields := range doc.Backends {
		tag, was, err := tagged(fields)
		if err != nil {
			return nil, fmt.Errorf("backends.%s: %w", key, err)
		}
		t.Backends[key] = &topology.Backend{Tagged: tag, Was: was}
	}
	return t, nil
}

// tagged splits {"aws": {...}, "was": "old"} into its kind and the rest.
func tagged(fields map[string]json.RawMessage) (t topology.Tagged, was string, err error) {
	if raw, ok := fields["was"]; ok {
		if err := json.Unmarshal(raw, &was); err != nil {
			return t, "", err
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(fields)) {
		if kind == "was" {
			continue
		}
		t.All = append(t.All, kind)
		if t.Kind == "" {
			t.Kind, t.Body = kind, fields[kind]
		}
	}
	return t, was, nil
}
