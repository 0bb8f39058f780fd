package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

func TestLines(t *testing.T) {
	document := map[string]any{
		"a": []any{map[string]any{"x": 1.0, "s": `a "quoted" {[,:]} \ text`}, map[string]any{"x": []any{1.0, 2.0}}},
		"b": map[string]any{}, "c": []any{}, "d": "e",
	}
	var b bytes.Buffer
	if err := Lines(&b, document, 2); err != nil {
		t.Fatal(err)
	}
	want := `{
  "a": [
    {"s": "a \"quoted\" {[,:]} \\ text", "x": 1},
    {"x": [1, 2]}
  ],
  "b": {},
  "c": [],
  "d": "e"
}
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	var back any
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || !reflect.DeepEqual(back, any(document)) {
		t.Errorf("reads back as %v, %v", back, err)
	}
}
