package state

import (
	"errors"
	"slices"

	"sidestep/salesforce"
)

// Handed is the work as it is given to a colleague: addresses leave their secrets
// here, and are still recognised as the same endpoints. withheld counts those
// endpoints. What the admin wrote stays as it is.
func (m Migration) Handed() (handed Migration, withheld int) {
	m.Endpoints, m.Messages = cloned(m.Endpoints), cloned(m.Messages)
	m.Vendors = cloned(m.Vendors)
	for key, v := range m.Vendors {
		m.Vendors[key] = v.alone()
	}
	for key, e := range m.Endpoints {
		address := e.Address()
		if address.Secret {
			withheld++
		}
		e.URL = address.Sealed()
		m.Endpoints[key] = e
	}
	for key, msg := range m.Messages {
		msg.Definitions = cloned(msg.Definitions)
		for id, defs := range msg.Definitions {
			defs = slices.Clone(defs)
			for i := range defs {
				defs[i].EndpointURL = withoutSecret(defs[i].EndpointURL)
			}
			msg.Definitions[id] = defs
		}
		if msg.Last != nil {
			last := *msg.Last
			last.EndpointURL = withoutSecret(last.EndpointURL)
			msg.Last = &last
		}
		m.Messages[key] = msg
	}
	return m, withheld
}

// alone is the record without what names other orgs that mails were about as well:
// their drafts, and the subjects of those that left the program.
func (v Vendor) alone() Vendor {
	v.Drafts = cloned(v.Drafts)
	for kind, d := range v.Drafts {
		if d.With != "" {
			delete(v.Drafts, kind)
		}
	}
	v.Letters = slices.Clone(v.Letters)
	for i := range v.Letters {
		if l := &v.Letters[i]; l.With != "" {
			l.Subject, l.With = "", ""
		}
	}
	return v
}

func withoutSecret(url string) string { return salesforce.ParseEndpoint(url).Sealed() }

// Taken reads work that a colleague handed over, in the form of Encode. The file is
// not one of the store's. Of work in a newer form it returns a *NewerError.
func Taken(path string) (Migration, error) {
	data, err := readFile(path)
	if err != nil {
		return Migration{}, err
	}
	m, err := Decode(data)
	var later *NewerError
	if errors.As(err, &later) {
		later.Path = path
	}
	return m, err
}
