package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// published is a schema in the style of ARM's files: an expression beside every value, a body under
// "properties", types that refer to each other in a circle.
const published = `{
	"resourceDefinitions": {"things": {
		"properties": {
			"apiVersion": {"enum": ["2020-01-01"], "type": "string"}, "type": {"enum": ["Microsoft.X/things"], "type": "string"},
			"name": {"type": "string"}, "location": {"type": "string"},
			"properties": {"oneOf": [{"$ref": "#/definitions/Body"}, {"$ref": "https://schema.management.azure.com/schemas/common/definitions.json#/definitions/expression"}]}
		},
		"required": ["name", "location", "properties", "apiVersion", "type"], "type": "object"
	}},
	"definitions": {
		"Body": {"type": "object", "required": ["mode"], "properties": {
			"mode": {"oneOf": [{"enum": ["On", "Off"], "type": "string"}, {"$ref": "…/expression"}]},
			"days": {"type": "integer", "minimum": 1, "maximum": 30}, "Application_Type": {"type": "string"},
			"parts": {"type": "array", "items": {"$ref": "#/definitions/Part"}}
		}},
		"Part": {"type": "object", "properties": {"id": {"type": "string"}, "properties": {"$ref": "#/definitions/PartBody"}}},
		"PartBody": {"type": "object", "properties": {"of": {"$ref": "#/definitions/Part"}}}
	}
}`

func TestDistil(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.json"), []byte(published), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		nested bool
		want   string
	}{
		{false, `{"arm":"Microsoft.X/things","api":"2020-01-01","name":"thingName","type":"object","required":["location","mode","resourceGroupName","thingName"],"properties":{"applicationType":{"type":"string"},` +
			`"days":{"type":"integer","minimum":1,"maximum":30},"location":{"type":"string"},"mode":{"type":"string","enum":["On","Off"]},` +
			`"parts":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"of":{"type":"object","properties":{"id":{"type":"string"},"of":{"type":"object"}}}}}},` +
			`"resourceGroupName":{"type":"string"},"thingName":{"type":"string"}}}`},
		{true, `{"arm":"Microsoft.X/things","api":"2020-01-01","name":"thingName","type":"object","required":["location","properties","resourceGroupName","thingName"],"properties":{` +
			`"location":{"type":"string"},"properties":{"type":"object","required":["mode"],"properties":{"applicationType":{"type":"string"},"days":{"type":"integer","minimum":1,"maximum":30},"mode":{"type":"string","enum":["On","Off"]},` +
			`"parts":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"of":{"type":"object"}}}}}},` +
			`"resourceGroupName":{"type":"string"},"thingName":{"type":"string"}}}`},
	} {
		got, err := wanted{"azure-native:x:Thing", "x.json", "things", "thingName", in(), test.nested}.distil(dir)
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := json.Marshal(got); string(text) != test.want {
			t.Errorf("nested %v: got\n%s\nwant\n%s", test.nested, text, test.want)
		}
	}
	if _, err := (wanted{"", "x.json", "others", "", in(), false}).distil(dir); err == nil {
		t.Error("a definition that is not there was no error")
	}
	if err := run(dir, os.Stderr); err == nil {
		t.Error("a folder without ARM's files was no error")
	}
}
