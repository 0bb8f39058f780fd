// Package drift asks AWS, with the user's credentials, whether the rows of the catalogue that a topology
// uses still hold: that the endpoint service exists for this account, is of type Interface, answers the
// private DNS name, and is offered in the zones where the endpoints stand. It changes nothing and
// decides nothing: it returns what differs, and what could not be asked.
package drift

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Use is one row of a catalogue as a topology uses it, from one account and region.
type Use struct {
	Service Service `json:"service"`
	From    Place   `json:"from"`
	// Zones are the ids of the zones where the endpoints stand; none where the topology does not say.
	Zones []string `json:"zones,omitempty"`
	// Path and Pos are where the topology asks for the service.
	Path string `json:"path"`
	Pos  string `json:"pos"`
}

// Service is what the catalogue says of an endpoint service.
type Service struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// Region is the service's, where it is another than the endpoints'.
	Region string `json:"region,omitempty"`
	// PrivateDNSName is empty where the catalogue names none, or several.
	PrivateDNSName string `json:"privateDnsName,omitempty"`
	Source         string `json:"source,omitempty"`
}

// Place is an account in a region, and how it is entered.
type Place struct {
	Account    string `json:"account"`
	Region     string `json:"region"`
	Profile    string `json:"-"`
	AssumeRole string `json:"-"`
}

// Answer is what AWS says of one use.
type Answer struct {
	Use
	// Holds, drifted or unknown.
	State string   `json:"state"`
	Found []string `json:"found,omitempty"`
	Hint  string   `json:"hint,omitempty"`
}

// The states of an answer.
const (
	Holds   = "holds"
	Drifted = "drifted"
	Unknown = "unknown"
)

// Cloud answers for one place.
type Cloud interface {
	// Describe returns the service, or nil where the account does not see one of that name.
	Describe(ctx context.Context, name, region string) (*Description, error)
	// ZoneIDs are the ids of the account's zones in the region, by their names in this account.
	ZoneIDs(ctx context.Context) (map[string]string, error)
}

// Description is an endpoint service as AWS describes it.
type Description struct {
	Types           []string
	PrivateDNSNames []string
	// Zones are names of zones in the asking account; none of a service in another region.
	Zones []string
}

// Check asks for every use, in the order of services and places. open enters a place; a place that
// cannot be entered ends the check, since nothing could be said of it.
func Check(ctx context.Context, uses []Use, open func(context.Context, Place) (Cloud, error)) ([]Answer, error) {
	uses = slices.Clone(uses)
	slices.SortStableFunc(uses, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.From.Account, b.From.Account), cmp.Compare(a.From.Region, b.From.Region), cmp.Compare(a.Service.Key, b.Service.Key))
	})
	clouds := map[Place]Cloud{}
	answers := make([]Answer, 0, len(uses))
	for _, u := range uses {
		cloud := clouds[u.From]
		if cloud == nil {
			var err error
			if cloud, err = open(ctx, u.From); err != nil {
				return nil, err
			}
			clouds[u.From] = cloud
		}
		answers = append(answers, ask(ctx, u, cloud))
	}
	return answers, nil
}

func ask(ctx context.Context, u Use, cloud Cloud) Answer {
	unknown := func(err error) Answer {
		return Answer{Use: u, State: Unknown, Found: []string{err.Error()}, Hint: "allow ec2:DescribeVpcEndpointServices and ec2:DescribeAvailabilityZones, and ask again"}
	}
	d, err := cloud.Describe(ctx, u.Service.Name, u.Service.Region)
	if err != nil {
		return unknown(err)
	}
	if d == nil {
		hint := "ask whoever offers the service for its name of today, and override the row: `catalogue` in the topology"
		if u.Service.Region != "" {
			hint = fmt.Sprintf("the service is gone, or not offered to %s across regions: ask whoever offers it; a peering to a network in %s reaches it too", u.From.Region, u.Service.Region)
		}
		return Answer{Use: u, State: Drifted, Found: []string{"there is no such endpoint service for this account"}, Hint: hint}
	}
	a := Answer{Use: u, State: Holds}
	if len(d.Types) > 0 && !slices.Contains(d.Types, "Interface") {
		a.Found = append(a.Found, fmt.Sprintf("it is of type %s, not Interface", strings.Join(d.Types, ", ")))
	}
	if want := u.Service.PrivateDNSName; want != "" && !slices.Contains(d.PrivateDNSNames, want) {
		a.Found = append(a.Found, fmt.Sprintf("it answers %s, not %s", orNone(d.PrivateDNSNames), want))
	}
	if len(u.Zones) > 0 && len(d.Zones) > 0 {
		ids, err := cloud.ZoneIDs(ctx)
		if err != nil {
			return unknown(err)
		}
		var offered []string
		for _, name := range d.Zones {
			offered = append(offered, cmp.Or(ids[name], name))
		}
		slices.Sort(offered)
		for _, zone := range u.Zones {
			if !slices.Contains(offered, zone) {
				a.Found = append(a.Found, fmt.Sprintf("it is not offered in zone %s, only in %s", zone, orNone(offered)))
			}
		}
	}
	if len(a.Found) > 0 {
		a.State, a.Hint = Drifted, "override the row with what AWS says (`catalogue` in the topology), or move the endpoints' subnets"
	}
	return a
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
