package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// readMigration reads the saved file at path, or a copy of it. Damage is a
// *DamagedError, a file of a later version a *NewerError beside what could be
// read of it; with any other error nobody can tell what is in the file.
func readMigration(path string) (Migration, error) {
	data, err := readFile(path)
	if errors.Is(err, errTooLarge) {
		return Migration{}, &DamagedError{Path: path, Err: err}
	}
	if err != nil {
		return Migration{}, err
	}
	m, err := Decode(data)
	var newer *NewerError
	switch {
	case errors.As(err, &newer):
		newer.Path = path
		return m, newer
	case err != nil:
		return Migration{}, &DamagedError{Path: path, Err: err}
	}
	base := filepath.Base(path)
	if _, of, ok := versionOf(path); ok {
		base = of
	}
	if fileName(m.ID) != base {
		return Migration{}, &DamagedError{Path: path, Err: fmt.Errorf("it holds other work: %s", m.ID)}
	}
	return m, nil
}

// load reads the saved migration for work on it. A damaged file is moved aside.
func (f *File) load() (Migration, error) {
	m, err := readMigration(f.path)
	var damaged *DamagedError
	switch {
	case errors.As(err, &damaged):
		if damaged.MovedTo, err = setAside(f.path); err != nil {
			return Migration{}, errors.Join(damaged, err)
		}
		damaged.Copies = goodCopies(f.versions)
		return Migration{}, damaged
	case errors.Is(err, fs.ErrNotExist):
		return Migration{}, missing(f.path, f.versions)
	case err != nil:
		return m, err
	}
	f.seq, f.day, f.org = m.Seq, m.UpdatedAt, m.Org.ID
	f.info, err = os.Stat(f.path)
	return m, err
}

// missing says what it means that there is no saved file: nothing was ever
// saved, or what was saved is gone and there are copies.
func missing(path string, versions []version) error {
	if len(versions) == 0 {
		return ErrNotFound
	}
	e := &DamagedError{Path: path, Copies: goodCopies(versions), Err: errors.New("it is missing")}
	for n := 1; ; n++ {
		aside := damagedName(path, n)
		if _, err := os.Lstat(aside); err != nil {
			return e
		}
		e.MovedTo = aside
	}
}

// setAside moves a damaged file out of the way without losing it.
func setAside(path string) (string, error) {
	for n := 1; ; n++ {
		aside := damagedName(path, n)
		if _, err := os.Lstat(aside); err == nil {
			continue
		}
		if err := os.Rename(path, aside); err != nil {
			return "", fmt.Errorf("move the damaged file aside: %w", err)
		}
		return aside, syncDir(filepath.Dir(path))
	}
}

func damagedName(path string, n int) string { return fmt.Sprintf("%s.damaged-%d", path, n) }

func goodCopies(versions []version) []Copy {
	var out []Copy
	for _, v := range versions {
		if m, err := readMigration(v.path); err == nil {
			out = append(out, Copy{Path: v.path, Seq: m.Seq, At: m.UpdatedAt})
		}
	}
	return out
}

// restore puts the newest good copy in the place of the saved file. Copies that
// are damaged too are moved aside on the way.
func (f *File) restore() (Migration, error) {
	for len(f.versions) > 0 {
		v := f.versions[0]
		m, err := readMigration(v.path)
		var damaged *DamagedError
		switch {
		case err == nil:
			return m, f.write(m)
		case !errors.As(err, &damaged):
			return Migration{}, err
		}
		if _, err := setAside(v.path); err != nil {
			return Migration{}, err
		}
		f.versions = f.versions[1:]
	}
	return Migration{}, errors.New("no good copy is left")
}
