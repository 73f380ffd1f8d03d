package ui

import (
	"context"
	"time"

	"sidestep/salesforce"
	"sidestep/salesforce/clientapp"
	"sidestep/state"
)

// Checks finds out what the program itself can find out about an endpoint. Each
// answers with what is to be recorded; an error means that nothing was found out.
type Checks interface {
	// Code looks at the source below path for what it does with the session id.
	Code(ctx context.Context, path string) (CodeFound, error)
	// Credentials tries a receiver's new credentials, and keeps none of them.
	Credentials(ctx context.Context, c Credentials) (state.Check, error)
	// Probe sends one message without session id. Its error may be an AsksAgain.
	Probe(ctx context.Context, p Probe) (state.Check, error)
	// Recipes are receivers to begin with; SaveRecipe writes one to a file and says
	// where it is.
	Recipes() []Recipe
	SaveRecipe(r Recipe) (path string, err error)
	// AppFiles are the metadata files of an app; certificate is the path of the
	// certificate's file, for JWT bearer. SaveApp writes them into a new folder and
	// says where that is.
	AppFiles(a clientapp.App, certificate string) ([]clientapp.File, error)
	SaveApp(name string, files []clientapp.File) (folder string, err error)
}

// CodeFound is what a receiver's source does with the session id.
type CodeFound struct {
	Check state.Check
	// Receiver and Acks are what the source suggests, with the reason in Check.
	Receiver state.Receiver
	Acks     state.Acks
}

// Credentials are those of a receiver, as the admin types them.
type Credentials struct {
	Host, ClientID string
	// Secret is for client credentials, User and KeyFile are for JWT bearer.
	Secret, User, KeyFile string
	// OrgID is the org that the messages come from. Messages say which objects and
	// fields the receiver needs to see, Writes that it changes them.
	OrgID    string
	Messages []salesforce.Message
	Writes   bool
}

// Probe is one message to be sent.
type Probe struct {
	URL             string
	Message         salesforce.Message
	OrgID, Instance string
	// Private is the second yes, for an address in a private network.
	Private bool
}

// AsksAgain is an error of Probe: nothing was sent, and a second yes is needed for
// the reason that it gives.
type AsksAgain interface {
	error
	AsksAgain() bool
}

// Recipe is a short receiver that does without the session id.
type Recipe struct {
	Language, Variant, About, FileName, Text string
}

// Prover is an Org that can be asked for proof.
type Prover interface {
	// ProveLogins tells how a user logged in since a day.
	ProveLogins(ctx context.Context, username string, since time.Time) (state.Check, error)
	// CountLost counts the records of an object that changed since a day.
	CountLost(ctx context.Context, object string, since time.Time) (state.Check, error)
}
