package credentials

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
)

// rights asks whether the user may do what the receiver does.
func (p *proof) rights(ctx context.Context) {
	for _, u := range p.uses {
		if p.noREST {
			p.add(Check{ID: "rights", Outcome: Untold, Text: "The rights on " + u.Object + " could not be asked without REST."})
			continue
		}
		found, err := p.client.Rights(ctx, u.Object)
		var no *org.APIError
		switch {
		case ctx.Err() != nil:
			return
		case errors.As(err, &no) && no.Status == http.StatusNotFound:
			p.add(lacking("The user does not see the object "+u.Object+".", u))
		case err != nil:
			p.trouble("rights", "The rights on "+u.Object+" were not told: ", err)
		default:
			p.add(u.judge(found))
		}
	}
}

// judge compares what a receiver does with what the user may.
func (u Use) judge(have org.ObjectRights) Check {
	var unseen, fixed []string
	for _, f := range u.Reads {
		if _, seen := have.Fields[strings.ToLower(f)]; !seen {
			unseen = append(unseen, f)
		}
	}
	for _, f := range u.Writes {
		field, seen := have.Fields[strings.ToLower(f)]
		switch {
		case !seen && !slices.Contains(unseen, f):
			unseen = append(unseen, f)
		case seen && !field.Updates:
			fixed = append(fixed, f)
		}
	}
	switch {
	case !have.Reads:
		return lacking("The user may not read "+u.Object+".", u)
	case u.Updates && !have.Updates:
		return lacking("The user may read "+u.Object+" and not change it.", u)
	case len(unseen) > 0:
		return lacking("The user does not see "+count(len(unseen), "field")+" of "+u.Object+": "+strings.Join(unseen, ", ")+".", u)
	case len(fixed) > 0:
		return lacking("The user may not change "+count(len(fixed), "field")+" of "+u.Object+": "+strings.Join(fixed, ", ")+".", u)
	}
	text := "The user may read " + u.Object
	if u.Updates {
		text = "The user may read and change " + u.Object
	}
	if n := len(u.Reads); n > 0 {
		text += " and sees the " + count(n, "field") + " that the receiver needs"
	}
	return Check{ID: "rights", Outcome: Passed, Text: text + "."}
}

func count(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func lacking(text string, u Use) Check {
	access := "Read"
	if u.Updates {
		access = "Read and Edit"
	}
	return Check{
		ID: "rights", Outcome: Failed, Text: text, Page: signin.PagePermissionSets,
		Hint: "Setup → Permission Sets → a set of the integration user → Object Settings → " + u.Object + ": tick " + access + ", and the access to the fields. A name that is spelt differently in the org looks the same.",
	}
}
