package ui

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
	"sidestep/state"
)

// maxUndo is how many changes can be taken back.
const maxUndo = 100

// session is what all screens share: the migration that is open, and how it is
// saved. It is only touched in Update.
type session struct {
	deps  Deps
	theme theme
	keys  keymap

	m     state.Migration
	o     state.Overview
	views map[string]*state.EndpointView
	// sites are the hosts of each site that has several.
	sites map[string][]string
	// version grows when the migration at hand becomes another value.
	version int

	// known are the saved migrations as home listed them last.
	known []Saved

	handle Handle
	// looking says why the migration at hand can only be looked at, nil when it can be
	// changed.
	looking error
	org     Org
	undo    []change
	// changes counts those that undo ever knew.
	changes int
	errands errands
	// saving is true while a save is under way; a change that comes meanwhile is
	// saved when that one is done.
	saving  bool
	savedAt uint64
	saveErr error
	// lastLook is how the board was looked at last, nil before there was one.
	lastLook *look
	// moves are the ways to other screens that were asked for in this Update.
	moves []func(*root) tea.Cmd
	// editing is set while an editor of the admin's has the terminal.
	editing atomic.Bool
	// secrets shows what is masked otherwise.
	secrets bool
	// offer is evidence that can be added with one key, "" when there is none.
	offer string
	// source is where a receiver's source was looked for last, loginOf the users
	// whose logins were, by endpoint, and appOf what was typed for an endpoint's app.
	source  string
	loginOf map[string]string
	appOf   map[appKey][]string
}

// change is one step back.
type change struct {
	n      int
	what   string
	before state.Migration
	// made is what it brought with it in other works, by their ids; there is true where
	// it changed nothing here.
	made  map[string]state.Change
	there bool
}

type savedMsg struct {
	to  Handle
	seq uint64
	err error
}

// act stamps what the admin does.
func (s *session) act() state.Act { return state.Act{By: s.deps.By, At: s.deps.Now()} }

// openedMsg brings the migration that Open, Create or a first scan gave.
type openedMsg struct {
	handle  Handle
	m       state.Migration
	changes state.Changes
	err     error
	// looking says why it can only be looked at.
	looking error
}

// open makes m the migration at hand.
func (s *session) open(msg openedMsg) {
	s.handle, s.looking, s.undo, s.saveErr, s.saving, s.lastLook = msg.handle, msg.looking, nil, nil, false, nil
	s.savedAt = msg.m.Seq
	if d := s.deps.Demo; d != nil && msg.m.Org.ID != "" {
		msg.m.Org.Instance = d.Host() // the demo has another port at every start
	}
	s.set(msg.m)
}

// detach lets go of the migration at hand; what it returns finishes its saving
// and belongs into a command.
func (s *session) detach() func() error {
	letGo := s.handOver(s.lastSave())
	h := s.handle
	s.handle, s.m, s.views, s.org, s.looking = nil, state.Migration{}, nil, nil, nil
	return func() error {
		if h == nil {
			return nil
		}
		return errors.Join(letGo(), h.Close())
	}
}

// lastSave saves what is not on disk yet.
func (s *session) lastSave() func() error {
	h, m, dirty := s.handle, s.m, s.unsaved()
	return func() error {
		if !dirty {
			return nil
		}
		return h.Save(m)
	}
}

// resume opens a saved migration.
func (s *session) resume(id string) tea.Cmd {
	return s.takeAs(func(w Work) openedMsg { return openOrLook(w, id) })
}

// take lets go of the migration at hand and takes hold of another one.
func (s *session) take(hold func(Work) (Handle, state.Migration, error)) tea.Cmd {
	return s.takeAs(func(w Work) openedMsg {
		h, m, err := hold(w)
		return openedMsg{handle: h, m: m, err: err}
	})
}

// takeAs lets go of the migration at hand and opens another one.
func (s *session) takeAs(open func(Work) openedMsg) tea.Cmd {
	letGo, work := s.detach(), s.deps.Work
	return func() tea.Msg {
		if err := letGo(); err != nil {
			return openedMsg{err: err}
		}
		return open(work)
	}
}

func (s *session) set(m state.Migration) {
	s.m, s.o = m, s.o.Next(m)
	s.version++
	s.index()
	s.offer = s.onOffer()
}

// onOffer names the evidence that can be added with one key: the demo org's
// source repository, as long as nothing but the org itself was read.
func (s *session) onOffer() string {
	if s.deps.Demo == nil || s.hasBackup() || len(s.m.Sources) == 0 {
		return ""
	}
	name, _ := s.deps.Demo.Backup()
	return name
}

func (s *session) index() {
	s.views = make(map[string]*state.EndpointView, s.o.Endpoints)
	s.sites = map[string][]string{}
	for h := range s.o.Hosts {
		if site := salesforce.Site(s.o.Hosts[h].Host); site != "" {
			s.sites[site] = append(s.sites[site], s.o.Hosts[h].Host)
		}
		for e := range s.o.Hosts[h].Endpoints {
			v := &s.o.Hosts[h].Endpoints[e]
			s.views[v.Key] = v
		}
	}
}

// do carries out an intent: it can be undone, and it is saved at once.
func (s *session) do(what string, next state.Migration) tea.Cmd {
	if s.looking != nil {
		return s.refuse()
	}
	s.mark(what)
	s.set(next)
	return s.save()
}

// mark makes the present value the one that the next undo goes back to.
func (s *session) mark(what string) {
	s.changes++
	s.undo = append(s.undo, change{n: s.changes, what: what, before: s.m})
	if len(s.undo) > maxUndo {
		s.undo = slices.Delete(s.undo, 0, 1)
	}
}

// keep carries out an intent that belongs to the change marked last.
func (s *session) keep(next state.Migration) tea.Cmd {
	if s.looking != nil {
		return s.refuse()
	}
	s.set(next)
	return s.save()
}

// stand records where the admin is, so that resuming leads there.
func (s *session) stand(endpoint string) tea.Cmd {
	if s.handle == nil || s.looking != nil || s.m.Place == endpoint {
		return nil
	}
	s.m = s.m.Stand(endpoint, s.act())
	return s.save()
}

// hasBackup reports whether anything but the live org was read.
func (s *session) hasBackup() bool {
	return slices.ContainsFunc(s.m.Sources, func(src state.Source) bool { return src.Kind != salesforce.SourceOrg })
}

// takeBack undoes the last change.
func (s *session) takeBack() tea.Cmd {
	if len(s.undo) == 0 {
		return say("Nothing to undo.")
	}
	last := s.undo[len(s.undo)-1]
	s.undo = s.undo[:len(s.undo)-1]
	before := last.before
	before.Place = s.m.Place
	s.set(before.After(s.m, s.act()))
	return tea.Batch(s.save(), s.takeBackElsewhere(last))
}

// save writes the migration in the background, one save at a time.
func (s *session) save() tea.Cmd {
	if s.saving || s.handle == nil {
		return nil
	}
	s.saving = true
	h, m := s.handle, s.m
	return func() tea.Msg { return savedMsg{h, m.Seq, h.Save(m)} }
}

// saved takes note of a finished save, and saves again what has changed since.
func (s *session) saved(msg savedMsg) tea.Cmd {
	if msg.to != s.handle {
		return nil
	}
	s.saving, s.saveErr = false, msg.err
	if msg.err == nil {
		s.savedAt = msg.seq
		next := s.nextErrand()
		if s.m.Seq != msg.seq {
			return tea.Batch(next, s.save())
		}
		return next
	}
	return nil
}

// unsaved reports whether something is not on disk yet.
func (s *session) unsaved() bool {
	return s.handle != nil && s.looking == nil && s.m.Seq != s.savedAt
}

// finish saves what is left, in the foreground, and lets go. It is called once,
// after the last frame.
func (s *session) finish() error {
	if s.handle == nil {
		return nil
	}
	return errors.Join(s.handOver(s.lastSave())(), s.handle.Close())
}

// mergedMsg says what adding findings changed.
type mergedMsg struct {
	source  salesforce.Source
	changes state.Changes
	err     error
}

// add brings findings into the migration at hand.
func (s *session) add(f salesforce.Findings, who state.Org) tea.Cmd {
	done := func(c state.Changes, err error) tea.Cmd {
		return func() tea.Msg { return mergedMsg{f.Source, c, err} }
	}
	m, changes, err := merged(s.m, f, who, s.act())
	if err != nil {
		return done(changes, err)
	}
	switch {
	case !s.takesIn():
		return done(changes, s.looking)
	case s.looking != nil:
		s.set(m)
		return done(changes, nil)
	}
	return tea.Batch(s.do("adding "+f.Source.Name, m), done(changes, nil))
}

// begin opens the migration that findings belong to, or starts it with them.
func (s *session) begin(f salesforce.Findings, who state.Org) tea.Cmd {
	letGo, work, act := s.detach(), s.deps.Work, s.act()
	return func() tea.Msg {
		if err := letGo(); err != nil {
			return openedMsg{err: err}
		}
		if who.ID == "" {
			who.Name = f.Source.Name
		}
		fresh := state.New(who, act)
		if fresh.ID == "" {
			fresh.ID = f.Source.ID
		}
		h, saved, err := work.Open(fresh.ID)
		if errors.Is(err, state.ErrNotFound) {
			m, changes := fresh.Merge(f, act)
			if h, err = work.Create(m); !errors.Is(err, state.ErrReadOnly) {
				return openedMsg{handle: h, m: m, changes: changes, err: err}
			}
		}
		if errors.Is(err, state.ErrReadOnly) {
			return beginToLook(work, fresh, f, err, act)
		}
		if err != nil {
			return openedMsg{err: err}
		}
		m, changes, err := merged(saved, f, who, act)
		if err == nil {
			err = h.Save(m)
		}
		if err != nil {
			return openedMsg{err: errors.Join(err, h.Close())}
		}
		return openedMsg{handle: h, m: m, changes: changes}
	}
}

// merged merges findings into m, unless they belong to another org.
func merged(m state.Migration, f salesforce.Findings, who state.Org, act state.Act) (state.Migration, state.Changes, error) {
	if err := m.Accepts(f.Source); err != nil {
		return m, state.Changes{}, err
	}
	if who.ID != "" {
		m = m.Adopt(who, act)
	}
	next, changes := m.Merge(f, act)
	return next, changes, nil
}

// run does work away from Update, with a context that cancel ends.
func run(work func(context.Context) tea.Msg) (context.CancelFunc, tea.Cmd) {
	ctx, cancel := context.WithCancel(context.Background())
	return cancel, func() tea.Msg { return work(ctx) }
}
