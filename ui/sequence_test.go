package ui

import (
	"reflect"
	"unsafe"

	tea "charm.land/bubbletea/v2"
)

// sequence takes a sequence of commands apart. Its type is not exported, but it
// is a slice of commands.
func sequence(m tea.Msg) ([]tea.Cmd, bool) {
	v := reflect.ValueOf(m)
	if v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return nil, false
	}
	cmds := make([]tea.Cmd, v.Len())
	for i := range cmds {
		cmds[i] = v.Index(i).Interface().(tea.Cmd)
	}
	return cmds, true
}

// execution takes apart the wish that another program has the terminal. Its type is
// not exported, nor are its fields.
func execution(m tea.Msg) (cmd tea.ExecCommand, done tea.ExecCallback, ok bool) {
	like := reflect.TypeOf(tea.Exec(nil, nil)())
	if reflect.TypeOf(m) != like {
		return nil, nil, false
	}
	v := reflect.New(like).Elem()
	v.Set(reflect.ValueOf(m))
	field := func(i int) any {
		return reflect.NewAt(v.Field(i).Type(), unsafe.Pointer(v.Field(i).UnsafeAddr())).Elem().Interface()
	}
	return field(0).(tea.ExecCommand), field(1).(tea.ExecCallback), true
}
