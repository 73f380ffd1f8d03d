package code

import (
	"slices"
	"strings"

	"sidestep/regex"
)

// add notes a hit, one for each line, element and action.
func (f *file) add(line int, what string, does Does, as string) {
	if as == what || plainName(as) == plainName(what) {
		as = ""
	}
	h := Hit{File: f.name, Line: line, What: what, Does: does, As: as, Excerpt: f.excerpt(line)}
	for _, o := range f.hits {
		if o.Line == line && o.What == what && (o.Does == does || does == Reads || does == Stores && o.Does == SetsHeader) {
			return
		}
	}
	if does != Reads {
		f.hits = slices.DeleteFunc(f.hits, func(o Hit) bool {
			return o.Line == line && o.What == what && (o.Does == Reads || o.Does == Stores && does == SetsHeader)
		})
	}
	f.hits = append(f.hits, h)
}

var secrets = regex.New(`\b00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?(?:!|%21)[A-Za-z0-9._%+/=-]*|\b[A-Za-z0-9]{15}![A-Za-z0-9._]{20,}`)

// longest is how many characters of a line are shown.
const longest = 160

func (f *file) excerpt(line int) string {
	if line < 1 || line > len(f.lines) {
		return ""
	}
	text := strings.TrimSpace(f.lines[line-1])
	text = secrets.Compiled().ReplaceAllStringFunc(text[:min(len(text), 20*longest)], func(s string) string {
		return s[:3] + "…!…"
	})
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return text
}
