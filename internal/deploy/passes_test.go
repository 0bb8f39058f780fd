package deploy

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/obslink/obslink/internal/sandbox"
)

// TestSecondPass: the first preview says that a second pass follows; a run that ends between the passes
// is gone on with by the next; and the names that are said in the end are those that Azure made up.
func TestSecondPass(t *testing.T) {
	needCLI(t)
	s := openScenario(t, "testdata/scenarios/azure_exclusions.txtar")
	stack := s.stack(t)
	const first, second = "a second pass follows", "the second pass:"
	said := func(word string, heard *bool) Observer {
		return func(e Event) { *heard = *heard || e.Kind == Note && strings.HasPrefix(e.Message, word) }
	}
	var announced bool
	if _, err := s.runner.Preview(t.Context(), stack, said(first, &announced)); err != nil || !announced {
		t.Fatalf("announced: %t, %v", announced, err)
	}

	ctx, stop := context.WithCancel(t.Context())
	var began bool
	_, err := s.runner.Up(ctx, stack, func(e Event) {
		if said(second, &began)(e); began {
			stop()
		}
	})
	if err == nil || !began {
		t.Fatalf("a run that was stopped between its passes: %v, began %t", err, began)
	}
	if got := exclusions(s.clouds(t)); got != "[]" {
		t.Fatalf("the first pass says %s", got)
	}

	announced = false
	preview, err := s.runner.Preview(t.Context(), stack, said(first, &announced))
	if err != nil || announced || len(preview.Changes) != 1 || preview.Changes[0].Name != "scope_logs" || preview.Update != 1 {
		t.Fatalf("the preview between the passes: %+v %v, announced %t", preview, err, announced)
	}
	began = false
	if _, err := s.runner.Up(t.Context(), stack, said(second, &began)); err != nil || began {
		t.Fatalf("%v, second pass %t", err, began)
	}
	objects := s.clouds(t)
	name := connectionName(objects)
	if got := exclusions(objects); name == "" || !strings.Contains(got, name) {
		t.Errorf("the exclusions are %s; the connection is called %q", got, name)
	}
	if again, err := s.runner.Preview(t.Context(), stack, nil); err != nil || !again.Empty() {
		t.Errorf("the preview after both passes: %+v %v", again, err)
	}
}

// exclusions are what the scope in the sandbox says of its endpoints.
func exclusions(clouds *sandbox.Clouds) string {
	for _, o := range clouds.Objects() {
		if strings.HasSuffix(o.Type, "insights:PrivateLinkScope") {
			settings, _ := o.Inputs["accessModeSettings"].(map[string]any)
			list, _ := settings["exclusions"].([]any)
			return fmt.Sprint(list)
		}
	}
	return "no scope"
}

// connectionName is the name that the sandbox made up for the endpoint's connection.
func connectionName(clouds *sandbox.Clouds) string {
	for _, o := range clouds.Objects() {
		if name, ok := o.Attributes["_connection"].(string); ok {
			return o.Name + "." + name
		}
	}
	return ""
}
