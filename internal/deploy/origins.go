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
