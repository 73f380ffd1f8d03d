package files

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

// listings are what the system writes the contents of a folder into.
var listings = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// list tells what lies in a folder, in the order in which the system has it, also what was
// read before an error. An *os.File asks the system twice as often, and most folders of a
// large project hold two files.
func list(dir string) ([]listed, error) {
	fd, err := retried(func() (int, error) { return unix.Open(dir, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_DIRECTORY, 0) })
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: err}
	}
	defer func() { _ = unix.Close(fd) }()
	buffer := listings.Get().(*[32 << 10]byte)
	defer listings.Put(buffer)
	var all []listed
	for {
		n, err := retried(func() (int, error) { return unix.Getdents(fd, buffer[:]) })
		if err != nil {
			return all, &fs.PathError{Op: "readdirent", Path: dir, Err: err}
		}
		if n == 0 {
			return all, nil
		}
		for rest := buffer[:n]; len(rest) > 0; {
			// Inode, offset, length, sort and name: getdents64(2).
			const lengthAt, kindAt, nameAt = 16, 18, 19
			one := rest[:binary.NativeEndian.Uint16(rest[lengthAt:])]
			rest = rest[len(one):]
			name, _, _ := bytes.Cut(one[nameAt:], []byte{0})
			if string(name) == "." || string(name) == ".." {
				continue
			}
			l := listed{name: string(name)}
			if l.kind, err = kindOf(dir, l.name, one[kindAt]); err == nil {
				all = append(all, l)
			} else if !errors.Is(err, fs.ErrNotExist) {
				return all, err
			}
		}
	}
}

// kindOf tells what sort of thing lies in a folder. Some file systems don't say it at once.
func kindOf(dir, name string, said byte) (fs.FileMode, error) {
	switch said {
	case unix.DT_REG:
		return 0, nil
	case unix.DT_DIR:
		return fs.ModeDir, nil
	case unix.DT_LNK:
		return fs.ModeSymlink, nil
	case unix.DT_UNKNOWN:
		info, err := os.Lstat(filepath.Join(dir, name))
		if err != nil {
			return 0, err
		}
		return info.Mode().Type(), nil
	}
	return fs.ModeIrregular, nil
}
