package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"
)

// File is a saved migration that this program holds. Its methods may be called
// from several goroutines.
type File struct {
	store *Store

	mu   sync.Mutex
	hold *hold
	enc  encoder
	// path, id and org say where and for whom the newest version lies.
	path string
	id   string
	org  string
	// seq, day and info describe it; info is nil before the first save.
	seq  uint64
	day  time.Time
	info fs.FileInfo
	// versions are the copies, the newest first.
	versions []version
}

// Save makes m the saved version. When it returns nil, m is on the disk and stays
// there through a power cut; whatever goes wrong, m or the version before it is
// there, whole. An m older than the saved one gives a *StaleError.
func (f *File) Save(m Migration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hold == nil {
		return errors.New("save: the file is closed")
	}
	if m.ID != f.id {
		return f.move(m)
	}
	return f.write(m)
}

func (f *File) write(m Migration) error {
	if m.Seq < f.seq {
		return &StaleError{Have: m.Seq, OnDisk: f.seq}
	}
	parts, err := f.enc.encode(m)
	if err != nil {
		return fmt.Errorf("save: %w", err)
	}
	if size(parts) > maxSize {
		return fmt.Errorf("save: %w", errTooLarge)
	}
	if err := f.undisturbed(m); err != nil {
		return err
	}
	name, err := writeBeside(f.path, parts...)
	if err != nil {
		return fmt.Errorf("save: %w", err)
	}
	if f.info != nil {
		// The work at hand is worth more than a copy of the work before: a copy
		// that cannot be made stops no save.
		f.versions, _ = keep(f.path, f.day, f.versions)
	}
	if err := replace(name, f.path); err != nil {
		_ = os.Remove(name)
		return fmt.Errorf("save: %w", err)
	}
	f.info, _ = os.Stat(f.path)
	if err := syncDir(f.store.dir); err != nil {
		return fmt.Errorf("save: %w", err)
	}
	f.seq, f.day, f.org = m.Seq, m.UpdatedAt, m.Org.ID
	f.versions = thin(f.versions)
	return nil
}

// undisturbed looks whether somebody changed the file in spite of the lock: a
// folder that is shared between machines does that. A newer version stays; an
// older one is replaced, and kept as a copy.
func (f *File) undisturbed(m Migration) error {
	info, err := os.Stat(f.path)
	if err != nil || f.info == nil || os.SameFile(info, f.info) && info.ModTime().Equal(f.info.ModTime()) && info.Size() == f.info.Size() {
		return nil
	}
	if other, err := readMigration(f.path); err == nil && other.Seq > m.Seq {
		return &StaleError{Have: m.Seq, OnDisk: other.Seq}
	}
	return nil
}

// move saves work that has just adopted an org under its new name. Killed half
// way it leaves both: the work with its org, and the work from before.
func (f *File) move(m Migration) error {
	if f.org != "" || m.Org.ID != m.ID {
		return fmt.Errorf("save: work %s does not belong into the file of %s", m.ID, f.id)
	}
	next, err := f.store.take(m.ID)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(next.path); err == nil {
		return errors.Join(fmt.Errorf("save: %w: %s", ErrExists, m.ID), next.hold.release())
	}
	next.enc = f.enc
	if err := next.write(m); err != nil {
		return errors.Join(err, next.hold.release())
	}
	for _, v := range f.versions {
		to := next.path + v.path[len(f.path):]
		if os.Rename(v.path, to) == nil {
			v.path = to
			next.versions = append(next.versions, v)
		}
	}
	err = errors.Join(os.Remove(f.path), syncDir(f.store.dir), f.hold.release())
	f.hold, f.enc, f.path, f.id, f.org = next.hold, next.enc, next.path, next.id, next.org
	f.seq, f.day, f.info, f.versions = next.seq, next.day, next.info, next.versions
	if err != nil {
		return fmt.Errorf("save: the work is saved, but its file from before is left: %w", err)
	}
	return nil
}

// Close gives the migration free for others. It saves nothing.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hold == nil {
		return nil
	}
	h := f.hold
	f.hold = nil
	return h.release()
}
