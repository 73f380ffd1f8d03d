package credentials

import (
	"context"
	"errors"
	"slices"
	"strings"

	"sidestep/salesforce"
	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
)

// Outcome is how a check ended.
type Outcome string

// The outcomes. Untold means that the org did not let it be found out: that is
// neither good nor bad.
const (
	Passed Outcome = "passed"
	Warned Outcome = "warning"
	Failed Outcome = "failed"
	Untold Outcome = "unknown"
)

// Check is one thing that was looked at.
type Check struct {
	// ID names it for programs: token, org, user, scopes, rest, soap, rights or
	// send-outbound-messages.
	ID      string
	Outcome Outcome
	// Text is one sentence for an admin, Hint what to do about it, "" for nothing.
	// They may repeat words of the org, and are to be cleaned before they are shown.
	Text, Hint string
	// Page is the path of the Setup page for it, "" where there is none.
	Page string
}

// Use is what a receiver does with an object when it calls back.
type Use struct {
	Object string
	// Reads are the fields that it needs to see.
	Reads []string
	// Updates: it writes records of the object. Writes are the fields that are
	// known to be written.
	Updates bool
	Writes  []string
}

// UsesOf are the objects and fields that a receiver of the messages needs to see.
func UsesOf(messages []salesforce.Message, writes bool) []Use {
	var uses []Use
	for _, m := range messages {
		i := slices.IndexFunc(uses, func(u Use) bool { return u.Object == m.Object })
		if i < 0 {
			i = len(uses)
			uses = append(uses, Use{Object: m.Object, Updates: writes})
		}
		for _, name := range m.Fields {
			if !slices.Contains(uses[i].Reads, name) {
				uses[i].Reads = append(uses[i].Reads, name)
			}
		}
	}
	return uses
}

// Report is what was found out. It holds no secret.
type Report struct {
	Flow Flow
	Host string
	// The rest is known once there is a token.

	Instance                string
	OrgID, OrgName          string
	UserID, Username, Named string
	Scopes                  []string
	// JWT: the token is in JWT format, which SOAP does not take.
	JWT    bool
	Checks []Check
}

// OK reports whether the credentials are good for what they are needed for.
func (r Report) OK() bool {
	return !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Outcome == Failed })
}

// Prove asks for a token and then what it is good for. What goes wrong is a check
// that failed; the error is that of ctx alone.
//
// The token is not revoked at the end: Salesforce may hand out the same session to
// every request of an app for its user, and the receiver may be using it.
func Prove(ctx context.Context, r Request, uses []Use) (Report, error) {
	p := proof{report: Report{Flow: r.Flow, Host: r.Host}, uses: uses}
	t, err := r.Token(ctx)
	if ctx.Err() != nil {
		return p.report, ctx.Err()
	}
	if err != nil {
		p.trouble("token", "No token: ", err)
		return p.report, nil
	}
	p.report.Instance, p.report.OrgID, p.report.UserID = t.InstanceURL, t.OrgID, t.UserID
	p.report.Scopes = strings.Fields(t.Scope)
	p.report.JWT = strings.HasPrefix(t.Access, "eyJ")
	p.add(Check{ID: "token", Outcome: Passed, Text: "The " + r.Flow.Name() + " gave a token for " + t.InstanceURL + "."})
	if r.OrgID != "" && !sameOrg(r.OrgID, t.OrgID) {
		p.add(Check{ID: "org", Outcome: Failed, Text: "The token is for another org (" + t.OrgID + ") than the messages come from (" + r.OrgID + ").", Hint: "Take host, consumer key and secret from the org of the migration; a sandbox has its own."})
	}
	p.client = org.New(t, org.Options{HTTP: r.HTTP, Now: r.Now})
	for _, step := range []func(context.Context){p.who, p.scopes, p.rest, p.soap, p.rights, p.loop} {
		step(ctx)
		if ctx.Err() != nil {
			return p.report, ctx.Err()
		}
	}
	return p.report, nil
}

// sameOrg compares the part of two ids that both lengths have.
func sameOrg(a, b string) bool {
	const short = 15
	return a[:min(len(a), short)] == b[:min(len(b), short)]
}

// proof is a report that is being made.
type proof struct {
	report Report
	client *org.Client
	uses   []Use
	// noREST: the questions that go through REST can't be asked.
	noREST bool
}

func (p *proof) add(c Check) { p.report.Checks = append(p.report.Checks, c) }

// trouble adds a check that failed for the reason of err.
func (p *proof) trouble(id, about string, err error) {
	c := Check{ID: id, Outcome: Failed, Text: about + err.Error() + "."}
	var api *org.APIError
	var fault *org.Fault
	no, refused := errors.AsType[*signin.Refused](err)
	switch {
	case errors.As(err, &api) && (api.Code != "" || api.Status == 401):
		no = signin.Server(orCode(api.Code), api.Message)
		refused = no.Known()
	case errors.As(err, &fault):
		no = signin.Server(fault.Code, fault.Message)
		refused = no.Known()
	}
	if refused {
		c.Text, c.Hint, c.Page = about+no.Error()+".", no.Hint(), no.Page()
	} else if hinted, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok {
		c.Hint = hinted.Hint()
	}
	p.add(c)
}

func orCode(code string) string {
	if code == "" {
		return "INVALID_SESSION_ID"
	}
	return code
}

// who asks whose token it is.
func (p *proof) who(ctx context.Context) {
	id, err := p.client.Identity(ctx)
	if err != nil {
		p.add(Check{ID: "user", Outcome: Untold, Text: "The org does not say whose token it is beyond the id " + p.report.UserID + ": " + err.Error() + "."})
		return
	}
	r := &p.report
	r.OrgID, r.OrgName, r.UserID, r.Username, r.Named = id.OrgID, id.OrganizationName, id.UserID, id.Username, id.DisplayName
	text := "The token is that of " + id.Username
	if id.OrganizationName != "" {
		text += " in " + id.OrganizationName
	}
	p.add(Check{ID: "user", Outcome: Passed, Text: text + "."})
}

func (p *proof) scopes(context.Context) {
	scopes := p.report.Scopes
	c := Check{ID: "scopes", Outcome: Passed, Text: "Scopes: " + strings.Join(scopes, ", ") + "."}
	const addAPI = "Setup → External Client App Manager → the app → Settings: add the scope Manage user data via APIs (api)."
	switch {
	case len(scopes) == 0:
		c.Outcome, c.Text = Untold, "The org did not say which scopes the token has."
	case !slices.Contains(scopes, "api") && !slices.Contains(scopes, "full"):
		c.Outcome, c.Text, c.Hint, c.Page = Failed, "The scope api is missing; there are: "+strings.Join(scopes, ", ")+".", addAPI, signin.PageApps
	case slices.Contains(scopes, "full") || slices.Contains(scopes, "web"):
		c.Outcome, c.Hint, c.Page = Warned, "A receiver needs no more than api. "+strings.Replace(addAPI, "add", "keep", 1)+" Take full and web away.", signin.PageApps
	}
	p.add(c)
}

func (p *proof) rest(ctx context.Context) {
	if err := p.client.AcceptsREST(ctx); err != nil {
		p.noREST = true
		p.trouble("rest", "REST refuses the token: ", err)
		return
	}
	p.add(Check{ID: "rest", Outcome: Passed, Text: "REST accepts the token."})
}

func (p *proof) soap(ctx context.Context) {
	err := p.client.AcceptsSOAP(ctx)
	switch {
	case err == nil:
		p.add(Check{ID: "soap", Outcome: Passed, Text: "SOAP accepts the token."})
	case errors.Is(err, org.ErrJWT):
		p.add(Check{
			ID: "soap", Outcome: Warned, Text: "SOAP does not accept the token: it is in JWT format, which only REST takes.",
			Hint: "Nothing to do where the receiver calls REST. Where it calls SOAP: Setup → External Client App Manager → the app → Settings → OAuth Settings: untick Issue JWT-based access tokens for named users.", Page: signin.PageApps,
		})
	default:
		p.trouble("soap", "SOAP refuses the token: ", err)
	}
}

// loop warns of the user's updates firing the same message again (SOAP guide,
// "Understanding Outbound Messaging").
func (p *proof) loop(ctx context.Context) {
	const id = "send-outbound-messages"
	if p.noREST {
		p.add(Check{ID: id, Outcome: Untold, Text: "Whether the user has Send Outbound Messages could not be asked without REST."})
		return
	}
	sends, by, err := p.client.SendsMessages(ctx)
	switch {
	case err != nil:
		why := "the org does not show this to the user"
		if !errors.Is(err, org.ErrHidden) {
			why = err.Error()
		}
		p.add(Check{
			ID: id, Outcome: Untold, Text: "Whether the user has Send Outbound Messages can't be told: " + why + ".",
			Hint: "Setup → Users → the user → View Summary: Send Outbound Messages must not be among the system permissions.", Page: signin.PageUsers,
		})
	case !sends:
		p.add(Check{ID: id, Outcome: Passed, Text: "The user does not have Send Outbound Messages, so that what it writes fires no message again."})
	default:
		c := Check{ID: id, Outcome: Warned, Text: "The user has Send Outbound Messages", Hint: "Take it away from the profile and from every permission set of this user: Setup → Profiles (or Permission Sets) → System Permissions.", Page: signin.PageUsers}
		if by != "" {
			c.Text += " by " + by
		}
		if slices.ContainsFunc(p.uses, func(u Use) bool { return u.Updates }) {
			c.Outcome = Failed
		}
		c.Text += ": what it writes can fire the same message again, in a loop."
		p.add(c)
	}
}
