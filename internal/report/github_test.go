package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/diag"
)

func TestGitHub(t *testing.T) {
	var b bytes.Buffer
	if err := GitHub(&b, testStacks()); err != nil {
		t.Fatal(err)
	}
	want := `::error title=OBS901::nothing but a message
::error title=OBS901::a path only%0A--> networks.hub
::error title=OBS999::of a code that is not listed?
::error file=/mnt/other one/a%3Ab.cue,line=1,col=1,title=OBS901::elsewhere%0A--> /mnt/other one/a:b.cue:1:1
::error file=infra/a%3Ab.cue,line=1,col=4,title=OBS903::raised%0Areason: we mean it%0A--> infra/a:b.cue:1:4  x
::error file=infra/empty.cue,line=1,col=1,title=OBS901::in an empty file%0A--> infra/empty.cue:1:1
::error file=infra/stacks/base.cue,line=2,col=8,title=OBS901::"日本 𝒳" [0](1) is wrong%0Ahint: write {x: 1}%0Aor 100%25%0Anote: infra/stacks/base.cue:3:1: the [other] one%0Anote: a thought%0Anote: infra/stacks/prod/missing.cue:4:2: in prod%0A--> infra/stacks/base.cue:2:8  links.a
::error file=infra/stacks/base.cue,line=2,col=23,title=OBS902::shared, milder in one%0A--> infra/stacks/base.cue:2:23  links.b
::error file=infra/stacks/base.cue,line=3,col=8,title=OBS901::behind the end of the file%0A--> infra/stacks/base.cue:3:8
::error file=infra/stacks/prdo,title=OBS901::a folder%0A--> infra/stacks/prdo
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

// Whatever a topology says, a finding is one command on one line, and its properties end where they end.
func FuzzGitHub(f *testing.F) {
	f.Add("a\r\n::set-env::b", "x,y:z%0A", "l\nm")
	f.Add("\u2028::error::", "::", "%")
	f.Fuzz(func(t *testing.T, message, file, path string) {
		d := diag.Diagnostic{Code: "OBS901", Severity: diag.Warning, Message: message, Path: path, Pos: diag.Pos{File: file, Line: 1}}
		var b bytes.Buffer
		if err := GitHub(&b, []StackFindings{NewStackFindings("s", diag.List{d}, Root{Files: testFiles})}); err != nil {
			t.Fatal(err)
		}
		line, rest, _ := strings.Cut(b.String(), "\n")
		if rest != "" || strings.Contains(line, "\r") {
			t.Fatalf("more than a line: %q", b.String())
		}
		head, _, _ := strings.Cut(strings.TrimPrefix(line, "::warning "), "::")
		if n := strings.Count(head, ","); n > 3 || !strings.HasSuffix(head, "title=OBS901") {
			t.Fatalf("properties %q", head)
		}
	})
}
