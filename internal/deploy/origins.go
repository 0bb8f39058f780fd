package deploy

import (
	"reflect"

	"github.com/obslink/obslink/compiler/plan"
)

// originsOf is where each resource of the plan comes from, by logical name: whatever in a target's
// parts embeds plan.Part. It reads the parts by reflection, so that a new target or part needs
// nothing here.
func originsOf(p *plan.Plan) map[string]plan.Origin {
	origins := map[string]plan.Origin{}
	for _, parts := range p.Parts {
		collectOrigins(reflect.ValueOf(parts), origins)
	}
	return origins
}

// blamed is the place that a cloud's refusal of a resource is about: what its target makes of the
// answer, else where the resource comes from.
func blamed(stack Stack, resource, answer string, origin plan.Origin) plan.Origin {
	if stack.Where == nil {
		return origin
	}
	for _, program := range used(stack.Plan) {
		if path := program.blame(stack.Plan, resource, origin, answer); path != "" {
			return plan.Origin{Path: path, Pos: stack.Where(path)}
		}
	}
	return origin
}

func collectOrigins(v reflect.Value, into map[string]plan.Origin) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		collectOrigins(v.Elem(), into)
	case reflect.Slice:
		for i := range v.Len() {
			collectOrigins(v.Index(i), into)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Field(i).CanInterface() { // the inside of an address
				continue
			}
			if part, ok := v.Field(i).Interface().(plan.Part); ok {
				into[part.Name] = part.Origin
			} else if kind := v.Field(i).Kind(); kind == reflect.Slice || kind == reflect.Pointer {
				collectOrigins(v.Field(i), into)
			}
		}
	}
}
