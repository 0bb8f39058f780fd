package load

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/build"
	cueerrors "cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"
	"cuelang.org/go/mod/modfile"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/schema"
)

// packages builds CUE packages from an fs.FS: the stack's own and those it imports. cue/load cannot
// be used, since from an fs.FS it does not read cue.mod/pkg (v0.17.1: "cannot get absolute path for
// FS"), and the schema must resolve where nothing is vendored.
type packages struct {
	fsys    fs.FS
	context *build.Context
	module  string // the project's module path, "" without cue.mod
	// language is what importing the schema gives.
	language []byte
	// loading is the chain of imports under way, to find circles.
	loading []string
	found   diag.List
}

// readPackage loads the package of a folder (or of one file) together with the files of the same
// package in the folders above it, as CUE does inside a module.
func readPackage(fsys fs.FS, name string, language []byte) (*build.Instance, diag.List) {
	p := &packages{fsys: fsys, module: modulePath(fsys), language: language}
	p.context = build.NewContext()
	instance := p.context.NewInstance(name, p.resolve)
	files, ok := p.stackFiles(name)
	if !ok {
		return nil, p.found
	}
	p.add(instance, files)
	return instance, p.found
}

// modulePath reads the module's path from cue.mod/module.cue.
func modulePath(fsys fs.FS) string {
	raw, err := fs.ReadFile(fsys, "cue.mod/module.cue")
	if err != nil {
		return ""
	}
	f, err := modfile.ParseNonStrict(raw, "cue.mod/module.cue")
	if err != nil {
		return ""
	}
	p, _, _ := strings.Cut(f.Module, "@")
	return p
}

// stackFiles lists the files of a stack: its folder's, and those above it of the same package.
func (p *packages) stackFiles(name string) (files []string, ok bool) {
	if isFile(name) {
		return []string{name}, true
	}
	files = p.cueFiles(name)
	pkg, ok := p.onePackage(files)
	if !ok {
		return nil, false
	}
	for dir := name; dir != "."; {
		dir = path.Dir(dir)
		for _, file := range p.cueFiles(dir) {
			if clause := p.clause(file); clause != nil && clause.Name.Name == pkg {
				files = append(files, file)
			}
		}
	}
	slices.Sort(files)
	return files, true
}

// cueFiles lists the CUE files of a folder that belong to its package.
func (p *packages) cueFiles(dir string) []string {
	entries, _ := fs.ReadDir(p.fsys, dir)
	var files []string
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || path.Ext(name) != ".cue" || strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") ||
			strings.HasSuffix(name, "_test.cue") || strings.HasSuffix(name, "_tool.cue") {
			continue
		}
		files = append(files, path.Join(dir, name))
	}
	return files
}

// onePackage checks that the files of one folder have one package name and returns it.
func (p *packages) onePackage(files []string) (name string, ok bool) {
	var first *ast.Package
	ok = true
	for _, file := range files {
		clause := p.clause(file)
		switch {
		case clause == nil && p.broken(file):
			ok = false
		case clause == nil:
			p.found = append(p.found, severalPackages.At(diag.Pos{File: file, Line: 1, Column: 1}, "", "the file has no package clause, so it is not part of the stack").
				WithHint("start it with `package stack`"))
			ok = false
		case first == nil:
			first = clause
		case clause.Name.Name != first.Name.Name:
			p.found = append(p.found, severalPackages.At(position(clause.Name.Pos()), "", "the package is %q here and %q in %s", clause.Name.Name, first.Name.Name, position(first.Name.Pos()).File).
				WithHint("write `package %s`", first.Name.Name).
				WithNote(position(first.Name.Pos()), "package %s", first.Name.Name))
			ok = false
		}
	}
	if first == nil {
		return "", false
	}
	return first.Name.Name, ok
}

// broken reports a file that does not parse.
func (p *packages) broken(file string) bool {
	raw, err := fs.ReadFile(p.fsys, file)
	if err == nil {
		_, err = parser.ParseFile(file, raw)
	}
	if err != nil {
		p.found = append(p.found, fromParser(err)...)
	}
	return err != nil
}

// clause is a file's package clause; nil where it has none.
func (p *packages) clause(file string) *ast.Package {
	raw, err := fs.ReadFile(p.fsys, file)
	if err != nil {
		return nil
	}
	f, _ := parser.ParseFile(file, raw, parser.PackageClauseOnly)
	if f == nil {
		return nil
	}
	for _, d := range f.Decls {
		if clause, ok := d.(*ast.Package); ok {
			return clause
		}
	}
	return nil
}

// add parses files into an instance and resolves what they import.
func (p *packages) add(instance *build.Instance, files []string) {
	for _, file := range files {
		raw, err := fs.ReadFile(p.fsys, file)
		if err != nil {
			p.found = append(p.found, noTopology.At(diag.Pos{File: file}, "", "%v", err))
			continue
		}
		f, err := parser.ParseFile(file, raw, parser.ParseComments)
		if err != nil {
			p.found = append(p.found, fromParser(err)...)
			continue
		}
		if err := instance.AddSyntax(f); err != nil {
			p.found = append(p.found, fromParser(err)...)
		}
	}
	if p.found.HasErrors() {
		return
	}
	if err := instance.Complete(); err != nil && !p.found.HasErrors() {
		p.found = append(p.found, fromCUE(cueerrors.Promote(err, ""), badImport)...)
	}
}

// resolve finds an imported package. nil is CUE's own library.
func (p *packages) resolve(pos token.Pos, importPath string) *build.Instance {
	importPath, _, _ = strings.Cut(importPath, ":")
	if importPath == schema.ImportPath {
		instance := p.context.NewInstance(schema.ImportPath, p.resolve)
		file, err := parser.ParseFile("schema.cue", p.language)
		if err == nil {
			err = errors.Join(instance.AddSyntax(file), instance.Complete())
		}
		if err != nil {
			panic("the schema does not parse: " + err.Error() + "; this is a bug in obslink")
		}
		return instance
	}
	if first, _, _ := strings.Cut(importPath, "/"); !strings.Contains(first, ".") {
		return nil
	}
	if i := slices.Index(p.loading, importPath); i >= 0 {
		chain := append(slices.Clone(p.loading[i:]), importPath)
		return p.failed(badImport.At(position(pos), "", "import cycle: %s", strings.Join(chain, " imports ")).
			WithHint("move what both need into a third package"))
	}
	files := p.importedFiles(importPath)
	if len(files) == 0 {
		return p.failed(badImport.At(position(pos), "", "there is no package %q in this project", importPath).
			WithHint("copy it to cue.mod/pkg/%s: obslink fetches nothing", importPath))
	}
	p.loading = append(p.loading, importPath)
	defer func() { p.loading = p.loading[:len(p.loading)-1] }()
	instance := p.context.NewInstance(path.Dir(files[0]), p.resolve)
	p.add(instance, files)
	return instance
}

// importedFiles finds a package in the project's module or in what it vendors.
func (p *packages) importedFiles(importPath string) []string {
	if rest, ok := strings.CutPrefix(importPath, p.module+"/"); ok && p.module != "" {
		return p.cueFiles(rest)
	}
	return p.cueFiles("cue.mod/pkg/" + importPath)
}

// failed reports an import that cannot be resolved.
func (p *packages) failed(d diag.Diagnostic) *build.Instance {
	p.found = append(p.found, d)
	instance := p.context.NewInstance("", p.resolve)
	instance.Err = cueerrors.Promote(fmt.Errorf("%s", d.Message), "")
	return instance
}

var definition = regexp.MustCompile(`(?m)^(#[A-Za-z]+):`)

// standIn lists the definitions of the language with no constraint.
func standIn(language []byte) []byte {
	var b strings.Builder
	b.WriteString("package schema\n")
	for _, m := range definition.FindAllSubmatch(language, -1) {
		b.Write(m[1])
		b.WriteString(": _\n")
	}
	return []byte(b.String())
}
