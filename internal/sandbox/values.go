package sandbox

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Inputs and outputs are plain JSON trees here: map[string]any, []any, string, float64, bool, nil, plus the two kinds
// of value that only the wire has: unknown (not computed yet, during a preview) and secret.

type unknown struct{}

type secret struct{ value any }

// bare takes the secret wrappers off: what the clouds themselves would see.
func bare(v any) any {
	switch v := v.(type) {
	case secret:
		return bare(v.value)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = bare(e)
		}
		return out
	case map[string]any:
		return bareMap(v)
	}
	return v
}

func bareMap(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = bare(v)
	}
	return out
}

// public drops the engine's own keys, such as __defaults.
func public(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		if !strings.HasPrefix(k, "__") {
			out[k] = v
		}
	}
	return out
}

// The getters give the zero value for what is missing or unknown: a cloud cannot judge what it has not been told yet.

func str(m map[string]any, key string) string {
	s, _ := bare(m[key]).(string)
	return s
}

func flag(m map[string]any, key string) bool {
	b, _ := bare(m[key]).(bool)
	return b
}

func num(m map[string]any, key string) (int, bool) {
	switch n := bare(m[key]).(type) {
	case float64:
		return int(n), true
	case int:
		return n, true
	}
	return 0, false
}

func sub(m map[string]any, key string) map[string]any {
	s, _ := bare(m[key]).(map[string]any)
	return s
}

func strs(m map[string]any, key string) []string {
	var out []string
	switch l := bare(m[key]).(type) {
	case []any:
		for _, e := range l {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
	case []string:
		out = l
	}
	return out
}

func maps(m map[string]any, key string) []map[string]any {
	var out []map[string]any
	switch l := bare(m[key]).(type) {
	case []any:
		for _, e := range l {
			if s, ok := e.(map[string]any); ok {
				out = append(out, s)
			}
		}
	case []map[string]any:
		out = l
	}
	return out
}

func list[T any](v ...T) []any {
	out := make([]any, len(v))
	for i, e := range v {
		out[i] = e
	}
	return out
}

func merged(ms ...map[string]any) map[string]any {
	out := map[string]any{}
	for _, m := range ms {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// text is the one written form of a value.
func text(v any) string {
	b, err := json.Marshal(bare(v))
	if err != nil {
		panic("sandbox: " + err.Error() + "; this is a bug in obslink")
	}
	return string(b)
}

func same(a, b any) bool { return reflect.DeepEqual(bare(a), bare(b)) }

// hasUnknown says whether a value, or a part of it, is not known yet.
func hasUnknown(v any) bool {
	switch v := v.(type) {
	case unknown:
		return true
	case secret:
		return hasUnknown(v.value)
	case []any:
		return slices.ContainsFunc(v, hasUnknown)
	case map[string]any:
		for _, e := range v {
			if hasUnknown(e) {
				return true
			}
		}
	}
	return false
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
