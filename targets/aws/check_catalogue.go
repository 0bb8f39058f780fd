package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

const rowExample = `catalogue: datadog: us1: services: metrics: {serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-…", source: "support ticket", asOf: "2026-11"}`

var (
	badServiceName = diag.Code{
		ID: "OBS380", Severity: diag.Error, Title: "not the name of an endpoint service of the site's region",
		Cause:   "A service of others is named com.amazonaws.vpce.REGION.vpce-svc- and 17 hexadecimal digits (AWS PrivateLink guide, 2026), and a Datadog site's services stand in its home region (Datadog's PrivateLink guide, 2026-08). AWS says InvalidServiceName to anything else.",
		Example: `catalogue: datadog: us1: services: metrics: {serviceName: "vpce-svc-0123456789abcdef0", …}`,
		Mend:    `catalogue: datadog: us1: services: metrics: {serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0", …}`,
	}
	badRow = diag.Code{
		ID: "OBS381", Severity: diag.Error, Title: "a row of the catalogue is not complete",
		Cause:   "A row says who says so and since when, so that whoever reads the plan a year later can ask again. A row that the catalogue has not needs the private DNS name too: no zone could be made without it.",
		Example: `catalogue: datadog: us1: services: metrics: {serviceName: "…", source: "", asOf: "last week"}`,
		Mend:    rowExample,
	}
	oneServiceTwoNames = diag.Code{
		ID: "OBS382", Severity: diag.Error, Title: "one endpoint service with two private DNS names",
		Cause:   "An endpoint service answers one private DNS name; a row with another service's id is a slip of copying. It has happened to Datadog's own pages: regions.config.js@02381a4c gives the id of process for metrics on ap2.",
		Example: `catalogue: datadog: ap2: services: metrics: {serviceName: "com.amazonaws.vpce.ap-southeast-2.vpce-svc-0c26ca335d93a68b5", …}   // the id of process`,
		Mend:    `catalogue: datadog: ap2: services: metrics: {serviceName: "com.amazonaws.vpce.ap-southeast-2.vpce-svc-06a30d6a016b746ff", …}`,
	}
	oneNameTwoServices = diag.Code{
		ID: "OBS383", Severity: diag.Error, Title: "one private DNS name with two endpoint services",
		Cause:   "Rows that share a private DNS name share an endpoint: two of one name in a VPC are refused (conflicting DNS domain; hashicorp/terraform-provider-aws#17535).",
		Example: "catalogue: datadog: ap2: services: {\n\t\"logs-agent\": {serviceName: \"…vpce-svc-0123456789abcdef0\", …}\n\t\"logs-user\": {serviceName: \"…vpce-svc-0123456789abcdef1\", …}\n}",
		Mend:    "catalogue: datadog: ap2: services: gold: {serviceName: \"…vpce-svc-0123456789abcdef0\", …}   // moves every row of gold",
	}
	sameAsCatalogue = diag.Code{
		ID: "OBS384", Severity: diag.Warning, Title: "a row says what the catalogue says",
		Cause:   "The row changes nothing today, and would hide the catalogue's next change.",
		Example: `catalogue: datadog: us1: services: metrics: {serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-09a8006e245d1e7b8", …}`,
		Mend:    `catalogue: {}`,
	}
	retiredService = diag.Code{
		ID: "OBS385", Severity: diag.Warning, Title: "an endpoint service of a former generation",
		Cause:   "Datadog gives its services other ids every year or two, and old ids stop answering: datadog-serverless-functions#505 shows what that costs.",
		Example: `catalogue: datadog: us1: services: metrics: {serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-056576c12b36056ca", …}`,
		Mend:    `catalogue: {}   // the catalogue has the id of today`,
	}
)

var (
	serviceNamePattern = regexp.MustCompile(`^com\.amazonaws\.vpce\.([a-z0-9-]+)\.(vpce-svc-[0-9a-f]{17})$`)
	asOfPattern        = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$`)
	hostPattern        = regexp.MustCompile(`^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
)

// checkCatalogue checks the rows that a topology overrides.
func checkCatalogue(t *topology.Topology) diag.List {
	var found diag.List
	for key, o := range topology.Sorted(overridesOf(t)) {
		site, ok := schema.Datadog().Sites[key]
		if !ok {
			found = append(found, siteFinding(t, "catalogue.datadog."+key, key))
			continue
		}
		c := &rowChecker{t: t, key: key, site: site, rows: o.Services}
		for service, row := range topology.Sorted(o.Services) {
			c.row(service, row)
		}
		if c.found.HasErrors() {
			found = append(found, c.found...)
			continue
		}
		c.together()
		found = append(found, c.found...)
	}
	return found
}

// rowChecker checks the overridden rows of one site.
type rowChecker struct {
	t     *topology.Topology
	key   string
	site  schema.DatadogSite
	rows  map[string]override
	found diag.List
}

func (c *rowChecker) at(service, field string) (diag.Pos, string) {
	path := overridePath(c.key, service) + "." + field
	return c.t.At(path), path
}

// row checks one row by itself.
func (c *rowChecker) row(key string, o override) {
	base, known := c.site.Service(key)
	pos, path := c.at(key, "serviceName")
	m := serviceNamePattern.FindStringSubmatch(o.ServiceName)
	retired, old := schema.RetiredService{}, false
	if m != nil {
		retired, old = c.site.Retired[m[2]]
	}
	switch {
	case m == nil:
		c.found = append(c.found, badServiceName.At(pos, path, "%q is not the name of an endpoint service", o.ServiceName).
			WithHint("write com.amazonaws.vpce.%s.vpce-svc- and 17 hexadecimal digits", c.site.HomeRegion))
	case m[1] != c.site.HomeRegion:
		c.found = append(c.found, badServiceName.At(pos, path, "%q is in %s; %s answers in %s", o.ServiceName, m[1], c.site.Domain, c.site.HomeRegion).
			WithHint("write the service's name in %s", c.site.HomeRegion))
	case known && o.on(base).ServiceName == base.ServiceName && o.on(base).PrivateDNSName == base.PrivateDNSName && (o.Hosts == nil || slices.Equal(o.Hosts, base.Hosts)):
		c.found = append(c.found, sameAsCatalogue.At(pos, path, "the catalogue gives %q for %q too (%s, %s)", o.ServiceName, key, base.Source, base.AsOf).
			WithHint("remove the row"))
	case old:
		c.found = append(c.found, retiredService.At(pos, path, "%q is the former id of %q (%s; %s)", m[2], retired.Service, retired.Generation, retired.Source).
			WithHint("remove the row, or ask Datadog whether the id still answers"))
	}
	c.complete(key, o, known)
}

// complete checks what a row says beside the service's name.
func (c *rowChecker) complete(key string, o override, known bool) {
	missing := func(field, format string, args ...any) *diag.Diagnostic {
		pos, path := c.at(key, field)
		c.found = append(c.found, badRow.At(pos, path, format, args...))
		return &c.found[len(c.found)-1]
	}
	if strings.TrimSpace(o.Source) == "" {
		d := missing("source", "the row of %q has no source", key)
		*d = d.WithHint(`write who says so: source: "support ticket"`)
	}
	if !asOfPattern.MatchString(o.AsOf) {
		d := missing("asOf", "%q is no date", o.AsOf)
		*d = d.WithHint(`write the month: asOf: "2026-11"`)
	}
	for i, host := range append([]string{o.PrivateDNSName}, o.Hosts...) {
		if host == "" && i == 0 || hostPattern.MatchString(host) && (i > 0 || !strings.HasPrefix(host, "*.")) {
			continue
		}
		field := "privateDnsName"
		if i > 0 {
			field = "hosts"
		}
		d := missing(field, "%q is no DNS name in lower case", host)
		*d = d.WithHint("write it as clients ask for it, without a dot at its end")
	}
	if known {
		return
	}
	if o.PrivateDNSName == "" {
		d := missing("privateDnsName", "the catalogue of %s has no service %q, so its row needs a private DNS name", c.key, key)
		hint := `add privateDnsName: "…"`
		if near := diag.DidYouMean(key, serviceKeys(c.site)); near != "" {
			hint = "did you mean \"" + near + "\"? Else " + hint
		}
		*d = d.WithHint("%s", hint)
	}
	c.found = append(c.found, check.Keys(c.t, "catalogue.datadog."+c.key+".services", map[string]string{key: ""})...)
}

// together checks the site as the rows make it: one service id, one private DNS name, and the reverse.
func (c *rowChecker) together() {
	site := overridden(c.site, c.rows)
	names, services := map[string]schema.DatadogService{}, map[string]schema.DatadogService{} // by service, by name
	keyOf := map[string]string{}
	// The catalogue's rows first, so that a finding is at a row of the topology.
	keys := serviceKeys(site)
	slices.SortStableFunc(keys, func(a, b string) int { return c.rank(a) - c.rank(b) })
	for _, key := range keys {
		row, _ := site.Service(key)
		if own, is := c.rows[key]; is {
			row.ServiceName = own.ServiceName
		} else if row.Overridden {
			continue // it follows a row of the topology
		}
		pos, path := c.at(key, "serviceName")
		if first, seen := names[row.ServiceName]; seen && first.PrivateDNSName != row.PrivateDNSName {
			c.found = append(c.found, oneServiceTwoNames.At(pos, path, "%q is the service of %q, which answers %s; %q would answer %s",
				row.ServiceName, keyOf[first.PrivateDNSName], first.PrivateDNSName, key, row.PrivateDNSName).WithHint("write the id of %q", key))
			continue
		}
		if first, seen := services[row.PrivateDNSName]; seen && first.ServiceName != row.ServiceName {
			c.found = append(c.found, oneNameTwoServices.At(pos, path, "%q and %q are both %s, so they share one endpoint service",
				keyOf[row.PrivateDNSName], key, row.PrivateDNSName).WithHint("keep one of the rows: it moves the other too"))
			continue
		}
		names[row.ServiceName], services[row.PrivateDNSName], keyOf[row.PrivateDNSName] = row, row, key
	}
}

// rank tells rows of the catalogue from those of the topology.
func (c *rowChecker) rank(key string) int {
	if _, own := c.rows[key]; own {
		return 1
	}
	return 0
}
