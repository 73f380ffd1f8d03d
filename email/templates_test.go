package email_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
	"unicode"

	"sidestep/email"
	"sidestep/state"
)

// source reads the templates of a language: each piece and each mail by name.
func source(t *testing.T, lang email.Language) map[string]*parse.Tree {
	t.Helper()
	known := map[string]any{}
	for _, name := range []string{"or", "eq", "len", "printf", "not", "and", "day", "number", "plural", "list", "cutoff", "article", "articleURL"} {
		known[name] = true
	}
	trees := map[string]*parse.Tree{}
	names := []string{email.Parts}
	for _, kind := range email.Kinds() {
		names = append(names, string(kind)+".txt")
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join("templates", string(lang), name))
		if err != nil {
			t.Fatal(err)
		}
		set, err := parse.Parse(name, string(text), "", "", known)
		if err != nil {
			t.Fatal(err)
		}
		for piece, tree := range set {
			trees[piece] = tree
		}
	}
	return trees
}

// walk calls visit for each node of a mail and of the pieces that it uses. How
// people are greeted is left out: it differs from country to country.
func walk(trees map[string]*parse.Tree, name string, visit func(parse.Node)) {
	seen := map[string]bool{}
	var piece func(string)
	var node func(parse.Node)
	list := func(l *parse.ListNode) {
		if l != nil {
			for _, n := range l.Nodes {
				node(n)
			}
		}
	}
	node = func(n parse.Node) {
		visit(n)
		switch n := n.(type) {
		case *parse.IfNode:
			list(n.List)
			list(n.ElseList)
		case *parse.WithNode:
			list(n.List)
			list(n.ElseList)
		case *parse.RangeNode:
			list(n.List)
			list(n.ElseList)
		case *parse.TemplateNode:
			piece(n.Name)
		}
	}
	piece = func(name string) {
		if seen[name] || strings.HasPrefix(name, "greeting") {
			return
		}
		seen[name] = true
		list(trees[name].Root)
	}
	piece(name)
}

var factName = regexp.MustCompile(`\.[A-Z][A-Za-z.]*`)

// structure is what a mail tells and on what it makes that depend.
func structure(trees map[string]*parse.Tree, name string) []string {
	found := map[string]bool{}
	walk(trees, name, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ActionNode:
			for _, f := range factName.FindAllString(n.Pipe.String(), -1) {
				found["uses "+f] = true
			}
			for _, f := range []string{"cutoff", "article", "articleURL"} {
				if n.Pipe.String() == f {
					found["uses "+f] = true
				}
			}
		case *parse.IfNode, *parse.WithNode, *parse.RangeNode:
			pipe := regexp.MustCompile(`^\{\{(?:if|with|range) (.*?)\}\}`).FindStringSubmatch(n.String())[1]
			pipe = strings.ReplaceAll(pipe, "$.", ".")
			if strings.HasPrefix(pipe, "eq ") {
				found["asks "+pipe] = true
			}
			for _, f := range factName.FindAllString(pipe, -1) {
				found["uses "+f] = true
			}
		}
	})
	var out []string
	for s := range found {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// A fact that one language tells and another does not would be a mail that says less.
func TestLanguagesTellTheSame(t *testing.T) {
	english := source(t, email.English)
	for _, lang := range email.Languages() {
		trees := source(t, lang)
		for _, kind := range email.Kinds() {
			name := string(kind) + ".txt"
			want, got := structure(english, name), structure(trees, name)
			if len(want) < 12 {
				t.Fatalf("%s: only %q was found", name, want)
			}
			for _, s := range want {
				if !slices.Contains(got, s) {
					t.Errorf("%s/%s: lacks what English has: %s", lang, name, s)
				}
			}
			for _, s := range got {
				if !slices.Contains(want, s) {
					t.Errorf("%s/%s: has what English lacks: %s", lang, name, s)
				}
			}
		}
	}
}

// marks are words that only one of the languages has.
var marks = map[email.Language][]string{
	email.English:    {"the", "and", "your", "which", "with", "please", "our"},
	email.German:     {"und", "nicht", "wir", "sie", "bitte", "ihr", "unsere", "ist"},
	email.French:     {"vous", "nous", "votre", "merci", "est", "dans", "notre", "qui"},
	email.Spanish:    {"usted", "ustedes", "el", "nuestra", "ruego", "mensajes", "sesión", "según"},
	email.Italian:    {"gli", "nella", "prego", "vostro", "sono", "della", "messaggi", "sessione", "che", "è"},
	email.Portuguese: {"não", "nosso", "nossa", "pedimos", "ao", "mensagens", "sessão"},
	email.Dutch:      {"het", "een", "wij", "niet", "uw", "wilt", "naar", "van"},
	email.Japanese:   {"の", "を", "は", "に", "セッション", "い", "て"},
}

// words splits a text. Japanese has no spaces, so each of its runs is cut by script.
func words(text string) []string {
	text = regexp.MustCompile(`\p{Hiragana}`).ReplaceAllString(text, " $0 ")
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != 'ー' })
}

// untranslated are names that stand in every language as they are.
var untranslated = regexp.MustCompile(`Secure Coding Guide|Web Server|Client Credentials|Outbound Messages?|outbound messages?|external client app|Session|My Domain`)

func TestNoLanguageIsLeftInAnother(t *testing.T) {
	for _, lang := range email.Languages() {
		trees := source(t, lang)
		for _, kind := range email.Kinds() {
			var text strings.Builder
			walk(trees, string(kind)+".txt", func(n parse.Node) {
				if n, ok := n.(*parse.TextNode); ok {
					text.Write(n.Text)
				}
			})
			own := 0
			for _, w := range words(untranslated.ReplaceAllString(text.String(), "")) {
				if slices.Contains(marks[lang], w) {
					own++
					continue
				}
				for other, of := range marks {
					if slices.Contains(of, w) {
						t.Errorf("%s/%s holds the word %q of %s", lang, kind, w, other)
					}
				}
			}
			if own < 10 {
				t.Errorf("%s/%s holds %d words of its language", lang, kind, own)
			}
		}
	}
}

// What a vendor must answer, as words that the question has in each language.
var questions = []map[email.Language][]string{
	0: {
		email.English: {"call back", "check the sender"}, email.German: {"greift", "absender"}, email.French: {"connecte", "expéditeur"}, email.Spanish: {"accede", "remitente"},
		email.Italian: {"accede", "mittente"}, email.Portuguese: {"acessa", "remetente"}, email.Dutch: {"verbinding", "afzender"}, email.Japanese: {"接続", "送信元"},
	},
	1: everywhere("oauth", "2.0", "jwt"),
	2: {
		email.English: {"client id", "external client app"}, email.German: {"client-id", "external client app"}, email.French: {"identifiant client", "externe"}, email.Spanish: {"identificador de cliente", "externa"},
		email.Italian: {"id client", "esterna"}, email.Portuguese: {"id de cliente", "externo"}, email.Dutch: {"client-id", "external client app"}, email.Japanese: {"クライアントid", "外部"},
	},
	3: {
		email.English: {"scopes", "objects", "fields"}, email.German: {"scopes", "objekte", "felder"}, email.French: {"scopes", "objets", "champs"}, email.Spanish: {"scopes", "objetos", "campos"},
		email.Italian: {"scope", "oggetti", "campi"}, email.Portuguese: {"scopes", "objetos", "campos"}, email.Dutch: {"scopes", "objecten", "velden"}, email.Japanese: {"スコープ", "オブジェクト", "項目"},
	},
	4: {
		email.English: {"version", "date"}, email.German: {"version", "datum"}, email.French: {"version", "date"}, email.Spanish: {"versión", "fecha"},
		email.Italian: {"versione", "data"}, email.Portuguese: {"versão", "data"}, email.Dutch: {"versie", "datum"}, email.Japanese: {"バージョン", "いつ"},
	},
	5: {
		email.English: {"23 february 2026"}, email.German: {"23. februar 2026"}, email.French: {"23 février 2026"}, email.Spanish: {"23 de febrero de 2026"},
		email.Italian: {"dal 23 febbraio 2026"}, email.Portuguese: {"23 de fevereiro de 2026"}, email.Dutch: {"23 februari 2026"}, email.Japanese: {"2026年2月23日"},
	},
	6: {
		email.English: {"test"}, email.German: {"testen"}, email.French: {"test"}, email.Spanish: {"probamos"},
		email.Italian: {"proviamo"}, email.Portuguese: {"teste"}, email.Dutch: {"testen"}, email.Japanese: {"テスト"},
	},
	7: {
		email.English: {"organization id", "client certificate"}, email.German: {"organisations-id", "client-zertifikat"}, email.French: {"identifiant de l'organisation", "certificat client"}, email.Spanish: {"identificador de la organización", "certificado de cliente"},
		email.Italian: {"id dell'organizzazione", "certificato client"}, email.Portuguese: {"id da organização", "certificado de cliente"}, email.Dutch: {"organisatie-id", "clientcertificaat"}, email.Japanese: {"組織id", "クライアント証明書"},
	},
}

func everywhere(words ...string) map[email.Language][]string {
	out := map[email.Language][]string{}
	for _, lang := range email.Languages() {
		out[lang] = words
	}
	return out
}

// numbered splits off the questions of a mail: what follows "1. ", "2. " …
func numbered(body string) []string {
	var out []string
	for l := range strings.Lines(body) {
		switch {
		case strings.HasPrefix(l, fmt.Sprintf("%d. ", len(out)+1)):
			out = append(out, l)
		case len(out) > 0 && strings.HasPrefix(l, "   "):
			out[len(out)-1] += l
		}
	}
	return out
}

func TestFirstMailAsksAllThatAVendorMustAnswer(t *testing.T) {
	for _, lang := range email.Languages() {
		f := facts(vendorEndpoint())
		body := draft(t, email.First, lang, f).Body
		asked := numbered(body)
		if len(asked) != len(questions) {
			t.Errorf("%s: %d questions, want %d:\n%s", lang, len(asked), len(questions), body)
			continue
		}
		for i, q := range questions {
			for _, word := range q[lang] {
				if !strings.Contains(strings.ToLower(asked[i]), word) {
					t.Errorf("%s: question %d does not ask for %q: %s", lang, i+1, word, asked[i])
				}
			}
		}
		for _, fact := range []string{email.Article, email.ArticleURL, "Send_order", f.Endpoints[0].URL} {
			if !strings.Contains(body, strings.ReplaceAll(fact, "00D5g000001AbCdEAK", "00D***")) {
				t.Errorf("%s: does not tell %s", lang, fact)
			}
		}
	}
}

func TestEveryMailTellsWhyWithTheArticle(t *testing.T) {
	everyMail(t, func(t *testing.T, kind email.Kind, lang email.Language) {
		body := draft(t, kind, lang, facts(vendorEndpoint())).Body
		if kind != email.Thanks && strings.Count(body, email.ArticleURL) != 1 {
			t.Errorf("names the article %d times", strings.Count(body, email.ArticleURL))
		}
		if strings.Count(body, "2026") == 0 {
			t.Error("does not say since when")
		}
	})
}

// The longer it has been, the firmer the words.
func TestToneFollowsTheTime(t *testing.T) {
	for _, lang := range email.Languages() {
		for _, kind := range []email.Kind{email.Reminder, email.Escalation, email.OwnerReminder, email.Manager} {
			v := vendorEndpoint()
			seen := map[string]string{}
			for name, days := range map[string]int{"in time": -7, "overdue": 3, "long overdue": 14} {
				f := facts(v)
				f.Due = today.AddDate(0, 0, -days)
				body := draft(t, kind, lang, f).Body
				if other, ok := seen[body]; ok {
					t.Errorf("%s/%s: the same words %s and %s", lang, kind, name, other)
				}
				seen[body] = name
			}
			f := facts(v)
			f.Due = today.AddDate(0, 0, 7)
			calm := draft(t, kind, lang, f).Body
			f.FirstWritten = today.AddDate(0, 0, -41)
			patient := len(draft(t, kind, lang, f).Body)
			f.FirstWritten = today.AddDate(0, 0, -42)
			if silent := draft(t, kind, lang, f).Body; len(silent) == patient || silent == calm {
				t.Errorf("%s/%s: six weeks without an answer change nothing", lang, kind)
			}
		}
	}
}

// French sets a space that no line breaks at before its high signs, and inside
// of its quotation marks.
func TestFrenchSpaces(t *testing.T) {
	trees := source(t, email.French)
	for name, tree := range trees {
		for _, n := range tree.Root.Nodes {
			text := n.String()
			if i := strings.IndexFunc(text, func(r rune) bool { return r == '\u202f' }); i >= 0 {
				t.Errorf("%s: a narrow space, which the screen shows as an escape: %q", name, text)
			}
		}
	}
	everyMailIn(t, email.French, func(t *testing.T, kind email.Kind, body string) {
		body += "\n" + draft(t, kind, email.French, inTwoOrgs(email.Show{OrgID: true})).Body
		body = regexp.MustCompile(`https?://\S+`).ReplaceAllString(body, "")
		if m := regexp.MustCompile(`[^\x{a0}][;?!»]|[^\x{a0}]:(\s|$)|«[^\x{a0}]`).FindString(body); m != "" {
			t.Errorf("%q has no space that holds", m)
		}
	})
}

func TestSpanishOpensItsQuestions(t *testing.T) {
	everyMailIn(t, email.Spanish, func(t *testing.T, kind email.Kind, body string) {
		body = regexp.MustCompile(`https?://\S+`).ReplaceAllString(body, "")
		if open, shut := strings.Count(body, "¿"), strings.Count(body, "?"); open != shut {
			t.Errorf("%d ¿ and %d ?", open, shut)
		}
	})
}

// "Y" becomes "e" before the sound of an i.
func TestSpanishAnd(t *testing.T) {
	own, problems := load(t, map[string]string{"es/first.txt": "Subject: s\n\n{{list .Names}}\n"})
	for second, want := range map[string]string{
		"Inés Sol": "Ana Paz e Inés Sol\n", "Íñigo Sol": "Ana Paz e Íñigo Sol\n", "Hilda Sol": "Ana Paz e Hilda Sol\n",
		"Hielo Sol": "Ana Paz y Hielo Sol\n", "Olga Sol": "Ana Paz y Olga Sol\n",
	} {
		f := email.Facts{Contact: state.Contact{Name: "Ana Paz"}, Also: []state.Contact{{Name: second}}}
		if d, err := own.Draft(email.First, email.Spanish, f); err != nil || d.Body != want {
			t.Errorf("%q, %v, %v", d.Body, err, problems)
		}
	}
}

// Japanese mails are broken by hand, at some thirty-five characters.
func TestJapaneseLinesAreShort(t *testing.T) {
	everyMailIn(t, email.Japanese, func(t *testing.T, kind email.Kind, body string) {
		_, body, _ = strings.Cut(body, "\n") // the subject is a line of its own
		for l := range strings.Lines(body) {
			width := 0
			for _, r := range l {
				if width++; r > unicode.MaxLatin1 {
					width++
				}
			}
			if width > 80 && !strings.HasPrefix(l, "・") && !strings.Contains(l, "://") {
				t.Errorf("%d columns: %s", width, l)
			}
		}
	})
}

func everyMailIn(t *testing.T, lang email.Language, test func(*testing.T, email.Kind, string)) {
	t.Helper()
	for _, kind := range email.Kinds() {
		for name, f := range map[string]email.Facts{"one": facts(vendorEndpoint()), "none": {}, "several": several()} {
			t.Run(fmt.Sprintf("%s-%s", kind, name), func(t *testing.T) {
				d := draft(t, kind, lang, f)
				test(t, kind, d.Subject+"\n"+d.Body)
			})
		}
	}
}
