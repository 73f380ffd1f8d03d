package signin

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
)

// Threat "opener injection".
func TestOnlyHarmlessLinksAreOpened(t *testing.T) {
	for _, link := range []string{
		"https://login.salesforce.com/services/oauth2/authorize?a=1&b=%20'x'",
		"http://localhost:8181/services/oauth2/authorize?state=x",
		"http://127.0.0.1:1", "http://[::1]:1/",
		"mailto:it@vendor.example?subject=Session%20id&body=a%0D%0Ab",
	} {
		if err := openable(link); err != nil {
			t.Errorf("%q: %v", link, err)
		}
	}
	for _, link := range []string{
		"", "-e", "--help", "file:///etc/passwd", "javascript:alert(1)", "http://evil.test/", "http://localhost.evil.test/",
		"https://", "https:///x", "https:x", "https://u:p@x.example/", "mailto:", "mailto://x", "HTTP://evil.test",
		"https://x.example/\n-e", "https://x.example/\x1b[2J", "https://x.example/a b", `https://x.example/"`, "https://x.example/`id`",
		"https://x.example/%PATH%", "https://x.example/?q=%PATH%", "https://x.example/%", "https://x.example/^&", `https://x.example\@y`,
		"https://x.example/" + strings.Repeat("x", 32<<10), "https://exаmple.test/", "C:\\Windows\\x.exe", "smb://x/y", "vscode://x",
	} {
		if openable(link) == nil {
			t.Errorf("%q would be opened", link)
		}
	}
}

func TestDesktop(t *testing.T) {
	for _, c := range []struct {
		system, set string
		want        bool
	}{
		{"linux", "", false}, {"freebsd", "", false},
		{"linux", "DISPLAY", true}, {"linux", "WAYLAND_DISPLAY", true}, {"linux", "WSL_DISTRO_NAME", true},
		{"windows", "", true}, {"darwin", "", true},
	} {
		env := func(name string) string {
			if name == c.set {
				return "1"
			}
			return ""
		}
		if got := desktop(c.system, env); got != c.want {
			t.Errorf("%s with %q: %v", c.system, c.set, got)
		}
	}
}

// Threat "no browser here": the opener hangs, fails or is missing.
func TestOpenerIsNotWaitedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan bool)
		if err := within(openLimit, func() error { <-never; return nil }); err == nil {
			t.Error("a hanging opener counts as opened")
		}
		close(never)
	})
}

func TestOpenBrowser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the openers of other systems cannot be replaced by a script")
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "WSL_INTEROP"} {
		t.Setenv(name, "")
	}
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	const link = "https://x.example/?a=1&b='$(id)';c"
	if err := OpenBrowser(link); !errors.Is(err, ErrNoBrowser) {
		t.Errorf("without a desktop: %v", err)
	}
	t.Setenv("DISPLAY", ":0")
	if err := OpenBrowser(link); err == nil || errors.Is(err, ErrNoBrowser) {
		t.Errorf("without an opener: %v", err)
	}
	said := filepath.Join(bin, "said")
	script := "#!/bin/sh\nprintf '%s|' \"$#\" \"$@\" > " + said + "\n"
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := OpenBrowser(link); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(said); err != nil || string(got) != "1|"+link+"|" {
		t.Errorf("the opener was called with %q, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte("#!/bin/sh\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := OpenBrowser(link); err == nil {
		t.Error("a failing opener counts as opened")
	}
	if err := OpenBrowser("file:///etc/passwd"); !errors.Is(err, errLink) {
		t.Errorf("got %v", err)
	}
}
