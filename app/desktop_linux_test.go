package app

import (
	"errors"
	"strings"
	"testing"

	"sidestep/salesforce/signin"
)

// Where there is no desktop, a mail program is no browser.
func TestWithoutADesktopEachLinkSaysWhatIsMissing(t *testing.T) {
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "WSL_INTEROP"} {
		t.Setenv(name, "")
	}
	var hinted interface{ Hint() string }
	if err := (Desktop{}).OpenURL("mailto:jo@vendor.example"); err == nil || !strings.Contains(err.Error(), "open a mail program on") || !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), "(d)") {
		t.Errorf("a mail: %v", err)
	}
	if err := (Desktop{}).OpenURL("https://vendor.example/"); !errors.Is(err, signin.ErrNoBrowser) {
		t.Errorf("a page: %v", err)
	}
}
