package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/targets"
)

// allCodes lists every code that obslink can report.
func allCodes() []diag.Code {
	codes := compile.Codes(targets.All)
	codes = append(codes, manifest.NotFound, manifest.Differs)
	return append(codes, deploy.Codes()...)
}

func (a *app) explainCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "explain CODE",
		Short:   "say what an error code means, with an example and its mend",
		Example: "  obslink explain OBS301\n  obslink explain --format json OBS301",
	}
	format := formatFlag(c, "text", "json", "markdown")
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return codeIDs(), cobra.ShellCompDirectiveNoFileComp
	}
	c.Long = "Without CODE, lists all codes; with --format markdown, all of them in full."
	c.RunE = func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return report.Codes(a.out, allCodes(), *format, a.style(a.out))
		case len(args) > 1:
			return hinted(fmt.Errorf("explain takes one code"), "`obslink explain` lists all of them")
		}
		want := strings.ToUpper(args[0])
		for _, code := range allCodes() {
			if code.ID == want {
				return report.Code(a.out, code, *format, a.style(a.out))
			}
		}
		err := fmt.Errorf("there is no code %q", args[0])
		if near := diag.DidYouMean(want, codeIDs()); near != "" {
			return hinted(err, "did you mean %q?", near)
		}
		return hinted(err, "`obslink explain` lists all codes")
	}
	return c
}

func codeIDs() []string {
	var ids []string
	for _, code := range allCodes() {
		ids = append(ids, code.ID)
	}
	return ids
}
