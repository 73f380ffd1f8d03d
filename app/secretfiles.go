package app

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// SecretFiles keeps secrets as files that only their owner can read, for people
// who said yes to that. A link is never followed, and what belongs to somebody
// else is not read.
type SecretFiles struct {
	Dir string
	// Notice tells the person what was open to others and is closed now; nil
	// refuses it instead.
	Notice func(string)
}

const (
	// maxSecret is far above a sign-in, which takes about a kilobyte.
	maxSecret  = 64 << 10
	unfinished = ".new-"
)

// Get reads a secret. The error is ErrNoSecret when there is none.
func (f SecretFiles) Get(name string) (string, error) {
	if err := f.folder(false); err != nil {
		return "", err
	}
	path := f.path(name)
	file, now, err := open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	if err := f.ours(path, now, file.Chmod, 0o600); err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	if err != nil || len(data) > maxSecret {
		return "", errors.New("the file of the kept sign-in can't be read")
	}
	return string(data), nil
}

// replacedOften is how often another Sidestep may keep a new secret while this one opens
// the file: more than as many as anybody runs at a time.
const replacedOften = 50

// open opens the file of a secret. What is looked at must be what is opened, so that no
// link is followed; where another Sidestep has just put a new file there, it looks again.
func open(path string) (*os.File, fs.FileInfo, error) {
	for range replacedOften {
		before, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil, ErrNoSecret
		case err != nil:
			return nil, nil, fmt.Errorf("read the kept sign-in: %w", err)
		case !before.Mode().IsRegular():
			return nil, nil, notAFile(path)
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, nil, fmt.Errorf("read the kept sign-in: %w", err)
		}
		now, err := file.Stat()
		if err == nil && os.SameFile(before, now) {
			return file, now, nil
		}
		_ = file.Close()
	}
	return nil, nil, notAFile(path)
}

// Set keeps a secret. When it returns, the secret is on the disk.
func (f SecretFiles) Set(name, secret string) error {
	if err := f.folder(true); err != nil {
		return err
	}
	f.sweep()
	temp := filepath.Join(f.Dir, unfinished+rand.Text())
	if err := writeNew(temp, secret); err != nil {
		_ = os.Remove(temp)
		return fmt.Errorf("keep the sign-in in a file: %w", err)
	}
	// A link that somebody put there is replaced, not followed.
	if err := os.Rename(temp, f.path(name)); err != nil {
		_ = os.Remove(temp)
		return fmt.Errorf("keep the sign-in in a file: %w", err)
	}
	if dir, err := os.Open(f.Dir); err == nil {
		_ = dir.Sync() // not every system can
		_ = dir.Close()
	}
	return nil
}

func writeNew(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Chmod(0o600), file.Sync(), file.Close())
}

// sweep removes what a killed Sidestep left. The caller holds the lock.
func (f SecretFiles) sweep() {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), unfinished) {
			_ = os.Remove(filepath.Join(f.Dir, e.Name()))
		}
	}
}

// Delete removes a secret. The error is ErrNoSecret when there was none.
func (f SecretFiles) Delete(name string) error {
	f.sweep()
	err := os.Remove(f.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNoSecret
	case err != nil:
		return fmt.Errorf("delete the kept sign-in: %w", err)
	}
	return nil
}

// path is derived: a username is no file name.
func (f SecretFiles) path(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(f.Dir, hex.EncodeToString(sum[:16]))
}

// folder makes sure of the folder before anything in it is trusted.
func (f SecretFiles) folder(create bool) error {
	if create {
		if err := os.MkdirAll(filepath.Dir(f.Dir), 0o700); err != nil {
			return fmt.Errorf("keep the sign-in in a file: %w", err)
		}
		if err := os.Mkdir(f.Dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("keep the sign-in in a file: %w", err)
		}
	}
	info, err := os.Lstat(f.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNoSecret
	case err != nil:
		return fmt.Errorf("read the kept sign-in: %w", err)
	case !info.IsDir():
		return &Advice{fmt.Errorf("%s is no folder", f.Dir), "remove it, then sign in again"}
	}
	return f.ours(f.Dir, info, func(m fs.FileMode) error { return os.Chmod(f.Dir, m) }, 0o700)
}

// ours refuses what belongs to somebody else, and closes what is open to others.
func (f SecretFiles) ours(path string, info fs.FileInfo, chmod func(fs.FileMode) error, mode fs.FileMode) error {
	if !mine(info) {
		return &Advice{fmt.Errorf("%s belongs to another user of this computer", path), "remove it, then sign in again"}
	}
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	open := fmt.Sprintf("%s was open to other users of this computer", path)
	if f.Notice == nil {
		return &Advice{errors.New(open), fmt.Sprintf("sign out and in again, or close it: chmod %o", mode)}
	}
	if err := chmod(mode); err != nil {
		return &Advice{fmt.Errorf("%s, and can't be closed: %w", open, err), "remove it, then sign in again"}
	}
	f.Notice(open + ". It is closed now; if others use this computer, sign out and in again.")
	return nil
}

func notAFile(path string) error {
	return &Advice{fmt.Errorf("%s is no ordinary file, so the sign-in is not read from it", path), "remove it, then sign in again"}
}
