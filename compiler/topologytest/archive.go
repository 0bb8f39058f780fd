package topologytest

import (
	"os"
	"strings"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// Archive is a txtar file with a project and what must come out of it.
type Archive struct {
	// Comment says what the archive shows.
	Comment string
	// Stack is the stack's folder: what a line "stack: PATH" of the comment says, or stacks/t.
	Stack string
	// Files are those of the project, by path.
	Files fstest.MapFS
	// Out are the expected outputs: the files whose names begin with "out/", by name.
	Out map[string]string

	file string
	raw  *txtar.Archive
}

// ReadArchive reads an archive; errors are those of the file.
func ReadArchive(file string) (*Archive, error) {
	raw, err := txtar.ParseFile(file)
	if err != nil {
		return nil, err
	}
	a := &Archive{Comment: string(raw.Comment), Stack: "stacks/t", Files: fstest.MapFS{}, Out: map[string]string{}, file: file, raw: raw}
	for _, f := range raw.Files {
		if strings.HasPrefix(f.Name, "out/") {
			a.Out[f.Name] = string(f.Data)
		} else {
			a.Files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	if name := a.Says("stack"); name != "" {
		a.Stack = name
	}
	return a, nil
}

// Says is the text behind "WORD: " in a line of the comment; "" where there is none.
func (a *Archive) Says(word string) string {
	for line := range strings.Lines(a.Comment) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), word+": "); ok {
			return text
		}
	}
	return ""
}

// Write replaces the expected outputs by these, in the order of names, behind the project's files.
func (a *Archive) Write(names []string, out map[string]string) error {
	var files []txtar.File
	for _, f := range a.raw.Files {
		if !strings.HasPrefix(f.Name, "out/") {
			files = append(files, f)
		}
	}
	for _, name := range names {
		if text, ok := out[name]; ok {
			files = append(files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	a.raw.Files = files
	return os.WriteFile(a.file, txtar.Format(a.raw), 0o644)
}
