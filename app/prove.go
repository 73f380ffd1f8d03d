package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sidestep/salesforce/catchup"
	"sidestep/salesforce/logins"
	"sidestep/state"
)

// shownLogins is how many lines of a timeline are recorded with an endpoint.
const shownLogins = 20

// ProveLogins tells how a user logged in since a day, for the interface.
func (o *Org) ProveLogins(ctx context.Context, username string, since time.Time) (state.Check, error) {
	h, err := o.Logins(ctx, username, since)
	if err != nil {
		return state.Check{}, err
	}
	a := logins.Assess(h)
	c := state.Check{Passed: a.Seen, Summary: a.Evidence}
	for _, w := range a.Warnings {
		c.Details = append(c.Details, "Careful: "+w)
	}
	for _, m := range []*logins.Missing{h.NoLogins, h.NoUses} {
		if m != nil {
			c.Details = append(c.Details, m.Why+": "+m.Hint)
		}
	}
	for _, l := range h.Logins[:min(len(h.Logins), shownLogins)] {
		c.Details = append(c.Details, loginLine(l))
	}
	if more := len(h.Logins) - shownLogins; more > 0 {
		c.Details = append(c.Details, fmt.Sprintf("and %d older ones", more))
	}
	return c, nil
}

// loginLine is a login as a line of a timeline. What is being retired is said in words.
func loginLine(l logins.Login) string {
	parts := []string{l.At.UTC().Format("2006-01-02 15:04"), string(l.Way())}
	if l.Way().Retiring() {
		parts = append(parts, "STILL THE OLD WAY")
	}
	for _, p := range []string{l.Status, l.Application, l.Address} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " · ")
}

// CountLost counts the records of an object that changed since a day, for the
// interface. A number is no proof that anything was caught up.
func (o *Org) CountLost(ctx context.Context, object string, since time.Time) (state.Check, error) {
	p := catchup.Period{Object: object, From: since}
	if err := p.Check(); err != nil {
		return state.Check{}, &Advice{err, "give the API name, as Setup → Object Manager shows it"}
	}
	n, err := o.Count(ctx, p)
	if err != nil {
		return state.Check{}, err
	}
	query, err := p.Query()
	if err != nil {
		return state.Check{}, err
	}
	links := p.LinksIn(o.Who().Instance)
	return state.Check{
		Summary: fmt.Sprintf("%d %s records were changed since %s, as far as your user sees.", n, object, since.Format("2 January 2006")),
		Details: []string{"Not each of them is lost: compare them with what the receiver has.", "SOQL: " + query, "List: " + links.List, "Reports: " + links.Reports},
	}, nil
}
