package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
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

// at is the sign-in of an org with another address. Where somebody signed in at
// the org's own address, that one has changed too.
func (s keptSignIn) at(instance string) keptSignIn {
	if s.Host == s.Instance {
		s.Host = instance
	}
	s.Instance = instance
	return s
}

func (s keptSignIn) options() signin.Options {
	return signin.Options{Host: s.Host, ClientID: s.ClientID}
}

// secretName is the name under which the keychain holds an org's sign-in.
func (o KnownOrg) secretName() string { return o.OrgID + " " + strings.ToLower(o.Username) }

// ErrNotKept means that the keychain did not take a sign-in.
var ErrNotKept = errors.New("the sign-in can't be kept")

// Keep remembers an org and its sign-in, which is in the keychain, or in a file
// where somebody said yes to that. An alias that another org had moves to this
// one. Where the sign-in can't be kept the org is remembered all the same, the
// sign-in is in Memory if there is one, and the error wraps ErrNotKept.
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
	file, err := k.read()
	if err != nil {
		return known, err
	}
	known.Kept, known.KeptIn = true, cmp.Or(file.Store, InKeychain)
	var notKept error
	switch {
	case o.borrowed:
		known.KeptIn = InCLI
	default:
		notKept = k.store(known, keptOf(o.Token, o.Options))
	}
	if notKept != nil {
		notKept = fmt.Errorf("%w: %w", ErrNotKept, notKept)
		known.Kept, known.KeptIn = false, ""
		if k.Memory != nil {
			notKept = cmp.Or(k.store(known, keptOf(o.Token, o.Options)), notKept)
		}
	}
	err = k.change(func(f *knownFile) { f.Orgs, known = k.join(f.Orgs, known) })
	return known, cmp.Or(err, notKept)
}

// join puts an org on the list, in the place of what was known of it before.
func (k Known) join(orgs []KnownOrg, known KnownOrg) ([]KnownOrg, KnownOrg) {
	rest := orgs[:0]
	alias := known.Alias
	for _, old := range orgs {
		if old.same(known) {
			known.Alias = cmp.Or(alias, old.Alias)
			if old.Kept && old.keptIn() != InCLI && old.keptIn() != known.KeptIn {
				_ = k.secretsOf(old).Delete(old.secretName()) // it is worth nothing any more
			}
			continue
		}
		if alias != "" && strings.EqualFold(old.Alias, alias) {
			old.Alias = ""
		}
		rest = append(rest, old)
	}
	return append(rest, known), known
}

// ChooseStore remembers where sign-ins are kept from now on: InFile after an
// explicit yes, InKeychain to take it back.
func (k Known) ChooseStore(ctx context.Context, store string) error {
	release, err := k.hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	return k.change(func(f *knownFile) {
		f.Store = ""
		if store == InFile {
			f.Store = InFile
		}
	})
}

// ClientFor is the consumer key that last worked at a host, "" for none. The
// hosts that all orgs share say nothing about an org's own app.
func (k Known) ClientFor(host string) string {
	if host == "https://login.salesforce.com" || host == "https://test.salesforce.com" {
		return ""
	}
	orgs, err := k.List()
	if err != nil {
		return ""
	}
	for _, o := range orgs {
		if o.ClientID != cliClient && (o.Host == host || o.Instance == host) {
			return o.ClientID
		}
	}
	return ""
}

func (o KnownOrg) keptIn() string {
	if o.Kept {
		return cmp.Or(o.KeptIn, InKeychain)
	}
	return ""
}

// secretsOf is where an org's sign-in is.
func (k Known) secretsOf(o KnownOrg) Secrets {
	switch {
	case o.keptIn() == InFile:
		return SecretFiles{Dir: filepath.Join(filepath.Dir(k.Path), "sign-ins"), Notice: k.Notice}
	case o.keptIn() == "" && k.Memory != nil:
		return k.Memory
	case o.keptIn() == "":
		return &Memory{} // nobody has it, so the keychain is not asked
	}
	return k.Secrets
}

func (k Known) store(o KnownOrg, s keptSignIn) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return k.secretsOf(o).Set(o.secretName(), string(data))
}

func (k Known) load(o KnownOrg) (keptSignIn, error) {
	text, err := k.secretsOf(o).Get(o.secretName())
	if err != nil {
		return keptSignIn{}, err
	}
	var s keptSignIn
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, &Worn{error: errors.New("the kept sign-in can't be read")}
	}
	if err := signin.InstanceAllowed(s.Instance, s.Host); err != nil {
		return s, &Worn{error: fmt.Errorf("the kept sign-in is not for Salesforce: %w", err)}
	}
	return s, nil
}

// Connect goes on with a kept sign-in, without asking anybody. Errors: ErrNoSecret,
// or what is wrong with the place where it is kept.
func (k Known) Connect(o KnownOrg) (*Org, error) {
	s, err := k.load(o)
	if err != nil {
		return nil, err
	}
	c := &Org{Token: s.token(), Options: s.options()}
	c.who = state.Org{ID: o.OrgID, Name: o.Name, Username: o.Username}
	c.client = org.New(c.Token, org.Options{Alias: o.Called(), Refresh: c.refresh, Moved: c.hasMoved})
	k.attach(o, c)
	return c, nil
}

// Resume goes on with the sign-in of a known org, wherever it is.
func (k Known) Resume(ctx context.Context, o KnownOrg) (*Org, error) {
	if o.keptIn() != InCLI {
		return k.Connect(o)
	}
	c, err := Borrow(ctx, o.Username)
	if err != nil {
		return nil, err
	}
	if c.who.ID != o.OrgID {
		return nil, &Advice{fmt.Errorf("%w as %s", errOtherOrg, o.Username), "a sandbox that was refreshed is a new org: sidestep login --sf " + o.Username}
	}
	return c, nil
}

// attach makes an org renew its sign-in where it is kept, and keep the address
// that it moves to.
func (k Known) attach(o KnownOrg, c *Org) {
	c.renewal = func(ctx context.Context) (signin.Token, error) { return k.renew(ctx, o, c) }
	c.moving = func(ctx context.Context, instance string) { k.move(ctx, o, instance) }
}

// renew gets a new access token, one Sidestep at a time: where the org hands
// out a new refresh token each time, using the old one twice ends them all.
func (k Known) renew(ctx context.Context, o KnownOrg, c *Org) (signin.Token, error) {
	release, err := k.hold(ctx)
	if err != nil {
		return signin.Token{}, err
	}
	defer release()
	// Meanwhile another Sidestep may have signed in anew, and kept it elsewhere.
	orgs, err := k.List()
	if err != nil {
		return signin.Token{}, err
	}
	if i := slices.IndexFunc(orgs, o.same); i >= 0 {
		o = orgs[i]
	}
	kept, err := k.load(o)
	switch {
	case errors.Is(err, ErrNoSecret):
		return signin.Token{}, org.ErrExpired
	case err != nil:
		return signin.Token{}, err
	case kept.Access != c.Token.Access && stillTaken(ctx, kept.token()):
		return kept.token(), nil // another Sidestep was faster
	case kept.Refresh == "":
		return signin.Token{}, org.ErrExpired
	}
	fresh, err := signin.Refresh(ctx, kept.options(), kept.token())
	if err != nil {
		return signin.Token{}, err // what is kept stays: it may be newer than this answer
	}
	fresh.Refresh = cmp.Or(fresh.Refresh, kept.Refresh)
	if err := k.store(o, keptOf(fresh, kept.at(fresh.InstanceURL).options())); err != nil {
		return signin.Token{}, fmt.Errorf("keep the renewed sign-in: %w", err)
	}
	k.list(o, fresh.InstanceURL)
	return fresh, nil
}

// move keeps the address that an org has moved to. A scan does not end for it:
// where it can't be kept, the old address leads there the next time too.
func (k Known) move(ctx context.Context, o KnownOrg, instance string) {
	release, err := k.hold(ctx)
	if err != nil {
		return
	}
	defer release()
	orgs, err := k.List()
	if err != nil {
		return
	}
	if i := slices.IndexFunc(orgs, o.same); i >= 0 {
		o = orgs[i]
	}
	kept, err := k.load(o)
	if err != nil {
		return
	}
	if k.store(o, kept.at(instance)) == nil {
		k.list(o, instance)
	}
}

// list notes an org's address. The list is for people: that it shows an old one
// ends no scan. The caller holds the lock.
func (k Known) list(o KnownOrg, instance string) {
	if instance == o.Instance {
		return
	}
	_ = k.change(func(f *knownFile) {
		for i := range f.Orgs {
			if !f.Orgs[i].same(o) {
				continue
			}
			if f.Orgs[i].Host == f.Orgs[i].Instance {
				f.Orgs[i].Host = instance
			}
			f.Orgs[i].Instance = instance
		}
	})
}

// stillTaken asks the org, since a token that another Sidestep got may have
// expired since.
func stillTaken(ctx context.Context, t signin.Token) bool {
	_, err := org.New(t, org.Options{}).Identity(ctx)
	return !errors.Is(err, org.ErrExpired)
}

// Forget revokes an org's sign-in and deletes it here, whether or not the org
// could be told. notRevoked says why it could not.
func (k Known) Forget(ctx context.Context, o KnownOrg) (notRevoked, err error) {
	release, err := k.hold(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	var kept keptSignIn
	if o.keptIn() != InCLI { // what is the CLI's stays the CLI's
		kept, err = k.load(o)
	}
	switch {
	case o.keptIn() == InCLI:
	case err == nil:
		notRevoked = signin.Revoke(ctx, kept.options(), kept.token())
		err = k.secretsOf(o).Delete(o.secretName())
	case !o.Kept:
		err = nil // the keychain never had it
	}
	if err != nil && !errors.Is(err, ErrNoSecret) {
		return notRevoked, err
	}
	return notRevoked, k.change(func(f *knownFile) { f.Orgs = slices.DeleteFunc(f.Orgs, o.same) })
}

// Revoke ends a sign-in that was used for one command only. One that is
// borrowed from the Salesforce CLI stays.
func (o *Org) Revoke(ctx context.Context) error {
	if o.borrowed {
		return nil
	}
	return signin.Revoke(ctx, o.Options, o.Token)
}
