//go:build unix

package files

import (
	"io"
	"io/fs"
	"math"
	"time"

	"golang.org/x/sys/unix"
)

// plainFile is an open file that nobody waits for. An *os.File asks the system
// four times more for each file whether it can be waited for, and of thousands of
// small files that takes longer than reading them.
type plainFile struct {
	fd int
	// left is how much of it is to come; a file that grows meanwhile is read as it was.
	left int64
}

// openFile opens a file that was an ordinary one when its folder was read. Should
// a pipe have taken its place, nobody waits for its other end.
func openFile(path string) (opened, error) {
	fd, err := retried(func() (int, error) { return unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0) })
	if err != nil {
		return opened{}, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	var info unix.Stat_t
	if err := unix.Fstat(fd, &info); err != nil {
		_ = unix.Close(fd)
		return opened{}, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	left := info.Size
	if left == 0 {
		left = math.MaxInt64 // some file systems don't tell
	}
	return opened{&plainFile{fd, left}, info.Size, time.Unix(info.Mtim.Unix())}, nil
}

// Read says together with the last of the file that it is the last: asking once more
// for nothing takes as long as a small file.
func (f *plainFile) Read(p []byte) (int, error) {
	n, err := retried(func() (int, error) { return unix.Read(f.fd, p) })
	if err != nil {
		return 0, err
	}
	if f.left -= int64(n); f.left <= 0 || n == 0 && len(p) > 0 {
		return n, io.EOF
	}
	return n, nil
}

func (f *plainFile) Close() error { return unix.Close(f.fd) }

// retried does a system call again that a signal interrupted.
func retried(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != unix.EINTR {
			return n, err
		}
	}
}
