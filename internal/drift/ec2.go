package drift

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
)

// EC2 is the part of EC2's Query API that is asked. It is signed and read here: the SDK's package for
// EC2 takes minutes to compile and tens of megabytes in the binary, for two calls.
type EC2 struct{ api *api }

type servicesResponse struct {
	Services []struct {
		Name  string `xml:"serviceName"`
		Types []struct {
			Type string `xml:"serviceType"`
		} `xml:"serviceType>item"`
		Zones    []string `xml:"availabilityZoneSet>item"`
		DNSName  string   `xml:"privateDnsName"`
		DNSNames []struct {
			Name string `xml:"privateDnsName"`
		} `xml:"privateDnsNameSet>item"`
	} `xml:"serviceDetailSet>item"`
	NextToken string `xml:"nextToken"`
}

// Describe asks DescribeVpcEndpointServices, page by page.
func (e *EC2) Describe(ctx context.Context, name, region string) (*Description, error) {
	form := url.Values{"Action": {"DescribeVpcEndpointServices"}, "ServiceName.1": {name}}
	if region != "" {
		form.Set("ServiceRegion.1", region)
	}
	for {
		var page servicesResponse
		if err := e.api.call(ctx, form, &page); isCode(err, "InvalidServiceName") {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		for _, s := range page.Services {
			if s.Name != name {
				continue
			}
			d := &Description{Zones: s.Zones}
			for _, t := range s.Types {
				d.Types = append(d.Types, t.Type)
			}
			for _, n := range s.DNSNames {
				d.PrivateDNSNames = append(d.PrivateDNSNames, n.Name)
			}
			if s.DNSName != "" && !slices.Contains(d.PrivateDNSNames, s.DNSName) {
				d.PrivateDNSNames = append(d.PrivateDNSNames, s.DNSName)
			}
			return d, nil
		}
		if page.NextToken == "" || page.NextToken == form.Get("NextToken") {
			return nil, nil
		}
		form.Set("NextToken", page.NextToken)
	}
}

// ZoneIDs asks DescribeAvailabilityZones: us-east-1a is another zone in every account, use1-az6 is not.
func (e *EC2) ZoneIDs(ctx context.Context) (map[string]string, error) {
	var found struct {
		Zones []struct {
			Name string `xml:"zoneName"`
			ID   string `xml:"zoneId"`
		} `xml:"availabilityZoneInfo>item"`
	}
	if err := e.api.call(ctx, url.Values{"Action": {"DescribeAvailabilityZones"}}, &found); err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, z := range found.Zones {
		ids[z.Name] = z.ID
	}
	return ids, nil
}

// APIError is an answer of EC2 that is no result.
type APIError struct{ Code, Message string }

func (e *APIError) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// readError reads an error document, and says what else it is where it is none.
func readError(status string, body []byte) error {
	var doc struct {
		Errors []struct {
			Code    string `xml:"Code"`
			Message string `xml:"Message"`
		} `xml:"Errors>Error"`
	}
	if err := xml.Unmarshal(body, &doc); err != nil || len(doc.Errors) == 0 {
		return fmt.Errorf("EC2 answered %s, and not as its API does", status)
	}
	return &APIError{doc.Errors[0].Code, doc.Errors[0].Message}
}
