package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// Screens move by asking the session; the root carries it out at the end of the
// same Update. A key that is typed right after another one therefore meets the
// screen that the first one led to, and never the one that it left.

// A recorder takes in what is recorded then, if records says so.
type recorder interface{ records() bool }

// push puts a screen on top. Nobody is asked for what could not be recorded.
func (s *session) push(to screen) tea.Cmd {
	if r, asks := to.(recorder); asks && s.looking != nil && r.records() {
		return s.refuse()
	}
	s.moves = append(s.moves, func(r *root) tea.Cmd {
		r.stack = append(r.stack, to)
		return to.Init()
	})
	return nil
}

// pop leaves the screen on top.
func (s *session) pop() tea.Cmd {
	s.moves = append(s.moves, func(r *root) tea.Cmd {
		r.leaveTop()
		if ret, ok := r.top().(returner); ok {
			return ret.Return()
		}
		return nil
	})
	return nil
}

// swap puts a screen in the place of the one on top.
func (s *session) swap(to screen) tea.Cmd {
	s.moves = append(s.moves, func(r *root) tea.Cmd {
		r.leaveTop()
		r.stack = append(r.stack, to)
		return to.Init()
	})
	return nil
}

// reset leaves everything but home, and puts screens on top of it. A question
// that is being asked stays on top of them.
func (s *session) reset(to ...screen) tea.Cmd {
	s.moves = append(s.moves, func(r *root) tea.Cmd {
		asking := len(r.stack)
		for asking > 1 && isBox(r.stack[asking-1]) {
			asking--
		}
		boxes := slices.Clone(r.stack[asking:])
		r.stack = r.stack[:asking]
		for len(r.stack) > 1 {
			r.leaveTop()
		}
		r.stack = append(r.stack[:1], to...)
		begin := r.top().Init()
		r.stack = append(r.stack, boxes...)
		return begin
	})
	return nil
}

func isBox(s screen) bool {
	_, ok := s.(box)
	return ok
}

// move carries out what screens asked for; a screen that comes to the top may
// ask again.
func (r *root) move() tea.Cmd {
	var cmds []tea.Cmd
	for len(r.s.moves) > 0 {
		next := r.s.moves[0]
		r.s.moves = r.s.moves[1:]
		cmds = append(cmds, next(r))
	}
	return tea.Batch(cmds...)
}

// leaveTop lets the screen on top stop what it runs, and takes it away. Home stays.
func (r *root) leaveTop() {
	if len(r.stack) == 1 {
		return
	}
	if l, ok := r.top().(leaver); ok {
		l.Leave()
	}
	r.stack = r.stack[:len(r.stack)-1]
}
