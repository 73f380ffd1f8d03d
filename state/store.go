package state

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
)

// Store is a folder of saved migrations. Beside each file NAME.json lie
//
//	NAME.json.previous-N-DAY   earlier versions: the last one of each of seven days of work
//	NAME.json.damaged-N        what could not be read and was moved aside
//	NAME.json.lock             the lock of whoever works on it, and NAME.json.holder, who that is
//	NAME.json.saving-*         a save under way, or what is left of a killed one
//
// NAME is derived from the migration's id, which may be any text.
type Store struct {
	// ReadOnly says why nothing can be saved here; nil when it can. What is saved
	// already can be looked at with List and Peek.
	ReadOnly error

	dir string
}

// Entry is one saved migration, as far as it can be read.
type Entry struct {
	// ID opens it. It is "" when the file is damaged beyond that.
	ID string
	// Migration is what was read; of a damaged file, its newest good copy.
	Migration Migration
	// Err is a *DamagedError, a *NewerError or what kept the file from being
	// read; nil when it is fine.
	Err error
	// HeldBy says who has it open, "" when nobody does.
	HeldBy string
	Path   string
}

// OpenStore opens the folder of saved work and makes it when it is missing. What
// killed saves left behind is removed. Where nothing can be written, the store is
// ReadOnly; that is no error.
func OpenStore(dir string) (*Store, error) {
	s := &Store{dir: dir}
	if err := writable(dir); err != nil {
		s.ReadOnly = fmt.Errorf("%w: %w", ErrReadOnly, err)
		return s, nil
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open saved work: %w", err)
	}
	for _, f := range files {
		if base, _, ok := strings.Cut(f.Name(), saving); ok {
			removeLeftover(filepath.Join(dir, base), filepath.Join(dir, f.Name()))
		}
	}
	return s, nil
}

// writable makes the folder, for its owner alone, and tries to write in it.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(dir, 0o700) // somebody else's folder cannot be closed, only used
	}
	name, err := writeBeside(filepath.Join(dir, "try.json"))
	if err != nil {
		return err
	}
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err // it is missing when another start has cleaned up already
	}
	return nil
}

// removeLeftover removes what is left of a save of the file at path, unless the
// save is still under way.
func removeLeftover(path, left string) {
	lock := flock.New(path + ".lock")
	if ok, err := lock.TryLock(); ok && err == nil {
		_ = os.Remove(left)
	}
	_ = lock.Close()
}

// fileName derives the name of the file from an id: a readable beginning, and a
// digest that keeps apart ids which differ in case, length or odd characters.
func fileName(id string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(id) {
		if b.Len() == 20 {
			break
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	sum := sha256.Sum256([]byte(id))
	return b.String() + "-" + hex.EncodeToString(sum[:8]) + ".json"
}

func (s *Store) path(id string) string { return filepath.Join(s.dir, fileName(id)) }

// List tells what is saved, the work that was changed last first. A file that
// cannot be read is listed with the reason, and left as it is.
func (s *Store) List() ([]Entry, error) {
	files, err := os.ReadDir(s.dir)
	if noFolder(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list saved work: %w", err)
	}
	versions := map[string][]version{}
	for _, f := range files {
		path := filepath.Join(s.dir, f.Name())
		if v, base, ok := versionOf(path); ok {
			versions[base] = append(versions[base], v)
		} else if filepath.Ext(path) == ".json" && versions[f.Name()] == nil {
			versions[f.Name()] = []version{}
		}
	}
	var out []Entry
	for base, v := range versions {
		slices.SortFunc(v, func(a, b version) int { return cmp.Compare(b.number, a.number) })
		out = append(out, entry(filepath.Join(s.dir, base), v))
	}
	slices.SortFunc(out, func(a, b Entry) int {
		return cmp.Or(b.Migration.UpdatedAt.Compare(a.Migration.UpdatedAt), cmp.Compare(a.Path, b.Path))
	})
	return out, nil
}

// noFolder reports whether the folder of saved work is not there, or can't be: a file
// stands where a folder above it would.
func noFolder(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

func entry(path string, versions []version) Entry {
	e := Entry{Path: path, HeldBy: heldBy(path)}
	e.Migration, e.Err = look(path, versions)
	var damaged *DamagedError
	if errors.As(e.Err, &damaged) && len(damaged.Copies) > 0 {
		e.Migration, _ = readMigration(damaged.Copies[0].Path)
	}
	e.ID = e.Migration.ID
	return e
}

// look reads a saved migration and touches nothing.
func look(path string, versions []version) (Migration, error) {
	m, err := readMigration(path)
	var damaged *DamagedError
	switch {
	case errors.As(err, &damaged):
		damaged.Copies = goodCopies(versions)
	case errors.Is(err, fs.ErrNotExist):
		return Migration{}, missing(path, versions)
	}
	return m, err
}

// Peek reads a saved migration without taking hold of it. Of a newer form it
// returns what could be read beside the *NewerError.
func (s *Store) Peek(id string) (Migration, error) {
	path := s.path(id)
	versions, err := versionsOf(path)
	if noFolder(err) {
		return Migration{}, ErrNotFound
	}
	if err != nil {
		return Migration{}, fmt.Errorf("read saved work: %w", err)
	}
	return look(path, versions)
}

// Open takes hold of a saved migration. It returns ErrNotFound when there is
// none, a *HeldError while somebody else holds it, a *NewerError for a form that
// this version does not write, and a *DamagedError after it moved a damaged file
// aside: Restore then brings back the newest good copy.
func (s *Store) Open(id string) (*File, Migration, error) {
	if _, err := os.Lstat(s.path(id)); errors.Is(err, fs.ErrNotExist) {
		if v, _ := versionsOf(s.path(id)); len(v) == 0 {
			return nil, Migration{}, ErrNotFound
		}
	}
	f, err := s.take(id)
	if err != nil {
		return nil, Migration{}, err
	}
	m, err := f.load()
	if err != nil {
		return nil, m, errors.Join(err, f.Close())
	}
	return f, m, nil
}

// Restore takes hold of a migration whose file is damaged or gone, and puts its
// newest good copy into the place. Where nothing is damaged it is the same as Open.
func (s *Store) Restore(id string) (*File, Migration, error) {
	f, err := s.take(id)
	if err != nil {
		return nil, Migration{}, err
	}
	m, err := f.load()
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		m, err = f.restore()
	}
	if err != nil {
		return nil, m, errors.Join(err, f.Close())
	}
	return f, m, nil
}

// Create takes hold of a new migration and saves it. Where work is saved under
// the same id it returns ErrExists.
func (s *Store) Create(m Migration) (*File, error) {
	if m.ID == "" {
		return nil, errors.New("create saved work: it has no id")
	}
	f, err := s.take(m.ID)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(f.path); err == nil {
		return nil, errors.Join(fmt.Errorf("%w: %s", ErrExists, m.ID), f.Close())
	}
	if err := f.Save(m); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// take takes hold of the file of an id, whatever it holds.
func (s *Store) take(id string) (*File, error) {
	if s.ReadOnly != nil {
		return nil, s.ReadOnly
	}
	path := s.path(id)
	hold, err := takeHold(path)
	if err != nil {
		return nil, err
	}
	versions, err := versionsOf(path)
	if err != nil {
		return nil, errors.Join(err, hold.release())
	}
	return &File{store: s, hold: hold, path: path, id: id, versions: versions}, nil
}
