package clientapp

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Write writes the files below a folder that it makes. A folder that is there
// already is left as it is, and the error is fs.ErrExist.
func Write(folder string, files []File) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return fmt.Errorf("make the folder for the app: %w", err)
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return fmt.Errorf("make the folder for the app: %w", err)
	}
	for _, f := range files {
		path := filepath.Join(folder, filepath.FromSlash(f.Path))
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err == nil {
			err = os.WriteFile(path, f.Content, 0o644)
		}
		if err != nil {
			// Half an app is no use to anybody, and the folder is ours.
			return errors.Join(fmt.Errorf("write the app's files: %w", err), os.RemoveAll(folder))
		}
	}
	return nil
}
