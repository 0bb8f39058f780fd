package diag

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// DidYouMean returns the candidate that the user most likely meant by got, or "" when none is near:
// at most a third of the letters may differ.
func DidYouMean(got string, candidates []string) string {
	best, bestDistance := "", len(got)/3+1
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		d := levenshtein.ComputeDistance(strings.ToLower(got), strings.ToLower(c))
		if d < bestDistance || (d == bestDistance && best == "" && d <= 1) {
			best, bestDistance = c, d
		}
	}
	return best
}
