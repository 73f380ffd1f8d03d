package code

import (
	"strings"

	"sidestep/regex"
)

// clientType are the names of classes that call Salesforce, and of their settings.
var clientType = regex.New(`(?i)config|connect|client|binding|stub|service|session|header|force|partner|enterprise|soap|api|bulk|sfdc|credential|options`)

// words are the names of a chain.
var words = regex.New(`\w+`)

// mayCall reports whether a variable may be a client, or a client's settings, as far as
// the class tells that it is declared with.
func (f *file) mayCall(name string) bool {
	for i := 1; i < len(f.tokens); i++ {
		if t := f.tokens[i]; t.kind != word_ || !strings.EqualFold(t.text, name) {
			continue
		}
		if before := f.tokens[i-1]; before.kind == word_ && !keywords[before.text] { // Inbound row = …
			return clientType.MatchString(before.text)
		}
		for j := i + 1; j < min(i+4, len(f.tokens)); j++ { // row = new Inbound(…)
			if f.tokens[j-1].text == "new" && f.tokens[j].kind == word_ {
				return clientType.MatchString(f.tokens[j].text)
			}
		}
	}
	return true
}

// generic are names that too many functions have to tell which one is meant.
var generic = set("update insert create write append publish execute query store persist dispatch enqueue request fetch submit forward remove process handle prepare remember output perform invoke")

// maybe is the call of what may be a function of the tree, or one of a library.
func (f *file) maybe(i int, h *head, key string) *call {
	c := f.calling(i, h, key)
	if len(c.name) < 5 || generic[strings.ToLower(c.name)] {
		return nil
	}
	return c
}

// started is the call of a function that is handed over to run by itself:
// Thread(target=work, args=(x,)), Worker.perform_async(x), work.delay(x).
func (f *file) started(i int, h *head, key string) *call {
	c := f.calling(i, h, key)
	last := strings.ToLower(c.name)
	j := h.at + 1
	switch {
	case strings.HasPrefix(last, "perform") || last == "delay" || last == "apply_async":
		parts := words.Compiled().FindAllString(f.before(h.at), -1)
		if len(parts) < 2 {
			return c
		}
		c.name = parts[len(parts)-2]
		c.class = strings.HasPrefix(last, "perform")
		return c
	default:
		for k := h.at; k < i; k++ {
			if f.tokens[k].text == "target" && f.tokens[k+1].text == "=" {
				j = k + 2
			}
		}
	}
	for j+2 < i && f.link(f.tokens[j+1].text) {
		j += 2
	}
	if j+1 < len(f.tokens) && f.tokens[j].kind == word_ && f.tokens[j+1].text == "," {
		c.name, c.class, c.key = f.tokens[j].text, false, ""
		c.arg--
		if in := f.around[i]; in != h && in != nil {
			c.arg = f.argument(i, in)
		}
	}
	return c
}

// before is the chain before a bracket as it is written.
func (f *file) before(at int) string {
	_, from := f.chain(at)
	var b strings.Builder
	for _, t := range f.tokens[from:at] {
		b.WriteString(t.text)
	}
	return b.String()
}

// calling is the call that a bracket belongs to.
func (f *file) calling(i int, h *head, key string) *call {
	last := h.call[strings.LastIndexByte(h.call, '.')+1:]
	written := f.written(h)
	class := h.made || last == "new" || written != "" && written[0] >= 'A' && written[0] <= 'Z' && (f.lang == python || f.lang == kotlin || f.lang == scala)
	return &call{name: written, class: class, arg: f.argument(i, h), key: key}
}

func (f *file) definedHere(name string) bool {
	for _, fn := range f.functions {
		if name != "" && strings.EqualFold(fn.name, name) {
			return true
		}
	}
	return false
}

// written is the last name before a bracket as it is written.
func (f *file) written(h *head) string {
	for i := h.at - 1; i >= 0 && i > h.at-10; i-- {
		if t := f.tokens[i]; t.kind == word_ {
			if t.text == "new" && f.lang == ruby && i > 1 {
				return f.tokens[i-2].text
			}
			return t.text
		}
	}
	return ""
}
