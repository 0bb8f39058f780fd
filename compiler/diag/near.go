package diag

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// DidYouMean returns the candidate that the user most likely meant by got, or "" when none is near.
// Two letters may differ (a swapped pair counts as two), one in a word of up to three letters, and a
// third of the letters in a long one.
func DidYouMean(got string, candidates []string) string {
	limit := max(2, len(got)/3)
	if len(got) <= 3 {
		limit = 1
	}
	best, bestDistance := "", limit+1
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if d := levenshtein.ComputeDistance(strings.ToLower(got), strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}
