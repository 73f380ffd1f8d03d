package ui

import (
	"slices"

	"sidestep/state"
	"sidestep/vendors"
)

// whose proposes who stands behind an endpoint, with the reason; false when
// nothing tells.
func (s *session) whose(v *state.EndpointView) (vendors.Proposal, bool) {
	h := vendors.Hint{Host: v.Address.Host}
	for i := range v.Messages {
		m := &v.Messages[i]
		h.Messages = append(h.Messages, m.FullName)
		if ns := m.Namespace(); ns != "" && !slices.Contains(h.Namespaces, ns) {
			h.Namespaces = append(h.Namespaces, ns)
		}
		if p := m.Package; p != nil {
			h.Installed = append(h.Installed, vendors.Package{Namespace: p.Namespace, Name: p.Name, Publisher: p.Publisher})
		}
	}
	all := s.deps.Vendors.Propose(h)
	if len(all) == 0 {
		return vendors.Proposal{}, false
	}
	return all[0], true
}

// whoseLines say who seems to stand behind an endpoint, what is known of their
// product, and what to do for it besides the checklist.
func whoseLines(s *session, v *state.EndpointView, w int) []string {
	p, known := s.whose(v)
	if !known {
		return nil
	}
	name := clean(p.Vendor.Name)
	if p.Vendor.Serves == vendors.Many {
		name += ", a platform: the receiver on it is probably your own company's"
	}
	lines := labelled(s.theme, "Whose", name+". "+clean(p.Why), w)
	for _, f := range p.Vendor.Facts {
		lines = append(lines, hang("          ", s.theme.muted.Render(clean(f)), w)...)
	}
	for _, step := range p.Vendor.Steps {
		lines = append(lines, hang("        → ", clean(step), w)...)
	}
	return lines
}

// aboutVendor are the endpoints that a mail about v covers: all open ones of its
// vendor, v first; v alone where it is the company's own.
func (s *session) aboutVendor(v *state.EndpointView) []state.EndpointView {
	all := []state.EndpointView{*v}
	if !toVendor(v) {
		return all
	}
	for _, key := range s.m.EndpointsOf(v.Vendor) {
		o := s.views[key]
		if o != nil && key != v.Key && o.Route != state.InternalFix && !(o.Route != state.Undecided && o.Progress.Complete()) {
			all = append(all, *o)
		}
	}
	return all
}
