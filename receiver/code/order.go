package code

import (
	"strings"

	"sidestep/regex"
)

var (
	// returns and ends are lines after which a function does not go on.
	returns = regex.New(`^\s*return\b`)
	ends    = regex.New(`^(return|exit|die|throw|halt|raise)\b`)
	// runnable is an object whose method runs apart, and startsApart a call that
	// starts what it is given.
	runnable    = regex.New(`(^|\.)(thread|runnable|callable)$`)
	startsApart = regex.New(`(^|\.)(threading\.thread|task\.run|queueuserworkitem|perform_async|perform_later|delay|apply_async|add_task|setimmediate|queuebackgroundworkitem|submit|runasync|startnew|process\.nexttick|waituntil)$`)
)

// order tells whether the answer goes out before or after a line in which a file
// calls back, or calls what does.
func (f *file) order(line int) (Order, string) {
	if f.apart(line) {
		return Before, "the call back runs apart from the answer"
	}
	fn := f.functionAt(line).outermost()
	if f.typed(fn) {
		return After, "the answer is what the function returns"
	}
	from, to := 1, len(f.lines)
	if fn != nil {
		from, to = fn.from, fn.to
	}
	before, after := 0, 0
	for _, l := range f.ack.sent {
		in := f.functionAt(l).outermost()
		if l < from || l > to || in != fn {
			continue
		}
		if l < line {
			before = l
		} else if after == 0 {
			after = l
		}
	}
	switch {
	case before > 0 && !f.leaves(before, line):
		return Before, "the answer is written in line " + itoa(before) + ", the call back follows"
	case after > 0 && f.lang == script && !f.waits(line, after):
		return Before, "the answer in line " + itoa(after) + " does not wait for the call back"
	case after > 0:
		return After, "the answer is written in line " + itoa(after) + ", after the call back"
	}
	return Untold, ""
}

// typed reports whether a function answers with what it returns.
func (f *file) typed(fn *function) bool {
	for t := range f.ack.returned {
		if t == fn || fn != nil && t.from == fn.from || t.outermost() == fn && fn != nil {
			return true
		}
	}
	return false
}

// leaves reports whether a function ends after an answer, so that what follows does
// not follow it: the answer of a refusal.
func (f *file) leaves(ack, line int) bool {
	indent := func(l int) int {
		text := f.lines[l-1]
		return len(text) - len(strings.TrimLeft(text, " \t"))
	}
	if ack >= line || returns.MatchString(f.lines[ack-1]) {
		return true
	}
	for l := ack; l < min(line, ack+8, len(f.lines)); l++ {
		text := strings.TrimSpace(f.lines[l])
		if text == "" {
			continue
		}
		if indent(l+1) < indent(ack) {
			return false
		}
		if ends.MatchString(text) && indent(l+1) <= indent(ack) {
			return true
		}
	}
	return false
}

// waits reports whether JavaScript waits for a call before it goes on to a line.
func (f *file) waits(call, ack int) bool {
	for i, t := range f.tokens {
		if t.line >= call-3 && t.line <= ack && t.kind == word_ && (t.text == "await" || t.text == "yield") {
			return true
		}
		if t.line == ack && t.first {
			for h := f.around[i]; h != nil; h = h.up {
				if f.tokens[h.at].line >= call-3 && h.open == "(" {
					return true
				}
			}
		}
	}
	return false
}

// apart reports whether a line runs while its function goes on.
func (f *file) apart(line int) bool {
	for i, t := range f.tokens {
		if t.line != line || !t.first && i > 0 && f.tokens[i-1].line == line {
			continue
		}
		if t.text == "go" && f.lang == golang {
			return true
		}
		fn := f.functionAt(line).outermost()
		for h := f.around[i]; h != nil; h = h.up {
			if fn != nil && f.tokens[h.at].line < fn.from {
				break
			}
			if h.open == "(" && apart.MatchString(h.call) || h.open == "{" && (h.call == "go.func" || apart.MatchString(h.call) && !h.block) {
				return true
			}
			if h.open == "{" && h.at > 4 && f.lang == golang && f.goes(h.at) {
				return true
			}
			if h.open == "{" && h.at > 1 && f.tokens[h.at-1].text == ")" && f.partner[h.at-1] > 0 {
				names, _ := f.chain(f.partner[h.at-1])
				if runnable.MatchString(names) {
					return true
				}
			}
		}
		for j := i; j < len(f.tokens) && f.tokens[j].line == line; j++ {
			if f.tokens[j].text == "(" {
				names, _ := f.chain(j)
				if startsApart.MatchString(names) {
					return true
				}
			}
		}
		break
	}
	return false
}

// goes reports whether the body at i is one of go func().
func (f *file) goes(i int) bool {
	for j := i - 1; j > max(0, i-30) && f.tokens[j].line == f.tokens[i].line; j-- {
		if f.tokens[j].text == "go" {
			return true
		}
	}
	return false
}
