package answer

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// months are the names of the months in the languages of the mails. Short forms
// that are words of their own somewhere ("ago", "set", "mar") are left out.
var months = monthNames(
	"january jan january januar jänner janvier janv enero gennaio janeiro januari",
	"february feb februar févr février fevrier febrero febbraio fevereiro februari",
	"march march märz maerz mars marzo março marco maart",
	"april apr april avril avr abril aprile",
	"may may mai mayo maggio maio mei",
	"june jun juni juin junio giugno junho",
	"july jul juli juillet juil julio luglio julho",
	"august aug august août aout agosto augustus",
	"september sept sep septembre septiembre setiembre settembre setembro",
	"october oct okt oktober octobre octubre ottobre outubro",
	"november nov novembre noviembre novembro",
	"december dec dez dezember décembre decembre diciembre dicembre dezembro",
)

func monthNames(byMonth ...string) map[string]time.Month {
	out := map[string]time.Month{}
	for i, names := range byMonth {
		for name := range strings.FieldsSeq(names) {
			out[name] = time.Month(i + 1)
		}
	}
	return out
}

// weekdays are those of the languages, by the beginning of their names.
var weekdays = map[string]time.Weekday{
	"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5,
	"montag": 1, "dienstag": 2, "mittwoch": 3, "donnerstag": 4, "freitag": 5,
	"lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5,
	"lunes": 1, "martes": 2, "miércoles": 3, "jueves": 4, "viernes": 5,
	"lunedì": 1, "martedì": 2, "mercoledì": 3, "giovedì": 4, "venerdì": 5,
	"segunda-feira": 1, "terça-feira": 2, "quarta-feira": 3, "quinta-feira": 4, "sexta-feira": 5,
	"maandag": 1, "dinsdag": 2, "woensdag": 3, "donderdag": 4, "vrijdag": 5,
	"月曜日": 1, "火曜日": 2, "水曜日": 3, "木曜日": 4, "金曜日": 5,
}

// phase is a part of a month.
type phase int

const (
	beginning phase = iota
	middle
	end
)

var phases = map[string]phase{
	"beginning": beginning, "start": beginning, "early": beginning, "anfang": beginning, "début": beginning, "debut": beginning,
	"principios": beginning, "inizio": beginning, "início": beginning, "inicio": beginning, "começo": beginning, "begin": beginning,
	"middle": middle, "mid": middle, "mitte": middle, "mi": middle, "mediados": middle, "metà": middle, "meados": middle, "half": middle, "medio": middle,
	"end": end, "late": end, "ende": end, "fin": end, "finales": end, "fines": end, "fine": end, "final": end, "fim": end, "eind": end, "einde": end,
}

// counts are the small numbers in words.
var counts = map[string]int{
	"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
	"einer": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "acht": 8, "zehn": 10,
	"une": 1, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "huit": 8, "dix": 10,
	"una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "ocho": 8, "diez": 10,
	"due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "otto": 8, "dieci": 10,
	"uma": 1, "um": 1, "duas": 2, "dois": 2, "três": 3, "quatro": 4, "oito": 8, "dez": 10,
	"een": 1, "twee": 2, "drie": 3, "vijf": 5, "zes": 6, "tien": 10,
}

// unit is what is counted.
type unit int

const (
	days unit = iota
	weeks
	monthsLong
)

var units = map[string]unit{
	"day": days, "days": days, "tag": days, "tage": days, "tagen": days, "jour": days, "jours": days, "día": days, "días": days, "dia": days, "dias": days,
	"giorno": days, "giorni": days, "dag": days, "dagen": days, "日": days,
	"week": weeks, "weeks": weeks, "woche": weeks, "wochen": weeks, "semaine": weeks, "semaines": weeks, "semana": weeks, "semanas": weeks,
	"settimana": weeks, "settimane": weeks, "weken": weeks, "週間": weeks,
	"month": monthsLong, "months": monthsLong, "monat": monthsLong, "monaten": monthsLong, "mois": monthsLong, "mes": monthsLong, "meses": monthsLong,
	"mese": monthsLong, "mesi": monthsLong, "mês": monthsLong, "maand": monthsLong, "maanden": monthsLong, "か月": monthsLong, "ヶ月": monthsLong, "カ月": monthsLong,
}

// either matches one of the words of a table, the longest first.
func either[V any](table map[string]V) string {
	words := make([]string, 0, len(table))
	for w := range table {
		words = append(words, regexp.QuoteMeta(w))
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return "(" + strings.Join(words, "|") + ")"
}
