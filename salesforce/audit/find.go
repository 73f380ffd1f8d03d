package audit

import (
	"cmp"
	"slices"
	"strings"

	"sidestep/salesforce"
)

// Mention is an entry that names a message.
type Mention struct {
	salesforce.AuditEntry
	// Change is what the entry says happened to it.
	Change Change
	// Clear is true when the entry can only be about this message, and says
	// nothing more than what happened to it and on which object it is.
	Clear bool
}

// Find tells for each message, by its key, which entries name it: the newest
// first. An entry that may mean one of several messages stands at each of them
// and is clear at none.
func Find(entries []salesforce.AuditEntry, messages []salesforce.Message) map[string][]Mention {
	out := map[string][]Mention{}
	if len(entries) == 0 {
		return out
	}
	names := indexOf(messages)
	for _, e := range entries {
		if !Concerns(e) {
			continue
		}
		for key, m := range names.named(e) {
			if !slices.Contains(out[key], m) {
				out[key] = append(out[key], m)
			}
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b Mention) int {
			return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Display, b.Display), cmp.Compare(a.By, b.By), cmp.Compare(a.Section, b.Section), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Delegate, b.Delegate))
		})
	}
	return out
}

// index finds names by the word that they begin with.
type index map[string][]name

// name is a folded label or full name, and where its first word begins in it.
type name struct {
	text  string
	first int
	key   string
	// object holds the folded words of the message's object.
	object []string
}

func indexOf(messages []salesforce.Message) index {
	in := index{}
	seen := map[[2]string]bool{}
	for _, m := range messages {
		object := objectWords(m.Object)
		for _, text := range []string{m.FullName, bare(m), m.Label} {
			text = fold(text)
			words := tokens(text)
			if len(words) == 0 || seen[[2]string{text, m.Key()}] {
				continue
			}
			seen[[2]string{text, m.Key()}] = true
			first := text[words[0].from:words[0].to]
			in[first] = append(in[first], name{text, words[0].from, m.Key(), object})
		}
	}
	return in
}

// bare is the full name as the package itself knows it.
func bare(m salesforce.Message) string {
	if ns := m.Namespace(); ns != "" {
		return strings.TrimPrefix(m.FullName, ns+"__")
	}
	return m.FullName
}

// objectWords are the words that a sentence may call an object by: its API name,
// and that without its endings, which in English is close to its label.
func objectWords(object string) []string {
	object = fold(object)
	out := []string{object}
	plain := strings.TrimSuffix(object, "__c")
	if _, rest, found := strings.Cut(plain, "__"); found {
		plain = rest
	}
	out = append(out, plain)
	for part := range strings.SplitSeq(plain, "_") {
		out = append(out, part)
	}
	return out
}

// span is a place where a name stands in a text.
type span struct {
	name
	from, to int
}

// named finds the messages that an entry names.
func (in index) named(e salesforce.AuditEntry) map[string]Mention {
	text := fold(e.Display)
	spans := in.spans(text)
	if len(spans) == 0 {
		return nil
	}
	spans = onObject(text, spans)
	keys := map[string]bool{}
	for _, s := range spans {
		keys[s.key] = true
	}
	rest := without(text, spans)
	change := changeOf(rest, e.Action)
	still := e
	still.Display = rest // the name may have been the words for "outbound message"
	sure := len(keys) == 1 && Concerns(still) && nothingElse(rest, spans[0].object)
	out := map[string]Mention{}
	for key := range keys {
		out[key] = Mention{e, change, sure}
	}
	return out
}

// spans finds the names in a text. One that lies within a longer one is part of
// another name.
func (in index) spans(text string) []span {
	words := tokens(text)
	ends := map[int]bool{}
	for _, w := range words {
		ends[w.to] = true
	}
	var found []span
	for _, w := range words {
		for _, n := range in[text[w.from:w.to]] {
			from := w.from - n.first
			to := from + len(n.text)
			if from < 0 || to > len(text) || text[from:to] != n.text {
				continue
			}
			if last := tokens(n.text); ends[from+last[len(last)-1].to] {
				found = append(found, span{n, from, to})
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(found), func(s span) bool {
		return slices.ContainsFunc(found, func(o span) bool { return o.from <= s.from && o.to >= s.to && o.to-o.from > s.to-s.from })
	})
}

// onObject keeps, where the names of several messages fit, those of the message
// whose object is named.
func onObject(text string, spans []span) []span {
	var there []span
	rest := without(text, spans)
	for _, s := range spans {
		for _, w := range tokens(rest) {
			if word := rest[w.from:w.to]; word == s.object[0] || word == s.object[1] {
				there = append(there, s)
				break
			}
		}
	}
	if len(there) > 0 {
		return there
	}
	return spans
}

// without blanks names out of a text.
func without(text string, spans []span) string {
	b := []byte(text)
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			b[i] = ' '
		}
	}
	return string(b)
}

// nothingElse reports whether a sentence without its names consists of nothing
// but "outbound message", what happened, the object once, and small words. What
// else there is may be the rest of a longer name.
func nothingElse(text string, object []string) bool {
	v := folded()
	known := slices.Clone(phraseIn(text))
	for _, list := range v.verbs {
		known = append(known, list...)
	}
	objects := 0
	for _, w := range tokens(text) {
		word := text[w.from:w.to]
		switch {
		case v.joints[word], slices.ContainsFunc(known, func(stem string) bool { return strings.HasPrefix(word, stem) }):
		case slices.Contains(object, word):
			objects++
		case !isUnspaced(word) || stripped(word, known, v.particles) != "":
			return false
		}
	}
	return objects <= len(object)-2 || objects <= 1
}

func isUnspaced(word string) bool {
	for _, r := range word {
		return scriptOf(r) == unspaced
	}
	return false
}

// stripped takes known words out of a stretch that has no spaces.
func stripped(word string, lists ...[]string) string {
	for _, list := range lists {
		for _, w := range list {
			word = strings.ReplaceAll(word, w, "")
		}
	}
	return word
}
