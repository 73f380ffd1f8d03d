package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sidestep/email"
	"sidestep/vendors"
)

// Own is what the user put beside, or in the place of, what comes with the program.
type Own struct {
	Texts   email.Templates
	Vendors vendors.Directory
	// Problems are the parts that can't be used, one line each with file and line.
	// What comes with the program stands in for them.
	Problems []error
}

// Own reads the user's texts of mails and directory of vendors.
func (p Places) Own() Own {
	texts, wrong := email.Load(os.DirFS(p.Templates))
	own := Own{Texts: texts, Vendors: vendors.BuiltIn()}
	for _, w := range wrong {
		own.Problems = append(own.Problems, fmt.Errorf("%s/%w", filepath.Base(p.Templates), w))
	}
	directory, entries, err := readVendors(p.Vendors)
	own.Vendors = directory
	if err != nil {
		own.Problems = append(own.Problems, err)
	}
	for _, e := range entries {
		own.Problems = append(own.Problems, e)
	}
	return own
}

// readVendors adds the entries of a file to the directory; no file is no entries.
func readVendors(path string) (vendors.Directory, []vendors.Problem, error) {
	d, name := vendors.BuiltIn(), filepath.Base(path)
	// Before it is opened: opening a pipe waits for somebody to write.
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d, nil, nil
	case err == nil && !info.Mode().IsRegular():
		return d, nil, fmt.Errorf("%s: this is no plain file", name)
	}
	f, err := os.Open(path)
	if err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return d, nil, fmt.Errorf("%s: %w", name, err)
	}
	defer func() { _ = f.Close() }()
	d, problems := d.With(name, f)
	return d, problems, nil
}
