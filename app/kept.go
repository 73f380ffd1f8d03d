package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sidestep/salesforce/org"
	"sidestep/salesforce/signin"
	"sidestep/state"
)

// keptSignIn is what the keychain holds for an org. The addresses are part of
// it: whoever can write the list of known orgs must not be able to choose where
// a token is sent.
type keptSignIn struct {
	Access   string `json:"access"`
	Refresh  string `json:"refresh"`
	Instance string `json:"instance"`
	Identity string `json:"identity"`
	OrgID    string `json:"orgId"`
	UserID   string `json:"userId"`
	Host     string `json:"host"`
	ClientID string `json:"clientId"`
}

func keptOf(t signin.Token, o signin.Options) keptSignIn {
	return keptSignIn{t.Access, t.Refresh, t.InstanceURL, t.IdentityURL, t.OrgID, t.UserID, o.Host, o.ClientID}
}

func (s keptSignIn) token() signin.Token {
	return signin.Token{Access: s.Access, Refresh: s.Refresh, InstanceURL: s.Instance, IdentityURL: s.Identity, OrgID: s.OrgID, UserID: s.UserID}
}

func (s keptSignIn) options() signin.Options {
	return signin.Options{Host: s.Host, ClientID: s.ClientID}
}

// secretName is the name under which the keychain holds an org's sign-in.
func (o KnownOrg) secretName() string { return o.OrgID + " " + strings.ToLower(o.Username) }

// ErrNotKept means that the keychain did not take a sign-in.
var ErrNotKept = errors.New("the sign-in can't be kept")

// Keep remembers an org and its sign-in. An alias that another org had moves to
// this one. Where the keychain does not take the sign-in the org is remembered
// all the same, and the error wraps ErrNotKept.
func (k Known) Keep(ctx context.Context, o *Org, alias string, at time.Time) (KnownOrg, error) {
	who := o.Who()
	known := KnownOrg{
		Alias: alias, OrgID: who.ID, Name: who.Name, Username: who.Username, Instance: who.Instance,
		Host: o.Options.Host, ClientID: o.Options.ClientID, SignedInAt: at.UTC().Truncate(time.Second),
	}
	release, err := k.hold(ctx)
	if err != nil {
		return known, err
	}
	defer release()
	if _, err := k.List(); err != nil {
		return known, err
	}
	var notKept error
	if err := k.store(known, keptOf(o.Token, o.Options)); err != nil {
		notKept = fmt.Errorf("%w: %w", ErrNotKept, err)
	}
	known.Kept = notKept == nil
	err = k.change(func(orgs []KnownOrg) []KnownOrg {
		rest := orgs[:0]
		for _, old := range orgs {
			if old.same(known) {
				known.Alias = cmp.Or(alias, old.Alias)
				continue
			}
			if alias != "" && strings.EqualFold(old.Alias, alias) {
				old.Alias = ""
			}
			rest = append(rest, old)
		}
		return append(rest, known)
	})
	return known, cmp.Or(err, notKept)
}

func (k Known) store(o KnownOrg, s keptSignIn) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return k.Secrets.Set(o.secretName(), string(data))
}

func (k Known) load(o KnownOrg) (keptSignIn, error) {
	text, err := k.Secrets.Get(o.secretName())
	if err != nil {
		return keptSignIn{}, err
	}
	var s keptSignIn
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, errors.New("the sign-in in the keychain can't be read")
	}
	if err := signin.InstanceAllowed(s.Instance, s.Host); err != nil {
		return s, fmt.Errorf("the sign-in in the keychain is not for Salesforce: %w", err)
	}
	return s, nil
}

// Connect goes on with a kept sign-in, without asking anybody. Errors: ErrNoSecret,
// or what is wrong with the keychain.
func (k Known) Connect(o KnownOrg) (*Org, error) {
	s, err := k.load(o)
	if err != nil {
		return nil, err
	}
	c := &Org{Token: s.token(), Options: s.options()}
	c.who = state.Org{ID: o.OrgID, Name: o.Name, Username: o.Username, Instance: s.Instance}
	c.client = org.New(c.Token, org.Options{Alias: o.Called(), Refresh: func(ctx context.Context) (signin.Token, error) {
		t, err := k.renew(ctx, o, c)
		if err == nil {
			c.Token = t
		}
		return t, err
	}})
	return c, nil
}

// renew gets a new access token, one Sidestep at a time: where the org hands
// out a new refresh token each time, using the old one twice ends them all.
func (k Known) renew(ctx context.Context, o KnownOrg, c *Org) (signin.Token, error) {
	release, err := k.hold(ctx)
	if err != nil {
		return signin.Token{}, err
	}
	defer release()
	kept, err := k.load(o)
	if err != nil {
		return signin.Token{}, org.ErrExpired
	}
	if kept.Access != c.Token.Access {
		return kept.token(), nil // another Sidestep was faster
	}
	if kept.Refresh == "" {
		return signin.Token{}, org.ErrExpired
	}
	fresh, err := signin.Refresh(ctx, kept.options(), kept.token())
	if err != nil {
		return signin.Token{}, err
	}
	fresh.Refresh = cmp.Or(fresh.Refresh, kept.Refresh)
	if err := k.store(o, keptOf(fresh, kept.options())); err != nil {
		return signin.Token{}, fmt.Errorf("keep the renewed sign-in: %w", err)
	}
	if fresh.InstanceURL != o.Instance {
		// The list is for people: that it shows an old address ends no scan.
		_ = k.change(func(orgs []KnownOrg) []KnownOrg {
			for i := range orgs {
				if orgs[i].same(o) {
					orgs[i].Instance = fresh.InstanceURL
				}
			}
			return orgs
		})
	}
	return fresh, nil
}

// Forget revokes an org's sign-in and deletes it here, whether or not the org
// could be told. notRevoked says why it could not.
func (k Known) Forget(ctx context.Context, o KnownOrg) (notRevoked, err error) {
	release, err := k.hold(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	kept, err := k.load(o)
	switch {
	case err == nil:
		notRevoked = signin.Revoke(ctx, kept.options(), kept.token())
		err = k.Secrets.Delete(o.secretName())
	case !o.Kept:
		err = nil // the keychain never had it
	}
	if err != nil && !errors.Is(err, ErrNoSecret) {
		return notRevoked, err
	}
	return notRevoked, k.change(func(orgs []KnownOrg) []KnownOrg {
		return slices.DeleteFunc(orgs, o.same)
	})
}

// Revoke ends a sign-in that was used for one command only.
func (o *Org) Revoke(ctx context.Context) error { return signin.Revoke(ctx, o.Options, o.Token) }
