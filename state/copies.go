package state

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// keptDays is how many days of work have a copy of their last state.
const keptDays = 7

// version is an earlier version of a saved file. It lies beside the file and is
// named by a number that grows and by the day of its last change. The number,
// and not the day, says which is newer: clocks are wrong now and then.
type version struct {
	path   string
	number int
	day    string
}

var versionName = regexp.MustCompile(`^(.+)\.previous-([0-9]{1,9})-([0-9]{8})$`)

// versionOf reads the name of a copy; base is the name of the file it belongs to.
func versionOf(path string) (v version, base string, ok bool) {
	parts := versionName.FindStringSubmatch(filepath.Base(path))
	if parts == nil {
		return version{}, "", false
	}
	n, err := strconv.Atoi(parts[2])
	return version{path: path, number: n, day: parts[3]}, parts[1], err == nil
}

// versionsOf finds the copies of the saved file at path, the newest first.
func versionsOf(path string) ([]version, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var out []version
	for _, e := range entries {
		v, base, ok := versionOf(filepath.Join(filepath.Dir(path), e.Name()))
		if ok && base == filepath.Base(path) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b version) int { return cmp.Compare(b.number, a.number) })
	return out, nil
}

// keep makes a copy of the saved file at path before it is replaced. A link costs
// nothing; where the file system has none, the bytes are copied.
func keep(path string, day time.Time, before []version) ([]version, error) {
	v := version{number: 1, day: day.UTC().Format("20060102")}
	if len(before) > 0 {
		v.number = before[0].number + 1
	}
	v.path = fmt.Sprintf("%s.previous-%06d-%s", path, v.number, v.day)
	if err := os.Link(path, v.path); err != nil {
		data, err := readFile(path)
		if err != nil {
			return before, err
		}
		name, err := writeBeside(path, data)
		if err != nil {
			return before, err
		}
		if err := replace(name, v.path); err != nil {
			return before, err
		}
	}
	return slices.Insert(before, 0, v), nil
}

// thin removes the copies that are not worth keeping: what stays is the last one
// of each of the last days of work.
func thin(all []version) []version {
	var kept []version
	for _, v := range all {
		again := slices.ContainsFunc(kept, func(k version) bool { return k.day == v.day })
		if again || len(kept) == keptDays {
			if os.Remove(v.path) == nil {
				continue
			}
		}
		kept = append(kept, v)
	}
	return kept
}
