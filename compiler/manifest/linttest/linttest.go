// Package linttest tries a target's lint rules on manifests of its real program: a case spoils one
// resource, and its rule must find that, and no other rule anything; every rule must have a case. It
// knows no cloud, and nothing but tests uses it.
package linttest

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
)

// Recorded reads a manifest of the real program, afresh each time it is called: a golden of
// internal/deploy, by name.
func Recorded(name string) func(*testing.T) *manifest.Manifest {
	return func(t *testing.T) *manifest.Manifest {
		t.Helper()
		text, err := os.ReadFile("../../internal/deploy/testdata/" + name + ".manifest.json")
		if err != nil {
			t.Fatal(err)
		}
		var m manifest.Manifest
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		return &m
	}
}

// Spoil is one case: it changes the resource of that name, which breaks the rule. Without a rule it
// shows what is no mistake.
type Spoil func(name, rule, resource string, change func(*manifest.Resource))

// Try breaks each of some rules in a manifest, which has no finding as it is.
func Try(t *testing.T, recorded func(*testing.T) *manifest.Manifest, rules []manifest.Rule, cases func(Spoil)) {
	t.Helper()
	if found := manifest.Lint(recorded(t), rules); len(found) > 0 {
		t.Fatalf("the recorded program: %v", found)
	}
	tried := map[string]bool{}
	cases(func(name, rule, resource string, change func(*manifest.Resource)) {
		t.Run(name, func(t *testing.T) {
			m := recorded(t)
			i := slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Name == resource })
			if i < 0 {
				t.Fatalf("no resource is called %q", resource)
			}
			change(&m.Resources[i])
			Expect(t, m, rules, rule)
		})
		tried[rule] = true
	})
	for _, rule := range rules {
		if !tried[rule.Name] {
			t.Errorf("no test breaks %s", rule.Name)
		}
	}
}

// Expect wants the findings to be of one rule, or none.
func Expect(t *testing.T, m *manifest.Manifest, rules []manifest.Rule, rule string) {
	t.Helper()
	found := manifest.Lint(m, rules)
	if (len(found) == 0) != (rule == "") {
		t.Errorf("got %v, want %q", found, rule)
	}
	for _, f := range found {
		if f.Rule != rule {
			t.Errorf("got %s, want %s", f, rule)
		}
	}
}
