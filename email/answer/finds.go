package answer

import (
	"time"

	"sidestep/regex"
)

// of stands between the parts of a date.
const of = `(?:of the month of |of |du mois de |de |del |di |van |do )?`

// finds are the ways in which a day is written.
var finds = []find{
	// 2027-01-15
	{regex.New(`(\d{4})[-/](\d{1,2})[-/](\d{1,2})`), func(m []string, _ time.Time) []time.Time {
		return day(number(m[1]), number(m[2]), number(m[3]))
	}, true},
	// 15.01.2027, 15.1.27
	{regex.New(`(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})`), func(m []string, _ time.Time) []time.Time {
		return day(fullYear(m[3]), number(m[2]), number(m[1]))
	}, true},
	// bis 15.01.
	{regex.New(`(?i)(?:bis|am|zum|ab|den|by|op|voor)\s+(\d{1,2})\.(\d{1,2})\.`), func(m []string, since time.Time) []time.Time {
		return dated("", number(m[2]), number(m[1]), since)
	}, true},
	// 15/01/2027, and 01/15/2027 as it is written in America
	{regex.New(`(\d{1,2})[/-](\d{1,2})[/-](\d{4})`), func(m []string, _ time.Time) []time.Time {
		a, b, y := number(m[1]), number(m[2]), number(m[3])
		if a == b {
			return day(y, b, a)
		}
		return append(day(y, b, a), day(y, a, b)...)
	}, true},
	// 15 January 2027, 15. Januar, 1er février, 15 de enero de 2027
	{regex.New(`(?i)(\d{1,2})(?:st|nd|rd|th|er|º|°|ª|\.)?\s+` + of + either(months) + `\.?(?:,?\s+` + of + `(\d{4}))?`), func(m []string, since time.Time) []time.Time {
		return dated(m[3], int(months[m[2]]), number(m[1]), since)
	}, true},
	// January 15th, 2027. Not "may 5": that is a verb as often as not.
	{regex.New(`((?i:jan|january|feb|february|april|apr|june|jun|july|jul|august|aug|september|sept|sep|october|oct|november|nov|december|dec)|March|May|Mar)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?`), func(m []string, since time.Time) []time.Time {
		month := months[m[1]]
		if m[1] == "mar" {
			month = time.March
		}
		return dated(m[3], int(month), number(m[2]), since)
	}, true},
	// 2027年1月15日
	{regex.New(`(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日`), func(m []string, since time.Time) []time.Time {
		return dated(m[1], number(m[2]), number(m[3]), since)
	}, true},
	// 1月末, 1月中旬
	{regex.New(`(?:(\d{4})年)?(\d{1,2})月(上旬|中旬|下旬|末|初め|初旬|半ば)`), func(m []string, since time.Time) []time.Time {
		p := map[string]phase{"上旬": beginning, "初め": beginning, "初旬": beginning, "中旬": middle, "半ば": middle}
		part, ok := p[m[3]]
		if !ok {
			part = end
		}
		return inPhase(m[1], number(m[2]), part, since)
	}, false},
	// end of January, Ende Januar, fin janvier, mid-January
	{regex.New(`(?i)` + either(phases) + `[\s-]+` + of + either(months) + `\.?(?:,?\s+` + of + `(\d{4}))?`), func(m []string, since time.Time) []time.Time {
		return inPhase(m[3], int(months[m[2]]), phases[m[1]], since)
	}, false},
	// in January 2027
	{regex.New(`(?i)(?:in|im|en|em|a|nel|ab|from|by|until|bis|d'ici|hasta|até|entro|tegen|for|für|pour|para|per|voor)\s+` + either(months) + `\s+` + of + `(\d{4})`), func(m []string, since time.Time) []time.Time {
		return inPhase(m[2], int(months[m[1]]), end, since)
	}, false},
	// KW 3, calendar week 3, semaine 3, 第3週 is left out: it counts within a month
	{regex.New(`(?i)(?:kw|cw|calendar week|week|semaine|semana|settimana)\s?(\d{1,2})(?:\s?[/,]?\s?(\d{4}))?`), func(m []string, since time.Time) []time.Time {
		return inWeek(m[2], number(m[1]), since)
	}, false},
	// in two weeks, innerhalb von 10 Tagen, 2週間以内
	{regex.New(`(?i)(?:within|in|innerhalb von|innerhalb|binnen|dans|sous|d'ici|en|dentro de|em|tra|fra|entro|over)\s+(?:the next |den nächsten |les |las próximas |)(\d{1,3}|` + either(counts)[1:] + `\s+(working |business |werk|arbeits|)?` + either(units) + `( ouvrés| ouvrables| hábiles| lavorativi| úteis|)`), later, false},
	{regex.New(`(\d{1,3})(週間|日|か月|ヶ月|カ月)(?:以内|後|ほど|中)`), func(m []string, since time.Time) []time.Time {
		return ahead(number(m[1]), units[m[2]], false, since)
	}, false},
	// by Friday
	{regex.New(`(?i)(?:by|until|on|before|this|next|bis|am|bis zum|nächsten|kommenden|d'ici|avant|pour|ce|el|este|próximo|para el|entro|per|prossimo|até|na|nesta|próxima|uiterlijk|voor|op|aanstaande|vóór)\s+(?:next |this |nächsten |kommenden |)` + either(weekdays)), func(m []string, since time.Time) []time.Time {
		return onWeekday(weekdays[m[1]], since)
	}, false},
	{regex.New(`(月曜日|火曜日|水曜日|木曜日|金曜日)まで`), func(m []string, since time.Time) []time.Time {
		return onWeekday(weekdays[m[1]], since)
	}, false},
	// end of the month, of the year
	{regex.New(`(?i)end of (?:the|this) month|ende (?:des|dieses) monats|monatsende|fin (?:du|de ce) mois|fin de mes|finales de (?:este )?mes|fine (?:del |di questo )?mese|(?:fim|final) (?:do|deste) mês|eind(?:e)? (?:van de|van deze|deze) maand|今月末|今月中`), func(_ []string, since time.Time) []time.Time {
		return lastOf(since.Year(), int(since.Month()))
	}, false},
	{regex.New(`(?i)end of (?:the|this) year|ende (?:des|dieses) jahres|jahresende|fin (?:de l'|d')année|(?:fin|finales|final) de(?:l)? año|fine (?:dell')?anno|(?:fim|final) do ano|eind(?:e)? (?:van het|van dit|dit) jaar|年末|年内`), func(_ []string, since time.Time) []time.Time {
		return lastOf(since.Year(), 12)
	}, false},
	// Q1 2027, 1. Quartal 2027, 1er trimestre 2027, 第1四半期
	{regex.New(`(?i)(?:q([1-4])|([1-4])\. ?quartal|([1-4])(?:er|e|º|°|o)? ?trimestre|第([1-4])四半期)(?:\s?/?\s?` + of + `(\d{4}))?`), func(m []string, since time.Time) []time.Time {
		quarter := number(m[1] + m[2] + m[3] + m[4])
		return inPhase(m[5], 3*quarter, end, since)
	}, false},
	// tomorrow. German and Dutch "morgen" is the morning too.
	{regex.New(`(?i)tomorrow|bis morgen|voor morgen|demain|domani|amanhã|明日`), func(_ []string, since time.Time) []time.Time {
		return []time.Time{since.AddDate(0, 0, 1)}
	}, false},
}

// inPhase is the last day of a part of a month.
func inPhase(year string, month int, p phase, since time.Time) []time.Time {
	if month < 1 || month > 12 {
		return nil
	}
	years := []int{since.Year(), since.Year() + 1}
	if year != "" {
		years = []int{number(year)}
	}
	for _, y := range years {
		t := lastOf(y, month)
		switch p {
		case beginning:
			t = day(y, month, 10)
		case middle:
			t = day(y, month, 15)
		}
		near := t != nil && !t[0].Before(since) && t[0].Sub(since) <= nearDays*24*time.Hour
		if t != nil && (year != "" || near) {
			return t
		}
	}
	return nil
}

func lastOf(year, month int) []time.Time {
	t := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
	return day(year, month, t.Day())
}

// inWeek is the Friday of a calendar week (ISO 8601).
func inWeek(year string, week int, since time.Time) []time.Time {
	years := []int{since.Year(), since.Year() + 1}
	if year != "" {
		years = []int{number(year)}
	}
	for _, y := range years {
		if week < 1 || week > 53 || y < 2000 || y > 2199 {
			return nil
		}
		// The fourth of January is always in the first week.
		first := time.Date(y, time.January, 4, 0, 0, 0, 0, time.UTC)
		monday := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
		friday := monday.AddDate(0, 0, 7*(week-1)+4)
		if _, is := friday.ISOWeek(); is != week {
			continue
		}
		if year != "" || !friday.Before(since) && friday.Sub(since) <= nearDays*24*time.Hour {
			return []time.Time{friday}
		}
	}
	return nil
}

// later is "in two weeks".
func later(m []string, since time.Time) []time.Time {
	return ahead(count(m[1]), units[m[3]], m[2] != "" || m[4] != "", since)
}

func ahead(n int, u unit, working bool, since time.Time) []time.Time {
	if n < 1 || n > 366 {
		return nil
	}
	switch {
	case u == weeks:
		return []time.Time{since.AddDate(0, 0, 7*n)}
	case u == monthsLong:
		return []time.Time{since.AddDate(0, n, 0)}
	case !working:
		return []time.Time{since.AddDate(0, 0, n)}
	}
	t := since
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			n--
		}
	}
	return []time.Time{t}
}

// onWeekday is the next one after a day.
func onWeekday(w time.Weekday, since time.Time) []time.Time {
	n := (int(w) - int(since.Weekday()) + 7) % 7
	if n == 0 {
		n = 7
	}
	return []time.Time{since.AddDate(0, 0, n)}
}
