package cli

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"sidestep/app"
	"sidestep/salesforce"
	"sidestep/state"
)

// result is what a scan adds up to. It is built anew each time and never saved.
type result struct {
	// title is what people call what was scanned.
	title string
	// instance is the address of the org that was scanned, "" for files alone.
	instance    string
	sources     []salesforce.Source
	problems    []salesforce.Problem
	complete    bool
	definitions []definition
	endpoints   []endpoint
	// verdicts counts the messages by verdict.
	verdicts map[salesforce.Verdict]int
	messages int
	// lost are uses that point at a message which no source holds.
	lost []lostUse
}

// lostUse is something that fires a message nobody has seen: it was deleted, or
// it lies in a file that is missing here.
type lostUse struct {
	salesforce.User
	source string
}

// definition is a message as one source holds it, with what all sources say.
type definition struct {
	*salesforce.Message
	key     string
	source  string
	address salesforce.Endpoint
	all     *state.MessageView
	// users are those of its package, nil where there is only one package.
	users []salesforce.User
}

// endpoint is an address with the messages that any source says go there.
type endpoint struct {
	address  salesforce.Endpoint
	messages []*state.MessageView
	verdict  salesforce.Verdict
	route    state.Route
	progress state.Progress
}

// assess adds up what the sources hold. It uses the same rules as saved work: a
// migration that lives only here.
func assess(found []salesforce.Findings, who state.Org, now time.Time) result {
	several := make([]map[string]*packages, len(found))
	var aside sync.WaitGroup
	aside.Go(func() {
		for i := range found {
			several[i] = inPackages(found[i])
		}
	})
	act := state.Act{By: "scan", At: now}
	m := state.New(who, act)
	for _, f := range found {
		m, _ = m.Merge(f, act)
	}
	overview := m.Overview()
	r := result{instance: who.Instance, complete: true, verdicts: overview.Verdicts, messages: overview.Messages}
	worked := make(map[string]*state.EndpointView, overview.Endpoints)
	addresses := make(map[string]salesforce.Endpoint, overview.Endpoints)
	aside.Go(func() {
		for v := range endpointsIn(overview) {
			worked[v.Key], addresses[v.Address.URL] = v, v.Address
		}
	})
	views := make(map[string]*state.MessageView, overview.Messages)
	for v := range endpointsIn(overview) {
		for i := range v.Messages {
			views[v.Messages[i].Key()] = &v.Messages[i]
		}
	}
	aside.Wait()
	for i := range found {
		r.add(found[i], several[i], views, addresses)
	}
	aside.Go(func() { r.findLost(found) })
	r.groupByEndpoint(worked)
	aside.Wait()
	return r
}

// endpointsIn are all endpoints of an overview.
func endpointsIn(o state.Overview) iter.Seq[*state.EndpointView] {
	return func(yield func(*state.EndpointView) bool) {
		for h := range o.Hosts {
			for e := range o.Hosts[h].Endpoints {
				if !yield(&o.Hosts[h].Endpoints[e]) {
					return
				}
			}
		}
	}
}

func (r *result) findLost(found []salesforce.Findings) {
	held := make(map[string]bool, len(r.definitions))
	for i := range r.definitions {
		held[strings.ToLower(r.definitions[i].key)] = true
	}
	for _, f := range found {
		for _, u := range f.Users {
			if !held[strings.ToLower(u.Message)] {
				r.lost = append(r.lost, lostUse{u, f.Source.Name})
			}
		}
	}
}

// add takes what a source defines. Addresses are parsed once each.
func (r *result) add(f salesforce.Findings, several map[string]*packages, views map[string]*state.MessageView, addresses map[string]salesforce.Endpoint) {
	f.Source.At, f.Source.FileTime = f.Source.At.UTC().Truncate(time.Second), f.Source.FileTime.UTC().Truncate(time.Second)
	r.sources = append(r.sources, f.Source)
	r.problems = append(r.problems, f.Problems...)
	r.complete = r.complete && f.Source.Complete && !slices.ContainsFunc(f.Problems, func(p salesforce.Problem) bool { return !p.Notice })
	r.definitions = slices.Grow(r.definitions, len(f.Messages))
	for i := range f.Messages {
		msg := &f.Messages[i]
		key := msg.Key()
		if msg.Past && i > 0 && f.Messages[i-1].Key() == key {
			continue // it is in the evidence of the one that is told
		}
		address, known := addresses[msg.EndpointURL]
		if !known {
			address = salesforce.ParseEndpoint(msg.EndpointURL)
			addresses[msg.EndpointURL] = address
		}
		d := definition{Message: msg, key: key, source: f.Source.Name, address: address, all: views[key]}
		if len(several) > 0 {
			if p := several[strings.ToLower(key)]; p != nil {
				d.users = p.firing(msg.File)
			}
		}
		r.definitions = append(r.definitions, d)
	}
}

// groupByEndpoint finds every address that any definition names: a message
// whose backup names another address than the org is shown at both.
func (r *result) groupByEndpoint(known map[string]*state.EndpointView) {
	byKey := make(map[string]*endpoint, len(known))
	for i := range r.definitions {
		d := &r.definitions[i]
		e := byKey[d.address.Key]
		if e == nil {
			e = &endpoint{address: d.address, verdict: salesforce.NotAffected}
			byKey[d.address.Key] = e
		}
		if d.all == nil || slices.Contains(e.messages, d.all) {
			continue
		}
		e.messages = append(e.messages, d.all)
		if v := d.all.Assessment.Verdict; v.Compare(e.verdict) < 0 {
			e.verdict = v
		}
	}
	ahead := map[state.Route]state.Progress{}
	for key, e := range byKey {
		proposed := state.InternalFix
		if v := known[key]; v != nil {
			proposed = v.Proposed
		}
		if _, counted := ahead[proposed]; !counted {
			ahead[proposed] = state.ProgressOf(state.Endpoint{}, proposed)
		}
		e.progress = ahead[proposed]
		slices.SortFunc(e.messages, func(a, b *state.MessageView) int {
			if order := a.Assessment.Verdict.Compare(b.Assessment.Verdict); order != 0 {
				return order
			}
			return cmp.Or(strings.Compare(a.Object, b.Object), strings.Compare(a.FullName, b.FullName))
		})
	}
	r.endpoints = slices.Grow(r.endpoints, len(byKey))
	for _, e := range slices.SortedFunc(maps.Values(byKey), func(a, b *endpoint) int {
		return cmp.Or(a.verdict.Compare(b.verdict), cmp.Compare(a.address.Host, b.address.Host), cmp.Compare(a.address.Key, b.address.Key))
	}) {
		r.endpoints = append(r.endpoints, *e)
	}
}

// takeProgress fills in how far the saved work on these endpoints is. Verdicts
// stay those of the sources that were scanned.
func (r *result) takeProgress(folder, id string) error {
	if _, err := os.Stat(folder); err != nil {
		return nil // nothing was ever saved, and a scan makes no folders
	}
	work, err := app.OpenWork(folder)
	if err != nil {
		return err
	}
	saved, err := work.Store.Peek(id)
	if errors.Is(err, state.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	views := map[string]*state.EndpointView{}
	for v := range endpointsIn(saved.Overview()) {
		views[v.Key] = v
	}
	for i := range r.endpoints {
		if v := views[r.endpoints[i].address.Key]; v != nil {
			r.endpoints[i].route, r.endpoints[i].progress = v.Route, v.Progress
		}
	}
	return nil
}

// open counts the messages that are affected or may be.
func (r *result) open() int {
	n := 0
	for v, count := range r.verdicts {
		if v.Open() {
			n += count
		}
	}
	return n
}

// affected counts the messages that are known to have sent a session id.
func (r *result) affected() int {
	n := 0
	for v, count := range r.verdicts {
		if v.Affected() {
			n += count
		}
	}
	return n
}

// hidden counts the problems behind which a message may be.
func (r *result) hidden() int {
	n := 0
	for _, p := range r.problems {
		if !p.Notice {
			n++
		}
	}
	return n
}
