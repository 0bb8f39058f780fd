package azure

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/obslink/obslink/compiler/manifest"
)

// armFile is written by targets/azure/internal/armfacts from the published ARM schemas.
//
//go:embed arm.json
var armFile []byte

// armFacts say what each type's inputs may be, as ARM publishes it.
type armFacts struct {
	Source string             `json:"source"`
	AsOf   string             `json:"asOf"`
	Types  map[string]armType `json:"types"`
}

type armType struct {
	ARM string `json:"arm"`
	API string `json:"api"`
	// Name is the argument that holds the resource's own name.
	Name string `json:"name"`
	armNode
}

// armNode is one value. An empty type says that anything may stand here.
type armNode struct {
	Type       string              `json:"type"`
	Enum       []string            `json:"enum"`
	Minimum    *float64            `json:"minimum"`
	Maximum    *float64            `json:"maximum"`
	Pattern    string              `json:"pattern"`
	Required   []string            `json:"required"`
	Properties map[string]*armNode `json:"properties"`
	Items      *armNode            `json:"items"`
}

var readARM = sync.OnceValue(func() armFacts {
	var facts armFacts
	if err := json.Unmarshal(armFile, &facts); err != nil {
		panic("arm.json does not read: " + err.Error() + "; this is a bug in obslink")
	}
	return facts
})

// lintARM holds every azure-native input against ARM's schema of its type: the typed SDK knows names,
// but neither enums nor what is required deep inside, and an untyped resource knows nothing.
func lintARM(v *manifest.View, report manifest.Report) {
	types := readARM().Types
	for i := range v.Resources {
		r := &v.Resources[i]
		if r.Package() != Package || r.IsProvider() {
			continue
		}
		t, found := types[r.Type]
		if !found {
			report(r, "", "has no facts in arm.json: add it to armfacts")
			continue
		}
		t.object("", r.Inputs, func(path, format string, args ...any) { report(r, path, format, args...) })
	}
}

type complain func(path, format string, args ...any)

func (n *armNode) object(path string, object map[string]any, complain complain) {
	for _, name := range n.Required {
		if _, found := object[name]; !found {
			complain(inside(path, name), "is required")
		}
	}
	if n.Properties == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		property, found := n.Properties[name]
		if !found {
			complain(inside(path, name), "is not known to ARM, or read-only")
			continue
		}
		property.value(inside(path, name), object[name], complain)
	}
}

func inside(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (n *armNode) value(path string, value any, complain complain) {
	switch value := value.(type) {
	case string:
		n.text(path, value, complain)
	case float64:
		n.number(path, value, complain)
	case bool:
		n.want(path, "boolean", complain)
	case []any:
		if n.want(path, "array", complain) && n.Items != nil {
			for i, element := range value {
				n.Items.value(fmt.Sprintf("%s[%d]", path, i), element, complain)
			}
		}
	case map[string]any:
		if n.want(path, "object", complain) {
			n.object(path, value, complain)
		}
	}
}

// want reports whether a value of that kind may stand here.
func (n *armNode) want(path, kind string, complain complain) bool {
	if n.Type == "" || n.Type == kind || n.Type == "number" && kind == "integer" {
		return true
	}
	complain(path, "is of type %s, ARM wants %s", kind, n.Type)
	return false
}

// text lets a reference be whatever it will be.
func (n *armNode) text(path, value string, complain complain) {
	if strings.Contains(value, "${") || !n.want(path, "string", complain) {
		return
	}
	if len(n.Enum) > 0 && !slices.Contains(n.Enum, value) {
		complain(path, "is %q, ARM knows %s", value, strings.Join(n.Enum, ", "))
	}
	if n.Pattern == "" {
		return
	}
	if pattern, err := regexp.Compile(n.Pattern); err == nil && !pattern.MatchString(value) {
		complain(path, "is %q, which does not match %s", value, n.Pattern)
	}
}

func (n *armNode) number(path string, value float64, complain complain) {
	kind := "number"
	if value == float64(int64(value)) {
		kind = "integer"
	}
	if !n.want(path, kind, complain) {
		return
	}
	if n.Minimum != nil && value < *n.Minimum || n.Maximum != nil && value > *n.Maximum {
		complain(path, "is %v, which is out of ARM's range", value)
	}
}
