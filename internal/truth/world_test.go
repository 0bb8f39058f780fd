package truth

import (
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
)

// TestRandom: references resolve, the seed decides everything, and what was not broken on purpose
// keeps the rules that obslink's own programs keep.
func TestRandom(t *testing.T) {
	pairs, whole := 0, 0
	for seed := range int64(400) {
		w := Random(seed)
		if again := Random(seed); w.String() != again.String() {
			t.Fatalf("seed %d makes two worlds:\n%s\n%s", seed, w, again)
		}
		rules := slices.Clone(manifest.Rules)
		if len(w.Broken) == 0 {
			whole++

		}
		for _, f := range manifest.Lint(w.Manifest, rules) {
			if f.Rule != "aws-zone-parent" {
				t.Errorf("seed %d: %s", seed, f)
			}
		}
		pairs += len(w.Pairs())
	}
	t.Logf("%d pairs in 400 worlds, %d of them whole", pairs, whole)
	if pairs < 400*17 {
		t.Errorf("%d pairs in 400 worlds are too few", pairs)
	}
}
