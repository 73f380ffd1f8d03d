package code

import (
	"path"
	"slices"
	"strings"

	"sidestep/regex"
)

// What a message is read into may give its elements other names: a tag in Go, an
// annotation in Java, an attribute in C#. Those are followed in the files beside it
// as well, because what reads the field names nothing else.

var (
	goTag = regex.New(`\b(?:xml|json):"(?:[^",]*[ >])?(\w+)[",]`)
	// mapping are the annotations that say which element a field is.
	mapping = regex.New(`(^|\.)(xmlelement\w*|xmlattribute|jsonproperty\w*|jacksonxmlproperty|datamember|serializedname|element|field|jsonalias|serialname|xmlserialname)$`)
)

// spelled are the elements as messages spell them: SOAP logins have a sessionId.
var spelled = map[string]bool{sessionID: true, partnerURL: true, enterpriseURL: true}

// plain are names that too much goes by to be followed.
var plain = set("id url uri key value name text data content body string type field element result")

// findRenamed fills f.renamed.
func (f *file) findRenamed() {
	for i, t := range f.tokens {
		if t.kind != string_ {
			continue
		}
		if m := goTag.FindStringSubmatch(t.text); f.lang == golang && m != nil && spelled[m[1]] {
			for i > 0 && !f.tokens[i].first {
				i--
			}
			f.rename(f.tokens[i], m[1])
			continue
		}
		if h := f.around[i]; h != nil && h.open == "(" && f.partner[h.at] > 0 && mapping.MatchString(h.call) && f.annotates(h.at) {
			if what := elementOfKey(t.text); what != "" && spelled[t.text] {
				f.rename(f.mapped(f.partner[h.at]+1), what)
			}
		}
	}
}

// annotates reports whether the bracket at i is that of an annotation or an attribute.
func (f *file) annotates(i int) bool {
	_, from := f.chain(i)
	if f.tokens[from].text == "@" {
		return true
	}
	h := f.around[from]
	return from > 0 && (f.tokens[from-1].text == "@" || f.tokens[from-1].text == ":" && f.lang == kotlin || f.lang == csharp && h != nil && h.open == "[" && h.call == "")
}

// mapped is the name of the field that the annotation before i belongs to.
func (f *file) mapped(i int) (name token) {
	const farthest = 40
	for end := min(len(f.tokens), i+farthest); i < end; i++ {
		t := f.tokens[i]
		switch {
		case t.text == "[", t.text == "(" && i > 1 && f.tokens[i-2].text == "@":
			if f.partner[i] < i {
				return token{}
			}
			i = f.partner[i]
		case t.kind == word_ && name.text != "" && f.tokens[i-1].text == ":": // a type behind its name
		case t.kind == word_:
			name = t
		case strings.Contains("; = { ( => ,", t.text):
			return name
		}
	}
	return token{}
}

func (f *file) rename(name token, what string) {
	if name.kind != word_ || keywords[name.text] || plain[strings.ToLower(name.text)] || element(name.text) != "" {
		return
	}
	bare := strings.TrimPrefix(name.text, "get")
	for _, n := range []string{name.text, bare, "get" + strings.ToUpper(bare[:min(1, len(bare))]) + bare[min(1, len(bare)):]} {
		if n != "" && f.renamed[n] == "" {
			f.renamed[n] = what
			f.bind(f.names, n, what, 1, true)
		}
	}
}

// shareRenamed makes the other names of elements known in the files beside.
func (t *tree) shareRenamed() {
	for i, f := range t.files {
		for j, g := range t.files {
			if i == j || len(f.renamed) == 0 || family(f.lang) != family(g.lang) || path.Dir(f.name) != path.Dir(g.name) && !g.namesClass(f) {
				continue
			}
			for name, what := range f.renamed {
				g.foreign[name] = true
				g.bind(g.names, name, what, 1, true)
			}
		}
	}
}

// namesClass reports whether a file names a class of another one.
func (f *file) namesClass(other *file) bool {
	return slices.ContainsFunc(f.tokens, func(t token) bool {
		return t.kind == word_ && slices.ContainsFunc(other.classes, func(c span) bool { return c.name == t.text })
	})
}

// otherwise reports whether a word that is the name of a message's field is something
// else here: not the field of anything, or that of a stranger.
func (f *file) otherwise(name, before string, member bool) bool {
	if f.renamed[name] == "" && !f.foreign[name] {
		return false
	}
	return member && before != "this" && before != "self" && strangers.MatchString(before) || !member && (f.lang == golang || f.foreign[name])
}
