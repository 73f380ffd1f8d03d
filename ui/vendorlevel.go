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
func (r recordThere) gives(here state.Vendor) string {
	return agreed(here, here.TakenFrom(r.about).WithNotesFrom(r.about))
}
func (r recordThere) takes(here state.Vendor) string {
	return agreed(r.about, r.about.TakenFrom(here).WithNotesFrom(here))
}

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
	if n := len(is.Notes) - len(was.Notes); n > 0 {
		what = append(what, count(n, "note"))
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

// askLevel asks which way the records are brought level. Notes are asked about apart
// from the rest: they may be about one company alone.
func (v *vendor) askLevel(r recordThere) tea.Cmd {
	options := []option{{label: "Leave both as they are"}}
	acts := []func() tea.Cmd{func() tea.Cmd { return nil }}
	offer := func(label, about string, act func() tea.Cmd) {
		if about != "" {
			options, acts = append(options, option{label, clean(about)}), append(acts, act)
		}
	}
	takeOver := func(next state.Vendor) func() tea.Cmd {
		return func() tea.Cmd { return v.s.do("what "+r.org+" has noted", v.s.m.Agreed(next, v.s.act())) }
	}
	here := v.about
	all, notes := here.TakenFrom(r.about), here.WithNotesFrom(r.about)
	offer("Take it over here", agreed(here, all), takeOver(all))
	offer("Take over the notes", agreed(here, notes), takeOver(notes))
	offer("Note it there", agreed(r.about, r.about.TakenFrom(here)), func() tea.Cmd {
		return v.noteThere(r, func(there state.Vendor) state.Vendor { return there.TakenFrom(here) })
	})
	offer("Copy the notes there", agreed(r.about, r.about.WithNotesFrom(here)), func() tea.Cmd {
		return v.noteThere(r, func(there state.Vendor) state.Vendor { return there.WithNotesFrom(here) })
	})
	return v.s.push(newChoose(v.s, here.Name+" in "+r.org, "", options, 0, func(i int) tea.Cmd { return acts[i]() }))
}

// noteThere records in another saved work what is agreed here.
func (v *vendor) noteThere(r recordThere, level func(there state.Vendor) state.Vendor) tea.Cmd {
	name, act := v.about.Name, v.s.act()
	run := v.s.abroad().change([]string{r.id}, func(_ string, m state.Migration) (state.Migration, error) {
		about, _ := m.VendorNamed(name)
		return m.Agreed(level(about), act), nil
	})
	return v.s.doThere("what is noted of "+v.about.Name, errand{run: run, tell: func(out outcome) tea.Msg {
		if out.failed != nil {
			return complain(fmt.Errorf("not noted in %w", out.failed))()
		}
		return sayMsg{text: "Noted in " + r.org + ". Nothing is changed here."}
	}})
}
