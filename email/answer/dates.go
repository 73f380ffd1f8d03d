package answer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sidestep/regex"
	"sidestep/visible"
)

// Date is a day that a text names, as a proposal.
type Date struct {
	Day time.Time
	// Exact is false where the text leaves room: for "end of January", a week, or
	// a date that can be read in two ways.
	Exact bool
	// Words are what the day was read from, Excerpt has what stands around them.
	Words, Excerpt string
}

// maxDates is how many days are proposed: a longer list is no answer. They are
// looked for in the first maxDated bytes of a text.
const (
	maxDates = 20
	maxDated = 32 << 10
)

// A day without its year is the next one, if that is not further away than this;
// with its year it may lie this far ahead.
const (
	nearDays = 270
	farDays  = 3 * 366
)

// find is a way in which a day is written.
type find struct {
	pattern *regex.Regex
	// read gives the days that a match may mean: none if it is no date, two if it
	// can be read in two ways. The match's groups are in lower case.
	read  func(m []string, since time.Time) []time.Time
	exact bool
}

// found is a match in the text.
type found struct {
	from, to int
	days     []time.Time
	exact    bool
}

// Dates finds the days that a text names in any language of the mails, from the
// day since on: what lies before was not promised. Nothing is guessed beyond that.
func Dates(text string, since time.Time) []Date {
	text = ascii(text[:min(len(text), maxDated)])
	since = time.Date(since.Year(), since.Month(), since.Day(), 0, 0, 0, 0, time.UTC)
	var all []found
	for _, f := range finds {
		for _, at := range f.pattern.FindAllStringSubmatchIndex(text, 4*maxDates) {
			from, to := at[0], at[1]
			m := make([]string, len(at)/2)
			for g := range m {
				if at[2*g] >= 0 {
					m[g] = strings.ToLower(text[at[2*g]:at[2*g+1]])
				}
			}
			if !apart(text, from, to) || !withYear.MatchString(text[from:to]) && past.MatchString(text[max(lineStart(text, from), from-40):from]) {
				continue
			}
			if days := f.read(m, since); len(days) > 0 {
				all = append(all, found{from, to, days, f.exact && len(days) == 1})
			}
		}
	}
	return proposals(text, since, all)
}

// proposals keeps of matches that overlap the longest, and of days those to come.
func proposals(text string, since time.Time, all []found) []Date {
	slices.SortStableFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.to-b.from, a.to-a.from), cmp.Compare(a.from, b.from))
	})
	var kept []found
	for _, f := range all {
		if !slices.ContainsFunc(kept, func(k found) bool { return f.from < k.to && k.from < f.to }) {
			kept = append(kept, f)
		}
	}
	slices.SortFunc(kept, func(a, b found) int { return cmp.Compare(a.from, b.from) })
	var out []Date
	for _, f := range kept {
		for _, day := range f.days {
			ahead := int(day.Sub(since).Hours() / 24)
			known := slices.ContainsFunc(out, func(d Date) bool { return d.Day.Equal(day) })
			if ahead < 0 || ahead > farDays || known || len(out) == maxDates {
				continue
			}
			out = append(out, Date{day, f.exact, visible.Line(strings.Join(strings.Fields(text[f.from:f.to]), " ")), excerpt(text, f.from, f.to)})
		}
	}
	return out
}

// past stands before days that lie behind: "since 23 February". With its year a
// day tells itself whether it does.
var (
	past     = regex.New(`(?i)\b(since|seit|depuis|desde|dal|dall'|sinds)(\s+(the|dem|le|la|el|il|o))?\s*$`)
	withYear = regex.New(`\d{4}`)
)

// apart reports whether a match stands on its own: not in a longer number, a
// version, an IP address or a longer word.
func apart(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, size := utf8.DecodeRuneInString(text[to:])
	first, _ := utf8.DecodeRuneInString(text[from:])
	last, _ := utf8.DecodeLastRuneInString(text[:to])
	latin := func(r rune) bool { return unicode.IsDigit(r) || unicode.Is(unicode.Latin, r) }
	if latin(first) && latin(before) || latin(last) && latin(after) {
		return false
	}
	if last == '.' && unicode.IsDigit(after) {
		return false // the year is missing: another pattern has it
	}
	if unicode.IsDigit(first) && strings.ContainsRune("./-:", before) {
		return false
	}
	if unicode.IsDigit(last) && strings.ContainsRune("./-:", after) {
		next, _ := utf8.DecodeRuneInString(text[to+size:])
		return !latin(next)
	}
	return true
}

func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

// around is how many characters an excerpt shows on each side.
const around = 50

func excerpt(text string, from, to int) string {
	start, stop := lineStart(text, from), len(text)
	if i := strings.IndexByte(text[to:], '\n'); i >= 0 {
		stop = to + i
	}
	before, after := []rune(text[start:from]), []rune(text[to:stop])
	lead, tail := "", ""
	if len(before) > around {
		before, lead = before[len(before)-around:], "…"
	}
	if len(after) > around {
		after, tail = after[:around], "…"
	}
	return visible.Line(strings.TrimSpace(lead + string(before) + text[from:to] + string(after) + tail))
}

// ascii writes the wide digits of Japanese texts as usual ones.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

// day is a date that exists, nil for the 31st of February.
func day(year, month, d int) []time.Time {
	t := time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || d < 1 || t.Day() != d || year < 2000 || year > 2199 {
		return nil
	}
	return []time.Time{t}
}

// dated is a date whose year may be left out: it is then the next one, if near.
func dated(year string, month, d int, since time.Time) []time.Time {
	if year != "" {
		return day(fullYear(year), month, d)
	}
	for _, y := range []int{since.Year(), since.Year() + 1} {
		if t := day(y, month, d); t != nil && !t[0].Before(since) && t[0].Sub(since) <= nearDays*24*time.Hour {
			return t
		}
	}
	return nil
}

func fullYear(s string) int {
	y := number(s)
	if len(s) == 2 {
		y += 2000
	}
	return y
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func count(s string) int {
	if n, ok := counts[s]; ok {
		return n
	}
	if n := number(s); n >= 0 && n <= 366 {
		return n
	}
	return -1
}
