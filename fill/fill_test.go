package fill_test

import (
	"errors"
	"html"
	"strings"
	"testing"
	"text/template"
	"time"

	"sidestep/fill"
)

type person struct {
	Name   string
	Age    int
	secret string
}

type facts struct {
	person
	Org     string
	Empty   string
	Number  int
	Yes, No bool
	People  []person
	None    []person
	Words   []string
	Boss    *person
	Nobody  *person
	Any     any
	Day     time.Time
	Kind    kind
}

type kind string

var sample = facts{
	person: person{Name: "Me", Age: 3, secret: "s"}, Org: "Acme & Sons", Number: 7, Yes: true,
	People: []person{{Name: "Ann", Age: 41}, {Name: "Bob", Age: 9}}, Words: []string{"a", "b", "c"},
	Boss: &person{Name: "Zoe"}, Any: 12, Day: time.Date(2026, 2, 23, 0, 0, 0, 0, time.UTC), Kind: "calls-back",
}

var calls = map[string]any{
	"upper": strings.ToUpper,
	"join":  func(words []string) string { return strings.Join(words, "+") },
	"twice": func(n int) int { return 2 * n },
	"fails": func() (string, error) { return "", errors.New("no luck") },
}

// both fills a text with Go's text/template, whose language this is, and with ours.
func both(text string) (theirs, ours string, theirErr, ourErr error) {
	var a, b strings.Builder
	t, theirErr := template.New("t").Funcs(calls).Parse(text)
	if theirErr == nil {
		theirErr = t.Execute(&a, sample)
	}
	s := fill.New(calls, nil)
	ourErr = s.Parse("t", text)
	if ourErr == nil {
		ourErr = s.Fill(&b, "t", sample)
	}
	return a.String(), b.String(), theirErr, ourErr
}

var same = []string{
	"plain", "{{.Org}}", "{{ .Number }}{{/* a remark */}}", "a {{- .Org -}} b", "{{.Name}} {{.Age}}", "{{.Boss.Name}}", "{{.Any}}", "{{.Kind}}",
	"{{if .Yes}}y{{else}}n{{end}}{{if .No}}y{{else}}n{{end}}{{if .Empty}}y{{else if .Number}}z{{end}}",
	"{{if .People}}y{{end}}{{if .None}}y{{end}}{{if .Nobody}}y{{end}}{{if .Boss}}y{{end}}{{if .Day}}d{{end}}",
	"{{with .Org}}{{.}}{{else}}none{{end}}{{with .Empty}}x{{else with .Boss}}{{.Name}}{{end}}",
	"{{range .People}}{{.Name}}{{$.Org}};{{end}}{{range .None}}x{{else}}none{{end}}{{range .Words}}{{.}}{{end}}",
	"{{range $i, $p := .People}}{{$i}}{{$p.Name}}{{end}}{{range $w := .Words}}{{$w}}{{end}}",
	"{{range .Words}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}{{end}}{{range .Words}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}",
	"{{$x := 1}}{{range .Words}}{{$x = twice $x}}{{end}}{{$x}}{{if .Yes}}{{$x := 5}}{{$x}}{{end}}{{$x}}",
	"{{$i := 0}}{{$w := \"\"}}{{range $i, $w = .Words}}{{end}}{{$i}}{{$w}}",
	"{{define \"p\"}}<{{.Name}}{{$.Age}}>{{end}}{{range .People}}{{template \"p\" .}}{{end}}{{template \"p\" .Boss}}{{block \"q\" .}}{{.Org}}{{end}}",
	"{{and .Yes .Org}}{{or .Empty .Org}}{{not .Yes}}{{and .No fails}}{{or .Org fails}}{{.Org | or .Empty}}{{.Org | and .Yes}}",
	"{{eq .Number 7}}{{eq .Number 1 7}}{{ne .Org \"x\"}}{{lt .Number 8}}{{le .Number 7}}{{gt .Number 7}}{{ge .Number 8}}{{eq .Kind \"calls-back\"}}{{eq .Yes true}}{{lt \"a\" \"b\"}}{{eq .Day .Day}}",
	"{{len .People}}{{len .Org}}{{index .Words 1}}{{(index .People 1).Name}}{{slice .Words 1}}{{slice .Org 1 3}}{{index .Words 0 | upper}}{{slice .Words}}{{index .Org}}",
	"{{print 1 .Org 2}}{{printf \"%s-%03d\" .Org .Number}}{{println .Org}}{{.Number | printf \"%d %s\" 3 | len}}",
	"{{upper .Org}}{{.Org | upper | printf \"%q\"}}{{join .Words}}{{twice (len .Words)}}{{twice .Any}}",
	"{{true}}{{42}}{{\"s\"}}{{`raw`}}{{'a'}}{{0x10}}{{1_000}}{{print nil}}",
	// What both refuse.
	"{{.Nope}}", "{{.Boss.Nope}}", "{{.Nobody.Name}}", "{{.secret}}", "{{.Org.Length}}", "{{nil}}", "{{.Org 1}}", "{{$x}}", "{{template \"no\"}}", "{{if}}", "{{end}}",
	"{{fails}}", "{{upper .Number}}", "{{upper}}", "{{upper 1 2}}", "{{twice \"s\"}}", "{{eq .Number \"s\"}}", "{{eq .Number}}", "{{lt .Yes .No}}", "{{len .Number}}",
	"{{index .Words 9}}", "{{index .Words .Org}}", "{{slice .Words 2 1}}", "{{range .Org}}{{end}}", "{{template \"t\" .}}", "{{nope .Org}}", "{{.Org | 3}}", "{{eq .People .People}}",
}

func TestTextsAreFilledAsGoFillsThem(t *testing.T) {
	for _, text := range same {
		theirs, ours, theirErr, ourErr := both(text)
		if (theirErr == nil) != (ourErr == nil) || theirErr == nil && theirs != ours {
			t.Errorf("%s\ngives %q, %v\nand with text/template %q, %v", text, ours, ourErr, theirs, theirErr)
		}
		if at := (&fill.Fault{}); ourErr != nil && (!errors.As(ourErr, &at) || at.Name != "t" || at.Line != 1) {
			t.Errorf("%s: the fault has no place: %v", text, ourErr)
		}
	}
}

// What ours fills, text/template fills with the same. The other way round ours
// refuses what it does without: methods, maps, numbers to count through.
func FuzzFill(f *testing.F) {
	for _, text := range same {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1000 || strings.Contains(text, "template") || strings.Contains(text, "%") {
			t.Skip("it may take for ever, or print more than fits")
		}
		theirs, ours, theirErr, ourErr := both(text)
		if ourErr == nil && (theirErr != nil || theirs != ours) {
			t.Errorf("%q\ngives %q\nand with text/template %q, %v", text, ours, theirs, theirErr)
		}
	})
}

func TestValuesAreEscapedAndWordsAreNot(t *testing.T) {
	s := fill.New(nil, html.EscapeString)
	if err := s.Parse("t", `<b title="{{.Org}}">{{.Org}}</b>`); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := s.Fill(&b, "t", sample); err != nil || b.String() != `<b title="Acme &amp; Sons">Acme &amp; Sons</b>` {
		t.Errorf("%s, %v", b.String(), err)
	}
}

func TestACloneChangesAlone(t *testing.T) {
	s := fill.New(nil, nil)
	parse := func(s *fill.Set, name, text string) {
		t.Helper()
		if err := s.Parse(name, text); err != nil {
			t.Fatal(err)
		}
	}
	parse(s, "t", `{{template "p"}}`)
	parse(s, "parts", `{{define "p"}}old{{end}}`)
	c := s.Clone()
	parse(c, "more", `{{define "p"}}new{{end}}`)
	for set, want := range map[*fill.Set]string{s: "old", c: "new"} {
		var b strings.Builder
		if err := set.Fill(&b, "t", nil); err != nil || b.String() != want {
			t.Errorf("%q, %v; want %q", b.String(), err, want)
		}
	}
}

func TestPiecesWithoutAnEndStop(t *testing.T) {
	for want, text := range map[string]string{
		"without an end": `{{define "x"}}{{template "x"}}{{end}}{{template "x"}}`,
		"too many steps": `{{define "a"}}{{range .Words}}{{range $.Words}}{{range $.Words}}{{template "b" $}}{{end}}{{end}}{{end}}{{end}}{{define "b"}}{{range .Words}}{{range $.Words}}{{range $.Words}}{{template "c" $}}{{end}}{{end}}{{end}}{{end}}` +
			`{{define "c"}}{{range .Words}}{{range $.Words}}{{range $.Words}}{{template "d" $}}{{end}}{{end}}{{end}}{{end}}{{define "d"}}{{range .Words}}{{range $.Words}}{{range $.Words}}{{template "e" $}}{{end}}{{end}}{{end}}{{end}}{{define "e"}}x{{end}}{{template "a" .}}`,
	} {
		s := fill.New(nil, nil)
		if err := s.Parse("t", text); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := s.Fill(&b, "t", sample); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
