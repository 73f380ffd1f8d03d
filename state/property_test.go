package state

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"sidestep/salesforce"
)

// walk is a random afternoon: merges, scans, removed sources and intents, with a
// record of what the admin entered.
type walk struct {
	*rand.Rand
	m    Migration
	n    int
	work map[string]*entered
	said map[string]string
}

// entered is what the admin entered on one endpoint and did not take back.
type entered struct {
	route  Route
	vendor string
	ticks  map[string]Tick
	notes  []string
	drafts map[string]string
}

func newWalk(seed uint64) *walk {
	w := &walk{Rand: rand.New(rand.NewPCG(seed, 1)), work: map[string]*entered{}, said: map[string]string{}}
	w.m = New(northwind, by(0))
	w.scan()
	return w
}

func (w *walk) act() Act {
	w.n++
	return by(w.n)
}

func (w *walk) messages() []salesforce.Message {
	var out []salesforce.Message
	for i := range 12 {
		if w.IntN(3) > 0 {
			url := fmt.Sprintf("https://h%d.example.com/%d", w.IntN(4), w.IntN(2))
			msg := message("Account", fmt.Sprint("M", i), url, [...]*bool{nil, flagged(true), flagged(false)}[w.IntN(3)])
			out = append(out, msg)
			if w.IntN(4) == 0 { // a second file defines it with another address
				msg.EndpointURL += "/twin"
				out = append(out, msg)
			}
		}
	}
	return out
}

func (w *walk) scan() {
	act := w.act()
	f := scan(w.n, w.messages()...)
	f.Source.Complete = w.IntN(3) > 0
	w.m, _ = w.m.Merge(f, act)
}

func (w *walk) backup() {
	f := backup(fmt.Sprint("backup", w.IntN(3)), w.messages()...)
	f.Users = []salesforce.User{fires("R", flagged(w.IntN(2) == 0), fmt.Sprint("Account.M", w.IntN(12)))}
	w.m, _ = w.m.Merge(f, w.act())
}

// step does one thing.
func (w *walk) step() {
	keys := slices.Sorted(maps.Keys(w.m.Endpoints))
	if len(keys) == 0 {
		w.scan()
		return
	}
	key := keys[w.IntN(len(keys))]
	e := w.work[key]
	if e == nil {
		e = &entered{ticks: map[string]Tick{}, drafts: map[string]string{}}
		w.work[key] = e
	}
	text := fmt.Sprint("text ", w.n)
	steps := Checklist(w.m.Endpoints[key].Route, ReceiverUnknown)
	switch what := w.IntN(14); {
	case what == 0:
		w.scan()
	case what == 1:
		w.backup()
	case what == 2 && len(w.m.Sources) > 0:
		w.m = w.m.RemoveSource(w.m.Sources[w.IntN(len(w.m.Sources))].ID, w.act())
	case what <= 4:
		e.route = Routes[w.IntN(len(Routes))]
		if e.route != w.m.Endpoints[key].Route {
			delete(e.ticks, SignOff)
		}
		w.m = w.m.ChooseRoute(key, e.route, w.act())
	case what == 5:
		e.vendor = text
		w.m = w.m.Assign(key, text, Contact{Name: text}, w.act())
	case what == 6:
		e.notes = append(e.notes, text)
		w.m = w.m.AddNote(key, text, w.act())
	case what == 7:
		e.drafts["first"] = text
		w.m = w.m.KeepDraft(key, Draft{Kind: "first", Body: text}, w.act())
	case what == 8:
		w.state(key, text)
	case what == 9:
		w.several(keys, text)
	case len(steps) > 0:
		s, act := steps[w.IntN(len(steps))], w.act()
		e.ticks[s.ID] = Tick{State: Done, At: act.At, By: act.By}
		w.m = w.m.MarkDone(key, s, act)
	}
}

// several does one thing to some of the endpoints at once.
func (w *walk) several(keys []string, text string) {
	some := slices.DeleteFunc(keys, func(string) bool { return w.IntN(2) == 0 })
	switch w.IntN(4) {
	case 0:
		w.m = w.m.StateAll(some, Statement{Says: w.IntN(2) == 0, Reason: text}, w.act())
	case 1:
		w.m = w.m.UnstateAll(some, w.act())
	case 2:
		w.m = w.m.NameOwner(some, Contact{Name: text}, w.act())
	default:
		var mails []Mailing
		for _, to := range w.m.Addressees(some) {
			mails = append(mails, Mailing{To: to, Draft: Draft{Kind: letterOwner, Body: text}, How: "saved"})
		}
		w.m = w.m.MailsWritten(mails, w.act())
		if w.IntN(2) == 0 {
			w.m = w.m.MailsSent(mails, at(w.n), w.act())
		}
	}
}

func (w *walk) state(key, reason string) {
	for _, h := range w.m.Overview().Hosts {
		for _, v := range h.Endpoints {
			if v.Key == key && len(v.Messages) > 0 {
				w.said[v.Messages[0].Key()] = reason
				w.m = w.m.State(Subject{OneMessage, v.Messages[0].Key()}, Statement{Says: true, Reason: reason}, w.act())
			}
		}
	}
}

// check compares the migration with what was entered.
func (w *walk) check(t *testing.T) {
	t.Helper()
	for key, want := range w.work {
		got := w.m.Endpoints[key]
		var notes []string
		for _, n := range got.Notes {
			notes = append(notes, n.Text)
		}
		// Drafts to a vendor lie in the vendor's record, whoever the endpoint's vendor
		// is by now.
		drafts := map[string]string{}
		for kind, text := range want.drafts {
			if got.Drafts[kind].Body == text || slices.ContainsFunc(slices.Collect(maps.Values(w.m.Vendors)), func(v Vendor) bool { return v.Drafts[kind].Body == text }) {
				drafts[kind] = text
			}
		}
		// A step that only waits for a vendor and a contact is settled by them.
		ticks := maps.Clone(got.Ticks)
		if tick := ticks["vendor"]; want.ticks["vendor"] == (Tick{}) && tick.Note != "" {
			delete(ticks, "vendor")
		}
		if got.Route != want.route || got.Vendor != want.vendor || !slices.Equal(notes, want.notes) ||
			!maps.Equal(drafts, want.drafts) || !maps.Equal(ticks, want.ticks) {
			t.Fatalf("step %d: %s has %+v, entered was %+v", w.n, key, got, want)
		}
	}
	for key, reason := range w.said {
		if s := w.m.Messages[key].Statement; s == nil || s.Reason != reason {
			t.Fatalf("step %d: %s has the statement %+v, stated was %q", w.n, key, s, reason)
		}
	}
}

func TestNothingThatWasEnteredIsEverLost(t *testing.T) {
	for seed := range uint64(60) {
		w := newWalk(seed)
		for range 60 {
			seq := w.m.Seq
			w.step()
			w.check(t)
			if w.m.Seq < seq {
				t.Fatalf("seed %d: the sequence number fell", seed)
			}
		}
		data, err := Encode(w.m)
		if err != nil {
			t.Fatal(err)
		}
		if w.m, err = Decode(data); err != nil {
			t.Fatal(err)
		}
		w.check(t)
	}
}

func TestTheNextOverviewIsTheWholeOne(t *testing.T) {
	for seed := range uint64(25) {
		w := newWalk(seed)
		o := w.m.Overview()
		past := []Migration{w.m}
		for i := range 40 {
			if w.IntN(5) == 0 {
				w.m = past[w.IntN(len(past))].After(w.m, w.act())
			} else {
				w.step()
			}
			past = append(past, w.m)
			last := o
			o = last.Next(w.m)
			if want := past[len(past)-2].Overview(); !reflect.DeepEqual(last, want) {
				t.Fatalf("seed %d, step %d: the overview before was touched", seed, i)
			}
			if want := w.m.Overview(); !reflect.DeepEqual(o, want) {
				t.Fatalf("seed %d, step %d:\n got %+v\nwant %+v", seed, i, o, want)
			}
		}
	}
}

func TestWhatIsRememberedOfASaveIsNeverStale(t *testing.T) {
	for seed := range uint64(10) {
		w := newWalk(seed)
		var e encoder
		past := []Migration{w.m}
		for i := range 40 {
			if w.IntN(5) == 0 {
				w.m = past[w.IntN(len(past))].After(w.m, w.act())
			} else {
				w.step()
			}
			past = append(past, w.m)
			parts, err := e.encode(w.m)
			if err != nil {
				t.Fatal(err)
			}
			want, err := Encode(w.m)
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Concat(parts...); string(got) != string(want) {
				t.Fatalf("seed %d, step %d: the saved form is not that of the migration", seed, i)
			}
		}
	}
}

// Each field must count when the encoder compares: one that does not would be
// saved with its old content for ever.
func TestEveryFieldCountsAsAChange(t *testing.T) {
	every(t, Endpoint{})
	every(t, Message{})
}

func every[T any](t *testing.T, zero T) {
	t.Helper()
	kind := reflect.TypeFor[T]()
	for i := range kind.NumField() {
		if kind.Field(i).Name == "extra" {
			continue // not to be set from here; TestUnknownFieldsSurvive covers it
		}
		other := zero
		f := reflect.ValueOf(&other).Elem().Field(i)
		switch f.Kind() {
		case reflect.Map:
			f.Set(reflect.MakeMap(f.Type()))
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		case reflect.String:
			f.SetString("x")
		case reflect.Struct:
			switch v := f.Addr().Interface().(type) {
			case *Contact:
				v.Email = "x"
			default:
				f.Set(reflect.ValueOf(at(1)))
			}
		default:
			t.Fatalf("%s.%s: no way to change a %s", kind, kind.Field(i).Name, f.Kind())
		}
		if unchanged(&zero, &other) {
			t.Errorf("a change of %s.%s goes unnoticed", kind, kind.Field(i).Name)
		}
	}
}
