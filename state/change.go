package state

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
)

// Change is what was done to the vendors and endpoints of a migration. Whoever
// held that migration only for the change can take it back later, and nothing of what
// was done there meanwhile with it.
type Change struct {
	vendors   map[string]turn[Vendor]
	endpoints map[string]turn[Endpoint]
}

// turn is a part before and after a change. There was none before it where fresh is true.
type turn[T any] struct {
	before, after T
	fresh         bool
}

// ChangeTo is what leads from m to a later value of it.
func (m Migration) ChangeTo(later Migration) Change {
	return Change{turns(m.Vendors, later.Vendors), turns(m.Endpoints, later.Endpoints)}
}

// TakeBack takes a change back. False means that one of its parts was changed since:
// then it takes back nothing.
func (m Migration) TakeBack(c Change, act Act) (Migration, bool) {
	if !stand(m.Vendors, c.vendors) || !stand(m.Endpoints, c.endpoints) {
		return m, false
	}
	m.Vendors, m.Endpoints = turnedBack(m.Vendors, c.vendors), turnedBack(m.Endpoints, c.endpoints)
	return m.touched(act), true
}

func turns[T any](before, after map[string]T) map[string]turn[T] {
	all := map[string]turn[T]{}
	for key, is := range after {
		was, there := before[key]
		if !there || !reflect.DeepEqual(was, is) {
			all[key] = turn[T]{was, is, !there}
		}
	}
	return all
}

// stand reports whether the parts are as the change left them. They went through a
// file since, so what counts is what stands there.
func stand[T any](now map[string]T, all map[string]turn[T]) bool {
	for key, t := range all {
		is, there := now[key]
		left, err := json.Marshal(t.after)
		found, err2 := json.Marshal(is)
		if !there || err != nil || err2 != nil || !bytes.Equal(left, found) {
			return false
		}
	}
	return true
}

func turnedBack[T any](now map[string]T, all map[string]turn[T]) map[string]T {
	if len(all) == 0 {
		return now
	}
	now = maps.Clone(now)
	for key, t := range all {
		if t.fresh {
			delete(now, key)
			continue
		}
		now[key] = t.before
	}
	return now
}
