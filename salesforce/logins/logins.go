// Package logins judges what an org knows of a receiver's sign-ins: whether its
// user has come by OAuth since the cut-over, and who still comes in a way that is
// being retired.
//
// It is pure. Its rule is that presence proves and absence does not: a receiver
// that keeps its token signs in rarely, and an org shows each user only what that
// user may see.
package logins

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Login is a row of LoginHistory (Object Reference, "LoginHistory"), in the org's
// own words.
type Login struct {
	At                          time.Time
	Type, SubType               string
	Application, Address        string
	Status, APIType, APIVersion string
}

// Succeeded reports whether the user was let in.
func (l Login) Succeeded() bool { return strings.EqualFold(l.Status, "Success") }

// Way is how somebody signed in.
type Way string

// The ways. OAuthPassword is the username-password flow, SOAPLogin the call
// login(): Salesforce is retiring both.
const (
	OAuth         Way = "oauth"
	OAuthPassword Way = "oauth-password"
	SOAPLogin     Way = "soap-login"
	OtherWay      Way = "other"
)

// Retiring reports whether Salesforce is retiring the way.
func (w Way) Retiring() bool { return w == OAuthPassword || w == SOAPLogin }

// Way tells how the login was made. An org gives values or labels, depending on
// how it is asked, and some subtypes are documented nowhere: those of an OAuth
// login count as OAuth.
func (l Login) Way() Way {
	kind, sub := squeeze(l.Type), squeeze(l.SubType)
	switch {
	case strings.HasPrefix(sub, "oauthusernamepassword"):
		return OAuthPassword
	case kind == "remoteaccess2.0" || kind == "oauth2" || strings.HasPrefix(sub, "oauth"):
		return OAuth
	case strings.HasPrefix(sub, "soapapi"), strings.HasPrefix(squeeze(l.APIType), "soap"):
		return SOAPLogin
	}
	return OtherWay
}

// squeeze makes values and labels alike: "SOAP API" and "SoapApi".
func squeeze(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(s))
}

// APIUse adds up the API calls of one day that came by the same app from the same
// address (event log file ApiTotalUsage).
type APIUse struct {
	Day time.Time
	// Application is "" for calls that name no app, which is how a session that an
	// app did not make looks.
	Application, Address, Family string
	// Calls counts all of them, Succeeded those that were answered with 2xx.
	Calls, Succeeded int
}

// Missing says why a source could not be read, and what to do about it.
type Missing struct{ Why, Hint string }

// History is what an org knows of one user since a day.
type History struct {
	Username, UserID string
	Active           bool
	Since            time.Time
	// Logins are the newest first. Cut is true where there are older ones that were
	// not read. NoLogins says why there are none to be read; nil: they were.
	Logins   []Login
	Cut      bool
	NoLogins *Missing
	// Uses are those of the days whose event log was read. NoUses is as NoLogins.
	Uses   []APIUse
	Days   []time.Time
	NoUses *Missing
}

// Assessment is what a history adds up to.
type Assessment struct {
	// Seen: the user came by OAuth at least once since the day. False means that it
	// was not seen, never that it failed.
	Seen bool
	// Evidence is one sentence: what was seen, or why not seeing it says little.
	Evidence string
	// OAuth, Retiring and Refused are the logins of those kinds, the newest first.
	OAuth, Retiring, Refused []Login
	// Warnings are sentences on what is not right yet.
	Warnings []string
}

// Assess adds a history up.
func Assess(h History) Assessment {
	var a Assessment
	for _, l := range h.Logins {
		switch way := l.Way(); {
		case l.At.Before(h.Since):
		case !l.Succeeded():
			a.Refused = append(a.Refused, l)
		case way.Retiring():
			a.Retiring = append(a.Retiring, l)
		case way == OAuth:
			a.OAuth = append(a.OAuth, l)
		}
	}
	newestFirst := func(x, y Login) int { return y.At.Compare(x.At) }
	for _, list := range [][]Login{a.OAuth, a.Retiring, a.Refused} {
		slices.SortStableFunc(list, newestFirst)
	}
	used := bestUse(h)
	switch {
	case len(a.OAuth) > 0:
		last := a.OAuth[0]
		a.Seen = true
		a.Evidence = fmt.Sprintf("%s signed in by OAuth %s since %s, the last time on %s%s.", h.Username, times(len(a.OAuth)), day(h.Since), day(last.At), byFrom(last.Application, last.Address))
	case used != nil:
		a.Seen = true
		a.Evidence = fmt.Sprintf("%s made %d successful API calls on %s%s.", h.Username, used.Succeeded, day(used.Day), byFrom(used.Application, used.Address))
	case h.NoLogins != nil && h.NoUses != nil:
		a.Evidence = "Nothing could be read, so nothing is known."
	case h.NoLogins != nil:
		a.Evidence = "The logins could not be read, and the event logs name no app: that says nothing about whether the receiver has come."
	default:
		a.Evidence = fmt.Sprintf("No OAuth login of %s was seen since %s. That is no failure: a receiver that keeps its token signs in rarely, and one that got no message does not sign in at all.", h.Username, day(h.Since))
	}
	a.Warnings = warnings(h, a)
	return a
}

func warnings(h History, a Assessment) []string {
	var list []string
	if !h.Active {
		list = append(list, "The user is deactivated.")
	}
	if n := len(a.Retiring); n > 0 {
		how := "SOAP login()"
		if a.Retiring[0].Way() == OAuthPassword {
			how = "the username-password flow"
		}
		list = append(list, fmt.Sprintf("The user still signs in by %s (%s since %s, the last time on %s%s), which Salesforce is retiring.", how, times(n), day(h.Since), day(a.Retiring[0].At), byFrom(a.Retiring[0].Application, a.Retiring[0].Address)))
	}
	if n := len(a.Refused); n > 0 && (len(a.OAuth) == 0 || a.Refused[0].At.After(a.OAuth[0].At)) {
		list = append(list, fmt.Sprintf("The last try was refused on %s%s: %s.", day(a.Refused[0].At), byFrom(a.Refused[0].Application, a.Refused[0].Address), strings.TrimSuffix(a.Refused[0].Status, ".")))
	}
	return list
}

// bestUse is the newest day on which an app's calls succeeded.
func bestUse(h History) *APIUse {
	var best *APIUse
	for i := range h.Uses {
		u := &h.Uses[i]
		if u.Application != "" && u.Succeeded > 0 && !u.Day.Before(h.Since.Truncate(24*time.Hour)) && (best == nil || u.Day.After(best.Day)) {
			best = u
		}
	}
	return best
}

func byFrom(app, address string) string {
	text := ""
	if app != "" {
		text += " by " + app
	}
	if address != "" {
		text += " from " + address
	}
	return text
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }
