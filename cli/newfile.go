package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// writeNew writes what a command made to a new file; it never replaces one.
func (w World) writeNew(path string, data []byte, what string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return advise(fmt.Errorf("%s is there already", path), "it was left as it is; choose another name")
	}
	if err != nil {
		return advise(fmt.Errorf("%s can't be written: %w", what, err), "choose a folder that exists and that you may write to")
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(path) // half of it is no use to anybody
		return fmt.Errorf("%s can't be written: %w", what, err)
	}
	w.say("Written: %s", path)
	return nil
}
