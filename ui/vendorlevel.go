package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sidestep/email"
	"sidestep/state"
)

// Whoever looks after several orgs has a record of the same vendor in each. They are
// brought level when that is asked for, never by themselves: two companies may have
// agreed on different days.

// recordThere is the record of the vendor in another saved work.
type recordThere struct {
	id, org string
	about   state.Vendor
}

// recordsThere are those in which something else is noted than here, or nothing yet
// where the vendor is written to.
func (v *vendor) recordsThere() []recordThere {
	var out []recordThere
	for _, sv := range v.s.known {
		if sv.ID == v.s.m.ID || sv.Trouble != "" {
			continue
		}
		there := recordThere{id: sv.ID, org: sv.Name, about: state.Vendor{Name: v.about.Name}}
		i := slices.IndexFunc(sv.Vendors, func(o state.Vendor) bool { return state.SameVendor(o.Name, v.name) })
		if i >= 0 {
			there.about = sv.Vendors[i]
		} else if !slices.ContainsFunc(sv.Due, func(d state.Due) bool { return state.SameVendor(d.Who, v.name) }) {
			continue
		}
		if there.gives(v.about) != "" || there.takes(v.about) != "" {
			out = append(out, there)
		}
	}
	return out
}

// gives says what would be new here, takes what would be new there; "" for nothing.
func (r recordThere) gives(here state.Vendor) string { return agreed(here, here.TakenFrom(r.about)) }
func (r recordThere) takes(here state.Vendor) string { return agreed(r.about, r.about.TakenFrom(here)) }

// agreed says what a record has more than it had, or has otherwise.
func agreed(was, is state.Vendor) string {
	var what []string
	if n := len(is.Contacts) - len(was.Contacts); n > 0 {
		what = append(what, count(n, "contact"))
	}
	if is.Language != was.Language {
		what = append(what, email.Language(is.Language).Native())
	}
	if is.Ticket != was.Ticket || is.TicketLink != was.TicketLink {
		what = append(what, strings.TrimSpace("ticket "+is.Ticket))
	}
	if !is.Promised.Equal(was.Promised) {
		what = append(what, "promised "+day(is.Promised))
	}
	return strings.Join(what, ", ")
}

// text says how the record differs.
func (r recordThere) text(here state.Vendor) string {
	switch gives, takes := r.gives(here), r.takes(here); {
	case gives != "" && takes != "":
		return clean(r.org) + " has " + clean(gives) + "; it lacks " + clean(takes)
	case gives != "":
		return clean(r.org) + " has " + clean(gives)
	default:
		return clean(r.org) + " lacks " + clean(takes)
	}
}

// notedMsg says that the record of a vendor in another work was changed.
type notedMsg struct {
	to    *vendor
	there recordThere
	err   error
}

// askLevel asks which way the records are brought level.
func (v *vendor) askLevel(r recordThere) tea.Cmd {
	options := []option{{label: "Leave both as they are"}}
	acts := []func() tea.Cmd{func() tea.Cmd { return nil }}
	if gives := r.gives(v.about); gives != "" {
		options = append(options, option{"Take it over here", clean(gives)})
		acts = append(acts, func() tea.Cmd {
			return v.s.do("what "+r.org+" has noted", v.s.m.Agreed(v.about.TakenFrom(r.about), v.s.act()))
		})
	}
	if takes := r.takes(v.about); takes != "" {
		options = append(options, option{"Note it there", clean(takes)})
		acts = append(acts, func() tea.Cmd { return v.noteThere(r) })
	}
	return v.s.push(newChoose(v.s, v.about.Name+" in "+r.org, "", options, 0, func(i int) tea.Cmd { return acts[i]() }))
}

// noteThere records in another saved work what is agreed here.
func (v *vendor) noteThere(r recordThere) tea.Cmd {
	here, act := v.about, v.s.act()
	change := v.s.changeElsewhere([]string{r.id}, func(m state.Migration) state.Migration {
		about, _ := m.VendorNamed(here.Name)
		return m.Agreed(about.TakenFrom(here), act)
	})
	r.about = r.about.TakenFrom(here)
	return func() tea.Msg {
		_, err := change()
		return notedMsg{v, r, err}
	}
}

// noted takes what was recorded elsewhere into what is known of there.
func (v *vendor) noted(msg notedMsg) tea.Cmd {
	if msg.err != nil {
		return complain(fmt.Errorf("not noted in %w", msg.err))
	}
	v.s.known = slices.Clone(v.s.known)
	for i := range v.s.known {
		if sv := &v.s.known[i]; sv.ID == msg.there.id {
			others := slices.DeleteFunc(slices.Clone(sv.Vendors), func(o state.Vendor) bool { return state.SameVendor(o.Name, v.name) })
			sv.Vendors = append(others, msg.there.about)
		}
	}
	v.drawn = -1
	return say("Noted in " + msg.there.org + ". Nothing is changed here.")
}
