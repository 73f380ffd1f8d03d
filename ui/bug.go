package ui

import (
	"reflect"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"
)

// guarded is the interface with a net below it. Bubble Tea has one too, but what it
// prints is a stack trace, which tells an admin nothing and holds whatever was at hand.
type guarded struct {
	tea.Model
	program *tea.Program
	// bug is the first panic.
	bug atomic.Pointer[any]
}

func (g *guarded) Init() (cmd tea.Cmd) {
	defer g.catch()
	return g.guard(g.Model.Init())
}

func (g *guarded) Update(msg tea.Msg) (self tea.Model, cmd tea.Cmd) {
	self = g
	if g.bug.Load() != nil {
		return g, nil // what is left of it is not to be trusted
	}
	defer g.catch()
	_, cmd = g.Model.Update(msg)
	return g, g.guard(cmd)
}

func (g *guarded) View() (v tea.View) {
	defer g.catch()
	return g.Model.View()
}

// catch ends the program in order. It must be what is deferred.
func (g *guarded) catch() {
	if r := recover(); r != nil && g.bug.CompareAndSwap(nil, &r) {
		go g.program.Send(tea.QuitMsg{}) // it may be the event loop itself that would have to take it
	}
}

// guard puts the net below a command and all that it leads to.
func (g *guarded) guard(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer g.catch()
		msg = cmd()
		// A batch and a sequence are lists of commands; the latter has no name.
		list := reflect.ValueOf(msg)
		if commands := reflect.TypeFor[[]tea.Cmd](); !list.IsValid() || !list.CanConvert(commands) {
			return msg
		}
		safe := reflect.MakeSlice(list.Type(), list.Len(), list.Len())
		for i := range list.Len() {
			safe.Index(i).Set(reflect.ValueOf(g.guard(list.Index(i).Interface().(tea.Cmd))))
		}
		return safe.Interface()
	}
}
