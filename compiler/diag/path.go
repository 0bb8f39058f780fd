package diag

import (
	"regexp"
	"strconv"
	"strings"
)

// Step is a key as one step of a path, quoted where it would not read as one: records."www.example.net".
func Step(key string) string {
	if key == "" || strings.ContainsAny(key, `.[]" `) {
		return strconv.Quote(key)
	}
	return key
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Label is a key as CUE takes it, for hints: one that is no identifier is quoted.
func Label(key string) string {
	if identifier.MatchString(key) {
		return key
	}
	return strconv.Quote(key)
}
