package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The state file is a header line and then one JSON line for each change. An operation appends its line and syncs before
// it answers, so a killed process leaves at most one torn last line, of an operation that nobody was told about. Start
// and Close rewrite the file with one line an object, beside the old one, and rename it into place. (Rewriting the whole
// file after each operation would cost the square of the number of objects.)
type journal struct {
	path string
	file *os.File
	lock *os.File
}

const stateFormat = "obslink sandbox state"

type header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Note    string `json:"note"`
}

// load reads a state file. A missing file is an empty cloud; anything else that is not understood is an error, and the file
// stays as it is.
func load(path string) (*db, error) {
	d := newDB()
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the sandbox state file: %w", err)
	}
	complete := bytes.HasSuffix(data, []byte("\n"))
	lines := bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
	for i, line := range lines {
		if i > 0 && i == len(lines)-1 && !complete {
			break // torn by a crash while it was written; its operation was never answered
		}
		if err := d.loadLine(i, line); err != nil {
			return nil, fmt.Errorf("the sandbox state file %s is damaged at line %d%s: %w; restore it, or move it away to start with empty clouds",
				path, i+1, offsetIn(err), err)
		}
	}
	return d, nil
}

func (d *db) loadLine(i int, line []byte) error {
	if i == 0 {
		var h header
		if err := strict(line, &h); err != nil {
			return err
		}
		if h.Format != stateFormat || h.Version != 1 {
			return fmt.Errorf("want format %q version 1, got %q version %d", stateFormat, h.Format, h.Version)
		}
		return nil
	}
	var c change
	if err := strict(line, &c); err != nil {
		return err
	}
	for _, o := range c.Put {
		if o == nil || o.ID == "" || o.Type == "" || (o.Cloud != "aws" && o.Cloud != "azure") {
			return errors.New("an object without cloud, type or id")
		}
	}
	d.replay(c)
	return nil
}

func strict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if dec.More() {
		return fmt.Errorf("unexpected text after the value at offset %d", dec.InputOffset())
	}
	return nil
}

func offsetIn(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf(", offset %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf(", offset %d", kind.Offset)
	}
	return ""
}

// openDB takes the file for this process alone and reads it; the caller compacts once the world is in.
func openDB(path string) (*db, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the folder of the sandbox state file: %w", err)
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("the sandbox state file %s is in use by another process; wait for it to end, or use another state file: %w", path, err)
	}
	d, err := load(path)
	if err != nil {
		_ = lock.Close()
		return nil, err
	}
	d.journal = &journal{path: path, lock: lock}
	return d, nil
}

func (d *db) compact() error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	lines := []any{header{stateFormat, 1, "SANDBOX: simulated clouds of obslink, nothing here is real"}}
	if len(d.counts) > 0 {
		lines = append(lines, change{Count: d.counts})
	}
	for _, key := range sortedKeys(d.objects) {
		lines = append(lines, change{Put: []*Object{d.objects[key]}})
	}
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	j := d.journal
	if err := replaceFile(j.path, b.Bytes()); err != nil {
		return fmt.Errorf("cannot write the sandbox state file: %w", err)
	}
	if j.file != nil {
		_ = j.file.Close()
	}
	var err error
	j.file, err = os.OpenFile(j.path, os.O_WRONLY|os.O_APPEND, 0o600)
	return err
}

// replaceFile: after a crash the file is the old one or the new one, never a mixture.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync() // best effort: some file systems refuse to sync a folder
		_ = dir.Close()
	}
	return nil
}

// append writes one change. When the write fails half-way (no space left), the half line is taken back, so that the next
// one does not stick to it.
func (j *journal) append(c change, sync bool) error {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	before, err := j.file.Seek(0, 2)
	if err != nil {
		return err
	}
	_, err = j.file.Write(append(line, '\n'))
	if err == nil && sync {
		err = j.file.Sync()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("cannot write the sandbox state file: %w", err), j.file.Truncate(before))
	}
	return nil
}

func (d *db) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.journal == nil {
		return nil
	}
	err := errors.Join(d.compact(), d.journal.file.Close(), d.journal.lock.Close())
	d.journal = nil
	return err
}

// Clouds is a read-only view of a state file.
type Clouds struct{ db *db }

// Open reads a state file without taking it: tests and the demo look at it while or after a server uses it.
func Open(stateFile string) (*Clouds, error) {
	if _, err := os.Stat(stateFile); err != nil {
		return nil, fmt.Errorf("cannot read the sandbox state file: %w", err)
	}
	d, err := load(stateFile)
	if err != nil {
		return nil, err
	}
	return &Clouds{d}, nil
}

// Objects lists everything that exists, sorted by cloud, account, region, type, id and name.
func (c *Clouds) Objects() []Object {
	out := make([]Object, 0, len(c.db.objects))
	for _, o := range c.db.objects {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b Object) int { return strings.Compare(sortKey(a), sortKey(b)) })
	return out
}

func sortKey(o Object) string {
	return strings.Join([]string{o.Cloud, o.Account, o.Region, o.Type, o.ID, o.Name}, "\x00")
}
