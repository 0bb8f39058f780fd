package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Names that a cloud would draw at random are drawn from a hash of who asks, so that the same sequence of operations gives
// the same ids on every machine: no clock and no random number reaches a state file, an output or a golden file.

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// pick gives a number in [0, n).
func pick(n int, parts ...string) int {
	var v uint64
	for _, c := range []byte(digest(parts...)[:14]) {
		v = v*16 + uint64(strings.IndexByte("0123456789abcdef", c))
	}
	return int(v % uint64(n))
}

func guid(parts ...string) string {
	d := digest(parts...)
	return fmt.Sprintf("%s-%s-4%s-a%s-%s", d[:8], d[8:12], d[13:16], d[17:20], d[20:32])
}

// awsID gives an id such as vpc-0123456789abcdef0.
func awsID(prefix string, parts ...string) string { return prefix + "-0" + digest(parts...)[:16] }

// urnName and urnType take a URN apart: urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>.
func urnName(urn string) string {
	if p := strings.SplitN(urn, "::", 4); len(p) == 4 {
		return p[3]
	}
	return urn
}

func urnType(urn string) string {
	p := strings.SplitN(urn, "::", 4)
	if len(p) != 4 {
		return ""
	}
	return p[2][strings.LastIndexByte(p[2], '$')+1:]
}

func itoa(n int) string { return strconv.Itoa(n) }
