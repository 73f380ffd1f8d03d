package code

import (
	"path"
	"strings"
)

// language is what the lexer has to know of one.
type language struct {
	name string
	// line and block are how comments begin, and block how they end.
	line  []string
	block [][2]string
	// quotes open strings that end with the same character. Those in wide may
	// hold line ends.
	quotes, wide string
	// triple opens a string that ends with the same three characters.
	triple []string
	// here begins a text that ends with a line of its own.
	here bool
	// inside finds the code within a string.
	dollar, hash, brace bool
	// indented functions end where the indentation does, and wordy ones at an "end".
	indented, wordy bool
	// markup is XML, and prose a document: what stands there is not done.
	markup, prose bool
}

var (
	slashes = [][2]string{{"/*", "*/"}}
	cLike   = language{line: []string{"//"}, block: slashes, quotes: `"'`}
)

func (l language) as(name string, change func(*language)) *language {
	l.name = name
	if change != nil {
		change(&l)
	}
	return &l
}

var (
	java   = cLike.as("Java", func(l *language) { l.triple = []string{`"""`} })
	kotlin = cLike.as("Kotlin", func(l *language) { l.triple, l.dollar = []string{`"""`}, true })
	groovy = cLike.as("Groovy", func(l *language) { l.triple, l.dollar = []string{`"""`, `'''`}, true })
	scala  = cLike.as("Scala", func(l *language) { l.triple, l.dollar = []string{`"""`}, true })
	csharp = cLike.as("C#", func(l *language) { l.triple, l.brace = []string{`"""`}, true })
	script = cLike.as("JavaScript", func(l *language) { l.quotes, l.wide, l.dollar = "\"'`", "`", true })
	// In DataWeave a brace holds values only.
	dataweave = cLike.as("DataWeave", nil)
	golang    = cLike.as("Go", func(l *language) { l.quotes, l.wide = "\"'`", "`" })
	php       = cLike.as("PHP", func(l *language) {
		l.line, l.wide, l.here, l.dollar, l.brace = []string{"//", "#"}, `"'`, true, true, true
	})
	python = (&language{
		line: []string{"#"}, quotes: `"'`, triple: []string{`"""`, `'''`}, brace: true, indented: true,
	}).as("Python", nil)
	ruby = (&language{
		line: []string{"#"}, block: [][2]string{{"\n=begin", "\n=end"}}, quotes: `"'`, wide: `"'`, here: true, hash: true, wordy: true,
	}).as("Ruby", nil)
	perl = (&language{
		line: []string{"#"}, block: [][2]string{{"\n=head", "\n=cut"}, {"\n=pod", "\n=cut"}, {"\n__END__", "\x00"}},
		quotes: `"'`, wide: `"'`, here: true, dollar: true,
	}).as("Perl", nil)
	basic = (&language{line: []string{"'"}, quotes: `"`, brace: true, wordy: true}).as("Visual Basic", nil)
	lua   = (&language{line: []string{"--"}, block: [][2]string{{"--[[", "]]"}}, quotes: `"'`, wordy: true}).as("Lua", nil)
	shell = (&language{line: []string{"#"}, quotes: `"'`, wide: `"'`, here: true, dollar: true}).as("Shell", nil)
	yaml  = (&language{line: []string{"#"}, quotes: `"'`, dollar: true, hash: true, brace: true}).as("YAML", nil)
	json  = (&language{quotes: `"`, dollar: true, hash: true, brace: true}).as("JSON", nil)
	xml   = (&language{block: [][2]string{{"<!--", "-->"}}, markup: true}).as("XML", nil)
	prose = (&language{prose: true}).as("text", nil)
)

var byEnding = map[string]*language{}

func init() {
	for l, endings := range map[*language]string{
		java: "java jsp jspx cls trigger apex", kotlin: "kt kts", groovy: "groovy gsh gradle gsp", scala: "scala sc", csharp: "cs csx cshtml razor ashx asmx svc aspx",
		script: "js jsx ts tsx mjs cjs mts cts vue svelte bal es6 coffee", dataweave: "dwl", golang: "go rs swift dart c cc cpp cxx h hpp m mm",
		php: "php php3 php4 php5 phtml inc", python: "py pyw pyi", ruby: "rb rake ru erb", perl: "pl pm cgi t", basic: "vb bas vbs",
		lua: "lua", shell: "sh bash zsh ps1 psm1", yaml: "yml yaml properties toml ini conf env tf", json: "json jsonc json5",
		xml:   "xml xsl xslt xq xquery bpel wsdl xsd mule process config bpmn proxy proxyservice dtsx synapse xaml tibco xhtml",
		prose: "md markdown rst txt adoc asciidoc textile html htm csv tsv log rtf tex org http har wiki",
	} {
		for e := range strings.FieldsSeq(endings) {
			byEnding[e] = l
		}
	}
}

func ending(name string) string { return strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) }

// languageOf tells the language by the name, and of what has no telling name by the
// beginning.
func languageOf(name, text string) *language {
	ending := ending(name)
	start := strings.TrimLeft(text[:min(len(text), 300)], " \t\r\n")
	if l, ok := byEnding[ending]; ok {
		if ending == "t" && strings.HasPrefix(start, "<") {
			return xml
		}
		return l
	}
	switch {
	case strings.HasPrefix(start, "<?php"):
		return php
	case strings.HasPrefix(start, "<"):
		return xml
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		return json
	case strings.HasPrefix(start, "#!"):
		first, _, _ := strings.Cut(start, "\n")
		for word, l := range map[string]*language{"python": python, "ruby": ruby, "perl": perl, "php": php, "node": script, "groovy": groovy, "lua": lua} {
			if strings.Contains(first, word) {
				return l
			}
		}
		return shell
	}
	switch strings.ToLower(path.Base(name)) {
	case "readme", "changelog", "license", "notice", "authors":
		return prose
	case "gemfile", "rakefile", "guardfile", "capfile":
		return ruby
	}
	return script // most languages have its strings and comments
}
