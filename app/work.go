package app

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"sidestep/state"
	"sidestep/ui"
)

// Work is saved work, as the interface asks for it.
type Work struct{ Store *state.Store }

// OpenWork opens the folder of saved work.
func OpenWork(dir string) (*Work, error) {
	s, err := state.OpenStore(dir)
	if err != nil {
		return nil, fmt.Errorf("open saved work: %w", err)
	}
	return &Work{s}, nil
}

// ReadOnly says why nothing can be saved, nil when it can.
func (w *Work) ReadOnly() error { return advise(w.Store.ReadOnly) }

// List tells what is saved, the one worked on last first.
func (w *Work) List() ([]ui.Saved, error) {
	entries, err := w.Store.List()
	if err != nil {
		return nil, err
	}
	saved := make([]ui.Saved, 0, len(entries))
	for _, e := range entries {
		saved = append(saved, savedOf(e))
	}
	slices.SortStableFunc(saved, func(a, b ui.Saved) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Name, b.Name)) })
	return saved, nil
}

// noCopy is what to do about a damaged file of which there is no good copy.
const noCopy = "it has no good copy: scan the org or open the files again to begin anew"

func savedOf(e state.Entry) ui.Saved {
	m := e.Migration
	sv := ui.Saved{ID: e.ID, Name: cmp.Or(m.Org.Name, e.ID, filepath.Base(e.Path)), At: m.UpdatedAt, Detail: m.Org.Username}
	if m.Org.Instance != "" {
		sv.Detail += " · " + m.Org.Instance
	}
	if e.Err != nil {
		var damaged *state.DamagedError
		var newer *state.NewerError
		sv.Trouble, sv.Newer = e.Err.Error(), errors.As(e.Err, &newer)
		if errors.As(e.Err, &damaged) {
			if sv.Restorable = len(damaged.Copies) > 0; !sv.Restorable {
				sv.Trouble += "; " + noCopy
			}
		}
		if sv.Newer {
			sv.Trouble += "; it can be looked at"
		}
		return sv
	}
	o := m.Overview()
	sv.Progress, sv.Endpoints, sv.Finished, sv.Due = o.Progress, o.Endpoints, o.Finished, m.Chase()
	sv.Vendors = slices.Collect(maps.Values(m.Vendors))
	if e.HeldBy != "" {
		sv.Detail = "open in " + e.HeldBy
	}
	return sv
}

// Open takes hold of a saved migration.
func (w *Work) Open(id string) (ui.Handle, state.Migration, error) {
	f, m, err := w.Store.Open(id)
	if err != nil {
		return nil, m, advise(err)
	}
	return f, m, nil
}

// Look reads a saved migration and takes no hold of it.
func (w *Work) Look(id string) (state.Migration, error) {
	m, err := w.Store.Peek(id)
	var newer *state.NewerError
	if errors.As(err, &newer) && m.ID == id {
		return m, nil // as much as is understood
	}
	return m, advise(err)
}

// Create takes hold of a new migration and saves it.
func (w *Work) Create(m state.Migration) (ui.Handle, error) {
	f, err := w.Store.Create(m)
	if err != nil {
		return nil, advise(err)
	}
	return f, nil
}

// Restore takes hold of a damaged migration with its newest good copy.
func (w *Work) Restore(id string) (ui.Handle, state.Migration, error) {
	f, m, err := w.Store.Restore(id)
	if err != nil {
		return nil, m, advise(err)
	}
	return f, m, nil
}
