package code

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// labelled is a receiver, or a decoy, with what is true of it.
type labelled struct {
	name  string
	class string // "none" of a decoy
	ack   string
	uses  []string // "file:line action" of what is done with the session id
	dir   string
}

// cases reads the labelled sets. In them @@ and an action at the end of a line say
// what that line does with the session id; it is cut off before anything is searched.
func cases(t *testing.T) (out []labelled) {
	t.Helper()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no labelled sets", err)
	}
	top := t.TempDir()
	for _, a := range archives {
		archive, err := txtar.ParseFile(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			name, file, _ := strings.Cut(f.Name, "/")
			if file == "LABEL" {
				class, ack, _ := strings.Cut(strings.TrimSpace(string(f.Data)), " ")
				out = append(out, labelled{name: name, class: class, ack: ack, dir: filepath.Join(top, name)})
				continue
			}
			c := &out[len(out)-1]
			lines := strings.Split(string(f.Data), "\n")
			for i, l := range lines {
				if code, does, marked := strings.Cut(l, " @@"); marked {
					lines[i] = code
					c.uses = append(c.uses, fmt.Sprintf("%s:%d %s", file, i+1, does))
				}
			}
			path := filepath.Join(c.dir, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// share is a precision or a recall.
type share struct{ right, all int }

func (s share) of() float64 { return float64(s.right) / float64(max(s.all, 1)) }

func (s share) String() string { return fmt.Sprintf("%d of %d (%.3f)", s.right, s.all, s.of()) }

// TestLabelled measures what is found in receivers that we wrote. The thresholds are
// a little below what it reaches, so that a change for the worse shows.
func TestLabelled(t *testing.T) {
	var receivers, found, decoys, class, acks, hitsRight, hitsFound share
	for _, c := range cases(t) {
		r, err := Check(t.Context(), c.dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if len(r.Receivers) > 0 {
			got = string(r.Class)
		}
		if c.class == "none" {
			decoys.all++
			if got == "none" {
				decoys.right++
			} else {
				t.Logf("%s: a decoy, taken for %s: %s", c.name, got, r.Reason)
			}
			found.all += min(1, len(r.Receivers))
			continue
		}
		receivers.all++
		if got != "none" {
			receivers.right++
			found.all++
			found.right++
		}
		class.all++
		if got == c.class {
			class.right++
		} else {
			t.Logf("%s: %s, not %s: %s", c.name, c.class, got, r.Reason)
		}
		if c.ack != "" {
			acks.all++
			if string(r.Ack) == c.ack {
				acks.right++
			} else {
				t.Logf("%s: acknowledges %s, not %q: %s", c.name, c.ack, r.Ack, r.AckReason)
			}
		}
		var uses []string
		for _, h := range r.Hits {
			if h.What == sessionID && h.Does != Mentioned && h.Does != Generated {
				uses = append(uses, fmt.Sprintf("%s:%d %s", h.File, h.Line, h.Does))
			}
		}
		hitsRight.all += len(c.uses)
		hitsFound.all += len(uses)
		for _, u := range c.uses {
			if slices.Contains(uses, u) {
				hitsRight.right++
			} else {
				t.Logf("%s: missed %s", c.name, u)
			}
		}
		for _, u := range uses {
			if slices.Contains(c.uses, u) {
				hitsFound.right++
			} else {
				t.Logf("%s: wrongly found %s", c.name, u)
			}
		}
	}
	for _, m := range []struct {
		what  string
		got   share
		least float64
		some  int
	}{
		{"receivers found (recall)", receivers, 0.98, 126},
		{"found that are receivers (precision)", found, 0.98, 110},
		{"decoys left alone", decoys, 0.98, 40},
		{"class right", class, 0.97, 126},
		{"order of acknowledging right", acks, 0.95, 65},
		{"uses of the session id found (recall)", hitsRight, 0.97, 165},
		{"found uses that are right (precision)", hitsFound, 0.97, 150},
	} {
		t.Logf("%s: %v", m.what, m.got)
		if m.got.of() < m.least || m.got.all < m.some {
			t.Errorf("%s: %v, at least %.2f of %d wanted", m.what, m.got, m.least, m.some)
		}
	}
}
