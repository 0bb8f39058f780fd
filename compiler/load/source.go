package load

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	cueerrors "cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"
	cuejson "cuelang.org/go/encoding/json"
	cueyaml "cuelang.org/go/encoding/yaml"

	"github.com/obslink/obslink/compiler/diag"
)

// maxFile is the size over which a file is not read.
const maxFile = 32 << 20

// source is what the user's files say, before the schema is applied.
type source struct {
	name  string
	value cue.Value
	where *positions
}

// read evaluates the files of a stack; language is what importing the schema gives them.
func read(ctx *cue.Context, fsys fs.FS, name string, language []byte) (*source, diag.List) {
	name, found := findStack(fsys, name)
	if found.HasErrors() {
		return nil, found
	}
	src := &source{name: name, where: &positions{}}
	var files []*ast.File
	switch path.Ext(name) {
	case ".json", ".yaml", ".yml":
		file, err := readData(fsys, name)
		if err != nil {
			return nil, fromCUE(err, badSyntax)
		}
		src.value = ctx.BuildFile(file)
		files = []*ast.File{file}
	default:
		instance, found := readPackage(fsys, name, language)
		if found.HasErrors() {
			return nil, found
		}
		src.value = ctx.BuildInstance(instance)
		files = instance.Files
	}
	for _, f := range files {
		src.where.addFile(f)
	}
	return src, nil
}

// findStack checks that name can be a stack and returns the file to read in a folder that holds
// JSON or YAML instead of CUE.
func findStack(fsys fs.FS, name string) (string, diag.List) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		d := noTopology.At(diag.Pos{File: name}, "", "there is no stack at %q", name)
		names := stackNames(fsys, path.Dir(name))
		if near := diag.DidYouMean(path.Base(name), names); near != "" {
			return "", diag.List{d.WithHint("did you mean %q?", near)}
		}
		if len(names) > 0 {
			return "", diag.List{d.WithHint("one of: %s", strings.Join(names, ", "))}
		}
		return "", diag.List{d.WithHint("`obslink init` makes a first stack")}
	}
	if !info.IsDir() {
		if !isFile(name) {
			return "", diag.List{noTopology.At(diag.Pos{File: name}, "", "%q is not a .cue, .json or .yaml file", name).
				WithHint("name a stack's folder, or a file with one of these endings")}
		}
		return name, tooLargeFiles(fsys, name)
	}
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return "", diag.List{noTopology.At(diag.Pos{File: name}, "", "the folder cannot be read: %v", err)}
	}
	var found diag.List
	var data []string
	hasCUE := false
	for _, e := range entries {
		switch {
		case e.IsDir():
		case path.Ext(e.Name()) == ".cue":
			hasCUE = true
			found = append(found, tooLargeFiles(fsys, path.Join(name, e.Name()))...)
		case slices.Contains([]string{"topology.json", "topology.yaml", "topology.yml"}, e.Name()):
			data = append(data, path.Join(name, e.Name()))
		}
	}
	switch {
	case hasCUE:
		return name, found
	case len(data) > 0:
		return data[0], tooLargeFiles(fsys, data[0])
	default:
		return "", diag.List{noTopology.At(diag.Pos{File: name}, "", "the folder %q holds no topology", name).
			WithHint("put a .cue file, topology.yaml or topology.json there")}
	}
}

// stackNames lists the folders beside a stack.
func stackNames(fsys fs.FS, parent string) []string {
	entries, _ := fs.ReadDir(fsys, parent)
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// tooLargeFiles reports a file over maxFile.
func tooLargeFiles(fsys fs.FS, name string) diag.List {
	info, err := fs.Stat(fsys, name)
	if err != nil || info.Size() <= maxFile {
		return nil
	}
	return diag.List{tooLarge.At(diag.Pos{File: name}, "", "%q has %d MB; a topology has at most %d", name, info.Size()>>20, maxFile>>20).
		WithHint("move it out of the stack's folder")}
}

// readData parses a JSON or YAML file into the syntax of CUE, so that its values have positions.
func readData(fsys fs.FS, name string) (*ast.File, error) {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	if path.Ext(name) != ".json" {
		return readYAML(name, raw)
	}
	expr, err := cuejson.Extract(name, raw)
	if err != nil {
		return nil, err
	}
	if s, ok := expr.(*ast.StructLit); ok {
		return &ast.File{Filename: name, Decls: s.Elts}, nil
	}
	return &ast.File{Filename: name, Decls: []ast.Decl{&ast.EmbedDecl{Expr: expr}}}, nil
}

// readYAML parses YAML. CUE's decoder (v0.17.1) finds its place in a file by line feeds, while YAML
// has more line ends: it goes out of bounds where a file has others.
func readYAML(name string, raw []byte) (f *ast.File, err error) {
	raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	defer func() {
		if recover() != nil {
			err = cueerrors.Newf(token.NoPos, "%s:1: a line ends with a character that is no line feed", name)
		}
	}()
	return cueyaml.Extract(name, raw)
}
