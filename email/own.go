package email

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sidestep/fill"
	"sidestep/visible"
)

// Parts is the file that holds the pieces which the mails of a language share.
const Parts = "parts.txt"

// maxTemplate is how large a file of the user's may be, in bytes.
const maxTemplate = 64 << 10

// Problem is a file of the user's that cannot be used. The built-in text stands
// in for it.
type Problem struct {
	// File lies below the folder of the templates, as in "de/first.txt".
	File string
	// Line counts from 1; it is 0 where the trouble has no line.
	Line    int
	Message string
}

func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ": " + p.Message
}

// Concerns reports whether mails in a language may lack the file: not where it lies in
// the folder of another one.
func (p Problem) Concerns(l Language) bool {
	folder, _, _ := strings.Cut(p.File, "/")
	return folder == string(l) || !slices.Contains(Languages(), Language(folder))
}

// Load reads the user's templates from a folder: LANGUAGE/KIND.txt takes the
// place of a mail, and LANGUAGE/parts.txt that of pieces which mails share. Each
// is checked by reading and by filling it; what fails is told and left out. A
// folder that is not there is as good as an empty one.
func Load(dir fs.FS) (Templates, []Problem) {
	var problems []Problem
	folders, err := fs.ReadDir(dir, ".")
	// Windows says of a file in the folder's place that it is not there.
	if _, missing := fs.Stat(dir, "."); err != nil && !errors.Is(missing, fs.ErrNotExist) {
		problems = append(problems, Problem{File: ".", Message: inWords(err)})
	}
	if len(folders) == 0 {
		return Templates{}, problems
	}
	t := Templates{sets: maps.Clone(BuiltIn().sets), own: map[string]*fill.Set{}}
	for _, f := range folders {
		lang := Language(f.Name())
		switch {
		case strings.HasPrefix(f.Name(), "."):
		case !slices.Contains(Languages(), lang):
			problems = append(problems, Problem{File: visible.Line(f.Name()), Message: "this is no language of the mails: name the folder " + list(Languages())})
		default:
			problems = append(problems, t.loadLanguage(dir, lang)...)
		}
	}
	return t, problems
}

func (t Templates) loadLanguage(dir fs.FS, lang Language) []Problem {
	entries, err := fs.ReadDir(dir, string(lang))
	if err != nil {
		return []Problem{{File: string(lang), Message: inWords(err)}}
	}
	var problems []Problem
	names := []string{}
	for _, e := range entries {
		kind, txt := strings.CutSuffix(e.Name(), ".txt")
		switch {
		case strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), "~"):
		case e.Name() == Parts:
			// The mails of the user's see the pieces, so these come first.
			names = append([]string{Parts}, names...)
		case txt && slices.Contains(Kinds(), Kind(kind)):
			names = append(names, e.Name())
		default:
			problems = append(problems, Problem{File: visible.Line(path.Join(string(lang), e.Name())), Message: "this is no mail: name the file parts.txt, or " + list(Kinds()) + " with .txt behind it"})
		}
	}
	for _, name := range names {
		if p := t.loadFile(dir, lang, name); p != nil {
			problems = append(problems, *p)
		}
	}
	return problems
}

// loadFile takes a file of the user's in, or says what is wrong with it.
func (t Templates) loadFile(dir fs.FS, lang Language, name string) *Problem {
	file := path.Join(string(lang), name)
	text, err := readTemplate(dir, file)
	if err != nil {
		return &Problem{File: file, Message: inWords(err)}
	}
	set := t.sets[lang].Clone()
	if err := set.Parse(file, text); err != nil {
		return located(file, err)
	}
	mails := []string{file}
	if name == Parts {
		mails = fileNames()
	}
	for _, mail := range mails {
		if err := check(set, mail); err != nil {
			return located(file, err)
		}
	}
	if name == Parts {
		t.sets[lang] = set
	} else {
		t.own[file] = set
	}
	return nil
}

func readTemplate(dir fs.FS, file string) (string, error) {
	// Before it is opened: opening a pipe waits for somebody to write.
	if info, err := fs.Stat(dir, file); err != nil || !info.Mode().IsRegular() {
		return "", errors.Join(errors.New("this is no plain file"), err)
	}
	f, err := dir.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxTemplate+1))
	switch {
	case err != nil:
		return "", err
	case len(data) > maxTemplate:
		return "", fmt.Errorf("it is larger than %d KB", maxTemplate>>10)
	case !utf8.Valid(data):
		return "", errors.New("save it as UTF-8")
	}
	// Some Windows programs put a mark at the beginning of UTF-8.
	text := strings.TrimPrefix(string(data), "\ufeff")
	return strings.ReplaceAll(text, "\r\n", "\n"), nil
}

// located gives an error the place in the file that it is about.
func located(file string, err error) *Problem {
	p := Problem{File: file}
	text := err.Error()
	var at *fill.Fault
	switch {
	case errors.As(err, &at):
		p.Line, text = at.Line, at.Text
		if at.Name != file {
			text = "in " + at.Name + " line " + strconv.Itoa(at.Line) + ", which uses it: " + text
			p.Line = 0
		}
	case errors.Is(err, errNoSubject):
		p.Line = 1
	}
	p.Message = visible.Line(strings.Join(strings.Fields(text), " "))
	return &p
}

// inWords is an error of a file without its path, which the problem names itself.
func inWords(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return visible.Line(p.Err.Error())
	}
	return visible.Line(strings.ReplaceAll(err.Error(), "\n", ", "))
}
