package code

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

// rules are the patterns of one .gitignore, with those of the folders above.
type rules struct {
	above    *rules
	folder   string // where the patterns hold, with slashes, "" for the top
	patterns []pattern
}

// pattern is one line of a .gitignore (gitignore(5)).
type pattern struct {
	glob     string
	negate   bool
	folders  bool // matches folders only
	anchored bool // matches from the folder of its .gitignore, not at any depth
}

// maxIgnore bounds how much of an ignore file is read.
const maxIgnore = 1 << 20

// parseRules reads the text of a .gitignore.
func parseRules(text []byte) []pattern {
	var out []pattern
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	for line := range strings.SplitSeq(string(text), "\n") {
		if p, ok := parsePattern(strings.TrimSuffix(line, "\r")); ok {
			out = append(out, p)
		}
	}
	return out
}

func parsePattern(line string) (p pattern, ok bool) {
	if strings.HasPrefix(line, "#") {
		return p, false
	}
	for strings.HasSuffix(line, " ") && !escaped(line) {
		line = line[:len(line)-1]
	}
	if line, p.negate = strings.CutPrefix(line, "!"); line == "" {
		return p, false
	}
	line, p.folders = strings.CutSuffix(line, "/")
	p.anchored = strings.Contains(line, "/")
	p.glob = strings.TrimPrefix(line, "/")
	return p, p.glob != ""
}

// escaped reports whether the last character of s stands behind a backslash that
// is none itself.
func escaped(s string) bool {
	n := 0
	for i := len(s) - 2; i >= 0 && s[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

// ignores reports whether the file or folder at path, relative to the top, is left
// out. The last pattern of the innermost file that matches decides.
func (r *rules) ignores(path string, folder bool) bool {
	for ; r != nil; r = r.above {
		rel := path
		if r.folder != "" {
			rel = strings.TrimPrefix(path, r.folder+"/")
		}
		base := rel[strings.LastIndexByte(rel, '/')+1:]
		for i := len(r.patterns) - 1; i >= 0; i-- {
			p := r.patterns[i]
			if p.folders && !folder {
				continue
			}
			if p.matches(rel, base) {
				return !p.negate
			}
		}
	}
	return false
}

// matches reports whether a pattern matches a path, or its last part where the
// pattern holds at any depth. Of an anchored one git compares what stands before the
// first special character as it is, and takes the rest for a pattern of its own:
// "b**/*" matches "b.java".
func (p pattern) matches(rel, base string) bool {
	if !p.anchored {
		return matchGlob(p.glob, base)
	}
	plain := strings.IndexAny(p.glob, `*?[\`)
	if plain < 0 {
		return p.glob == rel
	}
	return strings.HasPrefix(rel, p.glob[:plain]) && matchGlob(p.glob[plain:], rel[plain:])
}

// matchGlob matches as git does: * and ? stay within a name, ** passes slashes.
// It tries at most a bounded number of ways, so that no pattern can stall it.
func matchGlob(glob, name string) bool {
	steps := 1 << 16
	return match(glob, name, true, &steps)
}

func match(g, s string, start bool, steps *int) bool {
	for len(g) > 0 {
		if *steps--; *steps < 0 {
			return false
		}
		switch g[0] {
		case '*':
			return matchStar(g, s, start, steps)
		case '?':
			if s == "" || s[0] == '/' {
				return false
			}
			g, s = g[1:], s[1:]
		case '[':
			rest, in, ok := matchClass(g, s)
			if !ok || !in {
				return false
			}
			g, s = rest, s[1:]
		default:
			if g[0] == '\\' {
				if g = g[1:]; g == "" {
					return false
				}
			}
			if s == "" || g[0] != s[0] {
				return false
			}
			start = g[0] == '/'
			g, s = g[1:], s[1:]
			continue
		}
		start = false
	}
	return s == ""
}

// matchStar matches a run of stars and what follows. Two stars or more pass slashes
// only where they are all there is between slashes.
func matchStar(g, s string, start bool, steps *int) bool {
	n := 1
	for n < len(g) && g[n] == '*' {
		n++
	}
	rest := g[n:]
	if n >= 2 && start && (rest == "" || rest[0] == '/') {
		if rest == "" {
			return s != ""
		}
		if match(rest[1:], s, true, steps) { // **/ may be nothing
			return true
		}
		for i := range len(s) {
			if s[i] == '/' && match(rest[1:], s[i+1:], true, steps) {
				return true
			}
			if *steps < 0 {
				return false
			}
		}
		return false
	}
	passes := n >= 2 && start && strings.HasPrefix(rest, `\/`)
	for i := 0; ; i++ {
		if match(rest, s[i:], false, steps) {
			return true
		}
		if i == len(s) || s[i] == '/' && !passes || *steps < 0 {
			return false
		}
	}
}

// matchClass matches one character against [a-z], [!a] or [[:digit:]]. ok is false
// for a class that never ends: git takes such a pattern for one that matches nothing.
func matchClass(g, s string) (rest string, in, ok bool) {
	g = g[1:]
	not := false
	if g != "" && (g[0] == '!' || g[0] == '^') {
		not, g = true, g[1:]
	}
	var c byte
	if s != "" {
		c = s[0]
	}
	for first := true; ; first = false {
		if g == "" {
			return "", false, false
		}
		if g[0] == ']' && !first {
			return g[1:], s != "" && c != '/' && in != not, true
		}
		if name, after, is := namedClass(g); is {
			if named(name, c) {
				in = true
			}
			g = after
			continue
		}
		lo, after, is := classChar(g)
		if !is {
			return "", false, false
		}
		hi := lo
		if len(after) > 1 && after[0] == '-' && after[1] != ']' {
			if hi, after, is = classChar(after[1:]); !is {
				return "", false, false
			}
		}
		g = after
		// To git the lower end is a letter of its own, also where the upper one is below it.
		if c == lo || lo <= c && c <= hi {
			in = true
		}
	}
}

func classChar(g string) (c byte, rest string, ok bool) {
	if g[0] == '\\' {
		g = g[1:]
	}
	if g == "" {
		return 0, "", false
	}
	return g[0], g[1:], true
}

func namedClass(g string) (name, rest string, ok bool) {
	after, ok := strings.CutPrefix(g, "[:")
	if !ok {
		return "", g, false
	}
	name, rest, ok = strings.Cut(after, ":]")
	return name, rest, ok && !strings.ContainsAny(name, "[]/")
}

func named(name string, c byte) bool {
	lower, upper, digit := 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9'
	switch name {
	case "alpha":
		return lower || upper
	case "alnum":
		return lower || upper || digit
	case "lower":
		return lower
	case "upper":
		return upper
	case "digit":
		return digit
	case "xdigit":
		return digit || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
	case "space":
		return c == ' ' || '\t' <= c && c <= '\r'
	case "blank":
		return c == ' ' || c == '\t'
	case "punct":
		return '!' <= c && c <= '~' && !lower && !upper && !digit
	}
	return false
}

// rulesAt adds the .gitignore of a folder to those above. A file that can't be
// read rules nothing out.
func rulesAt(above *rules, folder, rel string) *rules {
	return withFile(above, filepath.Join(folder, ".gitignore"), rel)
}

func withFile(above *rules, file, rel string) *rules {
	info, err := os.Lstat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxIgnore {
		return above
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return above
	}
	if patterns := parseRules(text); len(patterns) > 0 {
		return &rules{above: above, folder: rel, patterns: patterns}
	}
	return above
}

// rulesAbove finds the repository that a folder lies in. It returns its rules down
// to the folder, and the folder's path in it.
func rulesAbove(folder string) (*rules, string) {
	top := folder
	for {
		if _, err := os.Lstat(filepath.Join(top, ".git")); err == nil {
			break
		}
		up := filepath.Dir(top)
		if up == top {
			return nil, ""
		}
		top = up
	}
	r := withFile(nil, filepath.Join(gitFolder(top), "info", "exclude"), "")
	rel, err := filepath.Rel(top, folder)
	if err != nil || rel == "." {
		return r, ""
	}
	rel = filepath.ToSlash(rel)
	at := ""
	for name := range strings.SplitSeq(rel, "/") {
		r = rulesAt(r, filepath.Join(top, filepath.FromSlash(at)), at)
		at = strings.TrimPrefix(at+"/"+name, "/")
	}
	return r, rel
}

// gitFolder is where a repository keeps info/exclude. A worktree names another
// place in a file.
func gitFolder(top string) string {
	dot := filepath.Join(top, ".git")
	text, err := os.ReadFile(dot)
	if err != nil {
		return dot
	}
	dir := strings.TrimSpace(strings.TrimPrefix(string(text), "gitdir:"))
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(top, dir)
	}
	if common, err := os.ReadFile(filepath.Join(dir, "commondir")); err == nil {
		dir = filepath.Join(dir, strings.TrimSpace(string(common)))
	}
	return dir
}
