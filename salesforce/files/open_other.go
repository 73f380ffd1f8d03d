//go:build !unix

package files

import "os"

func openFile(path string) (opened, error) {
	f, err := os.Open(path)
	if err != nil {
		return opened{}, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return opened{}, err
	}
	return opened{f, info.Size(), info.ModTime()}, nil
}
