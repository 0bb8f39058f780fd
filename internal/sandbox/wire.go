package sandbox

import (
	"reflect"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"google.golang.org/protobuf/types/known/structpb"
)

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
