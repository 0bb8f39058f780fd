package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/obslink/obslink/internal/report"
)

// sourceRoot is the folder that SARIF and annotations name files from: the git repository that holds
// the project. Without one (a CI job may unpack an archive) it is the working folder, or the project
// where that lies elsewhere.
func sourceRoot(p *project) string {
	for dir := p.root; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if wd, err := os.Getwd(); err == nil && below(wd, p.root) {
		return wd
	}
	return p.root
}

// within is where the project lies, as seen from a folder.
func (p *project) within(base string) report.Root {
	root := report.Root{Files: p.files, Path: filepath.ToSlash(p.root)}
	if rel, err := filepath.Rel(base, p.root); err == nil && below(base, p.root) {
		root.Path = filepath.ToSlash(rel)
		if rel == "." {
			root.Path = ""
		}
	}
	return root
}

// below reports whether a folder is another one or lies in it.
func below(folder, dir string) bool {
	rel, err := filepath.Rel(folder, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
