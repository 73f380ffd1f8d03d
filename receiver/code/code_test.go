package code

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// phpCallBack is a receiver in one line.
const phpCallBack = `<?php function notifications($d) { $c = new SforcePartnerClient(); $c->setEndpoint($d->PartnerUrl); $c->setSessionHeader($d->SessionId); return array('Ack' => true); }
$s = new SoapServer('outbound.wsdl');
`

func write(t testing.TB, top string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(top, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func check(t *testing.T, path string, o Options) Report {
	t.Helper()
	r, err := Check(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatOthersWroteIsLeftOut(t *testing.T) {
	top := t.TempDir()
	for _, name := range []string{"node_modules/x/a.php", "vendor/a.php", "Third_Party/a.php", "bin/a.php", "obj/a.php", "dist/a.php", "build/a.php", "target/a.php", ".venv/a.php", "lib/site-packages/a.php", "a.min.js", "a.png", "gone/a.php"} {
		write(t, top, map[string]string{name: phpCallBack})
	}
	write(t, top, map[string]string{".gitignore": "/gone\n"})
	if r := check(t, top, Options{}); len(r.Hits) > 0 || !r.Complete {
		t.Errorf("found %v", r.Hits)
	}
	// Whoever names such a folder wants it searched.
	if r := check(t, filepath.Join(top, "vendor"), Options{}); r.Class != CallsBack {
		t.Errorf("a folder that is named itself: %q", r.Class)
	}
	if r := check(t, filepath.Join(top, "gone", "a.php"), Options{}); r.Class != CallsBack || r.Files != 1 {
		t.Errorf("a file that is named itself: %q in %d files", r.Class, r.Files)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	top, outside := t.TempDir(), t.TempDir()
	write(t, outside, map[string]string{"om.php": phpCallBack})
	if err := os.Symlink(outside, filepath.Join(top, "out")); err != nil {
		t.Skip(err)
	}
	for name, to := range map[string]string{"om.php": filepath.Join(outside, "om.php"), "loop": top, "none": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(top, name)); err != nil {
			t.Fatal(err)
		}
	}
	if r := check(t, top, Options{}); r.Files != 0 || len(r.Hits) > 0 || !r.Complete {
		t.Errorf("%d files, %v, %v", r.Files, r.Hits, r.Problems)
	}
}

func TestLargeFilesAreSearchedAndNotLookedInto(t *testing.T) {
	top := t.TempDir()
	filler := strings.Repeat("nothing of interest\n", 2000)
	write(t, top, map[string]string{"large.sql": filler, "found.php": filler + phpCallBack + filler, "fine.php": phpCallBack})
	r := check(t, top, Options{Large: 10_000})
	if len(r.Problems) != 1 || r.Problems[0].File != "found.php" || r.Complete {
		t.Errorf("problems: %v", r.Problems)
	}
	if r.Class != CallsBack {
		t.Errorf("the rest does not go on: %q", r.Class)
	}
	if want := int64(2*len(filler) + 2*len(phpCallBack)); r.Bytes < want {
		t.Errorf("searched %d bytes of at least %d", r.Bytes, want)
	}
}

// A word that lies across two reads is found as well.
func TestLargeFilesAreSearchedAcrossReads(t *testing.T) {
	const large = 10_000
	for shift := range 40 {
		top := t.TempDir()
		text := []byte(strings.Repeat(".", 3*large))
		copy(text[large-20+shift:], `"http://soap.sforce.com/2005/09/outbound"`)
		write(t, top, map[string]string{"a.txt": string(text)})
		if r := check(t, top, Options{Large: large}); len(r.Problems) != 1 {
			t.Fatalf("missed at %d", shift)
		}
	}
}

func TestUnreadableFileIsAProblem(t *testing.T) {
	top := t.TempDir()
	write(t, top, map[string]string{"a/closed.php": phpCallBack, "open.php": phpCallBack, "b/x.php": ""})
	for _, name := range []string{"a/closed.php", "b"} {
		shut(t, filepath.Join(top, name))
	}
	r := check(t, top, Options{})
	if r.Complete || len(r.Problems) != 2 || r.Class != CallsBack {
		t.Errorf("%v, %q", r.Problems, r.Class)
	}
}

func TestBinariesAndWideText(t *testing.T) {
	top := t.TempDir()
	wideText := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(phpCallBack)) {
		wideText = append(wideText, byte(u), byte(u>>8))
	}
	write(t, top, map[string]string{"binary.php": "\x00\x01" + phpCallBack, "wide.php": string(wideText)})
	r := check(t, top, Options{})
	if len(r.Receivers) != 1 || r.Receivers[0].File != "wide.php" {
		t.Errorf("%+v", r.Receivers)
	}
}

func TestSessionIDsAreMasked(t *testing.T) {
	const secret = "AQ0AQF9SecretSecretSecret.Secret_Secret"
	for _, id := range []string{"00Dxx0000001gPF!" + secret, "00Dxx0000001gPFEAY!" + secret, "00Dxx0000001gPF%21" + secret} {
		top := t.TempDir()
		write(t, top, map[string]string{"om.php": strings.Replace(phpCallBack, "$d->SessionId)", "$d->SessionId /* "+id+" */)", 1), "message.xml": `<notifications xmlns="http://soap.sforce.com/2005/09/outbound"><SessionId>` + id + `</SessionId></notifications>`})
		r := check(t, top, Options{})
		if all := fmt.Sprintf("%+v", r); strings.Contains(all, "Secret") || !strings.Contains(all, "00D…!…") || r.Class != CallsBack {
			t.Errorf("%s: %s", id, all)
		}
	}
}

func TestCancelledSearchEnds(t *testing.T) {
	top := t.TempDir()
	for i := range 3000 {
		write(t, top, map[string]string{fmt.Sprintf("f%d.php", i): phpCallBack})
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Check(ctx, top, Options{Progress: func(Progress) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestProgressGrows(t *testing.T) {
	top := t.TempDir()
	for i := range 2000 {
		write(t, top, map[string]string{fmt.Sprintf("d%d/f%d.txt", i%7, i): "x"})
	}
	calls, last := 0, 0
	r := check(t, top, Options{Progress: func(p Progress) {
		calls++
		if p.Files <= last {
			t.Errorf("%d files after %d", p.Files, last)
		}
		last = p.Files
	}})
	if r.Files != 2000 || calls < 2 {
		t.Errorf("%d files, %d calls", r.Files, calls)
	}
}

func TestPathsThatCannotBeSearched(t *testing.T) {
	if _, err := Check(t.Context(), filepath.Join(t.TempDir(), "nowhere"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nowhere: %v", err)
	}
	if _, err := Check(t.Context(), os.DevNull, Options{}); !errors.Is(err, errNoFile) {
		t.Errorf("%s: %v", os.DevNull, err)
	}
}

// FuzzSource feeds whatever there may be to every language, once at the beginning of
// a file and once at its end. It must end, and point at lines that are there.
func FuzzSource(f *testing.F) {
	endings := strings.Fields("java kt groovy scala cs js go php py rb pl vb lua sh yml json xml md none")
	for i := range endings {
		f.Add(uint8(i), phpCallBack)
		f.Add(uint8(i), "class A : INotificationBinding { notificationsResponse notifications(notifications n) { if (n.SessionId == \"\") return x; F(n.SessionId, a: n.PartnerUrl); } }")
		f.Add(uint8(i), "(n) => {\n  send(n.SessionId)\n}")
		f.Add(uint8(i), "enqueue(SessionId")
		f.Add(uint8(i), "const { SessionId")
		f.Add(uint8(i), "x = <<EOS\n#{SessionId} http://soap.sforce.com/2005/09/outbound\nEOS\n((([[{{ '\"`")
	}
	f.Fuzz(func(t *testing.T, ending uint8, text string) {
		if len(text) > 5000 {
			return
		}
		name := "a." + endings[int(ending)%len(endings)]
		const mark = "http://soap.sforce.com/2005/09/outbound"
		for _, whole := range []string{text + "\n" + mark, mark + "\n" + text} {
			r := newTree(t.Context(), []source{newSource(name, whole), newSource("b.php", phpCallBack)}).report()
			for _, h := range r.Hits {
				if lines := strings.Count(whole, "\n") + 1; h.File == name && (h.Line < 1 || h.Line > lines) {
					t.Errorf("line %d of %d", h.Line, lines)
				}
			}
		}
	})
}

// TestAnElementWithBothIsOneOfTheSessionID: an element that names a variable with the
// session id and one with the address is one with the session id, in every run.
func TestAnElementWithBothIsOneOfTheSessionID(t *testing.T) {
	const text = `<xsl:stylesheet xmlns:out="http://soap.sforce.com/2005/09/outbound">
<xsl:variable name="key" select="out:SessionId"/>
<xsl:variable name="host" select="out:EnterpriseUrl"/>
<log text="$key for $host"/>
</xsl:stylesheet>`
	for range 50 {
		r := newTree(t.Context(), []source{newSource("a.xsl", text)}).report()
		if !slices.ContainsFunc(r.Hits, func(h Hit) bool { return h.Line == 4 && h.What == sessionID }) {
			t.Fatalf("%+v", r.Hits)
		}
	}
}
