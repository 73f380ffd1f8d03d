package email

import (
	"reflect"
	"testing"
	"time"

	"sidestep/state"
)

// Every method of the facts is a field of what templates are filled with, and says
// the same.
func TestToldIsWhatTheFactsSay(t *testing.T) {
	day := time.Date(2026, time.January, 14, 0, 0, 0, 0, time.UTC)
	message := Message{Label: "L", Namespace: "ns", Retired: true, Basis: Backup, At: day}
	full := Facts{
		Contact: state.Contact{Name: "Ann"}, Due: day, Today: day.AddDate(0, 2, 0), FirstWritten: day,
		Endpoints: []Endpoint{{URL: "http://h.example/x", Hidden: true, Host: "h.example", PlainHTTP: true, Receiver: state.CallsBack, Messages: []Message{message}}},
	}
	for range maxListed {
		full.Endpoints[0].Messages = append(full.Endpoints[0].Messages, message)
	}
	several := full
	for range maxAddresses {
		several.Endpoints = append(several.Endpoints, full.Endpoints[0])
	}
	promised := full
	promised.Promised = day
	seen := map[string]bool{}
	for _, f := range []Facts{{}, full, several, promised} {
		facts, told := reflect.ValueOf(f), reflect.ValueOf(f.told())
		for i := range facts.NumMethod() {
			name := facts.Type().Method(i).Name
			want := facts.Method(i).Call(nil)[0]
			got := told.FieldByName(name)
			if !got.IsValid() {
				t.Errorf("templates cannot use %s", name)
			} else if !reflect.DeepEqual(got.Interface(), want.Interface()) {
				t.Errorf("%s is told as %v, and is %v", name, got, want)
			}
			if !want.IsZero() {
				seen[name] = true
			}
		}
	}
	if n := reflect.TypeFor[Facts]().NumMethod(); len(seen) != n {
		t.Errorf("only %d of %d are ever anything: %v", len(seen), n, seen)
	}
}
