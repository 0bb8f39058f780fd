package model

import "testing"

func TestParent(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"a.b.example", "b.example"}, {"example", ""}, {"", ""}, {"*.example", "example"},
		{"${part.output}.example", "example"}, {"${part.output}", ""}, {"${open.example", "example"},
	} {
		if got := parent(c.name); got != c.want {
			t.Errorf("parent(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}
