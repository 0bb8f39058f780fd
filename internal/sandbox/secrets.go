package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

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
