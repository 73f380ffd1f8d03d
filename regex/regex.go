// Package regex has regular expressions that are compiled when they are first used.
// The program knows some hundred, and most commands need a few: compiling all of them
// at every start took longer than anything else until the first frame.
package regex

import (
	"regexp"
	"sync"
)

// Regex is a regular expression. It may be used by several at a time.
type Regex struct {
	text     string
	compiled func() *regexp.Regexp
}

var (
	mu  sync.Mutex
	all []*Regex
)

// New makes one. Like regexp.MustCompile it panics for a text that is none, but
// at its first use: a test compiles All of them.
func New(text string) *Regex {
	p := &Regex{text, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}
	mu.Lock()
	defer mu.Unlock()
	all = append(all, p)
	return p
}

// All are those of the packages that the program is made of.
func All() []*Regex {
	mu.Lock()
	defer mu.Unlock()
	return all
}

// Compiled is the compiled form.
func (p *Regex) Compiled() *regexp.Regexp { return p.compiled() }

// String is the text that it was made from.
func (p *Regex) String() string { return p.text }

// MatchString reports whether s has a match.
func (p *Regex) MatchString(s string) bool { return p.compiled().MatchString(s) }

// FindStringSubmatch is the first match with its groups, nil for none.
func (p *Regex) FindStringSubmatch(s string) []string { return p.compiled().FindStringSubmatch(s) }

// FindStringIndex is where the first match begins and ends, nil for none.
func (p *Regex) FindStringIndex(s string) []int { return p.compiled().FindStringIndex(s) }

// FindAllStringSubmatchIndex is where the first n matches and their groups begin and
// end, of all for n < 0.
func (p *Regex) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.compiled().FindAllStringSubmatchIndex(s, n)
}
