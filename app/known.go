package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/natefinch/atomic"
)

// KnownOrg is an org that somebody signed in to on this computer. Nothing in it
// is secret.
type KnownOrg struct {
	// Alias is what the admin calls it, "" for nothing.
	Alias    string `json:"alias"`
	OrgID    string `json:"orgId"`
	Name     string `json:"name"`
	Username string `json:"username"`
	// Instance is the base URL of the org, Host the one to sign in at.
	Instance string `json:"instance"`
	Host     string `json:"host"`
	ClientID string `json:"clientId"`
	// Kept is true while there is a sign-in to go on with. KeptIn says where it
	// is: InKeychain, InFile or InCLI, "" where it is not kept.
	Kept       bool      `json:"kept"`
	KeptIn     string    `json:"keptIn,omitempty"`
	SignedInAt time.Time `json:"signedInAt"`
}

// The places where a sign-in is kept.
const (
	InKeychain = "keychain"
	InFile     = "file"
	// InCLI: the Salesforce CLI has it and is asked each time.
	InCLI = "sf"
)

// Called is the shortest name that people know it by.
func (o KnownOrg) Called() string { return cmp.Or(o.Alias, o.Username, o.OrgID) }

func (o KnownOrg) same(p KnownOrg) bool {
	return o.OrgID == p.OrgID && strings.EqualFold(o.Username, p.Username)
}

// Answers reports whether name means this org: its alias, username, org id in
// either length, or host.
func (o KnownOrg) Answers(name string) bool {
	if name == "" {
		return false
	}
	for _, own := range []string{o.Alias, o.Username, hostOf(o.Instance), hostOf(o.Host), o.Instance} {
		if strings.EqualFold(name, own) {
			return true
		}
	}
	return name == o.OrgID || len(o.OrgID) == 18 && name == o.OrgID[:15]
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Host
}

// Known is the list of known orgs, and the keychain with the sign-ins to them.
type Known struct {
	// Path is the file of the list. Sign-ins that somebody wants in files are in
	// the folder sign-ins beside it.
	Path    string
	Secrets Secrets
	// Memory has the sign-ins that the keychain did not take, until the program
	// ends; nil for nowhere.
	Memory *Memory
	// Notice tells the person what was open to others and is closed now; nil
	// refuses it instead.
	Notice func(string)
}

// Secrets keeps the sign-ins. Get and Delete return ErrNoSecret for a name under
// which there is nothing.
type Secrets interface {
	Get(name string) (string, error)
	Set(name, secret string) error
	Delete(name string) error
}

const (
	knownSchema = 1
	// maxKnown bounds the file: an org takes about 400 bytes.
	maxKnown = 4 << 20
)

type knownFile struct {
	Schema int `json:"schema"`
	// Store is InFile after somebody said yes to files.
	Store string     `json:"store,omitempty"`
	Orgs  []KnownOrg `json:"orgs"`
}

// List reads the known orgs, the one signed in to last first.
func (k Known) List() ([]KnownOrg, error) {
	file, err := k.read()
	return file.Orgs, err
}

func (k Known) read() (knownFile, error) {
	var none knownFile
	f, err := os.Open(k.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return none, nil
	}
	if err != nil {
		return none, k.unreadable(err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxKnown+1))
	if err != nil {
		return none, k.unreadable(err)
	}
	var file knownFile
	err = json.Unmarshal(data, &file)
	switch {
	case len(data) > maxKnown || err != nil:
		return none, &Advice{fmt.Errorf("the list of known orgs in %s is damaged", k.Path), "move the file away and sign in again: it holds no work and no secret"}
	case file.Schema > knownSchema:
		return none, &Advice{fmt.Errorf("%s was written by a newer version of Sidestep", k.Path), "update Sidestep; the file is untouched"}
	}
	slices.SortStableFunc(file.Orgs, func(a, b KnownOrg) int { return b.SignedInAt.Compare(a.SignedInAt) })
	return file, nil
}

func (k Known) unreadable(err error) error {
	return &Advice{fmt.Errorf("read the list of known orgs: %w", err), "check that you may read " + k.Path + ", or name another folder in SIDESTEP_HOME"}
}

// change rewrites the list. The caller holds the lock.
func (k Known) change(edit func(*knownFile)) error {
	file, err := k.read()
	if err != nil {
		return err
	}
	file.Schema = knownSchema
	edit(&file)
	data, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(k.Path), 0o700); err != nil {
		return fmt.Errorf("write the list of known orgs: %w", err)
	}
	// A new file is made with mode 0600; one that was opened to others is closed.
	if info, err := os.Stat(k.Path); err == nil && info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(k.Path, 0o600)
	}
	if err := atomic.WriteFile(k.Path, strings.NewReader(string(data)+"\n")); err != nil {
		return fmt.Errorf("write the list of known orgs: %w", err)
	}
	return nil
}

// hold takes the lock on list and sign-ins; it waits while another Sidestep
// has it.
func (k Known) hold(ctx context.Context) (release func(), err error) {
	if err := os.MkdirAll(filepath.Dir(k.Path), 0o700); err != nil {
		return nil, fmt.Errorf("write the list of known orgs: %w", err)
	}
	lock := flock.New(k.Path+".lock", flock.SetPermissions(0o600))
	const again = 20 * time.Millisecond
	if _, err := lock.TryLockContext(ctx, again); err != nil {
		return nil, fmt.Errorf("wait for another Sidestep to write the list of known orgs: %w", err)
	}
	return func() { _ = lock.Close() }, nil
}
