package fill

import (
	"fmt"
	"io"
	"reflect"
	"text/template/parse"
)

// deepest is how many pieces may stand within one another, longest how many steps
// a text may take: pieces that each use the next one twice would never end.
const (
	deepest = 100
	longest = 1_000_000
)

// filler is one text on its way.
type filler struct {
	set   *Set
	w     io.Writer
	tree  *parse.Tree
	vars  []variable
	depth int
	steps *int
}

type variable struct {
	name  string
	value reflect.Value
}

// stopped ends the filling from any depth; jump leaves a loop's round.
type stopped struct{ err error }

type jump int

const (
	none jump = iota
	breaks
	continues
)

func (f *filler) fail(n parse.Node, format string, args ...any) {
	panic(stopped{FaultAt(f.tree, n, fmt.Sprintf(format, args...))})
}

func (f *filler) write(text string) {
	if _, err := io.WriteString(f.w, text); err != nil {
		panic(stopped{err})
	}
}

func (f *filler) list(l *parse.ListNode, dot reflect.Value) jump {
	if l == nil {
		return none
	}
	for _, n := range l.Nodes {
		if j := f.node(n, dot); j != none {
			return j
		}
	}
	return none
}

func (f *filler) node(n parse.Node, dot reflect.Value) jump {
	if *f.steps++; *f.steps > longest {
		f.fail(n, "this takes too many steps")
	}
	switch n := n.(type) {
	case *parse.TextNode:
		f.write(string(n.Text))
	case *parse.ActionNode:
		if v := f.pipe(n.Pipe, dot); len(n.Pipe.Decl) == 0 {
			f.print(n, v)
		}
	case *parse.IfNode:
		return f.branch(&n.BranchNode, dot, false)
	case *parse.WithNode:
		return f.branch(&n.BranchNode, dot, true)
	case *parse.RangeNode:
		return f.loop(n, dot)
	case *parse.TemplateNode:
		f.piece(n, dot)
	case *parse.BreakNode:
		return breaks
	case *parse.ContinueNode:
		return continues
	}
	return none
}

// branch is an if or a with; variables made in it end with it.
func (f *filler) branch(n *parse.BranchNode, dot reflect.Value, with bool) jump {
	mark := len(f.vars)
	defer func() { f.vars = f.vars[:mark] }()
	v := f.pipe(n.Pipe, dot)
	switch {
	case !holds(v):
		return f.list(n.ElseList, dot)
	case with:
		return f.list(n.List, v)
	}
	return f.list(n.List, dot)
}

func (f *filler) loop(n *parse.RangeNode, dot reflect.Value) jump {
	mark := len(f.vars)
	defer func() { f.vars = f.vars[:mark] }()
	decl := n.Pipe.Decl
	v := indirect(f.commands(n.Pipe, dot))
	if !v.IsValid() || v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		f.fail(n, "range needs a list, and this is none: %s", n.Pipe)
	}
	if v.Len() == 0 {
		return f.list(n.ElseList, dot)
	}
	for i := range v.Len() {
		f.vars = f.vars[:mark]
		values := []reflect.Value{v.Index(i)}
		if len(decl) == 2 {
			values = []reflect.Value{reflect.ValueOf(i), v.Index(i)}
		}
		for j, d := range decl {
			f.put(n, d.Ident[0], values[j], n.Pipe.IsAssign)
		}
		if f.list(n.List, v.Index(i)) == breaks {
			break
		}
	}
	return none
}

func (f *filler) piece(n *parse.TemplateNode, dot reflect.Value) {
	tree := f.set.trees[n.Name]
	if tree == nil {
		f.fail(n, "there is no piece %q", n.Name)
	}
	if f.depth == deepest {
		f.fail(n, "the piece %q uses itself without an end", n.Name)
	}
	given := f.pipe(n.Pipe, dot)
	inner := &filler{set: f.set, w: f.w, tree: tree, vars: []variable{{"$", given}}, depth: f.depth + 1, steps: f.steps}
	inner.list(tree.Root, given)
}

// pipe gives the value of a pipeline, and keeps it where it has a variable.
func (f *filler) pipe(p *parse.PipeNode, dot reflect.Value) reflect.Value {
	if p == nil {
		return reflect.Value{}
	}
	v := f.commands(p, dot)
	for _, d := range p.Decl {
		f.put(p, d.Ident[0], v, p.IsAssign)
	}
	return v
}

func (f *filler) put(n parse.Node, name string, v reflect.Value, assign bool) {
	if !assign {
		f.vars = append(f.vars, variable{name, v})
		return
	}
	f.lookUp(n, name).value = v
}

func (f *filler) lookUp(n parse.Node, name string) *variable {
	for i := len(f.vars) - 1; i >= 0; i-- {
		if f.vars[i].name == name {
			return &f.vars[i]
		}
	}
	f.fail(n, "there is no variable %s", name)
	return nil
}

// print puts a value between the words.
func (f *filler) print(n parse.Node, v reflect.Value) {
	v = indirect(v)
	switch {
	case !v.IsValid():
		f.fail(n, "there is nothing to write in %s", n)
	case v.Kind() == reflect.Func || v.Kind() == reflect.Chan:
		f.fail(n, "%s can't be written", n)
	}
	text := fmt.Sprint(v.Interface())
	if f.set.escape != nil {
		text = f.set.escape(text)
	}
	f.write(text)
}
