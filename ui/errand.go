package ui

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"sidestep/state"
)

// A change here can bring changes to other saved works with it: a mail about several
// orgs is recorded in the work of each. They are made once the change here is on disk,
// one errand after the other, and are taken back together with it.

// errand is something to be done in other saved works.
type errand struct {
	// of is the number of the change here that it belongs to, 0 for none, and after the
	// state of the work here that has to be on disk before.
	of    int
	after uint64
	run   func() outcome
	// tell says what came of it.
	tell func(outcome) tea.Msg
}

// outcome is what came of an errand.
type outcome struct {
	// done are the names of the works that were changed, made what was changed in each
	// of them by its id, and failed what is wrong with the others.
	done   []string
	made   map[string]state.Change
	failed error
}

// errands are those that were not run to their end.
type errands struct {
	waiting []errand
	running *running
	// undone is the change that the running one belongs to, once it was taken back.
	undone *change
}

// running is an errand under way.
type running struct {
	errand
	begun atomic.Bool
	done  chan struct{}
	out   outcome
}

// end runs the errand unless somebody else does, and waits for what comes of it. A
// command that was asked for just before the program quits is never run.
func (r *running) end() outcome {
	if !r.begun.Swap(true) {
		r.out = r.run()
		close(r.done)
	}
	<-r.done
	return r.out
}

// errandMsg says that an errand has ended.
type errandMsg struct {
	*running
	out outcome
}

// doAlso carries out an intent, and an errand that belongs to it. told is said where
// there is no errand, which would say it itself; "" says nothing.
func (s *session) doAlso(what string, next state.Migration, e errand, told string) tea.Cmd {
	save := s.do(what, next)
	if s.looking != nil {
		return save
	}
	switch {
	case e.run != nil:
		e.of = s.undo[len(s.undo)-1].n
		return tea.Batch(save, s.send(e))
	case told != "":
		return tea.Batch(save, say(told))
	}
	return save
}

// doThere runs an errand that changes nothing here and can be taken back like a change.
func (s *session) doThere(what string, e errand) tea.Cmd {
	if s.looking != nil {
		return s.refuse()
	}
	s.mark(what)
	last := &s.undo[len(s.undo)-1]
	last.there, e.of = true, last.n
	return s.send(e)
}

// send puts an errand behind the others.
func (s *session) send(e errand) tea.Cmd {
	if e.run == nil {
		return nil
	}
	e.after = s.m.Seq
	s.errands.waiting = append(s.errands.waiting, e)
	return s.nextErrand()
}

// nextErrand begins the next errand, unless one is under way or what it belongs to is
// not on disk yet.
func (s *session) nextErrand() tea.Cmd {
	q := &s.errands
	if q.running != nil || len(q.waiting) == 0 || q.waiting[0].after > s.savedAt {
		return nil
	}
	now := &running{errand: q.waiting[0], done: make(chan struct{})}
	q.waiting, q.running = q.waiting[1:], now
	return func() tea.Msg { return errandMsg{now, now.end()} }
}

// returned takes note of what came of an errand.
func (s *session) returned(msg errandMsg) tea.Cmd {
	told := func() tea.Msg { return msg.tell(msg.out) }
	if s.errands.running != msg.running {
		return told // other work is open by now
	}
	undone := s.errands.undone
	s.errands.running, s.errands.undone = nil, nil
	if undone != nil {
		if undone.made = msg.out.made; len(undone.made) > 0 {
			return s.send(s.takingBack(*undone))
		}
		return s.nextErrand()
	}
	i := slices.IndexFunc(s.undo, func(c change) bool { return msg.of != 0 && c.n == msg.of })
	switch {
	case i < 0:
	case s.undo[i].there && len(msg.out.made) == 0:
		s.undo = slices.Delete(s.undo, i, i+1) // nothing was done anywhere
	default:
		s.undo[i].made = msg.out.made
	}
	return tea.Batch(told, s.nextErrand())
}

// takeBackElsewhere takes back what a change here brought with it, and says so.
func (s *session) takeBackElsewhere(c change) tea.Cmd {
	q := &s.errands
	told := say("Undone: " + c.what)
	if i := slices.IndexFunc(q.waiting, func(e errand) bool { return e.of == c.n }); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		return told
	}
	if q.running != nil && q.running.of == c.n {
		q.undone = &c
		return told
	}
	if len(c.made) == 0 {
		return told
	}
	return s.send(s.takingBack(c))
}

// takingBack is the errand that takes a change back in other works.
func (s *session) takingBack(c change) errand {
	here := "here"
	if c.there {
		here = ""
	}
	run := s.abroad().takeBack(c.made, s.act())
	return errand{run: run, tell: func(out outcome) tea.Msg {
		where := listed(here, out.done)
		if out.failed == nil {
			return sayMsg{text: "Undone " + where + ": " + c.what}
		}
		return complain(fmt.Errorf("undone %s; not in %w", where, out.failed))()
	}}
}

// listed says where something was done.
func listed(here string, works []string) string {
	var all []string
	if here != "" {
		all = append(all, here)
	}
	for _, name := range works {
		all = append(all, "in "+name)
	}
	switch last := len(all) - 1; {
	case last < 0:
		return "nowhere"
	case last == 0:
		return all[0]
	default:
		return strings.Join(all[:last], ", ") + " and " + all[last]
	}
}

// abroad is what it takes to change other saved works: away from the session.
type abroad struct {
	work  Work
	known []Saved
}

func (s *session) abroad() abroad { return abroad{s.deps.Work, s.known} }

// read reads a work, held for as long as that takes.
func (a abroad) read(id string) (state.Migration, error) {
	handle, m, err := a.work.Open(id)
	if err == nil {
		err = handle.Close()
	}
	if err != nil {
		return m, fmt.Errorf("%s can't be read: %w", nameAmong(a.known, id), err)
	}
	return m, nil
}

// change makes a change in other works, each held for as long as that takes.
func (a abroad) change(ids []string, change func(id string, m state.Migration) (state.Migration, error)) func() outcome {
	return func() outcome {
		out := outcome{made: map[string]state.Change{}}
		for _, id := range ids {
			made, err := a.changeOne(id, change)
			if err != nil {
				out.failed = errors.Join(out.failed, fmt.Errorf("%s: %w", nameAmong(a.known, id), err))
				continue
			}
			out.done, out.made[id] = append(out.done, nameAmong(a.known, id)), made
		}
		return out
	}
}

func (a abroad) changeOne(id string, change func(string, state.Migration) (state.Migration, error)) (made state.Change, err error) {
	handle, m, err := a.work.Open(id)
	if err != nil {
		return made, err
	}
	next, err := change(id, m)
	if err == nil && next.Seq != m.Seq {
		err = handle.Save(next)
	}
	return m.ChangeTo(next), errors.Join(err, handle.Close())
}

// takeBack takes back what was made in other works.
func (a abroad) takeBack(made map[string]state.Change, act state.Act) func() outcome {
	return a.change(slices.Sorted(maps.Keys(made)), func(id string, m state.Migration) (state.Migration, error) {
		m, ok := m.TakeBack(made[id], act)
		if !ok {
			return m, errors.New("it was worked on there since")
		}
		return m, nil
	})
}

// handOver takes the errands out of the session. What it returns waits for the one
// under way, then makes sure of what the session has saved, and runs the others to
// their end once that is done.
func (s *session) handOver(save func() error) func() error {
	q, abroad, act := s.errands, s.abroad(), s.act()
	s.errands = errands{}
	return func() error {
		var made map[string]state.Change
		if q.running != nil {
			if out := q.running.end(); q.undone != nil {
				made = out.made
			}
		}
		if err := save(); err != nil {
			return fmt.Errorf("not saved: %w", err)
		}
		failed := abroad.takeBack(made, act)().failed
		for _, e := range q.waiting {
			failed = errors.Join(failed, e.run().failed)
		}
		if failed != nil {
			return fmt.Errorf("not recorded in %w", failed)
		}
		return nil
	}
}
