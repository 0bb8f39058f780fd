package sandbox

import (
	"fmt"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// difference compares the inputs that were with the inputs that are wanted.
func difference(olds, news map[string]any, replace, sets []string) *pulumirpc.DiffResponse {
	resp := &pulumirpc.DiffResponse{
		Changes:         pulumirpc.DiffResponse_DIFF_NONE,
		HasDetailedDiff: true,
		DetailedDiff:    map[string]*pulumirpc.PropertyDiff{},
	}
	for _, k := range sortedKeys(merged(olds, news)) {
		if slices.Contains(sets, k) && sameSet(olds[k], news[k]) {
			continue
		}
		before := len(resp.DetailedDiff)
		compare(resp.DetailedDiff, k, olds[k], news[k], slices.Contains(replace, k))
		if len(resp.DetailedDiff) == before {
			continue
		}
		resp.Changes = pulumirpc.DiffResponse_DIFF_SOME
		resp.Diffs = append(resp.Diffs, k)
		if slices.Contains(replace, k) {
			resp.Replaces = append(resp.Replaces, k)
		}
	}
	return resp
}

// compare walks both values down to what differs, so that the engine can print the path of each change.
func compare(into map[string]*pulumirpc.PropertyDiff, path string, before, after any, replace bool) {
	before, after = bare(before), bare(after)
	if empty(before) && empty(after) || same(before, after) {
		return
	}
	b, bMap := before.(map[string]any)
	a, aMap := after.(map[string]any)
	if bMap && aMap {
		for _, k := range sortedKeys(merged(b, a)) {
			compare(into, path+step(k), b[k], a[k], replace)
		}
		return
	}
	bl, bList := before.([]any)
	al, aList := after.([]any)
	if bList && aList {
		for i := range max(len(bl), len(al)) {
			compare(into, fmt.Sprintf("%s[%d]", path, i), at(bl, i), at(al, i), replace)
		}
		return
	}
	into[path] = &pulumirpc.PropertyDiff{Kind: kindOf(before, after, replace), InputDiff: true}
}

func step(key string) string {
	if strings.ContainsAny(key, `."[] `) {
		return fmt.Sprintf("[%q]", key)
	}
	return "." + key
}

func at(l []any, i int) any {
	if i < len(l) {
		return l[i]
	}
	return nil
}

// empty: neither provider tells a list or an object that is missing from one that holds nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func kindOf(before, after any, replace bool) pulumirpc.PropertyDiff_Kind {
	kind := pulumirpc.PropertyDiff_UPDATE
	switch {
	case before == nil:
		kind = pulumirpc.PropertyDiff_ADD
	case after == nil:
		kind = pulumirpc.PropertyDiff_DELETE
	}
	if replace {
		kind++ // each kind is followed by the one that replaces
	}
	return kind
}

func sameSet(a, b any) bool {
	x, okA := bare(a).([]any)
	y, okB := bare(b).([]any)
	if !okA || !okB || len(x) != len(y) || hasUnknown(x) || hasUnknown(y) {
		return false
	}
	sorted := func(l []any) []string {
		out := make([]string, len(l))
		for i, v := range l {
			out[i] = text(v)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(sorted(x), sorted(y))
}
