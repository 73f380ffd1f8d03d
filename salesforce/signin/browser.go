package signin

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/pkg/browser"
)

// ErrNoBrowser is returned where there is no desktop that could show one.
var ErrNoBrowser = errors.New("there is no desktop here to open a browser on")

const (
	maxLink   = 8 << 10
	openLimit = 10 * time.Second
)

// The opener's own words would be written across the screen.
var silence = sync.OnceFunc(func() { browser.Stdout, browser.Stderr = io.Discard, io.Discard })

// OpenBrowser shows a link in the system's browser, or a mailto link in its mail
// program. Only https, mailto and http to this machine are opened, as one
// argument and without a shell. It may take up to 10 seconds, so it belongs in
// the background.
func OpenBrowser(link string) error {
	if err := openable(link); err != nil {
		return err
	}
	if !desktop(runtime.GOOS, os.Getenv) {
		return ErrNoBrowser
	}
	silence()
	return within(openLimit, func() error { return browser.OpenURL(link) })
}

// within gives up on open after the limit. The opener cannot be stopped, but it
// need not be waited for.
func within(limit time.Duration, open func() error) error {
	done := make(chan error, 1)
	go func() { done <- open() }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("the browser could not be opened: %w", err)
		}
		return nil
	case <-timer.C:
		return errors.New("the browser did not open in time")
	}
}

// desktop reports whether a program with a window can be shown. Windows and
// macOS always can; elsewhere a display says so, or Windows around WSL.
func desktop(system string, env func(string) string) bool {
	if system == "windows" || system == "darwin" {
		return true
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "WSL_INTEROP"} {
		if env(name) != "" {
			return true
		}
	}
	return false
}

var errLink = errors.New("this link is not one that Sidestep opens")

func openable(link string) error {
	if len(link) > maxLink {
		return fmt.Errorf("%w: it is too long", errLink)
	}
	for i := range len(link) {
		c := link[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return fmt.Errorf("%w: it holds a character that no address may hold", errLink)
		}
		// Something like %PATH% is no escape, and some systems would fill it in.
		if c == '%' && !(i+2 < len(link) && isHex(link[i+1]) && isHex(link[i+2])) {
			return fmt.Errorf("%w: it holds a broken escape", errLink)
		}
	}
	u, err := url.Parse(link)
	if err != nil {
		return fmt.Errorf("%w: it is no address", errLink)
	}
	switch {
	case u.Scheme == "mailto" && u.Host == "" && u.Opaque != "":
		return nil
	case u.Scheme == "https" && u.Hostname() != "" && u.User == nil:
		return nil
	case u.Scheme == "http" && isLoopback(u.Hostname()) && u.User == nil:
		return nil
	}
	return fmt.Errorf("%w: only https, mailto and this machine's own addresses are", errLink)
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
