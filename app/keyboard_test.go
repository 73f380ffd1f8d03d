package app

import (
	"os"
	"strings"
	"testing"
)

const begin, end = "\x1b[200~", "\x1b[201~"

// typedInto is what a keyboard reads of what a terminal sends, in pieces of so many bytes.
func typedInto(t *testing.T, text string, piece int) string {
	t.Helper()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	go func() {
		defer out.Close()
		for at := 0; at < len(text); at += piece {
			_, _ = out.WriteString(text[at:min(at+piece, len(text))])
		}
	}()
	k := &Keyboard{File: in}
	var got strings.Builder
	buffer := make([]byte, 64)
	for {
		n, err := k.Read(buffer)
		got.Write(buffer[:n])
		if err != nil {
			return got.String()
		}
	}
}

func TestNoEscapeCharacterIsLeftInAPaste(t *testing.T) {
	for text, want := range map[string]string{
		"abc\x1b[A\x1b":                                    "abc\x1b[A\x1b",
		begin + "plain" + end + "\x1b[B":                   begin + "plain" + end + "\x1b[B",
		begin + "fix it \x1b]8;;http://x by 3" + end + "q": begin + "fix it ␛]8;;http://x by 3" + end + "q",
		begin + "\x1b" + end + "\x1b":                      begin + "␛" + end + "\x1b",
		begin + "\x1b\x1b[20\x1b[201" + end:                begin + "␛␛[20␛[201" + end,
		begin + begin + end:                                begin + "␛[200~" + end,
		"\x1b" + begin + "\x1b[2J" + end + begin + "x":     "\x1b" + begin + "␛[2J" + end + begin + "x",
		begin + strings.Repeat("\x1b", 500) + end + "q":    begin + strings.Repeat("␛", 500) + end + "q",
		"\x1b[20" + begin + "\x1b[201" + end + "\x1b[20":   "\x1b[20" + begin + "␛[201" + end + "\x1b[20",
	} {
		for _, piece := range []int{1, 2, 3, 5, 7, 1000} {
			if got := typedInto(t, text, piece); got != want {
				t.Errorf("%q in pieces of %d is read as %q, want %q", text, piece, got, want)
			}
		}
	}
}

func FuzzPaste(f *testing.F) {
	f.Add("a"+begin+"b\x1b[2"+end+"c", 3)
	f.Fuzz(func(t *testing.T, text string, at int) {
		at = max(0, min(at, len(text)))
		var whole, parts pasted
		want := string(whole.clean([]byte(text)))
		if got := string(parts.clean([]byte(text[:at]))) + string(parts.clean([]byte(text[at:]))); got != want {
			t.Errorf("%q is %q, and in two parts %q", text, want, got)
		}
		_, paste, _ := strings.Cut(want, begin)
		if paste, _, _ = strings.Cut(paste, end); strings.Contains(paste, "\x1b") {
			t.Errorf("%q leaves an escape character in the paste: %q", text, want)
		}
	})
}
