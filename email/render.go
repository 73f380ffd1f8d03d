package email

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"

	"sidestep/fill"
	"sidestep/salesforce"
)

// Article is the number of the knowledge article that announces the change.
const Article = "005232763"

// ArticleURL is where that article is found.
const ArticleURL = "https://help.salesforce.com/s/articleView?id=" + Article

// Templates are the texts that mails are filled from: the built-in ones, or
// those with files of the user's in their place (Load). The zero value is the
// built-in ones, which are read when the first mail is written.
type Templates struct {
	// sets holds for each language its pieces and the mails, by file name.
	sets map[Language]*fill.Set
	// own holds the user's files, each with the pieces that it sees.
	own map[string]*fill.Set
}

//go:embed templates
var files embed.FS

// builtIn is read when the first mail is written.
var builtIn = sync.OnceValue(func() Templates {
	t := Templates{sets: map[Language]*fill.Set{}}
	for _, lang := range Languages() {
		t.sets[lang] = fill.New(functions(lang), nil)
		for _, name := range append([]string{Parts}, fileNames()...) {
			text, err := files.ReadFile(path.Join("templates", string(lang), name))
			if err == nil {
				err = t.sets[lang].Parse(name, string(text))
			}
			if err != nil {
				panic(err) // the files are part of the program, and a test reads them all
			}
		}
	}
	return t
})

// BuiltIn are the texts that come with the program.
func BuiltIn() Templates { return builtIn() }

// functions are what templates of a language may call besides those of any text.
func functions(lang Language) map[string]any {
	return map[string]any{
		"day":        lang.day,
		"number":     lang.number,
		"plural":     lang.plural,
		"list":       lang.list,
		"cutoff":     func() string { return cutoffIn(lang) },
		"article":    func() string { return Article },
		"articleURL": func() string { return ArticleURL },
	}
}

// cutoffIn is the day of the change. It always takes the same article, so Italian
// needs no weekday with it.
func cutoffIn(lang Language) string {
	s := lang.day(salesforce.Cutoff)
	if lang == Italian {
		_, s, _ = strings.Cut(s, " ")
	}
	return s
}

// named is the template of a mail: the user's, or else the built-in one.
func (t Templates) named(kind Kind, lang Language) (set *fill.Set, name string) {
	if t.sets == nil {
		t = BuiltIn()
	}
	name = fileOf(kind)
	if file := path.Join(string(lang), name); t.own[file] != nil {
		return t.own[file], file
	}
	return t.sets[lang], name
}

func fileOf(kind Kind) string { return string(kind) + ".txt" }

// fileNames are the files of a language with a mail each.
func fileNames() []string {
	var names []string
	for _, kind := range Kinds() {
		names = append(names, fileOf(kind))
	}
	return names
}

// render fills a template and splits it into its subject and its body.
func (t Templates) render(kind Kind, lang Language, f Facts) (subject, body string, err error) {
	set, name := t.named(kind, lang)
	subject, body, err = write(set, name, f)
	if err != nil {
		return "", "", fmt.Errorf("the mail %s/%s cannot be filled: %w", lang, kind, err)
	}
	return subject, body, nil
}

var (
	errNoSubject = errors.New("the text does not begin with a line \"Subject: …\"")
	errTooMuch   = fmt.Errorf("the mail becomes longer than %d KB", maxMail/1000)
)

// maxMail is how many bytes a mail may take: far more than any that somebody reads.
const maxMail = 200_000

func write(set *fill.Set, name string, f Facts) (subject, body string, err error) {
	var b limited
	if err := set.Fill(&b, name, f.told()); err != nil {
		return "", "", err
	}
	head, body, _ := strings.Cut(strings.TrimSpace(b.String()), "\n")
	subject, ok := strings.CutPrefix(head, "Subject:")
	if subject = strings.TrimSpace(subject); !ok || subject == "" {
		return "", "", errNoSubject
	}
	return subject, tidy(body), nil
}

// limited takes the text of a mail, and no more than any mail could need: a
// template of the user's may loop.
type limited struct{ strings.Builder }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > maxMail {
		return 0, errTooMuch
	}
	return l.Builder.Write(p)
}

// tidy removes the blank lines that unused parts of a template leave behind.
func tidy(body string) string {
	var out []string
	for l := range strings.Lines(body) {
		l = strings.TrimRight(l, " \t\r\n")
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n")) + "\n"
}

// example is what templates are tried on: every fact known.
func example(endpoints int) Facts {
	day := time.Date(2026, time.January, 14, 0, 0, 0, 0, time.UTC)
	f := Facts{Org: "Org", Vendor: "Vendor", Due: day.AddDate(1, 0, 0), Today: day.AddDate(1, 1, 0), FirstWritten: day}
	for range endpoints {
		f.Endpoints = append(f.Endpoints, Endpoint{URL: "https://h.example/x", Host: "h.example", Messages: []Message{{Label: "Label", Object: "Case", Name: "ns__Name", Namespace: "ns", Basis: Backup, At: day}}})
	}
	return f
}
