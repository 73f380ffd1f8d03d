package ui

import (
	"context"
	"strings"
	"time"

	"sidestep/salesforce/clientapp"
	"sidestep/state"
)

// fakeChecks answers every check with found, and notes what it was asked.
type fakeChecks struct {
	found CodeFound
	err   error
	// hold, where there is one, keeps a check waiting until it is closed or stopped.
	hold chan struct{}
	// asked counts the checks that were begun.
	asked       int
	stopped     int
	paths       []string
	credentials []Credentials
	probes      []Probe
	recipes     []Recipe
	saved       []string
}

func (f *fakeChecks) answer(ctx context.Context) (CodeFound, error) {
	f.asked++
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
			f.stopped++
			return CodeFound{}, ctx.Err()
		}
	}
	return f.found, f.err
}

func (f *fakeChecks) Code(ctx context.Context, path string) (CodeFound, error) {
	f.paths = append(f.paths, path)
	return f.answer(ctx)
}

func (f *fakeChecks) Credentials(ctx context.Context, c Credentials) (state.Check, error) {
	f.credentials = append(f.credentials, c)
	found, err := f.answer(ctx)
	return found.Check, err
}

func (f *fakeChecks) Probe(ctx context.Context, p Probe) (state.Check, error) {
	f.probes = append(f.probes, p)
	if strings.Contains(p.URL, "10.0.0.1") && !p.Private {
		return state.Check{}, privateAddress{}
	}
	found, err := f.answer(ctx)
	return found.Check, err
}

func (f *fakeChecks) Recipes() []Recipe { return f.recipes }

func (f *fakeChecks) SaveRecipe(r Recipe) (string, error) {
	f.saved = append(f.saved, r.FileName)
	return "recipes/" + r.FileName, nil
}

func (f *fakeChecks) AppFiles(a clientapp.App, certificate string) ([]clientapp.File, error) {
	if certificate != "" {
		a.Certificate = []byte(certificate)
	}
	return clientapp.Files(a)
}

func (f *fakeChecks) SaveApp(name string, files []clientapp.File) (string, error) {
	for _, file := range files {
		f.saved = append(f.saved, file.Path)
	}
	return "recipes/" + name, nil
}

type privateAddress struct{}

func (privateAddress) Error() string   { return "10.0.0.1 is a private address: nothing was sent" }
func (privateAddress) AsksAgain() bool { return true }

// asked is what the org was asked for.
type asked struct {
	what  string
	since time.Time
}

// ProveLogins and CountLost answer what the world's checks found.
func (o *fakeOrg) ProveLogins(ctx context.Context, username string, since time.Time) (state.Check, error) {
	o.asked = append(o.asked, asked{username, since})
	found, err := o.w.checks.answer(ctx)
	return found.Check, err
}

func (o *fakeOrg) CountLost(ctx context.Context, object string, since time.Time) (state.Check, error) {
	o.asked = append(o.asked, asked{object, since})
	found, err := o.w.checks.answer(ctx)
	return found.Check, err
}
