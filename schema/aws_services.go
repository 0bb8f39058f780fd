package schema

import (
	"strings"
	"sync"
)

// AWSServices is what is known of AWS's own services behind interface endpoints. In names, {region}
// and {account} stand for those of the endpoint.
type AWSServices struct {
	Version int               `json:"version"`
	AsOf    string            `json:"asOf"`
	Sources map[string]string `json:"sources"`
	// Services are by the end of their name in AWS: com.amazonaws.<region>.<key>.
	Services map[string]AWSService `json:"services"`
	// Variants are names that SDKs form of a service's own, and that its endpoint answers only where
	// they are among its names.
	Variants []AWSVariant `json:"variants"`
	// Elsewhere are services that are reached otherwise.
	Elsewhere map[string]AWSElsewhere `json:"elsewhere"`
}

// AWSService is one service.
type AWSService struct {
	// Place is the service's own in a block of addresses. It never changes; a new row takes the next.
	Place int `json:"place"`
	// Names are all the private DNS names that an endpoint answers; "*.example.net" is every name below.
	Names []string `json:"names"`
	// Hosts are names below a wildcard that clients in the endpoint's account ask for.
	Hosts []string `json:"hosts"`
	// NotCovered are global and legacy names of the service, which an endpoint does not answer.
	NotCovered []AWSName `json:"notCovered"`
	// Others says whose names a wildcard takes over too.
	Others string `json:"others"`
	// Needs are services without which this one is of no use.
	Needs []string `json:"needs"`
	// Policies says that its endpoints take a policy.
	Policies bool `json:"policies"`
	// CrossRegion says that an endpoint in another region can reach it.
	CrossRegion bool `json:"crossRegion"`
	// Sure is confirmed, or recalled where no source was read.
	Sure   string `json:"sure"`
	Source string `json:"source"`
}

// AWSName is a name and what it is.
type AWSName struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// AWSVariant is a name that SDKs form of another, by its label.
type AWSVariant struct {
	Like   string `json:"like"`
	Name   string `json:"name"`
	Why    string `json:"why"`
	Source string `json:"source"`
}

// AWSElsewhere says how a service is reached that no row is for.
type AWSElsewhere struct {
	Why    string `json:"why"`
	Source string `json:"source"`
}

// AWSServiceCatalogue returns the catalogue of AWS's own services.
var AWSServiceCatalogue = sync.OnceValue(func() *AWSServices { return read[AWSServices]("aws_services") })

// Fill puts a region and an account into a name of the catalogue.
func Fill(name, region, account string) string {
	return strings.NewReplacer("{region}", region, "{account}", account).Replace(name)
}

// Uncovered lists the names of a service that its endpoint does not answer: global and legacy ones, and
// variants that are not among its names.
func (c *AWSServices) Uncovered(key string) []AWSName {
	row := c.Services[key]
	answered := map[string]bool{}
	for _, n := range row.Names {
		answered[n] = true
	}
	all := append([]AWSName{}, row.NotCovered...)
	for _, v := range c.Variants {
		_, after, _ := strings.Cut(v.Like, "{label}")
		for _, n := range row.Names {
			label, fits := strings.CutSuffix(n, after)
			if name := strings.ReplaceAll(v.Name, "{label}", label); fits && !strings.ContainsAny(label, ".*") && !strings.HasSuffix(label, "-fips") && !answered[name] {
				all = append(all, AWSName{Name: name, Why: v.Why})
			}
		}
	}
	return all
}
