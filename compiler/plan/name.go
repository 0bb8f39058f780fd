package plan

import (
	"slices"
	"strings"
)

// Key is one key of the topology in a resource's name, with the key the element had before.
type Key struct{ Now, Was string }

// K is a key that cannot be renamed.
func K(now string) Key { return Key{Now: now} }

// Named makes the common part of a resource: its logical name is the kind and the keys, joined by
// "_", and its former names are those with any of the keys as they were.
func Named(kind, provider string, origin Origin, keys ...Key) Part {
	all := []string{kind}
	for _, k := range keys {
		longer := make([]string, 0, 2*len(all))
		for _, prefix := range all {
			longer = append(longer, prefix+"_"+k.Now)
		}
		if k.Was != "" && k.Was != k.Now {
			for _, prefix := range all {
				longer = append(longer, prefix+"_"+k.Was)
			}
		}
		all = longer
	}
	p := Part{Name: all[0], Provider: provider, Origin: origin}
	if len(all) > 1 {
		p.Was = slices.Clone(all[1:])
	}
	return p
}

// Oldest is the key under which the element was first made: cloud names that cannot change without
// a replacement keep it.
func (k Key) Oldest() string {
	if k.Was != "" {
		return k.Was
	}
	return k.Now
}

// Slug turns a CIDR or domain into a part of a name.
func Slug(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		default:
			return '-'
		}
	}, s)
}
