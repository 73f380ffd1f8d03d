package ui

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// editing is the time that the admin's own editor has the terminal. All that it does
// is done before Bubble Tea takes the terminal back.
type editing struct {
	desktop Desktop
	// now is set while the editor runs.
	now *atomic.Bool
	// path is the file with the text, "" for a new one that is to hold text.
	path, text string
	in         io.Reader
	out, errs  io.Writer

	saved []byte
	err   error
}

func (e *editing) SetStdin(in io.Reader)    { e.in = in }
func (e *editing) SetStdout(out io.Writer)  { e.out = out }
func (e *editing) SetStderr(errs io.Writer) { e.errs = errs }

func (e *editing) Run() error {
	e.now.Store(true)
	defer e.now.Store(false)
	letDrawingEnd()
	if e.path == "" {
		if e.path, e.err = e.desktop.NewText(e.text); e.err != nil {
			return nil
		}
	}
	// An editor with a window of its own leaves the terminal as it is.
	_, _ = io.WriteString(e.out, "\rSidestep waits until the editor is closed.")
	e.saved, e.err = e.desktop.Edit(e.path, e.in, e.out, e.errs)
	_, _ = io.WriteString(e.out, "\r\x1b[K")
	return nil
}

// editedMsg brings what the admin's own editor made of a draft.
type editedMsg struct {
	from  *mail
	draft state.Draft
	path  string
	saved []byte
	err   error
}

// refused says why what an editor saved is not in the draft. The file stays at path,
// and the editor goes on with it; "" where nothing was in it that the draft has not.
type refused struct {
	kind, language  string
	path, why, hint string
}

// ownEditor shows the draft in the admin's own editor.
func (m *mail) ownEditor() tea.Cmd {
	d := m.draft
	e := &editing{desktop: m.s.deps.Desktop, now: &m.s.editing, text: email.Text(d)}
	if r := m.refused; r != nil && r.path != "" && r.kind == d.Kind && r.language == d.Language {
		e.path = r.path
	}
	return tea.Exec(e, func(err error) tea.Msg {
		return editedMsg{m, d, e.path, e.saved, cmp.Or(e.err, err)}
	})
}

// edited takes over what the editor saved, as if it had been typed here. A text that
// can't be taken over stays in its file, unless there is nothing new in it.
func (m *mail) edited(msg editedMsg) tea.Cmd {
	d, dropped, err := msg.draft, 0, msg.err
	if err == nil {
		d, dropped, err = email.Reread(msg.draft, msg.saved)
	}
	m.refused = nil
	if err != nil {
		m.refused = &refused{kind: d.Kind, language: d.Language, why: err.Error(), hint: hintOf(err)}
		if text := string(msg.saved); strings.TrimSpace(text) != "" && text != email.Text(msg.draft) {
			m.refused.path = msg.path
			return nil
		}
	}
	desktop := m.s.deps.Desktop
	remove := func() tea.Msg {
		if msg.path == "" {
			return nil
		}
		if err := desktop.RemoveText(msg.path); err != nil {
			return sayMsg{text: "The editor's file is still there: " + inWords(err), bad: true}
		}
		return nil
	}
	switch {
	case err != nil:
		return remove
	case d == msg.draft:
		return tea.Batch(say("Nothing was changed. (An editor has to wait: EDITOR=\"code --wait\".)"), remove)
	}
	m.draft = d
	done := "The mail is as you saved it in the editor. u takes it back."
	if dropped > 0 {
		done = fmt.Sprintf("The mail is as you saved it, without %s.", count(dropped, "control character"))
	}
	return tea.Batch(m.s.do("mail text", m.s.m.KeepDraft(m.key, d, m.s.act())), say(done), remove)
}

// refusedLines say why what the editor saved is not in the draft, and where it is.
func (m *mail) refusedLines(w int) []string {
	if m.refused == nil {
		return nil
	}
	th := m.s.theme
	var lines []string
	for _, l := range hang("! ", "The draft is as it was: "+clean(m.refused.why)+".", w) {
		lines = append(lines, th.danger.Render(l))
	}
	next := "hint: " + m.refused.hint + "."
	var where []string
	if m.refused.path != "" {
		next += " E goes on with your text. It is kept here:"
		where = strings.Split(hardWrap(clean(m.refused.path), w), "\n")
	}
	for _, l := range append(wrap(clean(next), w), where...) {
		lines = append(lines, th.muted.Render(l))
	}
	return lines
}
