package email_test

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sidestep/email"
	"sidestep/state"
)

func load(t *testing.T, files map[string]string) (email.Templates, []email.Problem) {
	t.Helper()
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return email.Load(dir)
}

func TestOwnTemplateTakesTheBuiltInsPlace(t *testing.T) {
	own, problems := load(t, map[string]string{
		"de/first.txt": "\ufeffSubject: Hallo {{.Org}}\r\n\r\n{{template \"greeting\" .}}\r\n\r\n{{template \"close\"}}{{define \"close\"}}Ende{{end}}\r\n",
		"de/parts.txt": `{{define "greeting"}}Moin{{with .Names}} {{list .}}{{end}},{{end}}`,
		"de/README.md": "mine", ".git/x": "", "de/.first.txt.swp": "", "de/first.txt~": "",
	})
	if len(problems) != 1 || problems[0].File != "de/README.md" {
		t.Errorf("problems: %v", problems)
	}
	f := facts(vendorEndpoint())
	d, err := own.Draft(email.First, email.German, f)
	if err != nil || d.Subject != "Hallo Northwind Traders" || d.Body != "Moin Jane Doe,\n\nEnde\n" {
		t.Errorf("%+v, %v", d, err)
	}
	d, err = own.Draft(email.Thanks, email.German, f)
	if err != nil || !strings.HasPrefix(d.Body, "Moin Jane Doe,\n\nvielen Dank") {
		t.Errorf("the built-in mail does not use the user's piece: %+v, %v", d, err)
	}
	for _, lang := range []email.Language{email.English, email.Japanese} {
		d, err = own.Draft(email.First, lang, f)
		if want := draft(t, email.First, lang, f); err != nil || !reflect.DeepEqual(d, want) {
			t.Errorf("%s is changed too: %+v, %v", lang, d, err)
		}
	}
	if again := draft(t, email.First, email.German, f); !strings.HasPrefix(again.Body, "Guten Tag") {
		t.Errorf("the built-in text is changed for everybody: %s", again.Body)
	}
}

func TestBadOwnTemplateIsToldAndLeftOut(t *testing.T) {
	ok := "Subject: s\n\n"
	for name, c := range map[string]struct{ file, text, want string }{
		"unknown field":       {"de/first.txt", ok + "a\n{{.Foo}}\n", `^de/first\.txt:4: there is no field \.Foo`},
		"in a rare branch":    {"de/first.txt", ok + "{{if eq .Receiver \"ignores\"}}\n{{.Vendro}}{{end}}", `^de/first\.txt:4: there is no field \.Vendro`},
		"in a list":           {"de/first.txt", ok + "{{range .Groups}}{{range .Messages}}{{.Label}}{{.Lable}}{{end}}{{end}}", `^de/first\.txt:3: there is no field \.Lable`},
		"of a variable":       {"de/first.txt", ok + "{{range $i, $e := .Endpoints}}{{$i}}{{$e.Path}}{{end}}", `^de/first\.txt:3: there is no field \.Path`},
		"of the root":         {"de/first.txt", ok + "{{range .Endpoints}}{{$.Nope}}{{end}}", `^de/first\.txt:3: there is no field \.Nope`},
		"of a contact":        {"de/first.txt", ok + "{{.Contact.Phone}}", `^de/first\.txt:3: there is no field \.Contact\.Phone`},
		"as an argument":      {"de/first.txt", ok + "{{day .Deu}}", `^de/first\.txt:3: there is no field \.Deu`},
		"in brackets":         {"de/first.txt", ok + "{{if (or .Org .Ogr)}}{{end}}", `^de/first\.txt:3: there is no field \.Ogr`},
		"in a with":           {"de/first.txt", ok + "{{with .Contact}}{{.Name}}{{.Nmae}}{{end}}", `^de/first\.txt:3: there is no field \.Nmae`},
		"syntax":              {"de/first.txt", ok + "{{if .Org}}\n", `^de/first\.txt:\d: unexpected EOF`},
		"syntax of an action": {"de/first.txt", ok + "\n\n{{.Org !}}", `^de/first\.txt:5: `},
		"unknown function":    {"de/first.txt", ok + "{{upper .Org}}", `^de/first\.txt:3: function "upper" not defined`},
		"unknown piece":       {"de/first.txt", ok + "{{template \"greting\" .}}", `^de/first\.txt:3: there is no piece "greting"`},
		"no subject":          {"de/first.txt", "Hello\n", `^de/first\.txt:1: the text does not begin with a line "Subject: …"`},
		"empty subject":       {"de/first.txt", "Subject:\n\nHello\n", `^de/first\.txt:1: the text does not begin`},
		"subject at times":    {"de/first.txt", "{{if .Org}}Subject: s{{end}}\n\nHello\n", `^de/first\.txt:1: the text does not begin`},
		"empty":               {"de/first.txt", "", `^de/first\.txt:1: the text does not begin`},
		"wrong type":          {"de/first.txt", ok + "{{if eq .Receiver 3}}{{end}}", `^de/first\.txt:3: .*incompatible types`},
		"endless":             {"de/first.txt", ok + "{{range 1000000000}}{{end}}", `^de/first\.txt:3: range needs a list`},
		"endless text":        {"de/first.txt", ok + `{{define "x"}}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{template "x"}}{{end}}{{template "x"}}`, `^de/first\.txt.*uses itself without an end`},
		"doubling":            {"de/first.txt", ok + doubling(40) + `{{template "x0"}}`, `^de/first\.txt:\d+: this takes too many steps`},
		"large":               {"de/first.txt", strings.Repeat("x", 70<<10), `^de/first\.txt: it is larger than 64 KB`},
		"not UTF-8":           {"de/first.txt", "Subject: \xff\n", `^de/first\.txt: save it as UTF-8`},
		"unknown kind":        {"de/frist.txt", ok, `^de/frist\.txt: this is no mail: .*first, reminder`},
		"unknown language":    {"sv/first.txt", ok, `^sv: this is no language of the mails: .*en, de, fr`},
		"a piece's field":     {"de/parts.txt", `{{define "deadline"}}` + "\n{{.Deadline}}{{end}}", `^de/parts\.txt:2: there is no field \.Deadline`},
		"hostile":             {"de/first.txt", ok + "{{.Org\x1b]0;t\a}}", `^de/first\.txt:3: [^\x00-\x1f]*$`},
	} {
		t.Run(name, func(t *testing.T) {
			own, problems := load(t, map[string]string{c.file: c.text})
			if len(problems) != 1 || !regexp.MustCompile(c.want).MatchString(problems[0].Error()) || strings.Contains(problems[0].Error(), "\n") {
				t.Errorf("problems %q, want one like %s", problems, c.want)
			}
			f := facts(vendorEndpoint())
			if d, err := own.Draft(email.First, email.German, f); err != nil || !reflect.DeepEqual(d, draft(t, email.First, email.German, f)) {
				t.Errorf("the built-in mail does not stand in: %+v, %v", d, err)
			}
		})
	}
}

// doubling are pieces that each use the next one twice.
func doubling(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{{define "x%d"}}{{template "x%d"}}{{template "x%d"}}{{end}}`+"\n", i, i+1, i+1)
	}
	return b.String() + fmt.Sprintf(`{{define "x%d"}}{{end}}`, n)
}

func TestNoOwnTemplates(t *testing.T) {
	if _, problems := email.Load(os.DirFS("testdata/is-not-there")); len(problems) != 0 {
		t.Errorf("%v", problems)
	}
	if _, problems := email.Load(os.DirFS("email.go")); len(problems) != 1 {
		t.Errorf("a file for a folder: %v", problems)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(dir+"/de/first.txt", 0o700); err != nil {
		t.Fatal(err)
	}
	if _, problems := email.Load(os.DirFS(dir)); len(problems) != 1 || !strings.Contains(problems[0].Error(), "no plain file") {
		t.Errorf("a folder for a file: %v", problems)
	}
}

// The built-in mails must pass the check that the user's have to pass.
func TestBuiltInTemplatesPassTheCheck(t *testing.T) {
	if _, problems := email.Load(os.DirFS("templates")); len(problems) != 0 {
		t.Errorf("%v", problems)
	}
}

// The guide must list every field, and none that is not there.
func TestGuideListsTheFields(t *testing.T) {
	guide, err := os.ReadFile("../docs/mails.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	add := func(prefix string, typ reflect.Type) {
		for _, f := range reflect.VisibleFields(typ) {
			if f.IsExported() {
				want = append(want, prefix+f.Name)
			}
		}
		for i := range typ.NumMethod() {
			want = append(want, prefix+typ.Method(i).Name)
		}
	}
	add("Facts.", reflect.TypeFor[email.Facts]())
	add("Endpoint.", reflect.TypeFor[email.Endpoint]())
	add("Group.", reflect.TypeFor[email.Group]())
	add("Message.", reflect.TypeFor[email.Message]())
	add("Contact.", reflect.TypeFor[state.Contact]())
	add("Show.", reflect.TypeFor[email.Show]())
	var listed []string
	section := ""
	for l := range strings.Lines(string(guide)) {
		if m := regexp.MustCompile("^### .*`([A-Za-z]+)`").FindStringSubmatch(l); m != nil {
			section = m[1] + "."
		} else if strings.HasPrefix(l, "#") {
			section = ""
		}
		if m := regexp.MustCompile("^\\| `\\.([A-Za-z]+)` \\|").FindStringSubmatch(l); m != nil && section != "" {
			listed = append(listed, section+m[1])
		}
	}
	for _, f := range want {
		if !slices.Contains(listed, f) {
			t.Errorf("docs/mails.md does not list %s", f)
		}
	}
	for _, f := range listed {
		if !slices.Contains(want, f) {
			t.Errorf("docs/mails.md lists %s, which is not there", f)
		}
	}
	for _, kind := range email.Kinds() {
		if !strings.Contains(string(guide), "`"+string(kind)+"`") {
			t.Errorf("docs/mails.md does not name the kind %s", kind)
		}
	}
	for _, lang := range email.Languages() {
		if !strings.Contains(string(guide), "`"+string(lang)+"`") {
			t.Errorf("docs/mails.md does not name the language %s", lang)
		}
	}
}

func TestShowTellsWhatTheAdminAskedFor(t *testing.T) {
	org := state.Org{ID: "00D5g000001AbCdEAK", Name: "Northwind Traders"}
	about := func(show email.Show) string {
		f := email.FactsAbout(org, []state.EndpointView{vendorEndpoint()}, state.Contact{}, time.Time{}, today, show)
		return draft(t, email.First, email.English, f).Body
	}
	for name, c := range map[string]struct {
		show        email.Show
		told, never []string
	}{
		"nothing": {email.Show{}, []string{"00D***", "key=***"}, []string{"00D5g", "pa55word", "SECRET", "integration@"}},
		"org id":  {email.Show{OrgID: true}, []string{"Our organization ID: 00D5g000001AbCdEAK", "/sf/00D5g000001AbCdEAK?key=***"}, []string{"pa55word", "SECRET", "integration@"}},
		"users":   {email.Show{Users: true}, []string{"sent as integration@northwind.example"}, []string{"00D5g", "pa55word", "SECRET"}},
		"secrets": {email.Show{Secrets: true}, []string{"https://sf:pa55word@hooks.vendor.example/sf/00D***?key=SECRET&tenant=T-4711"}, []string{"00D5g", "integration@"}},
	} {
		t.Run(name, func(t *testing.T) {
			body := about(c.show)
			for _, s := range c.told {
				if !strings.Contains(body, s) {
					t.Errorf("does not tell %q:\n%s", s, body)
				}
			}
			for _, s := range c.never {
				if strings.Contains(body, s) {
					t.Errorf("tells %q", s)
				}
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("Subject: {{.Org}}\n{{range .Groups}}{{.Basis}}{{end}}")
	f.Add("{{range $i, $m := .Endpoints}}{{with $m}}{{template \"greeting\" $}}{{end}}{{end}}")
	f.Add("{{define \"x\"}}{{template \"x\" .}}{{end}}Subject: x{{template \"x\" .}}")
	f.Add("Subject: {{index .Packages 0}}{{slice .Org 1}}{{call .Org}}{{break}}")
	f.Fuzz(func(t *testing.T, text string) {
		own, problems := load(t, map[string]string{"en/first.txt": text})
		for _, p := range problems {
			if strings.ContainsAny(p.Error(), "\r\n\x1b\x00") || p.File != "en/first.txt" {
				t.Errorf("%q", p.Error())
			}
		}
		if d, err := own.Draft(email.First, email.English, email.Facts{}); err != nil || d.Subject == "" {
			t.Errorf("accepted, but cannot be filled: %v", err)
		}
	})
}
