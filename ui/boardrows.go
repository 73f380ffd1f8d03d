package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce"
	"sidestep/state"
)

// row is one line: a host, an endpoint, or a message.
type row struct {
	id   string
	host *state.HostView
	ep   *state.EndpointView
	msg  *state.MessageView
	// shown are the host's endpoints that the board shows; only a host's row has them.
	shown []*state.EndpointView
}

// filter narrows the board to some endpoints.
type filter int

const (
	showAll filter = iota
	showOpen
	showAffected
	showUnknown
	showFinished
	filters
)

func (f filter) String() string {
	return [...]string{"all", "still to do", "affected", "unknown", "finished"}[f]
}

func (f filter) passes(v *state.EndpointView) bool {
	finished := v.Route != state.Undecided && v.Progress.Complete()
	switch f {
	case showOpen:
		return v.Verdict.Open() && !finished
	case showAffected:
		return v.Verdict.Affected()
	case showUnknown:
		return slices.ContainsFunc(v.Messages, func(m state.MessageView) bool { return m.Assessment.Verdict == salesforce.Unknown })
	case showFinished:
		return finished
	}
	return true
}

// order is how hosts and endpoints are sorted.
type order int

const (
	byUrgency order = iota
	byName
	byProgress
	byChange
	orders
)

func (o order) String() string {
	return [...]string{"urgency", "name", "progress", "last change"}[o]
}

// build makes the rows anew and keeps the cursor on what it was on.
func (b *board) build() {
	was := b.at
	b.rows, b.drawn = b.rows[:0], b.s.version
	needle := strings.ToLower(b.query)
	for _, h := range b.hosts() {
		eps := b.endpoints(h, needle)
		if len(eps) == 0 {
			continue
		}
		b.rows = append(b.rows, row{id: "h:" + h.Host, host: h, shown: eps})
		if b.folded[h.Host] {
			continue
		}
		for _, e := range eps {
			b.rows = append(b.rows, row{id: "e:" + e.Key, host: h, ep: e})
			if !b.open[e.Key] {
				continue
			}
			for i := range e.Messages {
				m := &e.Messages[i]
				b.rows = append(b.rows, row{id: "m:" + m.Key(), host: h, ep: e, msg: m})
			}
		}
	}
	b.countMarks()
	b.seek(was)
}

func (b *board) hosts() []*state.HostView {
	out := make([]*state.HostView, len(b.s.o.Hosts))
	for i := range b.s.o.Hosts {
		out[i] = &b.s.o.Hosts[i]
	}
	switch b.sort {
	case byName:
		slices.SortStableFunc(out, func(x, y *state.HostView) int { return cmp.Compare(x.Host, y.Host) })
	case byProgress:
		slices.SortStableFunc(out, func(x, y *state.HostView) int { return cmp.Compare(share(x.Progress), share(y.Progress)) })
	case byChange:
		slices.SortStableFunc(out, func(x, y *state.HostView) int { return newestChange(y).Compare(newestChange(x)) })
	}
	return out
}

func (b *board) endpoints(h *state.HostView, needle string) []*state.EndpointView {
	var out []*state.EndpointView
	for i := range h.Endpoints {
		e := &h.Endpoints[i]
		if b.filter.passes(e) && (b.narrowed == nil || *b.narrowed == e.TriageUse()) && matches(e, needle) {
			out = append(out, e)
		}
	}
	switch b.sort {
	case byName:
		slices.SortStableFunc(out, func(x, y *state.EndpointView) int { return cmp.Compare(x.Key, y.Key) })
	case byProgress:
		slices.SortStableFunc(out, func(x, y *state.EndpointView) int { return cmp.Compare(share(x.Progress), share(y.Progress)) })
	case byChange:
		slices.SortStableFunc(out, func(x, y *state.EndpointView) int { return y.Changed.Compare(x.Changed) })
	}
	return out
}

func matches(e *state.EndpointView, needle string) bool {
	if needle == "" {
		return true
	}
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), needle) }
	if has(e.Address.Masked) || has(e.Vendor) || has(e.Owner.Name) || has(e.Owner.Email) || has(e.Address.Unicode) {
		return true
	}
	return slices.ContainsFunc(e.Messages, func(m state.MessageView) bool { return has(m.Label) || has(m.Key()) })
}

func share(p state.Progress) float64 {
	if p.Of == 0 {
		return 1
	}
	return float64(p.Done) / float64(p.Of)
}

func newestChange(h *state.HostView) (t time.Time) {
	for i := range h.Endpoints {
		if c := h.Endpoints[i].Changed; c.After(t) {
			t = c
		}
	}
	return t
}
