package cli

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sidestep/app"
)

func TestMain(m *testing.M) {
	// Under the race detector every program would sleep a second at its end.
	if err := os.Setenv("GORACE", os.Getenv("GORACE")+" atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){
		"sidestep": func() { os.Exit(testWorld().main(os.Args[1:])) },
		"measured": func() { os.Exit(measured(os.Args[1:])) },
	})
}

// today is the day on which all tests take place.
var today = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// testWorld is the world of the program in tests: the real one but for the
// clock, the keychain and the browser.
func testWorld() World {
	return World{
		Streams: standardStreams(), Version: "1.2.3", Places: app.FindPlaces(),
		Secrets:     folderOfSecrets(os.Getenv("TEST_KEYCHAIN")),
		OpenBrowser: openTestBrowser,
		Now:         func() time.Time { return today },
	}
}

// openTestBrowser notes the link in the file that TEST_BROWSER names.
func openTestBrowser(link string) error {
	name := os.Getenv("TEST_BROWSER")
	if name == "" {
		return errors.New("no desktop in tests")
	}
	return os.WriteFile(name, []byte(link), 0o600)
}

// folderOfSecrets is a keychain in a folder; "" is a computer without one.
type folderOfSecrets string

func (f folderOfSecrets) file(name string) (string, error) {
	if f == "" {
		return "", errors.New("there is no usable keychain here")
	}
	return filepath.Join(string(f), hex.EncodeToString([]byte(name))), nil
}

func (f folderOfSecrets) Get(name string) (string, error) {
	path, err := f.file(name)
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", app.ErrNoSecret
	}
	return string(data), err
}

func (f folderOfSecrets) Set(name, secret string) error {
	path, err := f.file(name)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(secret), 0o600)
}

func (f folderOfSecrets) Delete(name string) error {
	path, err := f.file(name)
	if err != nil {
		return err
	}
	if err := os.Remove(path); errors.Is(err, os.ErrNotExist) {
		return app.ErrNoSecret
	}
	return nil
}
