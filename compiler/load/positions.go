package load

import (
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"github.com/obslink/obslink/compiler/diag"
)

// positions says where the user wrote each path. It is made from the syntax of the user's files, so
// it never points into the schema; a field that a comprehension makes is found at the comprehension.
type positions struct {
	label, value token.Pos
	children     map[string]*positions
	// made is where a comprehension or computed label adds fields that have no label of their own.
	made token.Pos
	// more are further places that declare the same path.
	more []token.Pos
}

// at returns the position of a path such as networks.hub.cidrs[0], or of its nearest parent.
func (p *positions) at(path string) diag.Pos { return position(p.find(path).best()) }

// labelAt is like at but gives the label's position, for a field that should not be there.
func (p *positions) labelAt(path string) diag.Pos {
	n := p.find(path)
	if n.label.IsValid() {
		return position(n.label)
	}
	return position(n.best())
}

// find walks to the node of a path, or to its nearest parent that the user wrote.
func (p *positions) find(path string) *positions {
	n := p
	for _, step := range splitPath(path) {
		child := n.children[step]
		if child == nil {
			if n.made.IsValid() {
				return &positions{label: n.made}
			}
			break
		}
		n = child
	}
	return n
}

func (p *positions) best() token.Pos {
	if p.value.IsValid() {
		return p.value
	}
	return p.label
}

func (p *positions) child(step string) *positions {
	if p.children == nil {
		p.children = map[string]*positions{}
	}
	c := p.children[step]
	if c == nil {
		c = &positions{}
		p.children[step] = c
	}
	return c
}

// addFile adds the fields of one file.
func (p *positions) addFile(f *ast.File) {
	if !p.label.IsValid() {
		p.label = f.Pos()
		for _, d := range f.Decls {
			if e, ok := d.(*ast.EmbedDecl); ok {
				p.label = e.Pos()
				break
			}
		}
	}
	p.addDecls(f.Decls)
}

func (p *positions) addDecls(decls []ast.Decl) {
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			p.addField(d)
		case *ast.EmbedDecl:
			p.addExpr(d.Expr)
		case *ast.Comprehension:
			p.addComprehension(d)
		}
	}
}

func (p *positions) addField(f *ast.Field) {
	name, _, err := ast.LabelName(f.Label)
	if err != nil || name == "" {
		if !p.made.IsValid() {
			p.made = f.Label.Pos()
		}
		return
	}
	if strings.HasPrefix(name, "#") || strings.HasPrefix(name, "_") {
		return
	}
	c := p.child(name)
	if c.label.IsValid() {
		c.more = append(c.more, f.Label.Pos())
	} else {
		c.label = f.Label.Pos()
	}
	c.addExpr(f.Value)
}

func (p *positions) addExpr(e ast.Expr) {
	switch e := e.(type) {
	case *ast.StructLit:
		p.addDecls(e.Elts)
	case *ast.BinaryExpr:
		if e.Op == token.AND {
			p.addExpr(e.X)
			p.addExpr(e.Y)
		}
	case *ast.ParenExpr:
		p.addExpr(e.X)
	case *ast.ListLit:
		p.setValue(e.Pos())
		for i, elt := range e.Elts {
			if c, ok := elt.(*ast.Comprehension); ok {
				p.made = c.Pos()
				break
			}
			element := p.child(strconv.Itoa(i))
			if !element.label.IsValid() {
				element.label = elt.Pos() // a struct in a list has no label of its own
			}
			element.addExpr(elt)
		}
	case *ast.Comprehension:
		p.addComprehension(e)
	default:
		p.setValue(e.Pos())
	}
}

func (p *positions) setValue(pos token.Pos) {
	if !p.value.IsValid() {
		p.value = pos
	}
}

func (p *positions) addComprehension(c *ast.Comprehension) {
	p.addExpr(c.Value)
}

// position turns a token position into a diagnostic's.
func position(p token.Pos) diag.Pos {
	pos := p.Position()
	return diag.Pos{File: pos.Filename, Line: pos.Line, Column: pos.Column}
}

// splitPath cuts networks.hub.cidrs[0] into its steps. Keys may be quoted: links."a.b".from.
func splitPath(path string) []string {
	var steps []string
	for path != "" {
		switch path[0] {
		case '.':
			path = path[1:]
		case '[':
			end := strings.IndexByte(path, ']')
			if end < 0 {
				return append(steps, path)
			}
			steps = append(steps, path[1:end])
			path = path[end+1:]
		case '"':
			quoted, err := strconv.QuotedPrefix(path)
			if err != nil {
				return append(steps, path)
			}
			step, _ := strconv.Unquote(quoted)
			steps = append(steps, step)
			path = path[len(quoted):]
		default:
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			steps = append(steps, path[:end])
			path = path[end:]
		}
	}
	return steps
}
