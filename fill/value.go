package fill

import (
	"reflect"
	"strings"
	"text/template/parse"
)

// commands gives what the last command of a pipeline gives; each gets the value
// of the one before it as its last argument.
func (f *filler) commands(p *parse.PipeNode, dot reflect.Value) reflect.Value {
	var v reflect.Value
	for i, c := range p.Cmds {
		var before []reflect.Value
		if i > 0 {
			before = []reflect.Value{v}
		}
		v = f.command(c, dot, before)
	}
	return v
}

func (f *filler) command(c *parse.CommandNode, dot reflect.Value, before []reflect.Value) reflect.Value {
	if id, ok := c.Args[0].(*parse.IdentifierNode); ok {
		return f.function(c, id.Ident, c.Args[1:], dot, before)
	}
	if len(c.Args) > 1 || len(before) > 0 {
		f.fail(c, "%s is no function and takes no arguments", c.Args[0])
	}
	if _, ok := c.Args[0].(*parse.NilNode); ok {
		f.fail(c, "nil is not a command")
	}
	return f.value(c.Args[0], dot)
}

func (f *filler) value(n parse.Node, dot reflect.Value) reflect.Value {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.NilNode:
		return reflect.Value{}
	case *parse.BoolNode:
		return reflect.ValueOf(n.True)
	case *parse.StringNode:
		return reflect.ValueOf(n.Text)
	case *parse.NumberNode:
		if !whole(n) {
			f.fail(n, "%s is no whole number that can be used here", n)
		}
		return reflect.ValueOf(int(n.Int64))
	case *parse.FieldNode:
		return f.fields(n, dot, n.Ident)
	case *parse.VariableNode:
		return f.fields(n, f.lookUp(n, n.Ident[0]).value, n.Ident[1:])
	case *parse.ChainNode:
		return f.fields(n, f.value(n.Node, dot), n.Field)
	case *parse.PipeNode:
		return f.pipe(n, dot)
	case *parse.IdentifierNode:
		return f.function(n, n.Ident, nil, dot, nil)
	}
	f.fail(n, "%s can't be used here", n)
	return reflect.Value{}
}

// whole reports whether a number is written as a whole one, which "1.0", "1e3" and
// "1i" are not.
func whole(n *parse.NumberNode) bool {
	if !n.IsInt || int64(int(n.Int64)) != n.Int64 {
		return false
	}
	digits := strings.ToLower(strings.TrimLeft(n.Text, "+-"))
	switch {
	case strings.HasPrefix(digits, "'"):
		return true
	case strings.HasPrefix(digits, "0x"):
		return !strings.ContainsAny(digits, ".pi")
	}
	return !strings.ContainsAny(digits, ".ei")
}

// fields follows a chain of fields.
func (f *filler) fields(n parse.Node, v reflect.Value, names []string) reflect.Value {
	for _, name := range names {
		v = indirect(v)
		if !v.IsValid() {
			f.fail(n, "there is nothing that could have a field .%s", name)
		}
		if v.Kind() != reflect.Struct {
			f.fail(n, "there is no field .%s in %s", name, n)
		}
		t, ok := v.Type().FieldByName(name)
		if !ok || !t.IsExported() {
			f.fail(n, "there is no field .%s in %s", name, n)
		}
		v = v.FieldByIndex(t.Index)
	}
	return v
}

// indirect is what a pointer or an interface holds.
func indirect(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return reflect.Value{}
		}
		v = v.Elem()
	}
	return v
}

// holds reports whether an if takes a value for a yes: it is not false, zero or
// empty. A struct always is.
func holds(v reflect.Value) bool {
	if !v.IsValid() {
		return false
	}
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() > 0
	case reflect.Struct:
		return true
	}
	return !v.IsZero()
}
