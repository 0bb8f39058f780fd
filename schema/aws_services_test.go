package schema_test

import (
	"strings"
	"testing"

	"github.com/obslink/obslink/schema"
)

// TestAWSServices: every row says where it was read and how sure it is, a name belongs to one service,
// a place to one row, and what is said of other rows is true.
func TestAWSServices(t *testing.T) {
	c := schema.AWSServiceCatalogue()
	names, places := map[string]string{}, map[int]string{}
	for key, row := range c.Services {
		for source := range strings.SplitSeq(row.Source, ", ") {
			name, _, _ := strings.Cut(source, " p. ")
			if c.Sources[name] == "" {
				t.Errorf("%s: no source %q", key, source)
			}
		}
		if row.Sure != "confirmed" && row.Sure != "recalled" {
			t.Errorf("%s: sure is %q", key, row.Sure)
		}
		if other := places[row.Place]; other != "" || row.Place < 0 || row.Place >= 64 {
			t.Errorf("%s has place %d, as %q", key, row.Place, other)
		}
		places[row.Place] = key
		wild := false
		for _, n := range row.Names {
			if names[n] != "" || !strings.Contains(n, "{region}") {
				t.Errorf("%s: name %s, also of %q", key, n, names[n])
			}
			names[n], wild = key, wild || strings.HasPrefix(n, "*.")
		}
		if len(row.Names) == 0 || !wild && (len(row.Hosts) > 0 || row.Others != "") {
			t.Errorf("%s: %+v", key, row)
		}
		for _, need := range row.Needs {
			_, known := c.Services[need]
			if _, elsewhere := c.Elsewhere[need]; !known && !elsewhere {
				t.Errorf("%s needs %q, which is not known", key, need)
			}
		}
	}
	for key := range c.Services {
		for _, n := range c.Uncovered(key) {
			if other := names[n.Name]; other != "" && other != "kms-fips" {
				t.Errorf("%s does not cover %s, which %s does", key, n.Name, other)
			}
		}
	}
}

// TestUncovered: the four names of monitoring are its own, the dual-stack name of logs is not.
func TestUncovered(t *testing.T) {
	c := schema.AWSServiceCatalogue()
	if more := c.Uncovered("monitoring"); len(more) > 0 {
		t.Errorf("monitoring does not cover %v", more)
	}
	var all []string
	for _, n := range c.Uncovered("logs") {
		all = append(all, schema.Fill(n.Name, "eu-west-2", ""))
	}
	if got := strings.Join(all, " "); got != "logs.eu-west-2.api.aws logs-fips.eu-west-2.amazonaws.com" {
		t.Errorf("logs does not cover %s", got)
	}
}
