package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"sidestep/email"
	"sidestep/state"
)

// moment is one thing that happened with a vendor.
type moment struct {
	at time.Time
	// day is set where only the day is known.
	day string
	// label is a word for what it is, "" for a change of the record; place is the
	// endpoint that it was about, "" for all of the vendor's.
	label, text, place, by string
	// whole is a text that somebody wrote, "" for none.
	whole string
}

// timeline is everything that happened with a vendor and its endpoints, newest first.
func timeline(m state.Migration, v state.Vendor) []moment {
	var all []moment
	for _, l := range v.Letters {
		all = append(all, letterMoments(l)...)
	}
	for _, a := range v.Answers {
		all = append(all, answerMoment(a))
	}
	for _, n := range v.Notes {
		all = append(all, moment{at: n.At, label: "note", by: n.By, whole: n.Text})
	}
	for _, h := range v.History {
		// Letters and answers tell of themselves.
		if !strings.HasPrefix(h.What, state.EventWritten) && !strings.HasPrefix(h.What, state.EventAnswered) {
			all = append(all, moment{at: h.At, text: h.What, by: h.By})
		}
	}
	all = append(all, endpointMoments(m, v)...)
	slices.Reverse(all) // of what happened at the same time, what was noted last comes first
	slices.SortStableFunc(all, func(a, b moment) int { return b.at.Compare(a.at) })
	return all
}

// letterMoments are that a letter was written, and that it was sent.
func letterMoments(l state.Letter) []moment {
	kind := email.Kind(l.Kind).Label()
	text := kind + ": " + cmp.Or(l.Subject, "no subject")
	if l.To != "" {
		text += ", to " + l.To
	}
	all := []moment{{at: l.WrittenAt, label: "written", text: text + " (" + l.How + ")"}}
	if l.SentAt.IsZero() {
		return all
	}
	sent := moment{at: l.SentAt, day: dateText(l.SentAt), label: "sent", text: kind + ": " + cmp.Or(l.Subject, "no subject")}
	if l.AnswerBy.After(l.SentAt) {
		sent.text += ", answer asked for by " + day(l.AnswerBy)
	}
	if sent.day == dateText(l.WrittenAt.Local()) {
		sent.at = l.WrittenAt // after that: it comes later in the list
	}
	return append(all, sent)
}

func answerMoment(a state.Answer) moment {
	text := "from " + cmp.Or(a.From, "them")
	if a.Subject != "" {
		text += ": " + a.Subject
	}
	if !a.Promised.IsZero() {
		text += ". It names " + day(a.Promised) + " for the repair."
	}
	return moment{at: a.At, label: "answer", text: text, by: a.By, whole: a.Text}
}

// endpointMoments are the notes and the history of a vendor's endpoints. What was
// done to several at once is told once.
func endpointMoments(m state.Migration, v state.Vendor) []moment {
	keys := m.EndpointsOf(v.Name)
	places, told := map[state.Event][]string{}, toldByLetters(v.Letters)
	var events []state.Event
	var all []moment
	for _, key := range keys {
		e := m.Endpoints[key]
		for _, n := range e.Notes {
			all = append(all, moment{at: n.At, label: "note", place: whereabouts(keys, key), by: n.By, whole: n.Text})
		}
		for _, h := range e.History {
			if h.What == state.EventNote || told(h) {
				continue
			}
			if len(places[h]) == 0 {
				events = append(events, h)
			}
			if !slices.Contains(places[h], key) {
				places[h] = append(places[h], key)
			}
		}
	}
	for _, h := range events {
		all = append(all, moment{at: h.At, text: h.What, place: whereabouts(keys, places[h]...), by: h.By})
	}
	return all
}

// whereabouts name the endpoints at which something happened, where the vendor has others.
func whereabouts(all []string, at ...string) string {
	switch {
	case len(at) == len(all):
		return ""
	case len(at) > 1:
		return count(len(at), "endpoint")
	}
	return at[0]
}

// toldByLetters says which lines of an endpoint's history are about letters to the
// vendor.
func toldByLetters(letters []state.Letter) func(state.Event) bool {
	written, sent := map[int64]bool{}, map[string]bool{}
	for _, l := range letters {
		written[l.WrittenAt.UnixNano()] = true
		if !l.SentAt.IsZero() {
			sent[state.EventSent+dateText(l.SentAt)] = true
		}
	}
	return func(h state.Event) bool {
		return sent[h.What] || strings.HasPrefix(h.What, state.EventWritten) && written[h.At.UnixNano()]
	}
}

// when is the time of a moment as the timeline shows it.
func (m moment) when() string {
	if m.day != "" {
		return m.day
	}
	return m.at.Local().Format("2006-01-02 15:04")
}

// lines draw a moment: what it is, and the beginning of what was written.
func (m moment) lines(th theme, style lipgloss.Style, mark string, w int) []string {
	text := clean(m.text)
	switch m.label {
	case "":
		text = style.Render(text)
	case "answer", "sent":
		text = th.good.Render(m.label) + " " + style.Render(text)
	default:
		text = th.accent.Render(m.label) + " " + style.Render(text)
	}
	for _, more := range []string{m.place, m.by} {
		if more != "" {
			text += th.faint.Render("  " + clean(more))
		}
	}
	lines := hang(mark+th.muted.Render(whenColumn(m.when(), w)), text, w)
	if m.whole == "" {
		return lines
	}
	return append(lines, indent(opening(m.whole, w-4), 4)...)
}

// whenColumn is a day and its time in front of what happened; in a narrow window the
// words need the room of the time.
func whenColumn(when string, w int) string {
	if w < 50 {
		return fit(ansi.Truncate(when, len(time.DateOnly), ""), len(time.DateOnly)+1)
	}
	return fit(when, 17)
}

// openingLines is how much of a text the timeline shows; enter opens the rest.
const openingLines = 3

// opening is the beginning of a text, on a few lines.
func opening(text string, w int) []string {
	end := min(len(text), openingLines*w*4)
	for end < len(text) && end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	lines := wrap(clean(strings.TrimSpace(text[:end])), w)
	if len(lines) <= openingLines && end == len(text) {
		return lines
	}
	lines = lines[:min(len(lines), openingLines)]
	last := len(lines) - 1
	lines[last] = strings.TrimRight(fit(lines[last], w-2), " ") + " …"
	return lines
}
