package code

// Class is what a receiver does with the session id. The words are those of saved
// migrations.
type Class string

// The receiver classes.
const (
	// Unknown is for code that hands the session id on to where it can't be followed,
	// and for generated classes without a receiver.
	Unknown      Class = "unknown"
	CallsBack    Class = "calls-back"
	ChecksSender Class = "checks-sender"
	Ignores      Class = "ignores"
)

// Label is the class in words.
func (c Class) Label() string {
	switch c {
	case CallsBack:
		return "calls back"
	case ChecksSender:
		return "checks the sender"
	case Ignores:
		return "ignores it"
	}
	return "not known yet"
}

// Order says whether a receiver acknowledges before or after it calls back.
type Order string

// The orders.
const (
	// Untold is the order that the source does not tell.
	Untold Order = ""
	Before Order = "before"
	After  Order = "after"
)

// Does is what code does with something of an outbound message.
type Does string

// What code does. The first six are about the session id; the URLs of the message
// are read, stored, forwarded, compared and logged as well, and set as the
// address of a call.
const (
	Reads       Does = "reads"
	Stores      Does = "stores"
	Forwards    Does = "forwards"
	SetsHeader  Does = "sets-header"
	Compares    Does = "compares"
	Logs        Does = "logs"
	SetsAddress Does = "sets-address"
	// Listens is where the messages come in.
	Listens Does = "listens"
	// Acknowledges is where the answer is made.
	Acknowledges Does = "acknowledges"
	// Generated stands for a file that a generator made, or a copy of the WSDL.
	Generated Does = "generated"
	// Mentioned is a comment, a document, or a recorded message.
	Mentioned Does = "mentioned"
)

// Label is what code does, in words.
func (d Does) Label() string {
	switch d {
	case SetsHeader:
		return "sets a session header"
	case SetsAddress:
		return "sets the address of a call"
	}
	return string(d)
}

// Hit is one line that has to do with outbound messages. The strings come from the
// files and are not fit to show as they are.
type Hit struct {
	// File is relative to the searched folder, with slashes.
	File string `json:"file"`
	Line int    `json:"line"`
	// What is the element, in the spelling of the message: SessionId, PartnerUrl,
	// EnterpriseUrl, or "listener" and "ack" for the lines that receive and answer.
	What string `json:"what"`
	Does Does   `json:"does"`
	// As is the name that it goes by in this line, where that is another one.
	As string `json:"as,omitempty"`
	// Excerpt is the line, cut to a readable length, session ids in it masked.
	Excerpt string `json:"excerpt"`
}

// Receiver is one place where outbound messages come in, with the files that the
// session id was followed into.
type Receiver struct {
	// File is where the messages come in.
	File   string   `json:"file"`
	Files  []string `json:"files"`
	Class  Class    `json:"class"`
	Reason string   `json:"reason"`
	// Ack is when it acknowledges, seen from the call back.
	Ack       Order  `json:"ack"`
	AckReason string `json:"ackReason"`
}

// Problem is something that could not be read.
type Problem struct {
	File    string `json:"file"`
	Message string `json:"message"`
}

// Report is what Check found. It is a plain value.
type Report struct {
	Path     string `json:"path"`
	Complete bool   `json:"complete"`
	// Files and Bytes are how much was searched.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// Class is that of the receiver that needs most work, Reason why, and Ack its
	// order. Class is empty where nothing was found.
	Class     Class      `json:"class"`
	Reason    string     `json:"reason"`
	Ack       Order      `json:"ack"`
	AckReason string     `json:"ackReason"`
	Receivers []Receiver `json:"receivers"`
	Hits      []Hit      `json:"hits"`
	Problems  []Problem  `json:"problems"`
}
