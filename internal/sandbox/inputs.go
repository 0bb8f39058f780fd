package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// complete does the provider's part of Check: defaults and made-up names.
func (c *call) complete(olds, news map[string]any, seed []byte) map[string]any {
	out := merged(news)
	for k, v := range c.row.defaults {
		if out[k] == nil {
			out[k] = v
		}
	}
	if k := c.row.autoname; k != "" && out[k] == nil {
		switch name := str(olds, k); {
		case name != "":
			out[k] = name
		case c.row.naming == dashAndSeven:
			out[k] = c.name + "-" + digest(string(seed), c.urn)[:7]
		case c.row.naming == eightHex:
			out[k] = c.name + digest(string(seed), c.urn)[:8]
		default:
			out[k] = c.name
		}
	}
	return out
}

// problems judges inputs as the provider does before it asks its cloud.
func (c *call) problems(inputs map[string]any) []problem {
	if c.in == nil {
		c.in = bareMap(public(inputs))
	}
	var out []problem
	for _, k := range sortedKeys(public(inputs)) {
		if !c.row.accepts(k) && !off(inputs[k]) {
			known := slices.Sorted(slices.Values(slices.Concat(c.row.required, c.row.inputs)))
			out = append(out, problem{k, no("unknown-input", k, c.row.token, strings.Join(known, ", "))})
		}
	}
	for _, k := range c.row.required {
		if inputs[k] != nil {
			continue
		}
		if c.row.cloud() == "aws" {
			out = append(out, problem{k, no("aws-missing-input", snake(k), c.name, k)})
		} else {
			out = append(out, problem{k, no("azure-missing-input", k)})
		}
	}
	if c.row.check != nil {
		out = append(out, c.row.check(c)...)
	}
	return out
}

// off: an input that is not simulated may be sent as long as it asks for nothing; the typed SDKs send such defaults.
func off(v any) bool {
	v = bare(v)
	return empty(v) || v == false || v == ""
}

// outputs joins what the program said and what the cloud added. Secrets of the program stay secret.
func (c *call) outputs(o *Object, inputs map[string]any) map[string]any {
	attributes := o.Attributes
	if c.row.refresh != nil {
		_, more := c.row.refresh(c, o)
		attributes = merged(attributes, more)
	}
	out := c.visible(inputs)
	for k, v := range attributes {
		if !strings.HasPrefix(k, "_") {
			out[k] = reveal(v, inputs[k])
		}
	}
	return out
}

func (c *call) visible(inputs map[string]any) map[string]any {
	out := public(inputs)
	for _, k := range c.row.hidden {
		delete(out, k)
	}
	if c.row.cloud() == "aws" && c.row.accepts("tags") {
		out["tagsAll"] = map[string]any{}
		if out["tags"] != nil {
			out["tagsAll"] = out["tags"]
		}
	}
	return out
}

// currentInputs are the inputs as the cloud now has them, for a refresh or an import.
func (c *call) currentInputs(o *Object, engines map[string]any) map[string]any {
	kept := o.Inputs
	if c.row.refresh != nil {
		changed, _ := c.row.refresh(c, o)
		kept = merged(kept, changed)
	}
	out := reveal(kept, engines).(map[string]any)
	for k, v := range engines {
		if strings.HasPrefix(k, "__") {
			out[k] = v
		}
	}
	return out
}

// preview gives the outputs of what has not happened: what only the cloud can say is unknown.
func (c *call) preview(inputs, olds map[string]any, computed []string) map[string]any {
	out := merged(public(olds), c.visible(inputs))
	for _, k := range computed {
		if inputs[k] == nil {
			out[k] = unknown{}
		}
	}
	return out
}

var madeUp = regexp.MustCompile(`^-?[0-9a-f]{7,8}$`)

// mustDeleteFirst: a name that the user chose cannot exist twice, so the old object has to go before the new one comes.
func (c *call) mustDeleteFirst(olds, news map[string]any) bool {
	c.in = bareMap(news)
	name := c.str(c.row.autoname)
	if rest, ok := strings.CutPrefix(name, c.name); ok && c.row.naming != keepLogical && madeUp.MatchString(rest) {
		return false
	}
	if c.row.id != nil {
		id := c.row.id(c)
		c.in = bareMap(olds)
		return strings.EqualFold(id, c.row.id(c))
	}
	return c.row.oneName && name != ""
}

func snake(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
