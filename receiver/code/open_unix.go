//go:build unix

package code

import (
	"io"
	"io/fs"
	"syscall"
)

// handle is a file that is open for reading. os.Open asks the system five more
// things about each file than are needed here, which of a whole source tree is a
// third of the time.
type handle int

// open opens a file. What has become a pipe in the meantime does not make it wait.
func open(path string) (handle, error) {
	for {
		fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
		switch err {
		case nil:
			return handle(fd), nil
		case syscall.EINTR:
			continue
		}
		return -1, &fs.PathError{Op: "open", Path: path, Err: err}
	}
}

func (h handle) Read(b []byte) (int, error) {
	for {
		n, err := syscall.Read(int(h), b)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

func (h handle) Close() error { return syscall.Close(int(h)) }
