package email

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"

	"sidestep/salesforce"
)

// Article is the number of the knowledge article that announces the change.
const Article = "005232763"

// ArticleURL is where that article is found.
const ArticleURL = "https://help.salesforce.com/s/articleView?id=" + Article

//go:embed templates
var files embed.FS

// parsed holds the templates of each language, read when the first mail is written.
var parsed = sync.OnceValues(func() (map[Language]*template.Template, error) {
	out := map[Language]*template.Template{}
	for _, lang := range Languages() {
		dir, err := fs.Sub(files, path.Join("templates", string(lang)))
		if err != nil {
			return nil, err
		}
		day := func(t time.Time) string { return dayIn(lang, t) }
		t, err := template.New("").Funcs(template.FuncMap{
			"day":        day,
			"cutoff":     func() string { return day(salesforce.Cutoff) },
			"article":    func() string { return Article },
			"articleURL": func() string { return ArticleURL },
			"join":       strings.Join,
		}).ParseFS(dir, "*.txt")
		if err != nil {
			return nil, err
		}
		out[lang] = t
	}
	return out, nil
})

// render fills a template and splits it into its subject and its body.
func render(kind Kind, lang Language, f Facts) (subject, body string, err error) {
	sets, err := parsed()
	if err != nil {
		return "", "", fmt.Errorf("a mail template cannot be read: %w", err)
	}
	var b strings.Builder
	if err := sets[lang].ExecuteTemplate(&b, string(kind)+".txt", f); err != nil {
		return "", "", fmt.Errorf("the mail %s/%s cannot be filled: %w", lang, kind, err)
	}
	head, body, _ := strings.Cut(strings.TrimSpace(b.String()), "\n")
	subject, ok := strings.CutPrefix(head, "Subject:")
	if !ok {
		return "", "", fmt.Errorf("the mail template %s/%s.txt does not begin with a line \"Subject: …\"", lang, kind)
	}
	return strings.TrimSpace(subject), tidy(body), nil
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

var germanMonths = [...]string{
	"Januar", "Februar", "März", "April", "Mai", "Juni",
	"Juli", "August", "September", "Oktober", "November", "Dezember",
}

// dayIn writes a day as the language does, "" for no day.
func dayIn(lang Language, t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case lang == German:
		return strconv.Itoa(t.Day()) + ". " + germanMonths[t.Month()-1] + " " + strconv.Itoa(t.Year())
	}
	return t.Format("2 January 2006")
}
