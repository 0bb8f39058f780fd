// Package plan is the contract between lowering and everything after it: plain data, nothing that
// talks to a cloud. A plan holds the neutral graph that a proof reads, each target's parts (the
// objects that become Pulumi resources) and the names that clients ask for. Every element carries
// the place in the topology that it came from.
//
// Lowering writes a plan; nothing may change it afterwards. Slices are in the order of names.
package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
)

// Version is the version of the plan's JSON form.
const Version = 1

// Plan is one compiled stack.
type Plan struct {
	Version     int    `json:"version"`
	Stack       string `json:"stack"`
	Environment string `json:"environment"`
	Protect     bool   `json:"protect"`
	Graph       Graph  `json:"graph"`
	// Parts are keyed by target; the value is that target's own type.
	Parts map[string]any `json:"parts"`
	Names []Name         `json:"names"`
	// Links are in the order of their keys.
	Links []Link `json:"links"`
	// Prerequisites are what must be true before the plan is built and that no look-up can see.
	Prerequisites []Prerequisite `json:"prerequisites,omitempty"`
	// Prices are those that the topology says, in the order of items and regions.
	Prices []Price `json:"prices,omitempty"`
	// Secrets are the names of the stack's secrets that the topology refers to.
	Secrets []Secret `json:"secrets,omitempty"`
	// Served are the temporary parts that a run leaves out, by name, each with its digest. What was
	// deployed says so, not the topology: it is of no product.
	Served map[string]string `json:"-"`
}

// Temporary is a part that another one needs only to come into being. It may go as soon as that one
// is there.
type Temporary struct {
	// For is the other part.
	For string
	// Digest is of all that would make the other part anew.
	Digest string
}

// Digest identifies what the plan builds: a hash of its JSON form without positions, without links,
// and without what is said about it, so that a comment, a moved line or another key changes nothing.
func (p *Plan) Digest() string {
	built := *p
	built.Links, built.Prerequisites, built.Prices = nil, nil, nil
	sum := sha256.Sum256(WithoutOrigins(built))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// WithoutOrigins is the JSON form of a plan, or of a part of one, with every origin empty. It works on
// the text, since a plan of 18,000 parts read back into maps costs three times its writing. Within a
// string the mark's quotes would be escaped.
func WithoutOrigins(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("plan does not marshal: " + err.Error() + "; this is a bug in obslink")
	}
	mark := []byte(`"origin":"`)
	kept := raw[:0]
	for {
		before, after, found := bytes.Cut(raw, mark)
		kept = append(kept, before...)
		if !found {
			return kept
		}
		kept = append(kept, mark...)
		end := 0 // of the string
		for after[end] != '"' {
			if after[end] == '\\' {
				end++
			}
			end++
		}
		raw = after[end:]
	}
}

// Origin is the place in the topology that an element came from. Its JSON form is one string, such
// as "networks.hub stacks/base.cue:19:3".
type Origin struct {
	Path string
	Pos  diag.Pos
}

// MarshalText writes the path and the position.
func (o Origin) MarshalText() ([]byte, error) {
	return []byte(strings.TrimSpace(o.Path + " " + o.Pos.String())), nil
}

// Part is what every object that becomes a Pulumi resource carries.
type Part struct {
	// Name is the resource's logical name: a kind and the topology's keys, joined by "_", which no
	// key contains. It stays when other elements come, go or move.
	Name string `json:"name"`
	// Was holds former logical names, from `was` in the topology: Pulumi aliases.
	Was []string `json:"was,omitempty"`
	// Provider is the logical name of the explicit provider.
	Provider string `json:"provider,omitempty"`
	Origin   Origin `json:"origin"`
}

// Ref is an object that is either created by this plan or already there; exactly one field is set.
type Ref struct {
	// Part is the logical name of a part of this plan.
	Part string `json:"part,omitempty"`
	// Existing is the cloud's id of an existing object.
	Existing string `json:"existing,omitempty"`
}

// Name is an FQDN that clients ask for.
type Name struct {
	// FQDN has no trailing dot. It may hold ${part.output} where only the cloud knows a part of it.
	FQDN     string `json:"fqdn"`
	Backend  string `json:"backend"`
	Service  string `json:"service"`
	Endpoint string `json:"endpoint"`
	// Zone is the private zone that answers, if one does.
	Zone string `json:"zone,omitempty"`
	// Canonical is the name at the end of the chain of CNAMEs that public DNS answers FQDN with, which
	// is the one that zones and endpoints hold; empty where it is FQDN itself.
	Canonical string `json:"canonical,omitempty"`
	// Aliases are further names that clients really ask for and that public DNS points at FQDN. A
	// hosts file must list each, since it does not follow a CNAME.
	Aliases []string `json:"aliases,omitempty"`
	// Versioned is a host name with %s for a Datadog Agent's version, such as 7-70-1.
	Versioned string `json:"versioned,omitempty"`
	// Exclusive says that the endpoint answers for its own backend's resources only: others that are
	// asked for by this name are refused.
	Exclusive bool `json:"exclusive,omitempty"`
	// Optional says that real endpoints were seen without this name: its absence is no finding.
	Optional bool `json:"optional,omitempty"`
	// Clients are the networks and sites linked to the backend through this endpoint.
	Clients []string `json:"clients"`
	// Groups are, by network among the clients, the groups of servers that alone need the name; a network
	// without an entry needs it everywhere.
	Groups map[string][]string `json:"groups,omitempty"`
	Origin Origin              `json:"origin"`
}

// Needs reports whether a host of a node needs the name; group is its group of servers, or "".
func (n *Name) Needs(node, group string) bool {
	if !slices.Contains(n.Clients, node) {
		return false
	}
	groups, some := n.Groups[node]
	return !some || slices.Contains(groups, group)
}

// Link is a declared need: a network or site that must reach a backend's endpoints in a network.
type Link struct {
	Name    string `json:"name"`
	From    string `json:"from"`
	To      string `json:"to"`
	Network string `json:"network"`
	// Clients are the groups of servers that alone need it; nil is everything in From.
	Clients []string `json:"clients,omitempty"`
	// Mechanism is "endpoint", "cross-region endpoint", "peering", …; Why is "declared", or "chosen: "
	// and the reason.
	Mechanism string `json:"mechanism"`
	Why       string `json:"why"`
	Origin    Origin `json:"origin"`
}

// Prerequisite is something that a person sees to before a plan is built.
type Prerequisite struct {
	Text   string `json:"text"`
	Origin Origin `json:"origin"`
}

// Price is what a thing costs in a region ("*" in every one), in US dollars.
type Price struct {
	Item   string `json:"item"`
	Region string `json:"region"`
	USD    string `json:"usd"`
	Source string `json:"source"`
	Origin Origin `json:"origin"`
}

// Secret is a reference to a secret of the stack.
type Secret struct {
	Name   string `json:"name"`
	Origin Origin `json:"origin"`
}
