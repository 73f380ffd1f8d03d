package code

// mentions adds the hits of what is no use: generated files, comments, documents.
func (t *tree) mentions(f *file) {
	if f.mark != marked && len(f.hits) == 0 {
		return
	}
	first := func(lines []string, start int) (int, string) {
		for i, l := range lines {
			if what := mentioned(l); what != "" {
				return i + start, what
			}
		}
		return 0, ""
	}
	switch {
	case f.mark != marked:
	case f.lang.prose || f.test || f.lang.markup && recorded(f.text):
		if line, what := first(f.lines, 1); line > 0 {
			f.add(line, what, Mentioned, "")
		}
	case f.made:
		if line, what := first(f.lines, 1); line > 0 {
			f.add(line, what, Generated, "")
		}
	default:
		for _, c := range f.comments {
			if what := mentioned(c.text); what != "" && what != "listener" {
				f.add(c.line, what, Mentioned, "")
			}
		}
	}
}

// mentioned is the element that a line names.
func mentioned(line string) string {
	for _, m := range elementWord.Compiled().FindAllString(line, 5) {
		if what := element(m); what != "" {
			return what
		}
	}
	if namespace.in(line) || listenerUse.in(line) {
		return "listener"
	}
	return ""
}
