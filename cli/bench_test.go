//go:build unix

package cli

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sidestep/app"
	"sidestep/salesforce/demoorg"
	"sidestep/state"
	"sidestep/ui"
)

// BenchmarkSidestep measures the program as it is released: a binary built with
// the flags of the README, in a terminal. docs/performance.md has the limits,
// and says how to read the figures.
func BenchmarkSidestep(b *testing.B) {
	r := buildRelease(b)
	b.Run("first-frame", func(b *testing.B) {
		b.Run("home", func(b *testing.B) { r.benchFirstFrame(b, true) })
		b.Run("home-silent-terminal", func(b *testing.B) { r.benchFirstFrame(b, false) })
		b.Run("demo", func(b *testing.B) { r.benchFirstFrame(b, true, "demo") })
		b.Run("demo-silent-terminal", func(b *testing.B) { r.benchFirstFrame(b, false, "demo") })
	})
	b.Run("key", r.benchKeys)
	b.Run("idle", r.benchIdle)
	b.Run("memory", r.benchMemory)
	b.Run("scan", r.benchScan)
}

// release is the path of the binary.
type release string

func buildRelease(b *testing.B) release {
	bin := filepath.Join(b.TempDir(), "sidestep")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin, "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return release(bin)
}

// env has a home of its own, and a PATH without a browser to open.
func (release) env(home string) []string {
	return []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=en_US.UTF-8", "PATH=", "HOME=" + home, "SIDESTEP_HOME=" + filepath.Join(home, "sidestep")}
}

// benchFirstFrame is from the start of the process to the arrival of the bytes
// that make the word Sidestep stand on the screen.
func (r release) benchFirstFrame(b *testing.B, answers bool, args ...string) {
	var seen []time.Duration
	for b.Loop() {
		for range 20 {
			t := r.openTerminal(b, b.TempDir(), 120, 40, answers, args...)
			seen = append(seen, t.shows(b, "Sidestep").Sub(t.started))
			t.quit(b)
		}
	}
	spread(b, seen)
}

// openLargeBoard signs in to an org of 10,000 messages, adds its backup, and
// comes to rest on the board.
func (r release) openLargeBoard(b *testing.B, home string) *benchTerminal {
	t := r.openTerminal(b, home, 200, 60, true, "demo", "--messages", "10000")
	t.shows(b, "Sign in to the demo org")
	t.write(b, "\r")
	t.shows(b, "approve as the demo admin")
	t.write(b, "\r")
	t.shows(b, "press a to add it")
	t.rest(200 * time.Millisecond)
	t.write(b, "a")
	t.shows(b, "is added")
	t.write(b, "\x1b") // from triage to the board
	t.shows(b, "host, endpoint")
	t.rest(time.Second)
	return t
}

// benchKeys is from a key to the arrival of the last byte of the frame that it
// causes, at 10,000 messages in 200 columns and 60 rows. The keys come at any
// moment between two frames.
func (r release) benchKeys(b *testing.B) {
	t := r.openLargeBoard(b, b.TempDir())
	defer t.quit(b)
	for _, k := range []struct {
		name   string
		before string   // opens what the keys are for
		keys   []string // typed one after the other, again and again
		after  string   // leaves it
		n      int
	}{
		{name: "cursor", keys: []string{"j", "j", "j", "j", "k", "\x1b[6~", "j", "j", "k", "\x1b[5~"}, n: 500},
		{name: "fold", keys: []string{"h", "l", "j", "l", "h", "k"}, n: 100},
		{name: "search", before: "/", keys: []string{"a", "c", "\x7f", "\x7f"}, after: "\r", n: 100},
		{name: "filter", keys: []string{"f"}, n: 100},
		{name: "sort", keys: []string{"t"}, n: 100},
	} {
		b.Run(k.name, func(b *testing.B) {
			t.write(b, "g"+k.before)
			t.rest(200 * time.Millisecond)
			var seen []time.Duration
			for b.Loop() {
				for i := range k.n {
					t.rest(rand.N(17 * time.Millisecond))
					_, done := t.press(b, k.keys[i%len(k.keys)])
					seen = append(seen, done)
				}
			}
			t.write(b, k.after)
			t.rest(200 * time.Millisecond)
			spread(b, seen)
		})
	}
	b.Run("tick", func(b *testing.B) { benchTick(b, t) })
}

// benchTick ticks steps of an endpoint, which also saves: first the frame with
// the tick, then, when the file is on disk, the one that says so.
func benchTick(b *testing.B, t *benchTerminal) {
	t.write(b, "gj\r") // the first endpoint
	t.rest(200 * time.Millisecond)
	t.write(b, "r\r") // the proposed route
	t.rest(200 * time.Millisecond)
	var frames, saves []time.Duration
	for b.Loop() {
		for range 60 {
			t.rest(100*time.Millisecond + rand.N(17*time.Millisecond))
			begun, done := t.press(b, " ")
			frames, saves = append(frames, begun), append(saves, done)
		}
	}
	spread(b, frames)
	slices.Sort(saves)
	b.ReportMetric(float64(saves[len(saves)/2].Microseconds())/1000, "saved-p50-ms")
}

// benchIdle is what the program writes while nobody types.
func (r release) benchIdle(b *testing.B) {
	t := r.openTerminal(b, b.TempDir(), 120, 40, true, "demo")
	defer t.quit(b)
	t.shows(b, "Sign in to the demo org")
	idle := func(b *testing.B) {
		t.rest(time.Second)
		before := t.total()
		for b.Loop() {
			time.Sleep(5 * time.Second)
		}
		b.ReportMetric(float64(t.total()-before), "bytes")
		b.ReportMetric(5, "seconds")
		b.ReportMetric(0, "ns/op")
	}
	b.Run("home", idle)
	t.write(b, "\r")
	t.shows(b, "approve as the demo admin")
	t.write(b, "\r")
	t.shows(b, "press a to add it")
	b.Run("triage", idle)
	t.write(b, "\x1b")
	t.shows(b, "host, endpoint")
	b.Run("board", idle)
	t.write(b, "/")
	t.shows(b, "keep")
	b.Run("search", idle)
	t.write(b, "\x1b")
	t.rest(200 * time.Millisecond)
	t.write(b, "\r")
	t.shows(b, "Checklist")
	b.Run("endpoint", idle)
}

// benchMemory is the most memory that the interface had in hand with 10,000
// messages: when it goes on with saved work, when it adds a backup from a file
// to that, and in the demo, whose org lives in the same process.
func (r release) benchMemory(b *testing.B) {
	home := b.TempDir()
	backup := saveLargeScan(b, home)
	b.Run("add-backup", func(b *testing.B) {
		for b.Loop() {
			t := r.resume(b, home)
			t.write(b, "e")
			t.shows(b, "add files")
			t.write(b, "a")
			t.rest(200 * time.Millisecond)
			t.write(b, backup+"\r")
			t.rest(200 * time.Millisecond)
			t.write(b, "2026-01-17\r")
			t.shows(b, "is added")
			t.rest(time.Second)
			reportMemory(b, t)
			t.quit(b)
		}
	})
	b.Run("resume", func(b *testing.B) {
		for b.Loop() {
			t := r.resume(b, home)
			t.write(b, "\x1b") // from triage to the board
			t.shows(b, "host, endpoint")
			t.rest(200 * time.Millisecond)
			for range 50 {
				t.press(b, "j")
			}
			reportMemory(b, t)
			t.quit(b)
		}
	})
	b.Run("demo", func(b *testing.B) {
		for b.Loop() {
			t := r.openLargeBoard(b, b.TempDir())
			reportMemory(b, t)
			t.quit(b)
		}
	})
}

// saveLargeScan saves what a scan of 10,000 messages found, and returns the path
// of the org's backup, which is not part of that.
func saveLargeScan(b *testing.B, home string) (backup string) {
	try := func(err error) {
		if err != nil {
			b.Helper()
			b.Fatal(err)
		}
	}
	demo, err := app.StartDemo(b.Context(), demoorg.Options{Messages: 10_000})
	try(err)
	defer func() { _ = demo.Server.Close() }()
	org, err := signInToDemo(b.Context(), demo)
	try(err)
	found, err := org.Scan(b.Context(), func(ui.Progress) {})
	try(err)
	act := state.Act{By: "Ada", At: time.Now()}
	m, _ := state.New(org.Who(), act).Merge(found, act)
	try(save(filepath.Join(home, "sidestep", "migrations"), m))
	zip, err := demo.Server.Backup(b.Context())
	try(err)
	backup = filepath.Join(home, zip.Name)
	try(os.WriteFile(backup, zip.Zip, 0o600))
	return backup
}

// resume opens the saved work of 10,000 messages.
func (r release) resume(b *testing.B, home string) *benchTerminal {
	t := r.openTerminal(b, home, 200, 60, true)
	t.shows(b, "› Northwind Traders")
	t.write(b, "\r")
	t.shows(b, "10000 messages")
	t.rest(200 * time.Millisecond)
	return t
}

// reportMemory tells the most that the program, which still runs, took so far.
func reportMemory(b *testing.B, t *benchTerminal) {
	b.Helper()
	b.ReportMetric(float64(mostSoFar(b, t.cmd.Process.Pid))/1e6, "MB")
	b.ReportMetric(0, "ns/op")
}

// benchScan is a whole process that scans an org of 200 messages, each of whose
// answers takes 120 ms.
func (r release) benchScan(b *testing.B) {
	home := b.TempDir()
	var seen []time.Duration
	calls := 0
	for b.Loop() {
		for range 5 {
			cmd := exec.CommandContext(b.Context(), string(r), "scan", "--demo", "--messages", "200", "--latency", "120ms", "--json")
			cmd.Env = r.env(home)
			started := time.Now()
			out, err := cmd.Output()
			if err != nil {
				b.Fatal(err)
			}
			seen = append(seen, time.Since(started))
			var result struct{ Sources []struct{ Calls int } }
			if err := json.Unmarshal(out, &result); err != nil {
				b.Fatal(err)
			}
			calls = max(calls, result.Sources[0].Calls)
		}
	}
	spread(b, seen)
	b.ReportMetric(float64(calls), "calls")
}
