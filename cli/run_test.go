package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("a bug\nof two lines") }

func TestPanicIsOneLine(t *testing.T) {
	var words bytes.Buffer
	w := testWorld()
	w.Streams = Streams{Out: panicking{}, Err: &words}
	if code := Run(context.Background(), w, []string{"orgs", "--json"}); code != failed {
		t.Errorf("exit code %d", code)
	}
	lines := strings.Split(strings.TrimSpace(words.String()), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "sidestep: ") || !strings.HasPrefix(lines[1], "hint: ") {
		t.Errorf("it says:\n%s", words.String())
	}
}

// A scan that is stopped says so, and is no success.
func TestCancelledScanIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var out, words bytes.Buffer
	w := testWorld()
	w.Places.Work, w.Places.DemoWork = t.TempDir(), t.TempDir()
	w.Streams = Streams{Out: &out, Err: &words, ErrTerminal: true}
	w.Err = writerFunc(func(p []byte) (int, error) {
		if bytes.Contains(p, []byte(" of 40 messages read")) {
			cancel()
		}
		return words.Write(p)
	})
	code := Run(ctx, w, []string{"scan", "--demo", "--messages", "40", "--latency", "1ms"})
	if code != failed || !strings.Contains(words.String(), "sidestep: interrupted\n") {
		t.Errorf("exit code %d, it says:\n%q", code, words.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// What JSON carries is exact, and harmless on a terminal.
func TestJSONEscapesWhatControlsATerminal(t *testing.T) {
	text := "a\x1b[2J\u009b\u202e\U000e0041ü"
	data, err := encodeJSON(map[string]string{"v": text})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range string(data) {
		if r == 0x1b || r == 0x9b || r == 0x202e || r == 0xe0041 {
			t.Errorf("%U is in %q", r, data)
		}
	}
	if got, err := lookUp(string(data), "v"); err != nil || got != text {
		t.Errorf("read back as %q, %v", got, err)
	}
}
