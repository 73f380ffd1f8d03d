package audit

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sidestep/salesforce"
)

// stamp is a date as a file writes it, before it is known whether the day or the
// month comes first. Every locale writes numbers: three for the date and two or
// three for the time.
type stamp struct {
	// exact is the whole of it where the form leaves no doubt.
	exact time.Time
	date  [3]int
	clock [3]int
	// slash is true for dates that are written with slashes: in some locales they
	// begin with the month.
	slash bool
	// american is true where the time of day and the zone are those of the United
	// States.
	american bool
	// offset is the zone; zoned is false when it is not known.
	offset time.Duration
	zoned  bool
	read   bool
}

func (s stamp) ok() bool { return s.read }

// order says which number of a date is what.
type order int

const (
	dayFirst order = iota
	monthFirst
	// undecided: the dates of the file fit both.
	undecided
)

var errDate = errors.New("its date can't be read")

var (
	isoForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999Z0700", "2006-01-02 15:04:05Z0700"}
	offsets  = regexp.MustCompile(`(?i)(?:(?:gmt|utc)|:\d{2})\s?([+\-−])(\d{1,2})(?::?(\d{2}))?(?:\s|$)`)
	words    = regexp.MustCompile(`[\p{L}\p{M}.]+`)
	numbers  = regexp.MustCompile(`\d+`)
)

// halves are the words for the halves of a day, folded and without dots: false
// for the first, true for the second.
var halves = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, pair := range [][2]string{
		{"am", "pm"}, {"上午", "下午"}, {"早上", "晚上"}, {"午前", "午後"}, {"오전", "오후"},
		{"ก่อนเที่ยง", "หลังเที่ยง"}, {"πμ", "μμ"}, {"fm", "em"}, {"ap", "ip"}, {"öö", "ös"}, {"de", "du"},
	} {
		out[fold(pair[0])], out[fold(pair[1])] = false, true
	}
	return out
})

// zones are the abbreviations that Java writes, in hours before or after UTC. An
// abbreviation that means several zones is missing, and then the time is taken as
// UTC with all the doubt that belongs to it.
var zones = map[string]float64{
	"utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3,
	"oez": 2, "oesz": 3, "sast": 2, "msk": 3, "trt": 3, "gst": 4, "ict": 7, "wib": 7, "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9,
	"acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
	"brt": -3, "art": -3, "clt": -4, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5,
	"est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
}

// american are the zones of the United States.
var american = []string{"est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "akst", "akdt", "hst"}

// parseStamp reads what can be read without the other lines.
func parseStamp(text string) stamp {
	text = strings.TrimSpace(digits(norm.NFKC.String(text)))
	for _, form := range isoForms {
		if t, err := time.Parse(form, text); err == nil && sane(t.Year()) {
			return stamp{exact: t.UTC(), read: true}
		}
	}
	if len(text) > 100 {
		return stamp{}
	}
	var s stamp
	if m := offsets.FindStringSubmatchIndex(text); m != nil {
		hours, _ := strconv.Atoi(text[m[4]:m[5]])
		minutes := 0
		if m[6] >= 0 {
			minutes, _ = strconv.Atoi(text[m[6]:m[7]])
		}
		s.offset, s.zoned = time.Duration(hours)*time.Hour+time.Duration(minutes)*time.Minute, hours <= 14
		if text[m[2]:m[3]] != "+" {
			s.offset = -s.offset
		}
		text = text[:m[2]] + " " + text[m[1]:]
	}
	afternoon, halved := s.words(text)
	found := numbers.FindAllString(text, -1)
	if len(found) < 5 || len(found) > 7 {
		return stamp{}
	}
	for i, n := range found[:min(len(found), 6)] {
		v, err := strconv.Atoi(n)
		if err != nil {
			return stamp{}
		}
		if i < 3 {
			s.date[i] = v
		} else {
			s.clock[i-3] = v
		}
	}
	s.slash = strings.Contains(text, "/")
	if halved {
		s.clock[0] %= 12
		if afternoon {
			s.clock[0] += 12
		}
	}
	s.read = s.valid()
	return s
}

// words reads the half of the day and the name of the zone.
func (s *stamp) words(text string) (afternoon, halved bool) {
	text = strings.ReplaceAll(text, ". m", ".m") // "a. m."
	latin, zone := false, ""
	for _, w := range words.FindAllString(text, -1) {
		w = strings.ReplaceAll(fold(w), ".", "")
		if half, ok := halves()[w]; ok {
			afternoon, halved, latin = half, true, w == "am" || w == "pm"
		} else {
			zone = w
		}
	}
	s.american = latin && slices.Contains(american, zone)
	hours, ok := zones[zone]
	if zone == "cst" && s.american {
		hours, ok = -6, true // China's otherwise
	}
	if ok && !s.zoned {
		s.offset, s.zoned = time.Duration(hours*float64(time.Hour)), true
	}
	return afternoon, halved
}

// digits writes the digits of every script as those of ASCII. In Unicode each
// script's own are ten in a row, and nothing but digits touches them.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 || !unicode.IsDigit(r) {
			return r
		}
		zero := r
		for zero > r-9 && unicode.IsDigit(zero-1) {
			zero--
		}
		return '0' + r - zero
	}, text)
}

func sane(year int) bool { return year >= 1999 && year <= 2100 }

// valid reports whether the numbers are a time of day, and in some order a date.
func (s stamp) valid() bool {
	if s.clock[0] > 23 || s.clock[1] > 59 || s.clock[2] > 60 {
		return false
	}
	_, a := s.as(dayFirst)
	_, b := s.as(monthFirst)
	return a || b
}

// as reads the stamp in one order.
func (s stamp) as(o order) (time.Time, bool) {
	year, month, day := s.date[2], s.date[1], s.date[0]
	switch {
	case s.date[0] > 99:
		year, month, day = s.date[0], s.date[1], s.date[2]
	case o == monthFirst && s.slash:
		month, day = s.date[0], s.date[1]
	}
	switch {
	case year < 100:
		year += 2000
	case year > 2400:
		year -= 543 // the Buddhist era, which Thai locales count in
	}
	t := time.Date(year, time.Month(month), day, s.clock[0], s.clock[1], s.clock[2], 0, time.UTC)
	if !sane(year) || month < 1 || month > 12 || day < 1 || t.Day() != day && s.clock[2] < 60 {
		return time.Time{}, false
	}
	return t.Add(-s.offset), true
}

// zoneDoubt is how far a time may be off when its zone is not known.
const zoneDoubt = 14 * time.Hour

// time reads the stamp in the order of its file. rough says that it can be read
// on both sides of the cut-off.
func (s stamp) time(o order) (at time.Time, rough bool, err error) {
	if !s.read {
		return time.Time{}, false, errDate
	}
	if !s.exact.IsZero() {
		return s.exact, false, nil
	}
	readings := []order{o}
	if o == undecided {
		readings = []order{dayFirst, monthFirst}
	}
	var first, last time.Time
	for _, o := range readings {
		t, ok := s.as(o)
		if !ok {
			continue
		}
		if at.IsZero() {
			at = t
		}
		first, last = earliest(first, t), latest(last, t)
	}
	if at.IsZero() {
		return at, false, errDate
	}
	if !s.zoned {
		first, last = first.Add(-zoneDoubt), last.Add(zoneDoubt)
	}
	return at, first.Before(salesforce.Cutoff) && !last.Before(salesforce.Cutoff), nil
}

// orderOf finds out from all dates of a file whether the day or the month comes
// first. Setup writes the newest line first, which tells where the numbers don't.
func orderOf(lines []line) order {
	fits := map[order]bool{dayFirst: true, monthFirst: true}
	falls := map[order]bool{dayFirst: true, monthFirst: true}
	slashes, americans := 0, 0
	last := map[order]time.Time{}
	for _, l := range lines {
		if !l.when.read || !l.when.slash {
			continue
		}
		slashes++
		if l.when.american {
			americans++
		}
		for o := range fits {
			t, ok := l.when.as(o)
			fits[o] = fits[o] && ok
			if before := last[o]; ok && !before.IsZero() && t.After(before) {
				falls[o] = false
			}
			last[o] = t
		}
	}
	switch {
	case slashes == 0 || fits[dayFirst] && !fits[monthFirst]:
		return dayFirst
	case fits[monthFirst] && !fits[dayFirst], americans == slashes:
		return monthFirst
	case falls[dayFirst] && !falls[monthFirst]:
		return dayFirst
	case falls[monthFirst] && !falls[dayFirst]:
		return monthFirst
	}
	return undecided
}
