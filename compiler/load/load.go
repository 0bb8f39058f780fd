// Package load reads a stack's files into a topology. It evaluates CUE (or JSON and YAML of the same
// shape), holds the value against the schema, and keeps where the user wrote each field. It reports
// every mistake of shape at once, at the user's position; it does not judge what the values mean.
//
// It reads an fs.FS and nothing else: no network, no module registry, no environment.
package load

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"
	cueerrors "cuelang.org/go/cue/errors"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// LockFile is the file beside a topology that keeps its addresses.
const LockFile = "addresses.lock.json"

// Stack loads the stack at name: a folder or file of fsys, by slash-separated path from its root.
// The topology is nil when the list has errors.
func Stack(fsys fs.FS, name string) (*topology.Topology, diag.List) {
	ctx := cuecontext.New()
	src, found := read(ctx, fsys, name, standIn(languageFile()))
	if found.HasErrors() {
		return nil, found
	}
	language := ctx.CompileBytes(languageFile())
	root := language.LookupPath(cue.ParsePath("#Topology"))

	// The files were evaluated against a stand-in for the schema that allows everything, so that
	// what is wrong can be told from plain data, also in files that never mention the schema: those
	// CUE alone leaves open.
	if notOpen(src.value) {
		// A definition of the user's own that builds on one of the language's closes itself, and the
		// stand-in names no field that it could keep open. The language does.
		if src, found = read(ctx, fsys, name, languageFile()); found.HasErrors() {
			return nil, found
		}
	}
	t, err := src.topology(root)
	if err != nil {
		if found := explain(root, src); len(found) > 0 {
			return nil, found.Sorted()
		}
		return nil, diag.List{notConcrete.At(diag.Pos{File: name}, "", "the topology cannot be read: %s", tidy(err.Error()))}
	}
	t.Where = src.where.at
	lock, found := readLock(fsys, name)
	t.Locked, t.Pinned = lock.Addresses, lock.Members
	return t, found
}

// topology holds the value against the schema and decodes it. CUE's own unification takes as long as
// the evaluation of the files, so it is asked only about what the quick look refuses.
func (src *source) topology(schema cue.Value) (*topology.Topology, error) {
	if err := src.value.Validate(cue.Concrete(true)); err != nil {
		return nil, err
	}
	raw, err := src.value.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if !shapeOf(schema).fits(raw) {
		if err := schema.Unify(src.value).Validate(cue.Concrete(true)); err != nil {
			return nil, err
		}
	}
	return decode(raw)
}

// notAllowedField is how CUE says that a closed definition has no such field.
const notAllowedField = "field not allowed"

// notOpen reports whether a definition refused a field.
func notOpen(v cue.Value) bool {
	if v.Err() == nil {
		return false
	}
	return slices.ContainsFunc(cueerrors.Errors(v.Validate(cue.All())), func(err cueerrors.Error) bool {
		format, _ := err.Msg()
		return strings.Contains(format, notAllowedField)
	})
}

// languageFile is the schema's text.
func languageFile() []byte {
	b, err := schema.Files.ReadFile(schema.TopologyFile)
	if err != nil {
		panic("schema is not embedded: " + err.Error() + "; this is a bug in obslink")
	}
	return b
}

// Lock is the form of addresses.lock.json: the addresses of endpoints, by endpoint and subnet name, and the members of
// those whose cloud tells them, by endpoint.
type Lock struct {
	Version   int                        `json:"version"`
	Addresses map[string]string          `json:"addresses"`
	Members   map[string]topology.Pinned `json:"members,omitempty"`
}

// readLock reads the lock file beside the stack; none is fine.
func readLock(fsys fs.FS, name string) (Lock, diag.List) {
	file := LockPath(name)
	raw, err := fs.ReadFile(fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return Lock{}, nil
	}
	var lock Lock
	if err == nil {
		err = json.Unmarshal(raw, &lock)
	}
	if err == nil && lock.Version != 1 {
		err = errors.New("its version is not 1")
	}
	if err != nil {
		return Lock{}, diag.List{badLock.At(diag.Pos{File: file}, "", "the address lock cannot be read: %v", err).
			WithHint("restore it from version control, or delete it and run `obslink lock`")}
	}
	return lock, nil
}

// LockPath is where the lock file of a stack stands: in its folder.
func LockPath(name string) string {
	if isFile(name) {
		name = path.Dir(name)
	}
	return path.Join(name, LockFile)
}

// isFile reports whether a stack's path names a file by its ending.
func isFile(name string) bool {
	switch path.Ext(name) {
	case ".cue", ".json", ".yaml", ".yml":
		return true
	}
	return false
}
