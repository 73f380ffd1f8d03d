package org

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sidestep/salesforce/logins"
)

// maxLogins is how many logins are asked for: what is older says nothing new.
const maxLogins = 200

const (
	needsLoginRights = "Setup → Permission Sets → System Permissions: your user needs Manage Users, or Monitor Login History"
	needsLogRights   = "Setup → Permission Sets → System Permissions: your user needs View Event Log Files and API Enabled"
)

// Logins tells what the org knows of a user's sign-ins and API calls since a day
// (LoginHistory, and the event log files ApiTotalUsage). Each of the two is
// missing by itself, with the reason, where a right or a licence is missing. The
// error is about the user, the sign-in or ctx.
func (c *Client) Logins(ctx context.Context, username string, since time.Time) (logins.History, error) {
	h := logins.History{Username: username, Since: since}
	type row struct {
		ID, Username string
		IsActive     bool
	}
	found, err := whole[row](ctx, c, "SELECT Id, Username, IsActive FROM User WHERE Username = "+quote(username)+" LIMIT 1")
	if err != nil {
		return h, err
	}
	if len(found) == 0 || !isUserID(found[0].ID) {
		return h, &hinted{text: fmt.Sprintf("the org shows no user %q", username), hint: "give the username, which looks like a mail address; Setup → Users lists them"}
	}
	h.UserID, h.Username, h.Active = id18(found[0].ID), found[0].Username, found[0].IsActive
	if err := c.loginsOf(ctx, &h); err != nil {
		if ends(ctx, err) {
			return h, err
		}
		h.NoLogins = missing(err, "your user may not read the logins of others", needsLoginRights)
	}
	if err := c.usesOf(ctx, &h); err != nil {
		if ends(ctx, err) {
			return h, err
		}
		h.NoUses = missing(err, "your user may not read event log files, or the org has none", needsLogRights)
	}
	return h, nil
}

// ends reports whether an error leaves nothing to go on with.
func ends(ctx context.Context, err error) bool { return ctx.Err() != nil || errors.Is(err, ErrExpired) }

// missing turns an error into the reason why something could not be read.
func missing(err error, hidden, hint string) *logins.Missing {
	if errors.Is(err, ErrHidden) || hides(err) {
		return &logins.Missing{Why: hidden, Hint: hint}
	}
	return &logins.Missing{Why: err.Error(), Hint: hintOf(err)}
}

// loginsOf reads LoginHistory. Only UserId and LoginTime are filtered by, which the
// usage note of the object allows.
func (c *Client) loginsOf(ctx context.Context, h *logins.History) error {
	type row struct {
		LoginTime, LoginType, LoginSubType, Application, Status, SourceIP, APIType, APIVersion string
	}
	const columns = "LoginTime, LoginType, LoginSubType, Application, Status, SourceIp, ApiType, ApiVersion"
	found, err := whole[row](ctx, c, fmt.Sprintf("SELECT %s FROM LoginHistory WHERE UserId = %s AND LoginTime >= %s ORDER BY LoginTime DESC LIMIT %d", columns, quote(h.UserID), moment(h.Since), maxLogins))
	if err != nil {
		return err
	}
	for _, r := range found {
		h.Logins = append(h.Logins, logins.Login{
			At: date(r.LoginTime), Type: r.LoginType, SubType: r.LoginSubType, Application: r.Application, Address: r.SourceIP, Status: r.Status, APIType: r.APIType, APIVersion: r.APIVersion,
		})
	}
	h.Cut = len(found) == maxLogins
	if len(h.Logins) > 0 {
		return nil
	}
	me := id18(c.Token().UserID)
	if me == "" {
		id, err := c.userinfo(ctx)
		if err != nil {
			return err
		}
		me = id.UserID
	}
	if me == h.UserID {
		return nil
	}
	// Who may not read the logins of others is shown none of them, as if there were
	// none. In half a year somebody else will have signed in.
	others, err := whole[struct{ ID string }](ctx, c, "SELECT Id FROM LoginHistory WHERE UserId != "+quote(me)+" LIMIT 1")
	if err == nil && len(others) == 0 {
		return ErrHidden
	}
	return err
}

// moment writes a time for SOQL.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func isUserID(id string) bool { return strings.HasPrefix(id, "005") && isID(id) }

// isID reports whether a text has the form of an id, so that it may stand in a path.
func isID(id string) bool {
	if len(id) != 15 && len(id) != 18 {
		return false
	}
	return !strings.ContainsFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
