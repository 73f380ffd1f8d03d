package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/natefinch/atomic"
)

// maxSize is the largest saved file that is read or written, in bytes.
const maxSize = 64 << 20

// saving marks a file that is being written. What is left of a killed save
// carries it too.
const saving = ".saving-"

// writeBeside writes parts durably to a new file next to path, mode 0600, and
// returns its name.
func writeBeside(path string, parts ...[]byte) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+saving+"*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // nothing more can be done; the next start cleans up
		}
	}()
	for _, part := range parts {
		if _, err = f.Write(part); err != nil {
			_ = f.Close()
			return "", err
		}
	}
	if err = f.Sync(); err != nil {
		_ = f.Close()
		return "", err
	}
	return f.Name(), f.Close()
}

// replace puts a file in the place of another, in one step.
func replace(from, to string) error {
	return patiently(func() error { return atomic.ReplaceFile(from, to) })
}

// patiently does something to a file again for a while where it fails on Windows, which
// refuses it while somebody else has the file: a virus scanner, or another Sidestep that
// lists what is saved or saves.
func patiently(do func() error) error {
	err := do()
	for tries := 0; err != nil && !errors.Is(err, fs.ErrNotExist) && runtime.GOOS == "windows" && tries < 20; tries++ {
		time.Sleep(10 * time.Millisecond)
		err = do()
	}
	return err
}

// syncDir makes renames in a folder durable. Windows cannot, and need not: its
// renames are written through.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// errTooLarge is damage: Sidestep never writes such a file.
var errTooLarge = fmt.Errorf("it is larger than %d MB", maxSize>>20)

// readFile reads a saved file that is not absurdly large.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", path)
	}
	if info.Size() > maxSize {
		return nil, errTooLarge
	}
	var f *os.File
	if err := patiently(func() (err error) { f, err = os.Open(path); return err }); err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data := make([]byte, 0, info.Size()+512)
	for {
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if len(data) > maxSize {
			return nil, errTooLarge
		}
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
}
