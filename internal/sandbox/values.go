package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"google.golang.org/protobuf/types/known/structpb"
)

// Inputs and outputs are plain JSON trees here: map[string]any, []any, string, float64, bool, nil, plus the two kinds
// of value that only the wire has: unknown (not computed yet, during a preview) and secret.

type unknown struct{}

type secret struct{ value any }

// unknownSentinels are the strings that stand for a value that is not known yet, one for each kind of value
// (pulumi/sdk/v3/go/common/resource/plugin/rpc.go, v3.257.0).
var unknownSentinels = []string{
	"04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string; sent for every computed output, as the engine does not look at the kind
	"1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // bool
	"3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
	"6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
	"030794c1-ac77-496b-92df-f27374a8bd58", // asset
	"e48ece36-62e2-4504-bad9-02848725956a", // archive
	"dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
}

func decode(s *structpb.Struct) map[string]any {
	out := make(map[string]any, len(s.GetFields()))
	for k, v := range s.GetFields() {
		if d := decodeValue(v); d != nil {
			out[k] = d
		}
	}
	return out
}

func decodeValue(v *structpb.Value) any {
	switch v := v.GetKind().(type) {
	case *structpb.Value_StringValue:
		if slices.Contains(unknownSentinels, v.StringValue) {
			return unknown{}
		}
		return v.StringValue
	case *structpb.Value_NumberValue:
		return v.NumberValue
	case *structpb.Value_BoolValue:
		return v.BoolValue
	case *structpb.Value_ListValue:
		out := make([]any, len(v.ListValue.GetValues()))
		for i, e := range v.ListValue.GetValues() {
			out[i] = decodeValue(e)
		}
		return out
	case *structpb.Value_StructValue:
		return decodeObject(v.StructValue)
	}
	return nil
}

// decodeObject opens the three wrappers that a value may travel in: secret, output (the engine may send them whatever
// a provider accepts) and a reference to a resource, which is its id here.
func decodeObject(s *structpb.Struct) any {
	fields := s.GetFields()
	switch fields[sig.Key].GetStringValue() {
	case sig.Secret:
		return secret{decodeValue(fields["value"])}
	case sig.OutputValue:
		value, ok := fields["value"]
		if !ok {
			return unknown{}
		}
		if fields["secret"].GetBoolValue() {
			return secret{decodeValue(value)}
		}
		return decodeValue(value)
	case sig.ResourceReference:
		return decodeValue(fields["id"])
	}
	return decode(s)
}

func encode(m map[string]any) *structpb.Struct {
	out := &structpb.Struct{Fields: make(map[string]*structpb.Value, len(m))}
	for k, v := range m {
		out.Fields[k] = encodeValue(v)
	}
	return out
}

func encodeValue(v any) *structpb.Value {
	switch v := v.(type) {
	case nil:
		return structpb.NewNullValue()
	case unknown:
		return structpb.NewStringValue(unknownSentinels[0])
	case secret:
		return structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{
			sig.Key: structpb.NewStringValue(sig.Secret),
			"value": encodeValue(v.value),
		}})
	case string:
		return structpb.NewStringValue(v)
	case bool:
		return structpb.NewBoolValue(v)
	case float64:
		return structpb.NewNumberValue(v)
	case int:
		return structpb.NewNumberValue(float64(v))
	case []string:
		return encodeValue(list(v...))
	case []any:
		out := &structpb.ListValue{Values: make([]*structpb.Value, len(v))}
		for i, e := range v {
			out.Values[i] = encodeValue(e)
		}
		return structpb.NewListValue(out)
	case []map[string]any:
		out := &structpb.ListValue{Values: make([]*structpb.Value, len(v))}
		for i, e := range v {
			out.Values[i] = encodeValue(e)
		}
		return structpb.NewListValue(out)
	case map[string]any:
		return structpb.NewStructValue(encode(v))
	}
	panic("sandbox: a value of type " + reflect.TypeOf(v).String() + " cannot be sent to the engine; this is a bug in obslink")
}

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

// secretNames are the fields whose values are hidden even when a program forgot to mark them.
var secretNames = []string{"sharedkey", "privatekey", "presharedkey", "tunnel1presharedkey", "tunnel2presharedkey", "apikey", "password"}

const hashMark = "secret:sha256:"

// hidden gives the form in which inputs are kept: every secret is replaced by a hash, salted with the owner's URN and the
// path, so that two equal secrets do not look equal, and so that a later change can still be seen.
func hidden(v any, salt string) any {
	switch v := v.(type) {
	case secret:
		return hash(bare(v), salt)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = hidden(e, salt+"[]")
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if s, ok := e.(string); ok && slices.Contains(secretNames, strings.ToLower(k)) {
				e = secret{s}
			}
			out[k] = hidden(e, salt+"."+k)
		}
		return out
	}
	return v
}

func hash(v any, salt string) string {
	if s, ok := v.(string); ok && strings.HasPrefix(s, hashMark) {
		return s
	}
	sum := sha256.Sum256([]byte(salt + "\x00" + text(v)))
	return hashMark + hex.EncodeToString(sum[:16])
}

// reveal puts back what hidden took away: where the kept form is a hash, the engine's own copy is used; and what the
// engine knows as secret stays secret.
func reveal(kept, engines any) any {
	if s, ok := engines.(secret); ok {
		if k, hashed := kept.(string); hashed && strings.HasPrefix(k, hashMark) {
			return s
		}
		return secret{bare(reveal(kept, s.value))}
	}
	switch k := kept.(type) {
	case string:
		if e, ok := engines.(string); ok && strings.HasPrefix(k, hashMark) {
			return secret{e}
		}
	case map[string]any:
		e, _ := engines.(map[string]any)
		out := make(map[string]any, len(k))
		for key, v := range k {
			out[key] = reveal(v, e[key])
		}
		return out
	case []any:
		e, _ := engines.([]any)
		out := make([]any, len(k))
		for i, v := range k {
			if i < len(e) {
				v = reveal(v, e[i])
			}
			out[i] = v
		}
		return out
	}
	return kept
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
