package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/schema"
)

func (a *app) versionCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "version",
		Short:   "print the version, and the dates of the catalogues",
		Example: "  obslink version --format json",
		Args:    cobra.NoArgs,
	}
	format := formatFlag(c, "text", "json")
	c.RunE = func(*cobra.Command, []string) error {
		v := map[string]string{
			"version": version(), "go": runtime.Version(),
			"datadogCatalogue": schema.Datadog().AsOf, "azureCatalogue": schema.AzureMonitor().AsOf,
		}
		if *format == "json" {
			return report.JSON(a.out, v)
		}
		fmt.Fprintf(a.out, "obslink %s (%s), catalogues of %s\n", v["version"], v["go"], v["datadogCatalogue"])
		return nil
	}
	return c
}

// version is the module's version, or the commit that was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && info.Main.Version == "(devel)" {
			return "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return info.Main.Version
}
