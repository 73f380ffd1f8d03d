// Package fill writes texts in the language of Go's text/template, with the fields
// of structs and the functions that it is given. It reads them with Go's own
// parser. What it does without is calling the methods of values by their names:
// a program that does so has to carry every exported method of all that is linked
// into it, which is more than a tenth of this one.
package fill

import (
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
)

// Set is a number of texts that know each other by name.
type Set struct {
	trees  map[string]*parse.Tree
	calls  map[string]any
	escape func(string) string
}

// New is a set without texts. calls are the functions that texts may call besides
// and, or, not, eq, ne, lt, le, gt, ge, len, index, slice, print, printf and
// println; each gives one result. escape, if not nil, makes what is put between
// the words of a text safe to stand there.
func New(calls map[string]any, escape func(string) string) *Set {
	s := &Set{trees: map[string]*parse.Tree{}, calls: maps.Clone(builtins), escape: escape}
	maps.Copy(s.calls, calls)
	return s
}

// Clone is a set of its own with the same texts.
func (s *Set) Clone() *Set {
	c := *s
	c.trees = maps.Clone(s.trees)
	return &c
}

// Parse takes a text in, and the pieces that it defines; they take the place of
// those of the same name. An error is a *Fault.
func (s *Set) Parse(name, text string) error {
	trees, err := parse.Parse(name, text, "", "", s.calls, byParser)
	if err != nil {
		return faultOf(err)
	}
	for piece, tree := range trees {
		// A file that only defines pieces is no text that replaces one.
		if s.trees[piece] == nil || !parse.IsEmptyTree(tree.Root) {
			s.trees[piece] = tree
		}
	}
	return nil
}

// Tree is a text or piece as it was read, nil if there is none of that name.
func (s *Set) Tree(name string) *parse.Tree { return s.trees[name] }

// Fill writes a text with what data has. Errors: a *Fault, or that of w.
func (s *Set) Fill(w io.Writer, name string, data any) (err error) {
	tree := s.trees[name]
	if tree == nil {
		return fmt.Errorf("there is no text %q", name)
	}
	defer func() {
		if r := recover(); r != nil {
			stop, ours := r.(stopped)
			if !ours {
				panic(r)
			}
			err = stop.err
		}
	}()
	dot := reflect.ValueOf(data)
	f := &filler{set: s, w: w, tree: tree, vars: []variable{{"$", dot}}, steps: new(int)}
	f.list(tree.Root, dot)
	return nil
}

// Fault is what is wrong with a text, and where.
type Fault struct {
	Name string
	// Line counts from 1; it is 0 where the trouble has no line.
	Line int
	Text string
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.Name + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.Name, f.Line, f.Text)
}

// FaultAt is a fault at a place in a text.
func FaultAt(tree *parse.Tree, n parse.Node, text string) *Fault {
	place, _ := tree.ErrorContext(n) // name:line:column
	f := &Fault{Name: place, Text: text}
	if parts := strings.Split(place, ":"); len(parts) > 2 {
		f.Name = strings.Join(parts[:len(parts)-2], ":")
		fmt.Sscan(parts[len(parts)-2], &f.Line)
	}
	return f
}

// faultOf takes apart what the parser says: "template: name:line: text".
func faultOf(err error) *Fault {
	text := strings.TrimPrefix(err.Error(), "template: ")
	f := &Fault{Text: text}
	if name, rest, ok := strings.Cut(text, ":"); ok {
		if line, message, ok := strings.Cut(rest, ": "); ok {
			if n, err := fmt.Sscan(line, &f.Line); n == 1 && err == nil {
				f.Name, f.Text = name, message
			}
		}
	}
	return f
}

// Names are the texts and pieces of the set, sorted.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.trees)) }
