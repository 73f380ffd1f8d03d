package cli

import (
	"errors"

	"sidestep/state"
)

// save leaves work in a folder of saved migrations, held by nobody.
func save(folder string, all ...state.Migration) error {
	store, err := state.OpenStore(folder)
	if err != nil {
		return err
	}
	for _, m := range all {
		f, err := store.Create(m)
		if err == nil {
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			return err
		}
	}
	return nil
}
