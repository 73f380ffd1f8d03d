package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"sidestep/salesforce"
)

// openFiles asks where the files are and of which day, and reads them.
type openFiles struct {
	s     *session
	path  input
	date  input
	dated bool // the date is being typed
	// found are the paths that begin like what was typed; cursor is in them, or
	// -1 in the text.
	found   []string
	cursor  int
	gen     int
	cancel  context.CancelFunc
	reading bool
	// settling is true while what was read is brought into the saved work, which
	// nothing stops any more.
	settling bool
	// searching is true while a history is read, and searched how far that is.
	searching bool
	searched  Searched
	wrong     string
	hint      string
}

// historyMsg says whether the path that was entered has a history to search.
type historyMsg struct {
	gen int
	has bool
	err error
}

// searchedMsg says how far the search of a history is; updates brings the next word.
type searchedMsg struct {
	gen     int
	p       Searched
	updates <-chan Searched
}

type completedMsg struct {
	gen   int
	found []string
}

func newOpenFiles(s *session) *openFiles {
	f := &openFiles{s: s, path: newInput(s.theme, "a folder, a .zip, or a single file"), date: newInput(s.theme, "2026-01-17, or empty if nobody knows"), cursor: -1, cancel: func() {}}
	f.path.Focus()
	return f
}

func (f *openFiles) Init() tea.Cmd { return f.complete() }
func (f *openFiles) Crumb() string { return "open files" }
func (f *openFiles) Typing() bool  { return true }
func (f *openFiles) Leave()        { f.cancel() }

func (f *openFiles) complete() tea.Cmd {
	f.gen++
	gen, files, text := f.gen, f.s.deps.Files, f.path.Value()
	return func() tea.Msg { return completedMsg{gen, files.Complete(text)} }
}

func (f *openFiles) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case completedMsg:
		if msg.gen == f.gen {
			f.found, f.cursor = msg.found, -1
		}
	case historyMsg:
		switch {
		case msg.gen != f.gen || f.dated || f.reading:
		case msg.err != nil:
			f.failed(msg.err)
		default:
			return f, f.entered(msg.has)
		}
	case searchedMsg:
		if msg.gen == f.gen && f.searching {
			f.searched = msg.p
			return f, listenSearch(msg.gen, msg.updates)
		}
	case sourceReadMsg:
		if f.reading && msg.err != nil {
			f.failed(msg.err)
		}
	case mergedMsg:
		if f.reading && msg.err == nil {
			f.reading = false
			return f, f.s.pop()
		}
		if f.reading {
			f.failed(msg.err)
		}
	case openedMsg:
		if f.reading && msg.err == nil {
			return f, f.s.reset(placeOf(f.s)...)
		}
		if f.reading {
			f.failed(msg.err)
		}
	case tea.PasteMsg:
		return f, f.text(msg)
	case tea.KeyPressMsg:
		return f, f.press(msg)
	}
	return f, nil
}

func (f *openFiles) failed(err error) {
	f.reading, f.searching, f.wrong, f.hint = false, false, err.Error(), hintOf(err)
}

func (f *openFiles) press(msg tea.KeyPressMsg) tea.Cmd {
	if f.reading {
		if msg.String() == "esc" && !f.settling {
			f.cancel()
			f.reading, f.searching = false, false
		}
		return nil
	}
	f.wrong, f.hint = "", ""
	switch msg.String() {
	case "esc":
		if f.dated {
			f.dated = false
			f.date.Blur()
			f.path.Focus()
			return nil
		}
		return f.s.pop()
	case "down":
		if !f.dated {
			f.cursor = min(f.cursor+1, len(f.found)-1)
		}
		return nil
	case "up":
		f.cursor = max(f.cursor-1, -1)
		return nil
	case "tab":
		return f.take(max(f.cursor, 0))
	case "enter":
		return f.enter()
	}
	return f.text(msg)
}

// take puts a found path into the text and looks into it.
func (f *openFiles) take(i int) tea.Cmd {
	if f.dated || i >= len(f.found) {
		return nil
	}
	f.path.SetValue(f.found[i])
	f.path.CursorEnd()
	return f.complete()
}

func (f *openFiles) enter() tea.Cmd {
	switch {
	case f.cursor >= 0 && !f.dated:
		return f.take(f.cursor)
	case strings.TrimSpace(f.path.Value()) == "":
		f.wrong = "Type a path, or choose one below with the arrow keys."
		return nil
	case !f.dated:
		f.gen++
		gen, files, path := f.gen, f.s.deps.Files, f.typed()
		return func() tea.Msg {
			has, err := files.HasHistory(path)
			return historyMsg{gen, has, err}
		}
	}
	if err := dateOrEmpty(strings.TrimSpace(f.date.Value())); err != nil {
		f.wrong = err.Error()
		return nil
	}
	var asOf time.Time
	if v := strings.TrimSpace(f.date.Value()); v != "" {
		asOf, _ = parseDate(v)
	}
	path, files := f.typed(), f.s.deps.Files
	return f.read(func(ctx context.Context) (salesforce.Findings, error) { return files.Read(ctx, path, asOf) })
}

func (f *openFiles) typed() string { return strings.TrimSpace(f.path.Value()) }

func (f *openFiles) read(work func(context.Context) (salesforce.Findings, error)) tea.Cmd {
	f.reading, f.settling = true, false
	cancel, cmd := readSource(f.s, work)
	f.cancel = cancel
	return cmd
}

// entered goes on with the path: a repository's history is offered first, because
// what is checked out often holds nothing. Its commits have days of their own.
func (f *openFiles) entered(history bool) tea.Cmd {
	if !history {
		f.askDate()
		return nil
	}
	return f.s.push(newChoose(f.s, "This folder is in a git repository.", "Its files as they are now may say nothing: since the cut-off every org says no.", []option{
		{"Search its history", "Every version of every workflow file, on every branch and tag. The newest from before the cut-off decides."},
		{"Read the files as they are now", "You are asked of which day they are."},
	}, 0, func(i int) tea.Cmd {
		if i == 1 {
			f.askDate()
			return nil
		}
		return f.search()
	}).besideTheWork())
}

// search reads the history, and listens how far it is.
func (f *openFiles) search() tea.Cmd {
	f.gen++
	f.searching, f.searched = true, Searched{}
	path, files, updates := f.typed(), f.s.deps.Files, make(chan Searched)
	read := f.read(func(ctx context.Context) (salesforce.Findings, error) {
		defer close(updates)
		return files.History(ctx, path, func(p Searched) {
			select {
			case updates <- p:
			case <-ctx.Done():
			}
		})
	})
	return tea.Batch(read, listenSearch(f.gen, updates))
}

// listenSearch waits for the next word of progress.
func listenSearch(gen int, updates <-chan Searched) tea.Cmd {
	return func() tea.Msg {
		p, more := <-updates
		if !more {
			return nil
		}
		return searchedMsg{gen, p, updates}
	}
}

// searchWords says how far the search of a history is.
func searchWords(p Searched) string {
	if p.Commits == 0 {
		return "Searching the history: every branch and tag…"
	}
	return fmt.Sprintf("Searching the history: %d of %s, %s of workflow files so far…", p.Compared, count(p.Commits, "commit"), count(p.Versions, "version"))
}

func (f *openFiles) askDate() {
	f.dated = true
	f.path.Blur()
	f.date.Focus()
}

func (f *openFiles) text(msg tea.Msg) tea.Cmd {
	if f.dated {
		f.date.take(msg)
		return nil
	}
	before := f.path.Value()
	f.path.take(msg)
	if f.path.Value() == before {
		return nil
	}
	return f.complete()
}

func (f *openFiles) Keys() []key.Binding {
	k := f.s.keys
	switch {
	case f.reading && f.settling:
		return nil
	case f.reading:
		return []key.Binding{as(k.back, "stop")}
	case f.dated:
		return []key.Binding{as(k.enter, "read it"), k.back}
	case f.cursor >= 0:
		return []key.Binding{as(k.enter, "look inside"), as(k.up, "up"), k.back}
	}
	return []key.Binding{as(k.enter, "use it"), as(k.tab, "complete"), as(k.down, "choose"), k.back}
}

func (f *openFiles) View(s size) string {
	th := f.s.theme
	w := min(s.w-4, 100)
	var lines, gap []string
	if !s.low() {
		gap = []string{""}
		lines = append(lines, gap...)
	}
	if !s.low() && !f.dated {
		lines = append(lines, styled(th.muted, wrap("Metadata of your org: a git repository with its history, a folder in source or Metadata API layout, or a zip from a retrieve or a backup.", w))...)
	}
	f.path.fit(w - 8)
	f.date.fit(w - 8)
	lines = append(append(lines, gap...), fit(th.title.Render("Path  ")+f.path.View(), w))
	if f.dated {
		lines = append(append(lines, gap...), th.title.Render("When was it taken out of the org?"))
		lines = append(append(lines, styled(th.muted, wrap(aboutDate, w))...), gap...)
		lines = append(lines, fit(th.title.Render("Date  ")+f.date.View(), w))
	}
	if f.reading {
		word := "Reading…"
		if f.searching {
			word = searchWords(f.searched)
		}
		lines = append(lines, "")
		for _, l := range wrap(word, w) {
			lines = append(lines, th.accent.Render(l))
		}
	}
	if f.wrong != "" {
		lines = append(lines, "")
		for _, l := range wrap(clean(f.wrong), w) {
			lines = append(lines, th.danger.Render(l))
		}
		for _, l := range wrap(clean(f.hint), w) {
			lines = append(lines, th.muted.Render(l))
		}
	}
	if !f.dated {
		lines = append(lines, "")
		first := max(0, f.cursor-(s.h-len(lines)-2))
		for i := first; i < len(f.found); i++ {
			mark, style := "  ", th.muted
			if i == f.cursor {
				mark, style = th.cursor.Render("› "), th.cursor
			}
			lines = append(lines, mark+style.Render(fitMiddle(clean(f.found[i]), w-2)))
		}
	}
	return fill(indent(lines, 2), s)
}
