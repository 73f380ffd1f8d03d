package email

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Language is the language of a mail, as an ISO 639 code.
type Language string

// The languages. Portuguese is written as in Brazil, French as in France.
const (
	English    Language = "en"
	German     Language = "de"
	French     Language = "fr"
	Spanish    Language = "es"
	Italian    Language = "it"
	Portuguese Language = "pt"
	Dutch      Language = "nl"
	Japanese   Language = "ja"
)

// Languages are the languages in the order in which they are offered.
func Languages() []Language {
	return []Language{English, German, French, Spanish, Italian, Portuguese, Dutch, Japanese}
}

// manner is how a language writes what a template leaves to it.
type manner struct {
	native string
	tag    language.Tag
	months [12]string
	// day writes a day, given the name of its month.
	day func(t time.Time, month string) string
	// and stands between the last two of a list.
	and func(last string) string
	// comma stands between the others.
	comma string
}

func always(s string) func(string) string { return func(string) string { return s } }

var manners = map[Language]manner{
	English: {
		native: "English", tag: language.English, comma: ", ", and: always(" and "),
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		day:    func(t time.Time, m string) string { return dayMonthYear(t, "", " "+m+" ") },
	},
	German: {
		native: "Deutsch", tag: language.German, comma: ", ", and: always(" und "),
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		day:    func(t time.Time, m string) string { return dayMonthYear(t, "", ". "+m+" ") },
	},
	French: {
		native: "Français", tag: language.French, comma: ", ", and: always(" et "),
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		day:    func(t time.Time, m string) string { return dayMonthYear(t, "er", " "+m+" ") },
	},
	Spanish: {
		native: "Español", tag: language.Spanish, comma: ", ", and: spanishAnd,
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		day:    func(t time.Time, m string) string { return dayMonthYear(t, "", " de "+m+" de ") },
	},
	Italian: {
		native: "Italiano", tag: language.Italian, comma: ", ", and: always(" e "),
		months: [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
		// With its weekday a day needs no article, which would change before some
		// numbers: "il 7", but "l'8".
		day: func(t time.Time, m string) string {
			week := [...]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"}
			return week[t.Weekday()] + " " + dayMonthYear(t, "º", " "+m+" ")
		},
	},
	Portuguese: {
		native: "Português", tag: language.BrazilianPortuguese, comma: ", ", and: always(" e "),
		months: [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
		day:    func(t time.Time, m string) string { return dayMonthYear(t, "º", " de "+m+" de ") },
	},
	Dutch: {
		native: "Nederlands", tag: language.Dutch, comma: ", ", and: always(" en "),
		months: [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
		day:    func(t time.Time, m string) string { return dayMonthYear(t, "", " "+m+" ") },
	},
	Japanese: {
		native: "日本語", tag: language.Japanese, comma: "、", and: always("、"),
		months: [12]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
		day: func(t time.Time, m string) string {
			return strconv.Itoa(t.Year()) + "年" + m + strconv.Itoa(t.Day()) + "日"
		},
	},
}

// Native is the language's own name for itself.
func (l Language) Native() string {
	if m, ok := manners[l]; ok {
		return m.native
	}
	return string(l)
}

// dayMonthYear writes a day with its number in front; first follows the number 1.
func dayMonthYear(t time.Time, first, month string) string {
	if t.Day() != 1 {
		first = ""
	}
	return strconv.Itoa(t.Day()) + first + month + strconv.Itoa(t.Year())
}

// spanishAnd is "e" before the sound of an i.
func spanishAnd(last string) string {
	last = strings.ToLower(last)
	if strings.HasPrefix(last, "i") || strings.HasPrefix(last, "í") || strings.HasPrefix(last, "hi") && !strings.HasPrefix(last, "hie") {
		return " e "
	}
	return " y "
}

// day writes a day as the language does, "" for no day.
func (l Language) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	m := manners[l]
	return m.day(t, m.months[t.Month()-1])
}

// number writes a number with the language's separators. French wants a narrow
// space there, which not every terminal draws, so it gets a wider one.
func (l Language) number(n int) string {
	s := message.NewPrinter(manners[l].tag).Sprint(number.Decimal(n))
	return strings.ReplaceAll(s, "\u202f", "\u00a0")
}

// plural chooses the word that fits a number.
func (l Language) plural(n int, one, other string) string {
	if plural.Cardinal.MatchPlural(manners[l].tag, n, 0, 0, 0, 0) == plural.One {
		return one
	}
	return other
}

// list joins words as the language does: "a, b and c".
func (l Language) list(words []string) string {
	m := manners[l]
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], m.comma) + m.and(words[last]) + words[last]
}
