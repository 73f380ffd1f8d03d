package ui

import (
	"context"
	"io"
	"os"
	"time"

	"sidestep/email"
	"sidestep/email/answer"
	"sidestep/salesforce"
	"sidestep/state"
	"sidestep/vendors"
)

// Deps is everything that the interface asks of the world. It never opens a file
// or a socket itself.
type Deps struct {
	Work    Work
	Orgs    Orgs
	Files   Files
	Desktop Desktop
	// Kept are the orgs signed in to before, nil where nothing is kept.
	Kept Kept
	// CLI are the Salesforce CLI's logins, nil where they are not asked for.
	CLI CLI
	// Checks finds things out about an endpoint, nil where nothing can be.
	Checks Checks
	// Vendors knows who stands behind which addresses and packages.
	Vendors vendors.Directory
	// Texts are what mails are filled from.
	Texts email.Templates
	// Unusable are files of the admin's, or parts of them, that can't be used: texts
	// of mails (email.Problem) and vendors. Each is one line with file and line.
	Unusable []error
	// Keyboard is what the admin types, nil for the terminal that the program runs in.
	Keyboard io.Reader
	// ReadOnly says why nothing can be saved, nil when it can.
	ReadOnly error
	// Demo is the built-in org, nil in an ordinary run.
	Demo Demo
	// StartDemo switches to the demo from the home screen.
	StartDemo func(context.Context) (Demo, Work, error)
	// Shell can stop the program for a while, nil where there are no such shells.
	Shell Shell
	// By names the person at the keyboard in the history.
	By string
	// Now tells the time.
	Now func() time.Time
}

// Work is where migrations are saved.
type Work interface {
	// List tells the saved migrations, the one worked on last first. Damaged
	// ones are listed with the reason in Trouble.
	List() ([]Saved, error)
	// Open takes hold of a saved migration.
	Open(id string) (Handle, state.Migration, error)
	// Look reads a saved migration and takes no hold of it: as much as this version
	// understands.
	Look(id string) (state.Migration, error)
	// Create takes hold of a new one and saves it.
	Create(m state.Migration) (Handle, error)
	// Restore takes hold of a damaged migration with its newest good copy.
	Restore(id string) (Handle, state.Migration, error)
}

// Saved is a migration on disk.
type Saved struct {
	ID, Name, Detail string
	Progress         state.Progress
	Endpoints        int
	Finished         int
	At               time.Time
	// Due is what has to be done next there, the soonest first.
	Due []state.Due
	// Vendors are those of which something is noted there.
	Vendors []state.Vendor
	// Trouble says in one line why it can't be opened, "" if it can.
	Trouble string
	// Newer is true where a newer version saved it: it can be looked at.
	Newer bool
	// Restorable is true when a good copy of a damaged file is there.
	Restorable bool
}

// Handle is a migration that this program holds.
type Handle interface {
	// Save returns when the migration is safe on disk.
	Save(m state.Migration) error
	Close() error
}

// Orgs signs in to orgs.
type Orgs interface {
	// SignIn begins an attempt at host; text is what the admin typed.
	SignIn(ctx context.Context, host, clientID string) (Attempt, error)
	// Accepts says whether text names a host, with the reason if not.
	Accepts(host string) error
	// Base is the address of the host that text names.
	Base(host string) (string, error)
	// Callbacks are the addresses that an app has to register.
	Callbacks() []string
	// DefaultClient is the client id that is used when none is given, with one
	// sentence on whose it is.
	DefaultClient() (id, about string)
}

// KnownOrg is an org that was signed in to before. It holds no secret.
type KnownOrg struct {
	ID, Name, Username string
	// Host and Client say where and with which app to sign in again.
	Host, Client string
	// Kept is true when the sign-in itself is in the keychain.
	Kept bool
}

// Kept knows the orgs that were signed in to before.
type Kept interface {
	// Known lists them, the one used last first.
	Known() ([]KnownOrg, error)
	// Reconnect uses a kept sign-in. The error is Worn where only a new one helps.
	Reconnect(ctx context.Context, k KnownOrg) (Org, error)
	// SignOut revokes a sign-in and deletes it here; notRevoked says why the org
	// could not be told.
	SignOut(ctx context.Context, k KnownOrg) (notRevoked, err error)
	// KeepInFile is the admin's yes to keeping sign-ins in files where there is
	// no keychain.
	KeepInFile(ctx context.Context, k KnownOrg) error
}

// Worn is the error of a kept sign-in that nothing but a new one replaces: the org
// refuses it, or it is not there any more.
type Worn interface {
	error
	// Again is the host to sign in at, "" for the one of before.
	Again() string
}

// Fleeting is an Org whose sign-in lasts for this run only.
type Fleeting interface {
	// NotKeptBecause says why, nil when it is kept after all.
	NotKeptBecause() error
}

// CLILogin is an org that the Salesforce CLI is logged in to.
type CLILogin struct{ Username, Alias, OrgID, Instance string }

// CLI asks the Salesforce CLI for its logins. Tokens stay in memory.
type CLI interface {
	Logins(ctx context.Context) ([]CLILogin, error)
	Connect(ctx context.Context, l CLILogin) (Org, error)
}

// Attempt is one sign-in under way.
type Attempt interface {
	Link() string
	RedirectURI() string
	Deadline() time.Time
	// Listening is false when every port was taken: then only pasting works.
	Listening() bool
	Wait(ctx context.Context) (Org, error)
	Paste(text string) error
	Close() error
}

// Org is an org that we are signed in to.
type Org interface {
	Who() state.Org
	Scan(ctx context.Context, progress func(Progress)) (salesforce.Findings, error)
}

// Progress is how far a scan is.
type Progress struct {
	Known, Read, Calls  int
	LimitUsed, LimitMax int
	New                 []salesforce.Message
	// Note says why the scan goes another way or what it waits for, "" for
	// nothing; Pause is how long it waits, because the org asked for that (Asked) or
	// is overloaded.
	Note  string
	Pause time.Duration
	Asked bool
}

// Files reads metadata, and the answers of vendors, from the disk.
type Files interface {
	Read(ctx context.Context, path string, asOf time.Time) (salesforce.Findings, error)
	// HasHistory reports whether a folder is in a git repository, whose history can
	// be searched, or that nothing is there; History searches it, and tells now and
	// then how far it is.
	HasHistory(path string) (bool, error)
	History(ctx context.Context, path string, progress func(Searched)) (salesforce.Findings, error)
	// Complete lists paths that begin like text: folders first, then files whose names
	// end in one of ends; where none are given, zips and metadata files.
	Complete(text string, ends ...string) []string
	// Answer reads what a vendor answered from a saved mail or a text. now is the
	// day that relative dates count from where the file tells no other.
	Answer(ctx context.Context, path string, now time.Time) (answer.Answer, error)
}

// Searched is how far the search of a history is.
type Searched struct {
	// Commits is how many are known so far, Compared how many of them were looked at.
	Commits, Compared int
	// Versions is how many versions of workflow files were read.
	Versions int
}

// Demo is the built-in org.
type Demo interface {
	Host() string
	// Approve plays the admin's browser for a sign-in link.
	Approve(ctx context.Context, link string) error
	// Backup names the org's source repository and its date.
	Backup() (name string, asOf time.Time)
	// ReadBackup reads it.
	ReadBackup(ctx context.Context) (salesforce.Findings, error)
}

// Desktop is what lies around the terminal.
type Desktop interface {
	OpenURL(link string) error
	// Copy puts text on the system's clipboard. The terminal's own clipboard is
	// asked besides, so an error here is no failure yet.
	Copy(text string) error
	// SaveDraft writes a mail draft or a calendar file, and says where it is.
	SaveDraft(name string, data []byte) (path string, err error)
	// NewText writes a text to a file of its own for Edit, and RemoveText removes it.
	NewText(text string) (path string, err error)
	RemoveText(path string) error
	// Edit shows such a file in the admin's own editor, on the given terminal, until
	// it is closed, and returns what it holds then: also with some of the errors.
	Edit(path string, in io.Reader, out, errs io.Writer) ([]byte, error)
	// SaveDrafts writes several into a new folder, all of them or none, and says
	// where the folder and each of them is.
	SaveDrafts(ctx context.Context, folder string, drafts []DraftFile) (at string, paths []string, err error)
}

// DraftFile is a mail draft as a file. Several may have the same name.
type DraftFile struct {
	Name string
	Data []byte
}

// Shell is what the program was started from.
type Shell interface {
	// Waits reports whether it could let the program go on after a stop.
	Waits() bool
	// Stop stops the program until it is told to go on.
	Stop()
	// Asked has a value when somebody wants the program to stop.
	Asked() <-chan os.Signal
}

// Hinted is an error that knows what to do next.
type Hinted interface {
	error
	Hint() string
}
