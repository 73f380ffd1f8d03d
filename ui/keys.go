package ui

import "charm.land/bubbles/v2/key"

// keymap is the grammar of docs/interface.md: one meaning for each key on all
// screens. A screen returns from Keys only the bindings that would do something.
type keymap struct {
	up, down, pageUp, pageDown, top, bottom key.Binding
	left, right                             key.Binding
	enter, back, tick, all, tab             key.Binding
	search, undo, help, quit                key.Binding

	route, receiver, owner, mail, note, skip, know key.Binding
	page, evidence, filter, sort, secrets, rescan  key.Binding
	verify, vendor                                 key.Binding

	copy, open, paste, approve key.Binding
	edit, language, kind, file key.Binding
	editor                     key.Binding
	add, remove, due, sent     key.Binding
	calendar, report, orgs     key.Binding
}

func newKeymap() keymap {
	bind := func(help, desc string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, desc))
	}
	return keymap{
		up: bind("↑", "up", "up", "k"), down: bind("↓", "down", "down", "j"),
		pageUp: bind("pgup", "page up", "pgup", "ctrl+b"), pageDown: bind("pgdn", "page down", "pgdown", "ctrl+f"),
		top: bind("g", "first", "home", "g"), bottom: bind("G", "last", "end", "G"),
		left: bind("←", "fold", "left", "h"), right: bind("→", "unfold", "right", "l"),
		enter: bind("enter", "open", "enter"), back: bind("esc", "back", "esc"),
		tick: bind("space", "tick", "space"), all: bind("A", "mark all", "A"), tab: bind("tab", "next tab", "tab"),
		search: bind("/", "search", "/"), undo: bind("u", "undo", "u"),
		help: bind("?", "help", "?"), quit: bind("q", "quit", "q"),

		route: bind("r", "route", "r"), receiver: bind("c", "receiver", "c"), owner: bind("o", "owner", "o"),
		mail: bind("m", "mail", "m"), note: bind("n", "note", "n"), skip: bind("s", "skip", "s"),
		know: bind("w", "what you know", "w"), page: bind("p", "Setup page", "p"),
		evidence: bind("e", "evidence", "e"), filter: bind("f", "filter", "f"), sort: bind("t", "sort", "t"),
		secrets: bind("x", "secrets", "x"), rescan: bind("R", "scan again", "R"),

		copy: bind("c", "copy", "c"), open: bind("o", "open again", "o"), paste: bind("v", "paste address", "v"),
		approve: bind("enter", "approve", "enter"),
		verify:  bind("v", "check it", "v"),
		vendor:  bind("V", "vendor", "V"),
		edit:    bind("e", "edit", "e"), language: bind("l", "language", "l"), kind: bind("K", "kind", "K"),
		editor: bind("E", "editor", "E"),
		file:   bind("d", "draft file", "d"),
		due:    bind("b", "by when", "b"), sent: bind("s", "say it is sent", "s"),
		calendar: bind("i", "calendar file", "i"),
		report:   bind("P", "report", "P"),
		orgs:     bind("O", "orgs", "O"),
		add:      bind("a", "add", "a"), remove: bind("d", "take away", "d"),
	}
}

// recording are the keys that change what is saved, wherever they do anything.
func (k *keymap) recording() []*key.Binding {
	return []*key.Binding{
		&k.route, &k.receiver, &k.owner, &k.note, &k.skip, &k.know, &k.tick, &k.verify, &k.rescan,
		&k.edit, &k.editor, &k.language, &k.orgs, &k.paste, &k.due, &k.sent, &k.add, &k.remove,
	}
}

// as is a binding under another description, for a footer that says what the
// key does here.
func as(b key.Binding, desc string) key.Binding {
	b.SetHelp(b.Help().Key, desc)
	return b
}
