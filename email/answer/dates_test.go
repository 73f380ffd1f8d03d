package answer_test

import (
	"strings"
	"testing"
	"time"

	"sidestep/email/answer"
)

// monday is when the answers of these tests were written.
var monday = time.Date(2026, 11, 23, 15, 4, 0, 0, time.FixedZone("CET", 3600))

// named lists the days that a text names; those that it leaves room for have a "~".
func named(text string) string {
	var out []string
	for _, d := range answer.Dates(text, monday) {
		s := d.Day.Format(time.DateOnly)
		if !d.Exact {
			s = "~" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestDatesInEveryLanguage(t *testing.T) {
	for text, want := range map[string]string{
		// absolute
		"We deliver on 15 January 2027.":           "2027-01-15",
		"available from January 15th, 2027":        "2027-01-15",
		"by 15.01.2027":                            "2027-01-15",
		"bis zum 15.1.27 fertig":                   "2027-01-15",
		"fertig bis 15.01. spätestens":             "2027-01-15",
		"fertig bis 15.01.2028":                    "2028-01-15",
		"fertig bis 15.01.28":                      "2028-01-15",
		"am 15. Januar 2027":                       "2027-01-15",
		"Wir liefern am 1. Februar.":               "2027-02-01",
		"d'ici le 1er février 2027":                "2027-02-01",
		"le 15 janvier":                            "2027-01-15",
		"el 15 de enero de 2027":                   "2027-01-15",
		"il 15 gennaio 2027":                       "2027-01-15",
		"disponibile dal 15 gennaio 2027":          "2027-01-15",
		"até 15 de janeiro de 2027":                "2027-01-15",
		"1º de fevereiro":                          "2027-02-01",
		"op 15 januari 2027":                       "2027-01-15",
		"2027年1月15日までに対応します":                       "2027-01-15",
		"１月１５日に予定しています":                            "2027-01-15",
		"release 2027-01-15":                       "2027-01-15",
		"on 31/01/2027":                            "2027-01-31",
		"on 01/31/2027":                            "2027-01-31",
		"on 03/02/2027":                            "~2027-02-03 ~2027-03-02",
		"first 15 January 2027, then 1 March 2027": "2027-01-15 2027-03-01",
		"15 January 2027 (yes, 15.01.2027)":        "2027-01-15",
		// with room
		"by end of January":             "~2027-01-31",
		"at the end of January 2027":    "~2027-01-31",
		"mid-January":                   "~2027-01-15",
		"early February":                "~2027-02-10",
		"Ende Januar":                   "~2027-01-31",
		"Mitte Februar 2027":            "~2027-02-15",
		"Anfang März":                   "~2027-03-10",
		"fin janvier":                   "~2027-01-31",
		"mi-février":                    "~2027-02-15",
		"à la fin du mois de janvier":   "~2027-01-31",
		"a finales de enero":            "~2027-01-31",
		"a mediados de febrero de 2027": "~2027-02-15",
		"entro fine gennaio":            "~2027-01-31",
		"metà febbraio":                 "~2027-02-15",
		"no final de janeiro":           "~2027-01-31",
		"em meados de fevereiro":        "~2027-02-15",
		"eind januari":                  "~2027-01-31",
		"half februari":                 "~2027-02-15",
		"1月末までに":                        "~2027-01-31",
		"2月中旬":                          "~2027-02-15",
		"in KW 3":                       "~2027-01-22",
		"KW 3/2027":                     "~2027-01-22",
		"calendar week 53":              "~2027-01-01",
		"semaine 3":                     "~2027-01-22",
		"in two weeks":                  "~2026-12-07",
		"within 10 working days":        "~2026-12-07",
		"in zwei Wochen":                "~2026-12-07",
		"innerhalb von 10 Arbeitstagen": "~2026-12-07",
		"dans deux semaines":            "~2026-12-07",
		"sous 10 jours ouvrés":          "~2026-12-07",
		"en dos semanas":                "~2026-12-07",
		"entro due settimane":           "~2026-12-07",
		"em duas semanas":               "~2026-12-07",
		"binnen twee weken":             "~2026-12-07",
		"2週間以内に":                        "~2026-12-07",
		"in three months":               "~2027-02-23",
		"by Friday":                     "~2026-11-27",
		"bis Montag":                    "~2026-11-30",
		"avant vendredi":                "~2026-11-27",
		"金曜日までに":                        "~2026-11-27",
		"by the end of the month":       "~2026-11-30",
		"bis Monatsende":                "~2026-11-30",
		"avant la fin de l'année":       "~2026-12-31",
		"年内に":                           "~2026-12-31",
		"in Q1 2027":                    "~2027-03-31",
		"im 1. Quartal":                 "~2027-03-31",
		"au 1er trimestre 2027":         "~2027-03-31",
		"in February 2027":              "~2027-02-28",
		"tomorrow":                      "~2026-11-24",
		"明日":                            "~2026-11-24",
		// nothing to propose
		"":                                       "",
		"We are looking into it.":                "",
		"since 23 February events are missing":   "",
		"seit dem 23. Februar fehlen Ereignisse": "",
		"on 23 February 2026 it stopped":         "",
		"you wrote on 2 November":                "",
		"version 2.15.01 and 10.1.2.3":           "",
		"API 12.1.27.4":                          "",
		"31 February 2027":                       "",
		"99.99.2027":                             "",
		"15 January 2099":                        "",
		"may 5 people join":                      "",
		"case 2027-01-15-77":                     "",
		"in week 60":                             "",
		"within 0 days":                          "",
		"the final week":                         "",
		"wir haben morgens Zeit":                 "",
		"article 005232763":                      "",
		"15:01 and 2027":                         "",
		"decide in one go":                       "",
	} {
		if got := named(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDatesComeWithTheirWords(t *testing.T) {
	text := "Hello,\n" + strings.Repeat("many words ", 20) + "we will finish by end of January\x1b[2J " + strings.Repeat("and more ", 20) + "\nbye"
	got := answer.Dates(text, monday)
	if len(got) != 1 || got[0].Words != "end of January" || !strings.HasPrefix(got[0].Excerpt, "…") || !strings.HasSuffix(got[0].Excerpt, "…") ||
		!strings.Contains(got[0].Excerpt, "we will finish by end of January") || strings.ContainsAny(got[0].Excerpt, "\n\x1b") {
		t.Errorf("%+v", got)
	}
}

func TestDatesHaveALimit(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		b.WriteString(monday.AddDate(0, 0, i).Format("02.01.2006 "))
	}
	if got := answer.Dates(b.String(), monday); len(got) != 20 {
		t.Errorf("%d dates", len(got))
	}
}

func FuzzDates(f *testing.F) {
	f.Add("by 15.01.2027, end of January, KW 3, in two weeks")
	f.Add("2027年1月15日 １月末 2週間以内 \xff\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range answer.Dates(text, monday) {
			if d.Day.Before(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) || d.Day.Year() > 2030 {
				t.Errorf("%q gives %v", text, d.Day)
			}
			if d.Words == "" || strings.ContainsAny(d.Words+d.Excerpt, "\n\r\x00\x1b") {
				t.Errorf("%q, %q", d.Words, d.Excerpt)
			}
		}
	})
}
