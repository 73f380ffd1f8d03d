package email

import (
	"fmt"
	"reflect"
	"strings"
	"text/template/parse"

	"sidestep/fill"
)

// check tries a mail: that it names only fields that exist, in all its branches,
// and that it can be filled, whatever is known.
func check(set *fill.Set, name string) error {
	c := checker{set: set, tree: set.Tree(name), seen: map[string]bool{}}
	facts := reflect.TypeFor[told]()
	c.list(c.tree.Root, scope{dot: facts, vars: map[string]reflect.Type{"$": facts}})
	if c.fault != nil {
		return c.fault
	}
	for _, f := range []Facts{{}, example(1), example(2)} {
		if _, _, err := write(set, name, f); err != nil {
			return err
		}
	}
	return nil
}

// checker walks through a template and knows the type of everything in it, as far
// as it can be told without filling it. Type nil is what cannot be told.
type checker struct {
	set  *fill.Set
	tree *parse.Tree
	// seen are the pieces that were walked through, with what they were given.
	seen  map[string]bool
	fault *fill.Fault
}

// scope is what names mean at a place.
type scope struct {
	dot  reflect.Type
	vars map[string]reflect.Type
}

// with is the scope inside of a block: variables made there end with it.
func (s scope) with(dot reflect.Type) scope {
	vars := map[string]reflect.Type{}
	for k, v := range s.vars {
		vars[k] = v
	}
	return scope{dot, vars}
}

func (c *checker) fail(n parse.Node, format string, args ...any) {
	if c.fault == nil {
		c.fault = fill.FaultAt(c.tree, n, fmt.Sprintf(format, args...))
	}
}

func (c *checker) list(l *parse.ListNode, s scope) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			c.pipe(n.Pipe, s)
		case *parse.IfNode:
			c.pipe(n.Pipe, s)
			c.list(n.List, s.with(s.dot))
			c.list(n.ElseList, s.with(s.dot))
		case *parse.WithNode:
			inner := s.with(s.dot)
			inner.dot = c.pipe(n.Pipe, inner)
			c.list(n.List, inner)
			c.list(n.ElseList, s.with(s.dot))
		case *parse.RangeNode:
			c.loop(n, s)
		case *parse.TemplateNode:
			c.piece(n, s)
		}
	}
}

// loop walks through a range. Only lists may be gone through: a number would
// allow a mail without an end.
func (c *checker) loop(n *parse.RangeNode, s scope) {
	inner := s.with(s.dot)
	decl := n.Pipe.Decl
	n.Pipe.Decl = nil
	t := c.pipe(n.Pipe, inner)
	n.Pipe.Decl = decl
	if t == nil || t.Kind() != reflect.Slice {
		c.fail(n, "range needs a list, and this is none: %s", n.Pipe)
		return
	}
	inner.dot = t.Elem()
	switch len(decl) {
	case 1:
		inner.vars[decl[0].Ident[0]] = t.Elem()
	case 2:
		inner.vars[decl[0].Ident[0]] = reflect.TypeFor[int]()
		inner.vars[decl[1].Ident[0]] = t.Elem()
	}
	c.list(n.List, inner)
	c.list(n.ElseList, s.with(s.dot))
}

func (c *checker) piece(n *parse.TemplateNode, s scope) {
	t := c.set.Tree(n.Name)
	if t == nil {
		c.fail(n, "there is no piece %q", n.Name)
		return
	}
	var dot reflect.Type
	if n.Pipe != nil {
		dot = c.pipe(n.Pipe, s)
	}
	if key := fmt.Sprint(n.Name, "\x00", dot); !c.seen[key] {
		c.seen[key] = true
		outer := c.tree
		c.tree = t
		c.list(t.Root, scope{dot, map[string]reflect.Type{"$": dot}})
		c.tree = outer
	}
}

// pipe gives the type of a pipeline's value, and takes in its variables.
func (c *checker) pipe(p *parse.PipeNode, s scope) reflect.Type {
	if p == nil {
		return nil
	}
	var t reflect.Type
	for _, cmd := range p.Cmds {
		t = c.command(cmd, s)
	}
	for _, v := range p.Decl {
		s.vars[v.Ident[0]] = t
	}
	return t
}

// command gives the type of a single call or value. Of functions only those are
// known whose result a range may go through or a field be taken of.
func (c *checker) command(cmd *parse.CommandNode, s scope) reflect.Type {
	var first reflect.Type
	var types []reflect.Type
	for i, arg := range cmd.Args {
		t := c.argument(arg, s)
		if i == 0 {
			first = t
		} else {
			types = append(types, t)
		}
	}
	id, ok := cmd.Args[0].(*parse.IdentifierNode)
	if !ok {
		return first
	}
	switch id.Ident {
	case "or", "and":
		for _, t := range types {
			if t != nil && t == types[0] {
				return t
			}
		}
	case "slice":
		if len(types) > 0 {
			return types[0]
		}
	case "index":
		if len(types) > 0 && types[0] != nil && types[0].Kind() == reflect.Slice {
			return types[0].Elem()
		}
	}
	return nil
}

func (c *checker) argument(n parse.Node, s scope) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return s.dot
	case *parse.FieldNode:
		return c.fields(n, s.dot, n.Ident)
	case *parse.VariableNode:
		return c.fields(n, s.vars[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(n, c.argument(n.Node, s), n.Field)
	case *parse.PipeNode:
		return c.pipe(n, s)
	}
	return nil
}

// fields follows a chain of fields.
func (c *checker) fields(n parse.Node, t reflect.Type, names []string) reflect.Type {
	for i, name := range names {
		if t == nil {
			return nil
		}
		next := field(t, name)
		if next == nil {
			c.fail(n, "there is no field .%s (the guide lists them)", strings.Join(names[:i+1], "."))
			return nil
		}
		t = next
	}
	return t
}

func field(t reflect.Type, name string) reflect.Type {
	if t.Kind() == reflect.Struct {
		if f, ok := t.FieldByName(name); ok && f.IsExported() {
			return f.Type
		}
	}
	return nil
}
