package report

import (
	"bytes"
	"encoding/json"
	"io"
)

// JSON writes a document, indented.
func JSON(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(document)
}

// Lines writes a large document with the objects of its lists on a line each: short, and a changed
// element is a changed line. What stands deeper than depth levels is not broken.
func Lines(w io.Writer, document any, depth int) error {
	l := &liner{w: w, depth: depth}
	e := json.NewEncoder(l)
	e.SetEscapeHTML(false)
	if err := e.Encode(document); err != nil {
		return err
	}
	return l.flush()
}

// liner breaks compact JSON into lines while it passes.
type liner struct {
	w               io.Writer
	out             []byte
	depth, level    int
	quoted, escaped bool
	open            byte // a bracket that may be closed at once
}

// chunk is how much is written at once.
const chunk = 1 << 16

func (l *liner) Write(compact []byte) (int, error) {
	for i := 0; i < len(compact); i++ {
		if l.quoted && !l.escaped { // most of a document is text
			if n := bytes.IndexAny(compact[i:], `"\\`); n > 0 {
				l.out = append(l.out, compact[i:i+n]...)
				i += n
			}
		}
		l.pass(compact[i])
		if len(l.out) >= chunk {
			if err := l.flush(); err != nil {
				return i, err
			}
		}
	}
	return len(compact), nil
}

func (l *liner) flush() error {
	_, err := l.w.Write(l.out)
	l.out = l.out[:0]
	return err
}

func (l *liner) pass(c byte) {
	if l.open != 0 {
		l.out = append(l.out, l.open)
		l.open = 0
		if c == '}' || c == ']' {
			l.out = append(l.out, c)
			return
		}
		l.level++
		l.newline(l.level <= l.depth)
	}
	switch {
	case l.escaped:
		l.escaped = false
	case l.quoted:
		l.escaped = c == '\\'
		l.quoted = c != '"'
	case c == '"':
		l.quoted = true
	case c == '{' || c == '[':
		l.open = c
		return
	case c == '}' || c == ']':
		l.level--
		l.newline(l.level < l.depth)
	case c == ',' && l.level <= l.depth:
		l.out = append(l.out, c)
		l.newline(true)
		return
	case c == ',' || c == ':':
		l.out = append(l.out, c)
		c = ' '
	}
	l.out = append(l.out, c)
}

func (l *liner) newline(wanted bool) {
	if !wanted {
		return
	}
	l.out = append(l.out, '\n')
	for range l.level {
		l.out = append(l.out, ' ', ' ')
	}
}
