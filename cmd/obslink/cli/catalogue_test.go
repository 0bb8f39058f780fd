package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/internal/drift"
	"github.com/obslink/obslink/targets"
)

// fakeCloud answers for one place of `catalogue check`.
type fakeCloud struct {
	place drift.Place
	asked *[]string
}

func (f fakeCloud) Describe(_ context.Context, name, region string) (*drift.Description, error) {
	*f.asked = append(*f.asked, f.place.Region+" "+region+" "+f.place.AssumeRole+" "+name[strings.LastIndex(name, "-")+1:])
	switch {
	case strings.HasSuffix(name, "09a8006e245d1e7b8"):
		return &drift.Description{Types: []string{"Interface"}, PrivateDNSNames: []string{"metrics.agent.datadoghq.com"}, Zones: []string{"us-east-1a", "us-east-1b"}}, nil
	case strings.HasSuffix(name, "0ee865cd1c0a7ba32"):
		return nil, errors.New("UnauthorizedOperation: no")
	}
	return nil, nil
}

func (fakeCloud) ZoneIDs(context.Context) (map[string]string, error) {
	return map[string]string{"us-east-1a": "use1-az1", "us-east-1b": "use1-az4"}, nil
}

const checked = `package stack

import "obslink.dev/schema"

schema.#Topology & {
	environment: "t"
	accounts: main: aws: {id: "123456789012", assumeRole: "arn:aws:iam::123456789012:role/obslink"}
	networks: hub: {account: "main", region: "us-east-1", cidrs: ["10.9.0.0/16"], subnets: {
		a: {cidr: "10.9.0.0/24", zone: "use1-az1"}
		b: {cidr: "10.9.1.0/24", zone: "use1-az4"}
	}}
	backends: dd: datadog: {site: "us1", services: {SERVICES}}
	links: own: {from: "hub", to: "dd", via: endpoint: network: "hub"}
}
`

// TestCatalogueCheck asks for each service once, with the account's role, and fails where a row drifted
// or could not be asked.
func TestCatalogueCheck(t *testing.T) {
	for _, test := range []struct {
		services, want string
		fails          bool
	}{
		{"metrics: {}", "t: 1 of 1 row of the catalogue hold\n", false},
		{"metrics: {}, process: {}", "process from 123456789012 in us-east-1: com.amazonaws.vpce.us-east-1.vpce-svc-0ed1f789ac6b0bde1\n    there is no such endpoint service for this account\n", true},
		{"metrics: {}, traces: {}", "unknown: traces from", true},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(dir+"/t.cue", []byte(strings.Replace(checked, "SERVICES", test.services, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		s := &stack{project: newProject(dir), name: "t.cue", Result: compile.Stack(os.DirFS(dir), "t.cue", targets.All)}
		if s.Plan == nil {
			t.Fatal(s.Found)
		}
		var asked []string
		open := func(_ context.Context, p drift.Place) (drift.Cloud, error) { return fakeCloud{p, &asked}, nil }
		for _, format := range []string{"text", "json"} {
			var out bytes.Buffer
			a := &app{out: &out, errOut: &out, noColor: true}
			err := a.catalogueCheck(t.Context(), s, format, open)
			if (err != nil) != test.fails {
				t.Errorf("%s: %v", test.services, err)
			}
			var doc driftDocument
			if format == "text" && !strings.Contains(out.String(), test.want) {
				t.Errorf("%s: got\n%s\nwant\n%s", test.services, out.String(), test.want)
			} else if format == "json" && (json.Unmarshal(out.Bytes(), &doc) != nil || len(doc.Answers) != strings.Count(test.services, "{}") || doc.Stack != "t") {
				t.Errorf("%s: %s", test.services, out.String())
			}
		}
		if !slices.Contains(asked, "us-east-1  arn:aws:iam::123456789012:role/obslink 09a8006e245d1e7b8") {
			t.Errorf("asked %v", asked)
		}
	}
	none := func(_ context.Context, p drift.Place) (drift.Cloud, error) {
		return nil, &drift.NoCredentials{Place: p, Err: errors.New("none")}
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/t.cue", []byte(strings.Replace(checked, "SERVICES", "metrics: {}", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	s := &stack{project: newProject(dir), name: "t.cue", Result: compile.Stack(os.DirFS(dir), "t.cue", targets.All)}
	var hint *hintError
	if err := (&app{}).catalogueCheck(t.Context(), s, "text", none); !errors.As(err, &hint) || !strings.Contains(hint.hint, "assume arn:aws:iam") {
		t.Error(err)
	}
}
