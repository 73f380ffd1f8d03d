package answer

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fromHTML gives the text of a page as people read it. What is quoted gets the
// sign that plain mails have, what nobody sees is left out, and of a link only
// its words stay.
func fromHTML(page string) string {
	w := htmlWriter{}
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(1 << 20)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.done()
		case html.TextToken:
			if w.unseen == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken:
			w.open(z.Token(), false)
		case html.SelfClosingTagToken:
			w.open(z.Token(), true)
		case html.EndTagToken:
			w.shut(z.Token())
		}
	}
}

type htmlWriter struct {
	out   strings.Builder
	line  strings.Builder
	quote int
	// unseen counts open elements within one that nobody sees.
	unseen int
	hidden atom.Atom
}

func (w *htmlWriter) text(s string) {
	for i, word := range strings.Fields(s) {
		space := i > 0 || strings.ContainsRune(" \t\r\n", rune(s[0]))
		if space && w.line.Len() > 0 && !strings.HasSuffix(w.line.String(), " ") {
			w.line.WriteByte(' ')
		}
		w.line.WriteString(word)
	}
	if s != "" && strings.ContainsRune(" \t\r\n", rune(s[len(s)-1])) && w.line.Len() > 0 && !strings.HasSuffix(w.line.String(), " ") {
		w.line.WriteByte(' ')
	}
}

// end ends the line.
func (w *htmlWriter) end() {
	if w.quote > 0 {
		w.out.WriteString("> ")
	}
	w.out.WriteString(strings.TrimRight(w.line.String(), " "))
	w.out.WriteByte('\n')
	w.line.Reset()
}

// block ends the line if there is anything on it.
func (w *htmlWriter) block() {
	if w.line.Len() > 0 {
		w.end()
	}
}

func (w *htmlWriter) open(t html.Token, closed bool) {
	if w.unseen > 0 {
		if t.DataAtom == w.hidden && !closed {
			w.unseen++
		}
		return
	}
	if !closed && unseen(t) {
		w.block()
		w.unseen, w.hidden = 1, t.DataAtom
		return
	}
	switch t.DataAtom {
	case atom.Br:
		w.end()
	case atom.Blockquote:
		w.block()
		if !closed {
			w.quote++
		}
	case atom.Li:
		w.block()
		w.line.WriteString("- ")
	case atom.Td, atom.Th:
		if w.line.Len() > 0 {
			w.line.WriteByte(' ')
		}
	case atom.P, atom.Div, atom.Tr, atom.Table, atom.Ul, atom.Ol, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.Pre:
		w.block()
	}
}

func (w *htmlWriter) shut(t html.Token) {
	if w.unseen > 0 {
		if t.DataAtom == w.hidden {
			w.unseen--
		}
		return
	}
	switch t.DataAtom {
	case atom.Blockquote:
		w.block()
		w.quote = max(0, w.quote-1)
	case atom.P, atom.Ul, atom.Ol, atom.Table, atom.H1, atom.H2, atom.H3, atom.H4:
		w.block()
		w.end()
	case atom.Div, atom.Li, atom.Tr, atom.Pre:
		w.block()
	}
}

func (w *htmlWriter) done() string {
	w.block()
	return w.out.String()
}

// unseen reports whether an element is one that no reader shows.
func unseen(t html.Token) bool {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Svg, atom.Iframe, atom.Object:
		return true
	case atom.Br, atom.Img, atom.Hr, atom.Input, atom.Meta, atom.Link, atom.Area, atom.Base, atom.Col, atom.Wbr, atom.Embed, atom.Source:
		return false // these have no end
	}
	for _, a := range t.Attr {
		style := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
		if a.Key == "hidden" || a.Key == "style" && (strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")) {
			return true
		}
	}
	return false
}
