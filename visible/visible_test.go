package visible

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// shown is what hostile and innocent texts look like.
var shown = map[string]string{
	"":           "",
	"Send order": "Send order",
	"Bestätigung für Łódź, Ελλάδα, Россия, 日本語, 한국어, العربية, हिन्दी, ไทย": "Bestätigung für Łódź, Ελλάδα, Россия, 日本語, 한국어, العربية, हिन्दी, ไทย",
	"a\tb\nc\r\nd":                           "a b c d",
	"over\rwritten":                          "over<U+000D>written",
	"\x1b]52;c;aGk=\x07":                     "<U+001B>]52;c;aGk=<U+0007>",
	"\x1b]0;title":                           "<U+001B>]0;title",
	"\x1b]8;;http://x\x1b\\a":                "<U+001B>]8;;http://x<U+001B>\\a",
	"\x1b[2J\x1b[6n\x1bPq":                   "<U+001B>[2J<U+001B>[6n<U+001B>Pq",
	"\u009b2J\u0085\u0090":                   "<U+009B>2J<U+0085><U+0090>",
	"a\bb\x7f\x00":                           "a<U+0008>b<U+007F><U+0000>",
	"bad\xff\xc3(\xed\xa0\x80":               "bad<FF><C3>(<ED><A0><80>",
	"\xef\xbf\xbd":                           "\ufffd", // a replacement character that is really there
	"user\u202egnp.exe\u202c":                "user<U+202E>gnp.exe<U+202C>",
	"\u2066a\u2069\u200e\u200f\u061c":        "<U+2066>a<U+2069><U+200E><U+200F><U+061C>",
	"a\u200bb\u2060c\ufeffd\u00ade":          "a<U+200B>b<U+2060>c<U+FEFF>d<U+00AD>e",
	"a\U000e0041\U000e007fb":                 "a<U+E0041><U+E007F>b",
	"a\U000e0100\ufe00":                      "a<U+E0100><U+FE00>",
	"a\u034f\u17b4":                          "a<U+034F><U+17B4>",
	"\u115f\u3164\uffa0\u2800\U0001d159":     "<U+115F><U+3164><U+FFA0><U+2800><U+1D159>",
	"a\u2028b\u2029c\u2003d":                 "a<U+2028>b<U+2029>c<U+2003>d",
	"a\u00a0b\u3000c":                        "a\u00a0b\u3000c",
	"\ue000\U000f0000\ufffe\u0378":           "<U+E000><U+F0000><U+FFFE><U+0378>",
	"e\u0301":                                "e\u0301",
	"\u0301a \u0301\x1b\u0301":               "<U+0301>a <U+0301><U+001B><U+0301>",
	"e\u0301\u0302\u0303\u0304":              "e\u0301\u0302\u0303\u0304",
	"e\u0301\u0302\u0303\u0304\u0305\u0306x": "e\u0301\u0302\u0303\u0304<+2 marks>x",
	"e" + strings.Repeat("\u0336", 10_000):   "e\u0336\u0336\u0336\u0336<+9996 marks>",
	"\u1100" + strings.Repeat("\u1161", 9):   "\u1100\u1161\u1161\u1161\u1161<+5 marks>",
	strings.Repeat("क\u094d", 7):             strings.Repeat("क\u094d", 5) + "<U+0915><U+094D>क\u094d",
	strings.Repeat("\u1100", 7):              strings.Repeat("\u1100", 5) + "<U+1100>\u1100",
	"ก" + strings.Repeat("\u0e33", 9):        "ก\u0e33\u0e33\u0e33\u0e33<+5 marks>",
	"👩\u200d💻 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈": "👩💻 👨👩👧 🏳🌈",
	"👍🏽 ❤\ufe0f 1\ufe0f\u20e3 ↔\ufe0f 🏽":      "👍 ❤ 1\u20e3 ↔ 🏽",
	"👩\u200dx \u200d👩 a\u200d👩 👩\u200d":       "👩<U+200D>x <U+200D>👩 a<U+200D>👩 👩<U+200D>",
	"x\ufe0f":       "x<U+FE0F>",
	"می\u200cخواهم": "می<U+200C>خواهم",
	"🇩🇪":            "🇩🇪",
}

func TestLine(t *testing.T) {
	for in, want := range shown {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
		if got := Text(in); !strings.ContainsAny(in, "\n") && got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestACutEndsBetweenCharacters(t *testing.T) {
	for _, c := range []struct {
		s    string
		most int
		want string
	}{{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"日本", 6, "日本"}, {"日本", 5, "日…"}, {"日本", 3, "日…"}, {"日本", 2, "…"}} {
		if got := Cut(c.s, c.most); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.s, c.most, got, c.want)
		}
	}
}

func TestTextKeepsItsLines(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb\r\nc\n\n":     "a\nb\nc\n\n",
		"a\rb":              "a<U+000D>b",
		"a\tb":              "a b",
		"a\r\r\nb":          "a<U+000D>\nb",
		"a\n\u0301b":        "a\n<U+0301>b",
		"a\u2028b\x0bc\x0c": "a<U+2028>b<U+000B>c<U+000C>",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

// Terminals measure by character or by cluster. What is shown must have the same
// width for both, else a line is too long for one of them.
func TestWidthsAgree(t *testing.T) {
	for _, s := range []string{
		"👩\u200d💻👨\u200d👩\u200d👧", "👍🏽", "❤\ufe0f", "1\ufe0f\u20e3", "🏳\ufe0f\u200d🌈", "e\u0301", "日本語", "한국어", "ﾊﾝｶｸ", "العربية",
		"e" + strings.Repeat("\u0301", 1000), "a\u200b\u202eb", "\x1b[2J", "\U000e0041", "a\u3000b",
	} {
		line := Line(s)
		if cluster, char := ansi.StringWidth(line), ansi.StringWidthWc(line); cluster != char {
			t.Errorf("%q is %d or %d wide", line, cluster, char)
		}
	}
}

// check holds what must be true of everything that is shown.
func check(t *testing.T, in, out string, lines bool) {
	t.Helper()
	marks := 0
	for i, r := range out {
		if r == utf8.RuneError && !strings.HasPrefix(out[i:], "\ufffd") {
			t.Fatalf("%q: not UTF-8 at %d", out, i)
		}
		if r == '\n' && lines {
			marks = 0
			continue
		}
		if r < 0x20 || 0x7f <= r && r < 0xa0 || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Bidi_Control) {
			t.Fatalf("%q shows %U of %q", out, r, in)
		}
		if unicode.Is(unicode.M, r) {
			if marks++; marks > maxMarks || i == 0 {
				t.Fatalf("%q shows too many marks", out)
			}
		} else {
			marks = 0
		}
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range []string{"a\x1b[2J\u202e\xff", "👩\u200d💻\ufe0f", "e\u0301\u0301\u0301\u0301\u0301\n", "\r\n\t\U000e0001", "<U+202E>\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line, text := Line(s), Text(s)
		check(t, s, line, false)
		check(t, s, text, true)
		if Line(line) != line || Text(text) != text {
			t.Errorf("%q changes when it is cleaned again: %q, %q", s, Line(line), Text(text))
		}
		if ansi.Strip(line) != line {
			t.Errorf("%q holds an escape sequence", line)
		}
		if plain(s) && (line != s || text != s) {
			t.Errorf("%q became %q", s, line)
		}
	})
}

func BenchmarkLine(b *testing.B) {
	for name, s := range map[string]string{"plain": strings.Repeat("Send order to ERP ", 5), "other": strings.Repeat("Bestätigung 日本 ", 5)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Line(s)
			}
		})
	}
}

func TestDrawnKeepsStylesAndShowsWhatIsHidden(t *testing.T) {
	const styled = "\x1b[1mPath\x1b[m \x1b]8;;https://a.example\alink\x1b]8;;\a\n  漢字 é"
	if got := Drawn(styled); got != styled {
		t.Errorf("%q became %q", styled, got)
	}
	if got := Drawn("a\u202eb\u200dc\u009bd"); got != "a\ufffdb\ufffdc\ufffdd" {
		t.Errorf("got %q", got)
	}
	if got := Drawn("e" + strings.Repeat("\u0301", 500) + "x"); got != "e"+strings.Repeat("\u0301", maxMarks)+"x" {
		t.Errorf("%d bytes are left of 500 marks", len(got))
	}
}
