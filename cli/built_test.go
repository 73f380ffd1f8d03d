//go:build unix

package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// built is the program as it is released, made once. It is put where this
// package's own program is, which is removed at the end.
var built = sync.OnceValues(func() (string, error) {
	beside, err := exec.LookPath("sidestep")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(filepath.Dir(beside), "sidestep-built")
	return bin, build(bin)
})

func build(bin string, flags ...string) error {
	cmd := exec.Command("go", append(append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", bin}, flags...), "..")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// short is how long the limits of minutes are in the program that hurried makes.
const short = 8 * time.Second

// hurried is the program with its limits of minutes cut short, made once: nobody
// can wait for those. Nothing else in it differs from the one that is released.
var hurried = sync.OnceValues(func() (string, error) {
	limit := func(name, is string) [2]string {
		return [2]string{name + " = " + is, fmt.Sprintf("%s = %d", name, short)}
	}
	return altered("hurried", map[string][2]string{
		"salesforce/org/call.go":      limit("callLimit", "2 * time.Minute"),
		"salesforce/signin/signin.go": limit("defaultTimeout", "5 * time.Minute"),
	})
})

// altered makes the program with a text replaced in each of some files, where it has
// to stand once.
func altered(name string, changes map[string][2]string) (string, error) {
	beside, err := exec.LookPath("sidestep")
	if err != nil {
		return "", err
	}
	dir := filepath.Dir(beside)
	replaced := map[string]string{}
	for file, change := range changes {
		path, err := filepath.Abs(filepath.Join("..", filepath.FromSlash(file)))
		if err != nil {
			return "", err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		if n := strings.Count(string(text), change[0]); n != 1 {
			return "", fmt.Errorf("%s says %q %d times", file, change[0], n)
		}
		text = []byte(strings.Replace(string(text), change[0], change[1], 1))
		replaced[path] = filepath.Join(dir, name+"-"+filepath.Base(path))
		if err := os.WriteFile(replaced[path], text, 0o600); err != nil {
			return "", err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, name+".json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "sidestep-"+name)
	return bin, build(bin, "-overlay", file)
}

// computer is where somebody uses the built program: a home of its own, no
// keychain, no desktop, and a callback port that nobody else has.
type computer struct {
	t    *testing.T
	bin  string
	home string
	port string
	env  []string
}

func newComputer(t *testing.T, env ...string) *computer {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	c := &computer{t: t, bin: bin, home: filepath.Join(t.TempDir(), "home"), port: freePort(t)}
	if err := os.Mkdir(c.home, 0o700); err != nil {
		t.Fatal(err)
	}
	c.env = append([]string{
		"HOME=" + c.home, "SIDESTEP_HOME=" + c.data(), "SIDESTEP_CALLBACK_PORT=" + c.port, "TERM=dumb",
		"PATH=/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(c.home, "nowhere"),
	}, env...)
	return c
}

// data is the folder that the program keeps everything in.
func (c *computer) data() string { return filepath.Join(c.home, "sidestep") }

// freePort is free on both families a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func (c *computer) command(args ...string) *exec.Cmd {
	const stuck = time.Minute // a program that waits for so long waits for nobody
	ctx, cancel := context.WithTimeout(c.t.Context(), stuck)
	c.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, c.bin, args...)
	cmd.Env = c.env
	cmd.WaitDelay = 10 * time.Second // a hanging opener must not hold the pipes
	return cmd
}

// ended is what a command left.
type ended struct {
	code       int
	out, words string
}

func (c *computer) run(args ...string) ended {
	c.t.Helper()
	cmd := c.command(args...)
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	return c.over(cmd.Run(), cmd, &out, &words)
}

func (c *computer) over(err error, cmd *exec.Cmd, out, words *bytes.Buffer) ended {
	c.t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		c.t.Fatal(err)
	}
	return ended{cmd.ProcessState.ExitCode(), out.String(), words.String()}
}

// must fails the test unless the command ended with the code and all of says is
// among its words.
func (e ended) must(t *testing.T, code int, says ...string) ended {
	t.Helper()
	if e.code != code {
		t.Fatalf("exit code %d, want %d\nstdout: %s\nstderr: %s", e.code, code, e.out, e.words)
	}
	for _, s := range says {
		if !strings.Contains(e.words, s) {
			t.Errorf("%q is not said:\n%s", s, e.words)
		}
	}
	return e
}

// signingIn is a sign-in that waits for the browser.
type signingIn struct {
	c          *computer
	cmd        *exec.Cmd
	link       *url.URL
	out, words bytes.Buffer
	copied     chan struct{}
}

// login starts sidestep login and reads on to the link.
func (c *computer) login(args ...string) *signingIn {
	c.t.Helper()
	s := &signingIn{c: c, cmd: c.command(append([]string{"login"}, args...)...), copied: make(chan struct{})}
	words, writer, err := os.Pipe()
	if err != nil {
		c.t.Fatal(err)
	}
	s.cmd.Stdout, s.cmd.Stderr = &s.out, writer
	if err := s.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	_ = writer.Close()
	lines := bufio.NewReader(words)
	for s.link == nil {
		line, err := lines.ReadString('\n')
		s.words.WriteString(line)
		if strings.HasPrefix(line, "http") {
			if s.link, err = url.Parse(strings.TrimSpace(line)); err != nil {
				c.t.Fatal(err)
			}
		}
		if err != nil {
			c.t.Fatalf("no link was printed: %s", s.words.String())
		}
	}
	go func() {
		defer close(s.copied)
		_, _ = io.Copy(&s.words, lines) // ends with the program
	}()
	return s
}

// end waits for the program.
func (s *signingIn) end() ended {
	s.c.t.Helper()
	err := s.cmd.Wait()
	<-s.copied
	return s.c.over(err, s.cmd, &s.out, &s.words)
}

// query is a parameter of the link.
func (s *signingIn) query(name string) string { return s.link.Query().Get(name) }

// callback is the address that the org would send the browser to, with more.
func (s *signingIn) callback(more string) string {
	return "http://127.0.0.1:" + s.c.port + "/OauthRedirect?" + more + "&state=" + s.query("state")
}

// visit goes to a callback as a browser does, and on to the page that it leads
// to. It returns the first answer.
func (s *signingIn) visit(link string) *http.Response {
	s.c.t.Helper()
	resp, err := noRedirects.Get(link)
	if err != nil {
		s.c.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if to, err := resp.Location(); err == nil {
		if page, err := noRedirects.Get(to.String()); err == nil {
			_ = page.Body.Close()
		}
	}
	return resp
}

var noRedirects = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{DisableKeepAlives: true},
}
