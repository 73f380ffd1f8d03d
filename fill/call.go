package fill

import (
	"errors"
	"fmt"
	"reflect"
	"text/template/parse"
)

// byParser are names that the parser has to know and that are no functions: "and"
// and "or" look at no more arguments than they need.
var byParser = map[string]any{"and": true, "or": true}

// builtins are the functions that every text may call.
var builtins = map[string]any{
	"not": func(v reflect.Value) bool { return !holds(v) },
	"eq":  equalsAny, "ne": differs,
	"lt":  func(a, b reflect.Value) (bool, error) { n, err := order(a, b); return n < 0, err },
	"le":  func(a, b reflect.Value) (bool, error) { n, err := order(a, b); return n <= 0, err },
	"gt":  func(a, b reflect.Value) (bool, error) { n, err := order(a, b); return n > 0, err },
	"ge":  func(a, b reflect.Value) (bool, error) { n, err := order(a, b); return n >= 0, err },
	"len": length, "index": index, "slice": slice,
	"print": fmt.Sprint, "printf": fmt.Sprintf, "println": fmt.Sprintln,
}

var valueType = reflect.TypeFor[reflect.Value]()

// function calls a function with the values of its arguments.
func (f *filler) function(n parse.Node, name string, args []parse.Node, dot reflect.Value, before []reflect.Value) reflect.Value {
	if name == "and" || name == "or" {
		return f.logic(n, name == "and", args, dot, before)
	}
	call := reflect.ValueOf(f.set.calls[name])
	if call.Kind() != reflect.Func {
		f.fail(n, "function %q not defined", name)
	}
	given := make([]reflect.Value, 0, len(args)+1)
	for _, a := range args {
		given = append(given, f.value(a, dot))
	}
	given = append(given, before...)
	t := call.Type()
	if len(given) < t.NumIn() && !(t.IsVariadic() && len(given) == t.NumIn()-1) || len(given) > t.NumIn() && !t.IsVariadic() {
		f.fail(n, "%s is given %d arguments, which is not what it takes", name, len(given))
	}
	for i, v := range given {
		want := t.In(min(i, t.NumIn()-1))
		if t.IsVariadic() && i >= t.NumIn()-1 {
			want = want.Elem()
		}
		given[i] = f.fitting(n, name, v, want)
	}
	out := call.Call(given)
	if len(out) == 2 && !out[1].IsNil() {
		f.fail(n, "%s: %v", name, out[1].Interface())
	}
	return unwrapped(out[0])
}

// unwrapped is the value itself, where a function gives one of any kind.
func unwrapped(v reflect.Value) reflect.Value {
	if v.Type() == valueType {
		return v.Interface().(reflect.Value)
	}
	if v.Kind() == reflect.Interface && !v.IsNil() {
		return v.Elem()
	}
	return v
}

// fitting makes a value ready to be given to a function that wants a type.
func (f *filler) fitting(n parse.Node, name string, v reflect.Value, want reflect.Type) reflect.Value {
	if want == valueType {
		return reflect.ValueOf(indirectOnce(v))
	}
	if !v.IsValid() {
		if want.Kind() == reflect.Interface {
			return reflect.Zero(want)
		}
		f.fail(n, "%s is given nothing where it wants a %s", name, want)
	}
	if v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	if !v.Type().AssignableTo(want) {
		f.fail(n, "%s wants a %s, and this is a %s", name, want, v.Type())
	}
	return v
}

// indirectOnce is what an interface holds.
func indirectOnce(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface && !v.IsNil() {
		return v.Elem()
	}
	return v
}

// logic is "and" and "or": the first argument that decides, or the last.
func (f *filler) logic(n parse.Node, and bool, args []parse.Node, dot reflect.Value, before []reflect.Value) reflect.Value {
	if len(args)+len(before) == 0 {
		f.fail(n, "%s needs an argument", n)
	}
	var v reflect.Value
	for _, a := range args {
		if v = f.value(a, dot); holds(v) != and {
			return v
		}
	}
	if len(before) > 0 {
		return before[0]
	}
	return v
}

func length(v reflect.Value) (int, error) {
	switch v = indirect(v); v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len(), nil
	}
	return 0, errors.New("this has no length")
}

func index(v reflect.Value, places ...reflect.Value) (reflect.Value, error) {
	for _, p := range places {
		v = indirect(v)
		i, err := place(p)
		switch {
		case err != nil:
			return v, err
		case v.Kind() != reflect.Slice && v.Kind() != reflect.Array && v.Kind() != reflect.String:
			return v, errors.New("this is no list")
		case i < 0 || i >= v.Len():
			return v, fmt.Errorf("there is no place %d in a list of %d", i, v.Len())
		}
		v = v.Index(i)
	}
	return v, nil
}

func slice(v reflect.Value, places ...reflect.Value) (reflect.Value, error) {
	v = indirect(v)
	if v.Kind() != reflect.Slice && v.Kind() != reflect.String || len(places) > 2 {
		return v, errors.New("this is no list")
	}
	ends := [2]int{0, v.Len()}
	for i, p := range places {
		var err error
		if ends[i], err = place(p); err != nil {
			return v, err
		}
	}
	if ends[0] < 0 || ends[0] > ends[1] || ends[1] > v.Len() {
		return v, fmt.Errorf("there is no part from %d to %d in a list of %d", ends[0], ends[1], v.Len())
	}
	return v.Slice(ends[0], ends[1]), nil
}

func place(v reflect.Value) (int, error) {
	if v = indirect(v); !v.IsValid() || !v.CanInt() {
		return 0, errors.New("a place in a list is a whole number")
	}
	return int(v.Int()), nil
}
