// Package state is the admin's work: one migration for each org, with its
// endpoints, owners, checklists, notes and drafts, and the evidence that it all
// rests on.
//
// A Migration is a value that nobody changes: every intent of the admin
// ("choose a route", "tick a step") is a method that returns the next one. That
// makes undo a matter of keeping the previous value, and lets a copy be saved in
// the background while the admin goes on. Store is the only code that touches
// the disk.
package state

import (
	"encoding/json"
	"time"

	"sidestep/salesforce"
)

// Schema is the version of the saved form that this program writes.
const Schema = 1

// Org says whose migration it is. Work is bound to the org id: a scan of another
// org never merges into it.
type Org struct {
	// ID is the 18-character org id, "" for a migration from files alone.
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	// Instance is the base URL of the org, for links to its Setup pages.
	Instance string `json:"instance"`
}

// Migration is all of the work for one org, saved as one file.
type Migration struct {
	Schema int `json:"schema"`
	// ID names the saved work: the org id, or the source id of the files it began
	// with until it adopts an org.
	ID string `json:"id"`
	// Seq grows with every change. It, and not the clock, says what is newer.
	Seq       uint64    `json:"seq"`
	Org       Org       `json:"org"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
	// Place is the key of the endpoint that the admin last worked on, "" for the
	// board: resuming leads there.
	Place string `json:"place,omitempty"`
	// Sources are the places that were read, in the order in which they were added.
	Sources   []Source            `json:"sources"`
	Messages  map[string]Message  `json:"messages"`
	Endpoints map[string]Endpoint `json:"endpoints"`
	// Hosts is the admin's work on whole hosts, by host.
	Hosts map[string]Host `json:"hosts,omitempty"`
	// Vendors is what is noted of vendors, by their name in small letters.
	Vendors map[string]Vendor `json:"vendors,omitempty"`
	// extra holds fields of the file that a newer program wrote.
	extra map[string]json.RawMessage
}

// Source is a place that was read, with what it said beside the messages.
type Source struct {
	salesforce.Source
	Users    []salesforce.User    `json:"users,omitempty"`
	Problems []salesforce.Problem `json:"problems,omitempty"`
	// Whole is true once a scan of the org was complete: from then on a message
	// that was not known before is a new one.
	Whole bool `json:"whole,omitempty"`
	// Audit are lines of the Setup Audit Trail. An org forgets them after 180 days;
	// those of earlier scans stay here.
	Audit []salesforce.AuditEntry `json:"audit,omitempty"`
	// People and Packages are as the last scan that could read them found them.
	People   []salesforce.IntegrationUser `json:"people,omitempty"`
	Packages []salesforce.Package         `json:"packages,omitempty"`
}

// Mark says what the last scan changed about a message.
type Mark string

// The marks. Unmarked is the message that the last scan found as before.
const (
	Unmarked   Mark = ""
	MarkNew    Mark = "new"
	MarkChange Mark = "changed"
	MarkGone   Mark = "gone"
)

// Message is what is known about one outbound message.
type Message struct {
	// Definitions holds the message as each source has it, by source id; several
	// when several files of one source define it.
	Definitions map[string][]salesforce.Message `json:"definitions"`
	// Last is the message as the org last had it, once it is gone from there;
	// GoneAt is when a complete scan found that.
	Last   *salesforce.Message `json:"last,omitempty"`
	GoneAt time.Time           `json:"goneAt,omitzero"`
	// Earlier is evidence from scans that a newer one has replaced. Since the
	// cut-off an org forgets what it said; this does not.
	Earlier   []salesforce.Evidence `json:"earlier,omitempty"`
	Statement *Statement            `json:"statement,omitempty"`
	Mark      Mark                  `json:"mark,omitempty"`

	extra map[string]json.RawMessage
}

// Route is what the admin decided to do about an endpoint.
type Route string

// The routes.
const (
	Undecided     Route = ""
	InternalFix   Route = "internal"
	VendorContact Route = "vendor"
	Retire        Route = "retire"
	NoAction      Route = "no-action"
)

// Routes are the routes that can be chosen, in the order in which they are offered.
var Routes = []Route{InternalFix, VendorContact, Retire, NoAction}

// Receiver is what the receiver did with the session id.
type Receiver string

// The receiver classes.
const (
	ReceiverUnknown Receiver = ""
	CallsBack       Receiver = "calls-back"
	ChecksSender    Receiver = "checks-sender"
	Ignores         Receiver = "ignores"
)

// Receivers are the receiver classes in the order in which they are offered.
var Receivers = []Receiver{ReceiverUnknown, CallsBack, ChecksSender, Ignores}

// Acks says in which order a receiver that calls back acknowledges a message.
type Acks string

// The orders. They decide how it fails without a session id: who acknowledges
// first loses data in silence, who calls back first makes Salesforce's queue grow
// until it drops messages.
const (
	AcksUnknown Acks = ""
	AcksFirst   Acks = "first"
	AcksLast    Acks = "last"
)

// AckOrders are the orders in which they are offered.
var AckOrders = []Acks{AcksUnknown, AcksFirst, AcksLast}

// Endpoint is the admin's work on one endpoint. Nothing in it comes from an org:
// no scan ever changes what the admin entered.
type Endpoint struct {
	Key string `json:"key"`
	// URL is the address as the messages have it. It may hold a secret.
	URL       string    `json:"url"`
	FirstSeen time.Time `json:"firstSeen"`
	Route     Route     `json:"route"`
	Receiver  Receiver  `json:"receiver"`
	// Acks is only known of receivers that call back.
	Acks Acks `json:"acks,omitempty"`
	// Flow is the OAuth flow that was chosen, "" for none yet.
	Flow string `json:"flow,omitempty"`
	// Vendor is the company behind the endpoint, "" when it is the admin's own.
	Vendor string `json:"vendor"`
	// Owner is the person to talk to: a colleague, or the vendor's contact.
	Owner Contact `json:"owner"`
	// Due is the day by which an answer or the fix is asked for.
	Due      time.Time        `json:"due,omitzero"`
	Language string           `json:"language,omitempty"`
	Ticks    map[string]Tick  `json:"ticks,omitempty"`
	Notes    []Note           `json:"notes,omitempty"`
	Drafts   map[string]Draft `json:"drafts,omitempty"`
	History  []Event          `json:"history,omitempty"`
	// Statement is what the admin says about all messages of the endpoint.
	Statement *Statement `json:"statement,omitempty"`
	// Checks are what the program itself found out last, by kind.
	Checks map[CheckKind]Check `json:"checks,omitempty"`

	extra map[string]json.RawMessage
}

// Contact is a person.
type Contact struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Tick is the state of one checklist step. A step without a tick is to do.
type Tick struct {
	State TickState `json:"state"`
	// Note is the reason for skipping, or a remark on how it was done.
	Note string    `json:"note,omitempty"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
}

// TickState says how a step was settled.
type TickState string

// The states of a step.
const (
	ToDo    TickState = ""
	Done    TickState = "done"
	Skipped TickState = "skipped"
)

// Note is a remark of the admin's on an endpoint.
type Note struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
}

// Draft is a mail as the admin left it.
type Draft struct {
	Kind     string `json:"kind"`
	Language string `json:"language"`
	To       string `json:"to"`
	// Cc are the addresses that get a copy, separated by commas, "" for none.
	Cc      string `json:"cc,omitempty"`
	Subject string `json:"subject"`
	Body    string `json:"body"`
	// Edited is true once the admin changed the text: it is then never
	// filled in anew.
	Edited bool `json:"edited"`
	// With are the ids of other migrations whose endpoints of the same vendor it is
	// about as well, separated by commas, "" for none.
	With string `json:"with,omitempty"`
	// WrittenAt is when it was last handed to a mail program, clipboard or file;
	// zero before that. Sidestep itself sends nothing.
	WrittenAt time.Time `json:"writtenAt,omitzero"`
	// How says where it went: "copied", "saved as …", "opened in the mail program".
	How string `json:"how,omitempty"`
	// SentAt is the day on which the admin sent it, zero until they say so.
	SentAt time.Time `json:"sentAt,omitzero"`
}

// Event is one line of an endpoint's history.
type Event struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	What string    `json:"what"`
}

// How the lines of a history begin that others look for: each of them is told by something
// else as well. They are saved, so they stay as they are.
const (
	EventNote     = "note added"
	EventWritten  = "mail written"
	EventSent     = "mail sent on " // the day follows
	EventAnswered = "answer received"
)

// Act says who does something, and when.
type Act struct {
	By string
	At time.Time
}

// New begins a migration for an org.
func New(org Org, act Act) Migration {
	return Migration{
		Schema: Schema, ID: org.ID, Org: org, CreatedAt: act.At, UpdatedAt: act.At,
		Messages: map[string]Message{}, Endpoints: map[string]Endpoint{},
	}
}
