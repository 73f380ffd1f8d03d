package code

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

func itoa(n int) string { return strconv.Itoa(n) }

// tree is all files that may have to do with outbound messages, and how they hang
// together.
type tree struct {
	files  []*file
	asked  map[string]bool
	parent []int // of the groups
}

func newTree(ctx context.Context, candidates []source) *tree {
	t := &tree{asked: map[string]bool{}}
	any := slices.ContainsFunc(candidates, func(s source) bool { return s.glance == marked })
	if !any {
		return t
	}
	t.files = newFiles(candidates)
	for i := range t.files {
		t.parent = append(t.parent, i)
	}
	t.wire()
	t.shareRenamed()
	for _, f := range t.files {
		if ctx.Err() != nil {
			return t
		}
		f.look()
	}
	t.resolve(ctx)
	return t
}

// newFiles cuts files, several at once.
func newFiles(sources []source) []*file {
	files := make([]*file, len(sources))
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(len(sources), runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(sources)); i = next.Add(1) - 1 {
				files[i] = newFile(sources[i])
			}
		})
	}
	group.Wait()
	return files
}

func (t *tree) group(i int) int {
	for t.parent[i] != i {
		i = t.parent[i]
	}
	return i
}

func (t *tree) join(i, j int) { t.parent[t.group(i)] = t.group(j) }

// ordinary are names that too much goes by to connect files.
var ordinary = set("notifications notification handler handlers process handle index message messages request response main utils util helper helpers config settings service services controller application account contact lead opportunity constants models model client server startup program notificationport notificationbinding notificationsresponse notificationservice inotificationbinding default routes router")

// wire joins files that name one another. A file with a session id and no mark of
// its own counts if it names what a marked file defines.
func (t *tree) wire() {
	defined := map[string][]int{}
	for i, f := range t.files {
		if f.mark != marked || f.lang.prose || f.test {
			continue
		}
		for _, name := range f.defines_() {
			defined[name] = append(defined[name], i)
		}
	}
	for i, f := range t.files {
		if f.lang.prose || f.test || f.lang.markup {
			continue
		}
		for _, tk := range f.tokens {
			name := tk.text
			if tk.kind == string_ {
				name = strings.TrimSuffix(path.Base(tk.text), path.Ext(tk.text))
				if len(tk.text) > 100 || !strings.ContainsAny(tk.text, "./") {
					continue
				}
			}
			for _, j := range defined[name] {
				if i == j || family(f.lang) != family(t.files[j].lang) {
					continue
				}
				if f.mark == weak {
					f.mark = marked
				}
				if f.mark == marked && (!t.files[j].made || !f.made) && !f.made {
					if !t.files[j].made {
						t.join(i, j)
					}
				}
			}
		}
		if f.mark == weak && t.beside(f) {
			f.mark = marked
		}
	}
}

// beside reports whether a file reads the element of something that is called like
// a message, in the folder of a marked file.
func (t *tree) beside(f *file) bool {
	near := slices.ContainsFunc(t.files, func(g *file) bool {
		return g != f && g.mark == marked && !g.lang.prose && !g.test && (path.Dir(g.name) == path.Dir(f.name) || path.Dir(path.Dir(g.name)) == path.Dir(f.name) || path.Dir(g.name) == path.Dir(path.Dir(f.name)))
	})
	if !near {
		return false
	}
	for i, tk := range f.tokens {
		if tk.kind == word_ && element(tk.text) == sessionID && i > 1 && f.link(f.tokens[i-1].text) {
			before := strings.ToLower(f.tokens[i-2].text)
			if strings.Contains(before, "notif") || strings.Contains(before, "outbound") || strings.Contains(before, "obm") {
				return true
			}
		}
	}
	return false
}

// defines_ are the names by which other files may know a file.
func (f *file) defines_() (out []string) {
	add := func(n string) {
		if len(n) >= 5 && !ordinary[strings.ToLower(n)] {
			out = append(out, n)
		}
	}
	for _, c := range f.classes {
		add(c.name)
	}
	for _, fn := range f.functions {
		if len(fn.name) >= 8 {
			add(fn.name)
		}
	}
	base := path.Base(f.name)
	base = strings.TrimSuffix(base, path.Ext(base))
	if len(base) >= 3 && !ordinary[strings.ToLower(base)] && !f.lang.markup {
		out = append(out, base)
	}
	return out
}

// family are languages that call one another.
func family(l *language) string {
	switch l {
	case java, kotlin, groovy, scala:
		return "JVM"
	case csharp, basic:
		return ".NET"
	}
	return l.name
}

// resolve follows calls into the files at hand, until nothing new is reached.
func (t *tree) resolve(ctx context.Context) {
	for range 20 {
		changed := false
		for i, f := range t.files {
			for _, c := range f.calls {
				for j, g := range t.files {
					if family(f.lang) == family(g.lang) && !g.lang.prose && !g.made && g.enter(c) {
						f.resolved[c.line] = true
						t.join(i, j)
						changed = true
					} else if g.entered(c) && family(f.lang) == family(g.lang) {
						f.resolved[c.line] = true
						t.join(i, j)
					}
				}
			}
		}
		if !changed {
			return
		}
		for _, f := range t.files {
			if ctx.Err() != nil {
				return
			}
			done := f.resolved
			f.look()
			for line := range done {
				f.resolved[line] = true
			}
		}
	}
}

var makers = set("constructor __init__ initialize __construct new init create perform call run")

func (c call) id() string { return c.name + "#" + itoa(c.arg) + "#" + c.key + "#" + c.what }

func (f *file) entered(c call) bool { return f.entries[c.id()] }

// enter binds the parameter that a call gives an element to. It reports whether that
// is new.
func (f *file) enter(c call) bool {
	if f.entries[c.id()] || c.name == "" {
		return false
	}
	for _, fn := range f.functions {
		fits := fn.name == c.name || c.class && fn.class == c.name && (makers[fn.name] || fn.name == c.name)
		if !fits {
			continue
		}
		params := fn.params
		if len(params) > 0 && (params[0] == "self" || params[0] == "cls" || params[0] == "this") {
			params = params[1:]
		}
		name := ""
		switch {
		case c.key != "" && slices.Contains(params, c.key):
			name = c.key
		case c.arg < len(params):
			name = params[c.arg]
		default:
			continue
		}
		f.entries[c.id()] = true
		o := fn.outermost()
		f.names[strings.ToLower(name)] = append(f.names[strings.ToLower(name)], scope{o.from, o.to, c.what})
		return true
	}
	return false
}

// follow are names that are called with an element and have not been found, and the
// families of languages that call them.
func (t *tree) follow() (out []string, families map[string]bool) {
	families = map[string]bool{}
	const most = 40
	for _, f := range t.files {
		for _, c := range f.calls {
			if !f.resolved[c.line] && len(c.name) >= 4 && !t.asked[c.name] && len(out) < most {
				t.asked[c.name] = true
				families[family(f.lang)] = true
				out = append(out, c.name)
			}
		}
	}
	return out, families
}

// add takes files in that hold a name that was looked for, if they define it.
func (t *tree) add(ctx context.Context, found []source) bool {
	n := len(t.files)
	for _, s := range found {
		if slices.ContainsFunc(t.files, func(f *file) bool { return f.name == s.name }) {
			continue
		}
		f := newFile(s)
		f.mark = unmarked
		defines := slices.ContainsFunc(f.functions, func(fn *function) bool { return t.asked[fn.name] || makers[fn.name] && t.asked[fn.class] })
		if !defines || f.test {
			continue
		}
		t.files = append(t.files, f)
		t.parent = append(t.parent, len(t.parent))
	}
	if len(t.files) == n {
		return false
	}
	t.resolve(ctx)
	return true
}

// report adds everything up.
func (t *tree) report() Report {
	r := Report{Receivers: []Receiver{}, Hits: []Hit{}, Problems: []Problem{}}
	for _, f := range t.files {
		if f.crowded {
			r.Problems = append(r.Problems, Problem{File: f.name, Message: fmt.Sprintf("it uses the session id at more than %d places; the others are not looked into", mostUses)})
		}
		for i, h := range f.hits {
			if h.Does == Stores && f.resolved[h.Line] {
				f.hits[i].Does = Forwards // it goes to a function that was found
			}
		}
	}
	shared := map[string]map[string]bool{}
	for _, f := range t.files {
		if k := family(f.lang); shared[k] == nil {
			shared[k] = map[string]bool{}
		}
		f.answers(shared[family(f.lang)])
	}
	for _, f := range t.files {
		f.findAcks(shared[family(f.lang)])
	}
	t.adopt()
	groups := map[int][]*file{}
	var order []int
	for i, f := range t.files {
		t.mentions(f)
		g := t.group(i)
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], f)
		slices.SortStableFunc(f.hits, func(a, b Hit) int { return cmp.Compare(a.Line, b.Line) })
		r.Hits = append(r.Hits, f.hits...)
	}
	slices.SortStableFunc(r.Hits, func(a, b Hit) int { return strings.Compare(a.File, b.File) })
	for _, g := range order {
		if rec, ok := judge(groups[g]); ok {
			r.Receivers = append(r.Receivers, rec)
		}
	}
	slices.SortStableFunc(r.Receivers, func(a, b Receiver) int {
		return cmp.Or(cmp.Compare(urgency(a.Class), urgency(b.Class)), strings.Compare(a.File, b.File))
	})
	switch {
	case len(r.Receivers) > 0:
		w := r.Receivers[0]
		r.Class, r.Reason, r.Ack, r.AckReason = w.Class, w.Reason, w.Ack, w.AckReason
	case slices.ContainsFunc(r.Hits, func(h Hit) bool { return h.Does == Generated }):
		r.Class, r.Reason = Unknown, "only generated classes or copies of the WSDL are here, and nothing that receives with them"
	case len(r.Hits) > 0:
		r.Reason = "outbound messages are only mentioned here"
	}
	return r
}

func urgency(c Class) int {
	return slices.Index([]Class{CallsBack, ChecksSender, Unknown, Ignores}, c)
}

// adopt joins files that read messages and neither receive nor answer with the one
// receiver in their folder or above.
func (t *tree) adopt() {
	alone := map[int]bool{}
	receives := map[int]bool{}
	for i, f := range t.files {
		if len(f.ack.sent)+len(f.ack.listens)+len(f.ack.made) > 0 {
			receives[t.group(i)] = true
		}
	}
	for i, f := range t.files {
		if len(f.hits) > 0 && !receives[t.group(i)] {
			alone[i] = true
		}
	}
	for i := range alone {
		var near []int
		for j, f := range t.files {
			if g := t.group(j); receives[g] && !slices.Contains(near, g) && family(f.lang) == family(t.files[i].lang) && close(f.name, t.files[i].name) {
				near = append(near, g)
			}
		}
		if len(near) == 1 {
			t.join(i, near[0])
		}
	}
}

// close reports whether two files lie in one folder, or in neighbouring ones.
func close(a, b string) bool {
	a, b = path.Dir(a), path.Dir(b)
	return a == b || path.Dir(a) == b || path.Dir(b) == a || path.Dir(a) == path.Dir(b) && path.Dir(a) != "."
}
