package email

import "sidestep/state"

// told is what a template is filled with: the facts, and what follows from them.
// Each method of Facts that templates may use is a field here, since package fill
// looks at nothing else.
type told struct {
	Facts
	Several           bool
	URL, Host         string
	Receiver          state.Receiver
	Addresses         []Endpoint
	MoreAddresses     int
	Hidden, PlainHTTP bool
	Groups            []Group
	Messages, More    int
	Packages          []string
	Retired           bool
	Names             []string
	DaysOverdue       int
	DaysSilent        int
	Overdue, Urgent   bool
	PromiseOver       bool
}

func (f Facts) told() told {
	return told{
		Facts: f, Several: f.Several(), URL: f.URL(), Host: f.Host(), Receiver: f.Receiver(),
		Addresses: f.Addresses(), MoreAddresses: f.MoreAddresses(), Hidden: f.Hidden(), PlainHTTP: f.PlainHTTP(),
		Groups: f.Groups(), Messages: f.Messages(), More: f.More(), Packages: f.Packages(), Retired: f.Retired(),
		Names: f.Names(), DaysOverdue: f.DaysOverdue(), DaysSilent: f.DaysSilent(), Overdue: f.Overdue(), Urgent: f.Urgent(), PromiseOver: f.PromiseOver(),
	}
}
