package salesforce

import "time"

// SourceKind says where findings come from.
type SourceKind string

// The source kinds, as `scan --json` names them.
const (
	SourceOrg    SourceKind = "org"
	SourceFolder SourceKind = "folder"
	SourceZip    SourceKind = "zip"
	SourceFile   SourceKind = "file"
	// SourceGit is the history of a git repository: every version on every branch.
	SourceGit SourceKind = "git"
)

// Source is one place that was read.
type Source struct {
	// ID recognises the same source when it is added again. For an org it is
	// the org id, for files a digest of what they hold.
	ID   string     `json:"id"`
	Kind SourceKind `json:"kind"`
	// Name is what people call it: the org's alias, the folder's or zip's name.
	Name  string `json:"name"`
	OrgID string `json:"orgId,omitempty"`
	// At is when it was read.
	At time.Time `json:"at"`
	// AsOf is the date of what it holds, given by the admin or by the server
	// that delivered it; zero when nobody said. A live org is as of At.
	AsOf time.Time `json:"asOf,omitzero"`
	// FileTime is the newest modification time among the files that were read. It
	// is a hint for asking "when was this taken?", never a date of its content.
	FileTime time.Time `json:"fileTime,omitzero"`
	// Calls is how many API calls reading it took.
	Calls int `json:"calls"`
	// Complete is false when something that is there could not be read.
	Complete bool `json:"complete"`
	// TellsUsers is true when the source also holds all that may fire its messages,
	// so that "nothing fires it" is a finding. Folders and zips do when Complete.
	TellsUsers bool `json:"tellsUsers,omitempty"`
}

// Problem is something that could not be read. Problems are shown, never
// dropped: what is behind one may be an affected message.
type Problem struct {
	Source string `json:"source"`
	File   string `json:"file"`
	// Line is 0 when there is no line to point at.
	Line    int    `json:"line"`
	Message string `json:"message"`
	// Notice marks a problem that hides nothing: the findings are complete.
	Notice bool `json:"notice,omitempty"`
}

// Findings is what one source holds. The order of Messages is the order in the
// source; the same key may occur in several of its files. A source that holds
// several versions gives those of a key one after the other, that of today first.
type Findings struct {
	Source   Source
	Messages []Message
	Users    []User
	Problems []Problem
	// Audit are the lines of the Setup Audit Trail about outbound messages.
	Audit []AuditEntry
	// People are the integration users of the messages, Packages the installed
	// packages that brought some. Only an org tells them.
	People   []IntegrationUser
	Packages []Package
}
