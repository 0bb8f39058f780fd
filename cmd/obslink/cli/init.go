package cli

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/obslink/obslink/schema"
)

//go:embed all:template
var templates embed.FS

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "make a working project: a first stack, the schema for editors, Pulumi.yaml, a CI workflow",
		Long: `Files that are there already stay as they are. Only the copy of obslink's schema under
cue.mod/pkg, which editors and the stock cue command read, is brought up to date.`,
		Example: "  obslink init\n  obslink init observability",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return hinted(fmt.Errorf("init takes one folder, got %d arguments", len(args)), "obslink init %s", args[0])
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			return a.init(dir)
		},
	}
}

func (a *app) init(dir string) error {
	files, err := fs.Sub(templates, "template")
	if err != nil {
		return err
	}
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if name == "gitignore" { // go:embed leaves a .gitignore out of a module's own files
			name = ".gitignore"
		}
		return a.place(dir, name, content, false)
	})
	if err != nil {
		return err
	}
	language, err := schema.Files.ReadFile(schema.TopologyFile)
	if err != nil {
		return err
	}
	if err := a.place(dir, path.Join("cue.mod/pkg", schema.ImportPath, schema.TopologyFile), language, true); err != nil {
		return err
	}
	fmt.Fprintf(a.errOut, "next: cd %s && obslink up dev --sandbox\n", dir)
	return nil
}

// place writes a file that is not there yet; one that is there stays, unless it is obslink's own.
func (a *app) place(dir, name string, content []byte, own bool) error {
	file := filepath.Join(dir, filepath.FromSlash(name))
	old, err := os.ReadFile(file)
	switch {
	case err == nil && string(old) == string(content):
		return nil
	case err == nil && !own:
		fmt.Fprintf(a.errOut, "kept  %s\n", file)
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return hinted(fmt.Errorf("%s cannot be read: %w", file, err), "choose another folder")
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := renameio.WriteFile(file, content, 0o644); err != nil {
		return fmt.Errorf("%s could not be written: %w", file, err)
	}
	fmt.Fprintf(a.errOut, "wrote %s\n", file)
	return nil
}
