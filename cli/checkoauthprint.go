package cli

import (
	"cmp"
	"errors"
	"strings"

	"sidestep/salesforce/credentials"
)

type proofJSON struct {
	Schema      string      `json:"schema"`
	OK          bool        `json:"ok"`
	Flow        string      `json:"flow"`
	Host        string      `json:"host"`
	Instance    string      `json:"instance"`
	OrgID       string      `json:"orgId"`
	OrgName     string      `json:"orgName"`
	UserID      string      `json:"userId"`
	Username    string      `json:"username"`
	Scopes      []string    `json:"scopes"`
	TokenFormat string      `json:"tokenFormat"`
	Checks      []checkJSON `json:"checks"`
}

// checkJSON is one check. outcome is passed, warning, failed or unknown; setup is
// the address of the page of Setup where something can be done, "" for none.
type checkJSON struct {
	ID      string `json:"id"`
	Outcome string `json:"outcome"`
	Text    string `json:"text"`
	Hint    string `json:"hint"`
	Setup   string `json:"setup"`
}

func (w World) printProof(r credentials.Report, asJSON bool) error {
	if asJSON {
		return w.printJSON(proofOf(r))
	}
	p := newPage(false)
	p.line(0, "%s at %s", r.Flow.Name(), r.Host)
	for _, c := range r.Checks {
		p.WriteByte('\n')
		p.line(2, "%-9s%s", outcomeWords[c.Outcome], c.Text)
		if c.Hint != "" {
			p.line(11, "%s", c.Hint)
		}
		if link := setupLink(r, c); link != "" {
			p.line(11, "%s", link)
		}
	}
	return w.printPage(p)
}

var outcomeWords = map[credentials.Outcome]string{
	credentials.Passed: "ok", credentials.Warned: "warning", credentials.Untold: "unknown", credentials.Failed: "FAILED",
}

func proofOf(r credentials.Report) proofJSON {
	out := proofJSON{
		Schema: "sidestep.check-oauth/v1", OK: r.OK(), Flow: string(r.Flow), Host: r.Host, Instance: r.Instance, OrgID: r.OrgID, OrgName: r.OrgName,
		UserID: r.UserID, Username: r.Username, Scopes: append([]string{}, r.Scopes...), Checks: []checkJSON{},
	}
	switch {
	case r.JWT:
		out.TokenFormat = "jwt"
	case r.Instance != "":
		out.TokenFormat = "opaque"
	}
	for _, c := range r.Checks {
		out.Checks = append(out.Checks, checkJSON{c.ID, string(c.Outcome), c.Text, c.Hint, setupLink(r, c)})
	}
	return out
}

func setupLink(r credentials.Report, c credentials.Check) string {
	if c.Page == "" {
		return ""
	}
	return strings.TrimSuffix(cmp.Or(r.Instance, r.Host), "/") + c.Page
}

// verdictOnProof turns a report into the exit code.
func verdictOnProof(r credentials.Report) error {
	failedChecks := 0
	for _, c := range r.Checks {
		if c.Outcome == credentials.Failed {
			failedChecks++
		}
	}
	switch {
	case r.OK():
		return nil
	case r.Instance == "":
		return &trouble{failed, errors.New("the credentials give no token"), "the check that failed says what to do"}
	}
	return &trouble{failed, errors.New("the credentials are not good enough yet: " + count(failedChecks, "check") + " failed"), "each check that failed says what to do"}
}
