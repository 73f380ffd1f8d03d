//go:build !linux

package files

import "os"

// list tells what lies in a folder, in the order in which the system has it, also what was
// read before an error.
func list(dir string) ([]listed, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	all := make([]listed, len(entries))
	for i, d := range entries {
		all[i] = listed{d.Name(), d.Type()}
	}
	return all, err
}
